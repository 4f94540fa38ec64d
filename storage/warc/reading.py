"""Reading a capture back from its place in a WARC file."""

from __future__ import annotations

import zlib
from pathlib import Path

from storage.records import WarcPlace
from storage.warc.at_hand import read_range
from storage.warc.file import is_name, places_of
from storage.warc.library import ArchiveLoadFailed
from storage.warc.objects import ObjectStore
from storage.warc.parsed import parse
from storage.warc.sent import store_of


class CaptureMissing(Exception):
    """The WARC file of a capture is not in the folder."""


class CaptureDamaged(Exception):
    """The WARC record of a capture cannot be read back as it was written."""


def read_payload(folder: Path, place: WarcPlace) -> tuple[int, list[tuple[str, str]], bytes]:
    """The stored answer at a place: (HTTP status, headers as stored, body). A 304 has an empty body.

    Raises:
        CaptureMissing: no such file, or a name that is none of the archive's.
        CaptureDamaged: the bytes there are not the record that was written.
        StoreRefused: the object store does not answer; nothing is known of the record.
    """
    return _payload(read_record(folder, place), place)


def payload_in_store(store: ObjectStore, place: WarcPlace) -> tuple[int, list[tuple[str, str]], bytes]:
    """As `read_payload`, of a capture that lies in an object store, without a folder."""
    record = store.read(place.file, place.offset, place.length) if is_name(place.file) else None
    if record is None:
        raise CaptureMissing(f"The WARC file {place.file} is not in {store.url}.")
    return _payload(record, place)


def _payload(data: bytes, place: WarcPlace) -> tuple[int, list[tuple[str, str]], bytes]:
    record = _whole_member(data, place)
    try:
        answer = parse(record, check_digests=True)
        if answer is None or answer.http_headers is None:
            raise CaptureDamaged(f"{_where(place)} holds no HTTP answer.")
        body: bytes = answer.content_stream().read()
        status = int(answer.http_headers.get_statuscode())
    except (ArchiveLoadFailed, ValueError, EOFError) as problem:
        raise CaptureDamaged(f"{_where(place)} is not a readable WARC record.") from problem
    if answer.digest_checker.passed is False:
        raise CaptureDamaged(f"{_where(place)} does not match its own digest.")
    return status, [(str(name), str(value)) for name, value in answer.http_headers.headers], body


def read_record(folder: Path, place: WarcPlace) -> bytes:
    """The bytes at a place, as they lie there: here, or by a range in the object store.

    Raises:
        CaptureMissing: as `read_payload`.
        StoreRefused: the store does not answer; nothing is known of the record.
    """
    if not is_name(place.file):
        raise CaptureMissing(f"{place.file!r} is not the name of a WARC file of this archive.")
    for candidate in places_of(folder, place.file):
        try:
            with candidate.open("rb") as stream:
                stream.seek(place.offset)
                return stream.read(place.length)
        except FileNotFoundError:
            continue
    found = read_range(folder, place.file, place.offset, place.length)
    if found is None:
        url = store_of(folder)
        beside = "" if url is None else f", and not in {url}"
        raise CaptureMissing(f"The WARC file {place.file} is not in {folder}{beside}.")
    return found


def _whole_member(data: bytes, place: WarcPlace) -> bytes:
    member = zlib.decompressobj(wbits=31)
    try:
        record = member.decompress(data)
    except zlib.error as problem:
        raise CaptureDamaged(f"{_where(place)} is not a gzip record.") from problem
    if not member.eof or member.unused_data or len(data) != place.length:
        raise CaptureDamaged(f"{_where(place)} is not exactly one whole record.")
    return record


def _where(place: WarcPlace) -> str:
    return f"The record at {place.file}:{place.offset}+{place.length}"
