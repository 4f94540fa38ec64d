"""Files of others read into candidates: every program's habits, every way in which a file can be broken."""

from __future__ import annotations

import csv
import gzip
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.configuration.environment import WrongSetting
from crawler.imports import answer, members
from crawler.imports.addresses import read_addresses
from crawler.imports.candidate import Address, Beside, Candidate, FileProblem, Found, Unreadable
from crawler.imports.kinds import given
from crawler.imports.saved import read_saved
from crawler.imports.wacz import read_wacz
from crawler.imports.warc import read_warc
from tests.imports.others import Other

URL = "https://www.fnnews.com/news/202610090610281234"
PAGE = "<html><body>시는 새 다리를 열었다.</body></html>".encode()


def candidates(found: list[Found]) -> list[Candidate]:
    return [one for one in found if isinstance(one, Candidate)]


def problems(found: list[Found]) -> list[str]:
    return [one.reason for one in found if isinstance(one, FileProblem | Unreadable)]


@pytest.mark.parametrize("form", ["gzip", "plain", "one gzip"])
def test_a_file_is_read_whatever_its_form(tmp_path: Path, form: str) -> None:
    other = Other(tmp_path / "x.warc.gz", packed=form == "gzip")
    other.record("request", URL, b"GET / HTTP/1.1\r\n\r\n").answer(URL, PAGE).record("metadata", URL).record(
        "conversion", URL, PAGE
    )
    other.answer(URL, b"", status="404 Not Found").answer("dns:other.example", b"1.2.3.4", kind="resource")
    path = other.whole_gzip() if form == "one gzip" else other.close()
    found = list(read_warc(path))
    assert [(one.url, one.status, one.body) for one in candidates(found)] == [
        (URL, 200, PAGE),
        (URL, 404, b""),
    ]
    assert problems(found) == []
    kinds = [one.kind for one in found if isinstance(one, Beside)]
    assert {"warcinfo", "request", "metadata", "conversion", "resource of no web page"} == set(kinds)
    first = candidates(found)[0]
    assert (first.made_by, first.fetched_at.isoformat()) == ("Otherbot/1.0", "2026-10-10T01:00:00+00:00")
    assert first.record is not None


def test_records_that_are_pages_in_another_way(tmp_path: Path) -> None:
    """A resource is a page without an HTTP answer; an ARC file has no types; a version may be old or odd."""
    other = Other(tmp_path / "x.warc.gz").answer(URL, PAGE, kind="resource")
    other.answer(URL, PAGE, status="200", headers=[]).answer(
        URL, b"", kind="revisit", status="304 Not Modified"
    )
    other.warc.write_record(other.warc.create_revisit_record(URL, "sha1:AAAA", URL, "2026-10-10T01:00:00Z"))
    resource, bare, revisit, empty = candidates(list(read_warc(other.close())))
    assert (resource.status, resource.headers) == (200, (("Content-Type", "text/html; charset=utf-8"),))
    assert (bare.status, bare.headers, bare.body) == (200, (), PAGE)
    assert (revisit.revisit, revisit.status, revisit.body) == (True, 304, b"")
    assert (empty.revisit, empty.status, empty.body, empty.digest) == (True, 200, b"", "sha1:AAAA")

    answer = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE
    block = b"1 0 Archive\nURL IP-address Archive-date Content-type Archive-length\n\n"
    head = f"filedesc://x.arc 0.0.0.0 20261010000000 text/plain {len(block)}\n".encode() + block
    line = f"{URL} 127.0.0.1 20261010010000 text/html {len(answer)}\n".encode()
    (tmp_path / "x.arc").write_bytes(head + b"\n" + line + answer + b"\n")
    (old,) = candidates(list(read_warc(tmp_path / "x.arc")))
    assert (old.url, old.body, old.fetched_at.isoformat()) == (URL, PAGE, "2026-10-10T01:00:00+00:00")

    path = Other(tmp_path / "y.warc", packed=False).answer(URL, PAGE).close()
    for version in (b"WARC/0.18", b"WARC/1.1"):
        path.write_bytes(path.read_bytes().replace(b"WARC/1.0", version))
        assert len(candidates(list(read_warc(path)))) == 1
    odd = (
        path.read_bytes()
        .replace(b"WARC-Target-URI: https", b"WARC-Target-URI: <https")
        .replace(URL.encode() + b"\r", URL.encode() + b">\r")
    )
    path.write_bytes(odd)
    assert [one.url for one in candidates(list(read_warc(path)))] == [URL], "as wget writes addresses"


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("cut", [3, 60, 250, 500])
def test_a_file_that_ends_in_a_record_gives_what_is_whole_and_says_so(
    tmp_path: Path, packed: bool, cut: int
) -> None:
    other = Other(tmp_path / "x.warc", packed=packed)
    for number in range(3):
        other.answer(f"{URL}{number}", PAGE + os.urandom(2000))
    path = other.close()
    path.write_bytes(path.read_bytes()[:-cut])
    found = list(read_warc(path))
    whole = 3 if cut < 4 and not packed else 2  # so little is only the empty lines behind the last record
    assert [one.url for one in candidates(found)] == [f"{URL}{number}" for number in range(whole)]
    assert len(problems(found)) == 3 - whole, "something is missing, and nobody says so"


