"""What a house puts between the paragraphs, or into one: when it changed the page, where to subscribe."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.rare import Rare

from .cut import Cut, Line, Taken

_DAY = r"(?:\d{4}\s?[.년/-]\s?\d{1,2}\s?[.월/-]\s?\d{1,2}\s?[.일]?|\d{1,2}월\s?\d{1,2}일)"
_CLOCK = r"(?:(?:오전|오후)\s?)?\d{1,2}(?::\d{2}(?::\d{2})?|시(?:\s?\d{1,2}분)?)"
_TIME = rf"(?:{_DAY}\s*)?{_CLOCK}|{_DAY}"
_DONE = "(?:됨|됐음|했음|함|됐습니다|했습니다|되었습니다)"
_CHANGED = rf"(?:기사\s?|본문\s?|최종\s?|마지막\s?)*(?:업데이트|수정|갱신|추가){_DONE}?"
_ASIDE = Rare(
    rf"[\[(<〈【]\s*(?:{_CHANGED}\s*[:：=]?\s*(?:{_TIME})|(?:{_TIME})\s*(?:에\s|기준\s)?\s*{_CHANGED})\s*[\])>〉】]"
    r"|[\[(<〈【][^\[\](){}<>〈〉【】]{2,60}?(?:구독|팔로우|친구\s?추가|채널\s?추가)\s?"
    r"(?:하세요|해\s?주세요|하기|부탁드립니다|신청하기|바로\s?가기|하러\s?가기)[\s▶▷→☞!~.]*[\])>〉】]"
)
"""(오후 1:05 업데이트됨), [한빛일보를 네이버에서 구독하세요]: in brackets, and nothing else in them; that
something was corrected (오류를 수정했습니다) says more than a time."""
_HINT = re.compile("업데이트|수정|갱신|추가|구독|팔로우")
_BEFORE = re.compile(r"[.!?…”\"’'」』)\]]\s*\Z")


def take_asides(cut: Cut) -> Cut:
    """Such words alone in a line, or in brackets of their own at either end of a sentence."""
    taken: list[Taken] = []
    lines = [_without(line, taken) if _HINT.search(line.text) else line for line in cut.lines]
    if not taken:
        return cut
    return replace(cut, lines=tuple(line for line in lines if line.text), taken=(*cut.taken, *taken))


def _without(line: Line, taken: list[Taken]) -> Line:
    kept, at = "", 0
    for match in _ASIDE.finditer(line.text):
        before = kept + line.text[at : match.start()]
        if before.strip() and not _BEFORE.search(before):
            continue  # within a sentence it is the article's
        taken.append(Taken(number=line.number, rule="aside", text=match.group()))
        kept, at = before.rstrip() + (" " if before.strip() else ""), match.end()
    return replace(line, text=(kept + line.text[at:].lstrip()).strip()) if at else line
