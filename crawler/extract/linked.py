"""Values of JSON-LD, which sites write as a string, an object or a list of either."""

from __future__ import annotations

from typing import Any

from crawler.extract.blocks import clean
from storage.records import Raw


def string_of(data: dict[str, Any], key: str) -> Raw | None:
    """The string under ``key`` (of a list the first), None for anything else."""
    value = data.get(key)
    if isinstance(value, list):
        value = value[0] if value else None
    return Raw(value=clean(value), rule=f"JSON-LD {key}") if isinstance(value, str) and clean(value) else None


def names_of(value: object) -> list[str]:
    """The names in an ``author`` or ``publisher``: a string, an object with ``name``, or a list of them."""
    if isinstance(value, str):
        return [clean(value)] if clean(value) else []
    if isinstance(value, dict):
        return names_of(value.get("name"))
    if isinstance(value, list):
        return [n for item in value[:50] for n in names_of(item) if not isinstance(item, list)]
    return []
