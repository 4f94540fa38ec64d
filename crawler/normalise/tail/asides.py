"""What a house puts between the paragraphs, or into one: when it changed the page, where to subscribe."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.normalise.credit import is_credit_line
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
_TRANSLATED = Rare(
    r"\W*(?:(?:this|the) (?:article|story|report) (?:was|is|has been) .{0,60}translat.{0,60}"
    r"|(?:이|본|해당)\s(?:기사|글|뉴스|콘텐츠)[^.]{0,40}(?:AI|인공지능|기계|자동)\s?번역[^.]{0,40}(?:니다|음|됨)"
    r"|(?:AI|인공지능|기계|자동)\s?번역(?:된|한)?\s?(?:기사|글|본|문)입니다"
    r"|(?:本|この|当|此|该)(?:記事|文|报道|新闻|稿)?.{0,20}(?:AI|機械|自動|机器|自动)\s?(?:翻訳|翻译|翻譯).{0,30})[.。)\]]?\s*",
    re.IGNORECASE,
)
"""This article has been translated by AI: over the text, as houses print it under it (en.yna.co.kr's kin)."""
_LONGEST_NOTE = 120
"""Characters; longer is a lead that tells of translations."""
_HINT = re.compile("업데이트|수정|갱신|추가|구독|팔로우")
_BEFORE = re.compile(r"[.!?…”\"’'」』)\]]\s*\Z")


def take_asides(cut: Cut) -> Cut:
    """Such words alone in a line, or in brackets of their own at either end of a sentence."""
    taken: list[Taken] = []
    lines = [_without(line, taken) if _HINT.search(line.text) else line for line in cut.lines]
    if len(lines) > 1 and _is_note(lines[0].text):
        taken.insert(0, Taken(number=lines[0].number, rule="aside", text=lines[0].text))
        lines = lines[1:]
    if not taken:
        return cut
    return replace(cut, lines=tuple(line for line in lines if line.text), taken=(*cut.taken, *taken))


def take_credits(cut: Cut) -> Cut:
    """A picture's credit between the paragraphs; at their end it may sign, which is judged before."""
    credited = {line.number for line in cut.lines[:-1] if _is_credit(line.text)}
    return cut.without(lambda line: "credit" if line.number in credited else None) if credited else cut


_LONGEST_CREDIT = 60
_CREDIT = re.compile(
    r"\s*(?:[\[(<〈【].{4,58}[\])>〉】]|[/／▲△]?\s?(?:사진|영상)\s?(?:=|(?:제공|출처)\s?[=|│:]).{2,40})\s*"
)
"""(사진=가온구 제공), ▲사진=가온구: nothing else in the line."""


def _is_credit(text: str) -> bool:
    return len(text) <= _LONGEST_CREDIT and _CREDIT.fullmatch(text) is not None and is_credit_line(text)


def _is_note(text: str) -> bool:
    return len(text) <= _LONGEST_NOTE and _TRANSLATED.fullmatch(text) is not None


def _without(line: Line, taken: list[Taken]) -> Line:
    kept, at = "", 0
    for match in _ASIDE.finditer(line.text):
        before = kept + line.text[at : match.start()]
        if before.strip() and not _BEFORE.search(before):
            continue  # within a sentence it is the article's
        taken.append(Taken(number=line.number, rule="aside", text=match.group()))
        kept, at = before.rstrip() + (" " if before.strip() else ""), match.end()
    return replace(line, text=(kept + line.text[at:].lstrip()).strip()) if at else line
