"""What is printed between an article's title and its body: the lines with names and times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from crawler.extract.blocks import clean
from crawler.extract.stamps import CLOCKED, STAMP, WHOLE_STAMP, with_centuries, without_days
from crawler.rare import Rare

_PIECES = 200
"""More text pieces than this between title and body is a menu, not a head."""
_PIECE = 300
"""Characters of a piece that are looked at: names and times stand in short ones."""
_NEAR = 40
"""Pieces looked at above the body where the title itself is not printed."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "strong", "p", "div", "b", "em", "span", "dt")
_SILENT = frozenset(
    {"script", "style", "noscript", "button", "head", "title", "meta", "link", "select", "option"}
)

_ROLE = Rare(
    r"[가-힣]{2,5}\s?[가-힣A-Za-z·/]{0,12}(?:기자|특파원|논설위원|칼럼니스트|앵커|캐스터|PD|에디터)(?![가-힣])"
)
_BARE_NAME = Rare(r"(?:[가-힣]{2,6}\s?[=/]\s?)?[가-힣]{2,4}(?:\s[가-힣]{2,8}){0,2}")
_LABELS = re.compile(
    r"(?:(?:최초|최종|데스크)\s?)?(?:기사\s?|지면\s?)?(?:입력|수정|등록|승인|송고|전송|배포|게재|작성(?!자)|발행|업데이트|최종|댓글|공유|인쇄|글자|스크랩|조회)"
    r"(?:시간|시각|일시|일)?[\s:：]*|\b(?:Published|Posted|Updated|Modified)(?:\s?[:：]|\s*(?=[|]|\Z))"
    r"|(?:(?<=[|ㅣ])|\A)\s*(?:지면(?:\s?게재)?\s?[A-Z]?\d{1,3}면?|(?:통권\s?)?제?\s?\d{1,5}호|호수\s?[\d,]+)\s*(?=[|ㅣ]|\Z)"
)
"""What a template prints around a time: its labels; of the paper, the page and the number."""
_TIMES = re.compile(
    r"(?:(?:최초|최종|기사)\s?)?(?:입력|수정|등록|승인|송고|게재|작성|발행|업데이트)(?:시간|시각|일시|일)?[\s:：]*"
)
"""Of these the labels of a time."""
_AGO = re.compile(r"(?:\d{1,4}\s*(?:초|분|시간|일|주)\s*전|방금(?:\s*전)?|어제|오늘)")
"""A time as it was at the reader's look; the moment itself may stand in an attribute."""
_LONGEST = 60
"""Characters of the longest header byline with several people; more is prose (docs/sites/credits.md 1)."""
_NAMED = re.compile(r"[@=]|기자")
_LABEL = re.compile(r"(?:기자명|작성자|글쓴이)\s*[:：]?")
_BY = re.compile(r"(?:By|BY)")
_NEXT = re.compile(r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,3}")
_AND = re.compile(rf"(?:,?\s?and|,|&)(?P<next>\s{_NEXT.pattern})?")
"""``By``, each name and what stands between two, in elements of their own."""
_LABELLED = re.compile(rf"{_LABEL.pattern}\s*\S")
"""기자명 尹瑞河 기자, 기자명 a@b.example: the template says who signs, whatever the name looks like."""
_ADDRESSED = re.compile(r"[가-힣]{2,4}\s?[(\[<]?\s?[\w.%+-]{1,64}@[\w-]+(?:\.[\w-]+){1,4}\s?[)\]>]?")
"""한도윤(dohan@...): a name and an address alone."""
_NICKED = re.compile(r"[가-힣]{2,4}\([a-z][a-z0-9_.-]{2,19}\)")
"""한도윤(dohan77): a citizen reporter and the name of the account (ohmynews.com)."""
_HAN_ROLE = r"(?:[記记]者|特派[員员])"
_HAN = re.compile(
    rf"(?:{_HAN_ROLE}\s?[:：]?\s?[一-鿿]{{2,4}}|[一-鿿]{{2,4}}\s?{_HAN_ROLE})(?:\s?[(（]?\s?[\w.%+-]+@[\w.-]+\s?[)）]?)?"
)
"""金夏潭記者, 记者 金夏潭: Japanese and Chinese editions."""
_WORD = re.compile("[가-힣]{2,4}")
_ROLE_ALONE = re.compile(r"(?:[가-힣]{1,4}\s?)?(?:기자|특파원|논설위원|앵커|에디터|PD)")
"""기자 behind a name that is a link (hani.co.kr, 2026-01)."""
_TITLE = (
    r"(?:작가|교수|변호사|변리사|회계사|세무사|노무사|의사|약사|박사|시인|소설가|수필가|평론가|비평가|칼럼니스트|연구원|연구위원|전문위원|강사"
    r"|대표|소장|원장|이사장|회장|센터장|위원장|활동가|번역가|기획자|큐레이터|감독|건축가|도예가|화가|청장|장관|의원|총장|학장|군수|구청장|사진가|여행가|목사|신부|스님|교사|기고가|저자)"
)
_WROTE = re.compile(
    r"(?:글|취재)(?:\s?[·ㆍ/,&]\s?(?:사진|그림))?(?:\s?[=:：]\s?|\s)[가-힣]{2,4}"
    rf"(?:\s?[(/|]\s?\S.{{0,25}}|\s\S.{{0,25}}{_TITLE}(?:\s?[·,/|]?\s?사진.{{2,20}})?"
    r"|\s?[·,/|]?\s?(?:사진|그림|정리|영상)(?:\s?[=:：]\s?|\s).{2,20})"
)
"""글 이바다(여행작가), 글 이바다 사진 서하린: the label, a name, and more than the menu's 글 수정 has."""
_WORDED = re.compile(r"(?:글|취재)(?:\s?[=:：]\s?|\s)[가-힣]{2,4}")
_PICTURED = re.compile(r"(?:사진|그림|정리|영상)(?:\s?[=:：]\s?|\s)[가-힣]{2,4}")
"""글 이바다 and 사진 서하린 in elements of their own."""
_OUTSIDE = re.compile(
    rf"(?:[가-힣A-Za-z]{{2,12}}\s)?[가-힣]{{2,4}}(?:\s?[|/·,(]\s?|\s)(?:[가-힣A-Za-z]{{1,12}}\s){{0,3}}[가-힣A-Za-z]{{0,10}}{_TITLE}(?:\([^()]{{2,20}}\)|\))?"
)
"""이바다 한빛대 행정학과 교수, 이바다 / 소설가: an outside author beside the time."""
_ALONE = re.compile(r"(?:[가-힣]{2,4}\s?[=/]\s?)?[가-힣]{2}[가-힣](?<![시군구도동읍면부과팀국판])")
_MAIL = re.compile(r"[(\[<]?\s?[\w.%+-]{1,64}@[\w-]+(?:\.[\w-]+){1,4}\s?[)\]>]?")
_ENGLISH = re.compile(
    r"(?:By|BY)\s[가-힣]{2,4}|(?:[A-Z][a-z]+[ -]){1,3}[A-Za-z]+\s?(?:기자|특파원)"
    r"|(?:By|BY)(?:(?:,?\s|,\sand\s|\sand\s)[A-Z][A-Za-z.'-]+){2,8}"
)
"""By Kim Seo-yun and Park Do-hyun, Kim Seo-yun 기자"""


