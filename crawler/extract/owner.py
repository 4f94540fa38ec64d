"""Whose an article is, as the page tells a machine: meta elements and JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from crawler.extract.blocks import clean
from crawler.extract.document import Document
from crawler.extract.linked import names_of, string_of
from storage.records.extraction import Raw

_METAS = ("copyright", "dcterms.rightsholder", "dcterms.rights", "dc.rights", "rights", "article:copyright")
"""Names of meta elements that say so, surest first (Dublin Core, and ``copyright``)."""
_LONGEST = 60
"""Characters of a name; a longer value is a sentence."""


_FORBIDS = re.compile(r"금지|금합니다|금함|불허|수\s?없습니다")
_MARKED = re.compile(r"(?:ⓒ|©|\(c\)|저작권자|copyright).{0,120}(?:금지|금합니다|금함|불허)", re.IGNORECASE)
_CALLED = "[class*=copyright], [class*=copy_right], .article-copy, [id*=copyright]"
LONGEST_NOTICE = 200
"""Characters of a printed notice; with a sentence on AI they have under 150."""


_OWNED = re.compile(
    r"(?:ⓒ|©|\(c\)|copyrights?|저작권).{0,80}"
    r"(?:all rights reserved|prohibited|forbidden|에\s?있(?:습니다|음|다))",
    re.IGNORECASE,
)
"""Whose it is, without a word of what is forbidden in Korean."""
_BESIDE = 3
"""Elements around a text within which such a line is the text's own; farther out it is the site's."""


def printed_notices(
    document: Document, lines: Sequence[str], container: HtmlElement | None = None
) -> tuple[Raw, ...]:
    """Lines that may be notices: with a mark and what they forbid, or called so; a picture's words too.

    Beside the ``container`` of the text also those that say no more than whose it is. Which of them is one,
    ``normalise`` decides.
    """
    marked = [t for t in lines if ("금" in t or "불허" in t) and _MARKED.search(t)]
    places = [e for e in document.all(_CALLED) if not _is_in_footer(e)]
    called = [clean(e.text_content()) for e in places]
    around = list(container.iterancestors())[:_BESIDE] if container is not None else []
    near = {e for e in (container, *around) if e is not None and e.tag not in ("body", "html")}
    owned = [clean(e.text_content()) for e in places if not near.isdisjoint(e.iterancestors())]
    drawn = [clean(e.get("alt") or "") for e in document.all("img[alt*='금'], img[alt*='불허']")]
    told = [
        *marked,
        *(t for t in called if _FORBIDS.search(t)),
        *(t for t in owned if _OWNED.search(t)),
        *(t for t in drawn if _MARKED.search(t)),
    ]
    return tuple(Raw(value=t, rule="notice line") for t in dict.fromkeys(told) if len(t) <= LONGEST_NOTICE)


def _is_in_footer(element: HtmlElement) -> bool:
    return any(place.tag == "footer" for place in (element, *element.iterancestors()))


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
