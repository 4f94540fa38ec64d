"""Times as Korean pages print them: which label means published, which modified."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from crawler.rare import Rare
from crawler.zones import LETTERS
from storage.seoul import HALVES, WEEKDAYS, hour_of_day

_WEEKDAY = rf"(?:\s*\(?{WEEKDAYS}\)?(?=[\s,]))?"
_DAY = rf"(?:19|20)\d{{2}}\s*[.\-/년年]\s*\d{{1,2}}\s*[.\-/월月]\s*\d{{1,2}}\s*[.일日]?{_WEEKDAY}"
_HALF = rf"(?:{HALVES})"
_ABROAD = (
    r"(?:(?:[.,]\d{1,9})?(?:Z(?!\w)|\+\d{2}:?\d{2}(?!\d)|(?<=:\d\d:\d\d)-(?:0\d|1[0-2]):?[0-5]\d(?!\d))"
    rf"|\s?\(?{LETTERS}(?!\w)\)?|\s?\(?(?:[가-힣]{{2,6}}\s)?현지\s?시[간각]\)?)"
)
"""The zone behind a clock: without it ``2024-01-10T05:05:00Z`` would be Korean time, nine hours wrong."""
_CLOCK = (
    rf"[\sT,|\[(]*{_HALF}?\s*\d{{1,2}}\s*(?::|[시時])\s*\d{{1,2}}(?:\s*(?::\s*\d{{2}}|[분分]))?"
    rf"(?:\s*{_HALF}|{_ABROAD})?"
)
_MONTH = r"(?!\d)\w{3,12}\.?"
_YEAR_LAST = r"(?<![\w./-])\d{1,2}(?:\.\s?\d{1,2}\.\s?|/\d{1,2}/)(?:19|20)\d{2}(?!\d)"
"""20.11.2026, 20/11/2026; whether day and month can be told apart, who reads the time decides."""
_NAMED_DAY = (
    rf"(?:{_YEAR_LAST}|(?<![\w.])\d{{1,2}}(?:\.|st|nd|rd|th)?\s(?:de\s)?{_MONTH},?\s(?:de\s)?(?:19|20)\d{{2}}(?!\d)"
    rf"|(?<!\w)[A-Z][a-z]{{2,8}}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:19|20)\d{{2}}(?!\d))"
)
_NAMED_CLOCK = (
    r"(?:\s\([A-Z][a-z]{2}\))?[\s,|·/–-]{1,3}(?:(?:um|at|à|às|alle|a las)\s)?"
    r"\d{1,2}(?::|\s?h\s?|\.(?=\d\d\s(?:Uhr|[A-Z]{3,4}\b)))\d{2}(?::\d{2})?(?:\s?[AaPp]\.?[Mm]\b\.?|\sUhr)?"
    rf"(?:\s?\(?{LETTERS}\b\)?)?"
)
"""Days with the month's name (November 20, 2026; 20. November 2026) and their clock; whether the word is a
month's, who reads the time decides."""
_CLOCK_BEFORE = (
    rf"(?<![\d:])\d{{1,2}}:\d{{2}}(?:\s?[AaPp]\.?[Mm]\b\.?)?(?:\s{LETTERS})?,?\s"
    r"(?:(?:on\s)?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}\.?,?\s)?"
)
"""``All News 18:22 November 20, 2026``: 연합뉴스' English pages print the clock first, and CNN's (``2:15 PM
EST, Mon November 3, 2025``)."""
_COMPACT_DAY = (
    r"(?<!\d)(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s\d{1,2}:\d{2}(?::\d{2})?(?!\d)"
)
"""``20240110 14:05``; digits without a clock may be any number."""
_CLOCKED = (
    rf"(?:{_DAY}{_CLOCK}|{_NAMED_DAY}{_NAMED_CLOCK}"
    rf"|{_CLOCK_BEFORE}{_NAMED_DAY}(?!{_NAMED_CLOCK})|{_COMPACT_DAY})"
)
_STAMP = rf"(?:{_CLOCKED}|{_DAY}|{_NAMED_DAY})"
_BETWEEN = r"(?:\s*(?:일시|시간|시각|일자|일))?[\s:：;|\[\](]*"