def header_byline(lines: list[str]) -> str | None:
    """The byline among the lines of a page's head, verbatim; several are joined with a comma.

    A line without a role word counts only where a time stands in the same line
    (``이기영 2023. 11. 1. 08:58``), or, an outside author's, in the next.
    """
    lines = _with_addresses(with_centuries(lines))
    read = [_unlabelled(line) for line in lines if _is_byline(line)]
    sure = [line for line in read if not _WORD.fullmatch(line)]  # beside a reporter a word is a time's label
    found = sure or read or _outside(lines)
    return ", ".join(dict.fromkeys(f for f in found if f)) or None


def _with_addresses(lines: list[str]) -> list[str]:
    """The lines, what is an element of its own put behind its label or the reporter: a name, an address, a
    role."""
    joined: list[str] = []
    for line in _with_names(lines):
        last = joined[-1] if joined else ""
        if (
            (_LABEL.fullmatch(last) and not _LABELS.match(line))
            or (_MAIL.fullmatch(line) and "@" not in last and _is_byline(last))
            or (_WORD.fullmatch(last) and _ROLE_ALONE.fullmatch(line))
            or (_WORDED.fullmatch(last) and _PICTURED.fullmatch(line))
        ):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    return joined


def _with_names(lines: list[str]) -> Iterator[str]:
    """The lines, ``By`` and the names behind it as one."""
    rest = iter(range(len(lines)))
    for at in rest:
        names = _names_behind(lines, at) if _BY.fullmatch(lines[at]) else 0
        yield clean(" ".join(lines[at : at + 1 + names])).replace(" ,", ",")
        next(islice(rest, names, names), None)


def _names_behind(lines: list[str], by: int) -> int:
    """How many lines behind ``By`` are names and what joins them."""
    last, due = by, _NEXT
    for at in range(by + 1, len(lines)):
        found = due.fullmatch(lines[at])
        if found is None:
            break
        if due is _NEXT or found["next"]:
            last, due = at, _AND
        else:
            due = _NEXT
    return last - by


def _unlabelled(line: str) -> str:
    return _LABELS.sub("", STAMP.sub("", line)).strip(" |·ㅣ:,")


def _is_byline(line: str) -> bool:
    rest = _unlabelled(line)
    if not rest or len(rest) > _LONGEST:
        return False
    timed = rest != line and STAMP.search(line) is not None
    if any(
        shape.fullmatch(rest) for shape in (_ENGLISH, _ADDRESSED, _WROTE, _NICKED, _HAN)
    ) or _LABELLED.match(rest):
        return True
    return bool(_ROLE.search(rest) or (timed and (_BARE_NAME.fullmatch(rest) or _NAMED.search(rest))))


