"""Bytes to text: what the page declares is a hint, what decodes is the proof.

Korean pages come in UTF-8, EUC-KR and its superset CP949 (8,822 more syllables), and some declare
one and send the other: a page of htmldate's test set (2020) declares EUC-KR and is UTF-8.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from crawler.escapes import beyond_ascii, still_encoded
from crawler.packing import unpacked

_META_WINDOW = 8192
"""Bytes searched for a meta charset: browsers look at 1024, Korean pages put scripts before it."""
_MAX_BROKEN_SHARE = 0.02
"""Undecodable bytes per non-ASCII character above which the text is not trusted. Real pages cut a
description in the middle of a character once or twice; one in fifty is a wrong charset."""
_FEW_BROKEN = 5
"""So many are always forgiven: a short page with one cut character."""

_META = re.compile(
    rb"""(?:<meta[^>]{0,300}?charset|<\?xml[^>]{0,100}?encoding)\s*+=\s*+["']?\s*+([A-Za-z0-9_:.-]{2,40})""",
    re.IGNORECASE,
)
_HEADER = re.compile(r"""charset\s*+=\s*+["']?\s*+([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_KOREAN = {"euc-kr", "euckr", "ks_c_5601-1987", "ks_c_5601", "ksc_5601", "ksc5601", "korean"}
_KOREAN |= {"windows-949", "x-windows-949", "cp949", "ms949", "uhc"}
_WEB = {
    "cp1252": "ascii us-ascii iso-8859-1 iso8859-1 iso_8859-1 latin1 latin-1 l1 windows-1252 cp1252 x-cp1252",
    "cp1254": "iso-8859-9 latin5 windows-1254 cp1254",
    "gb18030": "gb2312 gbk gb18030 x-gbk chinese gb_2312-80",
    "cp932": "shift_jis shift-jis sjis x-sjis windows-31j ms932 ms_kanji",
    "cp874": "tis-620 iso-8859-11 windows-874",
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 x-unicode20utf8",
    "utf-16-le": "utf-16 utf-16le unicode ucs-2 iso-10646-ucs-2",
    "utf-16-be": "utf-16be",
    "big5hkscs": "big5 big5-hkscs x-x-big5 cn-big5",
    "euc_jp": "euc-jp x-euc-jp",
    "iso2022_jp": "iso-2022-jp",
    "iso2022_kr": "iso-2022-kr",
    "koi8_r": "koi8-r koi8 koi",
    "koi8_u": "koi8-u koi8-ru",
    "mac_roman": "macintosh mac x-mac-roman",
}
"""Names that pages give, by the codec that a browser takes for them (WHATWG Encoding, 2026). A name that is
not here and no ``iso-8859-N`` or ``windows-125N`` is none: Python also knows ``rot13``, ``idna`` and
``undefined``."""
_NAMES = {name: codec for codec, names in _WEB.items() for name in names.split()} | dict.fromkeys(
    _KOREAN, "cp949"
)
_FAMILIES = re.compile(r"(?:iso-8859-(?:[2-8]|1[03-6])|windows-125[0-8]|cp125[0-8])")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE_STARTS = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
"""UTF-16 and UTF-32 without their mark, told by the first tag (as XML 1.0, appendix F)."""
_DESIGNATIONS = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$B", "iso2022_jp"), (b"\x1b$@", "iso2022_jp"))
"""How a page of escape sequences says in its bytes what they mean (ISO 2022)."""
_C1 = re.compile("[\x80-\x9f]")
_C1_IN_UTF_8 = re.compile(b"\xc2[\x80-\x9f]")
_HALF = re.compile(b"\xed[\xa0-\xbf]")
_REPLACED = "\ufffd".encode()
_PIECES = re.compile(rb"(?=<)|(?<=>)")
_HANGUL = re.compile("[가-힣]")
_HANGUL_WORD = re.compile("(?<![A-Za-z])[가-힣]{2,}(?![A-Za-z])")
"""One syllable alone is no word: a UTF-8 copyright sign is one in CP949 (© 2026, 짤 2026)."""
_HIGH = re.compile(rb"[\x80-\xff]+")
_SINGLE = 0.8
"""Share of high bytes that stand alone between ASCII from which a page is in a one-byte charset (German,
French)."""


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

    Raises ``UndecodableError`` when every charset leaves more than a tiny share of the text broken, and when
    what they give is still encoded (UTF-7, which no browser reads; escape sequences).
    """
    decoded = _decoded(body, declared_charset(body, content_type))
    if name := still_encoded(decoded.text):
        said = f"(the page declares {decoded.declared or 'none'})"
        raise UndecodableError(f"The text is still encoded, in {name}: no charset makes words of it {said}.")
    return decoded


def _decoded(body: bytes, declared: str | None) -> Decoded:
    for bom, name in _BOMS:
        if body.startswith(bom):
            rest = body[len(bom) :]
            return _try(rest, name, declared) or _lenient(rest, (name,), declared)
    for start, name in _WIDE_STARTS:
        if body.startswith(start):
            return _lenient(body, (name,), declared)
    if body.isascii() and (escaped := _escaped(body, declared)):
        return escaped
    if strict := _strict(body, declared):
        return strict
    names = tuple(dict.fromkeys(n for n in (_codec(declared), "utf-8", "cp949") if n))
    return _lenient(body, names, declared)


def decode_anyway(body: bytes) -> str:
    """Like ``decode``, of a list or feed: what no charset explains becomes U+FFFD, and nothing is raised.

    One that is gzip without saying so is unpacked.

    A list half of which is broken still names addresses; an article half of which is broken is none.
    """
    body = unpacked(body)
    try:
        return decode(body, None).text
    except UndecodableError:
        readings = [body.decode(name, "replace") for name in ("utf-8", "cp949")]
        return min(readings, key=lambda text: text.count("\ufffd"))


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
    return _NAMES.get(name) or (codecs.lookup(name).name if _FAMILIES.fullmatch(name) else None)


def _escaped(body: bytes, declared: str | None) -> Decoded | None:
    for designation, codec in _DESIGNATIONS:
        if designation in body:
            return _try(body, codec, declared)
    return None


def _strict(body: bytes, declared: str | None) -> Decoded | None:
    codec = _codec(declared)
    wide = codec in {"utf-16-le", "utf-16-be"}
    if codec == "iso2022_kr" or (wide and codec and b"\0" in body[:64]):
        return _try(body, codec, declared)
    codec = None if wide else codec  # a page that can name it in ASCII is not in it
    unicode = _try(body, "utf-8", declared)
    if unicode is not None and len(body) >= 2 * _META_WINDOW:
        return unicode
    found = [d for d in (unicode, _try(body, "cp949", declared)) if d]
    if len(found) == 2:
        # A few EUC-KR bytes can be valid UTF-8 by accident: the reading with more Hangul words is right.
        # Umlauts in UTF-8 are single Hangul syllables in CP949, between Latin letters (Brücke, Br체cke).
        found.sort(key=lambda d: -_hangul_words(d.text))
    if found and found[0].used == "cp949" and _one_byte(body) and not _hangul_words(found[0].text):
        return _western(body, declared)
    if found and (found[0].used == "utf-8" or codec in {None, "cp949", "utf-8"} or _hangul(found[0].text)):
        return found[0]
    return _try(body, codec, declared) if codec and codec not in {"utf-8", "cp949"} else None


def _try(body: bytes, codec: str, declared: str | None) -> Decoded | None:
    try:
        text = body.decode(codec)
    except (UnicodeDecodeError, UnicodeError):
        return None
    if codec == "cp949" and _C1.search(text):
        return None
    if codec == "utf-8" and _C1_IN_UTF_8.search(body) is None:  # its bytes are looked through much faster
        return Decoded(text=text, used=codec, declared=declared)
    return Decoded(text=_without_c1(text), used=codec, declared=declared)


def _without_c1(text: str) -> str:
    """``text`` without control characters that no page shows; NEL parts words, as a line's end does."""
    return _C1.sub("", text.replace("\x85", " "))


def _hangul_words(text: str) -> int:
    return len(_HANGUL_WORD.findall(text))


def _hangul(text: str) -> int:
    return len(_HANGUL.findall(text))


def _lenient(body: bytes, codecs_: tuple[str, ...], declared: str | None) -> Decoded:
    """The charset that breaks least; what is broken is tried piece by piece in the others."""
    tries = [_mixed(body, name, codecs_, declared) for name in codecs_]
    best = min(tries, key=lambda d: d.replaced)
    is_none = best.replaced > 1 and beyond_ascii(best.text) <= 2 * best.replaced  # hardly a character fits
    if (_bad(best) or is_none) and _one_byte(body):
        best = _western(body, declared)
    if _bad(best):
        foreign = beyond_ascii(best.text)
        raise UndecodableError(
            f"No charset fits: {best.replaced} of {foreign} non-ASCII characters are broken as {best.used}"
            f" (the page declares {declared or 'none'})."
        )
    return best


def _western(body: bytes, declared: str | None) -> Decoded:
    return Decoded(text=_without_c1(body.decode("cp1252", "ignore")), used="cp1252", declared=declared)


def _bad(decoded: Decoded) -> bool:
    return decoded.replaced > max(_FEW_BROKEN, beyond_ascii(decoded.text) * _MAX_BROKEN_SHARE)


def _mixed(body: bytes, codec: str, others: tuple[str, ...], declared: str | None) -> Decoded:
    """A page in ``codec`` with a widget in another charset: each piece between tags that does not fit is
    tried."""
    if codec.startswith(("utf-16", "utf-32")):
        text = body.decode(codec, "replace")
        return Decoded(text=text, used=codec, declared=declared, replaced=text.count("\ufffd"))
    texts: list[str] = []
    replaced = 0
    for piece in _PIECES.split(body):
        fits = next((t for name in (codec, *others) if (t := _piece(piece, name)) is not None), None)
        text = piece.decode(codec, "replace") if fits is None else fits
        replaced += max(0, text.count("\ufffd") - piece.count(_REPLACED)) if "\ufffd" in text else 0
        texts.append(text)
    return Decoded(text=_without_c1("".join(texts)), used=codec, declared=declared, replaced=replaced)


def _piece(piece: bytes, codec: str) -> str | None:
    if piece.isascii():
        return piece.decode("ascii")
    try:
        text = piece.decode(codec)
    except UnicodeDecodeError:
        joined = _joined(piece) if codec == "utf-8" and _HALF.search(piece) else None
        if joined is None:
            return None
        text = joined
    return None if _C1.search(text) else text


def _joined(piece: bytes) -> str | None:
    """The text of a piece in which emoji are pairs of UTF-16 halves, as Java and old databases write them
    (CESU-8); a half without its other, where a program cut between them, is one U+FFFD.
    """
    try:
        halves = piece.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _one_byte(body: bytes) -> bool:
    runs = [len(m[0]) for m in _HIGH.finditer(body)]
    return bool(runs) and sum(1 for r in runs if r == 1) >= _SINGLE * sum(runs)
