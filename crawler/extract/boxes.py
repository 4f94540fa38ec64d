"""Boxes within a body that their own heading tells: a machine's summary, the page's controls."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, islice

from lxml.html import HtmlElement

from crawler.extract.blocks import clean
from crawler.extract.densest import lists_entries
from crawler.extract.document import Document
from crawler.extract.prune import MOST, NEGATED, drop, outermost, share_of, still_in
from crawler.extract.register import PLAIN
from crawler.extract.stamps import STAMP
from crawler.rare import Rare
from storage.records import Removal

_MARKS = r"[\s\[\]<>【】〈〉■□●◆◇▶▷★☆✔✨🤖:：·|()?!-]*"
_HEADING = re.compile(
    rf"{_MARKS}(?:(?P<summary>(?:AI|인공지능|챗GPT|생성형\s?AI)[가이]\s(?:\S{{1,6}}\s)?(?:요약|정리)한\s(?:기사|뉴스|본문|내용|핵심)(?:입니다)?"
    r"|(?:한눈에\s보는\s)?(?:AI|인공지능|챗GPT|생성형\s?AI)(?:로|가|의)?\s?(?:뉴스|기사|본문|핵심|자동)?\s?(?:핵심|자동|[3세]줄)?\s?요약(?:봇|문|본)?"
    r"|(?:(?:이|본)\s기사\s)?[1-5한두세네]\s?줄\s?(?:핵심\s?)?요약|(?:기사|뉴스|본문)\s?(?:내용\s?)?(?:핵심\s?|자동\s?|[3세]줄\s?)?요약(?:봇)?(?:\s?\(AI\))?|요약봇"
    r"|(?i:(?:AI|AI[- ]generated|automatic) summary|(?:AI[- ])?summari[sz]ed (?:by|with) AI))"
    r"|(?:이\s)?(?:기사|뉴스)를\s음성으로\s(?:들으세요|들어보세요|듣기)|(?:기사\s?)?번역\s?(?:설정|언어)(?:\s?선택)?"
    r"|(?:글자|글씨|폰트|텍스트)\s?크기(?:\s?(?:설정|조절|변경|조정|선택))?"
    r"|이\s글자\s?크기로\s변경됩니다"
    rf"|(?:(?:기사|뉴스|본문|음성(?:으로)?|오디오(?:로)?)\s?)+(?:듣기|재생)(?:\s?(?:서비스|설정))?)(?:\s?(?:보기|베타|BETA))?{_MARKS}",
)
"""The house's own summary (핵심 요약, 요약) and a reporter's are the article's and not among them."""
_SAYS_MACHINE = Rare(
    r"(?:AI|인공지능|챗GPT|기계)[^.]{0,30}요약[^.]{0,60}(?:다를 수|정확하지|오류|차이가 있|원문|본문과)"
    r"|\bsummary\b.{0,40}\b(?:generated|created|written|produced)\b.{0,20}\bAI\b",
    re.IGNORECASE,
)
"""How a note says that what it stands with is a machine's summary (``다를 수 있습니다``)."""
_LONGEST_NOTE = 120
"""Characters of such a note (our choice): the boxes' own have 25 to 70."""
_PLAYER = re.compile(
    r"(?:매우\s?|아주\s?|조금\s?)?(?:느림|느리게|보통|빠름|빠르게)|남성|여성|[01]?\.?\d{1,2}\s?배속?"
)
_PACE = re.compile("(?:느림|느리게|빠름|빠르게)")
_CONTROL = re.compile(
    r"(?<![A-Za-z])(?:tts|utils?|toolbar|layer[_-]?util|font[_-]?size|(?:view|article|news)[_-]?util)(?![A-Za-z0-9])"
    r"(?![_-]?(?:body|content|text))"
)
"""Names of what holds a page's controls, whatever the library reads in them."""
_HOLDERS = ("div", "ul", "span", "section", "dl")
_LONGEST_CONTROL = 400
"""Characters; Daum's player, translator and font layer with its sample text have 240 (2026)."""
_LONGEST = 24
"""Characters of such a heading; ``생성형 AI가 기사 자동 요약 베타`` has 20."""
_MOST_HEADINGS = 100
"""Such headings of one body; the saved pages have 4 at most (2026-11-28). What stands around each is read."""
_BESIDE = 12
"""Characters that may stand beside the heading in its own row: a mark, a button's word."""
_HEADINGS = (
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "strong",
    "b",
    "em",
    "p",
    "div",
    "span",
    "dt",
    "summary",
    "li",
    "button",
)
_LISTS = frozenset({"ul", "ol", "dl"})


