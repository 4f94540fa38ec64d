"""An article's words found again in other texts and bytes, however these spell or pack them. Pure."""

from __future__ import annotations

import html
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote

WINDOW = 16
"""Letters and digits in a row that are taken for the article's: unrelated texts share names and phrases of
ten, hardly any of sixteen. Our choice; what the same site prints in other articles too is left out."""
STRIDE = 8
"""Pages are looked at in every eighth place: it finds every run of 23 letters, in an eighth of the time."""
SURE = WINDOW + STRIDE - 1
"""Letters that every eighth place is sure to meet."""
LEAST = 8
"""Letters of a headline that is looked for as a whole where it is shorter than WINDOW."""
_MOST = 64 * 1024 * 1024
"""Bytes that a packed body may unpack to; what is larger is looked at so far."""
_TAGS = re.compile(r"<(?:!--.*?--|[^<>]{0,20000})>", re.DOTALL)
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_NOT_LETTERS = re.compile(r"[\W_]+")
_GZIP = b"\x1f\x8b\x08"
_STEP = 4096
"""Bytes that are unpacked at once: damage costs what it comes with, not what came before."""


def letters_of(text: str) -> str:
    """Letters and digits alone, as one spells them who copies a text.

    >>> letters_of("ＡＢ <b>가</b>·나")
    'abb가b나'
    """
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())


class Trace:
    """The words of one article.

    Args:
        texts: bodies, summaries, captions: every sixteen letters of them count.
        titles: headlines and the like: a short one counts as a whole.
        common: texts of other articles: what stands there too is a site's own phrase and nobody's trace.
    """

    def __init__(self, texts: Iterable[str], titles: Iterable[str] = (), common: Iterable[str] = ()) -> None:
        named = set(filter(None, map(letters_of, titles)))
        said = {*map(letters_of, texts), *named}
        windows = {window for text in said for window in _windows(text)}
        for text in common:
            windows.difference_update(_windows(letters_of(text)))
        # What is shorter than every eighth place is sure to meet is looked for as a whole.
        short = {one for one in said if len(one) < SURE and not windows.isdisjoint(_windows(one))}
        short |= {one for one in named if LEAST <= len(one) < WINDOW}
        self._windows, self._short = frozenset(windows), tuple(sorted(short))
        self._titles = frozenset(named)

    @classmethod
    def of(cls, traces: Sequence[Trace]) -> Trace:
        """The words of several articles: a text says any of them where it says one's."""
        made = cls(())
        made._windows = frozenset().union(*(one._windows for one in traces))
        made._short = tuple(sorted({short for one in traces for short in one._short}))
        made._titles = frozenset().union(*(one._titles for one in traces))
        return made

    def without(self, texts: Iterable[str]) -> Trace:
        """What of it these texts do not say themselves."""
        made, said = Trace(()), [letters_of(text) for text in texts]
        made._windows = self._windows.difference(*map(_windows, said))
        made._short = tuple(one for one in self._short if not any(one in text for text in said))
        made._titles = self._titles
        return made

    def __bool__(self) -> bool:
        return bool(self._windows or self._short)

    def share_in(self, text: str) -> float:
        """How much of it stands in a text, 0.0 to 1.0."""
        if not self._windows:
            return 0.0
        return len(self._windows.intersection(_windows(letters_of(text)))) / len(self._windows)

    def in_text(self, text: str) -> bool:
        """Whether a text of ours (a reason, a message, JSON) says any of it."""
        spelled = [letters_of(one) for one in _spellings(text)]
        return any(self._in_letters(one, 1) or one in self._titles for one in spelled)

    def in_bytes(self, body: bytes) -> bool:
        """Whether a page, a list or a feed shows any of it, in any charset, packed or not."""
        return any(self._in_body(one) for one in _unpacked(body))

    def _in_body(self, body: bytes) -> bool:
        for text in _decoded(body):
            plain = _TAGS.sub("", text)
            if any(self._in_letters(letters_of(one), STRIDE) for one in {*_spellings(text), plain}):
                return True
        return False

    def _in_letters(self, letters: str, stride: int) -> bool:
        found = (
            letters[at : at + WINDOW] in self._windows for at in range(0, len(letters) - WINDOW + 1, stride)
        )
        return any(found) or any(one in letters for one in self._short)


def _decoded(body: bytes) -> Iterator[str]:
    """The body in every charset that it may be in, whatever it declares."""
    if b"\x00" in body[:1000]:
        yield body.decode("utf-16-le", "ignore")
        yield body.decode("utf-16-be", "ignore")
        # A charset takes two bytes at a time: a lone one in front moves all.
        yield body[1:].decode("utf-16-le", "ignore")
    try:
        yield body.decode("utf-8")
    except UnicodeDecodeError:
        yield body.decode("utf-8", "ignore")
        yield body.decode("cp949", "ignore")


def _windows(letters: str) -> Iterator[str]:
    return (letters[at : at + WINDOW] for at in range(len(letters) - WINDOW + 1))


def _spellings(text: str) -> Iterator[str]:
    """The text, and as it reads where it is HTML, JSON or part of an address."""
    yield text
    plain = html.unescape(text) if "&" in text else text
    if "\\u" in plain:
        plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), plain)
    if "\\n" in plain:
        plain = plain.replace("\\n", "\n")
    if plain != text:
        yield plain
        yield _TAGS.sub("", plain)
    if "%" in plain:
        yield unquote(plain, errors="ignore")


def _unpacked(body: bytes) -> Iterator[bytes]:
    """The body, and what is packed in it: gzip once or twice, zlib."""
    yield body
    for _ in range(3):
        inner = _inflated(body)
        if not inner:
            return
        yield inner
        body = inner


def _inflated(body: bytes) -> bytes:
    """What of a gzip or zlib stream can be unpacked, damaged or not; nothing where it is neither."""
    if not body.startswith((_GZIP, b"\x78\x01", b"\x78\x9c", b"\x78\xda")):
        return b""
    parts, size, at = [], 0, 0
    while at < len(body) and size < _MOST:
        part, end = _member(body, at, _MOST - size)
        parts.append(part)
        size += len(part)
        if end is None:
            break
        at = end
    return b"".join(parts)


def _member(data: bytes, start: int, most: int) -> tuple[bytes, int | None]:
    """What of one stream can be unpacked, and where it ends; None: damage ends it, or it is not all there."""
    stream, found = zlib.decompressobj(wbits=47), bytearray()
    end = None
    for at in range(start, len(data), _STEP):
        try:
            found += stream.decompress(data[at : at + _STEP], most - len(found))
        except zlib.error:
            break
        if stream.eof:
            end = min(at + _STEP, len(data)) - len(stream.unused_data)
            break
        if len(found) >= most:
            break
    return bytes(found), end


def members_in(data: bytes) -> Iterator[bytes]:
    """What can still be unpacked of the gzip members in bytes, damaged or not, one after the other."""
    at = data.find(_GZIP)
    while at >= 0:
        found, end = _member(data, at, _MOST)
        if found:
            yield found
        at = data.find(_GZIP, at + 1 if end is None else end)
