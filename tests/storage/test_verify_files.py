"""WARC folders as they may be found: what is no file of ours, and a spoilt list of hashes."""

from __future__ import annotations

import asyncio
import gzip
import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import Engine

from crawler.verify.look import at_once
from storage.operations.files import Files
from storage.operations.rowless_files import rowless_files
from storage.records import WarcPlace
from storage.warc.manifest import MANIFEST, read_manifest, sha256_of
from storage.warc.members import member_at
from storage.warc.sent import STORE
from storage.warc.store import WarcWriter
from tests.storage.samples import NOON, UNREADABLE, Desk


def test_how_far_it_is_is_told(engine: Engine, tmp_path: Path) -> None:
    Desk(engine)
    written(tmp_path)
    told: list[tuple[int, int, str]] = []
    list(Files(engine=engine, folder=tmp_path, repair=True, told=lambda *one: told.append(one)).all())
    assert told == [(0, 1, "WARC files")]


def test_ctrl_c_ends_a_look_that_never_pauses(engine: Engine, tmp_path: Path) -> None:
    """asyncio's first Ctrl-C waits for a pause of the task: all files were read before it ended."""
    Desk(engine)
    written(tmp_path)
    written(tmp_path)
    told: list[str] = []

    def interrupt(_done: int, _total: int, what: str) -> None:
        told.append(what)
        os.kill(os.getpid(), signal.SIGINT)

    async def look() -> None:
        looked = Files(engine=engine, folder=tmp_path, repair=False, told=interrupt)
        assert list(at_once(looked.all())) == []

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            asyncio.run(look())
    finally:
        signal.signal(signal.SIGINT, before)
    assert told == ["WARC files"]


def files(engine: Engine, folder: Path, *, repair: bool = False) -> Files:
    return Files(engine=engine, folder=folder, repair=repair)


def look(engine: Engine, folder: Path, *, repair: bool = False) -> list[tuple[str, bool]]:
    return [(one.check, one.mended) for one in files(engine, folder, repair=repair).all()]


def written(folder: Path, times: int = 1) -> Path:
    with WarcWriter(folder, software="newsarchive", contact=None) as warc:
        for _ in range(times):
            warc.write_exchange(
                url="https://www.fnnews.com/robots.txt", fetched_at=NOON, request=b"GET / HTTP/1.1\r\n\r\n",
                http_status=200, reason="OK", response_headers=[], body=b"User-agent: *\n",
            )  # fmt: skip
    return next(folder.glob("*.warc.gz"))


def test_no_folder_and_an_empty_one(engine: Engine, tmp_path: Path) -> None:
    assert look(engine, tmp_path / "none") == []
    assert look(engine, tmp_path) == []


def test_what_is_no_warc_file_is_named(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "folder.warc.gz").mkdir()
    (tmp_path / "page.warc.gz").write_bytes(b"<html>")
    (tmp_path / "notes.txt").write_bytes(b"none of ours")
    assert look(engine, tmp_path) == [("warc files", False), ("damaged records", False)]
    (tmp_path / "void.warc.gz").touch()
    file = written(tmp_path / "whole")
    (tmp_path / "repacked.warc.gz").write_bytes(gzip.compress(gzip.decompress(file.read_bytes())))
    found = [one.what for one in files(engine, tmp_path).all() if one.check == "damaged records"]
    assert [what.partition(": ")[0] for what in found] == ["page.warc.gz", "repacked.warc.gz", "void.warc.gz"]
    assert read_manifest(tmp_path) == ({}, 0)


@pytest.mark.skipif(not UNREADABLE.exists(), reason="there is no such file here")
def test_a_file_that_the_disk_does_not_give_is_told_and_the_others_are_verified(
    engine: Engine, tmp_path: Path
) -> None:
    Desk(engine)
    file = written(tmp_path)
    look(engine, tmp_path, repair=True)
    (tmp_path / "a.warc.gz").symlink_to(UNREADABLE)
    (found,) = files(engine, tmp_path).all()
    assert found.what == "a.warc.gz cannot be opened or read (Invalid argument): nothing of it was verified"
    assert read_manifest(tmp_path)[0].keys() == {file.name}


