"""List pages: HTML, section pages and newest-first lists, and what scripts ask for (JSON, JSONP)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from lxml import etree
from lxml.html import HtmlElement

from crawler.discover.feed import headline, machine_time, next_of
from crawler.discover.links import AddressOf, Hints, Links, unrecognised
from crawler.discover.markup import clean, html_tree
from crawler.discover.script_list import Place, places_of
from crawler.letters import key_of
from storage.records.discovery import Listing

# Relative, named and absolute times as Korean lists print them (docs/sites/: daum 1.3, fnnews 2).
_TIME = re.compile(
    r"방금|어제|그제|그저께|오늘|(?<!\d)\d{1,6}\s?(?:초|분|시간|일|주|개월|달|년)\s?전"
    r"|\d{4}\s?[.\-/]\s?\d{1,2}\s?[.\-/]\s?\d{1,2}|\d{1,2}:\d{2}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMarkup:
    """The class names of a site's lists. Titles and infos are hints and may be wrong."""

    proof: frozenset[str] = frozenset()
    """Classes and ids of the lists themselves: one of them on the page proves that it is the list."""
    proof_needed: bool = False
    """False: an article's address anywhere on the page proves the list as well."""
    titles: tuple[str, ...] = ()
    infos: tuple[str, ...] = ()
    """Short strings beside a title: a publisher or a time, told apart by their shape."""


def parse_listing(
    body: bytes,
    base_url: str,
    seen_at: datetime,
    *,
    address: AddressOf,
    markup: ListMarkup,
    seed_url: str | None = None,
) -> Listing:
    """Every link of the page that is an article of the source, in the page's order, doubles out.

    ``base_url`` is the address that answered in the end: where it is not the seed's (a dead list that
    lands on the home page with status 200, docs/sites/daum.md 1.2) the page is refused whole. A page whose
    markup is unknown is told as such, yet the addresses on it are facts and are handed on.

    The next page is what the page calls so (``rel=next``) or what its row of numbers leads to: the same list
    with the next number (``?page=2``, ``/page/2``). A number that only a script knows names no page, and is
    told.
    """
    if seed_url is not None and _path(base_url) != _path(seed_url):
        return unrecognised(f"The list {seed_url} landed on another page, {base_url}.")
    if (places := places_of(body)) is not None:
        return _of_script(places, Links(address, base_url), markup, base_url)
    tree = html_tree(body)
    if tree is None:
        return unrecognised("The page is empty or holds no HTML at all.")
    links = Links(address, base_of(tree, base_url))
    _collect(tree, links, markup)
    named = list(_told_next(tree, base_url))
    follows = _next_in(tree, named, base_url)
    note = (
        (_ANOTHER.format(named[0]) if named else _scripted_next(tree, base_url)) if follows is None else None
    )
    if not len(links):  # no link on the page is an article's
        _add(places := _data_of(tree), links, markup)
        further, told = _onward(places, base_url) if len(links) else (None, None)
        follows, note = follows or further, note or told
    return links.listing(problem=_problem(tree, links, markup), next_url=follows, note=note)


_ANOTHER = "its next page is another list: {}"
_GOES_ON = "it says that more follow, and names no address for them"


def _of_script(places: list[Place], links: Links, markup: ListMarkup, base_url: str) -> Listing:
    """The articles that the objects of a script's list name, by addresses or by links in HTML."""
    _add(places, links, markup)
    if not len(links):
        return links.listing(problem="The JSON shows no article of this source.")
    follows, note = _onward(places, base_url)
    return links.listing(next_url=follows, note=note)


def _onward(places: list[Place], base_url: str) -> tuple[str | None, str | None]:
    """The next page of such a list, and what is told where it goes on and none is followed."""
    follows = next(filter(None, (next_of(place.next, base_url) for place in places)), None)
    # Of a seed the path is what proves the list.
    if follows is not None and _path(follows) != _path(base_url):
        return None, _ANOTHER.format(follows)
    follows = follows or _asked_on(places, base_url)
    if follows is not None or any(place.goes_on is False for place in places):
        return follows, None
    if any(place.goes_on for place in places):
        return None, _GOES_ON
    pages = max((place.pages for place in places), default=0)
    is_cut = pages > (_asked(base_url) or 1)
    return None, f"it says that it has {pages} pages, and not which this is" if is_cut else None


def _add(places: list[Place], links: Links, markup: ListMarkup) -> None:
    for place in places:
        hints = Hints(title=headline(place.title), time=machine_time(place.time), time_raw=clean(place.time))
        for printed in place.addresses:
            if (url := links.canonical(printed)) is None:
                links.reject()
            else:
                links.add(url, hints)
        for tree in map(html_tree, (one.encode("utf-8", "replace") for one in place.markup)):
            if tree is not None:
                _collect(tree, links, markup)