_TO = r"(?:[-–—~∼〜]|bis|to)"
_PERIOD = Rare(
    rf"(?:{_DAY}|{_NAMED_DAY})\s*{_TO}\s*(?:{_DAY}|{_NAMED_DAY})"
    rf"|{_DAY}\s*[~∼〜]\s*\d{{1,2}}\s*[.일/월]\s*(?:\d{{1,2}}\s*[.일]?)?"
    rf"|(?<![\w.:])\d{{1,2}}(?:\.\s*{_TO}\s*|[-–])\d{{1,2}}\.?\s(?:de\s)?{_MONTH},?\s(?:de\s)?(?:19|20)\d{{2}}(?!\d)"
)
"""A span of days (``2026.11.20 ~ 11.26``, ``14. - 20. Januar 2026``): an event's, and no time of the page."""
_WEEKDAYS = Rare(
    r"\b(?:(?:Mon|Tue(?:s)?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?|(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag"
    r"|Mittwoch|Sonnabend|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes"
    r"|sábado|s[aá]bato|domingo|domenica|(?:lune|marte|mercole|giove|vener)dì|(?:segunda|terça|quarta|quinta|sexta)-feira"
    r"|[월화수목금토일](?:요일)?)\b",
    re.IGNORECASE,
)
"""The weekday is a part of the day: Blogger links ``Sunday, July 05, 2020`` to the page itself (2020)."""
_NAMED = Rare(_NAMED_DAY)
_AROUND_DAY = 60
"""Characters beside a day with the month's name and no clock: a label, a town, an author. More is a sentence
about an event (dtb-tennis.de, 2022)."""
STAMP = re.compile(_STAMP)
_ZONE = rf"\s?{LETTERS}\b"
WHOLE_STAMP = Rare(
    rf"(?:(?i:{_WEEKDAYS.pattern})[.,]?\s*)?(?:{_STAMP})(?:{_ZONE})?(?:\s?\(\d{{1,2}}:\d{{2}}[^()\d]{{0,12}}\))?"
)
"""With the weekday in front of it and the zone behind it, which alone would be words of their
own: ``Monday, April 6, 2020, 04:05 pm PT (07:05 pm ET)``."""
CLOCKED = re.compile(_CLOCKED)
NOTICE = re.compile(r"(?:ⓒ|©|\(c\)|저작권자|copyright).{0,120}금지|all rights reserved", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"(?:입력|등록|승인|작성|(?<!지면)(?<!지면 )게재|게시|발행|송고|배포|Published|Posted"
    r"|登録|公開|配信|掲載|発行|入力|发布|發布|发表)"
    rf"{_BETWEEN}({_STAMP})"
)
_CHANGED = rf"(?:수정|업데이트|갱신|편집|Updated?|Modified|更新|修正){_BETWEEN}"
_MODIFIED = re.compile(rf"{_CHANGED}({_STAMP})")
_CLOCK_ALONE = (
    rf"{_HALF}?\s*\d{{1,2}}\s*(?::|시)\s*\d{{1,2}}(?:\s*(?::\s*\d{{2}}|분))?(?:\s*{_HALF})?(?![\d:.\-/])"
)
_MODIFIED_CLOCK = re.compile(rf"{_CHANGED}({_CLOCK_ALONE})")
"""``입력 2026.11.20 10:20 | 수정 11:40``: of the same day."""
_WHOLE_CLOCK = Rare(_CLOCK_ALONE)
_DAY_ALONE = re.compile(rf"{_DAY}|{_NAMED_DAY}")
_SENTENCE_BEFORE = Rare(
    r"(?:[가-힣](?:은|는|이|가|을|를|에|의|와|과|도|로|고)|오는|지난|부터|까지"
    r"|(?<![가-힣])(?:현재|지금|오늘|(?:접수|응모|신청|예약)?\s?마감|접수|행사|공연|상영|유효|만료|촬영)"
    r"\s?(?:시각|시간|일시|일자|일)?\s?[:：]?)\s*$"
)
"""What stands before the time of an event, of a deadline, or of the reader's look."""
_SENTENCE_AFTER = Rare(
    r"\s*(?:에|부터|까지|막|열|개[최막관장]|진행|시작|예정|현재|기준|[가-힣]{1,6}(?:을|를|이|가|에서)\s)"
)
_HALVES = re.compile(HALVES)
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamps:
    """The printed times, verbatim, without their labels."""

    published: str | None = None
    modified: str | None = None


def labelled(text: str) -> Stamps:
    """The times that a label (입력, 등록, 승인 ... / 수정, 업데이트 ...) names in ``text``."""
    every = list(_PUBLISHED.finditer(text))  # the paper's day may stand before the moment
    published = next((m for m in every if CLOCKED.search(m.group(1))), every[0] if every else None)
    modified = _MODIFIED.search(text)
    return _whole(
        text,
        Stamps(
            published=published.group(1).strip() if published else None,
            modified=modified.group(1).strip() if modified else None,
        ),
    )


_SHORT_YEAR = re.compile(
    r"(?<![\d.'’/-])(?P<year>\d{2})(?P<mark>[./-])(?=\s?\d{1,2}(?P=mark)\s?\d{1,2}[.,]?\s+(?:오전|오후)?\s?\d{1,2}:\d{2})"
)
_IN_KOREAN = re.compile("[가-힣]{2}")
_WIDE = re.compile("[０-９．：]")
_YOUNG = 70
"""Years of two digits below are of this century: no page of the web is older than 1990."""


