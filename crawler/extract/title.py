"""The title of any news page, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extract.blocks import clean, verbatim, verbatim_of
from crawler.extract.document import Document, unescaped_verbatim
from crawler.extract.linked import names_of
from crawler.extract.markup import without_markup
from crawler.rare import Rare
from storage.records.extraction import Raw

_SEPARATOR = Rare(
    r"\s*(?:::|<|>(?!\s+[:–—-]\s)|\||│|ㅣ)\s*|\s+[:–—-]\s+|(?<=\S)\s*-\s*(?=[가-힣A-Za-z]+(?:ㅣ|\||$))"
)
_LONGEST = 500
"""Characters of a title that is taken apart; the longest in the shared pages has 80."""
_HOUSE_WORDS = re.compile(
    r"네이버 ?뉴스|다음 ?뉴스|daum(?: 뉴스)?"
    r"|.{1,20}(?:뉴스|신문|일보|모바일|닷컴|미디어|방송|매거진|투데이|타임스|저널)",
    re.IGNORECASE,
)
"""Names that read like a house's, and portals."""
_SECTION_WORDS = re.compile(
    r"(?:모바일|홈|기사(?: ?본문| ?상세)?|본문|전체기사|신문|뉴스|종합"
    r"|정치|경제|사회|문화|국제|세계|연예|스포츠|생활|IT|과학|오피니언|칼럼|사설|사람들|전국|지역|라이프"
    r"|포토|영상|부동산|증권|금융|산업)",
    re.IGNORECASE,
)


_HEADLINE = "JSON-LD headline"


@lru_cache(maxsize=2)  # asked for each line of a page: of the page, and of it without its furniture
def cleaned_title(document: Document) -> Raw | None:
    """Headline of the JSON-LD, else a meta or title element with the site's name taken off; None without.

    Letter for letter as printed: a compatibility ideograph and a no-break space stay what they are.
    """
    found = _cleaned(document)
    if found is None or "<" not in found.value:
        return found
    return replace(found, value=verbatim(without_markup(found.value)))


def _cleaned(document: Document) -> Raw | None:
    headline = document.news_data.get("headline")
    if isinstance(headline, str) and clean(headline):
        said = _as_printed(unescaped_verbatim(headline), document)
        return _carried_on(said, document) or _told_bare(said, document)
    found = _told(document) or _microdata(document)
    if found is None and (found := _title_element(document)) is not None:
        found = _printed_in(found, document) or found
    if found is None:
        return None
    if (whole := _carried_on(found, document)) is not None:
        return whole
    value = _without_site(found.value, document)
    return Raw(value=value, rule=found.rule) if value else None


_CUT = re.compile(r"(?<!\s)\s*+(?:(?<!\.)\.{2,}+|…)\s*$")


def _carried_on(told: Raw, document: Document) -> Raw | None:
    """The printed title that begins as the told one, where that was cut short or at a quotation mark.

    A template that does not escape the marks of a headline ends its own attribute with the first of them.
    """
    printed = clean(told.value)
    start = _CUT.sub("", printed)
    if len(start) < _BEGINNING:
        return None
    for raw in _printed_titles(document):
        text = clean(raw.value)
        rest = text[len(start) :] if text.startswith(start) and text != printed else ""
        goes_on = rest.lstrip()[:1] in ('"', "'") or start != printed
        if rest and goes_on and not (_CUT.search(text) or _SITE_BEHIND.match(rest)):
            return raw
    return None


def _printed_titles(document: Document) -> Iterator[Raw]:
    """The headings, what is called a title, and the title element without the site's name."""
    for element in (*document.tree.iter("h1", "h2", "h3", "h4"), *document.all(_CALLED)):
        if len(element) <= 3:
            yield Raw(value=verbatim_of(element), rule=element.tag)
    if (raw := _title_element(document)) is not None:
        yield Raw(value=strip_site(raw.value, _site_names(document)), rule=raw.rule)


_SITE_BEHIND = re.compile(r"(?:\s*(?:\.{2,}|…))?\s*(?:::|[|│ㅣ<>:–—-])")
_BEGINNING = 2
"""Letters of a title's beginning by which a heading is known to say the rest."""


_FUNCTION = re.compile(
    r"(?:(?:기사|뉴스|본문)\s?)?(?:인쇄|프린트|출력)(?:\s?하기)?(?:\s?(?:페이지|화면|미리\s?보기))?"
    r"|print(?:er)?(?:[- ]friendly)?(?: version| page)?",
    re.IGNORECASE,
)


def is_of_site(title: str, document: Document) -> bool:
    """Whether a title says the site's name and nothing else, or what the page is for (인쇄하기)."""
    return _is_name(title, _site_names(document)) or is_function(title)


