"""Content codings are taken off to their very end: what is damaged is told, what servers do is forgiven."""

from __future__ import annotations

import gzip
import random
import sys
import zlib

import brotli
import pytest

from crawler.coding import CodingError, CutOff, Damaged, TooLarge, plain
from crawler.extract.intake import refuse_bytes
from storage.records import CapturedPage, PageKind

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DICE = random.Random(4)
NUMBERS = " ".join(str(DICE.random()) for _ in range(400))  # so that nothing packs it to a line
PAGE = f"<html><body><p>시는 새 다리를 열었다고 밝혔다. {NUMBERS}</p></body></html>".encode()
CHECKED = zstd.compress(PAGE, options={zstd.CompressionParameter.checksum_flag: 1})
LIMIT = 1024 * 1024


def gz(body: bytes = PAGE) -> bytes:
    return gzip.compress(body, mtime=0)


def raw(body: bytes = PAGE) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


def unended(window: int) -> bytes:
    stream = zlib.compressobj(wbits=window)
    return stream.compress(PAGE) + stream.flush(zlib.Z_SYNC_FLUSH)


def flipped(body: bytes, at: int) -> bytes:
    changed = bytearray(body)
    changed[at] ^= 0x55
    return bytes(changed)


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gz(), "gzip"),
        (gz(), "x-gzip"),
        (gz() + b"\0" * 512, "gzip"),
        (gz() + b"\r\n<!-- 0.02 s -->", "gzip"),
        (gz(PAGE[:50]) + gz(PAGE[50:]), "gzip"),
        (gz() + gz(b""), "gzip"),
        (gz(), "deflate"),
        (gz(), "zstd"),
        (gz(), "br"),
        (zlib.compress(PAGE), "gzip"),
        (zlib.compress(PAGE), "br"),
        (zstd.compress(PAGE), "gzip"),
        (brotli.compress(PAGE), "gzip"),
        (brotli.compress(PAGE), "deflate"),
        (zlib.compress(PAGE), "deflate"),
        (zlib.compress(PAGE) + b"\n", "deflate"),
        (raw(), "deflate"),
        (raw() + b"garbage", "deflate"),
        (brotli.compress(PAGE), "br"),
        (brotli.compress(PAGE) + b"garbage", "br"),
        (zstd.compress(PAGE), "zstd"),
        (CHECKED + b"garbage", "zstd"),
        (zstd.compress(PAGE[:50]) + zstd.compress(PAGE[50:]), "zstd"),
        (b"\x50\x2a\x4d\x18\x02\0\0\0ab" + CHECKED, "zstd"),  # a frame to be skipped
        *(
            (PAGE, coding)
            for coding in ("gzip", "deflate", "br", "zstd", "identity", "none", "utf-8", "lzma")
        ),
    ],
)
def test_what_is_whole_is_taken(body: bytes, coding: str) -> None:
    assert plain(body, coding, LIMIT) == PAGE


@pytest.mark.parametrize(
    ("body", "coding", "kind"),
    [
        (gz()[:-8], "gzip", CutOff),
        (gz()[:-1], "gzip", CutOff),
        (gz()[: len(gz()) // 2], "gzip", CutOff),
        (gz()[:6], "gzip", CutOff),
        (gz() + gz()[:-4], "gzip", CutOff),
        (unended(31), "gzip", CutOff),
        (gz()[:-8] + b"12345678", "gzip", Damaged),
        (flipped(gz(), -1), "gzip", Damaged),  # the length
        (flipped(gz(), -6), "gzip", Damaged),  # the checksum
        (flipped(gz(), 200), "gzip", CodingError),
        (gz() + flipped(gz(), -6), "gzip", Damaged),
        (b"\xff\xd8" + gz(), "gzip", Damaged),
        (zlib.compress(PAGE)[:-4], "deflate", CutOff),
        (flipped(zlib.compress(PAGE), -2), "deflate", Damaged),
        (flipped(zlib.compress(PAGE), 300), "deflate", CodingError),
        (unended(15), "deflate", CutOff),
        (unended(-15), "deflate", CutOff),
        (raw()[:-2], "deflate", CutOff),
        (brotli.compress(PAGE)[:-40], "br", CutOff),
        (b"\xff" * 40, "br", Damaged),
        (CHECKED[:-4], "zstd", CutOff),
        (flipped(CHECKED, -2), "zstd", Damaged),
        (CHECKED[: len(CHECKED) // 2], "zstd", CutOff),
        (gz(), "lzma", Damaged),
        (gz(bytes(LIMIT + 1)), "gzip", TooLarge),
        (brotli.compress(bytes(LIMIT + 1)), "br", TooLarge),
    ],
)
def test_what_is_damaged_is_told(body: bytes, coding: str, kind: type[CodingError]) -> None:
    with pytest.raises(kind):
        plain(body, coding, LIMIT)


@pytest.mark.parametrize("body", [gz()[:-8], flipped(gz(), -6), gz()[:200]])
def test_damaged_gzip_that_nobody_announced_is_fetched_again(body: bytes) -> None:
    refusal = refuse_bytes(CapturedPage(url="https://news.example/1", body=body))
    assert refusal is not None
    assert refusal.kind is PageKind.INCOMPLETE
    assert "gzip that cannot be unpacked" in refusal.reason
