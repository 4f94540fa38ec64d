"""What comes off the wire is kept before anything judges it, and a page cannot make the crawler ask again."""

from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import Mapping
from pathlib import Path

from storage.records import WarcPlace
from storage.warc.reading import read_payload
from tests.crawl.conftest import stage_on
from tests.crawl.counting import ALLOWED, NONE, Asked, CountingServer, answer, page
from tests.crawl.stage import Stage


def numbered(number: int) -> str:
    return f"20261120090000{number:04d}"


def text(number: int) -> str:
    return page(f"가상시 다리 {number}곳", numbered(number)).replace("세 곳", f"{number}곳")


def packed(number: int) -> bytes:
    return gzip.compress(text(number).encode())


REFRESH = '<meta charset="utf-8"><meta http-equiv="refresh" content="0;url={}">'
PLAIN = {1: "gzip", 2: "deflate", 3: "br"}
"""Announced, and not on the body."""
UNFINISHED = zlib.compressobj(wbits=31)
ANSWERS: Mapping[int, bytes] = {
    **{n: answer(text(n), Content_Encoding=coding) for n, coding in PLAIN.items()},
    4: answer(packed(4)[:60] + b"\xff" * 40, Content_Encoding="gzip"),
    5: answer(packed(5)[:-200], Content_Encoding="gzip"),
    11: answer(packed(11)),
    12: answer(gzip.compress(packed(12)), Content_Encoding="gzip"),
    13: answer(packed(13)[:-8] + b"\0" * 8, Content_Encoding="gzip"),
    14: answer(
        UNFINISHED.compress(text(14).encode()) + UNFINISHED.flush(zlib.Z_SYNC_FLUSH), Content_Encoding="gzip"
    ),
    15: answer(text(15), Content_Encoding="utf-8"),
    16: answer(text(16).replace('<meta charset="utf-8">', REFRESH.format(f"/news/{numbered(16)}"))),
    17: answer(text(17).replace('<meta charset="utf-8">', REFRESH.format("https://ads.example/"))),
    18: answer(text(18).replace('charset="utf-8"', 'charset="rot13"'), kind="text/html; charset=undefined"),
    19: answer(text(19), kind="text/html; charset=idna"),
    20: answer(zlib.compress(text(20).encode()), Content_Encoding="deflate"),
    21: answer(b"", "304 Not Modified", Content_Encoding="gzip"),
    22: answer("gone", "404 Not Found", Content_Encoding="gzip"),
    23: answer(text(23), "-20 Odd"),
    24: answer(text(24), "9" * 20 + " Odd"),  # a number that no column holds
    25: answer(text(25), Transfer_Encoding="identity"),
    26: b"\r\n" + answer(text(26)).replace(b"HTTP/1.1 200", b"HTTP/1.1  200"),
    27: b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"%x  \r\n%b\r\n0 ;end\r\n\r\n" % (len(text(27).encode()), text(27).encode()),
}


def has_ipv6() -> bool:
    """A host may have no other address: Scrapy's own resolver finds none of it."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:  # this machine has none
        return False
    return True


def handle(asked: Asked, _before: int) -> bytes:
    if asked.target == "/robots.txt":
        return ALLOWED.replace(b"Connection: close\r\n", b"")
    for number, whole in ANSWERS.items():
        if asked.target == f"/news/{numbered(number)}":
            return whole
    return NONE


def test_what_came_is_kept_and_judged_whatever_the_headers_say(tmp_path: Path) -> None:
    with CountingServer(handle, ipv6=has_ipv6()) as server:
        stage = stage_on(tmp_path / "archive", server.url)
        urls = [f"https://www.fnnews.com/news/{numbered(n)}" for n in ANSWERS]
        stage.run("fetch", *urls, "--origin", f"fnnews={server.url}", "--delay", "0")
        asked = {n: server.targets.count(f"/news/{numbered(n)}") for n in ANSWERS}
    ends = {
        int(row["url"][-4:]): (row["outcome"], row["reason"])
        for row in stage.rows(
            "SELECT a.url, o.outcome, o.reason FROM outcome o JOIN address a ON a.id = o.address_id"
        )
    }
    stored = {n for n, (outcome, _) in ends.items() if outcome in ("stored", "duplicate")}
    damaged = {4: "its Content-Encoding is gzip, its body cannot be decoded so: ", 13: "incorrect data check"}
    cut = dict.fromkeys((5, 14), "cut off")
    failed = damaged | cut
    assert stored == {*range(1, 21), 25, 26, 27} - set(range(6, 11)) - set(failed), ends
    assert {n: (ends[n][0], failed[n] in ends[n][1]) for n in failed} == dict.fromkeys(
        failed, ("failed", True)
    )
    assert ends[21][0] == "failed"
    assert ends[22] == ("gone", "404")
    no_status = "what came is no answer of HTTP: its status is "
    assert {ends[23], ends[24]} == {("failed", no_status + "-20"), ("failed", no_status + "9" * 20)}
    assert stage.rows("SELECT count(*) AS n FROM capture WHERE http_status NOT BETWEEN 100 AND 999") == [
        {"n": 0}
    ]
    # What broke off or was damaged is tried again.
    assert {n: count for n, count in asked.items() if count != 1} == dict.fromkeys(failed, 3)
    # So is what a connection that was kept did not answer, in a turn of its own: Twisted's pool sent it again
    # in that of the first, at once, and nobody counted it.
    assert server.targets.count("/.well-known/tdmrep.json") == 2
    assert stage.column("SELECT requests FROM run") == [len(server.asked)]
    for number in PLAIN:
        assert wire_bytes(stage, number) == text(number).encode()


def wire_bytes(stage: Stage, number: int) -> bytes:
    (row,) = stage.rows(
        "SELECT warc_file, warc_offset, warc_length FROM capture "
        f"WHERE url = 'https://www.fnnews.com/news/{numbered(number)}'"
    )
    place = WarcPlace(file=row["warc_file"], offset=row["warc_offset"], length=row["warc_length"])
    return read_payload(stage.folder / "warc", place)[2]


def test_a_server_that_ends_each_connection_that_was_kept_loses_nothing(tmp_path: Path) -> None:
    """What is asked again has a new connection: it met that of another page, and failed three times."""
    pages = {f"/news/{numbered(n)}": answer(text(n)) for n in range(1, 7)}

    def kept(asked: Asked, _before: int) -> bytes:
        said = ALLOWED if asked.target == "/robots.txt" else pages.get(asked.target, NONE)
        return said.replace(b"Connection: close\r\n", b"")

    with CountingServer(kept) as server:
        stage = stage_on(tmp_path / "archive", server.url)
        urls = [f"https://www.fnnews.com{path}" for path in pages]
        stage.run("fetch", *urls, "--origin", f"fnnews={server.url}", "--delay", "0")
    assert stage.column("SELECT DISTINCT outcome FROM outcome WHERE outcome <> 'duplicate'") == ["stored"]
    assert max(server.targets.count(path) for path in pages) <= 2