def player_lines(texts: Sequence[str]) -> set[int]:
    """The places of a player's choices, line for line (느림, 보통, 빠름): one alone may be a heading."""
    found: set[int] = set()
    for is_players, run in groupby(enumerate(texts), key=lambda one: _PLAYER.fullmatch(one[1]) is not None):
        places = [at for at, _ in run]
        if is_players and len(places) > 1 and any(_PACE.search(texts[at]) for at in places):
            found.update(places)
    return found


def dialogs(document: Document) -> list[HtmlElement]:
    """What opens over a page: to log in, to register, to prove an age (zdf.de, 2020). None with a heading of
    the page or most of its text: some pages are shown in one."""
    named = document.all("dialog, [role=dialog], [role=alertdialog], [aria-modal=true]")
    called = document.all("[class*=modal], [class*=dialog]")
    named += [e for e in called if e.tag in _DIALOGS and _DIALOG.search(e.get("class") or "")]
    said = {e: len(clean(e.text_content())) for e in outermost(named) if next(e.iter("h1"), None) is None}
    whole = len(clean(document.tree.text_content())) if said else 0
    return list(said) if 2 * sum(said.values()) < whole else []


_DIALOG = re.compile(r"(?:^|[\s_-])(?:modal|dialog)s?(?:$|[\s_-])", re.IGNORECASE)
_DIALOGS = frozenset({"div", "section", "article", "aside", "form"})


def controls(document: Document) -> list[HtmlElement]:
    """What holds a page's controls by its name (players, sizes of letters); none with a heading or a time."""
    named = (e for e in document.tree.iter(*_HOLDERS) if _names_control(e.get("class") or ""))
    return outermost(filter(_is_control, named))


@lru_cache(maxsize=4096)  # pages of a site have the same few hundred
def _names_control(names: str) -> bool:
    return any(_CONTROL.search(name) and not NEGATED.match(name) for name in names.split())


def _is_control(element: HtmlElement) -> bool:
    if next(element.iter("h1", "h2", "h3", "article"), None) is not None:
        return False
    text = clean(element.text_content())
    return len(text) <= _LONGEST_CONTROL and not (STAMP.search(text) or PLAIN.search(text))


_COMMENTS = re.compile(
    r"(?:^|\s)(?:(?:article|news|view|user)[-_])?(?:comments?|repl(?:y|ies)|cmt)(?:[-_]?(?:list|box|area|wrap|section|container)s?)?(?=$|\s)",
    re.IGNORECASE,
)
"""Names of what holds readers' comments and nothing else; a wrapper ``comment-free`` is none of them."""


def comments(document: Document) -> list[HtmlElement]:
    """What holds several comments of readers, by its name, and each that a reader can answer; none with a
    headline or the article in it."""
    named = (e for e in document.tree.iter("div", "section", "ul", "ol") if _holds_comments(e))
    return outermost([*named, *_answered(document)])


_ANSWERS = "답글 답글쓰기 답글달기 대댓글 reply 返信 返信する 回复 回覆 répondre antworten responder rispondi"
_REPORTS = "신고 신고하기 report flag 通報 举报 檢舉 signaler melden denunciar reportar segnala"
_ANSWER, _REPORT = frozenset(_ANSWERS.split()), frozenset(_REPORTS.split())
"""What stands under each comment of a reader: how it is answered, and told to the house."""
_BUTTONS = ("a", "button", "span")
_LONGEST_COMMENT = 1500
"""Characters of a comment with its reader's name and its buttons (our choice)."""
_SAID_BY = 12
"""Letters beside the buttons from which an element is a comment: a name and a few words."""


def _answered(document: Document) -> list[HtmlElement]:
    """Comments that stand side by side, each with its button to answer; one alone, if it can be reported
    too. An article of a board can be answered as well: it has no twin beside it.
    """
    buttons = [e for e in document.tree.iter(*_BUTTONS) if _says(e, _ANSWER)]
    title = clean(next(iter(document.metas.get("og:title", [])), "")) if buttons else ""
    units = dict.fromkeys(u for e in buttons if (u := _unit(e, title)) is not None)
    rows = Counter((u.getparent(), u.tag) for u in units)
    return [
        u
        for u in units
        if rows[u.getparent(), u.tag] > 1 or any(_says(e, _REPORT) for e in u.iter(*_BUTTONS))
    ]


