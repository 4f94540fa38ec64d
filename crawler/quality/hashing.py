"""Text as hashes: enough to score a body and a title by, not enough to read them again."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable

from xxhash import xxh32_hexdigest, xxh64_hexdigest

_SALT = "newsarchive quality\n"


def title_hash(title: str | None) -> str | None:
    """sha256 of the salted title in NFC with plain blanks; None for None. The truth was typed by a person."""
    if title is None:
        return None
    typed = unicodedata.normalize("NFC", title).replace("\xa0", " ")
    return hashlib.sha256((_SALT + typed).encode()).hexdigest()


def token_hashes(text: str) -> Counter[str]:
    """How often each whitespace token stands in ``text``, by its 32-bit hash (8 hex digits)."""
    words = unicodedata.normalize("NFC", text).split()
    return Counter(xxh32_hexdigest(word.encode()) for word in words)


def line_hash(line: str) -> str:
    """64-bit hash (16 hex digits) of a line without its white space."""
    return xxh64_hexdigest(squeeze(line).encode())


def squeeze(text: str) -> str:
    """``text`` in NFC without white space and zero-width characters: what is left when layout is gone."""
    bare = "".join(unicodedata.normalize("NFC", text).split())
    return bare.replace("\u200b", "").replace("\ufeff", "")


def digest(parts: Iterable[tuple[str, bytes]]) -> str:
    """``sha256:`` of named byte strings, whatever their order."""
    whole = hashlib.sha256()
    for name, body in sorted(parts):
        whole.update(f"{name}\0{hashlib.sha256(body).hexdigest()}\n".encode())
    return "sha256:" + whole.hexdigest()