def test_a_record_without_a_row_gets_one(engine: Engine, tmp_path: Path) -> None:
    desk = Desk(engine)
    file = written(tmp_path)
    assert look(engine, tmp_path) == [("records without row", False)]
    assert look(engine, tmp_path, repair=True) == [("records without row", True)]
    assert look(engine, tmp_path) == []
    assert desk.rows("SELECT url, warc_file FROM capture") == [
        ("https://www.fnnews.com/robots.txt", file.name)
    ]


def test_files_that_know_more_than_an_older_database_are_told_by_a_quick_look(
    engine: Engine, tmp_path: Path
) -> None:
    Desk(engine)
    file = written(tmp_path, times=2)
    newest = "DELETE FROM capture WHERE warc_offset = (SELECT max(warc_offset) FROM capture)"
    for what_is_gone in (None, newest, newest):  # nothing has a row, the last has none, again nothing
        if what_is_gone is not None:
            with engine.begin() as connection:
                connection.exec_driver_sql(what_is_gone)
        (found,) = files(engine, tmp_path).sample([])
        assert (found.check, found.what.partition(" (")[0]) == (
            "records without row",
            "1 files hold answers that the database has no row of",
        )
        assert file.name in found.what
        if what_is_gone is None:
            look(engine, tmp_path, repair=True)
            assert list(files(engine, tmp_path).sample([])) == []


def test_a_file_without_an_answer_owes_no_row(engine: Engine, tmp_path: Path) -> None:
    Desk(engine)
    file = written(tmp_path)
    end = member_at(file.read_bytes(), 0)
    assert end is not None
    file.write_bytes(file.read_bytes()[: end.end])
    assert rowless_files(engine, tmp_path) == []
    file.write_bytes(b"no gzip")
    assert rowless_files(engine, tmp_path) == []


def test_rows_that_name_no_record_or_another_one(engine: Engine, tmp_path: Path) -> None:
    desk = Desk(engine)
    file = written(tmp_path)
    look(engine, tmp_path, repair=True)
    for damage in (
        f"UPDATE capture SET warc_offset = {10**12}",
        "UPDATE capture SET warc_offset = -5",
        "UPDATE capture SET warc_offset = 7",
        "UPDATE capture SET warc_offset = 0",
    ):
        with engine.begin() as connection:
            connection.exec_driver_sql(damage)
        found = look(engine, tmp_path)
        assert [check for check, _ in found] == ["records without row", "rows without record"], damage
        with engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM capture")
        look(engine, tmp_path, repair=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE capture SET payload_digest = 'sha1:AAAA'")
    assert look(engine, tmp_path) == [("digests", False)]
    file.unlink()
    assert look(engine, tmp_path) == [("warc files", False)]
    assert desk.count("capture") == 1


def test_a_spoilt_list_of_hashes_is_not_written_over(engine: Engine, tmp_path: Path) -> None:
    Desk(engine)
    file = written(tmp_path)
    look(engine, tmp_path, repair=True)
    look(engine, tmp_path)
    assert read_manifest(tmp_path) == ({file.name: sha256_of(file)}, 0)
    spoilt = "\x00\x01\n" + "f" * 64 + "  gone.warc.gz\n"
    (tmp_path / MANIFEST).write_text(spoilt)
    assert look(engine, tmp_path) == [("hashes", False), ("warc files", False)]
    assert (tmp_path / MANIFEST).read_text() == spoilt
    assert look(engine, tmp_path, repair=True) == [("hashes", True), ("warc files", False)]
    assert read_manifest(tmp_path)[1] == 0


def test_a_store_that_does_not_answer_is_asked_once(engine: Engine, tmp_path: Path) -> None:
    desk = Desk(engine)
    for number, file in enumerate(("a", "a", "b", "c", "d")):
        place = WarcPlace(file=f"{file}.warc.gz", offset=number, length=10)
        desk.capture("https://www.fnnews.com/robots.txt", NOON, None, "fnnews", warc=place)
    (tmp_path / "d.warc.gz").write_bytes(b"")
    (tmp_path / STORE).write_text("nosuch://bucket\n")
    for found in (files(engine, tmp_path).all(), files(engine, tmp_path).sample([1, 2, 3, 4, 5])):
        told = [(one.check, one.what) for one in found]
        away = [what for check, what in told if check == "warc files"]
        assert [what.partition(": ")[0] for what in away] == [
            "a.warc.gz cannot be read",
            "2 more files lie in an object store that does not answer",
        ]
        assert "rows without record" in dict(told), "what lies here is looked at all the same"