def _data_of(tree: HtmlElement) -> list[Place]:
    """What the page's data names (``__NEXT_DATA__``, an ItemList)."""
    scripts = (e for e in tree.iter("script") if "json" in (e.get("type") or "").lower())
    texts = ((script.text or "").encode("utf-8", "replace") for script in scripts)
    return [place for text in texts for place in places_of(text) or ()]


def _asked_on(places: list[Place], base_url: str) -> str | None:
    """The list's address with what asks for its next page: the cursor that it names, in the place of its own,
    or the next number where it says that more follow. None where its address has neither.
    """
    if any(place.goes_on is False for place in places):
        return None
    parts = urlsplit(base_url)
    said = {name: value for place in places for name, value in place.onward}
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    moved = [(name, said.get(key_of(name), value)) for name, value in pairs]
    if moved == pairs and (number := _asked(base_url)) is not None:
        # A list that counts from 0 has no page with the number of its pages.
        more = any(place.goes_on or place.pages > number + 1 for place in places)
        moved = [(n, str(number + 1) if more and _is_number_of(n, v) else v) for n, v in pairs]
    return urlunsplit(parts._replace(query=urlencode(moved), fragment="")) if moved != pairs else None


def _asked(url: str) -> int | None:
    """The number of a list's page in the query of its address."""
    numbers = (v for n, v in parse_qsl(urlsplit(url).query) if _is_number_of(n, v))
    return next(map(int, numbers), None)


def _is_number_of(name: str, value: str) -> bool:
    return _NUMBER_NAME.fullmatch(name) is not None and re.fullmatch(r"\d{1,5}", value, re.ASCII) is not None


def _collect(tree: HtmlElement, links: Links, markup: ListMarkup) -> None:
    around = _Around(markup)
    for element in cast(list[HtmlElement], _LEADING(tree)):
        printed = list(_targets(element))
        url = next(filter(None, map(links.canonical, printed)), None)
        if url is not None:
            links.add(url, around.hints(element))
        elif printed and element.tag in _LINKS:
            links.reject()


def base_of(tree: HtmlElement, url: str) -> str:
    """What the page's links are relative to: its own address, or what its first ``<base href>`` says."""
    for base in tree.iter("base"):
        if (href := base.get("href")) is not None:
            try:
                return urljoin(url, str(href).strip())
            except ValueError:  # a broken IPv6 literal: no browser takes it either
                return url
    return url


def is_time(text: str) -> bool:
    """True for the times of Korean lists: ``22분 전``, ``어제``, ``2026.09.01``, ``10:32``."""
    return _TIME.search(text) is not None


def first_of_class(element: HtmlElement, names: tuple[str, ...]) -> str | None:
    """The text of the first element with one of these classes, the first name first."""
    texts = (clean(found.text_content()) for name in names for found in element.find_class(name))
    return next(filter(None, texts), None)


def _problem(tree: HtmlElement, links: Links, markup: ListMarkup) -> str | None:
    if _has_any(tree, markup.proof):
        return None
    if not len(links):
        return "The page has no list that is known here and shows no article of this source."
    if markup.proof_needed:
        return f"The page has no list that is known here; it shows {len(links)} articles elsewhere."
    return None


def _has_any(tree: HtmlElement, names: frozenset[str]) -> bool:
    return any(
        element.get("id") in names or not names.isdisjoint((element.get("class") or "").split())
        for element in tree.iter(etree.Element)
    )


_LINKS = frozenset({"a", "area"})
_TARGETS = ("data-href", "data-url", "data-link")
"""Where an element keeps the address that a script follows."""
_LEADING = etree.XPath("//*[@href or " + " or ".join(f"@{name}" for name in (*_TARGETS, "onclick")) + "]")
_SCRIPTED = re.compile(r"""["']([^"'\s]{4,300})["']""")
_AS_ADDRESS = re.compile(r"^\s*(?:javascript:)?\s*", re.IGNORECASE)
"""``javascript:goView(5055)``: which article that is its source alone knows, whose ``address`` may say."""
_IN_SCRIPT = 400
"""Characters of a script in an attribute that are looked at; ``location.href='/news/1'`` has under 60."""