def test_a_small_file_that_was_packed_as_a_whole_and_is_torn_gives_what_is_whole(tmp_path: Path) -> None:
    """Its only gzip member is not whole: taken for a record of its own, it cost all the others."""
    other = Other(tmp_path / "x.warc", packed=False)
    for number in range(3):
        other.answer(f"{URL}{number}", PAGE + os.urandom(2000))
    packed = tmp_path / "x.warc.gz"
    packed.write_bytes(gzip.compress(other.close().read_bytes())[:-900])
    found = list(read_warc(packed))
    assert [one.url for one in candidates(found)] == [f"{URL}{number}" for number in range(2)]
    assert len(problems(found)) == 1


def test_damage_in_the_middle_costs_one_record(tmp_path: Path) -> None:
    other = Other(tmp_path / "x.warc.gz")
    for number in range(5):
        other.answer(f"{URL}{number}", PAGE + os.urandom(2000))
    path = other.close()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data + b"\n\nsomething behind it")
    found = list(read_warc(path))
    assert len(candidates(found)) == 4
    assert [one.reason for one in found if isinstance(one, Unreadable)][1].startswith("21 bytes from")
    assert len(problems(found)) == 2


@pytest.mark.parametrize(
    ("fields", "changes", "said"),
    [
        ({"WARC-Date": "yesterday"}, {}, "when it was captured, but 'yesterday'"),
        ({"WARC-Date": "0001-01-01T00:00:00Z"}, {}, "in the year 1"),
        ({"WARC-Date": "10010101000000"}, {}, "in the year 1001"),
        ({}, {"status": "OK"}, "its HTTP status is"),
        ({}, {"status": "99999 Odd"}, "its HTTP status is"),
        ({"WARC-Block-Digest": "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}, {}, "does not match its own digest"),
        ({}, {"headers": [("Content-Encoding", "zstd")], "body": b"\x28\xb5\x2f\xfd"}, "zstd"),
    ],
)
def test_an_odd_record_is_a_sentence_and_the_next_is_read(
    tmp_path: Path, fields: dict[str, str], changes: dict[str, object], said: str
) -> None:
    other = Other(tmp_path / "x.warc.gz")
    body = changes.pop("body", PAGE)
    other.answer(URL, body, fields=fields, **changes)  # type: ignore[arg-type]
    other.answer(URL + "1", PAGE)
    found = list(read_warc(other.close()))
    assert len(problems(found)) == 1
    assert said in problems(found)[0]
    assert [one.url for one in candidates(found)] == [URL + "1"]


@pytest.mark.parametrize(
    ("date", "is_"),
    [
        ("2026-10-10T01:00:00Z", "2026-10-10T01:00:00+00:00"),
        ("2026-10-10T01:00:00.123456789Z", "2026-10-10T01:00:00.123456+00:00"),
        ("20261010010000", "2026-10-10T01:00:00+00:00"),
        ("2026-10-10T10:00:00+09:00", "2026-10-10T10:00:00+09:00"),
    ],
)
def test_dates_of_every_version(tmp_path: Path, date: str, is_: str) -> None:
    (one,) = candidates(list(read_warc(Other(tmp_path / "x.warc.gz").answer(URL, PAGE, at=date).close())))
    assert one.fetched_at.isoformat() == is_


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x1f\x8b",
        b"hello",
        b"WARC/1.0\r\n",
        b"WARC/1.0\r\nWARC-Type: response\r\n\r\n",
        b"\x1f\x8b\x08" + b"z" * 99,
    ],
    ids=["empty", "magic", "text", "a line", "no length", "garbage"],
)
def test_what_is_no_warc_file_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    found = list(read_warc(path))
    assert candidates(found) == []
    assert problems(found) or any(isinstance(one, Beside) for one in found)