def is_function(title: str) -> bool:
    """Whether a title says what the page is for, and not what it tells of."""
    return _FUNCTION.fullmatch(title.strip()) is not None


def _told(document: Document) -> Raw | None:
    """The first meta that says more than the site's name: some templates print one for the site too."""
    sites = {clean(name) for name in document.metas.get("og:site_name", [])}
    metas = document.printed_metas("headline", "og:title", "twitter:title")
    return next((raw for raw in metas if clean(raw.value) not in sites), None)


def _microdata(document: Document) -> Raw | None:
    """The headline of the object whose body stands on the page."""
    for element in document.all("[itemtype*=Article] [itemprop=headline]"):
        if text := verbatim_of(element):
            return Raw(value=text, rule="itemprop headline")
    return None


_CALLED = "[id*=title], [class*=title], [class*=_tit], [class*=tit_], [class*=subject], [class*=headline]"
_FLAG = 4
"""Letters of a flag before a headline: 단독, 속보, 포토, LIVE."""
_SHORTEST = 6
"""Letters of a printed title that is looked for in the title element."""


def _printed_in(told: Raw, document: Document) -> Raw | None:
    """What an element calls the title, or a heading, where the title element says it beside other words."""
    names, whole = _site_names(document), clean(told.value)
    said = [(clean(e.text_content()), e) for e in document.all(_CALLED) if len(e) <= 3]
    ends = [(text, e) for text, e in said if _is_part(text, whole)]
    ends += _opening_heads(document, whole)
    found = [(len(text), e) for text, e in ends if not _is_name(text, names)]
    if not found:
        return None
    element = max(found, key=lambda pair: pair[0])[1]  # a menu's title may be its last word
    rule = element.get("id") or element.get("class")
    return Raw(value=verbatim_of(element), rule=f"{element.tag}.{rule}" if rule else str(element.tag))


def _opening_heads(document: Document, whole: str) -> list[tuple[str, HtmlElement]]:
    """The headings before a separator in the title; not what leads home, nor where the rest is a heading."""
    others = {clean(h.text_content()) for h in document.tree.iter("h1", "h2", "h3")}
    said = [(clean(h.text_content()), h) for h in document.tree.iter("h1")]
    return [(t, h) for t, h in said if _opens(t, whole, others) and not leads_home(h, document)]


def _opens(text: str, whole: str, others: set[str]) -> bool:
    rest = whole.removeprefix(text)
    cut = _SITE_BEHIND.match(rest) if rest != whole else None
    return len(text) >= _SHORTEST and cut is not None and rest[cut.end() :].strip() not in others


def leads_home(heading: HtmlElement, document: Document) -> bool:
    """Whether all of a heading is a link to the front of its own site."""
    return any(not urlsplit(url).path.strip("/") for url in heading_links(heading, document))


def heading_links(heading: HtmlElement, document: Document) -> Iterator[str]:
    """Where all of a heading leads on its own site, by the link around or in it."""
    text, host = clean(heading.text_content()), urlsplit(document.url).netloc
    links = [*heading.iterancestors("a"), *(a for a in heading.iter("a") if clean(a.text_content()) == text)]
    for link in links:
        url = document.absolute(link.get("href") or "")
        if url is not None and urlsplit(url).netloc == host:
            yield url


def _is_part(text: str, whole: str) -> bool:
    return len(text) >= _SHORTEST and text != whole and (whole.endswith(text) or whole.startswith(text))


def _as_printed(headline: str, document: Document) -> Raw:
    """The heading where it says the same: JSON-LD drops quotation marks (hankookilbo.com, 2025-05)."""
    for heading in document.tree.iter("h1", "h2"):
        text = verbatim_of(heading)
        if _letters(text) == _letters(headline):
            return Raw(value=text, rule=heading.tag)
    return Raw(value=headline, rule=_HEADLINE)


def _told_bare(said: Raw, document: Document) -> Raw:
    """A headline of JSON-LD without the site's name, or whatever stands behind the page's heading in it."""
    if said.rule != _HEADLINE:
        return said
    bare, cut = strip_site(said.value, _site_names(document)), _last_cut(said.value)
    if bare and bare != said.value:
        return _as_printed(bare, document)
    printed = _as_printed(cut[0], document) if cut else said
    return (_agreed(document) or said) if printed.rule == _HEADLINE else printed


def _agreed(document: Document) -> Raw | None:
    """The heading that says what the page's meta says: two against the JSON-LD, which may be that of an
    earlier or a shorter print."""
    told = {clean(raw.value) for raw in document.printed_metas("og:title", "twitter:title")}
    headings = [h for h in document.tree.iter("h1") if clean(h.text_content()) in told]
    return Raw(value=verbatim_of(headings[0]), rule="h1") if len(headings) == 1 else None


