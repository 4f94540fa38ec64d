"""Who gave Daum a story, where the page's own element for it is missing: what scripts and metas say."""

from __future__ import annotations

import re

from crawler.extract.blocks import clean
from crawler.extract.document import Document
from storage.records.extraction import Raw

_CP_NAME = re.compile(r"""cpKorName["']?\s*[:=]\s*["']([^"']{1,40})["']""")


def named_provider(document: Document) -> Raw | None:
    """``data-cp-name`` of the comment box (``alex-action``, 2026), ``cpKorName`` of a script."""
    for element in document.all("[data-cp-name]"):
        if name := clean(element.get("data-cp-name") or ""):
            return Raw(value=name, rule="data-cp-name")
    for _, text in document.scripts:
        if found := _CP_NAME.search(text):
            return Raw(value=clean(found[1]), rule="script cpKorName")
    return None


def site_named(document: Document) -> Raw | None:
    """The last name in ``og:site_name``, else ``og:author``: ``다음 - 노컷뉴스``, ``다음 - 가람 | 새벽``."""
    for said in filter(None, (document.meta("og:site_name"), document.meta("og:author"))):
        pieces = re.split(r"\s+[-|]\s+|\s*\|\s*", said.value)
        if len(pieces) > 1:
            return Raw(value=pieces[-1].strip(), rule=said.rule)
    return None
