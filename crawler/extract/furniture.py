"""What an unknown site prints on each of its pages, told by its shape and not by its names: heads of its
other stories in rows that are alike, and the imprint.

Of a page whose text is missing this is all that is left, and was read as the text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from urllib.parse import urldefrag, urlsplit

from lxml.html import HtmlElement

from crawler.extract.blocks import clean, walk
from crawler.extract.body import announces
from crawler.extract.document import Document
from crawler.extract.mute import OFFERED, is_offer
from crawler.extract.nature import shows_article
from crawler.extract.prune import MOST, outermost, share_of
from crawler.extract.register import PLAIN
from crawler.extract.stamps import STAMP
from crawler.extract.title import cleaned_title
from crawler.letters import letters
from crawler.rare import Rare

_ROWS = 3
"""Rows that are alike from which they are a list."""
_LONGEST_ROW = 300
"""Characters of a row: a headline, two sentences, who and when have 150."""
_HEADLINE = 8
"""Letters of a link from which it is a headline and no section's name."""
_BEFORE = 25
"""Characters that may stand in a row before its headline: a number, a section."""
_BESIDE = 12
"""Letters that may stand in the headline's own line, digits apart: a house, a section."""
_LEVELS = 5
"""Elements around a link of which one may be its row (``ul > li > div > strong > a``)."""
_PART = 0.5
"""Share of a page's text from which such rows are what it is made of: a list, or an article that is
missing."""
_TITLE = 10
"""Letters of a title from which it is a headline; a section's name has fewer."""
_HEADING = 12
"""Letters of what stands over such a list: 이 시각 많이 본 뉴스 has 8."""
_HEADS = ("h2", "h3", "h4", "h5", "h6", "strong", "b", "dt")
_ROW_TAGS = frozenset({"li", "div", "a", "article", "section", "dl", "tr"})
"""A paragraph, a heading or a span in a row of such is among the text's own."""
_OWN = ("h1", "main", "article")


def other_stories(document: Document, article: HtmlElement | None) -> list[HtmlElement]:
    """Lists of other stories' heads, each with its box and its heading; none on a page that is such a list.

    Args:
        article: what the page calls its text: a list that is most of that is the article's own.
    """
    found = outermost(_box(row) if len(rows) == 1 else row for rows in _lists(document) for row in rows)
    mine = [e for e in found if not _is_most_of(e, article)]
    if not mine:
        return []
    said = sum(len(clean(e.text_content())) for e in mine)
    is_most = said >= _PART * len(clean(document.tree.text_content()))
    return [] if is_most and not _has_head(document, mine) else mine


def _box(rows: HtmlElement) -> HtmlElement:
    """The outermost box that says no more than the list and its heading."""
    place = rows
    while (around := place.getparent()) is not None and around.tag in _PLACES:
        beside = [e for e in around if e is not place and clean(e.text_content())]
        if not all(map(_is_heading, beside)) or clean(around.text or "") or len(beside) > 1:
            return place
        if beside and beside[0] not in place.itersiblings(preceding=True):
            return place
        place = around
    return place


_PLACES = ("div", "section", "aside", "dl", "dd", "td", "nav", "footer")


def _is_heading(element: HtmlElement) -> bool:
    text = clean(element.text_content())
    return announces(text) or (element.tag in _HEADS and len(letters(text)) <= _HEADING)


def _is_most_of(element: HtmlElement, article: HtmlElement | None) -> bool:
    if article is None or article not in (element, *element.iterancestors()):
        return False
    return share_of(element, article) >= MOST


def _has_head(document: Document, lists: list[HtmlElement]) -> bool:
    """Outside these lists the page prints a headline of its own, and says when it was published."""
    told = cleaned_title(document)
    title = letters(told.value) if told is not None else ""
    if len(title) < _TITLE:
        return False
    inside = {e for one in lists for e in one.iter()}
    apart = [b.text for b in walk(document.tree) if b.place not in inside]
    is_dated = shows_article(document) or any(STAMP.search(text) for text in apart)
    return is_dated and any(letters(text) == title for text in apart)


def _lists(document: Document) -> Iterator[list[HtmlElement]]:
    """The list as one element where it has nothing else, else its rows."""
    leads = _leads(document)
    rows: defaultdict[tuple[HtmlElement, object], list[HtmlElement]] = defaultdict(list)
    for element, links in leads.items():
        parent = element.getparent()
        if (
            parent is not None
            and element.tag in _ROW_TAGS
            and len(links) == 1
            and not (element.tag == "a" and _is_in_sentence(element))
            and _is_row(element, next(iter(links.values())))
        ):
            rows[parent, element.tag].append(element)
    for (parent, _), found in rows.items():
        if len(found) >= _ROWS:
            is_all = parent.tag not in ("body", "html") and len(found) == sum(
                1 for e in parent if clean(e.text_content())
            )
            yield [parent] if is_all and not (parent.text or "").strip() else found


