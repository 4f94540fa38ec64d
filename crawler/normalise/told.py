"""One answer from all of a page's notices: the printed ones, and those that only a machine is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crawler.extract.owner import is_told
from crawler.normalise.byline import Lead
from crawler.normalise.publisher import publisher_of_holder
from crawler.normalise.rights import parse_notice
from storage.records import Rights
from storage.records.extraction import Raw


def rights_of(notices: Sequence[Raw], holder: str | None) -> Rights:
    """The first printed notice, with what all of them forbid.

    What a machine alone is told (``meta copyright``, JSON-LD) adds who holds the rights and what is
    forbidden. It is no notice: no reader sees it. ``holder``: whom the page names as such besides.
    """
    printed = [parse_notice(n.value) for n in notices if not is_told(n)]
    told = [parse_notice(n.value) for n in notices if is_told(n)]
    first = printed[0] if printed else Rights()
    return replace(
        first,
        holder=first.holder or holder or next((r.holder for r in told if r.holder), None),
        no_reproduction=_said([r.no_reproduction for r in printed], [r.no_reproduction for r in told]),
        no_redistribution=_said([r.no_redistribution for r in printed], [r.no_redistribution for r in told]),
        no_ai_training=_said([r.no_ai_training for r in printed], [r.no_ai_training for r in told]),
        no_collection=_said([r.no_collection for r in printed], [r.no_collection for r in told]),
    )


def is_wires(notice: str | None, lead: Lead, publisher: str | None) -> bool:
    """(서울=뉴스1) opens the body of another house, and ⓒ 뉴스1 ends it: the agency's own notice."""
    agency = lead.dateline.agency if lead.dateline else None
    wire = publisher_of_holder(agency)
    if notice is None or wire in (None, publisher):
        return False
    return publisher_of_holder(parse_notice(notice).holder) == wire


def _said(printed: Sequence[bool | None], told: Sequence[bool | None]) -> bool | None:
    """True where a line forbids it, False where printed ones do not; None where none is printed."""
    if any(printed) or any(told):
        return True
    return False if any(flag is not None for flag in printed) else None
