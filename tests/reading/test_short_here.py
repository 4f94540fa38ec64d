"""A reading process that runs short of something says so of itself, never of the capture."""

from __future__ import annotations

import errno
import os
import resource
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.reading.pool import ReadingPool
from crawler.reading.process import ReadingUnavailable
from crawler.reading.question import Lost
from crawler.rereading.captures import CaptureReader
from storage.frontier.captures import StoredCapture
from storage.records import Capture, WarcPlace
from tests.reading.asking import limits, with_pool

AT = datetime(2026, 11, 26, tzinfo=UTC)


def capture(file: str) -> StoredCapture:
    made = Capture(
        url="https://www.fnnews.com/news/202611260900001234",
        fetched_at=AT,
        http_status=200,
        content_type="text/html",
        etag=None,
        last_modified=None,
        payload_digest="sha1:A",
        payload_length=1,
        warc=WarcPlace(file=file, offset=0, length=10),
    )
    return StoredCapture(id=1, address_id=1, run_id=1, capture=made, processed_at=None, read_attempts=0)


@pytest.mark.parametrize(
    ("error", "here"),
    [
        (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), True),
        (OSError(errno.ENFILE, os.strerror(errno.ENFILE)), True),
        (OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)), True),
        (OSError(errno.EIO, os.strerror(errno.EIO)), False),
        (PermissionError(errno.EACCES, os.strerror(errno.EACCES)), False),
    ],
)
def test_what_an_error_at_a_file_says(error: OSError, here: bool) -> None:
    assert Lost.by(error).here is here


def test_no_more_files_in_the_reading_process_lose_no_capture(tmp_path: Path) -> None:
    """One that may open none any more: the file is there, and damaged; which is said as soon as it may."""
    (tmp_path / "a.warc.gz").write_bytes(b"no record")

    async def work(pool: ReadingPool) -> tuple[str, Lost]:
        reader = CaptureReader(pool, tmp_path, {})
        await pool.warm()
        (process,) = pool._idle
        pid = process.pid
        was = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, was[1]))
        with pytest.raises(ReadingUnavailable) as refused:
            await reader.read(capture("a.warc.gz"), "generic")
        resource.prlimit(pid, resource.RLIMIT_NOFILE, was)
        answer = await reader.read(capture("a.warc.gz"), "generic")
        assert isinstance(answer, Lost)
        return str(refused.value), answer

    said, answer = with_pool(work, limits())
    assert "No more files can be opened by this process" in said
    assert "a.warc.gz:0+10" in answer.reason
    assert not answer.here
