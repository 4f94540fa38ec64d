"""Copies that may hold a page are named; those that surely do not are not."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from storage.copies import FILE, Copy, known, note
from storage.forget.elsewhere import Shown, elsewhere

SEEN = datetime(2026, 11, 20, tzinfo=UTC)
ARTICLE = Shown(
    sources=frozenset({"daum"}),
    publishers=frozenset({"가나다뉴스"}),
    days=frozenset({date(2026, 11, 19), date(2026, 12, 1)}),
)
ALL: dict[str, Any] = {"source": None, "publisher": None, "since": None, "until": None, "words": None}


def told(
    tmp_path: Path, files: object, kind: str = "export", at: str = "2026-11-26T00:00:00+00:00"
) -> list[str]:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"files": files}))
    copy = Copy(kind="export", place=str(tmp_path), manifest=str(manifest), at=at)
    return [named(line) for line in elsewhere([copy], SEEN, ARTICLE)]


def named(line: str) -> str:
    """The name of the file, or folder, that a line tells of."""
    return Path(line.partition(" of ")[0].partition(" ")[2]).name


def entry(made_at: str = "2026-11-26T00:00:00+00:00", **wanted: Any) -> dict[str, Any]:
    return {"made_at": made_at, "wanted": ALL | wanted}


@pytest.mark.parametrize(
    ("name", "one", "held"),
    [
        ("a.jsonl", entry(), True),
        ("a.jsonl", entry(made_at="2026-11-19T23:59:59+00:00"), False),
        ("a.jsonl", entry(made_at="soon"), True),
        ("a.jsonl", {}, True),
        ("a.jsonl", {"made_at": "2026-11-26T00:00:00", "wanted": ALL}, True),
        ("a.csv", {"made_at": "2026-11-26T00:00:00+00:00", "wanted": {"sql": "SELECT 1"}}, True),
        ("a.csv", entry(words="금리"), True),
        ("a.csv", entry(source="fnnews"), False),
        ("a.csv", entry(source="daum", publisher="다른일보"), False),
        ("a.csv", entry(publisher="가나다뉴스"), True),
        ("a.csv", entry(since="2026-11-20", until="2026-11-30"), False),
        ("a.csv", entry(since="2026-11-19", until="2026-11-19"), True),
        ("articles-2026-12.parquet", entry(), True),
        ("articles-2026-10.parquet", entry(), False),
        ("articles-undated.parquet", entry(), False),
    ],
)
def test_files_of_an_export(tmp_path: Path, name: str, one: dict[str, Any], held: bool) -> None:
    assert told(tmp_path, {name: one}) == ([name] if held else [])


def test_files_of_several_exports_into_one_folder_are_named_once(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    names = ["a.csv", "b.jsonl", "c.parquet"]
    manifest.write_text(json.dumps({"files": {name: entry() for name in names}}))
    at = "2026-11-26T00:00:00+00:00"
    copies = [
        Copy(kind="export", place=str(tmp_path / name), manifest=str(manifest), at=at) for name in names
    ]
    said = elsewhere(copies, SEEN, ARTICLE)
    assert [named(line) for line in said] == names


def test_what_cannot_be_read_may_hold_it(tmp_path: Path) -> None:
    for files in ([], {"a": 1}, None):
        assert told(tmp_path, files) == [tmp_path.name]
    away = Copy(kind="export", place="/x/y.csv", manifest="/x/none.json", at="2026-11-26T00:00:00+00:00")
    bare = Copy(kind="export", place="/x/z.csv", manifest=None, at="2026-11-26T00:00:00+00:00")
    lines = list(elsewhere([away, bare], SEEN, ARTICLE))
    assert ["cannot be read" in line for line in lines] == [True, False]
    assert told(tmp_path, {}, at="2026-11-01T00:00:00+00:00") == []


def test_what_a_killed_export_left_is_named(tmp_path: Path) -> None:
    """It was noted before it wrote anything, and its manifest does not know of it."""
    assert told(tmp_path, {}) == []
    for name in ("articles-2026-11.csv", ".articles-2026-12.csv.77.unfinished", "other.csv", "manifest.json"):
        (tmp_path / name).write_text("{}")
    assert told(tmp_path, {}) == [".articles-2026-12.csv.77.unfinished", "articles-2026-11.csv"]
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"files": {}}))
    copy = Copy(
        kind="export",
        place=str(tmp_path / "other.csv"),
        manifest=str(manifest),
        at="2026-11-26T00:00:00+00:00",
    )
    (line,) = elsewhere([copy], SEEN, ARTICLE)
    assert "other.csv" in line
    assert "did not come to its end" in line


def test_a_backup_says_how_it_is_rid_of_it() -> None:
    copy = Copy(kind="backup", place="/b", manifest="/b/backup.json", at="2026-11-26T00:00:00+00:00")
    (line,) = elsewhere([copy], SEEN, ARTICLE)
    assert "newsarchive backup /b takes it out" in line


def test_the_newest_of_each_place_is_known(tmp_path: Path) -> None:
    first, last = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
    for at in (first, last):
        note(tmp_path, "export", tmp_path / "a.csv", None, at)
    with (tmp_path / FILE).open("a") as file:
        file.write(
            '{"kind": "x"}\n?\n[]\n{"kind": "a", "place": "b", "manifest": null, "at": "2026-11-01"}\n'
        )
    copies, spoilt = known(tmp_path)
    assert [one.at for one in copies] == [last.isoformat()]
    assert spoilt == 4
    with pytest.raises(OSError, match="none"):
        note(tmp_path / "none", "export", tmp_path, None, first)


def test_of_an_article_that_is_gone_every_file_may_hold_it(tmp_path: Path) -> None:
    gone = Shown(sources=frozenset(), publishers=frozenset(), days=frozenset())
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"files": {"a.csv": entry(source="daum", since="2026-11-01")}}))
    copy = Copy(kind="export", place="x", manifest=str(manifest), at="2026-11-26T00:00:00+00:00")
    assert len(list(elsewhere([copy], SEEN, gone))) == 1
