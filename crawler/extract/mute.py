"""Lines that a template prints whatever it holds: where a page says nothing else, its text is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from crawler.extract.blocks import clean
from crawler.extract.body import announces
from crawler.extract.document import Document
from crawler.extract.follow import SENTENCE, is_signature
from crawler.extract.placeholders import is_placeholder
from crawler.extract.register import PLAIN
from crawler.extract.stamps import NOTICE, STAMP
from crawler.extract.title import cleaned_title
from crawler.letters import letters
from crawler.rare import Rare

_LABELS = re.compile(
    r"(?:[\W\d_]|기사|기자명?|입력|승인|등록|수정|작성|게시|게재|송고|발행|(?:게재|등록|발행)일|일시|지면|[A-Z]?\d{1,3}면|최종|최초|업데이트|댓글|조회수?|추천|공유|글쓴이|작성자|by|published|posted|updated)*",
    re.IGNORECASE,
)
"""What a template without an article prints beside what is not there."""
_WAITING = Rare(
    r"\W*(?:(?:now )?loading|please wait|잠시만\s?기다려\s?(?:주세요|주십시오)"
    r"|(?:(?:기사|뉴스|페이지|본문|데이터|콘텐츠)[를을]?\s?)?(?:불러오는|로딩|로드)\s?중(?:입니다)?)\W*"
    r"|\W*\{\{[^{}]{1,80}\}\}\W*|(?:구독자|(?:유료\s?)?회원|멤버십)\s?전용\s?(?:기사|콘텐츠)(?:로그인|구독하기|회원가입|\s)*|(?:로그인|회원가입|구독하기|구독\s?신청|더\s?보기|목록|인쇄|공유하기)",
    re.IGNORECASE,
)
"""What stands for a text to come, or for one that is kept back; the words of buttons."""
_SHORTEST = 6
"""Letters of a line below which it is a label or a section's name, where it is no sentence."""
_SIGNED = 80
"""Characters of a line with a name, an address and a time."""
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w.-]{3,100}")
_BY = re.compile(r"(?:by|글)\s+|(?:기사\s?)?(?:입력|승인|등록|수정|작성)(?:일시?)?\s*[:：]?", re.IGNORECASE)
_OFFERED = (
    r"구독|응원|뉴스\s?레터|멤버십|회원\s?가입|로그인|메일(?:로|을|함)|이메일|앱[을에]|채널|알림|쿠키|친구\s?추가|제보|후원"
    r"|댓글|20자평|요약한|언론사"
)
OFFERED = Rare(_OFFERED)
"""Words of what a site offers its reader."""
_OFFER = Rare(
    rf"(?=.*(?:{_OFFERED})).*(?:니다|세요|시오|까요|니까)[.!?]?\W*"
    r"|.{1,20}\s뉴스\s?레터(?:\s?구독(?:하기|\s?신청)?)?"
    r"|.{0,20}(?:구독|광고|제휴|후원)(?:\s?[·/및]\s?(?:구독|광고|제휴|후원))?\s?(?:안내|문의|신청|하기)"
)
"""What a site offers its reader, in the polite forms in which it speaks to him."""
_SCHEDULED = Rare(
    r".{0,12}(?:편성표|날씨|운세|증시|환율|시세)|.{1,24}\d[\d,.]*\s*[▲▼△▽↑↓]\s?[\d,.]+%?(?:\s.{0,10})?"
)
"""Shares and rates, and the headings of what a site prints each day anew."""
_HOUR = re.compile(r"\d{1,2}:\d{2}\t.{1,80}")
_HOURS = Rare("편성|TV|방송|일정|시간표|하이라이트", re.IGNORECASE)
"""Titles of articles that are a table of hours themselves."""
_FORBIDS = Rare(r"저작권법.{0,40}(?:보호|금)|무단.{0,40}(?:금(?:지|합니다|함)|불허)")
_TAGGED = re.compile(
    r"(?:해시\s?태그|태그|키워드|tags?|keywords?|filed under)\s*[:：].*|(?:#[^\s#,]{1,30}[\s,]*)+",
    re.IGNORECASE,
)
"""What an article is filed under; its words are those of the title."""
_NEWS = 2
"""Words of the title in a sentence from which it is no offer (our choice)."""
_AGO = Rare(
    r"(?:\d{1,4}\s?(?:초|분|시간|일|주|개월|달|년)\s?전|방금(?:\s?전)?|오늘|어제|그저께|그제"
    r"|(?:an?|\d{1,3})\s(?:second|sec|minute|min|hour|hr|day|week|month|year)s?\.?\sago"
    r"|just now|today|yesterday)"
    r"(?:,?\s(?:at\s)?\d{1,2}:\d{2})?",
    re.IGNORECASE,
)
"""A time as it was at the reader's look."""
_NAME = re.compile("[가-힣]{2,4}")
_WORD = re.compile("[가-힣A-Za-z]{2,}")


