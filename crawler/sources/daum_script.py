"""Daum's statistics script, which says plainly what the markup only prints."""

from __future__ import annotations

import json
import re

from crawler.extract.blocks import clean
from crawler.extract.document import Document

_SCRIPT_FIELD = re.compile(
    r"\b(id|category|author|author_id|provider|regdate|docId)\s*:\s*(\"(?:[^\"\\]|\\.)*\")"
)


def script_fields(document: Document) -> dict[str, str]:
    """Fields of the statistics script (TiaraTracker): author, e-mail, publisher, category, second.

    [A 2022-03] and not checked in 2026: tried first where it stands, never required. Values are cleaned,
    empty ones left out; of two with one name the first counts.
    """
    for _, text in document.scripts:
        if "TiaraTracker" in text or "pageMeta" in text:
            pairs = ((k, _unquoted(v)) for k, v in _SCRIPT_FIELD.findall(text))
            return {k: v for k, v in reversed(list(pairs)) if v}
    return {}


def _unquoted(literal: str) -> str:
    try:
        value = json.loads(literal, strict=False)
    except ValueError:
        return ""
    return clean(value) if isinstance(value, str) else ""
