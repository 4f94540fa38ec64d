"""Elements that are called after who signed: the byline over a text, the reporter's box under it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from crawler.extract.blocks import clean, is_silent, parts_words, walk
from crawler.extract.document import Document
from crawler.extract.stamps import WHOLE_STAMP
from storage.records.extraction import Raw

_BYLINES = (
    "[itemprop=author]",
    "[rel=author]",
    ".vcard .fn",
    ".byline",
    ".author",
    ".by",
    ".article-author",
    ".article_author",
    ".reporter",
    ".writer",
    ".art_writer",
    ".reporters, .writers, .authors, .journalists, .bylines",
    "[class*=reporter-name], [class*=reporter_name], [class*=writer-name], [class*=writer_name]"
    ", [class*=journalist-name], [class*=journalist_name], [class*=byline-name], [class*=byline_name]"
    ", [class*=author-name], [class*=author_name]",
    "address",
)
NAMING = frozenset({"[itemprop=author]", "[rel=author]", ".vcard .fn", "[class*=reporter-name]"})
"""Rules of elements that hold a name and nothing else; a ``.byline`` may hold anything."""
_BOXES = (
    ".writer, .reporter, .journalist, .reporter_area, .byline, .article-writer, .author, .author-box"
    ", .journalistArea, .journalist_area, .reporter_info, .reporter-info, .reporterInfo, .reporter_box"
    ", .writer_info, .writer-info, .article_writer, .article_reporter"
    ", .reporter_card, .reporter-card, .reporterCard, .journalist_card, .journalist-card, .view-editors"
)
_LIKE_BOXES = re.compile("[Bb]yline|[Rr]eporter|[Jj]ournalist|[Ww]riter|[Aa]uthor|(?:^|\\s)account(?:\\s|$)")
"""What is called so in part, or as ND Soft's box is; a rank of reporters too, so that it only completes."""
_CONTROLS = re.compile(
    r"(?<!\S)(?:Published|Posted|Updated|Share|Print"
    r"|(?:최초\s?|최종\s?)?(?:입력|등록|승인|수정|송고|업데이트)(?:시간|일시|일)?\s?[:：]?)(?!\S)"
)
"""The time's label and the buttons in a byline's element; the English ones in capitals, as a name's words."""
MARKS = " -–—|·•/,:"
"""What parts a name from the time and the house beside it."""
LONGEST_BYLINE = 90
"""Characters; several people with their addresses have under 90, more is a box about an author."""
_LONGEST_NAME = 40
"""Characters of a reporter with role and house."""
_LONGEST_BOX = 300
_MOST_BOXES = 6
"""More of them are a list of stories, each with its own."""
_OUTSIDE = frozenset({"footer", "nav", "aside", "li", "form", "figure", "figcaption"})
_MAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_WITH_ADDRESS = etree.XPath("descendant-or-self::*[text()[contains(., '@')]]")
_NAMED = re.compile(r"[가-힣]{2,5}")
_FRENCH = re.compile(r"\A(Par\s[^\n]*?)\s[Ll]e\s*\n")
"""``Par Alexandre Arlot Le 7 avril 2023`` (leparisien.fr) without its time; elsewhere ``Le`` is a name."""
_SIGNED = re.compile(
    r"[가-힣]{2,5}\s?[가-힣]{0,6}(?:기자|특파원|논설위원|앵커|PD)"
    r"(?=(?:\s*(?:구독|팔로우|이메일|메일|기자\s?페이지|다른\s?기사).*)?\Z)"
)
"""A reporter and the buttons behind."""


_ROLES = r"(?:(?:선임|전문|인턴|수습|객원|시민)?기자|특파원|논설위원|앵커|PD)"
_OPENED = re.compile(rf"(?P<name>[가-힣]{{2,4}}?)(?:\s?(?P<role>{_ROLES}))?(?![가-힣])")
_OF_HOUSE = re.compile("제보|문의|고객|보도자료")
"""The house's own address beside the reporter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The first element that a template calls the byline."""

    place: HtmlElement
    said: Raw
    """What it says; times in it are none of it."""

    @property
    def lines(self) -> tuple[str, ...]:
        """Its lines, each name of a list by itself."""
        return tuple(dict.fromkeys(block.text for block in walk(self.place)))


def signed_in(document: Document) -> Signed | None:
    """That element of a page."""
    for css in _BYLINES:
        found = [e for e in document.all(css) if not any(a.tag in _OUTSIDE for a in e.iterancestors())]
        if not 0 < len(found) <= _MOST_BOXES:
            continue
        timeless = WHOLE_STAMP.sub("\n", clean(_without_times(_widened(found[0]))))
        said = clean(_CONTROLS.sub(" ", _FRENCH.sub(r"\1 ", timeless)))
        said = said.strip(MARKS)
        if 1 < len(said) <= LONGEST_BYLINE:
            return Signed(place=found[0], said=Raw(value=said, rule=css.partition(",")[0]))
    return None


