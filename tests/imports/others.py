"""WARC files as other programs write them, by warcio and by hand."""

from __future__ import annotations

import gzip
from datetime import datetime
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HTML = [("Content-Type", "text/html; charset=utf-8")]


class Other:
    """A WARC file of another program."""

    def __init__(self, path: Path, *, packed: bool = True) -> None:
        self.path = path
        self._stream = BytesIO()
        self.warc = WARCWriter(self._stream, gzip=packed)
        self.warc.write_record(self.warc.create_warcinfo_record(path.name, {"software": "Otherbot/1.0"}))

    def answer(
        self,
        url: str,
        body: bytes,
        *,
        at: str = "2026-10-10T01:00:00Z",
        status: str = "200 OK",
        headers: list[tuple[str, str]] = HTML,
        kind: str = "response",
        fields: dict[str, str] | None = None,
    ) -> Other:
        http = StatusAndHeaders(status, headers, protocol="HTTP/1.1") if kind != "resource" else None
        content_type = dict(headers).get("Content-Type", "") if kind == "resource" else ""
        record = self.warc.create_warc_record(
            url,
            kind,
            payload=BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_content_type=content_type,
            warc_headers_dict={"WARC-Date": at} | (fields or {}),
        )
        self.warc.write_record(record)
        return self

    def record(self, kind: str, url: str = "https://other.example/", block: bytes = b"x: y\r\n") -> Other:
        record = self.warc.create_warc_record(url, kind, payload=BytesIO(block), length=len(block))
        self.warc.write_record(record)
        return self

    def close(self, tail: bytes = b"") -> Path:
        self.path.write_bytes(self._stream.getvalue() + tail)
        return self.path

    def whole_gzip(self) -> Path:
        """One gzip stream for the whole file."""
        self.path.write_bytes(gzip.compress(self._stream.getvalue(), mtime=0))
        return self.path


def as_warc_date(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