def _targets(element: HtmlElement) -> Iterator[str]:
    """The addresses that an element leads to: as a link, by its data, in a click's script; that script."""
    href = element.get("href") if element.tag in _LINKS else None
    if href is not None:
        yield href
    yield from (value for name in _TARGETS if (value := element.get(name)) is not None)
    scripts = (
        element.get("onclick"),
        href if href and href.lstrip().lower().startswith("javascript:") else None,
    )
    for script in filter(None, scripts):
        yield from _SCRIPTED.findall(script[:_IN_SCRIPT])
        yield _AS_ADDRESS.sub("javascript:", script[:_IN_SCRIPT], count=1)


class _Around:
    """What stands around the links of one page; each list item is looked through once, whatever it holds."""

    def __init__(self, markup: ListMarkup) -> None:
        self._markup = markup
        self._of_items: dict[HtmlElement, Hints | None] = {}
        """Item -> what it says beside its links; None: it holds other lists, and belongs to none of them."""

    def hints(self, anchor: HtmlElement) -> Hints:
        item = next(anchor.iterancestors("li"), None)
        said = None if item is None else self._said(item)
        if said is None:
            said = _beside(anchor, self._markup)
        own = _own_title(anchor) if anchor.tag in _LINKS else None  # a box that is clicked says more
        title = first_of_class(anchor, self._markup.titles) or own or said.title
        return Hints(title=title, time_raw=said.time_raw, publisher=said.publisher)

    def _said(self, item: HtmlElement) -> Hints | None:
        if item not in self._of_items:
            holds_lists = next(item.iter("ul", "ol"), None) is not None
            self._of_items[item] = None if holds_lists else _beside(item, self._markup)
        return self._of_items[item]


def _beside(item: HtmlElement, markup: ListMarkup) -> Hints:
    """The title, the time and the publisher that the markup names in an element."""
    infos = [
        text
        for name in markup.infos
        for found in item.find_class(name)
        if (text := clean(found.text_content())) is not None
    ]
    times = [text for text in infos if is_time(text)]
    names = [text for text in infos if not is_time(text)]
    return Hints(
        title=first_of_class(item, markup.titles),
        time_raw=times[0] if times else None,
        publisher=names[0] if names else None,
    )


def _own_title(anchor: HtmlElement) -> str | None:
    """What the link says of itself; a picture's link says nothing that is certain to be the title."""
    return clean(unquote(anchor.get("data-title") or "", errors="replace")) or clean(anchor.text_content())


_NUMBERED = re.compile(r"/page/(?P<number>\d{1,5})$")
"""WordPress' pages of a list; elsewhere a query has the number."""
_NUMBER_NAME = re.compile(r"[\w.\[\]-]*page[\w.\[\]-]*|pg|pn?", re.IGNORECASE)
"""``page``, ``pageNo``, ``nowPage``, ``sc_page``, ``p``."""
_PAGED = re.compile(r"page|[?&;]p[gn]?=|^\?", re.IGNORECASE)
"""A cheap look first: a page has hundreds of links."""

_Place = tuple[str, frozenset[tuple[str, str]]]
"""A list's path and query, without the number of its page."""


def _next_in(tree: HtmlElement, told: list[str], base_url: str) -> str | None:
    """The next page of an HTML list, by its ``rel=next``, its row of numbers, or what it calls the next.

    One that is told at another path is none: of a seed the path is what proves the list.
    """
    here = next((url for url in told if _path(url) == _path(base_url)), None)
    base = base_of(tree, base_url)
    return here or _next_number(tree, base, base_url) or _called_next(tree, base, base_url)


def _told_next(tree: HtmlElement, base_url: str) -> Iterator[str]:
    """What the page calls the next one (``rel=next``, alone or among other words)."""
    base = base_of(tree, base_url)
    links = (e for e in tree.iter("a", "link") if "next" in (e.get("rel") or "").lower().split())
    yield from filter(None, (next_of(link.get("href"), base) for link in links))


def page_number(url: str) -> int | None:
    """The number of a list's page in its address; None where it says none."""
    return _numbered(url)[1]


def _next_number(tree: HtmlElement, base: str, base_url: str) -> str | None:
    (path, query), shown = _numbered(base_url)
    others: dict[int, tuple[bool, str]] = {}
    for href in tree.xpath("//a/@href"):
        url = next_of(href, base) if _PAGED.search(href) else None
        if url is None:
            continue
        (its_path, its_query), number = _numbered(url)
        if number is None or its_path != path or not its_query >= query:
            continue
        exact = its_query == query  # more in its query may be a session, or a filter: the second choice
        if number not in others or (exact and not others[number][0]):
            others[number] = exact, url
    if shown is None:  # a row that begins at 0 counts from there
        shown = min(1, *others) if others else 1
    return others[shown + 1][1] if shown + 1 in others else None