def with_centuries(lines: list[str]) -> list[str]:
    """등록 24.01.10 14:05: beside Korean words and before a clock the first number is the year."""
    lines = [unicodedata.normalize("NFKC", line) if _WIDE.search(line) else line for line in lines]
    if not any(map(_IN_KOREAN.search, lines)):
        return lines
    return [_SHORT_YEAR.sub(_with_century, line) for line in lines]


def _with_century(short: re.Match[str]) -> str:
    return f"{20 if int(short['year']) < _YOUNG else 19}{short['year']}{short['mark']}"


def _whole(text: str, stamps: Stamps) -> Stamps:
    """A change of which the page prints the clock alone, with its day."""
    if stamps.modified or not (clock := _MODIFIED_CLOCK.search(text)):
        return stamps
    return replace(stamps, modified=with_day(clock.group(1), stamps.published))


def with_day(clock: str, published: str | None) -> str | None:
    """``clock`` on the day of the publication; what names a day is as it is.

    None where no publication with a clock is printed, or where it would come before that.
    """
    if not _WHOLE_CLOCK.fullmatch(clock.strip()):
        return clock
    day = _DAY_ALONE.match(published or "")
    at = f"{day.group(0).strip()} {clock.strip()}" if day else ""
    began, changed = minute_of(published or ""), minute_of(at)
    return at if began and changed and changed >= began else None


def without_days(text: str) -> str:
    """A link's ``text`` without its days: beside other words and no clock a day belongs to what is linked.

    A link that is a day alone is the page's own (blogs link it to themselves), and so is one with a label.
    """
    if not STAMP.search(text) or CLOCKED.search(text) or labelled(text) != Stamps():
        return text
    rest = STAMP.sub("", text)
    return rest if re.search(r"[^\W\d_]", _WEEKDAYS.sub("", rest)) else text


def header_stamps(lines: list[str]) -> Stamps:
    """The times of a page's head: labelled ones first, else the first with a clock, else the first day.

    Of two without a label the earlier is the publication's, the later the change's. A day in a sentence
    (``축제는 2027.03.01 10:00 막을 올린다``) and a span of days are an event's and no time of the page.
    """
    lines = with_centuries(lines)
    text = "\n".join(lines)
    found = labelled(text)
    if found.published:
        return found
    rest = [_PERIOD.sub("", _MODIFIED.sub("", line)) for line in lines]
    clocks, days = _plain(rest, CLOCKED), _plain(rest, STAMP)
    if len(clocks) == 2 and found.modified is None and all(map(minute_of, clocks)):
        earlier, later = sorted(clocks, key=lambda clock: minute_of(clock) or ())
        return Stamps(published=earlier, modified=later)
    first = next(iter([*clocks, *days]), None)
    return _whole(text, Stamps(published=first, modified=found.modified))


def _plain(lines: list[str], pattern: re.Pattern[str]) -> list[str]:
    """The stamps that stand in no sentence, each once."""
    found = [
        match.group(0).strip()
        for line in lines
        for match in pattern.finditer(line)
        if not (_SENTENCE_BEFORE.search(line[: match.start()]) or _SENTENCE_AFTER.match(line[match.end() :]))
        and not (_NAMED.fullmatch(match.group(0).strip()) and len(line) - len(match.group(0)) > _AROUND_DAY)
    ]
    return list(dict.fromkeys(found))


def minute_of(text: str) -> tuple[int, ...] | None:
    """(year, month, day, hour, minute) of a printed time, None when it has no minute that can be told.

    Knows ``2020. 05. 22. 09:39``, ``20200522093902``, ``2018-05-16 16:23:12`` and 오전/오후, 낮/밤.
    """
    digits = _NUMBERS.findall(text)
    if digits and len(digits[0]) == 8:  # 20240110 14:05
        digits[:1] = [digits[0][:4], digits[0][4:6], digits[0][6:]]
    if len(digits) == 1 and len(digits[0]) in {12, 14}:
        d = digits[0]
        return tuple(int(x) for x in (d[:4], d[4:6], d[6:8], d[8:10], d[10:12]))
    if len(digits) < 5:
        return None
    year, month, day, hour, minute = (int(x) for x in digits[:5])
    if year < 100:  # 20.11.2026 10:20; of 11/10/2026 it is not said which number is the month
        if "/" in text:
            return None
        year, day = day, year
    half = _HALVES.search(text)
    try:
        return year, month, day, hour_of_day(hour, half[0] if half else None), minute
    except ValueError:  # 밤 12시: of which day is not said
        return None
