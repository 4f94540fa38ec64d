"""What a page class answered: whoever writes one may run no type checker."""

from __future__ import annotations

from typing import Any

from storage.records.extraction import Extraction, Raw

_ONE = (
    *("title", "subtitle", "publisher", "section", "language", "published", "modified"),
    *("byline_line", "holder", "original_url", "summary"),
)
_SEVERAL = ("tags", "published_also", "modified_also", "author_hints", "notices")


def refuse_misgiven(found: Extraction) -> None:
    """Let no answer pass that is not of its kind: an element is false and would be stored as no title.

    Raises:
        TypeError: an answer is no ``Raw`` (or no tuple of them); the message names field and page class.
    """
    for is_right, meant, fields in (
        (_is_raw, "a Raw or None", _ONE),
        (_are_raws, "a tuple of Raw", _SEVERAL),
    ):
        for field in fields:
            if not is_right(value := getattr(found, field)):
                given = type(value).__name__
                raise TypeError(f"{found.extractor} answers {field} with a {given}, {meant} is due")


def _is_raw(value: Any) -> bool:
    return value is None or (isinstance(value, Raw) and isinstance(value.value, str))


def _are_raws(value: Any) -> bool:
    return isinstance(value, tuple) and all(one is not None and _is_raw(one) for one in value)
