"""WARC folders as they may be found: what is no file of ours, and a spoilt list of hashes."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from storage.operations.files import Files
from storage.warc.manifest import MANIFEST, read_manifest, sha256_of
from storage.warc.store import WarcWriter
from tests.storage.samples import NOON, Desk


def look(engine: Engine, folder: Path, *, repair: bool = False) -> list[tuple[str, bool]]:
    return [(one.check, one.mended) for one in Files(engine=engine, folder=folder, repair=repair).all()]


def written(folder: Path) -> Path:
    with WarcWriter(folder, software="newsarchive", contact=None) as warc:
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
    assert read_manifest(tmp_path) == ({}, 0)


def test_a_record_without_a_row_gets_one(engine: Engine, tmp_path: Path) -> None:
    desk = Desk(engine)
    file = written(tmp_path)
    assert look(engine, tmp_path) == [("records without row", False)]
    assert look(engine, tmp_path, repair=True) == [("records without row", True)]
    assert look(engine, tmp_path) == []
    assert desk.rows("SELECT url, warc_file FROM capture") == [
        ("https://www.fnnews.com/robots.txt", file.name)
    ]


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
