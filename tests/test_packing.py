"""Bodies that are gzip without saying so."""

from __future__ import annotations

import gzip

import pytest

from crawler.packing import MAX_UNPACKED, unpacked

TEXT = "<html>가상시 다리</html>".encode()
ONCE = gzip.compress(TEXT, mtime=0)


@pytest.mark.parametrize(
    ("body", "inner"),
    [
        (TEXT, TEXT),
        (b"", b""),
        (ONCE, TEXT),
        (gzip.compress(ONCE, mtime=0), TEXT),
        (ONCE + gzip.compress(b"<!-- more -->", mtime=0), TEXT + b"<!-- more -->"),
        (ONCE + b"\0" * 512, TEXT),
        (ONCE[:-9], ONCE[:-9]),
        (ONCE[:-5] + b"\xff\xff\xff\xff\xff", ONCE[:-5] + b"\xff\xff\xff\xff\xff"),
        (b"\x1f\x8b\x08", b"\x1f\x8b\x08"),
        (b"\x1f\x8b\x08" + TEXT, b"\x1f\x8b\x08" + TEXT),
    ],
)
def test_gzip_is_opened_where_it_is_whole(body: bytes, inner: bytes) -> None:
    assert unpacked(body) == inner


def test_what_unpacks_without_end_is_left_packed() -> None:
    bomb = gzip.compress(b"\0" * (MAX_UNPACKED + 1))
    assert unpacked(bomb) is bomb
