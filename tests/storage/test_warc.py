from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.cli import main as warcio_cli

from storage.records import WarcPlace
from storage.warc import cutting as cutting_module
from storage.warc.cutting import CannotCut, cutting
from storage.warc.file import OpenFile
from storage.warc.manifest import read_manifest, sha256_of, write_manifest
from storage.warc.reading import CaptureDamaged, CaptureMissing, read_payload, read_record
from storage.warc.removed import is_cut
from storage.warc.store import MAX_BYTES, WarcWriter, payload_digest, recover

AT = datetime(2026, 9, 27, 1, 2, 3, 456789, tzinfo=UTC)
URL = "https://v.daum.net/v/20260927095437316"
REQUEST = b"GET /v/20260927095437316 HTTP/1.1\r\nHost: v.daum.net\r\nUser-Agent: newsarchive\r\n\r\n"
BODY = "<html><body><p>한국어 본문입니다.</p></body></html>".encode()


def writer(
    folder: Path, *, max_bytes: int = MAX_BYTES, rows_are_safe: Callable[[str], bool] = lambda file: True
) -> WarcWriter:
    contact = "desk@example.org"
    return WarcWriter(
        folder,
        software="newsarchive/0.1.0",
        contact=contact,
        max_bytes=max_bytes,
        rows_are_safe=rows_are_safe,
    )


def put(warc: WarcWriter, body: bytes = BODY, **changes: object) -> WarcPlace:
    exchange: dict[str, object] = {
        "url": URL,
        "fetched_at": AT,
        "request": REQUEST,
        "http_status": 200,
        "reason": "OK",
        "response_headers": [("Content-Type", "text/html; charset=utf-8")],
        "body": body,
    }
    return warc.write_exchange(**(exchange | changes))  # type: ignore[arg-type]


def records(path: Path) -> list[tuple[str, dict[str, str], bytes]]:
    with path.open("rb") as stream:
        return [
            (record.rec_type, dict(record.rec_headers.headers), record.content_stream().read())
            for record in ArchiveIterator(stream, check_digests="raise")
        ]