def _is_in_sentence(link: HtmlElement) -> bool:
    """Words stand right before or behind a link: a paragraph with three of them is no list."""
    before, parent = link.getprevious(), link.getparent()
    said = before.tail if before is not None else (parent.text if parent is not None else "")
    return bool(letters(said or "") or letters(link.tail or ""))


def _leads(document: Document) -> Mapping[HtmlElement, dict[str, HtmlElement]]:
    """Element -> the pages that headlines in it lead to, each with its first link."""
    found: defaultdict[HtmlElement, dict[str, HtmlElement]] = defaultdict(dict)
    own = urldefrag(document.url).url
    site = _site(own)
    for link in document.tree.iter("a"):
        text = _within(link, _LONGEST_ROW)
        if text is None or len(letters(text)) < _HEADLINE:
            continue
        there = document.absolute(link.get("href") or "")
        page = urldefrag(there).url if there is not None and _site(there) == site else own
        if page == own:
            continue
        for element in (link, *islice(link.iterancestors(), _LEVELS)):
            found[element].setdefault(page, link)
    for element in document.tree.iter(*_CLICKED):
        if element.get("onclick") and len(letters(_within(element, _LONGEST_ROW) or "")) >= _HEADLINE:
            for around in (element, *islice(element.iterancestors(), _LEVELS)):
                found[around].setdefault(element.get("onclick") or "", element)
    return found


_CLICKED = ("div", "li", "article", "dl", "tr")
"""What a script makes a link of."""


def _site(url: str) -> str:
    """The host without its first name where it has three: ``m.``, ``www.`` and ``news.`` are one site's."""
    host = urlsplit(url).netloc.partition(":")[0]
    return host.partition(".")[2] if host.count(".") > 1 else host


def _is_row(element: HtmlElement, link: HtmlElement) -> bool:
    """A headline that is a link, alone in its line and near the beginning, and hardly anything else."""
    text = _within(element, _LONGEST_ROW)
    if text is None or any(e is not element for e in element.iter(*_OWN)):
        return False
    head = next((h for h in element.iter(*_HEADS) if link in (*h.iter(), *h.iterancestors())), link)
    said = clean(head.text_content())
    if len(letters(said)) < _HEADLINE or PLAIN.search(said) or not -1 < text.find(said) <= _BEFORE:
        return False
    if link in head.iterancestors() or (link.tag != "a" and head is not link):
        return True
    if head is link and len(link) == 0 and len(letters(text)) - len(letters(said)) <= _BESIDE:
        return True  # with its line, the row has no more beside it
    line = next((b.text for b in walk(element) if said in b.text), "")
    rest = "".join(c for c in letters(line.replace(said, "", 1)) if not c.isdigit())
    return bool(line) and len(rest) <= _BESIDE


_MENU, _WORD, _LINKED = 3, 8, 0.95
"""Links of a menu, and the letters that they have on average: sections and tags have 2 to 5.
Their share of the row's letters: our choice."""
_MENUS = ("ul", "ol", "div", "nav", "section", "p", "dl", "td")


def menus(document: Document) -> list[HtmlElement]:
    """Rows of links in a word each, and nothing beside them: sections, tags."""
    links = (a for a in document.tree.iter("a") if 0 < len((a.text or "").strip()) <= 2 * _WORD)
    return outermost(e for e in _around(links, _MENUS, least=_MENU) if _is_menu(e))


def _around(elements: Iterable[HtmlElement], tags: Collection[str], *, least: int = 1) -> list[HtmlElement]:
    """The near ancestors of elements, themselves included, that have so many of them: a cheap look first."""
    found = Counter(a for e in elements for a in [e, *islice(e.iterancestors(), _LEVELS)] if a.tag in tags)
    return [e for e, count in found.items() if count >= least]


def _saying(document: Document, words: Rare) -> Iterator[HtmlElement]:
    """Elements with one of these words in a text of their own."""
    for element in document.tree.iter("*"):
        if element.text and words.search(element.text):
            yield element
        parent = element.getparent() if element.tail and words.search(element.tail) else None
        if parent is not None:
            yield parent


