"""Bytes to text: what the page declares is a hint, what decodes is the proof.

Korean pages come in UTF-8, EUC-KR and its superset CP949 (8,822 more syllables), and some declare
one and send the other: a page of htmldate's test set (2020) declares EUC-KR and is UTF-8.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_META_WINDOW = 8192
"""Bytes searched for a meta charset: browsers look at 1024, Korean pages put scripts before it."""
_MAX_BROKEN_SHARE = 0.01
"""Undecodable bytes per non-ASCII character above which the text is not trusted. Real pages cut a
description in the middle of a character once or twice; one in a hundred is a wrong charset."""
_FEW_BROKEN = 3
"""So many are always forgiven: a short page with one cut character."""

_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_KOREAN = {"euc-kr", "euckr", "ks_c_5601-1987", "ks_c_5601", "ksc_5601", "ksc5601", "korean"}
_KOREAN |= {"windows-949", "x-windows-949", "cp949", "ms949", "uhc"}
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_C1 = re.compile("[\x80-\x9f]")


class UndecodableError(ValueError):
    """No charset gives readable text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text with the charset that gave it; ``declared`` as the header or the page names it."""

    text: str
    used: str
    declared: str | None
    replaced: int = 0
    """Broken byte sequences, each now one U+FFFD."""


def decode(body: bytes, content_type: str | None) -> Decoded:
    """Decode a page: BOM, then UTF-8 where it fits, then the declared charset, then CP949.

    Raises ``UndecodableError`` when every charset leaves more than a tiny share of the text broken.
    """
    declared = declared_charset(body, content_type)
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _lenient(body[len(bom) :], (name,), declared)
    if strict := _strict(body, declared):
        return strict
    names = tuple(dict.fromkeys(n for n in (_codec(declared), "utf-8", "cp949") if n))
    return _lenient(body, names, declared)


def declared_charset(body: bytes, content_type: str | None) -> str | None:
    """The charset named by the HTTP header, else by the page's own meta element."""
    if content_type and (found := _HEADER.search(content_type)):
        return found.group(1).lower()
    if inside := _META.search(body[:_META_WINDOW]):
        return inside.group(1).decode("ascii").lower()
    return None


def _codec(name: str | None) -> str | None:
    if name is None:
        return None
    if name in _KOREAN:
        return "cp949"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def _strict(body: bytes, declared: str | None) -> Decoded | None:
    codec = _codec(declared)
    if codec in {"utf-16", "utf-16-le", "utf-16-be", "utf-32", "iso2022_kr"}:
        return _try(body, codec, declared)
    found = [d for d in (_try(body, "utf-8", declared), _try(body, "cp949", declared)) if d]
    if len(found) == 2 and len(body) < 2 * _META_WINDOW:
        # A few EUC-KR bytes can be valid UTF-8 by accident: the reading with more Hangul is right.
        found.sort(key=lambda d: -_hangul(d.text))
    if found and (found[0].used == "utf-8" or codec in {None, "cp949", "utf-8"} or _hangul(found[0].text)):
        return found[0]
    return _try(body, codec, declared) if codec else None


def _try(body: bytes, codec: str, declared: str | None) -> Decoded | None:
    try:
        text = body.decode(codec)
    except (UnicodeDecodeError, UnicodeError):
        return None
    return None if _C1.search(text) else Decoded(text=text, used=codec, declared=declared)


def _hangul(text: str) -> int:
    return sum(1 for c in text if "가" <= c <= "힣")


def _lenient(body: bytes, codecs_: tuple[str, ...], declared: str | None) -> Decoded:
    texts = [(name, body.decode(name, "replace")) for name in codecs_]
    tries = [Decoded(text=t, used=n, declared=declared, replaced=t.count("\ufffd")) for n, t in texts]
    best = min(tries, key=lambda d: d.replaced)
    foreign = sum(1 for c in best.text if c > "\x7f")
    if best.replaced > max(_FEW_BROKEN, foreign * _MAX_BROKEN_SHARE) or _C1.search(best.text):
        raise UndecodableError(
            f"No charset fits: {best.replaced} of {foreign} non-ASCII characters are broken as {best.used}"
            f" (the page declares {declared or 'none'})."
        )
    return best
