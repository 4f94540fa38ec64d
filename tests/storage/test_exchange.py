"""The records of one exchange: the answer, its request, and what was known of both, whatever befalls them."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from warcio.archiveiterator import ArchiveIterator

from storage.clock import utc_now
from storage.records import WarcPlace
from storage.warc.answers import NoAnswer, ReadAnswer, read_answer
from storage.warc.at_hand import WarcFile
from storage.warc.cdxj import lines_of
from storage.warc.choosing import Wanted, choose
from storage.warc.facts import facts_block, read_facts
from storage.warc.members import beside, scan
from storage.warc.reading import CaptureDamaged, read_payload
from storage.warc.recovery import recover
from storage.warc.store import WarcWriter
from tests.storage.test_warc import AT, REQUEST, URL, put

FACTS = {
    "address": URL,
    "seed": "https://news.daum.net/society",
    "title_hint": "제목: 둘째 줄\r\nrobots-rule: forged",
    "robots_allowed": True,
    "robots_rule": "Allow: /v/",
}


def writer(folder: Path) -> WarcWriter:
    facts = {"run": 7, "source": "daum", "mode": "latest", "reader": 3}
    return WarcWriter(folder, software="newsarchive/0.1.0", contact=None, facts=facts)


def read_at(folder: Path, place: WarcPlace) -> ReadAnswer:
    """The answer at a place, with what stands beside it."""
    data = (folder / place.file).read_bytes()
    (answer,) = (one for one in scan(data).members if one.start == place.offset)
    metadata = [one for one in beside(data, answer) if one.kind == "metadata"]
    known = data[metadata[0].start : metadata[0].end] if metadata else None
    return read_answer(data[answer.start : answer.end], place.file, place.offset, known)


def test_what_was_known_stands_beside_the_answer(tmp_path: Path) -> None:
    with writer(tmp_path) as warc:
        places = [put(warc, facts=FACTS), put(warc, request=None), put(warc, facts={"address": None})]
    with (tmp_path / places[0].file).open("rb") as stream:
        told = [(one.rec_type, one.rec_headers) for one in ArchiveIterator(stream)]
    kinds = [kind for kind, _ in told]
    exchange = ["response", "request", "metadata"]
    assert kinds == ["warcinfo", *exchange, "response", "metadata", *exchange]
    response, metadata = told[1][1], told[3][1]
    assert metadata["WARC-Concurrent-To"] == response["WARC-Record-ID"]
    assert metadata["WARC-Target-URI"] == URL
    assert metadata["Content-Type"] == "application/warc-fields"
    assert "title" not in response["Newsarchive-Capture"], "the answer's own record names what a row needs"
    read = read_at(tmp_path, places[0])
    assert read.facts == FACTS | {"run": 7, "source": "daum", "mode": "latest", "reader": 3}
    assert (read.address, read.run_id, read.source) == (URL, 7, "daum")
    assert read.capture.signals.robots_rule == "Allow: /v/"
    assert read_at(tmp_path, places[2]).address is None


@pytest.mark.parametrize("lost", [1, 40, 300, 500, 900])
def test_a_torn_exchange_keeps_what_its_row_needs(tmp_path: Path, lost: int) -> None:
    """The answer is whole before anything beside it is: its own record says what its row needs."""
    with writer(tmp_path) as warc:
        put(warc, facts=FACTS)
        place = put(warc, facts=FACTS)
    path = tmp_path / place.file
    data = path.read_bytes()
    path.unlink()
    path.with_name(path.name + ".open").write_bytes(
        data[: max(len(data) - lost, place.offset + place.length)]
    )
    recover(tmp_path)
    read = read_at(tmp_path, place)
    assert (read.address, read.run_id, read.source) == (URL, 7, "daum")
    assert read.capture.signals.robots_rule == "Allow: /v/"


def test_a_record_of_another_answer_is_not_beside_it(tmp_path: Path) -> None:
    """An answer of which nothing was known, and one behind it of which something was."""
    with WarcWriter(tmp_path, software="t", contact=None) as warc:
        bare = put(warc)
        put(warc, facts=FACTS)
    read = read_at(tmp_path, bare)
    assert read.facts == {}
    assert read.address == URL, "as of records from before there were facts"


@settings(max_examples=40)
@given(some.dictionaries(some.from_regex(r"[a-z](_?[a-z])*", fullmatch=True),
                         some.text() | some.booleans() | some.integers(), max_size=5))  # fmt: skip
def test_facts_come_back(facts: dict[str, str | int | bool]) -> None:
    assert read_facts(facts_block(facts)) == facts


@pytest.mark.parametrize(
    "block", [b"", b"\xff\xfe", b"a", b"a: ", b"a: {\r\nb: [1]\r\n", b"a: " + b"[" * 99999]
)
def test_what_is_no_fact_is_left_out(block: bytes) -> None:
    assert read_facts(block) == {}


def test_surrogates_come_back() -> None:
    assert read_facts(facts_block({"tdm_policy": "\ud800x"})) == {"tdm_policy": "\ud800x"}


def test_a_revisit_refers_to_what_is_still_valid(tmp_path: Path) -> None:
    with writer(tmp_path) as warc:
        put(warc)
        place = warc.write_revisit(
            url=URL, fetched_at=AT, request=REQUEST, http_status=304, reason="Not Modified",
            response_headers=[], refers_to_url=URL + "?moved", refers_to_digest="sha1:X", refers_to_date=AT,
            facts=FACTS,
        )  # fmt: skip
    with (tmp_path / place.file).open("rb") as stream:
        (revisit,) = (one.rec_headers for one in ArchiveIterator(stream) if one.rec_type == "revisit")
    assert revisit["WARC-Refers-To-Target-URI"] == URL + "?moved"
    assert revisit["WARC-Payload-Digest"] == "sha1:X"
    assert read_at(tmp_path, place).facts["seed"] == FACTS["seed"]


HEAD = (
    "WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2026-09-27T01:02:03Z\r\nContent-Type: application/http\r\n"
)
HTTP = "HTTP/1.1 200 OK\r\n\r\n"


def edited(*fields: str) -> bytes:
    """A response that nobody's writer wrote so."""
    said = "".join(f"{field}\r\n" for field in fields)
    return gzip.compress(f"{HEAD}{said}Content-Length: {len(HTTP)}\r\n\r\n{HTTP}\r\n\r\n".encode())


