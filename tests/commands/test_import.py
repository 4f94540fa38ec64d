"""``newsarchive import`` as a person calls it: what it says, and its exit code."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from storage.clock import utc_now
from storage.database.opening import open_database
from storage.frontier import leases
from tests.commands.program import program
from tests.imports.others import Other
from tests.rebuild.files import PAGE, URL


def test_what_is_said_and_the_exit_code(tmp_path: Path, sqlite_url: str) -> None:
    run = program(tmp_path, sqlite_url, "import")
    path = Other(tmp_path / "x.warc.gz").answer(URL, PAGE).close()
    wrong = run("nowhere.warc.gz")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "there is no file nowhere.warc.gz" in wrong.stderr
    done = run(str(path), "nowhere.warc.gz")
    assert done.returncode == 1
    assert "cannot be read: there is no file nowhere.warc.gz" in done.stdout
    assert "1 files: 1 taken, 0 known, 0 queued, 0 left, 0 unreadable; beside them 1 warcinfo" in done.stdout
    assert "taken and judged: 1 stored" in done.stdout
    runs = program(tmp_path, sqlite_url, "runs")("--format", "csv").stdout
    assert ",import," in runs
    assert ",ended," in runs
    again = run(str(path))
    assert (again.returncode, "1 known" in again.stdout) == (0, True), again.stderr


def test_two_at_once_are_one(tmp_path: Path, sqlite_url: str) -> None:
    """Another machine's, of which nobody here can say that it is dead."""
    engine = open_database(sqlite_url)
    assert leases.acquire(engine, "import", "elsewhere/1/x", utc_now() + timedelta(seconds=1), 60) is None
    engine.dispose()
    path = Other(tmp_path / "x.warc.gz").answer(URL, PAGE).close()
    held = program(tmp_path, sqlite_url, "import")(str(path))
    assert (held.returncode, held.stdout) == (3, "")
    assert "another import is at work (elsewhere/1/x)" in held.stderr