def prints_headline(heading: str, told: str, document: Document) -> bool:
    """Whether a heading is a headline that the title element says otherwise, for those who search.

    Where a heading says the title element's own words, or this one says a site, a section or what the title
    element ends with (a site's slogan), it is not.
    """
    if len(_letters(heading)) < _SHORTEST or is_of_site(heading, document):
        return False
    if clean(told).endswith(clean(heading)) or _is_flagged(clean(heading), clean(told)):
        return False
    printed = [(clean(h.text_content()), h) for h in document.tree.iter("h1", "h2", "h3", "h4")]
    if any(text == clean(heading) and leads_home(h, document) for text, h in printed):
        return False
    return clean(told) not in dict(printed) and not _SECTION_WORDS.fullmatch(clean(heading))


def _is_flagged(heading: str, told: str) -> bool:
    """Whether a heading is the told one with a flag that only the look parts from it (``단독`` in a box)."""
    flag = heading.removesuffix(told)
    return flag != heading and len(flag) <= _FLAG and flag.isalnum()


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _title_element(document: Document) -> Raw | None:
    element = document.first("title")
    text = verbatim(element.text_content()) if element is not None else ""
    return Raw(value=text, rule="title") if text and text.lower() not in {"document", "untitled"} else None


def _without_site(title: str, document: Document) -> str:
    """The heading that says it, else the title without the site's name; never a cut inside a heading."""
    printed = clean(title)
    for heading in document.tree.iter("h1", "h2", "h3", "h4"):
        text = clean(heading.text_content())
        if text == printed:
            return title
        is_most = len(text) >= _SHORTEST and len(text) * 2 >= len(printed) and text in printed
        if is_most and not leads_home(heading, document):
            return verbatim_of(heading)
    names = _site_names(document)
    alone = _ALONE.fullmatch(printed)
    if alone and _SEPARATOR.search(alone[1]) is None and _is_name(alone[1], names):
        return ""  # the headline in front of it is empty
    return strip_site(title, names)


_ALONE = re.compile(r"(?:::|[<>|│ㅣ:–—-])\s*(.+?)\s*(?:::|[<>|│ㅣ])?")
"""A site's name behind a separator that has nothing in front."""


def _site_names(document: Document) -> set[str]:
    names = [*document.metas.get("og:site_name", []), *document.metas.get("twitter:creator", [])]
    names += names_of(document.news_data.get("publisher"))
    host = re.sub(r"^https?://(?:www\.|m\.)?([^/:]+).*$", r"\1", document.url)
    names += [host, host.split(".")[0]]
    return {n.strip().lower().lstrip("@") for n in names if n.strip()}


def strip_site(title: str, names: set[str]) -> str:
    """Take the site's name and the section words beside it off both ends of ``title``, a piece at a time.

    Nothing is taken where no piece is a site's name: ``e-스포츠`` is no section of anybody's.
    """
    if len(title) > _LONGEST:
        return title
    rest = _cut(title, names, _last_cut)
    bare = _OPENED.sub("", rest)
    cut = _cut(bare, names, _first_cut)
    return (cut if cut != bare else _cut(rest, names, _first_cut)).strip()


_OPENED = re.compile(r"\A\s*(?:::|[|│])\s*")
""":: 한빛일보 :: before a headline."""


_Cutter = Callable[[str], tuple[str, str] | None]
"""Title -> (rest, piece taken), None where there is nothing left to take."""


def _cut(title: str, names: set[str], cutter: _Cutter) -> str:
    rest, best = title, title
    while (cut := cutter(rest)) is not None:
        rest, piece = cut
        if _is_name(piece, names):
            best = rest
        elif not _SECTION_WORDS.fullmatch(piece.strip()):
            break
        elif best != title:
            best = rest
    return best


def _last_cut(title: str) -> tuple[str, str] | None:
    cuts = [m for m in _SEPARATOR.finditer(title) if m.start() > 0 and m.end() < len(title)]
    return (title[: cuts[-1].start()], title[cuts[-1].end() :]) if cuts else None


def _first_cut(title: str) -> tuple[str, str] | None:
    cut = _SEPARATOR.search(title)
    return (title[cut.end() :], title[: cut.start()]) if cut and cut.start() > 0 else None


def _is_name(piece: str, names: set[str]) -> bool:
    piece = clean(piece).lower()
    bare = _letters(piece.removeprefix("the "))  # Rolling Stone of rollingstone.com
    return piece in names or bare in map(_letters, names) or bool(_HOUSE_WORDS.fullmatch(piece))