def check(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What ``warcio check`` says about the file."""
    with pytest.raises(SystemExit) as end:
        warcio_cli(["check", "-v", str(path)])
    printed = capsys.readouterr()
    assert end.value.code == 0, printed
    assert "digest pass" in printed.out


def test_an_exchange_is_read_back_by_its_place_while_open_and_after(tmp_path: Path) -> None:
    with writer(tmp_path) as warc:
        places = [put(warc, f"쪽 {n}".encode()) for n in range(5)]
        assert [path.suffix for path in tmp_path.iterdir()] == [".open"]
        assert read_payload(tmp_path, places[2])[2] == "쪽 2".encode()
    assert [path.name for path in tmp_path.iterdir()] == [places[0].file]
    for n, place in enumerate(places):
        status, headers, body = read_payload(tmp_path, place)
        assert (status, body) == (200, f"쪽 {n}".encode())
        assert ("Content-Type", "text/html; charset=utf-8") in headers


def test_the_file_is_what_other_tools_expect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with writer(tmp_path) as warc:
        place = put(warc, ip="192.0.2.1")
    check(tmp_path / place.file, capsys)
    info, response, request = records(tmp_path / place.file)
    assert info[0] == "warcinfo"
    assert b"operator: desk@example.org" in info[2]
    assert info[1]["WARC-Filename"] == place.file
    assert response[0] == "response"
    assert response[1]["WARC-Target-URI"] == URL
    assert response[1]["WARC-Date"] == "2026-09-27T01:02:03.456789Z"
    assert response[1]["WARC-Payload-Digest"] == payload_digest(BODY)
    assert response[1]["WARC-IP-Address"] == "192.0.2.1"
    assert response[1]["WARC-Warcinfo-ID"] == info[1]["WARC-Record-ID"]
    assert "WARC-Truncated" not in response[1]
    assert request[0] == "request"
    assert request[1]["WARC-Concurrent-To"] == response[1]["WARC-Record-ID"]
    assert request[1]["WARC-Date"] == response[1]["WARC-Date"]


def test_a_decoded_body_keeps_what_the_wire_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wire = [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("content-length", "9")]
    with writer(tmp_path) as warc:
        place = put(warc, response_headers=wire)
    headers = dict(read_payload(tmp_path, place)[1])
    assert headers == {
        "X-Archive-Orig-Content-Encoding": "gzip",
        "X-Archive-Orig-Transfer-Encoding": "chunked",
        "X-Archive-Orig-content-length": "9",
        "Content-Length": str(len(BODY)),
    }
    assert read_payload(tmp_path, place)[2] == BODY
    check(tmp_path / place.file, capsys)


@pytest.mark.parametrize(
    "body", [b"", b"\x00\xff" * 1000, b"HTTP/1.1 200 OK\r\n\r\n", b"WARC/1.1\r\n", b"x" * 3_000_000]
)
def test_any_bytes_come_back(tmp_path: Path, body: bytes) -> None:
    with writer(tmp_path) as warc:
        place = put(warc, body)
    assert read_payload(tmp_path, place)[2] == body


def test_hostile_headers_cannot_break_the_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    headers = [("X-A", "1\r\n\r\n<html>"), ("X-한글", "값"), ("X B", ""), ("X-A", "2")]
    with writer(tmp_path) as warc:
        place = put(warc, response_headers=headers, reason="OK\r\nX-Evil: 1")
    status, stored, body = read_payload(tmp_path, place)
    assert (status, body) == (200, BODY)
    assert "X-Evil" not in dict(stored)
    check(tmp_path / place.file, capsys)


def test_a_truncated_answer_says_so(tmp_path: Path) -> None:
    with writer(tmp_path) as warc:
        place = put(warc, truncated="length")
    assert records(tmp_path / place.file)[1][1]["WARC-Truncated"] == "length"


@pytest.mark.parametrize(
    "wrong",
    [
        {"truncated": "bored"},
        {"fetched_at": AT.replace(tzinfo=None)},
        {"url": "https://v.daum.net/v/1\r\nWARC-Type: warcinfo"},
        {"url": ""},
    ],
)
def test_what_no_reader_would_accept_is_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    with writer(tmp_path) as warc:
        with pytest.raises(ValueError, match=r"WARC-Truncated|time zone|address"):
            put(warc, **wrong)
        place = put(warc)
    assert read_payload(tmp_path, place)[2] == BODY


def test_not_modified_is_a_revisit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with writer(tmp_path) as warc:
        put(warc)
        place = warc.write_revisit(
            url=URL,
            fetched_at=AT + timedelta(days=1),
            request=REQUEST,
            http_status=304,
            reason="Not Modified",
            response_headers=[("ETag", '"a"')],
            refers_to_digest=payload_digest(BODY),
            refers_to_date=AT.astimezone(timezone(timedelta(hours=9))),
        )
    assert read_payload(tmp_path, place) == (304, [("ETag", '"a"')], b"")
    kind, fields, _ = records(tmp_path / place.file)[3]
    assert kind == "revisit"
    assert fields["WARC-Profile"].endswith("/revisit/server-not-modified")
    assert fields["WARC-Refers-To-Date"] == "2026-09-27T01:02:03.456789Z"
    assert fields["WARC-Payload-Digest"] == payload_digest(BODY)
    check(tmp_path / place.file, capsys)


def test_rollover(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with writer(tmp_path, max_bytes=4000) as warc:
        places = [put(warc, os.urandom(1500)) for _ in range(9)]
    names = sorted({place.file for place in places})
    assert len(names) > 2
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    for name in names:
        assert records(tmp_path / name)[0][0] == "warcinfo"
        check(tmp_path / name, capsys)


def test_a_file_with_a_record_without_a_row_is_left_to_recovery(tmp_path: Path) -> None:
    unsafe: set[str] = set()
    with writer(tmp_path, max_bytes=4000, rows_are_safe=lambda file: file not in unsafe) as warc:
        first = put(warc, os.urandom(2000))
        unsafe.add(first.file)
        second, third = (put(warc, os.urandom(2000)) for _ in range(2))
        unsafe.add(third.file)
    assert second.file == first.file  # the file is judged when the next record begins, not behind its last
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted([f"{first.file}.open", f"{third.file}.open"])
    seen: list[int] = []
    recovered = recover(tmp_path, lambda dead: seen.append(len(dead.scan.members)))
    assert [one.cut_bytes for one in recovered] == [0, 0]
    assert seen == [5, 3]  # warcinfo, and a response with its request for each exchange
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([first.file, third.file])


def test_threads_share_a_writer(tmp_path: Path) -> None:
    kept: dict[bytes, WarcPlace] = {}

    def work(worker: int) -> None:
        for n in range(25):
            body = f"{worker}-{n}-".encode() + os.urandom(200)
            kept[body] = put(warc, body)

    with writer(tmp_path, max_bytes=20_000) as warc:
        threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(kept) == 100
    assert all(read_payload(tmp_path, place)[2] == body for body, place in kept.items())
    kinds = Counter(kind for path in tmp_path.iterdir() for kind, _, _ in records(path))
    assert kinds["response"] == kinds["request"] == 100


def test_nothing_written_leaves_no_file(tmp_path: Path) -> None:
    writer(tmp_path / "warc").close()
    assert not (tmp_path / "warc").exists()


# --- reading what is not there ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../x.warc.gz", "/etc/passwd", "a/b.warc.gz", "", "x.warc.gz.open", "..", ".x.warc.gz"]
)
def test_a_name_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    with writer(tmp_path) as warc:
        place = put(warc)
    (tmp_path / "inner").mkdir()
    with pytest.raises(CaptureMissing, match="not the name"):
        read_payload(tmp_path / "inner", replace(place, file=name))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CaptureMissing, match="is not in"):
        read_payload(tmp_path, WarcPlace(file="newsarchive-1-1-1.warc.gz", offset=0, length=1))


def test_damage_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with writer(tmp_path) as warc:
        place = put(warc)
    path = tmp_path / place.file
    whole = path.read_bytes()
    wrong_places = [
        replace(place, offset=place.offset + 1),
        replace(place, length=place.length - 1),
        replace(place, length=place.length + 5),
        replace(place, offset=len(whole) + 10),
        replace(place, offset=0, length=place.offset),  # the warcinfo record: no answer
    ]
    for wrong in wrong_places:
        with pytest.raises(CaptureDamaged):
            read_payload(tmp_path, wrong)
    for byte in range(place.offset, place.offset + place.length, 7):
        path.write_bytes(whole[:byte] + bytes([whole[byte] ^ 0xFF]) + whole[byte + 1 :])
        try:
            assert read_payload(tmp_path, place)[2] == BODY  # a byte of the gzip header that says nothing
        except CaptureDamaged:
            continue
    assert capsys.readouterr().err == ""


# --- deaths ----------------------------------------------------------------------------------------

ENDLESS = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from storage.warc.store import WarcWriter
warc = WarcWriter(Path(sys.argv[1]), software="t", contact=None)
n = 0
while True:
    body = f"{n} ".encode() + os.urandom(5000)
    place = warc.write_exchange(url="https://a.kr/", fetched_at=datetime.now(UTC),
        request=b"GET / HTTP/1.1\\r\\n\\r\\n", http_status=200, reason="OK", response_headers=[], body=body)
    print(place.file, place.offset, place.length, flush=True)
    n += 1
"""


def test_kill_in_mid_write_then_recover(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ENDLESS, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(40)]
        assert recover(tmp_path) == []  # alive: its file is left alone
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
    told = [line.split() for line in lines if line.endswith("\n")]
    (open_file,) = tmp_path.iterdir()
    with open_file.open("ab") as stream:
        stream.write(b"\x1f\x8b\x08\x00torn")
    (done,) = recover(tmp_path)
    assert done.cut_bytes >= 8
    assert [path.name for path in tmp_path.iterdir()] == [done.file]
    for n, (file, offset, length) in enumerate(told):
        place = WarcPlace(file=file, offset=int(offset), length=int(length))
        assert read_payload(tmp_path, place)[2].startswith(f"{n} ".encode())
    check(tmp_path / done.file, capsys)
    assert recover(tmp_path) == []


@pytest.mark.parametrize("cut", [1, 9, 60, 250, 500])
def test_every_cut_leaves_whole_records(tmp_path: Path, cut: int) -> None:
    with writer(tmp_path) as warc:
        places = [put(warc, f"쪽 {n}".encode()) for n in range(3)]
    path = tmp_path / places[0].file
    data = path.read_bytes()
    path.rename(tmp_path / (path.name + ".open"))
    (tmp_path / (path.name + ".open")).write_bytes(data[:-cut])
    (done,) = recover(tmp_path)
    assert done.kept_bytes + done.cut_bytes == len(data) - cut
    kept = records(path)
    assert kept[0][0] == "warcinfo"
    for n, place in enumerate(places):
        if place.offset + place.length <= done.kept_bytes:
            assert read_payload(tmp_path, place)[2] == f"쪽 {n}".encode()
        else:
            with pytest.raises(CaptureDamaged):
                read_payload(tmp_path, place)


def test_a_file_without_a_record_is_removed(tmp_path: Path) -> None:
    (tmp_path / "newsarchive-1-1-1.warc.gz.open").write_bytes(b"\x1f\x8b")
    (tmp_path / "newsarchive-1-1-2.warc.gz.open").touch()
    assert [(done.kept_bytes, done.cut_bytes) for done in recover(tmp_path)] == [(0, 2), (0, 0)]
    assert list(tmp_path.iterdir()) == []


def test_recover_leaves_the_files_of_this_process(tmp_path: Path) -> None:
    with writer(tmp_path) as warc:
        place = put(warc)
        assert recover(tmp_path) == []
        assert recover(tmp_path / "nowhere") == []
        put(warc)
    assert len(records(tmp_path / place.file)) == 5


FULL = """
import os, resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from storage.warc.store import WarcWriter
from storage.warc.reading import read_payload
folder = Path(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
def put(size):
    return warc.write_exchange(url="https://a.kr/", fetched_at=datetime.now(UTC),
        request=b"GET / HTTP/1.1\\r\\n\\r\\n", http_status=200, reason="OK", response_headers=[],
        body=os.urandom(size))
warc = WarcWriter(folder, software="t", contact=None)
places = []
try:
    while True:
        places.append(put(3000))
except OSError as error:
    print(type(error).__name__, error.errno)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
places.append(put(3000))
warc.close()
print(len(places), {len(read_payload(folder, place)[2]) for place in places})
"""


@pytest.mark.parametrize(("limit", "kept"), [(20_000, 6), (100, 1)])
def test_a_full_disk_is_told_and_the_file_stays_readable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], limit: int, kept: int
) -> None:
    """A limit on the file's size stands in for the full disk: the write ends half done in both cases."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path), str(limit)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["OSError 27", f"{kept} {{3000}}"]
    (path,) = tmp_path.iterdir()
    assert path.suffix == ".gz"
    check(path, capsys)


def test_beside_a_record_of_an_emptied_file_lies_nothing(tmp_path: Path) -> None:
    (tmp_path / "emptied.warc.gz").touch()
    with cutting(tmp_path) as cutter:
        assert cutter.cut_beside(WarcPlace(file="emptied.warc.gz", offset=0, length=300), "takedown") == 0


@pytest.mark.parametrize("too_long", [1, 30, 100_000])
def test_a_row_that_names_too_much_costs_no_other_record(tmp_path: Path, too_long: int) -> None:
    with writer(tmp_path) as warc:
        first = put(warc, b"first")
        put(warc, os.urandom(200_000))
    (file,) = tmp_path.glob("*.warc.gz")
    before = file.read_bytes()
    with (
        cutting(tmp_path) as cutter,
        pytest.raises(CannotCut, match=f"no record of {first.length + too_long} bytes"),
    ):
        cutter.cut(replace(first, length=first.length + too_long), "takedown")
    assert file.read_bytes() == before
    with cutting(tmp_path) as cutter:
        assert cutter.cut(first, "takedown")


@pytest.mark.parametrize("left", [0, 40, 99])
def test_a_file_that_is_cut_between_a_look_and_a_write_is_lost(tmp_path: Path, left: int) -> None:
    """The next record is written where it belongs, and the file is as long as if nothing had happened."""
    file = OpenFile.begin(tmp_path, count())
    file.append(b"x" * 100)
    assert file.lost() is None
    (path,) = tmp_path.glob("*.open")
    os.truncate(path, left)
    file.append(b"y" * 50)
    assert file.whole
    assert "was cut while it was written: bytes before 100 are gone" in (file.lost() or "")
    file.abandon()


def test_a_record_that_is_forgotten_while_its_file_is_written_is_no_loss(tmp_path: Path) -> None:
    """A list that names a page which was taken down is cut at once, which ended the run that had read it."""
    with writer(tmp_path) as warc:
        for body in (b"one", b"two", b"three"):
            with cutting(tmp_path) as cutter:
                assert cutter.cut(put(warc, body), "takedown")
        last = put(warc, b"four")
    (path,) = tmp_path.glob("*.warc.gz")
    assert path.stat().st_size >= last.offset + last.length


def test_many_files_are_cut_and_their_hashes_are_written_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list was read for each record and written for each file: of 12,000 files for hours."""
    places = []
    for _ in range(4):
        with writer(tmp_path) as warc:
            places += [put(warc, b"one"), put(warc, b"two")]
    names = sorted({place.file for place in places})
    sums = {name: sha256_of(tmp_path / name) for name in names} | {"gone.warc.gz": "0" * 64}
    sums[names[3]] = "f" * 64  # damaged since it was verified
    write_manifest(tmp_path, sums)
    written: list[set[str]] = []

    def write(folder: Path, now: dict[str, str]) -> None:
        written.append({name for name in names if is_cut(read_record(folder, places[2 * names.index(name)]))})
        write_manifest(folder, now)

    monkeypatch.setattr(cutting_module, "write_manifest", write)
    with cutting(tmp_path) as cutter:
        cutter.expect(place.file for place in places)
        assert read_manifest(tmp_path)[0] == {"gone.warc.gz": "0" * 64}
        for place in places[:6]:
            cutter.cut(place, "retention")
    assert written == [set(), set(names[:3])], "before the first byte goes, and behind the last"
    now = {name: sha256_of(tmp_path / name) for name in names[:3]}
    assert read_manifest(tmp_path)[0] == sums | now, "what was not changed is held against what it was"
