"""A container's images, in order, each with its caption line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from itertools import islice
from urllib.parse import parse_qs, urlsplit

from lxml.html import HtmlElement

from crawler.extract.blocks import clean, text_of
from crawler.extract.prune import CAPTIONS, MOST, holds_text
from crawler.extract.selectors import Index
from storage.records.extraction import RawImage

_LAZY = ("data-org-src", "data-original", "data-original-src", "data-lazy-src", "data-src", "src")
"""Attributes that hold an image's address, the original before the thumbnail (Daum: data-org-src)."""
_SETS = ("data-srcset", "srcset")
"""The same picture in several sizes, where no attribute holds one address."""
_CANDIDATE = re.compile(r"(?P<url>[^\s,]\S*[^\s,])(?:\s+(?P<size>\d+(?:\.\d+)?)[wx])?\s*(?:,|\Z)")
_PICTURES = ("img", "amp-img")
_SMALL = 48
"""Images declared narrower than this are icons."""

_BOX_LEVELS = 4
"""A caption further away than this many elements belongs to something else."""
_ICON_PATHS = re.compile(
    r"/(?:icons?|ico|btn|sns|button|logo|emoticon|common)/|/(?:icon|ico?|btn|sns|logo|bullet)_|\.svg",
    re.IGNORECASE,
)
_PICTURE_CLASS = re.compile(r"photo|image|img|picture", re.IGNORECASE)
_LONGEST_CAPTION = 120
"""Characters of a caption in a box that only its class calls a picture's; longer is a paragraph that strayed
in. Captions of the shared pages have 60 on average."""
_LONGEST_PRINTED = 600
"""Characters of a caption that its element calls one; longer is the article in a wrapper with such a
class."""

_TOLD = re.compile(r"(?:다|요|죠|까)[.?!]")
_MOST_TOLD = 2
"""Sentences of a caption in a table (our choice): what shows, and what it is about."""

_CREDITED = re.compile(
    r"(?:제공|기자|연합뉴스|뉴시스|뉴스1|캡[처쳐]|갈무리|DB|자료\s?사진|[ⓒ©]\s?\S+|사진\s?=\s?\S+|/\s?[^\s/]{2,12})[\])>.]*\Z"
)
"""How a caption ends that names who made or gave the picture."""

Absolute = Callable[[str | None], str | None]
Called = dict[HtmlElement, list[tuple[HtmlElement, str]]]
"""Element -> what in it, or itself, is called a caption, with its text: asked of many pictures."""


def collect_images(
    container: HtmlElement, absolute: Absolute, index: Index | None = None
) -> tuple[RawImage, ...]:
    """Every picture of the article once; icons, data: images and tracking pixels are none.

    ``index``: of the container as it was before anything was taken out, where there is one.
    """
    found: dict[str, RawImage] = {}

    @cache
    def most() -> float:
        return max(MOST * len(text_of(container)), _LONGEST_CAPTION)

    @cache
    def called() -> Called:
        texts = [(c, text_of(c)) for c in (index or Index(container)).select(CAPTIONS)]
        within: Called = defaultdict(list)
        for c, text in texts:
            for place in (c, *c.iterancestors()) if 0 < len(text) <= _LONGEST_PRINTED else ():
                within[place].append((c, text))
        return within

    for element in container.iter(*_PICTURES):
        url = _address(element, absolute)
        if url is None or url in found or _is_icon(element) or _ICON_PATHS.search(url):
            continue
        alt = clean(element.get("alt") or "") or None
        found[url] = RawImage(url=url, caption=_caption(element, most, called), alt=alt)
    return tuple(found.values())


def _address(element: HtmlElement, absolute: Absolute) -> str | None:
    for name in _LAZY:
        value = (element.get(name) or "").strip()
        if value and not value.startswith("data:"):
            return _original(absolute(value))
    return _original(absolute(_largest(element)))


def _largest(element: HtmlElement) -> str | None:
    """The largest of a picture's sizes."""
    sets = (element.get(name) or "" for name in _SETS)
    found = [match for said in sets for match in _CANDIDATE.finditer(said) if match["url"][:5] != "data:"]
    best = max(found, key=lambda match: float(match["size"] or 0), default=None)
    return best["url"] if best is not None else None


def _original(url: str | None) -> str | None:
    """Daum's thumbnailer carries the original's address in ``fname``."""
    if url is None or "/thumb/" not in url:
        return url
    try:
        names = parse_qs(urlsplit(url).query).get("fname", [])
    except ValueError:
        return url
    return names[0] if names and names[0].startswith(("http://", "https://")) else url


def _is_icon(element: HtmlElement) -> bool:
    width = (element.get("width") or "").removesuffix("px")
    return (width.isdigit() and int(width) < _SMALL) or any(
        a.tag in {"button", "noscript"} for a in element.iterancestors()
    )


def _caption(element: HtmlElement, most: Callable[[], float], called: Callable[[], Called]) -> str | None:
    """The caption that stands with the picture: in its figure or table, or alone in a small box around it.

    ``most``: letters of the container from which what only a class calls a caption is the article itself.
    ``called``: what is called a caption in the container.
    """
    for level, parent in enumerate(element.iterancestors()):
        framed = _picture_table(parent) or is_picture_box(parent)
        framed = framed or (parent.tag == "figure" and not holds_text(parent))
        near = called().get(parent, ())
        said = next((t for c, t in near if c.tag == "figcaption" or len(t) <= most()), None)
        if said and (framed or len([*islice(parent.iter(*_PICTURES), 2)]) == 1):
            return said
        if framed and 0 < len(text := text_of(parent)) <= _LONGEST_PRINTED:
            return text  # an empty box around the picture does not end the search
        if parent.tag in {"section", "article", "body"} or level >= _BOX_LEVELS:
            return None
    return None


def is_picture_box(element: HtmlElement) -> bool:
    """A ``div`` or ``span`` that is called after its one picture and holds only that and a short caption.

    donga.com, 2013: ``div.articlePhotoR > img + span.t``. A line break or a paragraph in it would be text of
    the article that an editor left in the picture's element, but for one that ends in a credit.
    """
    if element.tag not in {"div", "span", "dl"} or not _PICTURE_CLASS.search(element.get("class") or ""):
        return False
    parts = [part.tag for part in element.iter() if isinstance(part.tag, str)]
    if parts.count("img") != 1 or any(tag in {"br", "h2", "h3", "h4", "li", "table"} for tag in parts):
        return False
    text = text_of(element)
    is_credited = parts.count("p") == 1 and _CREDITED.search(text) is not None
    return len(text) <= _LONGEST_CAPTION and ("p" not in parts or is_credited or _is_ruled(element, parts))


def _is_ruled(element: HtmlElement, parts: list[str]) -> bool:
    """A paragraph for the picture and one with a class of its own for its caption (newsview, 2013)."""
    if parts.count("p") != 2:
        return False
    picture, caption = element.iter("p")
    return next(picture.iter("img"), None) is not None and bool(caption.get("class")) and not text_of(picture)


def _picture_table(element: HtmlElement) -> bool:
    return element.tag == "table" and is_picture_table(element)


def is_picture_table(table: HtmlElement) -> bool:
    """A table that only frames one picture and its caption, as Korean editors (2000-2020) make them.

    One that tells more is the layout of a short article.
    """
    pictures = sum(1 for _ in table.iter("img"))
    rows = sum(1 for _ in table.iter("tr"))
    text = text_of(table)
    return pictures == 1 and rows <= 3 and len(text) <= 300 and len(_TOLD.findall(text)) <= _MOST_TOLD
