"""A list of values in a statement that is made once: so many places, the last value again in those left over.

An expanding parameter renders the statement anew at every execution, which costs more than the question.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam


def places(values: Sequence[Any]) -> int:
    """Places for so many values: a power of two, so that few statements are made; none for none."""
    return 1 << (len(values) - 1).bit_length() if values else 0


def several(name: str, count: int) -> list[BindParameter[Any]]:
    """So many places, for ``column.in_(...)``."""
    return [bindparam(f"{name}_{place}") for place in range(count)]


def placed(name: str, values: Sequence[Any], count: int | None = None) -> dict[str, Any]:
    """What is bound to the places of these values, of which there is one at least.

    Args:
        count: the places of the statement, where it always has so many.

    >>> placed("url", ["a", "b", "c"])
    {'url_0': 'a', 'url_1': 'b', 'url_2': 'c', 'url_3': 'c'}
    """
    last = len(values) - 1
    every = range(places(values) if count is None else count)
    return {f"{name}_{place}": values[min(place, last)] for place in every}