def test_a_wacz_is_its_warc_files(tmp_path: Path) -> None:
    inner = Other(tmp_path / "data.warc.gz").answer(URL, PAGE).close()
    path = tmp_path / "x.wacz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inner, "archive/data.warc.gz")
        archive.writestr("datapackage.json", "{}")
        archive.writestr("archive/torn.warc.gz", inner.read_bytes()[:-300])
    found = list(read_wacz(path))
    assert [one.position.partition(":")[0] for one in candidates(found)] == ["archive/data.warc.gz"]
    torn = [one.position for one in found if isinstance(one, Unreadable)]
    assert [place.partition(":")[0] for place in torn] == ["archive/torn.warc.gz"]
    several = tmp_path / "several.wacz"
    with zipfile.ZipFile(several, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "1.wacz")
        archive.writestr("2.wacz", b"PK")
    found = list(read_wacz(several))
    assert [one.position[:27] for one in candidates(found)] == ["1.wacz:archive/data.warc.gz"]
    assert problems(found)[-1].startswith("2.wacz in it: it is no whole zip")
    path.write_bytes(path.read_bytes()[:-50])
    assert ["zip" in one for one in problems(list(read_wacz(path)))] == [True]


def test_a_file_packed_in_pieces_is_one_stream(tmp_path: Path) -> None:
    """bgzip and pigz end a gzip member anywhere, also within a record."""
    plain = Other(tmp_path / "x.warc", packed=False).answer(URL, PAGE).answer(URL + "1", PAGE).close()
    data = plain.read_bytes()
    pieces = [gzip.compress(data[at : at + 300], mtime=0) for at in range(0, len(data), 300)]
    path = tmp_path / "x.warc.gz"
    path.write_bytes(b"".join(pieces) + gzip.compress(b"", mtime=0))
    found = list(read_warc(path))
    assert [one.url for one in candidates(found)] == [URL, URL + "1"]
    assert problems(found) == []


@pytest.mark.parametrize("front", [b"\xef\xbb\xbf", b"\r\n\r\n", b"\n"])
def test_what_editors_put_in_front_is_passed_over(tmp_path: Path, front: bytes) -> None:
    path = Other(tmp_path / "x.warc", packed=False).answer(URL, PAGE).close()
    path.write_bytes(front + path.read_bytes())
    found = list(read_warc(path))
    assert ([one.url for one in candidates(found)], problems(found)) == ([URL], [])


def test_a_record_without_a_length_swallows_none_silently(tmp_path: Path) -> None:
    """What stands behind it in a plain file was taken for its page."""
    other = Other(tmp_path / "x.warc", packed=False)
    raw = other.answer(URL, PAGE).answer(f"{URL}1", PAGE).answer(f"{URL}2", PAGE).close().read_bytes()
    records = [b"WARC/1.0\r\n" + one for one in raw.split(b"WARC/1.0\r\n")[1:]]
    records[2] = re.sub(rb"Content-Length: \d+\r\n", b"", records[2], count=1)
    other.path.write_bytes(b"".join(records))
    found = list(read_warc(other.path))
    assert [one.url for one in candidates(found)] == [URL]
    assert "its record 3 does not say how long it is" in problems(found)[0]


def test_a_record_that_is_no_whole_answer(tmp_path: Path) -> None:
    """A fetch that broke off, kept as if it were whole; a record in segments; another protocol's headers."""
    other = Other(tmp_path / "x.warc.gz")
    other.answer(URL, PAGE, headers=[("Content-Type", "text/html"), ("Content-Length", "99999")])
    other.answer(URL, PAGE, fields={"WARC-Segment-Number": "1"})
    other.answer(URL, PAGE, headers=[(":status", "200"), ("content-type", "text/html")])
    found = list(read_warc(other.close()))
    assert [(one.truncated, one.body) for one in candidates(found)] == [("disconnect", PAGE), (None, PAGE)]
    assert problems(found) == ["it is segment 1 of a record: only whole ones are read"]


