"""The page class of every site without one: JSON-LD, meta elements, and trafilatura."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import dropwhile, takewhile
from typing import ClassVar

from lxml.html import HtmlElement

from crawler.extract.alone import others
from crawler.extract.blocks import clean, text_of, walk
from crawler.extract.body import Body, links_of
from crawler.extract.boxes import comments, controls, dialogs, is_machines
from crawler.extract.brief import POLITE, has_all
from crawler.extract.called import called_article
from crawler.extract.consent import consents
from crawler.extract.dated import tells_one_dated_story
from crawler.extract.densest import ENOUGH, densest
from crawler.extract.document import Document
from crawler.extract.embedded import embedded_article, scripted_article, stated_article
from crawler.extract.follow import ABOVE, SENTENCE
from crawler.extract.furniture import imprints, menus, offers, other_stories
from crawler.extract.generic_fields import GenericFields
from crawler.extract.heads import CONSENT, leading_subtitle, without_lines
from crawler.extract.linked import body_lines
from crawler.extract.missing import DESCRIBES, is_above
from crawler.extract.mute import is_head, tells, waits
from crawler.extract.nature import declares_article, is_titled_as_site, is_typed_article
from crawler.extract.no_story import Read, no_story
from crawler.extract.prune import MOST, Prune, prune_widgets
from crawler.extract.region import Letters, coverage, holds, pictures, region
from crawler.extract.stamps import CLOCKED
from crawler.extract.story_data import holds_story
from crawler.extract.whole import Whole, read_whole
from crawler.letters import letters
from storage.records import Removal
from storage.records.extraction import Extraction

_ALL = 0.9
"""Share of the page's letters in the library's one line from which that is its last resort, the page as it
is."""
_READ, _LINKED = 0.15, 0.5
"""Share of the library's letters in an element, links apart, from which its class does not make it a
widget."""
_TWICE = 2
"""How much more prose than the library's few letters another container has, for the library to have found
nothing: it drops whatever is called a comment (``comment-free`` around an article)."""
_PRINTED = 0.8
"""Share of the library's letters that the walk finds as lines of the page; then the page's own lines are the
body."""
_LONG = 1500
"""Characters of prose from which a page is an article though its head only names the site: the leads of a
front page together have a few hundred."""
_SENTENCES = 2
"""Sentences of plain prose that are news without a clock above them."""
_HEAD = 4
"""Lines at the top of a body among which those stand: two subtitles, who and when (our choice)."""
_LABEL = 10
"""Letters that lines have on average below which, without a sentence, they are labels: the sections of a menu
have 4 (entermedia.co.kr, 2018), the lines of a table more."""
_MENU = 400
"""Letters of a reading that may be a menu and nothing else."""
_OPENING = 180
"""Characters of a paragraph between headline and text from which it opens the text: of shorter ones most are
standfirsts, of ten longer ones on 345 saved articles eight were the text's (2026-11-28)."""
UNPRINTED = "trafilatura's own lines"
"""The rule of a body that the page prints nowhere as lines."""


