"""``newsarchive import`` as a person calls it: what it says, and its exit code."""

from __future__ import annotations

from pathlib import Path

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
    again = run(str(path))
    assert (again.returncode, "1 known" in again.stdout) == (0, True), again.stderr