@pytest.mark.parametrize("packed", [True, False])
def test_of_what_is_too_large_its_beginning_is_known(
    tmp_path: Path, packed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "MOST", 1_000_000)
    monkeypatch.setattr(answer, "MOST", 1_000_000)
    other = Other(tmp_path / "x.warc.gz", packed=packed)
    other.answer("https://film.example/1", bytes(2_000_000), headers=[("Content-Type", "video/mp4")])
    other.answer(URL, PAGE)
    found = list(read_warc(other.close()))
    (large,) = [one for one in found if isinstance(one, Unreadable)]
    assert (large.url, large.status, large.whole) == ("https://film.example/1", 200, True)
    assert large.headers == (("Content-Type", "video/mp4"),)
    assert [one.url for one in candidates(found)] == [URL]


# --- saved pages ------------------------------------------------------------------------------------


def manifest(folder: Path, rows: list[list[str]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "a.html").write_bytes(PAGE)
    path = folder / "manifest.csv"
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


HEAD = ["File", "url", "fetched_at", "비고"]
AT = "2024-05-01T09:00:00+09:00"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_manifest_in_any_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = manifest(tmp_path / "m", [HEAD, ["a.html", URL, AT, "한글"]], encoding, delimiter)
    (one,) = candidates(list(read_saved(path)))
    assert (one.url, one.body, one.fetched_at.isoformat()) == (URL, PAGE, AT)


def test_excel_says_first_how_columns_are_parted(tmp_path: Path) -> None:
    path = manifest(tmp_path / "m", [["sep=;"], HEAD, ["a.html", URL, AT, "한글"]], delimiter=";")
    assert [one.url for one in candidates(list(read_saved(path)))] == [URL]


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("기사.html", unicodedata.normalize("NFD", "기사.html").encode()),
        (unicodedata.normalize("NFD", "기사.html"), "기사.html".encode()),
        ("기사.html", "기사.html".encode("cp949")),
        ("쪽\\기사.html", "쪽/기사.html".encode()),
    ],
)
def test_a_file_is_found_however_its_disk_spells_it(tmp_path: Path, name: str, there: bytes) -> None:
    path = manifest(tmp_path / "m", [HEAD[:3], [name, URL, AT]])
    file = Path(os.fsdecode(os.fsencode(path.parent) + b"/" + there))
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(gzip.compress(PAGE, mtime=0))
    assert [one.body for one in candidates(list(read_saved(path)))] == [PAGE]


def test_dates_and_pages_of_browsers(tmp_path: Path) -> None:
    mailed = "Wed, 01 May 2024 00:00:00 GMT"
    rows = [["a.html", URL, mailed], ["a.mhtml", URL, AT], ["a.html", "", AT], ["a.html", URL, mailed[:-4]]]
    path = manifest(tmp_path / "m", [HEAD[:3], *rows])
    head = b"From: <Saved by Blink>\r\nContent-Type: multipart/related;\r\n\tboundary=x\r\n\r\n--x\r\n"
    (path.parent / "a.mhtml").write_bytes(head + PAGE)
    found = list(read_saved(path))
    assert [one.fetched_at.isoformat() for one in candidates(found)] == ["2024-05-01T00:00:00+00:00"]
    told = ["a.mhtml is an MHTML file", "its line names no address", "without a time zone"]
    assert all(said in one for said, one in zip(told, problems(found), strict=True))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["../secret.html", URL, AT], "lies outside of the manifest's folder"),
        (["/etc/passwd", URL, AT], "lies outside of the manifest's folder"),
        (["link.html", URL, AT], "lies outside of the manifest's folder"),
        (["b.html", URL, AT], "is not there"),
        (["", URL, AT], "names no file"),
        (["a.html", URL, "2024-05-01 09:00"], "without a time zone"),
        (["a.html", URL, "gestern"], "give ISO 8601"),
        (["a.html", URL, "9999-12-31T23:59:59-12:00"], "in the year 9999"),
        (["a.html", URL, "0001-01-01T00:00:00+14:00"], "in the year 1"),
        (["a.html", URL], "give ISO 8601"),
        (["a.html\x00", URL, AT], "names no file"),
    ],
)
def test_a_line_that_is_wrong_is_a_sentence(tmp_path: Path, row: list[str], said: str) -> None:
    (tmp_path / "secret.html").write_text("secret")
    path = manifest(tmp_path / "m", [HEAD[:3], ["a.html", URL, AT]])
    (tmp_path / "m" / "link.html").symlink_to(tmp_path / "secret.html")
    with path.open("a", newline="") as stream:
        stream.write(",".join(row) + "\r\n")
    found = list(read_saved(path))
    if "\x00" in row[0]:
        assert problems(found) == ["it is no text in UTF-8, UTF-16 or CP949"]
        return
    assert [said in one for one in problems(found)] == [True]
    assert len(candidates(found)) == 1


