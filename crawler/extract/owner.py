"""Whose an article is, as the page tells a machine: meta elements and JSON-LD."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.extract.blocks import clean
from crawler.extract.document import Document
from crawler.extract.linked import names_of, string_of
from storage.records.extraction import Raw

_METAS = ("copyright", "dcterms.rightsholder", "dcterms.rights", "dc.rights", "rights", "article:copyright")
"""Names of meta elements that say so, surest first (Dublin Core, and ``copyright``)."""
_LONGEST = 60
"""Characters of a name; a longer value is a sentence."""


def told_notices(document: Document) -> Iterator[Raw]:
    """Copyright lines that are printed nowhere: evidence of a holder and of what is forbidden, no notice."""
    for key in ("copyrightNotice", "usageInfo"):
        if (raw := string_of(document.news_data, key)) and not raw.value.startswith("http"):
            yield raw
    for name in _METAS:
        yield from (Raw(value=value, rule=f"meta {name}") for value in document.metas.get(name, [])[:1])


def is_told(raw: Raw) -> bool:
    """True for what a machine alone is told: no reader sees it."""
    return raw.rule.startswith(("meta ", "JSON-LD "))


def told_holder(document: Document) -> Raw | None:
    """The name of the rights holder; None where no machine is told one."""
    for name in names_of(document.news_data.get("copyrightHolder"))[:1]:
        return Raw(value=name, rule="JSON-LD copyrightHolder")
    for name in _METAS:
        for value in document.metas.get(name, [])[:1]:
            if len(value) <= _LONGEST and clean(value):
                return Raw(value=value, rule=f"meta {name}")
    return None
