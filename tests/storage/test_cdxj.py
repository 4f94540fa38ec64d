"""WARC files for other tools: what opens a file, when the next begins, an index, one WACZ."""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from warcio.archiveiterator import ArchiveIterator

from storage.copies import known
from storage.warc.at_hand import WarcFile
from storage.warc.cdxj import lines_of, sorted_lines
from storage.warc.choosing import Wanted, choose
from storage.warc.store import WarcWriter
from storage.warc.wacz import pack
from tests.commands.inside import inside
from tests.storage.test_warc import AT, REQUEST, URL, put

NIGHT = datetime(2026, 11, 25, 23, 59, tzinfo=UTC)


def named(path: Path) -> WarcFile:
    return WarcFile(path.parent, path.name)


def archive(folder: Path) -> list[Path]:
    """Two files: a page, what was asked beside it, and the page unchanged."""
    for later in (1, 0):
        with WarcWriter(
            folder, software="newsarchive/0.1.0 (+desk@example.org)", contact="desk@example.org"
        ) as warc:
            if later:
                warc.write_revisit(
                    url=URL, fetched_at=AT + timedelta(days=1), request=REQUEST, http_status=304,
                    reason="Not Modified", response_headers=[("ETag", '"a"')], refers_to_date=AT,
                    refers_to_digest="sha1:X", facts={"address": URL},
                )  # fmt: skip
            else:
                put(warc, facts={"address": URL})
                put(
                    warc,
                    b"User-agent: *",
                    url="https://v.daum.net/robots.txt",
                    facts={"address": None, "run": 1},
                )
                put(warc, b"", url="https://v.daum.net/v/0", http_status=404, facts={"address": "x"})
    return sorted(folder.glob("*.warc.gz"))


def test_what_opens_a_file_says_who_and_how(tmp_path: Path) -> None:
    first, _ = archive(tmp_path)
    with first.open("rb") as stream:
        told = next(iter(ArchiveIterator(stream))).content_stream().read().decode()
    fields = dict(line.split(": ", 1) for line in told.splitlines())
    assert fields["software"] == "newsarchive/0.1.0"
    assert fields["operator"] == "desk@example.org"
    assert fields["http-header-user-agent"] == "newsarchive/0.1.0 (+desk@example.org)"
    assert fields["robots"].startswith("classic")


def test_a_day_ends_a_file(tmp_path: Path) -> None:
    with (
        time_machine.travel(NIGHT, tick=False) as clock,
        WarcWriter(tmp_path, software="t", contact=None) as warc,
    ):
        places = [put(warc), put(warc)]
        clock.shift(timedelta(minutes=2))
        places += [put(warc), put(warc)]
    files = [place.file for place in places]
    assert files[0] == files[1] != files[2] == files[3]
    assert [name.split("-")[1][:8] for name in (files[0], files[2])] == ["20261125", "20261126"]


def test_an_index_leads_to_every_answer_in_order(tmp_path: Path) -> None:
    files = archive(tmp_path)
    lines = list(sorted_lines(map(named, files)))
    keys = [(one.key, one.timestamp) for one in lines]
    assert keys == sorted(keys)
    assert ("net,daum,v)/v/20260927095437316", "20260927010203") in keys
    assert [one.fields["status"] for one in lines] == ["200", "404", "200", "304"]
    assert [one.is_page for one in lines].count(True) == 1
    # As cdxj-indexer 1.5.0 wrote it for the same file on 2026-11-26.
    assert (lines[-1].fields["mime"], lines[-1].fields["digest"]) == ("warc/revisit", "sha1:X")
    assert list(sorted_lines(map(named, files), revisits=False)) == lines[:-1], (
        "pywb would show the 304 itself"
    )
    for one in lines:
        assert str(one).startswith(f"{one.key} {one.timestamp} {{")
        with (tmp_path / one.fields["filename"]).open("rb") as stream:
            stream.seek(int(one.fields["offset"]))
            member = gzip.decompress(stream.read(int(one.fields["length"])))
        assert f"WARC-Target-URI: {one.fields['url']}\r\n".encode() in member


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    (tmp_path / "newsarchive-1-1-1.warc.gz").touch()
    assert list(lines_of(tmp_path / "newsarchive-1-1-1.warc.gz")) == []


