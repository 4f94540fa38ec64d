"""A file's bytes as they are asked for: as of ``bytes``, and an error where the disk gives none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from storage.warc.file import bytes_of
from tests.storage.samples import UNREADABLE

HELD = b"a" * 65_535 + b"needle" + b"b" * 70_000 + b"needle"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(HELD)
    return path


@pytest.mark.parametrize(
    "span", [(0, 4), (65_530, 65_545), (-6, None), (None, None), (9, 3), (141_000, 10**9)]
)
def test_spans_are_those_of_bytes(file: Path, span: tuple[int | None, int | None]) -> None:
    with bytes_of(file) as data:
        assert len(data) == len(HELD)
        assert data[slice(*span)] == HELD[slice(*span)]


@pytest.mark.parametrize("start", [0, 65_535, 65_536, 135_541, 135_542, 10**9])
def test_what_is_looked_for_is_found_over_the_edges_of_pieces(file: Path, start: int) -> None:
    with bytes_of(file) as data:
        assert data.find(b"needle", start) == HELD.find(b"needle", start)
        assert data.find(b"never", start) == -1


def test_a_file_that_is_cut_short_meanwhile_kills_nobody(file: Path) -> None:
    """Of a map the system sends SIGBUS."""
    with bytes_of(file) as data:
        os.truncate(file, 10)
        assert (data[5:20], data[100_000:], data.find(b"needle")) == (b"aaaaa", b"", -1)


@pytest.mark.skipif(not UNREADABLE.exists(), reason="there is no such file here")
def test_a_disk_that_gives_nothing_is_an_error_with_the_files_name() -> None:
    with bytes_of(UNREADABLE) as data, pytest.raises(OSError, match="Invalid argument") as refused:
        data[0:10]
    assert refused.value.filename == str(UNREADABLE)
