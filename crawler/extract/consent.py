"""Dialogs before a page that ask for its cookies: what stands in them is the site's, whatever they are
called.

They stand anywhere in the markup, before the article or behind its footer, and say more than a short article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import accumulate

from lxml.html import HtmlElement

from crawler.extract.blocks import clean
from crawler.extract.document import Document
from crawler.extract.prune import outermost
from crawler.extract.register import PLAIN
from crawler.rare import Rare

_ANSWER = Rare(
    r"^\W*(?:(?:모두|전체|필수|선택)\s?|쿠키\s?(?:사용(?:에)?\s?)?)?(?:동의|허용|수락|거부|거절)"
    r"(?:합니다|함|하기|하고 계속(?:하기)?|하지 않음|안 함)?\W*$"
    r"|^\W*(?:i )?(?:accept|agree|allow|consent|reject|decline|deny)"
    r"(?: (?:to )?(?:all|cookies|and (?:close|continue)|everything|essential))*\W*$",
    re.IGNORECASE,
)
"""What the buttons of such a dialog say."""
_SUBJECT = Rare(
    r"쿠키|cookies?\b|개인\s?정보|기기\s?정보|개인화|맞춤형?\s?광고|privacy|personal (?:data|information)"
    r"|personali[sz]ed|our partners",
    re.IGNORECASE,
)
_BUTTONS = ("button", "input", "a", "label", "span", "div")
_LONGEST_ANSWER = 40
"""Characters of a button's words, with room to spare: ``필수 쿠키만 허용하고 계속하기`` has 16."""
_WORD = re.compile("동의|허용|수락|거부|거절|accept|agree|allow|consent|reject|decline|deny", re.IGNORECASE)
"""One of these is in each: a cheap look first."""
_PARTS = 2
"""Elements in a button: an icon and its words."""
_SAID = 20
"""Characters beside the buttons from which a box asks a question."""
_ARTICLE = ("h1", "article", "main", "body", "time")
_LONGEST_DIALOG = 20_000
"""Characters of a dialog that are read: lists of 800 advertisers follow on what it says of itself."""


def consents(document: Document) -> list[HtmlElement]:
    """What on the page asks for consent: dialogs that speak of cookies, boxes with a button that agrees."""
    looked = _Looked()
    return outermost((*_dialogs(document, looked), *_boxes(document, looked)))


class _Looked:
    """What was found of elements of a page: a box around a thousand buttons is asked once, not for each."""

    def __init__(self) -> None:
        self.is_answer = cache(self._is_answer)
        self.is_row = cache(_is_row)
        self.asks = cache(_asks)
        self.says_more = cache(self._says_more)

    def _is_answer(self, element: HtmlElement) -> bool:
        said = (element.get("value") if element.tag == "input" else _own_words(element)) or ""
        if len(said) > _LONGEST_ANSWER or _WORD.search(said) is None or _ANSWER.search(clean(said)) is None:
            return False
        return element.tag in ("button", "input") or self.is_row(element.getparent())

    def _says_more(self, box: HtmlElement) -> bool:
        """Whether it has words beside those of its buttons."""
        own = sum(len(clean("".join(b.itertext()))) for b in box.iter(*_BUTTONS) if self.is_answer(b))
        said = accumulate(len(clean(piece)) for piece in box.itertext())
        return any(length - own >= _SAID for length in said)


def _dialogs(document: Document, looked: _Looked) -> Iterator[HtmlElement]:
    for element in document.tree.iter("dialog", "div", "section", "aside", "form"):
        is_dialog = element.tag == "dialog" or (element.get("role") or "").endswith("dialog")
        if (is_dialog or element.get("aria-modal") == "true") and looked.asks(element):
            yield element


def _boxes(document: Document, looked: _Looked) -> Iterator[HtmlElement]:
    """For each button that agrees, the innermost box around it that says what to."""
    for button in document.tree.iter(*_BUTTONS):
        if not looked.is_answer(button):
            continue
        box = next((a for a in button.iterancestors() if looked.says_more(a)), None)
        if box is not None and looked.asks(box):
            yield box


def _own_words(element: HtmlElement) -> str | None:
    """The text of an element that is as simple as a button; every element of the page is asked."""
    if len(element) == 0:
        text: str | None = element.text
        return text
    return _beginning(element, _LONGEST_ANSWER) if len(element) <= _PARTS else None


def _beginning(element: HtmlElement, length: int) -> str:
    """Its text, as far as it takes to be longer than this: two hundred boxes may lie in each other."""
    pieces, have = [], 0
    for piece in element.itertext():
        pieces.append(piece)
        have += len(piece)
        if have > length:
            break
    return "".join(pieces)


def _is_row(around: HtmlElement | None) -> bool:
    """False for what is around a word within a sentence: a link or an emphasis."""
    return around is not None and not any((t or "").strip() for t in (around.text, *(e.tail for e in around)))


def _asks(box: HtmlElement) -> bool:
    """Whether it speaks of cookies to its reader, and holds no article."""
    if box.tag in _ARTICLE or next(box.iter(*_ARTICLE), None) is not None:
        return False
    said = clean(_beginning(box, _LONGEST_DIALOG))
    return _SUBJECT.search(said) is not None and PLAIN.search(said) is None