def test_one_wacz_holds_it_all(tmp_path: Path) -> None:
    files = archive(tmp_path / "warc")
    assert pack([named(one) for one in files], tmp_path / "out.wacz", "newsarchive/0.1.0", AT) == 1
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["out.wacz"]
    with zipfile.ZipFile(tmp_path / "out.wacz") as wacz:
        assert wacz.testzip() is None
        package = json.loads(wacz.read("datapackage.json"))
        for one in package["resources"]:
            data = wacz.read(one["path"])
            assert (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}") == (one["bytes"], one["hash"])
        digest = json.loads(wacz.read("datapackage-digest.json"))
        assert digest["hash"] == f"sha256:{hashlib.sha256(wacz.read('datapackage.json')).hexdigest()}"
        # Records are read out of their middle; ReplayWeb.page opens nothing with a deflated list of pages.
        assert {one.compress_type for one in wacz.infolist()} == {zipfile.ZIP_STORED}
        head, page = (json.loads(line) for line in wacz.read("pages/pages.jsonl").splitlines())
        assert (head["format"], page["url"], page["ts"]) == (
            "json-pages-1.0",
            URL,
            "2026-09-27T01:02:03.456789Z",
        )
        assert len(wacz.read("indexes/index.cdx").splitlines()) == 4


