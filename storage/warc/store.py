"""The WARC store: every fetch's bytes, kept before anybody judges them (ISO 28500, WARC/1.1).

One gzip member for each record, so that a record is read by (file, offset, length) alone. Rows keep a
file's final name; the file itself carries ``.open`` behind it while it is written.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from pathlib import Path

from storage.clock import utc_now
from storage.records import WarcPlace
from storage.warc.facts import Facts
from storage.warc.file import OpenFile
from storage.warc.reading import CaptureDamaged, CaptureMissing, read_payload
from storage.warc.record import (
    ROBOTS,
    Answer,
    Headers,
    decoded_headers,
    exchange_bytes,
    printable_headers,
    response_fields,
    response_head,
    revisit_fields,
    warcinfo_bytes,
)
from storage.warc.recovery import Recovered, recover
from storage.warc.sent import is_sent
from storage.warc.written import payload_digest

__all__ = [
    "MAX_BYTES",
    "CaptureDamaged",
    "CaptureMissing",
    "Recovered",
    "WarcLost",
    "WarcWriter",
    "payload_digest",
    "read_payload",
    "recover",
]

MAX_BYTES = 1024**3
"""Where a file is closed and the next begun; a day's end (UTC) does it too. 1 GiB is the size that ISO 28500
annex C recommends."""


class WarcLost(OSError):
    """What was written lies no longer where it was written; the message is one sentence."""


class WarcWriter:
    """Writes captures into a folder. Thread-safe; any number of processes may share the folder.

    A record has reached the operating system before its place is returned, so that the death of the
    process loses nothing; `sync` also outlives a power cut. ``OSError`` (a full disk) passes through
    unchanged after the torn record was cut away: the file stays readable and the writer usable.

    ``facts`` are those of every record: whose captures these are. ``about`` are fields of the record that
    opens each file; None: that robots.txt is obeyed. ``rows_are_safe`` is asked, with the file's final name,
    before it gets that name: the rows of its records must be as safe as the file, because a file with its
    final name is not searched for records without a row. Where they are not, the file is let go as it is,
    for `recover`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        software: str,
        contact: str | None,
        max_bytes: int = MAX_BYTES,
        facts: Facts | None = None,
        about: Mapping[str, str] | None = None,
        rows_are_safe: Callable[[str], bool] = lambda file: True,
    ) -> None:
        self._folder = folder
        self._software = software
        self._contact = contact
        self._max_bytes = max_bytes
        self._rows_are_safe = rows_are_safe
        self._facts = facts or {}
        self._about = {"robots": ROBOTS} if about is None else about
        self._lock = threading.Lock()
        self._serial = count()
        self._open: OpenFile | None = None
        self._finished: dict[str, int] = {}
        """Files of this writer that have their final name -> bytes."""
        self._warcinfo_id = ""

    def __enter__(self) -> WarcWriter:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def write_exchange(
        self,
        *,
        url: str,
        fetched_at: datetime,
        request: bytes | None,
        http_status: int,
        reason: str,
        response_headers: Headers,
        body: bytes,
        digest: str | None = None,
        truncated: str | None = None,
        ip: str | None = None,
        facts: Facts | None = None,
    ) -> WarcPlace:
        """Store a response, the request that asked for it, and what is known of both, in one write.

        The place of the response is returned; the other records lie behind it.

        Args:
            url: the address asked for, with its real host.
            fetched_at: aware instant of the fetch.
            request: request line and headers as sent, bytes; None: it is not known.
            body: the payload, content-decoded. Content-Encoding, Transfer-Encoding and Content-Length
                as received are kept as ``X-Archive-Orig-...`` and Content-Length is the body's.
            digest: `payload_digest` of the body, where it is known.
            truncated: why the body is not whole, one of `TRUNCATED_REASONS`; None when it is whole.
            facts: what the answer was asked for and what was known before: those that a row needs are kept
                in the record, all of them in a ``metadata`` record beside it.

        Raises:
            ValueError: an argument that would make a record no reader accepts.
            OSError: the disk refused; nothing of this capture was kept.
        """
        answer = Answer(
            kind="response",
            url=url,
            fields=response_fields(fetched_at, digest or payload_digest(body), truncated=truncated, ip=ip),
            http=response_head(http_status, reason, decoded_headers(response_headers, len(body))),
            body=body,
            facts={**self._facts, **(facts or {})},
        )
        return self._write(answer, request)

    def write_revisit(
        self,
        *,
        url: str,
        fetched_at: datetime,
        request: bytes,
        http_status: int,
        reason: str,
        response_headers: Headers,
        refers_to_url: str | None = None,
        refers_to_digest: str | None = None,
        refers_to_date: datetime | None = None,
        ip: str | None = None,
        facts: Facts | None = None,
    ) -> WarcPlace:
        """Store a 304 answer: the server said that what we hold is unchanged. Raises as `write_exchange`.

        Args:
            refers_to_url: the address that the capture which is still valid was made of; None: this one.
            refers_to_digest: payload digest of the capture that is still valid, where it is known.
            refers_to_date: when that capture was fetched, where it is known.
        """
        answer = Answer(
            kind="revisit",
            url=url,
            fields=revisit_fields(fetched_at, refers_to_url or url, refers_to_digest, refers_to_date, ip=ip),
            http=response_head(http_status, reason, printable_headers(response_headers)),
            body=b"",
            facts={**self._facts, **(facts or {})},
        )
        return self._write(answer, request)

    def sync(self) -> None:
        """Force what was written onto the disk itself (fsync), against a power cut."""
        with self._lock:
            if self._open is not None:
                self._open.sync()

    def close(self) -> None:
        """Finish the open file: fsync, then its final name. Safe to call twice.

        Raises:
            WarcLost: something that this writer wrote lies no longer where it was written.
            OSError: the disk refused.
        """
        with self._lock:
            self._finish()
            self._check_finished()

    def check(self) -> None:
        """Raise WarcLost where something that this writer wrote lies no longer where it was written."""
        with self._lock:
            self._check_open()
            self._check_finished()

    def write_anew(self) -> Path | None:
        """Save a deleted open file's bytes under its final name; None where there is nothing to save."""
        with self._lock:
            return None if self._open is None else self._open.write_anew()

    def _check_open(self) -> None:
        if self._open is not None and (lost := self._open.lost()) is not None:
            raise WarcLost(lost)

    def _check_finished(self) -> None:
        for name, size in self._finished.items():
            path = self._folder / name
            try:
                there = path.stat().st_size
            except OSError as error:
                if isinstance(error, FileNotFoundError) and is_sent(self._folder, name):
                    continue  # by another run's end, to the object store
                raise WarcLost(
                    f"The WARC file {path}, which this run wrote, is not there any more"
                ) from error
            if there < size:
                raise WarcLost(
                    f"The WARC file {path}, which this run wrote, was cut to {there} of {size} bytes"
                )

    def _write(self, answer: Answer, request: bytes | None) -> WarcPlace:
        with self._lock:
            self._check_open()
            # Not right behind the record that fills it: that one has no row yet.
            if self._open is not None and self._is_full(self._open):
                self._finish()
            file = self._open or self._begin()
            record, beside = exchange_bytes(answer, request, self._warcinfo_id)
            place = WarcPlace(file=file.name, offset=file.size, length=len(record))
            self._append(file, record + beside)
            self._check_open()  # what befell the file while the record was made
            return place

    def _is_full(self, file: OpenFile) -> bool:
        """Whether the next record begins another file: this one is large, or of a day that is over."""
        return file.size >= self._max_bytes or file.day != utc_now().date()

    def _begin(self) -> OpenFile:
        file = OpenFile.begin(self._folder, self._serial)
        info, self._warcinfo_id = warcinfo_bytes(file.name, self._software, self._contact, self._about)
        self._append(file, info)
        self._open = file
        return file

    def _append(self, file: OpenFile, data: bytes) -> None:
        try:
            file.append(data)
        except OSError:
            if file.size == 0 or not file.whole:
                self._open = None
                file.abandon()
            raise

    def _finish(self) -> None:
        if self._open is not None:
            self._check_open()
            if self._rows_are_safe(self._open.name):
                self._open.finish()
                self._finished[self._open.name] = self._open.size
            else:
                self._open.sync()
                self._open.abandon()
            self._open = None
