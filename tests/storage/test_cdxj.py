"""WARC files for other tools: what opens a file, when the next begins, an index, one WACZ."""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from warcio.archiveiterator import ArchiveIterator

from storage.copies import known
from storage.warc.cdxj import lines_of, sorted_lines
from storage.warc.store import WarcWriter
from storage.warc.wacz import pack
from tests.commands.inside import inside
from tests.storage.test_warc import AT, REQUEST, URL, put

NIGHT = datetime(2026, 11, 25, 23, 59, tzinfo=UTC)


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
    lines = list(sorted_lines(files))
    keys = [(one.key, one.timestamp) for one in lines]
    assert keys == sorted(keys)
    assert ("net,daum,v)/v/20260927095437316", "20260927010203") in keys
    assert [one.fields["status"] for one in lines] == ["200", "404", "200"], "the 304 has nothing to show"
    assert [one.is_page for one in lines].count(True) == 1
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
    assert pack(files, tmp_path / "out.wacz", "newsarchive/0.1.0", AT) == 1
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["out.wacz"]
    with zipfile.ZipFile(tmp_path / "out.wacz") as wacz:
        assert wacz.testzip() is None
        package = json.loads(wacz.read("datapackage.json"))
        for one in package["resources"]:
            data = wacz.read(one["path"])
            assert (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}") == (one["bytes"], one["hash"])
        digest = json.loads(wacz.read("datapackage-digest.json"))
        assert digest["hash"] == f"sha256:{hashlib.sha256(wacz.read('datapackage.json')).hexdigest()}"
        stored = [wacz.getinfo(f"archive/{path.name}").compress_type for path in files]
        assert stored == [zipfile.ZIP_STORED] * 2, "records are read out of their middle"
        head, page = (json.loads(line) for line in wacz.read("pages/pages.jsonl").splitlines())
        assert (head["format"], page["url"], page["ts"]) == (
            "json-pages-1.0",
            URL,
            "2026-09-27T01:02:03.456789Z",
        )
        assert len(wacz.read("indexes/index.cdx").splitlines()) == 3


def test_the_commands(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = inside(tmp_path, sqlite_url, monkeypatch, capsys)
    none = run("warc", "index")
    assert (none.code, none.out) == (2, "")
    files = archive(tmp_path / "archive" / "warc")
    done = run("warc", "index")
    assert (done.code, len(done.out.splitlines())) == (0, 3), done.err
    assert len(run("warc", "index", str(files[0])).out.splitlines()) < 3
    assert run("warc", "pack", "out.wacz").code == 0
    assert [one.kind for one in known(tmp_path / "archive")[0]] == ["pack"], "a takedown names it"
    again = run("warc", "pack", "out.wacz")
    assert again.code == 2
    assert "is there already" in again.err
