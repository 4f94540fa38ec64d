"""Where a body says that it was filed from, and by which agency. The body itself keeps the words."""

from __future__ import annotations

from collections.abc import Sequence

from storage.records import Dateline

from .byline import find_lead, parse_lead


def parse_dateline(paragraph: str, publisher: str | None = None) -> Dateline | None:
    """Read the dateline that opens ``paragraph``: ``(서울=연합뉴스)``, ``[파이낸셜뉴스]``, ``SEOUL (AP) --``.

    Several places stay one string as printed (``서울·세종``). None for tags (``[단독]``, ``[앵커]``) and
    for prose.
    """
    return parse_lead(paragraph, publisher).dateline


def find_dateline(paragraphs: Sequence[str], publisher: str | None = None) -> Dateline | None:
    """Return the dateline of the first of three opening paragraphs that has one."""
    lead = find_lead(paragraphs, publisher)
    return lead.dateline