def telling(lines: Sequence[str], document: Document) -> list[str]:
    """The lines that are no labels, names, times, notices, announcements, offers, rates or what stands for a
    text to come: none where a page's text is missing. A line in words of the page's title tells something.
    """
    return list(_telling(lines, document))


def tells(lines: Iterable[str], document: Document) -> bool:
    """Whether any of the lines is ``telling``: no more of them is read than must be."""
    return next(_telling(lines, document), None) is not None


def _telling(lines: Iterable[str], document: Document) -> Iterator[str]:
    site = document.meta("og:site_name")
    name = letters(site.value) if site is not None else ""
    return (t for t in lines if letters(t) != name and not _is_mute(t, document))


def _is_mute(line: str, document: Document) -> bool:
    if waits(line) or announces(line) or is_signature(line):
        return True
    if _TAGGED.fullmatch(line):
        return True
    if NOTICE.search(line) or _FORBIDS.search(line) or _LABELS.fullmatch(line) or _is_head(line):
        return True
    if _HOUR.fullmatch(line):
        return _HOURS.search(_title(document)) is None
    return (_is_short(line) or _is_beside(line)) and not is_of_title(line, document)


def waits(line: str) -> bool:
    """Whether a line stands for a text to come, for one that is kept back, or for no value."""
    return is_placeholder(line) or _WAITING.fullmatch(line) is not None


def is_offer(lines: Sequence[str], document: Document, *, typed: bool = False) -> bool:
    """Whether lines offer something to the reader, and none of them tells of anything.

    A regional paper's offer has the region's name, and so has its headline: two words of that are news.

    Args:
        typed: they stand beside a field for the reader's address: what names an offer is one in any form.
    """
    shape = OFFERED.search if typed else _OFFER.fullmatch
    offered = {t for t in lines if shape(t) and _of_title(t, document) < _NEWS and not PLAIN.search(t)}
    return bool(offered) and not tells((t for t in lines if t not in offered), document)


def is_of_title(line: str, document: Document) -> bool:
    """Whether a line has a word of the page's title."""
    return _of_title(line, document) > 0


def _of_title(line: str, document: Document) -> int:
    """How many words of a line are the title's."""
    title = _title(document)
    return sum(letters(word) in title for word in _WORD.findall(line))


def is_head(line: str) -> bool:
    """A name, an address or a time alone, and labels: what a template prints over a text. A text's own first
    line has them in brackets."""
    return not line.startswith(("[", "(")) and (_LABELS.fullmatch(line) is not None or _is_head(line))


def _title(document: Document) -> str:
    told = cleaned_title(document)
    return letters(told.value) if told is not None else ""


def _is_short(line: str) -> bool:
    return len(letters(line)) < _SHORTEST and "\t" not in line and not SENTENCE.search(line)


def _is_beside(line: str) -> bool:
    return _OFFER.fullmatch(line) is not None or _SCHEDULED.fullmatch(line) is not None


def _is_head(line: str) -> bool:
    """A name, an address, a time and their labels, in one line."""
    if len(line) > _SIGNED:
        return False
    undated = STAMP.sub("", line)
    said = clean(_BY.sub("", _MAIL.sub("", undated))).strip(" ·•,|-–—")
    parts = [part.strip() for part in re.split(r"[|ㅣ/]", said)]
    names = [part for part in parts if not (_LABELS.fullmatch(part) or _AGO.fullmatch(part))]
    return len(names) <= 1 and all(
        is_signature(name) or (undated != line and _NAME.fullmatch(name)) for name in names
    )
