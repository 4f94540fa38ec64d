"""``newsarchive import`` as a person calls it: what it says, and its exit code."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from storage.clock import utc_now
from storage.database.opening import open_database
from storage.frontier import leases
from tests.commands.inside import inside
from tests.imports.others import Other
from tests.rebuild.files import PAGE, URL

Patch = pytest.MonkeyPatch
Said = pytest.CaptureFixture[str]


def test_what_is_said_and_the_exit_code(
    tmp_path: Path, sqlite_url: str, monkeypatch: Patch, capsys: Said
) -> None:
    run = inside(tmp_path, sqlite_url, monkeypatch, capsys)
    path = Other(tmp_path / "x.warc.gz").answer(URL, PAGE).close()
    wrong = run("import", "nowhere.warc.gz")
    assert (wrong.code, wrong.out) == (2, "")
    assert "there is no file nowhere.warc.gz" in wrong.err
    done = run("import", str(path), "nowhere.warc.gz")
    assert done.code == 1
    assert "cannot be read: there is no file nowhere.warc.gz" in done.out
    assert "1 file: 1 taken, 0 known, 0 queued, 0 left, 0 unreadable; beside them 1 warcinfo" in done.out
    assert "taken and judged: 1 stored" in done.out
    runs = run("runs", "--format", "csv").out
    assert ",import," in runs
    assert ",ended," in runs
    again = run("import", str(path))
    assert (again.code, "1 known" in again.out) == (0, True), again.err


def test_what_a_killed_import_left_open_is_closed_by_the_next(
    tmp_path: Path, sqlite_url: str, monkeypatch: Patch, capsys: Said
) -> None:
    run = inside(tmp_path, sqlite_url, monkeypatch, capsys)
    path = Other(tmp_path / "x.warc.gz").answer(URL, PAGE).close()
    run("import", str(path))
    (closed,) = (tmp_path / "archive" / "warc").iterdir()
    closed.rename(closed.with_name(f"{closed.name}.open"))
    again = run("import", str(path))
    assert (again.code, f"recovered {closed.name}, left open by a run that died" in again.err) == (0, True)
    assert [file.name for file in closed.parent.iterdir()] == [closed.name]
    assert run("verify", "--all").code == 0


def test_two_at_once_are_one(tmp_path: Path, sqlite_url: str, monkeypatch: Patch, capsys: Said) -> None:
    """Another machine's, of which nobody here can say that it is dead."""
    engine = open_database(sqlite_url)
    assert leases.acquire(engine, "import", "elsewhere/1/x", utc_now() + timedelta(seconds=1), 60) is None
    engine.dispose()
    path = Other(tmp_path / "x.warc.gz").answer(URL, PAGE).close()
    held = inside(tmp_path, sqlite_url, monkeypatch, capsys)("import", str(path))
    assert (held.code, held.out) == (3, "")
    assert "another import is at work (elsewhere/1/x)" in held.err
