"""A page class: one template generation of one source, over one parsed page.

A subclass names itself (``daum/2022``: source and the year its markup was first seen), scores a page,
and answers one question per method. What it does not answer, this base answers from what any news
page may carry: JSON-LD, meta elements, the lines printed under the title.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import ClassVar, Protocol

from lxml.html import HtmlElement

from crawler.extract.blocks import clean, verbatim_of
from crawler.extract.body import Body, read_body
from crawler.extract.document import Document
from crawler.extract.header import header_byline, header_lines, heading_above
from crawler.extract.hidden import hidden_by_style
from crawler.extract.instants import IN_SCRIPT, OF_PAGE, address_day, modified_instants, published_instants
from crawler.extract.linked import addresses_of, authors_of, credited, string_of
from crawler.extract.owner import told_holder, told_notices
from crawler.extract.prune import Prune
from crawler.extract.selectors import select
from crawler.extract.several import GOES_ON, goes_on
from crawler.extract.stamps import CLOCKED, NOTICE, Stamps, header_stamps
from crawler.extract.teasers import teasers
from crawler.extract.texts import Texts, name_of
from crawler.extract.title import cleaned_title, is_of_site
from crawler.extract.whole import Whole
from storage.records import PageKind, Removal
from storage.records.extraction import Extraction, Raw

_ENDS = (".", "!", "?", "…", '"', "”", "’", ")", "]", "』", "」", "다")
_FILM = "iframe, video, object, embed, [dmcf-ptype=embed], [dmcf-ptype=kakaotv], .video_frm"


class SiteAddress(Protocol):
    """An article address: its canonical form and the site's own id."""

    @property
    def url(self) -> str: ...
    @property
    def site_id(self) -> str | None: ...


class Site(Protocol):
    """What extraction needs to know of a source (``crawler.sources.base.Source`` is one)."""

    @property
    def name(self) -> str: ...
    @property
    def publisher(self) -> str | None: ...
    @property
    def syndicates(self) -> bool: ...
    @property
    def pages(self) -> tuple[type[Page], ...]: ...
    @property
    def address(self) -> Callable[[str], SiteAddress | None]: ...


