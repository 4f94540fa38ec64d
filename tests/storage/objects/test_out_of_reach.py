"""A store that nobody can speak to, notes of the folder that somebody has edited: nothing is made of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.capture.past import read_past
from crawler.commands.options import opened
from crawler.configuration.environment import read_configuration
from crawler.reading.pool import ReadingPool
from crawler.reading.process import ReadingUnavailable
from crawler.reading.question import Lost
from crawler.rereading.captures import CaptureReader
from crawler.sources.generic import GENERIC
from storage.frontier.captures import StoredCapture
from storage.records import Article, Capture, CapturedPage, WarcPlace
from storage.warc.at_hand import closed_files
from storage.warc.objects import StoreRefused
from storage.warc.reading import CaptureMissing, read_record
from storage.warc.sent import SENT, STORE, State, failures, files_sent, keep, store_of
from tests.reading.asking import with_pool

AT = datetime(2026, 11, 26, tzinfo=UTC)
NAME = "newsarchive-20261126000000000000-1-00000.warc.gz"
PLACE = WarcPlace(file=NAME, offset=0, length=10)
CAPTURE = Capture(
    url="https://www.fnnews.com/news/1", fetched_at=AT, http_status=200, content_type=None, etag=None,
    last_modified=None, payload_digest="sha1:A", payload_length=1, warc=PLACE,
)  # fmt: skip
CAPTURED = StoredCapture(id=1, address_id=1, run_id=1, capture=CAPTURE, processed_at=AT, read_attempts=1)
NOT_STORES = (
    b"nosuch://bucket/prefix",
    b"captures",
    b"\xff\xfe",
    b"s3://",
    b"/mnt/x",
    b"s3://k:secret@b/p",
    b"a b c",
)


def noted(folder: Path, said: bytes) -> Path:
    (folder / STORE).write_bytes(said + b"\n")
    return folder


@pytest.mark.parametrize("said", NOT_STORES)
def test_a_note_of_no_store_is_no_missing_capture(said: bytes, tmp_path: Path) -> None:
    with pytest.raises(StoreRefused) as refused:
        read_record(noted(tmp_path, said), PLACE)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("said", [b"", b"  ", b"\n\n"])
def test_an_empty_note_is_no_note(said: bytes, tmp_path: Path) -> None:
    with pytest.raises(CaptureMissing):
        read_record(noted(tmp_path, said), PLACE)


def test_an_old_page_that_cannot_be_reached_makes_no_edit(tmp_path: Path) -> None:
    """The run stops; what it would store of the page would call the reader's change the site's."""

    async def read(page: CapturedPage) -> Article:
        raise AssertionError(page)

    with pytest.raises(ReadingUnavailable, match="nosuch"):
        asyncio.run(read_past([CAPTURED], noted(tmp_path, b"nosuch://bucket/prefix"), read))


def test_a_file_that_this_disk_refuses_is_a_lost_capture_for_whoever_fetches_it(tmp_path: Path) -> None:
    """With a store the command fetches the bytes, else the reading process does: the answer is the same."""
    (tmp_path / NAME).mkdir()

    async def work(pool: ReadingPool) -> list[Article | Lost]:
        reads = CaptureReader(pool, tmp_path, {})
        by_process = await reads.read(CAPTURED, GENERIC)
        noted(tmp_path, f"file://{tmp_path}/away".encode())
        return [by_process, await reads.read(CAPTURED, GENERIC)]

    lost = with_pool(work)
    assert all(isinstance(one, Lost) and "Is a directory" in one.reason for one in lost), lost


AFTER = '"at": "2026-11-26T00:00:00+00:00", "store": "s3://b"'
EDITED = (
    "", "\x00\x00", "null", "[]", "5", '{"file": 5}', "[" * 100_000,
    '{"file": "../../etc/passwd.warc.gz", "state": "sent", AFTER}',
    '{"file": "NAME", "state": "gone", AFTER}',
    '{"file": "NAME", "state": "sent", "at": "yesterday", "store": "s3://b"}',
    '{"file": "NAME", "state": "sent", "at": "2026-11-26T00:00:00", "store": "s3://b"}',
    '{"file": "NAME", "state": "sent", "bytes": "9", AFTER}',
    '{"file": "NAME", "state": "sent", "more": 1, AFTER}',
    '{"file": ["NAME"], "state": "sent", AFTER}',
)  # fmt: skip


def test_lines_of_the_ledger_that_are_none_say_nothing(tmp_path: Path) -> None:
    said = "\n".join(EDITED).replace("AFTER", AFTER).replace("NAME", NAME)
    (tmp_path / SENT).write_bytes(said.encode() + b"\xff\xfe torn")
    assert files_sent(tmp_path) == {}
    assert closed_files(tmp_path) == []
    keep(tmp_path, NAME, State.SENT, "s3://b", size=3, sha256="0" * 64)
    assert files_sent(tmp_path)[NAME].bytes == 3
    assert [one.name for one in closed_files(tmp_path)] == [NAME]


def test_a_failed_try_changes_nothing_of_what_is_known(tmp_path: Path) -> None:
    keep(tmp_path, NAME, State.CHANGED, "s3://b")
    keep(tmp_path, NAME, State.FAILED, "s3://b", why="down")
    assert files_sent(tmp_path)[NAME].state is State.CHANGED
    assert failures(tmp_path)[NAME].why == "down"
    keep(tmp_path, NAME, State.SENT, "s3://b", size=3, sha256="0" * 64)
    assert failures(tmp_path) == {}


def test_a_machine_that_has_captured_nothing_knows_the_store(sqlite_url: str, tmp_path: Path) -> None:
    """Else what others have sent is missing to it."""
    there = f"file://{tmp_path}/store"
    settings = read_configuration({"dir": tmp_path / "new", "database_url": sqlite_url, "warc": there})
    with opened(settings, readonly=True):
        assert store_of(settings.warc_folder) is None
    with opened(settings):
        assert store_of(settings.warc_folder) == there