def test_an_answer_without_an_address_is_damaged_for_every_reader(tmp_path: Path) -> None:
    record = edited()
    (tmp_path / "newsarchive-1-1-1.warc.gz").write_bytes(record)
    place = WarcPlace(file="newsarchive-1-1-1.warc.gz", offset=0, length=len(record))
    with pytest.raises(NoAnswer, match="names no address"):
        read_answer(record, place.file, place.offset)
    with pytest.raises(NoAnswer, match="names no address"):
        read_answer(edited(f"WARC-Target-URI: {URL}"), place.file, place.offset, record)
    with pytest.raises(CaptureDamaged):
        read_payload(tmp_path, place)


@pytest.mark.parametrize("field", ["{", "[1]", '"address"', "null", "[" * 5000])
def test_facts_that_were_edited_are_none_for_every_reader(tmp_path: Path, field: str) -> None:
    record = edited(f"WARC-Target-URI: {URL}", f"Newsarchive-Capture: {field}")
    path = tmp_path / "newsarchive-1-1-1.warc.gz"
    path.write_bytes(record)
    assert read_answer(record, path.name, 0).source is None
    assert [line.is_page for line in lines_of(path)] == [False]
    assert choose([WarcFile(tmp_path, path.name)], tmp_path, Wanted(sources=["daum"])) == []


@pytest.mark.parametrize(
    ("made_for", "first", "last", "read"),
    [
        ("daum latest", 3, None, False),
        ("daum latest", 1, None, True),
        ("daum latest", None, -8, False),
        ("daum latest", None, -1, True),
        ("daum import", 3, None, True),
        ("daum import", None, -400, True),
        (None, 3, None, True),
    ],
)
def test_a_crawls_file_of_other_days_is_not_read(
    tmp_path: Path, made_for: str | None, first: int | None, last: int | None, read: bool
) -> None:
    """Wanted days, from the file's own on; what is damaged in it is told where it is read."""
    today = utc_now()
    about = {"isPartOf": made_for} if made_for else {}
    with WarcWriter(tmp_path, software="newsarchive/1", contact=None, about=about) as warc:
        place = put(warc, fetched_at=today)
    path = tmp_path / place.file
    path.write_bytes(path.read_bytes() + b"no record")
    told: list[str] = []
    bounds = [None if days is None else today + timedelta(days=days) for days in (first, last)]
    wanted = Wanted(since=bounds[0], before=bounds[1])
    whole = choose([WarcFile(tmp_path, path.name)], tmp_path, wanted, told.append)
    assert bool(told or whole) == read
