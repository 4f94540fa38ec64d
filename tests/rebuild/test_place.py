"""A folder from which a rebuild takes its files: whatever else lies in it is named, and left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler.configuration.environment import WrongSetting
from crawler.rebuild.place import bring, missing
from storage.warc.manifest import write_manifest
from storage.warc.sent import STORE

OURS = "newsarchive-20261126070823150019-10130-00000.warc.gz"
OPEN = "newsarchive-20261126070823150019-10130-00001.warc.gz.open"


def test_what_is_not_ours_is_named_and_left(tmp_path: Path) -> None:
    origin = tmp_path / "from"
    origin.mkdir()
    for name in (OURS, OPEN, "CC-NEWS-1.warc.gz", f"copy of {OURS}", "notes.txt", "browser.warc.gz.open"):
        (origin / name).write_bytes(b"x")
    gone, folder = OURS.replace("00000.", "00007."), OURS.replace("00000.", "00008.")
    (origin / gone).symlink_to(tmp_path / "nowhere")
    (origin / folder).mkdir()
    problems: list[str] = []
    assert [
        said[:20] for said in bring(origin, tmp_path / "a" / "warc", tmp_path / "a", problems.append)
    ] == ["2 WARC files brought"]
    assert {path.name for path in (tmp_path / "a" / "warc").iterdir()} == {OURS, OPEN}
    assert f"{gone} cannot be opened: No such file or directory" in problems
    assert f"{folder} cannot be opened: Is a directory" in problems
    foreign = "is no file of this archive: newsarchive import takes it"
    assert {f"{name} {foreign}" for name in ("CC-NEWS-1.warc.gz", f"copy of {OURS}")} <= set(problems)
    assert len(problems) == 5
    assert [said[:2] for said in bring(origin, tmp_path / "a" / "warc", tmp_path / "a", problems.append)] == [
        "0 "
    ]
    there = tmp_path / "a" / "warc" / OPEN
    there.rename(there.with_suffix(""))
    assert [said[:2] for said in bring(origin, tmp_path / "a" / "warc", tmp_path / "a", problems.append)] == [
        "0 "
    ]
    assert not there.exists(), "what a rebuild has closed is not brought open again"
    (tmp_path / "a" / "warc" / OURS).write_bytes(b"another")
    with pytest.raises(WrongSetting, match="is there already, and is another file"):
        list(bring(origin, tmp_path / "a" / "warc", tmp_path / "a", problems.append))


def test_what_may_be_captures_and_is_not_read_is_named(tmp_path: Path) -> None:
    """In the archive's own folder too: another spelling or form, half a copy, a folder below, a lost file."""
    read = (OURS, OPEN, f"{OURS}.damaged-70", f".{OURS}.coming", "SHA256SUMS", "notes.txt")
    passed = (OURS.upper(), OURS[:-3], f"{OURS}.part", "old.warc.zst", "old.arc.gz")
    for name in (*read, *passed):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "2025").mkdir()
    (tmp_path / "2025" / OURS).write_bytes(b"x")
    (tmp_path / "logs").mkdir()
    problems: list[str] = []
    assert list(bring(tmp_path, tmp_path, tmp_path.parent, problems.append)) == []
    named = {Path(said.removeprefix(f"{tmp_path}/").partition(" ")[0]).name for said in problems}
    assert named == {*passed, "2025"}
    lost = OURS.replace("00000.", "00009.")
    write_manifest(tmp_path, {OURS: "0" * 64, lost: "0" * 64})
    assert list(missing(tmp_path, tmp_path)) == [f"{lost} is named in {tmp_path}/SHA256SUMS, and is nowhere"]


@pytest.mark.parametrize("store", [None, "s3://bucket/prefix"])
def test_a_folder_whose_files_were_sent_away_names_their_store(tmp_path: Path, store: str | None) -> None:
    origin = tmp_path / "warc"
    origin.mkdir()
    if store:
        (origin / STORE).write_text(store, encoding="utf-8")
    said = f"; they were sent to {store}: set NEWSARCHIVE_WARC to it" if store else ""
    with pytest.raises(WrongSetting, match=rf"\(\*\.warc\.gz\) in {re.escape(str(origin))}{said}$"):
        list(bring(origin, tmp_path / "new" / "warc", tmp_path / "new", lambda _: None))
