"""Values of JSON-LD, which sites write as a string, an object or a list of either."""

from __future__ import annotations

from typing import Any

from crawler.extract.blocks import clean
from storage.records import Raw

_DEPTH = 4
"""A list of objects with a name is two levels deep; deeper nesting is no author."""
_PEOPLE = 50
"""More names than this are no byline."""


def string_of(data: dict[str, Any], key: str) -> Raw | None:
    """The string under ``key`` (of a list the first), None for anything else."""
    value = data.get(key)
    if isinstance(value, list):
        value = value[0] if value else None
    return Raw(value=clean(value), rule=f"JSON-LD {key}") if isinstance(value, str) and clean(value) else None


def names_of(value: object, depth: int = 0) -> list[str]:
    """The names in an ``author`` or ``publisher``: a string, an object with ``name``, or a list of them."""
    if isinstance(value, str):
        return [clean(value)] if clean(value) else []
    if isinstance(value, dict) and depth < _DEPTH:
        return names_of(value.get("name"), depth + 1)
    if isinstance(value, list) and depth < _DEPTH:
        return [n for item in value[:_PEOPLE] for n in names_of(item, depth + 1)]
    return []