class GenericPage(GenericFields):
    """Any Korean publisher's article page."""

    name: ClassVar[str] = "generic/1"
    prunes: ClassVar[tuple[Prune, ...]] = (
        Prune(rule="navigation", css="nav, [role=navigation]", share=MOST),
        Prune(rule="notice", css=".copyright, .copy_right, .txt_copyright, .article-copy"),
        Prune(rule="aside", css="aside", share=0.3),
        Prune(
            rule="reporter box",
            css=".reporter_area, .byline, .journalist, .writer_info, .media_end_head_journalist",
        ),
    )
    container_css: ClassVar[tuple[str, ...]] = (
        "[itemprop=articleBody]",  # schema.org microdata
        "#article-view-content-div",  # ND Soft, the CMS of several hundred Korean papers
        "#dic_area",
        "#articleBodyContents",  # Naver, new and old
        "#articleBody",
        "#article_body",
    )

    def beside(self, document: Document) -> dict[HtmlElement, str]:
        """Of a page with several articles its own alone is read, with what stands around them.

        The page's controls, its readers' comments and what asks for cookies are left out before the library
        reads it: of a short article they would be half.
        """
        found = dict.fromkeys(others(document), "another article") | super().beside(document)
        found |= dict.fromkeys(controls(document), "button") | dict.fromkeys(comments(document), "comments")
        found |= dict.fromkeys(dialogs(document), "dialog") | dict.fromkeys(consents(document), CONSENT)
        called = called_article(document, self.container_css)
        found |= dict.fromkeys(other_stories(document, called), "other stories")
        found |= dict.fromkeys(offers(document), "offer")
        found |= dict.fromkeys(menus(document), "menu")
        return found | dict.fromkeys(imprints(document), "imprint")

    @classmethod
    def matches(cls, document: Document) -> bool:
        return True

    @cached_property
    def whole(self) -> Whole:
        """The library's reading; none where it found no article and gave the whole page in one line."""
        found = read_whole(self.document.tree)
        if self._is_glued(found) and self._called is not None:
            return Whole(failure="trafilatura found no article and glued lines of the page together")
        if len(found.lines) == 1 and len(found.text) >= _ALL * sum(
            len(letters(t)) for t in self._page_blocks
        ):
            return Whole(failure="trafilatura found no article and gave the page")
        if len(found.text) < ENOUGH and self._densest[1] > _TWICE * len(found.text):
            return Whole(failure="trafilatura found hardly anything")
        said = self._in_lines(found)
        if len(said.text) < _MENU and self._is_menu(said):
            return Whole(failure="trafilatura read a menu")
        if said.lines and not self._tells(said.lines):
            return Whole(failure="trafilatura read nothing that tells")
        return said

    def _tells(self, lines: Sequence[str]) -> bool:
        """Whether lines tell anything beside the title."""
        return tells((t for t in lines if t != self._named), self.document)

    @cached_property
    def _named(self) -> str:
        return clean(self.told_title.value) if self.told_title else ""

    def _is_menu(self, found: Whole) -> bool:
        """Whether all that the library reads are links, the title apart (a cartoon under the menu)."""
        read = [b for b in walk(self.document.tree) if found.knows(b.text) and b.text != self._named]
        return bool(read) and links_of(read, read).is_list(declared=True)

    def _is_glued(self, found: Whole) -> bool:
        """The library's last resort: one line with everything, which the page prints as several."""
        return len(found.lines) == 1 and len(found.printed_among(self._page_blocks)) > 1

    def _in_lines(self, found: Whole) -> Whole:
        """The library's last resort as the page's own lines, where these are most of it."""
        said = found.printed_among(self._page_blocks) if self._is_glued(found) else ()
        is_most = 2 * sum(len(letters(t)) for t in said) >= len(found.text)
        return self._without_menus(replace(found, lines=said)) if said and is_most else found

    @cached_property
    def _called(self) -> HtmlElement | None:
        return called_article(self.document, self.container_css)

    def _without_menus(self, found: Whole) -> Whole:
        menus = {letters(b.text) for nav in self.document.tree.iter("nav") for b in walk(nav)}
        lines = tuple(line for line in found.lines if letters(line) not in menus)
        return replace(found, lines=lines) if 0 < len(lines) < len(found.lines) else found

    @cached_property
    def _densest(self) -> tuple[HtmlElement | None, int]:
        return densest(self.document.tree)

    @cached_property
    def coverage(self) -> Letters:
        return coverage(self.document.tree, self.whole)

    def container(self) -> HtmlElement | None:
        tree = self.document.tree
        best, prose = self._densest
        if best is not None and not self._tells([b.text for b in walk(best)]):
            best, prose = None, 0
        if (held := self._held_by_scripts(prose)) is not None:
            return held
        if not self.whole.lines and self._called is not None and prose < ENOUGH:
            return self._called  # a personnel notice, an obituary, a flash: too short for the library
        if self._brief is not None:
            return self._brief
        declared = [e for css in self.container_css for e in self.document.all(css)]
        for element in (*declared, best):
            if element is not None and element.tag != "body" and self._holds(element):
                return element
        if (place := region(tree, self.coverage)) is not None:
            return place
        if not declares_article(self.document) and not is_typed_article(self.document):
            return best if prose >= ENOUGH else None
        return best if prose and best is not None else pictures(tree)

    def _held_by_scripts(self, prose: int) -> HtmlElement | None:
        """The article's markup in a script, where the page prints less of it, or none."""
        embedded = embedded_article(self.document)
        if embedded is not None and self._is_longer(clean(embedded.text_content()), prose):
            return embedded
        stated, printed = stated_article(self.document), self._printed_letters
        if stated is not None and len(letters(clean(stated.text_content()))) >= _TWICE * printed:
            return stated
        return scripted_article(self.document) if printed < ENOUGH and self._is_of_article() else None

    def _is_of_article(self) -> bool:
        """Whether a page without a text is an article's: a popup's or a help's stands in scripts, too."""
        if declares_article(self.document) or is_typed_article(self.document) or holds_story(self.document):
            return True
        return any(CLOCKED.search(line) for line in self._behind_headline())

    @cached_property
    def _brief(self) -> HtmlElement | None:
        called = self._called
        return called if called is not None and has_all(called, self.document, self.whole) else None

    @property
    def _printed_letters(self) -> int:
        return max(self._densest[1], len(self.whole.text))

    def _is_longer(self, said: str, prose: int) -> bool:
        """Whether a script holds more of the article than the page prints; one of its pieces has not all of
        it.
        """
        length = len(letters(said))
        if length <= max(prose, len(self.whole.text)):
            return False
        return length >= _TWICE * len(self.whole.text) or not self.whole.mostly_missing([said])

    def _holds(self, element: HtmlElement) -> bool:
        """True for a container with most of what the library reads; where it reads little, one with prose."""
        if len(clean(element.text_content())) < ENOUGH:
            return bool(self.whole.lines) and not self.whole.mostly_missing([b.text for b in walk(element)])
        return holds(element, self.document.tree, self.coverage, self.whole)

    def trim(self, container: HtmlElement) -> list[Removal]:
        left_out = [Removal(rule=rule, text=text_of(e)) for e, rule in self._left_out.items()]
        return [*left_out, *prune_widgets(container, self._is_read), *leading_subtitle(container)]

    def _is_read(self, element: HtmlElement) -> bool:
        """True for an element with a good share of what the library reads, whatever its class is called."""
        lines = {b.text for b in walk(element) if b.link_share < _LINKED and self.whole.knows(b.text)}
        return sum(len(letters(t)) for t in lines) > _READ * len(self.whole.text)

    def body(self) -> Body | None:
        body, said = self._followed(), body_lines(self.document.news_data)
        if said and not (body and self._prints(body, said)):
            return Body(paragraphs=said, images=body.images if body else (), rule="JSON-LD articleBody")
        if body is None:
            return None
        return self._with_opening(self._without_template(self._without_head(body)))

    def _with_opening(self, body: Body) -> Body:
        """The body behind whole paragraphs that the library reads before it and that stand in a box of their
        own, behind the headline; none of the standfirst, which machines are told."""
        kept = set(body.paragraphs)
        over = list(takewhile(lambda line: line not in kept, self.whole.lines))
        long = [line for line in over if len(line) >= _OPENING and SENTENCE.search(line)]
        if not long or len(over) == len(self.whole.lines):
            return body
        named = clean(title.value) if (title := self.title()) is not None else ""
        behind = dropwhile(lambda block: block.text != named, walk(self.document.tree))
        above = list(takewhile(lambda block: block.text not in kept, behind))
        if any(is_machines(block.text) for block in above):
            return body  # nothing says where its summary ends
        places = ((block.text, block.place) for block in above if block.place is not None)
        printed = {text for text, place in places if _may_open(place)}
        told = {letters(text) for name in DESCRIBES for text in self.document.metas.get(name, [])}
        opening = tuple(t for t in long if t in printed and letters(t) not in told and self._tells([t]))
        return replace(body, paragraphs=(*opening, *body.paragraphs))

    def _without_template(self, body: Body) -> Body:
        """The body without the lines at its top that a template prints over any text.

        A subtitle may stand before them, no sentence.
        """
        told = next((i for i, line in enumerate(body.paragraphs) if not is_head(line)), 0)
        starts = next((i for i, line in enumerate(body.paragraphs) if SENTENCE.search(line)), told)
        at = {i for i in range(min(starts, _HEAD)) if is_head(body.paragraphs[i])} | set(range(told))
        above = tuple(Removal(rule=ABOVE, text=body.paragraphs[i]) for i in sorted(at))
        rest = tuple(line for i, line in enumerate(body.paragraphs) if i not in at)
        return replace(body, paragraphs=rest, removed=(*body.removed, *above))

    def _without_head(self, body: Body) -> Body:
        """The body without the page's head; a flash, whose text is its headline once more, keeps that."""
        title, subtitle = self.title(), self.subtitle()
        printed = [text_of(h) for h in self.document.tree.iter("h1")]
        signed = self._signed
        told = [raw.value for raw in (title, subtitle, signed and signed.said) if raw]
        head = {clean(t) for value in told for t in (value, *value.split("\n"))}
        named = clean(title.value) if title else None
        rest = without_lines(body, head | {*printed, *(signed.lines if signed else ())}, named)
        is_flash = not rest.paragraphs and self._container is not None and self._container is self._called
        return body if is_flash else rest

    def _prints(self, body: Body, said: tuple[str, ...]) -> bool:
        """False where the page shows a part alone of what its JSON-LD says, or the library read that from
        there."""
        shown = sum(len(letters(p)) for p in body.paragraphs)
        return 2 * shown >= sum(len(letters(t)) for t in said) and body.rule != UNPRINTED

    def _followed(self) -> Body | None:
        """The container's text; the library's own lines where the container has less than half of them."""
        found, whole = self._container, self.whole
        if found is not None and not self._on_page(found):
            return self._read(found)
        body = self._read(found, whole if whole.lines else None) if found is not None else None
        if not whole.lines or (body is not None and not whole.mostly_missing(body.paragraphs)):
            return body
        if body is not None and found is self._brief:
            return body
        return replace(self._own_reading(), images=body.images if body else ())

    def _own_reading(self) -> Body:
        """The library's text, in the page's own lines where it has them."""
        whole = self.whole
        said = [
            b for b in walk(self.document.tree) if len(letters(b.text)) > 1 and whole.says(letters(b.text))
        ]
        if sum(len(letters(b.text)) for b in said) < _PRINTED * len(whole.text):
            return Body(paragraphs=whole.lines, rule=UNPRINTED)
        return Body(
            paragraphs=tuple(b.text for b in said),
            rule="trafilatura's own reading",
            links=links_of(said, said),
        )

    def extraction(self) -> Extraction | None:
        """None for a list: many bare links, or little prose on a page that claims nothing."""
        body = self._body
        declares = declares_article(self.document)
        declared = declares or self._is_careless_article()
        told = body is not None and tells(body.paragraphs, self.document)
        if body is not None and not told and declared and (body.images or self._has_film()):
            self._body = _without_waiting(body)  # a photo or a film, which the page calls an article
            return super().extraction()
        if body is None or not told or body.links.is_list(declares):
            return None
        prose = sum(len(p) for p in body.paragraphs)
        if not declared and prose < _LONG and is_titled_as_site(self.document):
            return None
        if not declared and _are_labels(body.paragraphs):
            return None
        if prose < ENOUGH and not declared and not self._tells_news(body):
            return None
        return super().extraction()

    def tells_no_story(self) -> str | None:
        """What the page is instead; at an article address of a declared source it may be a redesign."""
        if self.site is not None or self._body is None:
            return None
        own = {url.partition("#")[0] for url in (self.document.url, *self.own_addresses())}
        return no_story(
            Read(
                document=self.document,
                read=self._body,
                title=self._named,
                container=self._container,
                header=self.header_lines,
                own=own,
            )
        )

    def _is_careless_article(self) -> bool:
        """The type says article, the title only the site's name: a list, unless it has a time of its own."""
        container = self._container
        if container is None or not is_typed_article(self.document):
            return False
        return tells_one_dated_story(self.document, container, self.header_lines)

    def _tells_news(self, body: Body) -> bool:
        """A short text under a heading: a sentence with a printed clock above it (fnnews AMP, 2023), or two.

        A site that speaks to its reader does so in polite forms (``-니다``, ``-세요``).
        """
        if next(self.document.tree.iter("h1", "h2"), None) is None:
            return False
        said = [text for text in body.paragraphs if SENTENCE.search(text)]
        is_dated = any(CLOCKED.search(line) for line in self.header_lines)
        return bool(said) and (is_dated or sum(not POLITE.search(text) for text in said) >= _SENTENCES)


def _may_open(place: HtmlElement) -> bool:
    """Whether a paragraph is neither a standfirst by its name nor what is said of a picture in its box."""
    box = place.getparent()
    if place.tag != "p" or box is None or is_above(place):
        return False
    is_pictured = next(box.iter("img", "picture", "amp-img", "video"), None) is not None
    return not is_pictured or len(clean(box.text_content())) >= _TWICE * len(clean(place.text_content()))


def _are_labels(lines: Sequence[str]) -> bool:
    return not any(map(SENTENCE.search, lines)) and sum(map(len, map(letters, lines))) < _LABEL * len(lines)


def _without_waiting(body: Body) -> Body:
    """The body without what stands for a text to come."""
    kept = tuple(line for line in body.paragraphs if not waits(line))
    gone = tuple(Removal(rule="placeholder", text=line) for line in body.paragraphs if waits(line))
    return replace(body, paragraphs=kept, removed=(*body.removed, *gone))
