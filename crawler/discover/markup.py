"""From a list's bytes to a tree: any bytes at all give one, or None. No network, no entities."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.charset import decode_anyway

# Control characters that no markup may hold; lxml stops reading at the first NUL.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# References to the halves of a UTF-16 pair, as programs write that think in UTF-16: libxml2 takes them, and
# lxml then cannot read back the text that they stand in.
_HALVES = re.compile(
    r"(?:&#(?:[xX]0*[dD][0-9a-fA-F]{3}(?![0-9a-fA-F])|0*5[5-7][0-9]{3}(?![0-9]));?)+"  # U+D6D8 to U+E28F
)


def html_tree(body: bytes) -> HtmlElement | None:
    """The page as a tree without comments; None when there is no element in it."""
    text = _readable(body)
    if not text.strip():
        return None
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return document_fromstring(text.encode(), parser=parser)
    except etree.ParserError:  # nothing but comments or a doctype
        return None


def feed_text(body: bytes) -> str:
    """A feed's or sitemap's characters from its first tag on, without what no XML may hold."""
    return _from_first_tag(_readable(body))


_FIRST = re.compile(r"<\?xml\b|<(?:\w+:)?(?:rss|feed|rdf|urlset|sitemapindex)\b", re.IGNORECASE)
_PREFACE = 4096
"""Characters in front of a feed that are looked through: a warning of PHP is a line or two (our choice)."""


def _from_first_tag(text: str) -> str:
    """A feed without what a broken server printed in front of it."""
    first = _FIRST.search(text, 0, _PREFACE)
    return text[first.start() :] if first else text.lstrip()


def xml_tree(text: str) -> etree._Element | None:
    """Markup as a tree, whatever of it can be read; None when there is no element in it. No entities."""
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, huge_tree=True
    )
    return etree.fromstring(text.encode(), parser=parser)


@lru_cache(maxsize=1024)  # a list has a dozen, each 50,000 times
def local_name(tag: object) -> str:
    """A tag without its namespace or prefix, in small letters.

    >>> local_name("{http://www.w3.org/2005/Atom}Entry"), local_name("rdf:RDF")
    ('entry', 'rdf')
    """
    return str(tag).rpartition("}")[2].rpartition(":")[2].lower()


_FIRST_TAG = re.compile(r"<([A-Za-z_][\w.:-]*)")


def root_of(bare: str) -> str | None:
    """The local name of the first tag.

    Args:
        bare: markup without its comments and CDATA.
    """
    first = _FIRST_TAG.search(bare)
    return None if first is None else local_name(first[1])


def clean(text: str | None) -> str | None:
    """Text on one line with single spaces; None when nothing is left.

    What no database keeps (NUL, half of a UTF-16 pair: JSON and escapes can spell both) is replaced.
    """
    line = " ".join((text or "").split())
    if not line.isprintable():  # seldom: a control character, half of a pair, a space that is seen by nobody
        line = " ".join(_CONTROLS.sub(" ", _joined(text or "")).split())
    return line or None


def _readable(body: bytes) -> str:
    return _HALVES.sub(_pairs, _CONTROLS.sub(" ", decode_anyway(body)))


def _pairs(references: re.Match[str]) -> str:
    """The characters that a run of references to halves spells; U+FFFD for a half alone.

    >>> _HALVES.sub(_pairs, "&#55357;&#56832; &#xD83D;")
    '😀 �'
    """
    numbers = re.findall(r"[xX]?[0-9a-fA-F]+", references[0])
    return _joined("".join(chr(int(n[1:], 16) if n[0] in "xX" else int(n)) for n in numbers))


def _joined(text: str) -> str:
    """Text without lone halves of UTF-16 pairs; two that belong together become their character."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
