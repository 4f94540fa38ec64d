"""Saved pages, and a manifest that says of each which address it was and when it was fetched."""

from __future__ import annotations

import csv
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from crawler.coding import GZIP
from crawler.imports.body import plain_body
from crawler.imports.candidate import (
    MAX_BODY,
    Candidate,
    FileProblem,
    Found,
    NotReadable,
    Unreadable,
    storable,
)
from crawler.imports.texts import encoding_of

COLUMNS = ("file", "url", "fetched_at")
"""What the manifest must have; ``content_type`` may be there too, other columns are passed over."""
MANIFEST = "manifest.csv"
_FIELD_MAX = 1024 * 1024
_EXCEL = re.compile(r'"?sep=.', re.IGNORECASE)
"""A line in front, by which Excel is told how columns are parted."""
_MAILED = re.compile(r"(?:[A-Za-z]{3}, *)?\d{1,2} [A-Za-z]{3} \d{4} ")
"""As servers and mail write a date (RFC 5322): ``Wed, 01 May 2024 00:00:00 GMT``."""
_MHTML = re.compile(rb"\A(?:[\w-]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n)+\r?\n")
_MULTIPART = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)


def read_saved(manifest: Path) -> Iterator[Found]:
    """The page of each line of a manifest; its files lie in the manifest's folder or below."""
    encoding = encoding_of(manifest)
    if encoding is None:
        yield FileProblem(reason="it is no text in UTF-8, UTF-16 or CP949")
        return
    csv.field_size_limit(_FIELD_MAX)
    with manifest.open(encoding=encoding, newline="") as stream:
        begin = stream.readline()
        if _EXCEL.match(begin):
            begin = stream.readline()
            stream.seek(0)
            stream.readline()
        else:
            stream.seek(0)
        rows = csv.DictReader(stream, delimiter=max(",;\t", key=begin.count))
        names = {name.strip().lower(): name for name in rows.fieldnames or () if name}
        if lacking := [one for one in COLUMNS if one not in names]:
            yield FileProblem(
                reason=f"its first line must name file, url and fetched_at; not there: {', '.join(lacking)}"
                " (addresses alone: a .txt, one a line)"
            )
            return
        try:
            for row in rows:
                yield _page(
                    manifest.parent, f"line {rows.line_num}", {n: row.get(k) for n, k in names.items()}
                )
        except csv.Error as error:
            yield FileProblem(reason=f"behind line {rows.line_num} it is no CSV: {error}")


def _page(folder: Path, position: str, row: Mapping[str, str | None]) -> Candidate | Unreadable:
    url, at = (row.get("url") or "").strip(), None
    try:
        at = _instant((row.get("fetched_at") or "").strip())
        body = _read(folder, (row.get("file") or "").strip())
    except NotReadable as error:
        return Unreadable(position=position, reason=str(error), url=url or None, fetched_at=at)
    if not url:
        return Unreadable(position=position, reason="its line names no address", fetched_at=at)
    content_type = (row.get("content_type") or "").strip()
    return Candidate(
        position=position,
        url=url,
        fetched_at=at,
        status=200,
        headers=(("Content-Type", content_type),) if content_type else (),
        body=body,
        made_by="saved page",
    )


def _read(folder: Path, name: str) -> bytes:
    if not name or "\x00" in name:
        raise NotReadable("its line names no file")
    home = folder.resolve()
    try:
        path = _found(home, name)
        if not path.is_relative_to(home):
            raise NotReadable(f"{name[:200]} lies outside of the manifest's folder")
        if not path.is_file():
            raise NotReadable(f"{name[:200]} is not there, or is no file")
        if path.stat().st_size > MAX_BODY:
            raise NotReadable(f"{name[:200]} is larger than {MAX_BODY // 1024**2} MiB")
        return _page_alone(path.read_bytes(), name)
    except (OSError, RuntimeError, UnicodeError) as error:  # RuntimeError: links in a circle
        raise NotReadable(f"{name[:200]} cannot be read: {error}") from error


def _found(home: Path, name: str) -> Path:
    """The file that a line means, however its name is spelled on this disk; else the name as it is.

    A Mac takes Hangul apart, Windows parts folders by a backslash, and unpacked elsewhere its Korean names
    are bytes in its own code page.
    """
    spelled = dict.fromkeys((name, name.replace("\\", "/")))
    for form in ("NFC", "NFD"):
        spelled |= dict.fromkeys(unicodedata.normalize(form, one) for one in tuple(spelled))
    windows = (one.encode("cp949", "replace") for one in tuple(spelled) if not one.isascii())
    paths = ((home / one).resolve() for one in (*spelled, *map(os.fsdecode, windows)))
    return next((path for path in paths if path.is_file()), (home / name).resolve())


def _page_alone(body: bytes, name: str) -> bytes:
    """The bytes of a page; a browser's one file of a page and its pictures is none."""
    head = _MHTML.match(body[:4096])
    if head is not None and _MULTIPART.search(head[0]):
        raise NotReadable(f"{name[:200]} is an MHTML file: save the page as HTML alone")
    return plain_body(body, [("Content-Encoding", "gzip")]) if body.startswith(GZIP) else body


def _instant(text: str) -> datetime:
    try:
        at = parsedate_to_datetime(text) if _MAILED.match(text) else datetime.fromisoformat(text)
    except ValueError as error:
        raise NotReadable(
            f"fetched_at is {text[:40]!r}: give ISO 8601 with a zone, 2024-05-01T09:00:00+09:00"
        ) from error
    if at.tzinfo is None:
        raise NotReadable(f"fetched_at is {text[:40]!r}, without a time zone: add +09:00, or Z for UTC")
    return storable(at)
