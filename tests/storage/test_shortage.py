"""What the system refuses, in words that are true: our own shortage, a limit, a path that is none."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.run.boundary import Boundary, StageBroke
from storage.database.refusal import DatabaseRefused, refusals
from storage.database.shortage import shortage


def number(code: int) -> OSError:
    return OSError(code, os.strerror(code))


def caused(error: BaseException) -> Exception:
    outer = ValueError("something of a library's")
    outer.__cause__ = error
    return outer


def half_written() -> BlockingIOError:
    error = BlockingIOError(errno.EAGAIN, "write could not complete without blocking")
    error.characters_written = 3
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "No more memory"),
        (MemoryError("Cannot allocate"), "No more memory"),
        (number(errno.ENOMEM), "No more memory"),
        (RuntimeError("can't start new thread"), "No more threads or processes"),
        (number(errno.EAGAIN), "No more threads or processes"),
        (number(errno.EMFILE), "No more files can be opened by this process"),
        (number(errno.ENFILE), "No more files can be opened by the system"),
        (caused(MemoryError()), "No more memory"),
        (caused(number(errno.EAGAIN)), "No more threads or processes"),
        (caused(caused(RuntimeError("can't start new thread"))), "No more threads or processes"),
    ],
)
def test_a_shortage_is_never_the_sites(error: Exception, said: str) -> None:
    assert (shortage(error) or "").startswith(said)
    notes: list[str] = []
    with (
        pytest.raises(DatabaseRefused, match=said),
        Boundary(notes.append).stage("download", declared=(Exception,)),
    ):
        raise error
    assert notes == []


@pytest.mark.parametrize(
    "error",
    [
        *(
            number(code)
            for code in (errno.ECONNREFUSED, errno.ETIMEDOUT, errno.ENOSPC, errno.EPIPE, errno.EIO)
        ),
        half_written(),
        RuntimeError("cannot join thread before it is started"),
        RuntimeError("dictionary changed size during iteration"),
        TimeoutError(),
        ValueError("can't start new thread"),
    ],
)
def test_what_is_no_shortage(error: Exception) -> None:
    assert shortage(error) is None
    with pytest.raises(StageBroke), Boundary(lambda _: None).stage("download"):
        raise error


def test_a_refusal_by_a_shortage_is_told_once() -> None:
    told: list[str] = []

    def short(sentence: str) -> DatabaseRefused:
        told.append(sentence)
        return DatabaseRefused(sentence)

    boundary = Boundary(lambda _: None)
    boundary.short = short
    with pytest.raises(DatabaseRefused), boundary.stage("robots"), boundary.stage("robots.txt"):
        raise MemoryError
    assert len(told) == 1


@pytest.mark.parametrize("path", ["file", "dangling", "round", "file/in/it", os.devnull])
def test_a_path_that_is_no_folder(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere" / "at all")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    with pytest.raises(DatabaseRefused, match="is no folder"), refusals():
        (tmp_path / path).mkdir(parents=True, exist_ok=True)


LIMITED = """
import resource, sys
from pathlib import Path
from storage.database.opening import DatabaseRefused, open_database, refusals, writing
from sqlalchemy import text

folder, limit = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    engine = open_database(f"sqlite:///{folder / 'some.db'}")
    with refusals(engine.url), writing(engine) as session:
        session.execute(text("CREATE TABLE one (words TEXT)"))
        for _ in range(40):
            session.execute(text("INSERT INTO one VALUES (hex(zeroblob(50000)))"))
except DatabaseRefused as error:
    print(error)
try:
    with refusals():
        (folder / "some.warc").write_bytes(bytes(2 * limit))
except DatabaseRefused as error:
    print(error)
"""


@pytest.mark.parametrize("limit", [1024, 65_536, 1_024_000])
def test_a_limit_of_a_files_size(tmp_path: Path, limit: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path), str(limit)], capture_output=True, text=True, check=True
    )
    of_database, of_file = done.stdout.splitlines()
    for said in (of_database, of_file):
        assert f"this process may make files of {limit:,} bytes at most (ulimit -f" in said
        assert "cannot grow" in said