def _is_menu(element: HtmlElement) -> bool:
    text = _within(element, _LONGEST_IMPRINT)
    if text is None:
        return False
    links = [t for a in element.iter("a") if a.get("href") and (t := letters(clean(a.text_content())))]
    linked = sum(map(len, links))
    if len(links) < _MENU or linked > _WORD * len(links):
        return False
    return linked >= _LINKED * len(letters(text)) and not _ROLE.search("".join(links))


_LONGEST_OFFER = 300
"""Characters of a box that offers a newsletter, a subscription, an application; they have 60 to 150."""


def offers(document: Document) -> list[HtmlElement]:
    """Boxes with a button or a field in which the site offers something to its reader and says no more."""
    return outermost(e for e in _around(_saying(document, OFFERED), _OFFERING) if _is_offer(e, document))


_OFFERING = ("div", "section", "aside", "form")


def _is_offer(element: HtmlElement, document: Document) -> bool:
    if (
        next(element.iter("a", "button", "input"), None) is None
        or next(element.iter(*_OWN), None) is not None
    ):
        return False
    lines = [b.text for b in walk(element)] if _within(element, _LONGEST_OFFER) else []
    is_typed = any((e.get("type") or "").lower() == "email" for e in element.iter("input"))
    return bool(lines) and is_offer(lines, document, typed=is_typed)


_ROLE = Rare("기자|특파원|에디터")
_STRONG = (
    r"제\s?호|등록\s?(?:번호|일자?|연월일)|발행(?:인|일자?|처|소)|편집(?:인|국장|책임자)"
    r"|(?:청소년|개인정보)\s?보호\s?(?:관리\s?)?책임자|사업자\s?(?:등록\s?)?번호"
    r"|통신\s?판매업?(?:\s?신고)?(?:\s?번호)?|인터넷\s?신문\s?(?:사업)?\s?등록"
)
_PUBLISHES = Rare(_STRONG)
_WEAK = (
    r"대표\s?(?:전화|이사|자|번호)?|주\s?소|전\s?화(?:번호)?|팩\s?스|FAX|TEL|이?메일|E-?mail|법인명|상호명?"
    r"|광고\s?문의|제보|Addr(?:ess)?"
)
_LABEL = Rare(
    rf"(?<![가-힣A-Za-z])(?:(?P<strong>{_STRONG})|(?P<weak>{_WEAK}))(?:\s?[·,ㆍ/&]\s?[가-힣]{{2,6}})?\s*[:：|ㅣ.]",
    re.IGNORECASE,
)
"""What an imprint tells of a paper (the law on newspapers wants the first of them on each page), and what
stands beside it."""
_CELL = Rare(rf"((?:^|[|ㅣ])\s*(?:{_STRONG}|{_WEAK}))\s+(?=\S)")
_LABELS = 3
"""Different labels from which a text is an imprint."""
_LONGEST_IMPRINT = 1500
_IMPRINTED = ("div", "p", "ul", "ol", "dl", "address", "section", "li", "td", "span", "footer", "table", "dd")


def imprints(document: Document) -> list[HtmlElement]:
    """Elements that say who publishes the site, and the lines beside them that say where he is found."""
    found = [e for e in _around(_saying(document, _PUBLISHES), _IMPRINTED) if _is_imprint(e)]
    holders = {a for e in found for a in e.iterancestors()}
    innermost = [e for e in found if e not in holders]
    beside = (b for e in innermost for b in _siblings(e) if _labels(_within(b, _LONGEST_IMPRINT) or ""))
    return outermost((*innermost, *beside))


def _within(element: HtmlElement, most: int) -> str | None:
    """An element's text; None where it is longer: two hundred boxes may lie in each other around a page."""
    pieces, have = [], 0
    for piece in element.itertext():
        pieces.append(piece)
        have += len(piece.strip())
        if have > most:
            return None
    return clean("".join(pieces))


def _siblings(element: HtmlElement) -> Iterator[HtmlElement]:
    yield from element.itersiblings(*_IMPRINTED)
    yield from element.itersiblings(*_IMPRINTED, preceding=True)


def _is_imprint(element: HtmlElement) -> bool:
    text = _within(element, _LONGEST_IMPRINT) or ""
    return len(_labels(text)) >= _LABELS and _has_strong(text)


def _labels(text: str) -> set[str]:
    if PLAIN.search(text):
        return set()
    return {match.group().strip(" :：|ㅣ.") for match in _LABEL.finditer(_marked(text))}


def _has_strong(text: str) -> bool:
    return any(match["strong"] for match in _LABEL.finditer(_marked(text)))


def _marked(text: str) -> str:
    """The text with a colon behind each label at the beginning of a cell (``발행인 김가상 | 전화 02-1``)."""
    return _CELL.sub(r"\1: ", text)