def _says(element: HtmlElement, words: frozenset[str]) -> bool:
    text = element.text
    if text is None or len(text) > _LONGEST:  # most links
        return False
    return text.strip().lower().rstrip("0123456789()[] ") in words and len(element) < 2


def _unit(button: HtmlElement, title: str) -> HtmlElement | None:
    """The comment around its button: the first element that says more; None for the page's own article."""
    for place in islice(button.iterancestors(), _COMMENT_LEVELS):
        text = clean(place.text_content())
        if len(text) > _LONGEST_COMMENT or next(place.iter("h1", "h2", "main", "article"), None) is not None:
            return None
        if sum(map(str.isalpha, text)) >= _SAID_BY:
            return None if title and title in text else place
    return None


_COMMENT_LEVELS = 6
"""Elements around a button of which one is its comment (``li > div > div > p > a``)."""


def _holds_comments(element: HtmlElement) -> bool:
    if element.get("itemprop") == "comment":  # schema.org: one, or the list of them
        return True
    if not any(_COMMENTS.search(element.get(name) or "") for name in ("id", "class")):
        return False
    is_article = (
        next(element.iter("h1", "main"), None) is not None or element.get("itemprop") == "articleBody"
    )
    return not is_article and lists_entries(element)


def prune_choices(work: HtmlElement) -> list[Removal]:
    """Take out the labels of radio buttons: voices, speeds, sizes of letters, answers of a poll."""
    choices = [e for e in work.iter("input") if (e.get("type") or "").lower() == "radio"]
    names = {e.get("id") for e in choices} - {None}
    labels = [e for e in work.iter("label") if e.get("for") in names] if choices else []
    labels += [a for e in choices for a in e.iterancestors("label")]
    return [r for e in dict.fromkeys(labels) if still_in(e, work) for r in drop(e, "button")]


def prune_boxes(work: HtmlElement) -> list[Removal]:
    """Take out what stands under such a heading, in a box of its own or as a list right behind it.

    Paragraphs that follow in the body itself are kept: nothing says where the summary ends.
    """
    removed: list[Removal] = []
    texts = ((e, clean(e.text_content())) for e in work.iter(*_HEADINGS) if e is not work)
    found = [(e, look) for e, text in texts if (look := _look(text)) is not None]
    for element, look in found[:_MOST_HEADINGS]:
        for place in list(look(element, work)) if still_in(element, work) else ():
            removed += drop(place, "box")
    return removed


def _look(text: str) -> Callable[[HtmlElement, HtmlElement], Iterator[HtmlElement]] | None:
    """How the box is found around an element with this text; None where it tells of none."""
    if len(text) <= _LONGEST and _HEADING.fullmatch(text) is not None:
        return _places
    return _noted if _says_machine(text) else None


def _noted(note: HtmlElement, work: HtmlElement) -> Iterator[HtmlElement]:
    """The box that such a note ends, or the list above it, and the note itself."""
    box, above = note.getparent(), note.getprevious()
    if box is not None and box is not work and share_of(box, work) < MOST:
        yield box
        return
    yield note
    if above is not None and above.tag in _LISTS and not (above.tail or "").strip():
        yield above


def _tells(heading: str, text: str) -> bool:
    """Whether what stands under a control's heading is a sentence of the article."""
    found = _HEADING.fullmatch(heading)
    return bool(found and not found["summary"] and PLAIN.search(text))


def is_machines(text: str) -> bool:
    """Whether a line heads a machine's summary, or says of what it stands with that it is one."""
    return (len(text) <= _LONGEST and _summarises(text)) or _says_machine(text)


def _says_machine(text: str) -> bool:
    return len(text) <= _LONGEST_NOTE and _SAYS_MACHINE.search(text) is not None


def _summarises(heading: str) -> bool:
    """Of a short article a summary's list is half, and all that is left of one without its text."""
    found = _HEADING.fullmatch(heading)
    return bool(found and found["summary"])


def _places(heading: HtmlElement, work: HtmlElement) -> Iterator[HtmlElement]:
    row, said = heading, clean(heading.text_content())
    while (around := row.getparent()) is not None and around is not work:
        text = clean(around.text_content())
        if len(text) > len(said) + _BESIDE:
            if text.startswith(said) and share_of(around, work) < MOST and not _tells(said, text):
                yield around
                return
            break
        row = around
    yield row
    behind = row.getnext()
    if (
        behind is not None
        and behind.tag in _LISTS
        and not (row.tail or "").strip()
        and (share_of(behind, work) < MOST or _summarises(said))
    ):
        yield behind
