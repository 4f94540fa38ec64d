"""Names of an answer's columns, of which a statement may give two alike. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def apart(columns: Sequence[str]) -> list[str]:
    """Names of which none is there twice, for what keeps values by name.

    >>> apart(["url", "url", "url_2", ""])
    ['url', 'url_3', 'url_2', 'column_4']
    """
    names: list[str] = []
    for place, column in enumerate(columns, start=1):
        name, number = column or f"column_{place}", 1
        while name in names or (number > 1 and name in columns):
            number += 1
            name = f"{column}_{number}"
        names.append(name)
    return names