def two_days(folder: Path) -> Path:
    """One file: a page before midnight in Korea, one behind it, and one that does not say its source."""
    with WarcWriter(folder, software="t", contact=None, about={"isPartOf": "fnnews latest"}) as warc:
        night = datetime(2026, 9, 27, 15, 0, tzinfo=UTC)
        put(warc, b"first", url="https://v.daum.net/v/1", fetched_at=night - timedelta(seconds=1),
            facts={"source": "daum", "address": "x"})  # fmt: skip
        put(
            warc,
            b"second",
            url="https://v.daum.net/v/2",
            fetched_at=night,
            facts={"source": "daum", "address": "x"},
        )
        put(warc, b"third", url="https://www.fnnews.com/news/3", fetched_at=night, facts={"address": "x"})
    (path,) = folder.glob("*.warc.gz")
    return path.rename(path.with_name("newsarchive-20260927145959000000-1-00001.warc.gz"))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["--since", "2026-09-28"], ["v/2", "news/3"]),
        (["--until", "2026-09-27"], ["v/1"]),
        (["--source", "daum"], ["v/1", "v/2"]),
        (["--source", "fnnews"], ["news/3"]),
        (["--source", "daum", "--since", "2026-09-28", "--until", "2026-09-28"], ["v/2"]),
        (["--source", "daum", "--source", "fnnews"], ["v/1", "v/2", "news/3"]),
        (["--since", "2026-09-29"], None),
    ],
)
def test_a_pack_of_some_days_and_sources(
    wanted: list[str],
    found: list[str] | None,
    tmp_path: Path,
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = inside(tmp_path, sqlite_url, monkeypatch, capsys)
    path = two_days(tmp_path / "archive" / "warc")
    done = run("warc", "pack", "out.wacz", *wanted)
    assert done.code == (1 if found is None else 0), done.err
    left = sorted(one.name for one in tmp_path.iterdir() if one.name.startswith(".") or one.suffix == ".wacz")
    assert left == ([] if found is None else ["out.wacz"]), "nothing half-made stays"
    if found is None:
        assert "no answer" in done.out
        return
    with zipfile.ZipFile(tmp_path / "out.wacz") as wacz:
        (name,) = (one for one in wacz.namelist() if one.startswith("archive/"))
        assert name.endswith("-part.warc.gz") is (len(found) < 3), "a part does not bear the whole's name"
        records = list(_records(wacz.read(name)))
        urls = [url for kind, url in records if kind == "response"]
        assert [url.partition(".")[2].partition("/")[2] for url in urls] == found
        index = [json.loads(line.split(b" ", 2)[2]) for line in wacz.read("indexes/index.cdx").splitlines()]
        for one in index:
            at = int(one["offset"])
            member = gzip.decompress(wacz.read(name)[at : at + int(one["length"])])
            assert f"WARC-Target-URI: {one['url']}\r\n".encode() in member
        assert sum(kind == "request" for kind, _ in records) == len(found), "what was asked goes along"
    assert path.exists()


def _records(data: bytes) -> Iterator[tuple[str, str]]:
    for record in ArchiveIterator(BytesIO(data)):
        yield record.rec_type, record.rec_headers.get_header("WARC-Target-URI")


def test_a_pack_of_what_is_no_source_is_wrong_use(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = inside(tmp_path, sqlite_url, monkeypatch, capsys)
    archive(tmp_path / "archive" / "warc")
    assert run("warc", "pack", "out.wacz", "--source", "dawm").code == 2
    assert run("warc", "pack", "out.wacz", "--since", "2026-09-28", "--until", "2026-09-27").code == 2
    assert not (tmp_path / "out.wacz").exists()


def test_the_commands(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = inside(tmp_path, sqlite_url, monkeypatch, capsys)
    none = run("warc", "index")
    assert (none.code, none.out) == (2, "")
    files = archive(tmp_path / "archive" / "warc")
    done = run("warc", "index")
    assert (done.code, len(done.out.splitlines())) == (0, 4), done.err
    assert len(run("warc", "index", "--no-revisits").out.splitlines()) == 3
    assert len(run("warc", "index", str(files[0])).out.splitlines()) < 4
    assert run("warc", "pack", "out.wacz").code == 0
    assert [one.kind for one in known(tmp_path / "archive")[0]] == ["pack"], "a takedown names it"
    made = (tmp_path / "out.wacz").read_bytes()
    again = run("warc", "pack", "out.wacz")  # as of one that was killed behind its last step
    assert (again.code, (tmp_path / "out.wacz").read_bytes()) == (0, made)
    stored = files[0].read_bytes()
    for spoiled in (made.replace(stored[40:60], b"?" * 20), b"", None):
        if spoiled is None:
            files[0].write_bytes(files[0].read_bytes() * 2)
        (tmp_path / "out.wacz").write_bytes(made if spoiled is None else spoiled)
        other = run("warc", "pack", "out.wacz")
        assert other.code == 2
        assert "is there already" in other.err
    assert not list(tmp_path.glob(".out*")), "nothing half-made stays"


def test_records_that_say_no_address_or_no_time_have_no_line_and_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    heads = [
        "WARC-Type: response",
        f"WARC-Type: response\r\nWARC-Target-URI: {URL}",
        f"WARC-Type: response\r\nWARC-Target-URI: {URL}\r\nWARC-Date: yesterday",
        f"WARC-Type: response\r\nWARC-Target-URI: {URL}\r\nWARC-Date: 2026-11-20\r\nContent-Length: x",
        "",
    ]
    path = tmp_path / "bad.warc.gz"
    path.write_bytes(
        b"".join(gzip.compress(f"WARC/1.0\r\n{head}\r\n\r\n".encode()) for head in heads) + b"\x1f\x8b"
    )
    assert [line.fields.get("status") for line in sorted_lines([named(path)])] == [None]
    assert "says no address or no time, and is left out" in caplog.text
    assert "2 bytes of it are no whole record" in caplog.text
    some = choose([named(path)], tmp_path, Wanted(since=AT, before=None, sources=()))
    assert [one.name for one in some] == ["bad-part.warc.gz"]
    assert "3 of its answers say not when they came" in caplog.text


def test_what_an_index_leaves_out_is_no_success(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bytes that are no record; a file of another tool, which packed all of its records as one member."""
    run = inside(tmp_path, sqlite_url, monkeypatch, capsys)
    path = two_days(tmp_path / "archive" / "warc")
    whole = path.read_bytes()
    path.write_bytes(whole + b"damage")
    done = run("warc", "index")
    assert (done.code, len(done.out.splitlines())) == (1, 3)
    assert "6 bytes of it are no whole record" in done.err
    assert run("warc", "pack", "out.wacz", "--since", "2026-09-28").code == 1
    path.write_bytes(gzip.compress(gzip.decompress(whole)))
    done = run("warc", "index")
    assert (done.code, done.out) == (1, "")
    assert "bytes of other records are packed together with the one at byte 0" in done.err
    assert run("warc", "pack", "one.wacz").code == 1