def _widened(element: HtmlElement) -> HtmlElement:
    """A link to the author stands in the line that names the others too (By A and B)."""
    parent = element.getparent()
    return (
        parent
        if element.tag == "a" and parent is not None and parent.tag in ("p", "span", "div")
        else element
    )


def _without_times(element: HtmlElement) -> str:
    return "".join(_said(element))


def _said(element: HtmlElement) -> Iterator[str]:
    """The text that is read, a link to an address as the address, no ``time``."""
    if is_silent(element) or element.tag == "time":
        return
    href = element.get("href") or ""
    if element.tag == "a" and href.startswith("mailto:"):
        yield href.removeprefix("mailto:").split("?")[0]
        return
    yield element.text or ""
    for child in element:
        gap = " " if parts_words(child) or _is_beside(child) else ""
        yield gap
        yield from _said(child)
        yield gap + (child.tail or "")


def _is_beside(element: HtmlElement) -> bool:
    """Right behind another element: a stylesheet keeps name and time apart (기자</span><span>승인)."""
    before = element.getprevious()
    return (
        before is not None and isinstance(before.tag, str) and not before.tail and element.tag == before.tag
    )


def boxed_addresses(document: Document) -> Iterator[Raw]:
    """``name role address`` for each reporter's box that has one: it fills what the page prints elsewhere.

    Of a box that lists several people each entry is one, without an address by name and role.
    """
    boxes = document.all(_BOXES)
    for box in boxes if len(boxes) <= _MOST_BOXES else ():
        entries = list(box.iter("li"))
        for place in entries if 1 < len(entries) <= _MOST_BOXES else [box]:
            yield from _boxed(place, is_entry=place is not box)


def completing_addresses(document: Document, named: Callable[[], str]) -> Iterator[Raw]:
    """The same of the smallest elements that are called so in part, for who is ``named`` already."""
    boxes = _around_addresses(document)
    holders = {a for e in boxes for a in e.iterancestors()}
    smallest = [_with_name(e) for e in boxes if e not in holders]
    known = named() if boxes else ""
    for box in dict.fromkeys(smallest if known and len(smallest) <= _MOST_BOXES else ()):
        entries = [li for li in box.iter("li") if _NAMED.search(clean(li.text_content()).partition("@")[0])]
        for place in entries if 1 < len(entries) <= _MOST_BOXES else [box]:
            if (raw := _completing(place, known)) is not None:
                yield raw


def _around_addresses(document: Document) -> list[HtmlElement]:
    """The innermost such element around each address, found from the address: a page has few of them."""
    found: dict[HtmlElement, bool] = {}
    for place in cast("list[HtmlElement]", _WITH_ADDRESS(document.tree)):
        around = (place, *place.iterancestors())
        box = next((e for e in around if _LIKE_BOXES.search(e.get("class") or "")), None)
        if box is not None and box not in found:  # a thousand addresses may stand in one
            found[box] = _MAIL.search(_without_times(box)) is not None
    return [box for box, has in found.items() if has]


def _completing(place: HtmlElement, named: str) -> Raw | None:
    """The name that opens the box, its role and the address."""
    said = clean(_without_times(place))
    opened, mail = _OPENED.match(said), _MAIL.search(said)
    if opened is None or mail is None or len(said) > _LONGEST_BOX or _OF_HOUSE.search(said):
        return None
    if re.search(rf"(?<![가-힣]){opened['name']}(?:(?![가-힣])|{_ROLES}|입니다)", named) is None:
        return None
    return Raw(value=f"{opened['name']} {opened['role'] or ''} {mail.group()}", rule="reporter box")


def _with_name(element: HtmlElement) -> HtmlElement:
    """The element; around an address alone what holds it (``.reporter > .name + .reporter_mail``)."""
    parent = element.getparent()
    said = clean(_without_times(element))
    return parent if parent is not None and _NAMED.search(said.partition("@")[0]) is None else element


def _boxed(place: HtmlElement, *, is_entry: bool) -> Iterator[Raw]:
    said = clean(_without_times(place))
    if len(said) > _LONGEST_BOX:
        return
    mail = _MAIL.search(said)
    if mail is None:
        if is_entry and (signed := _SIGNED.match(said)):
            yield Raw(value=signed.group(), rule="reporter box")
        return
    lines = [said[: mail.start()].strip(" (|·/"), *(block.text for block in walk(place))]
    named = next((x for x in lines if _NAMED.search(x) and "@" not in x and len(x) <= _LONGEST_NAME), None)
    if named is not None:
        yield Raw(value=f"{named} {mail.group()}", rule="reporter box")
