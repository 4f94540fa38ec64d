"""What a page of any publisher says beside its body: who made it, and what may be done with it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from itertools import islice, takewhile

from lxml.html import HtmlElement

from crawler.extract.blocks import Block, clean, lines_of, verbatim_of, walk
from crawler.extract.body import announces
from crawler.extract.embedded import embedded_authors, script_subtitle
from crawler.extract.follow import ABOVE, SENTENCE
from crawler.extract.head_signers import head_signers
from crawler.extract.header import is_lone, is_stamp
from crawler.extract.headline_words import TOLD, marks, share_within
from crawler.extract.heads import ABOVE_SUBTITLES, SUBTITLES, follows_text, stands_over
from crawler.extract.house import house_of, names_house
from crawler.extract.owner import printed_notices
from crawler.extract.page import Page
from crawler.extract.prune import still_in
from crawler.extract.selectors import select
from crawler.extract.signers import LONGEST_BYLINE, Signed, boxed_addresses, completing_addresses, signed_in
from crawler.extract.stamps import CLOCKED
from crawler.extract.story_data import story_authors, story_notices
from crawler.extract.title import is_of_site, prints_headline
from storage.records.extraction import LONE, Raw

_BY = re.compile(r"^(?:by|글|작성자|기자명)\s*[:：]?\s+", re.IGNORECASE)
_AUTHORS = (
    *("dable:author", "author", "byl", "article:author", "parsely-author", "sailthru.author"),
    *("dc.creator", "dc:creator", "dcterms.creator", "dcterms:creator"),
)
"""Meta elements that name who wrote."""
_WROTE = re.compile(
    r"(?:(?:written|posted|published)\s)?by|authors?|글쓴이|작성자|기자|저자|글|verfasst von|geschrieben von"
    r"|par|écrit par|escrito por|publicado por|scritto da|geschreven door|著者|作者|執筆者|投稿者",
    re.IGNORECASE,
)
"""What the card of a page labels its author with (``twitter:label1``, in the language of the site): Yoast and
other add-ons of WordPress write it; 293 of 1,229 saved articles have one (2026-11-28)."""
_BOARD = re.compile(
    r"(?:\S{1,10}\s?)?(?:보도\s?(?:자료|설명자료|참고자료)|공지\s?사항|공지|새\s?소식|소식|게시판|알림\s?마당|고시\s?[/·]?\s?공고|자료실|언론\s?보도)"
    r"(?:\s?(?:상세|조회|보기|내용|상세\s?보기|글\s?보기))?"
)
"""Names of boards of institutions: they stand in the title element of each page."""
_PRINTED = 0.5
"""The same (``TOLD``) of what is only printed like a headline."""
_HEADS = frozenset({"h1", "h2", "h3", "h4"})
_TITLES = re.compile(r"title|(?:^|[\s_-])tit(?:$|[\s_-])|subject|headline|heading", re.IGNORECASE)
_SAID = 25
"""Characters of a sentence with which a text begins."""


def _words_in(headline: str, text: str) -> float:
    words = marks(headline)
    return share_within(words, text) if len(words) >= _FEW else 0.0


def _is_text(line: str) -> bool:
    return len(line) >= _SAID and SENTENCE.search(line) is not None


def _is_called_title(place: HtmlElement) -> bool:
    cells = place if place.tag == "tr" and len(place) == 1 else ()  # of a row of one cell, that
    names = " ".join(f"{one.get('class') or ''} {one.get('id') or ''}" for one in (place, *cells))
    return place.tag in _HEADS or _TITLES.search(names) is not None


_FEW = 3
"""Marks of a headline (``headline_words``) that its share is taken of."""
_PLACES = ("div", "section", "article", "header", "main")
_BOXES, _OVER = 4, 3
"""Elements around a headline, and lines over it (a section, a number), among which its day may stand."""
_BEHIND = 3
"""Lines behind a headline whose text is elsewhere: a standfirst, who wrote, when."""
_TITLE = re.compile(r"(?:글\s?)?제\s{0,4}목")
_SIGNED = 3
"""Lines at the end of a body among which who signed stands: a sign-off, the crew, a call for tips."""


class GenericFields(Page):
    """The fields of a page without a class of its own."""

    def title(self) -> Raw | None:
        return self._title

    @cached_property
    def _title(self) -> Raw | None:
        """The headline right above the body, where nothing but the title element tells another."""
        told = super().title()
        if told is not None and _BOARD.fullmatch(told.value.strip()) and (row := self._titled_row()):
            return row
        if (over := self._headline_over_text(told)) is not None:
            return over
        if told is None or told.rule != "title":
            return told
        above = self._heading()
        is_head = above is not None and above.rule.startswith("h1")
        if above is not None and is_head and prints_headline(above.value, told.value, self.document):
            return above
        return self._titled_row() if names_house(told.value, self.document) else told

    def _headline_over_text(self, told: Raw | None) -> Raw | None:
        """What is printed like a headline over the text and has its words, where what is told has none and is
        printed nowhere: some sites tell the same on each of their pages."""
        said = clean(told.value) if told is not None and not is_of_site(told.value, self.document) else ""
        text = self._container_text
        if not text or _words_in(said, text) >= TOLD:
            return None
        heads = list(takewhile(lambda block: not _is_text(block.text), walk(self.document.tree)))
        if said and any(block.text == said for block in heads):
            return None
        called = (b.text for b in reversed(heads) if b.place is not None and _is_called_title(b.place))
        least = _PRINTED if said else TOLD  # nothing is told that could be the headline in its place
        fit = (t for t in called if _words_in(t, text.replace(t.lower(), " ")) >= least)
        return next((Raw(value=t, rule="headline over the text") for t in fit), None)

    @cached_property
    def _container_text(self) -> str:
        found = self._container
        return clean(found.text_content()).lower() if found is not None and self._on_page(found) else ""

    def _titled_row(self) -> Raw | None:
        """What a table or a list of a board says behind its label 제목; behind a column's head is none."""
        labels = (e for e in self.document.all("th, dt") if _TITLE.fullmatch(clean(e.text_content())))
        beside = (e.getnext() for e in labels)
        told = (verbatim_of(e) for e in beside if e is not None and e.tag in {"td", "dd"})
        return next((Raw(value=text, rule="row 제목") for text in told if text), None)

    def subtitle(self) -> Raw | None:
        """The first subtitle element inside the container or in the same column above it."""
        container = self._container
        title = self.title()
        above = list(container.iterancestors())[:3] if container is not None else []
        printed = [(container, SUBTITLES), *((place, f"{SUBTITLES}, {ABOVE_SUBTITLES}") for place in above)]
        for place, css in printed:
            for element in self._in(place, css) if place is not None and place.tag != "body" else ():
                text = lines_of(element)
                if not text or (title and text == clean(title.value)) or self._is_subhead(element):
                    continue
                if container is not None and stands_over(element, place, container):
                    return Raw(value=text, rule=f".{(element.get('class') or '').split()[0]}")
        return script_subtitle(self.document, clean(title.value)) if title else None

    def _is_subhead(self, element: HtmlElement) -> bool:
        """Within the body a name that is a subtitle's above one alone, or anything behind a sentence."""
        container = self._container
        if container is None or not still_in(element, container):
            return False
        return element not in self._in(container, SUBTITLES) or follows_text(element)

    def _in(self, place: HtmlElement, css: str) -> list[HtmlElement]:
        """What matches in a place, itself included; on the page from its index."""
        if place is not self.document.tree and not self._on_page(place):
            return select(place, css)
        return [e for e in self.document.all(css) if e is place or still_in(e, place)]

    def publisher(self) -> Raw | None:
        return house_of(self.document)

    def published_all(self) -> tuple[Raw, ...]:
        return super().published_all() or tuple(self._over_headline())

    def _over_headline(self) -> list[Raw]:
        """The time that stands alone right over the headline, in one box with it, where no other is told."""
        title = self.title()
        named = clean(title.value) if title is not None else ""
        headings = (h for h in self.document.tree.iter("h1", "h2", "h3") if clean(h.text_content()) == named)
        around = (islice(h.iterancestors(*_PLACES), _BOXES) for h in islice(headings, 1))
        for box in (box for boxes in around for box in boxes):
            lines = [block.text for block in walk(box)]
            over = lines[max(0, lines.index(named) - _OVER) : lines.index(named)] if named in lines else []
            if stamps := [line for line in over if is_stamp(line)]:
                return [Raw(value=stamps[-1], rule="over the headline")]
        return []

    @cached_property
    def header_lines(self) -> list[str]:
        """The page's head, above the body or at its top (daejonilbo.com, mobile, 2020)."""
        above = [r for r in (self._body.removed if self._body else ()) if r.rule in {"header line", ABOVE}]
        inside = [piece for removed in above for piece in self._parted(removed.text)]
        inside += self._signed.lines if self._signed and self._signs_above(self._signed) else ()
        lines = [*super().header_lines, *self._below_title(inside)]
        return lines or self._behind_headline()

    def _parted(self, line: str) -> list[str]:
        """A line of the head in pieces, where it is a row of elements that only the look parts."""
        row = self._page_places.get(line) if len(line) <= LONGEST_BYLINE else None
        if row is None or len(row) < 2 or clean(row.text_content()) != line:
            return [line]
        between = (row.text, *(cell.tail for cell in row))
        return [line] if any(map(clean, filter(None, between))) else [clean(c.text_content()) for c in row]

    def _behind_headline(self) -> list[str]:
        """The lines right behind the printed headline of a text that stands elsewhere, as in a script."""
        named = clean(self.told_title.value) if self.told_title is not None else ""
        blocks = self._page_blocks
        behind = blocks[blocks.index(named) + 1 :][:_BEHIND] if named in blocks else []
        lines = takewhile(lambda line: not (_is_text(line) or announces(line)), behind)
        return [piece for line in lines for piece in self._parted(line)]

    def _below_title(self, lines: list[str]) -> list[str]:
        """The lines without times over the headline, where others stand below it: those are of the look."""
        clocks = [line for line in lines if CLOCKED.search(line)]
        if len(clocks) <= 1 or self.told_title is None:
            return lines
        blocks, named = self._page_blocks, clean(self.told_title.value)
        above = set(blocks[: blocks.index(named)] if named in blocks else ())
        return lines if above.issuperset(clocks) else [x for x in lines if x not in above or x not in clocks]

    @cached_property
    def _signed(self) -> Signed | None:
        return signed_in(self.document)

    def _signs_above(self, signed: Signed) -> bool:
        """Whether who signs stands in the container, over its text: the time may stand there too."""
        container = self._container
        if container is None or not self._on_page(container):
            return False
        return stands_over(signed.place, container, container)

    def byline_line(self) -> Raw | None:
        """A line of the head; the whole of the element called so where the line is a part of it."""
        line, element = super().byline_line(), self._signed.said if self._signed else None
        if line is not None and line.value.startswith("By ") and self._names_more(line.value):
            line = None
        if line is not None and is_lone(line.value):
            line = replace(line, rule=LONE)
        if line is None or element is None or line.value not in element.value:
            return line or element
        return replace(element, part=line)

    def _names_more(self, line: str) -> bool:
        """Whether the JSON-LD has names beside those in a line that stands in pieces (nature.com, 2025): the
        others may be behind a button."""
        told = [raw.value for raw in super().author_hints()]
        return line not in self.header_lines and any(name not in line for name in told)

    def author_hints(self) -> tuple[Raw, ...]:
        publisher = self.publisher()
        told = [*super().author_hints(), *boxed_addresses(self.document)]

        def named() -> str:
            signed = self._body.paragraphs[-_SIGNED:] if self._body else ()
            return "\n".join([*self.header_lines, *signed, *(raw.value for raw in told)])

        told += [raw for raw in completing_addresses(self.document, named) if raw not in told]
        found = told or [*embedded_authors(self.document), *story_authors(self.document)]
        for name in ("dable:author",) if found else _AUTHORS:
            for value in self.document.metas.get(name, []):
                text = _BY.sub("", value)
                if (
                    text
                    and not (publisher and text == publisher.value)
                    and not text.startswith(("http", "@"))
                ):
                    found.append(Raw(value=text, rule=name))
        return tuple(found or self._carded() or self._beside_headline())

    def _carded(self) -> list[Raw]:
        """Whom the page's card names; a word in small letters is an account's name (admin)."""
        metas = self.document.metas
        pairs = ((metas.get(f"twitter:label{n}"), metas.get(f"twitter:data{n}")) for n in (1, 2))
        told = [data[0] for label, data in pairs if label and data and _WROTE.fullmatch(label[0].strip(" :"))]
        return [Raw(value=name, rule="twitter:data") for name in told if not name.islower()]

    def _beside_headline(self) -> list[Raw]:
        title = self.told_title.value if self.told_title else ""
        lines, said = self._body.paragraphs if self._body else (), self._container_text
        within = (line for line in lines if line.lower() in said)  # a paragraph above may open the text
        text = next(within, next(iter(lines), ""))
        return head_signers(self.document, title, self._container, text)

    def notices(self) -> tuple[Raw, ...]:
        printed = printed_notices(self.document, self._page_blocks, self._container)
        return (*printed, *story_notices(self.document))

    @cached_property
    def _page_places(self) -> dict[str, HtmlElement | None]:
        return {block.text: block.place for block in reversed(self._page_walk)}

    @cached_property
    def _page_blocks(self) -> list[str]:
        return [block.text for block in self._page_walk]

    @cached_property
    def _page_walk(self) -> list[Block]:
        return list(walk(self.document.tree))
