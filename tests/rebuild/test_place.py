"""A folder from which a rebuild takes its files: whatever else lies in it is named, and left."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.configuration.environment import WrongSetting
from crawler.rebuild.place import bring

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
