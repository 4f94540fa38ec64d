"""WARC files as a crawl leaves them, written page by page; and their older forms."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.records import WarcPlace
from storage.warc.members import scan
from storage.warc.store import WarcWriter

FIRST = datetime(2026, 9, 28, 3, 0, tzinfo=UTC)
PAGES = Path(__file__).parents[1] / "pages"
PAGE = (PAGES / "fnnews" / "2026-10-09-wire-copy" / "page.html").read_bytes()
EDITED = PAGE.replace("최대 200만원".encode(), "최대 300만원".encode())
URL = "https://www.fnnews.com/news/202610090610281234"


def writer(folder: Path, run: int = 1, source: str = "fnnews") -> WarcWriter:
    facts = {"run": run, "source": source, "mode": "latest", "run_started": FIRST.isoformat(), "reader": 1}
    return WarcWriter(folder, software="newsarchive/0.1.0", contact=None, facts=facts)


def answer(
    warc: WarcWriter,
    after_h: float,
    body: bytes = PAGE,
    *,
    status: int = 200,
    url: str = URL,
    address: str | None = URL,
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"a"')),
) -> WarcPlace:
    """One answer, so many hours after the first."""
    exchange = {
        "url": url,
        "fetched_at": FIRST + timedelta(hours=after_h),
        "request": b"GET / HTTP/1.1\r\nHost: www.fnnews.com\r\n\r\n",
        "http_status": status,
        "reason": "",
        "response_headers": headers,
        "facts": {"address": address, "robots_allowed": True, "robots_rule": "Allow: /"},
    }
    if status == 304:
        return warc.write_revisit(**exchange)  # type: ignore[arg-type]
    return warc.write_exchange(**exchange, body=body)  # type: ignore[arg-type]


def without_metadata(path: Path, *, facts: bool) -> None:
    """Make a file one of before there were metadata records; not ``facts``: and no field of our own."""
    data = path.read_bytes()
    kept = b""
    for member in scan(data).members:
        if member.kind == "metadata":
            continue
        record = zlib.decompress(data[member.start : member.end], wbits=31)
        if not facts:
            record = re.sub(rb"Newsarchive-Capture: [^\r]*\r\n", b"", record)
        kept += zlib.compress(record, wbits=31)
    path.write_bytes(kept)
