"""Whatever befell the WARC file of a dead process: no whole record is lost, and rows keep their places."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from warcio.archiveiterator import ArchiveIterator

from storage.frontier.rowless import restore_rows
from storage.models import AddressRow, CaptureRow
from storage.records import WarcPlace
from storage.warc.filler import filler, smallest, widened
from storage.warc.members import scan
from storage.warc.reading import CaptureDamaged, read_payload
from storage.warc.recovery import recover
from storage.warc.store import WarcWriter
from tests.storage.samples import Desk

AT = datetime(2026, 11, 25, 1, 2, 3, 456789, tzinfo=UTC)
COUNT = 12
Place = WarcPlace


def writer(folder: Path) -> WarcWriter:
    return WarcWriter(folder, software="newsarchive/0.1.0", contact=None)


def put(warc: WarcWriter, body: bytes, url: str = "https://v.daum.net/v/1", **facts: str | int) -> Place:
    return warc.write_exchange(
        url=url,
        fetched_at=AT,
        request=b"GET /v/1 HTTP/1.1\r\nHost: v.daum.net\r\n\r\n",
        http_status=200,
        reason="OK",
        response_headers=[("Content-Type", "text/html"), ("ETag", '"a"')],
        body=body,
        facts=facts or None,
    )


def page(number: int) -> bytes:
    return f"쪽 {number} ".encode() + os.urandom(600)


def dead_file(folder: Path, bodies: list[bytes] | None = None) -> tuple[Path, list[Place]]:
    """A file that a dead process left open, and the places of its answers."""
    with writer(folder) as warc:
        places = [put(warc, body) for body in bodies or [page(n) for n in range(COUNT)]]
    final = folder / places[0].file
    return final.rename(final.with_name(final.name + ".open")), places


def readable(folder: Path, places: list[Place]) -> set[int]:
    """The numbers of the pages that their places still lead to."""
    found = set()
    for number, place in enumerate(places):
        try:
            if read_payload(folder, place)[2].startswith(f"쪽 {number} ".encode()):
                found.add(number)
        except CaptureDamaged:
            continue
    return found


def records(path: Path) -> list[str]:
    """What another reader finds in the file, from its beginning to its end."""
    with path.open("rb") as stream:
        return [record.rec_type for record in ArchiveIterator(stream, check_digests="raise")]


def flipped(at: Callable[[Place], int]) -> Callable[[bytearray, list[Place]], None]:
    def damage(data: bytearray, places: list[Place]) -> None:
        data[at(places[5])] ^= 0x55

    return damage


def zeroed(data: bytearray, places: list[Place]) -> None:
    begin = places[5].offset - 40
    data[begin : begin + 900] = bytes(900)


LOSSES: dict[str, tuple[Callable[[bytearray, list[Place]], None], set[int]]] = {
    "the magic of a header": (flipped(lambda p: p.offset), {5}),
    "the flags of a header": (flipped(lambda p: p.offset + 3), {5}),
    "the time in a header": (flipped(lambda p: p.offset + 5), set()),
    "the middle of the deflate data": (flipped(lambda p: p.offset + p.length // 2), {5}),
    "the CRC": (flipped(lambda p: p.offset + p.length - 7), {5}),
    "the length behind the CRC": (flipped(lambda p: p.offset + p.length - 2), {5}),
    "a request": (flipped(lambda p: p.offset + p.length + 50), set()),
    "the warcinfo": (flipped(lambda p: 30), set()),
    "a zeroed block": (zeroed, {5}),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_one_loss_costs_no_whole_record(tmp_path: Path, loss: str) -> None:
    damage, lost = LOSSES[loss]
    path, places = dead_file(tmp_path)
    data = bytearray(path.read_bytes())
    damage(data, places)
    path.write_bytes(data)
    (done,) = recover(tmp_path)
    assert set(range(COUNT)) - readable(tmp_path, places) == lost
    assert records(tmp_path / done.file)
    for kept in done.damaged:
        there = bytes(data[kept.offset : kept.offset + kept.length])
        assert (tmp_path / kept.aside).read_bytes() == there
        assert f"{kept.length} damaged bytes at {kept.offset} kept aside in {kept.aside}" in str(done)
    assert bool(done.damaged) == (done.cut_bytes > 0)
    assert done.kept_bytes + done.cut_bytes == len(data)
    assert recover(tmp_path) == []


@pytest.mark.parametrize("length", [1, 2, 3, 19, 60, 300, 5000, 70_000])
@pytest.mark.parametrize("behind", ["an answer", "a request"])
def test_garbage_between_records(tmp_path: Path, length: int, behind: str) -> None:
    """Every offset stays as it is, so rows of the records behind are those of a file with the garbage."""
    path, places = dead_file(tmp_path)
    data = path.read_bytes()
    at = places[5].offset if behind == "a request" else places[5].offset + places[5].length
    path.write_bytes(data[:at] + os.urandom(length) + data[at:])
    moved = [
        WarcPlace(file=p.file, offset=p.offset + length * (p.offset >= at), length=p.length) for p in places
    ]
    (done,) = recover(tmp_path)
    assert readable(tmp_path, moved) == set(range(COUNT))
    assert records(tmp_path / done.file).count("response") == COUNT


def test_a_record_cut_short_in_the_middle(tmp_path: Path) -> None:
    path, places = dead_file(tmp_path)
    data = path.read_bytes()
    sixth = places[5]
    path.write_bytes(data[: sixth.offset + 200] + data[sixth.offset + sixth.length :])
    lost = sixth.length - 200
    moved = [p if n <= 5 else WarcPlace(file=p.file, offset=p.offset - lost, length=p.length)
             for n, p in enumerate(places)]  # fmt: skip
    (done,) = recover(tmp_path)
    assert readable(tmp_path, moved) == set(range(COUNT)) - {5}
    assert [kept.length for kept in done.damaged] == [200]


def test_what_looks_like_a_record_in_a_damaged_page_is_none(tmp_path: Path) -> None:
    """A page may hold the magic of gzip, or a whole WARC file, which deflate stores as it is."""
    inner, _ = dead_file(tmp_path / "inner")
    hostile = [page(0) + b"\x1f\x8b\x08\x00" * 500, page(1) + inner.read_bytes(), page(2)]
    path, places = dead_file(tmp_path / "outer", hostile)
    data = bytearray(path.read_bytes())
    for place in places[:2]:
        data[place.offset + 60] ^= 0x01
    path.write_bytes(data)
    (done,) = recover(tmp_path / "outer")
    assert readable(tmp_path / "outer", places) == {2}
    assert records(tmp_path / "outer" / done.file).count("response") == 1


def test_a_power_cut_leaves_zeros_at_the_end(tmp_path: Path) -> None:
    path, places = dead_file(tmp_path)
    with path.open("ab") as stream:
        stream.write(bytes(8192))
    (done,) = recover(tmp_path)
    assert readable(tmp_path, places) == set(range(COUNT))
    assert (done.cut_bytes, [kept.length for kept in done.damaged]) == (8192, [8192])


def test_two_dead_files_and_what_is_not_ours(tmp_path: Path) -> None:
    first, _ = dead_file(tmp_path)
    second, _ = dead_file(tmp_path)
    (tmp_path / "newsarchive-1-1-1.warc.gz.open").mkdir()
    (tmp_path / "newsarchive-1-1-2.warc.gz.open").symlink_to(first)
    os.mkfifo(tmp_path / "newsarchive-1-1-3.warc.gz.open")
    foreign = tmp_path / "heritrix-1.warc.gz.open"
    foreign.write_bytes(first.read_bytes())
    taken = tmp_path / "newsarchive-1-1-4.warc.gz"
    taken.write_bytes(b"of another time")
    taken.with_name(taken.name + ".open").write_bytes(first.read_bytes())
    done = recover(tmp_path)
    assert {one.file for one in done if one.left is None} == {path.name[:-5] for path in (first, second)}
    assert sorted(one.left or "" for one in done if one.left) == [
        "a file of its final name is there already", *["it is no plain file"] * 3,
    ]  # fmt: skip
    assert foreign.exists()
    assert taken.read_bytes() == b"of another time"


@pytest.mark.parametrize(
    "content",
    [b"hello, I am a text", gzip.compress(b"another's", mtime=0), bytes(100)],
    ids=["text", "gzip", "zeros"],
)
def test_a_file_without_one_record_is_kept_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "newsarchive-1-1-1.warc.gz.open").write_bytes(content)
    (done,) = recover(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [done.damaged[0].aside]
    assert (tmp_path / done.damaged[0].aside).read_bytes() == content


def test_half_of_a_first_record_is_nothing(tmp_path: Path) -> None:
    path, _ = dead_file(tmp_path)
    path.write_bytes(path.read_bytes()[:150])
    (done,) = recover(tmp_path)
    assert (done.records, done.damaged, list(tmp_path.iterdir())) == (0, (), [])


def test_a_recovery_that_failed_is_done_again(tmp_path: Path) -> None:
    path, places = dead_file(tmp_path)
    data = bytearray(path.read_bytes())
    data[places[5].offset + 100] ^= 1
    path.write_bytes(data)
    with pytest.raises(OSError, match="the database is away"):
        recover(tmp_path, lambda _dead: (_ for _ in ()).throw(OSError("the database is away")))
    assert path.exists()
    (done,) = recover(tmp_path)
    assert readable(tmp_path, places) == set(range(COUNT)) - {5}
    assert done.records == len(records(tmp_path / done.file))


@pytest.mark.parametrize("more", [0, 1, 2, 4, 5, 65_534, 65_535, 65_536, 65_540, 65_541, 200_000])
def test_a_filler_has_exactly_the_length(more: int) -> None:
    length = smallest("why", AT) + more
    data = b"".join(filler(length, "why", AT))
    assert len(data) == length
    (member,) = scan(data).members
    assert (member.start, member.end, member.kind) == (0, length, "metadata")


@pytest.mark.parametrize("by", [1, 2, 3, 300])
def test_a_widened_member_says_the_same(by: int) -> None:
    member = gzip.compress(b"WARC/1.1", mtime=0)
    wide = widened(member, by)
    assert wide is not None
    assert (len(wide), gzip.decompress(wide)) == (len(member) + by, b"WARC/1.1")


# --- records without a row -------------------------------------------------------------------------


def test_a_record_without_a_row_gets_its_row_once(engine: Engine, tmp_path: Path) -> None:
    desk = Desk(engine)
    run = desk.runs["daum"]
    url = "https://v.daum.net/v/20261125010203456"
    address = desk.address(url, "daum")
    with writer(tmp_path) as warc:
        facts = {
            "run": run,
            "source": "daum",
            "address": url,
            "robots_allowed": True,
            "robots_rule": "허용",
        }
        asked = put(warc, b"page", url, **facts)
        moved = put(warc, b"page", url + "?moved", **facts)
        robots = put(warc, b"User-agent: *", "https://v.daum.net/robots.txt", run=run, source="daum")
        old = put(warc, b"page", url)
    final = tmp_path / asked.file
    final.rename(final.with_name(final.name + ".open"))
    made: list[int] = []
    recover(tmp_path, lambda dead: made.extend(restore_rows(engine, dead, run) for _ in range(2)))
    assert made == [4, 0]
    with Session(engine) as session:
        rows = {row.warc_offset: row for row in session.scalars(select(CaptureRow))}
        assert {place.offset: place.length for place in (asked, moved, robots, old)} == {
            offset: row.warc_length for offset, row in rows.items()
        }
        row = rows[asked.offset]
        assert (row.url, row.http_status, row.etag, row.fetched_at) == (url, 200, '"a"', AT)
        assert (row.robots_allowed, row.robots_rule, row.processed_at) == (True, "허용", None)
        assert session.get_one(AddressRow, row.address_id).url == url
        addresses = [rows[place.offset].address_id for place in (asked, moved, robots, old)]
        assert addresses == [address, address, None, address]


def test_a_page_cannot_make_itself_a_row(engine: Engine, tmp_path: Path) -> None:
    """A WARC file in the body of a damaged answer is no capture, whatever it says of itself."""
    run = Desk(engine).runs["daum"]
    forged, _ = dead_file(tmp_path / "forged")
    path, places = dead_file(tmp_path / "warc", [page(0) + forged.read_bytes(), page(1)])
    data = bytearray(path.read_bytes())
    data[places[0].offset + 60] ^= 1
    path.write_bytes(data)
    made: list[int] = []
    recover(tmp_path / "warc", lambda dead: made.append(restore_rows(engine, dead, run)))
    assert made == [1]