class Page(Texts):
    """Base of every page class. Nothing here or below changes ``document.tree``."""

    name: ClassVar[str] = "page"
    prunes: ClassVar[tuple[Prune, ...]] = ()
    """Rules of this template for what stands in the container and is not the article."""
    title_css: ClassVar[tuple[str, ...]] = ()
    container_css: ClassVar[tuple[str, ...]] = ()

    def __init__(self, document: Document, site: Site | None = None) -> None:
        self._left_out = self.beside(document)
        super().__init__(document.without(self._left_out) if self._left_out else document)
        self.site = site

    def beside(self, document: Document) -> dict[HtmlElement, str]:
        """What on the page is not the article's, and by which rule: left out before anything is read."""
        return dict.fromkeys(teasers(document), "another article")

    @classmethod
    def score(cls, document: Document) -> int:
        """How sure this template is that the page is its own: 0 no, 1 maybe, more is surer."""
        return int(cls.matches(document))

    @classmethod
    def matches(cls, document: Document) -> bool:
        """Whether the page is of this template, for a class that needs no ``score``."""
        raise NotImplementedError(f"{cls.__name__} says neither matches nor score")

    # --- the article's parts, each a string as printed with the rule that found it -------------

    def container(self) -> HtmlElement | None:
        """The element that holds the body and as little else as possible."""
        for css in self.container_css:
            found = self.document.all(css)
            if found:
                return found[-1]
        return None

    def trim(self, container: HtmlElement) -> list[Removal]:
        """Take what selectors cannot name out of a copy of the container."""
        return []

    @cached_property
    def told_title(self) -> Raw | None:
        """The headline of any page, whatever its template: asked for by several looks at one page."""
        return cleaned_title(self.document)

    def title(self) -> Raw | None:
        told = self._printed(*self.title_css) or self.told_title
        is_headline = told is not None and not is_of_site(told.value, self.document)
        return told if is_headline else self._heading() or told

    def subtitle(self) -> Raw | None:
        return None

    def publisher(self) -> Raw | None:
        site = self.site
        return Raw(value=site.publisher, rule="source") if site and site.publisher else None

    def section(self) -> Raw | None:
        return self.document.meta("article:section", "content_category", "og:article:section") or string_of(
            self.document.news_data, "articleSection"
        )

    def tags(self) -> tuple[Raw, ...]:
        return tuple(Raw(value=v, rule="article:tag") for v in self.document.metas.get("article:tag", []))

    def language(self) -> Raw | None:
        value = (self.document.tree.get("lang") or "").strip()
        return Raw(value=value, rule="html lang") if value else None

    def published(self) -> Raw | None:
        return next(iter(self.published_all()), None)

    def modified(self) -> Raw | None:
        return next(iter(self.modified_all()), None)

    def published_all(self) -> tuple[Raw, ...]:
        """Every time of publication that the page gives, surest first: what a machine is told of the article,
        then what is printed. A clock over the text is surer than what a machine is told of the page."""
        printed, addressed = self._stamped("published"), address_day(self.document.url)
        told = list(published_instants(self.document))
        if printed is None or not CLOCKED.search(printed.value):
            return (*told, *(r for r in (addressed, printed) if r))  # a day alone may be any day
        said = {raw.value for raw in told if raw.rule == OF_PAGE}  # in a script's text once more
        of_page = [raw for raw in told if raw.value in said and raw.rule in {OF_PAGE, IN_SCRIPT}]
        of_article = [raw for raw in told if raw not in of_page]
        return (*of_article, printed, *of_page, *((addressed,) if addressed else ()))

    def modified_all(self) -> tuple[Raw, ...]:
        printed = self._stamped("modified")
        return (*modified_instants(self.document), *((printed,) if printed else ()))

    def _stamped(self, which: str) -> Raw | None:
        """``published`` or ``modified`` as printed between title and body."""
        value = getattr(self.header_stamps, which)
        return Raw(value=value, rule="header line") if value else None

    def byline_line(self) -> Raw | None:
        line = header_byline(self.header_lines)
        return Raw(value=line, rule="header line") if line else None

    def author_hints(self) -> tuple[Raw, ...]:
        data = self.document.news_data
        return tuple(Raw(value=n, rule="JSON-LD author") for n in authors_of(credited(data)))

    def notices(self) -> tuple[Raw, ...]:
        return ()

    def holder(self) -> Raw | None:
        return told_holder(self.document)

    def original_url(self) -> Raw | None:
        return None

    def summary(self) -> Raw | None:
        return None

    def site_id(self) -> str | None:
        address = self._address()
        return address.site_id if address else None

    def aliases(self) -> tuple[str, ...]:
        """Other addresses of this page; of a source's page only those that are its article addresses.

        A page of an unknown site tells by its canonical link, too: whether that is so, its text shows.
        """
        if self.site is None:
            return self._aliases([self.document.url, *self.own_addresses()])
        urls = (self.document.absolute(v) for v in self.document.metas.get("og:url", []))
        return self._aliases([self.document.url, *(u for u in urls if u)])

    def own_addresses(self) -> tuple[str, ...]:
        """Every address that the page gives as its own: canonical link, og:url, JSON-LD."""
        links = [e.get("href") or "" for e in self.document.all("link[rel=canonical]")]
        named = (*links, *self.document.metas.get("og:url", []), *addresses_of(self.document.news_data))
        return tuple(dict.fromkeys(url for one in named if (url := self.document.absolute(one))))

    def canonical_url(self) -> str | None:
        address = self._address()
        return address.url if address else None

    # --- putting it together ---------------------------------------------------------------------

    def body(self) -> Body | None:
        """Paragraphs, pictures and removals, None when there is no container."""
        found = self._container
        if found is None:
            return None
        return self._read(found)

    def _read(self, container: HtmlElement, whole: Whole | None = None) -> Body:
        """The container's text, held against ``whole`` where the library was asked for the page."""
        hidden = hidden_by_style(self.document, container) if self._on_page(container) else ()
        return read_body(container, self.prunes, self.document.absolute, self.trim, whole, hidden)

    def extraction(self) -> Extraction | None:
        """Every part of this page; None without a container, or with an empty one: for another class then.

        A container without text but with pictures or a film is an article without a body.
        """
        body = self._body
        if body is None or not (body.paragraphs or body.images or self._has_film()):
            return None
        published = _times(type(self).published, self.published, self.published_all)
        modified = _times(type(self).modified, self.modified, self.modified_all)
        return Extraction(
            url=self.document.url,
            source=self.site.name if self.site else None,
            extractor=self.name,
            kind=PageKind.ARTICLE,
            title=self.title(),
            subtitle=self.subtitle(),
            publisher=self.publisher(),
            section=self.section(),
            tags=self.tags(),
            language=self.language(),
            published=next(iter(published), None),
            published_also=published[1:],
            modified=next(iter(modified), None),
            modified_also=modified[1:],
            byline_line=self.byline_line(),
            author_hints=self.author_hints(),
            paragraphs=body.paragraphs,
            body_rule=f"{name_of(self._container)}: {body.rule}{GOES_ON if goes_on(self.document) else ''}",
            removed=body.removed,
            notices=(*self.notices(), *told_notices(self.document)),
            holder=self.holder(),
            images=body.images,
            pictured=bool(body.images) or self._has_film(),
            original_url=self.original_url(),
            summary=self.summary(),
            site_id=self.site_id(),
            aliases=self.aliases(),
            own_addresses=self.own_addresses(),
            canonical_url=self.canonical_url(),
            robots_meta=_value(self.document.meta("robots")),
            tdm_meta=_value(self.document.meta("tdm-reservation")),
        )

    # --- what the subclasses are built with -----------------------------------------------------

    @cached_property
    def _container(self) -> HtmlElement | None:
        return self.container()

    @cached_property
    def _body(self) -> Body | None:
        return self.body()

    def cut_off(self) -> bool:
        """True where an unclosed page stops inside the body: a page whose text is whole only lost its end.

        Where the body is the page's own element, a last line that ends like a sentence is the end of it.
        """
        container = self._container
        if container is None or not self._on_page(container):
            return self.document.unclosed  # of a text that lies in scripts more pieces may have followed
        if not self.document.ends_in(container):
            return False
        body = self._body
        last = body.paragraphs[-1] if body is not None and body.paragraphs else ""
        if self.document.ends_in_list(container) and (last.endswith(_ENDS) or NOTICE.search(last)):
            return False  # what was cut are links below the text
        return container.tag != "body" or not last.endswith(_ENDS)

    def _has_film(self) -> bool:
        container = self._container
        return container is not None and bool(select(container, _FILM))

    def _heading(self) -> Raw | None:
        """The heading right above the body, or the one h1 at its top, for a page whose head says nothing."""
        container = self._container
        above = heading_above(self.document.tree, container) if container is not None else None
        if above is None and container is not None:
            inside = list(container.iter("h1"))
            above = inside[0] if len(inside) == 1 else None
        return (
            Raw(value=verbatim_of(above), rule=f"{above.tag} above the body") if above is not None else None
        )

    def _aliases(self, urls: list[str]) -> tuple[str, ...]:
        known = urls
        if self.site is not None:
            known = [a.url for u in urls if (a := self.site.address(u))]
        canonical = self.canonical_url() or self.document.url
        return tuple(dict.fromkeys(u for u in known if u != canonical))

    def _address(self) -> SiteAddress | None:
        if self.site is None:
            return None
        for url in (self.document.url, *self.document.metas.get("og:url", [])):
            address = self.site.address(url)
            if address and address.site_id:
                return address
        return self.site.address(self.document.url)

    @cached_property
    def header_lines(self) -> list[str]:
        """The text pieces printed between the title and the body, in document order."""
        container = self._container
        if container is None or not self._on_page(container):
            return []
        title = self.title()
        return header_lines(self.document.tree, clean(title.value) if title else None, container)

    @cached_property
    def header_stamps(self) -> Stamps:
        return header_stamps(self.header_lines)


def _times(
    asked: object, first: Callable[[], Raw | None], every: Callable[[], tuple[Raw, ...]]
) -> tuple[Raw, ...]:
    """Every time, each once; what a class says by ``published()`` of its own comes first."""
    own = None if asked in {Page.published, Page.modified} else first()
    return tuple(dict.fromkeys(((own,) if own else ()) + every()))


def _value(raw: Raw | None) -> str | None:
    return raw.value if raw else None
