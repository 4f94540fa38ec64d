"""Where rows may be written to, and how a table shows more columns than fit."""

from __future__ import annotations

import csv
import io
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from crawler.commands.files import write_text
from crawler.commands.options import read_page
from crawler.commands.output import write_csv, write_table, write_tsv
from crawler.configuration import named
from crawler.configuration.environment import WrongSetting
from crawler.configuration.file import WrongFile, read_file


def test_what_is_no_file_is_not_replaced_by_one(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "circle.csv").symlink_to(tmp_path / "circle.csv")
    (tmp_path / "to pipe.csv").symlink_to(tmp_path / "pipe.csv")
    for name, said in (
        ("pipe.csv", "it is no file"),
        ("to pipe.csv", "it is no file"),
        ("folder.csv", "it is a folder"),
        ("circle.csv", "cannot be written"),
        (f"{'가' * 100}.csv", "cannot be written"),
    ):
        with pytest.raises(WrongSetting, match=said):
            write_text("csv", tmp_path / name, ("a",), [(1,)])
    assert (tmp_path / "pipe.csv").is_fifo()
    ends = os.pipe()  # where standard output leads to in a pipeline
    with pytest.raises(WrongSetting, match=rf"/dev/fd/{ends[1]} cannot be written: it is no file"):
        write_text("csv", Path(f"/dev/fd/{ends[1]}"), ("a",), [(1,)])
    for end in ends:
        os.close(end)
    assert {one.name for one in tmp_path.iterdir()} == {"pipe.csv", "to pipe.csv", "folder.csv", "circle.csv"}


def test_no_file_of_an_archive_is_replaced(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "of another name")) as database:
        database.execute("CREATE TABLE kept (a)")
    warc = tmp_path / "warc"
    warc.mkdir()
    (warc / "one.warc.gz").write_bytes(b"kept")
    (tmp_path / "link.csv").symlink_to("of another name")
    os.link(tmp_path / "of another name", tmp_path / "same.csv")
    for name in (
        *(
            "newsarchive.db",
            "newsarchive.db-wal",
            "of another name",
            "of another name-shm",
            "link.csv",
            "same.csv",
        ),
        *("tombstones.jsonl", "tombstones.key", "copies.jsonl", "backup.json", "warc/one.warc.gz"),
        *("warc/SHA256SUMS", "refused/1.json", "warc/../copies.jsonl"),
    ):
        with pytest.raises(
            WrongSetting, match=r"is a (database|file of the archive in .*), and would be replaced"
        ):
            write_text("csv", tmp_path / name, ("a",), [(1,)])
    assert (warc / "one.warc.gz").read_bytes() == b"kept"
    with closing(sqlite3.connect(tmp_path / "of another name")) as database:
        assert database.execute("SELECT * FROM kept").fetchall() == []
    for name in ("articles.csv", "manifest.json", "mine/copies.jsonl"):
        assert write_text("csv", tmp_path / name, ("a",), [(1,)]) == 1
        assert write_text("csv", tmp_path / name, ("a",), [(1,)]) == 1


def test_what_has_no_end_or_no_writer_is_not_read_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named, "PATIENCE_S", 0.05)
    monkeypatch.setattr(named, "MOST", 4096)
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "folder.toml").mkdir()
    for place, said in (
        (tmp_path / "pipe.toml", "is a pipe, which says what it has once"),
        (Path("/dev/zero"), "larger than 4,096 bytes, or has no end"),
        (tmp_path / "folder.toml", "directory"),
        (tmp_path / "none.toml", "is not there"),
    ):
        with pytest.raises(WrongFile, match=said):
            read_file(place, ())
        with pytest.raises(WrongSetting, match=r"cannot be read"):
            read_page(place)
    ends = os.pipe()  # as a shell hands over <(...)
    os.write(ends[1], b"<html>")
    os.close(ends[1])
    assert read_page(Path(f"/dev/fd/{ends[0]}")) == b"<html>"
    os.close(ends[0])


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "newest.csv").symlink_to(tmp_path / "of today.csv")
    assert write_text("csv", tmp_path / "newest.csv", ("a",), [(1,)]) == 1
    assert (tmp_path / "newest.csv").is_symlink()
    assert (tmp_path / "of today.csv").read_text() == "a\n1\n"


def test_what_a_killed_one_left_does_not_stay(tmp_path: Path) -> None:
    names = (".[a].csv.1.unfinished", ".[a].csv.2.unfinished", ".a.csv.1.unfinished")
    for name in names:
        (tmp_path / name).write_text("half")
    for name in (names[0], names[2]):
        os.utime(tmp_path / name, (0, 0))
    write_text("csv", tmp_path / "[a].csv", ("a",), [(1,)])
    assert {one.name for one in tmp_path.iterdir()} == {"[a].csv", *names[1:]}


def test_columns_that_do_not_fit_stand_below_each_other() -> None:
    columns = [f"column{number}" for number in range(40)]
    out = io.StringIO()
    write_table(columns, [range(40), ["\x1b[31m빨강", *[None] * 39]], out)
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert ["row", "2"] in lines
    assert ["column39", "39"] in lines
    assert ["column0", "[31m빨강"] in lines
    assert lines[-1] == ["2", "rows"]


@pytest.mark.parametrize(("write", "apart"), [(write_csv, ","), (write_tsv, "\t")])
def test_no_line_end_within_a_value_breaks_its_row(write: Callable[..., None], apart: str) -> None:
    values = ["한 줄", "두\r줄", "두\n줄", "두\r\n줄", '가"나', apart, "\r\n", "\r"]
    out = io.StringIO(newline="")
    write(["x", "n"], [(value, 1) for value in values], out)
    assert out.getvalue().endswith('"\r"' + apart + "1\n")
    rows = list(csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=apart))
    assert rows == [["x", "n"], *([value, "1"] for value in values)]