def test_a_manifest_without_its_columns_is_told(tmp_path: Path) -> None:
    path = manifest(tmp_path / "m", [["file", "address"], ["a.html", URL]])
    assert problems(list(read_saved(path))) == [
        "its first line must name file, url and fetched_at; not there: url, fetched_at "
        "(addresses alone: a .txt, one a line)"
    ]


# --- lists of addresses, and what a file is -----------------------------------------------------------


def test_a_list_of_addresses(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_bytes(f"\ufeff# a comment\r\n{URL}\r\n\r\nnot an address\r\n  {URL}?a=1#b \n".encode())
    found = list(read_addresses(path))
    assert [(one.position, one.url) for one in found if isinstance(one, Address)] == [
        ("line 2", URL),
        ("line 5", f"{URL}?a=1"),
    ]
    assert problems(found) == ["no web address"]


def test_a_file_is_what_lies_in_it(tmp_path: Path) -> None:
    made: dict[str, Callable[[Path], object]] = {
        "warc": lambda path: Other(path).answer(URL, PAGE).close(),
        "addresses": lambda path: path.write_text(URL),
        "wacz": lambda path: zipfile.ZipFile(path, "w").close(),
    }
    for kind, make in made.items():
        path = tmp_path / f"{kind}.bin"
        make(path)
        assert [one.kind for one in given(path)] == [kind]
    manifest(tmp_path / "m", [HEAD])
    assert [one.kind for one in given(tmp_path / "m")] == ["saved"]
    (tmp_path / "crawl" / "archive").mkdir(parents=True)
    Other(tmp_path / "crawl" / "archive" / "1.warc.gz").close()
    assert [one.kind for one in given(tmp_path / "crawl")] == ["warc"]
    for name, content in (("page.html", b"<html>"), ("x.bin", b"\x00\x01"), ("y.pdf", b"%PDF")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(WrongSetting, match=name):
            given(tmp_path / name)
    for magic in (b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\x00", b"BZh9"):
        (tmp_path / "crawl" / "packed.warc.zst").write_bytes(magic + b"x")
        with pytest.raises(WrongSetting, match="unpack it first"):
            given(tmp_path / "crawl" / "packed.warc.zst")
    told = [problems(list(one.read(one.path))) for one in given(tmp_path / "crawl")]
    assert [["unpack it first" in one for one in some] for some in told] == [[], [True]], "the other is read"
    (tmp_path / "empty").mkdir()
    for wrong in ("empty", "nowhere"):
        with pytest.raises(WrongSetting, match=wrong):
            given(tmp_path / wrong)


READING = """
import sys
from pathlib import Path
from crawler.imports.warc import read_warc
count = sum(1 for one in read_warc(Path(sys.argv[1])))
(peak,) = (line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(count, peak.split()[1])
"""
"""VmHWM begins with the program; ru_maxrss begins with the process that started it, which is as large as the
tests before this one have made it (seen 2026-11-26: 207,132 KiB; the program itself 30 MiB)."""


@pytest.mark.proof
@pytest.mark.parametrize("packed", [True, False])
def test_a_file_of_a_gigabyte_is_read_in_constant_memory(tmp_path: Path, packed: bool) -> None:
    other = Other(tmp_path / "x.warc.gz", packed=packed)
    for number in range(20):
        other.answer(f"{URL}{number}", PAGE + os.urandom(800_000))
    path = other.close()
    piece = path.read_bytes()
    with path.open("wb") as stream:
        while stream.tell() < 1024**3:
            stream.write(piece)
    done = subprocess.run(
        [sys.executable, "-c", READING, str(path)], capture_output=True, text=True, check=True, timeout=600
    )
    count, peak_kib = map(int, done.stdout.split())
    assert count > 1300
    assert peak_kib < 200 * 1024
    print(f"{count} records of 1 GiB, {peak_kib // 1024} MiB at most")
