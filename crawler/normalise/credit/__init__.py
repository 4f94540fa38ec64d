"""Captions of pictures: what the picture shows, and who made or gave it."""

from __future__ import annotations

import re

from crawler.normalise.byline import parse_lead
from crawler.normalise.text import tidy

from .marks import (
    CHROME,
    EDGES,
    FIGURES,
    HASH_LABEL,
    LABEL,
    LONGEST_CREDIT,
    MAKERS,
    PICTURE_TAG,
    RESERVED_NOTICE,
    TAGGED_RESERVED,
    TITLED,
    TRAILER,
)
from .readers import (
    names_giver,
    read_bracketed,
    read_given,
    read_labelled,
    read_last_sentence,
    read_made,
    read_photographer,
    read_placed,
    read_signed,
    read_slashed,
    read_tagged,
    read_wires,
)


def split_caption(line: str) -> tuple[str | None, str | None]:
    """Split a caption line into (what it shows, who is credited); None for the part that is not there.

    The credit is as printed, without brackets and without a label such as ``사진=``. It is looked for at
    the end of the line, before the day and the e-mail that a wire prints there; these stay in the caption,
    save an e-mail right behind the photographer's name. Without one there the lead-in is the credit: agency
    and photographer in the words printed (``뉴시스 홍효식 기자`` of ``【서울=뉴시스】홍효식 기자 =``); the
    caption keeps the lead-in as the body keeps its own. A line of credit alone gives (None, credit); an empty
    one (None, None).
    """
    text = CHROME.sub("", " ".join(tidy(line).split("\n")))
    if not text:
        return None, None
    core, trailer = _without_trailer(RESERVED_NOTICE.sub("", text))
    signed = (read_photographer,) if "@" in trailer else ()
    for read in (
        read_tagged,
        read_bracketed,
        read_placed,
        read_wires,
        read_labelled,
        read_made,
        read_signed,
        read_given,
        read_slashed,
        *signed,
        read_last_sentence,
    ):
        found = read(core)
        if found is not None:
            caption, credit = found
            kept = "" if _names_photographer(core, credit) else trailer
            return _bare(f"{caption.strip().rstrip(',')} {kept}"), _bare(credit)
    return text, _lead_credit(core)


def is_credit_line(line: str) -> bool:
    """True for a paragraph that is nothing but a picture's credit (``사진 제공 = WKBL``)."""
    if len(line) <= LONGEST_CREDIT and TITLED.fullmatch(line):
        return True
    if len(line) > LONGEST_CREDIT or not re.match(rf"[\[(【<〈/*▲#\s]*(?:{LABEL}|[ⓒ©])", line):
        return False
    if PICTURE_TAG.match(line) or TAGGED_RESERVED.match(line):
        return True
    if FIGURES.match(line):
        return False
    if not re.search(r"[=:：｜|│/ⓒ©\-–_]|제공|출처|캡[처쳐]", line):
        return names_giver(line.partition(" ")[2].strip())  # 사진 게티이미지, and not 사진 콘테스트
    if HASH_LABEL.match(line):  # # 사진_점프볼 DB(홍길동 기자)
        return True
    caption, credit = split_caption(line)
    return caption is None and credit is not None


def _bare(part: str) -> str | None:
    bare = part.strip(EDGES)
    bare = bare[1:].strip(EDGES) if bare[:1] == "(" and ")" not in bare else bare
    return bare if bare.strip("▲▼◀▶△▽") else None


def _without_trailer(text: str) -> tuple[str, str]:
    """The line before the day, e-mail and reservation at its end, and these."""
    match = TRAILER.search(text, max(0, len(text) - 200))
    start = match.start() if match else len(text)
    return (text[:start].rstrip(), text[start:].strip()) if start else (text, "")


def _names_photographer(core: str, credit: str) -> bool:
    """강진형 기자aymsdream@: the e-mail behind a person is the person's and no part of the caption."""
    return core.endswith(credit) and credit.endswith(MAKERS)


def _lead_credit(text: str) -> str | None:
    """Agency and photographer of the lead-in, without the place."""
    lead = parse_lead(text, None)
    agency = lead.dateline.agency if lead.dateline else None
    if lead.dateline is None or agency is None or not (lead.people or lead.dateline.place or "/" in agency):
        return None
    people = lead.raw.removeprefix(lead.dateline.raw).strip(" =")
    if not people:  # [OSEN=잠실, 홍길동 기자]: the people stand in the bracket
        people = " ".join(f"{person.name} {person.role or ''}".strip() for person in lead.people)
    return f"{agency} {people}" if people else agency
