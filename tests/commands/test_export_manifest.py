"""What a folder's manifest says while several exports write to it, and what is no manifest."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from threading import Thread

import pytest

from crawler.commands.export_manifest import Asked, Made, known_files, last_asked, write_manifest
from crawler.commands.files import write_file
from crawler.configuration.environment import WrongSetting
from storage.clock import utc_now

ASKED = Asked(wanted={"source": None}, begun_at=utc_now(), whole=True)


def made(place: Path, *rows: str) -> Made:
    return Made(file=write_file("jsonl", place, ["title"], [[row] for row in rows], None))


def test_two_exports_into_one_folder_lose_no_entry(tmp_path: Path) -> None:
    first, second = made(tmp_path / "1.jsonl", "하나"), made(tmp_path / "2.jsonl", "둘")
    folder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)  # another export reads the manifest, and will write it
    waits = Thread(target=write_manifest, args=([second], tmp_path, ASKED))
    waits.start()
    waits.join(0.1)
    assert waits.is_alive()
    (tmp_path / "manifest.json").write_text(json.dumps({"files": {first.file.name: {}}}))
    os.close(folder)
    waits.join(10)
    assert list(known_files(tmp_path / "manifest.json")) == ["1.jsonl", "2.jsonl"]


def test_the_manifest_tells_of_the_file_that_is_there(tmp_path: Path) -> None:
    place = tmp_path / "same.jsonl"
    slow, quick = made(place, "하나", "둘"), made(place, "셋", "넷")
    assert write_manifest([quick], tmp_path, ASKED) == []
    assert write_manifest([slow], tmp_path, ASKED) == ["same.jsonl"]
    assert known_files(tmp_path / "manifest.json")["same.jsonl"]["sha256"] == quick.file.sha256
    os.utime(place, ns=(0, 0))  # a drive that keeps its own times
    assert write_manifest([quick], tmp_path, ASKED) == []
    place.unlink()
    assert write_manifest([quick], tmp_path, ASKED) == ["same.jsonl"]


WHOLE = {"whole": True, "wanted": {"source": None}, "begun_at": "2026-11-27T09:00:00+09:00"}


@pytest.mark.parametrize(
    "said",
    [
        *("", "{", "[]", "null", "{}", '{"files": 1}', '{"files": []}', '{"files": null}', "[" * 100_000),
        *('{"files": {"a.csv": 1}}', '{"files": {"a.csv": null}}', '{"files": {"a.csv": {"whole": true}}}'),
        *(
            json.dumps({"files": {"a.csv": WHOLE | wrong}})
            for wrong in (
                {"begun_at": "gestern"},
                {"begun_at": "2026-11-27T09:00"},
                {"begun_at": 1},
                {"wanted": 1},
            )
        ),
    ],
)
def test_what_is_no_manifest_is_told(tmp_path: Path, said: str) -> None:
    (tmp_path / "manifest.json").write_text(said)
    with pytest.raises(WrongSetting, match="is no manifest of an export"):
        last_asked(tmp_path / "manifest.json", {"source": None}, utc_now())
