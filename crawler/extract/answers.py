"""What a page class answered: whoever writes one may run no type checker."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from storage.records.extraction import Extraction, Raw


def refuse_misgiven(found: Extraction) -> None:
    """Let no answer pass that is not of its kind: an element is false and would be stored as no title.

    Raises:
        TypeError: an answer is no ``Raw`` (or no tuple of them); the message names field and page class.
    """
    for name, (is_right, meant) in _DUE.items():
        if not is_right(value := getattr(found, name)):
            given = type(value).__name__
            raise TypeError(f"{found.extractor} answers {name} with a {given}, {meant} is due")


def _is_raw(value: Any) -> bool:
    return value is None or (isinstance(value, Raw) and isinstance(value.value, str))


def _are_raws(value: Any) -> bool:
    return isinstance(value, tuple) and all(one is not None and _is_raw(one) for one in value)


_BY_TYPE = {"Raw | None": (_is_raw, "a Raw or None"), "tuple[Raw, ...]": (_are_raws, "a tuple of Raw")}
_DUE = {field.name: _BY_TYPE[field.type] for field in fields(Extraction) if field.type in _BY_TYPE}
"""Field of the record, as it is declared there -> what its answer has to be."""