def _outside(lines: list[str]) -> list[str]:
    """Who is no reporter, and stands right before or behind the time; a name alone only before its label."""
    timed = {at for at, line in enumerate(lines) if STAMP.search(line) or _TIMES.fullmatch(line)}
    beside = [at for at in range(len(lines)) if at not in timed and timed & {at - 1, at + 1}]
    found = [lines[at] for at in beside if len(lines[at]) <= _LONGEST and _OUTSIDE.fullmatch(lines[at])]
    lone = _lone_word(lines)
    return (found or ([lone] if lone else []))[:1]


def _lone_word(lines: list[str]) -> str | None:
    """A word that stands alone before the label of a time: a name, or a section that reads like one."""
    pairs = pairwise(lines)
    words = (word for word, label in pairs if _TIMES.fullmatch(label) and _ALONE.fullmatch(word))
    return next((w for w in words if not (_LABEL.fullmatch(w) or _TIMES.fullmatch(w))), None)


def header_lines(tree: HtmlElement, title: str | None, body: HtmlElement) -> list[str]:
    """The text pieces between the title and the body in document order.

    Without a printed title: the last forty pieces above the body.
    """
    start = _printed_title(tree, title, body) if title else None
    pieces = _pieces(tree, start, body)
    if start is None:
        near = pieces[-_NEAR:]
        return [line for line in near if not _is_day(line)] if title and _heads(body, title) else near
    return pieces if len(pieces) <= _PIECES else []


def _heads(body: HtmlElement, title: str) -> bool:
    """Whether the title is printed at the top of the body: what stands above it is the site's."""
    return any(_says(heading, title) for heading in body.iter("h1", "h2", "h3"))


def _is_day(line: str) -> bool:
    """A day with its weekday and no clock: above a headline that of the reader's look."""
    return (
        STAMP.search(line) is not None and CLOCKED.search(line) is None and _WEEKDAY.search(line) is not None
    )


def is_stamp(line: str) -> bool:
    """Whether a line is a time and its label alone, and no day of the reader's look."""
    return WHOLE_STAMP.fullmatch(_LABELS.sub("", line).strip(" |·:")) is not None and not _is_day(line)


_WEEKDAY = re.compile(r"[월화수목금토일](?:요일|\))")
"""2026년 11월 28일 토요일; a day alone may be the article's (sanwa.co.jp, 2019)."""


_LONE = 4
"""Letters of a word of the head that may be a name as well as a label or a section."""


def is_lone(text: str) -> bool:
    """Whether it is one such word."""
    return text.isalpha() and len(text) <= _LONE


def heading_above(tree: HtmlElement, body: HtmlElement) -> HtmlElement | None:
    """The last heading (h1 to h4) with text before the body begins."""
    found = None
    for element in tree.iter():
        if element is body:
            return found
        if element.tag in {"h1", "h2", "h3", "h4"} and clean(element.text_content()):
            found = element
    return None


def _printed_title(tree: HtmlElement, title: str | None, body: HtmlElement) -> HtmlElement | None:
    last = None
    for element in tree.iter():
        if element is body:
            break
        if element.tag in _HEADINGS and len(element) <= 3 and _says(element, title or ""):
            last = element
    return last


def _says(element: HtmlElement, title: str) -> bool:
    """True when the element's whole text is ``title``. Reads no further than that takes."""
    text = ""
    for part in element.itertext():
        text += part
        if len(text) > 4 * len(title) + 200:  # indentation between the tags is the only slack
            return False
    return clean(text) == title


def _pieces(tree: HtmlElement, start: HtmlElement | None, body: HtmlElement) -> list[str]:
    inside = set(start.iter()) if start is not None else set()
    above = set(body.iterancestors())
    without_tail = inside | above
    lines: list[str] = []
    passed = start is None
    for event, element in iterwalk(tree, events=("start", "end")):
        if element is body:
            before = body.getprevious()
            lines.append(clean((before.tail if before is not None else None) or ""))
            break
        if event == "start" and element is start:
            passed = True
        elif event == "start" and passed and element not in inside and element.tag not in _SILENT:
            lines.append(_piece(element))
        elif event == "end" and passed and (element is start or element not in without_tail):
            lines.append(clean(element.tail or ""))
    return [line[:_PIECE] for line in lines if line]


def _piece(element: HtmlElement) -> str:
    text = clean(element.text or "")
    if _AGO.fullmatch(text):
        return next((v for v in map(str, element.attrib.values()) if CLOCKED.search(v)), text)
    return without_days(text) if text and _is_linked(element) else text


def _is_linked(element: HtmlElement) -> bool:
    return element.get("href") is not None or next(element.iterancestors("a"), None) is not None
