"""Text files of people: in UTF-8 with a mark or without, in UTF-16 with one, or in the Korean code page."""

from __future__ import annotations

import codecs
from pathlib import Path

_BLOCK = 1024 * 1024


def encoding_of(path: Path) -> str | None:
    """The encoding of a text file; None: it is no text. Reads it once, in pieces."""
    with path.open("rb") as stream:
        begin = stream.read(4)
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16" if _decodes(path, "utf-16") else None
    return next((name for name in ("utf-8-sig", "cp949") if _decodes(path, name)), None)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                if "\x00" in decoder.decode(block):
                    return False
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