_SAYS_NEXT = re.compile(
    r"(?:다음(?:\s?(?:페이지|목록))?|(?:기사\s?)?더\s?보기|next(?:\s?page)?|(?:load\s)?more|older(?:\s?posts)?)?\s?[>›»▶→]*",
    re.IGNORECASE,
)
_ONWARD = re.compile(r"\w*cursor|after|(?:last|max|since)\w*(?:id|seq|no|idx)", re.IGNORECASE)
"""What asks for the rest of a list, whatever its value."""
_GROWS = re.compile(r"\w*(?:offset|start|skip|begin|limit|size|count|cnt|rows?|index)|from", re.IGNORECASE)
"""What does so by a number that grows, as that of a page does; ``tab=2`` and a calendar's day do not."""


def _called_next(tree: HtmlElement, base: str, base_url: str) -> str | None:
    """The same list further on, behind a link or a button that says 다음 or 더보기 (``?offset=20``)."""
    for element in cast(list[HtmlElement], _CLICKED(tree)):
        said = (clean(element.text_content()), element.get("title"), element.get("aria-label"))
        if not any(text and _SAYS_NEXT.fullmatch(text.strip()) for text in said):
            continue
        targets = (v for n, v in element.items() if n == "href" or (n.startswith("data-") and "/" in v))
        found = (url for one in targets if (url := next_of(one, base)) is not None)
        if (follows := next((url for url in found if _is_further(url, base_url)), None)) is not None:
            return follows
    return None


def _is_further(url: str, base_url: str) -> bool:
    there, here = urlsplit(url), urlsplit(base_url)
    asked, known = (dict(parse_qsl(one.query, keep_blank_values=True)) for one in (there, here))
    moved = [name for name, value in asked.items() if known.get(name) != value]
    if _path(url) != _path(base_url) or len(moved) != 1 or not known.keys() <= asked.keys():
        return False
    name, value, before = moved[0], asked[moved[0]], known.get(moved[0], "0")
    if _ONWARD.fullmatch(name):
        return bool(value)
    numbers = re.fullmatch(r"\d{1,6}", value, re.ASCII) and re.fullmatch(r"\d{1,6}", before, re.ASCII)
    is_place = _GROWS.fullmatch(name) or _NUMBER_NAME.fullmatch(name)
    return bool(numbers and is_place) and int(value) > int(before)


_CLICKED = etree.XPath("//a|//button|//*[@onclick]")
_OF_PAGES = re.compile(r"[\w.$]*(?:page|paging|list)[\w.$]*\([^()]{0,60}\)", re.IGNORECASE)
"""``goPage(2)``, ``fn_page('2')``, ``linkPage(2)``; a calendar's ``goDay(2)`` is none."""


def _scripted_next(tree: HtmlElement, base_url: str) -> str | None:
    """That the next number of a row leads on by a script alone, in a sentence; None: none does."""
    number = str((_numbered(base_url)[1] or 1) + 1)
    for element in cast(list[HtmlElement], _CLICKED(tree)):
        text = (element.text_content() or "").strip()
        if text != number and not (text and _SAYS_NEXT.fullmatch(text)):
            continue
        scripts = (element.get("onclick"), element.get("href"))
        calls = (one[0] for said in scripts if said and (one := _OF_PAGES.search(said[:_IN_SCRIPT])))
        call = next((one for one in calls if re.search(rf"(?<!\d){number}(?!\d)", one)), None)
        if (how := call or _data_of_page(element, number)) is not None:
            return f"its page {number} is known to a script alone ({how}) and not read"
    return None


def _data_of_page(element: HtmlElement, number: str) -> str | None:
    """How an element that a script reads, or a form's button, says which page it leads to."""
    if element.get("value") == number and "page" in (name := element.get("name") or "").lower():
        return f"{name[:40]}={number}"
    data = (name for name, value in element.items() if value == number and "page" in name.lower())
    return next((f"{name[:40]}={number}" for name in data), None)


def _numbered(url: str) -> tuple[_Place, int | None]:
    """A list's address without the number of its page, and that number; None where it says none."""
    parts = urlsplit(url)
    path, numbers, rest = parts.path.rstrip("/"), [], []
    if in_path := _NUMBERED.search(path):
        path, numbers = path[: in_path.start()], [in_path["number"]]
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if _is_number_of(name, value):
            numbers.append(value)
        else:
            rest.append((name, value))
    return (path, frozenset(rest)), int(numbers[0]) if numbers else None


def _path(url: str) -> str:
    return _NUMBERED.sub("", urlsplit(url).path.rstrip("/"))
