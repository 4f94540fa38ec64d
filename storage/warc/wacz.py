"""One WACZ of an archive's WARC files: what replay tools open as it is (Webrecorder's WACZ 1.1.1)."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from uuid import uuid4

from storage.warc.at_hand import WarcFile
from storage.warc.cdxj import Tell, log, sorted_lines

_COPIED = 1024 * 1024
_FILES, _PAGES, _PACKAGE = "archive/", "pages/pages.jsonl", "datapackage.json"
VERSION = "1.1.1"


@dataclass(slots=True)
class _Resource:
    """A file in the WACZ while it is written: counted and hashed."""

    name: str
    size: int = 0
    _hash: Any = field(default_factory=hashlib.sha256)

    def count(self, piece: bytes) -> bytes:
        self.size += len(piece)
        self._hash.update(piece)
        return piece

    def told(self) -> dict[str, object]:
        return {
            "name": self.name.rpartition("/")[2],
            "path": self.name,
            "hash": f"sha256:{self._hash.hexdigest()}",
            "bytes": self.size,
        }


def pack(
    files: Sequence[WarcFile], target: Path, software: str, now: datetime, tell: Tell = log.warning
) -> int:
    """Write the WACZ, whole or not at all; gives how many pages it names. ``tell``: as of `lines_of`.

    One that is there already with the same files and index stays: a pack that was killed behind its last step
    is given again.

    Raises:
        FileExistsError: something else is there.
        OSError: a file cannot be read, the target cannot be written.
        NotThere: a file lies nowhere any more.
    """
    beside = target.with_name(f".{target.name}.new")
    try:
        # Nothing is deflated: ReplayWeb.page 2.4.6 takes a deflated list of pages for a broken one, and opens
        # no WACZ with it (2026-11-28); the WARC files, nearly all of it, are packed themselves.
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as archive:
            resources = [_warc(archive, file) for file in files]
            index, pages, count = _index(archive, files, tell)
            _describe(archive, [*resources, index, pages], software, now)
        _named(beside, target)
    finally:
        beside.unlink(missing_ok=True)
    return count


def packed_files(wacz: Path) -> set[str]:
    """The names of the WARC files in a WACZ, as it says; none of a file that is no WACZ."""
    return {path.removeprefix(_FILES) for path, _ in _lasting(wacz) if path.startswith(_FILES)}


def _named(made: Path, target: Path) -> None:
    if not target.exists():
        made.replace(target)
    elif _lasting(target) != _lasting(made) or not _is_whole(target):
        raise FileExistsError(errno.EEXIST, "is there already, with something else in it", str(target))


def _lasting(wacz: Path) -> set[tuple[str, str]]:
    """Path and digest of what is in a WACZ, but for the list of pages: its ids are others each time."""
    try:
        with zipfile.ZipFile(wacz) as archive:
            said = json.loads(archive.read(_PACKAGE))["resources"]
        return {(str(one["path"]), str(one["hash"])) for one in said if one["path"] != _PAGES}
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError):  # no WACZ
        return set()


def _is_whole(wacz: Path) -> bool:
    with zipfile.ZipFile(wacz) as archive:
        return archive.testzip() is None


def _warc(archive: zipfile.ZipFile, file: WarcFile) -> _Resource:
    """A WARC file, stored as it is: replay tools read records out of its middle."""
    resource = _Resource(f"{_FILES}{file.name}")
    with file.at_hand() as path:
        # A ZipInfo that says nothing of compression is of a file that is stored.
        info = zipfile.ZipInfo.from_file(path, resource.name, strict_timestamps=False)
        with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as member:
            while piece := source.read(_COPIED):
                member.write(resource.count(piece))
    return resource


def _index(
    archive: zipfile.ZipFile, files: Sequence[WarcFile], tell: Tell
) -> tuple[_Resource, _Resource, int]:
    """The CDXJ, and the list of pages, which waits in a file of its own: a zip takes one member at a time."""
    index, pages, count = _Resource("indexes/index.cdx"), _Resource(_PAGES), 0
    with TemporaryFile() as aside:
        head = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
        aside.write(pages.count(_json_line(head)))
        with archive.open(index.name, "w", force_zip64=True) as member:
            for line in sorted_lines(files, tell=tell):
                member.write(index.count(f"{line}\n".encode()))
                if line.is_page:
                    count += 1
                    page = {"id": str(uuid4()), "url": line.fields["url"], "ts": line.at}
                    aside.write(pages.count(_json_line(page)))
        aside.seek(0)
        with archive.open(pages.name, "w", force_zip64=True) as member:
            shutil.copyfileobj(aside, member, _COPIED)
    return index, pages, count


def _json_line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def _describe(archive: zipfile.ZipFile, resources: Sequence[_Resource], software: str, now: datetime) -> None:
    package = json.dumps(
        {
            "profile": "data-package",
            "wacz_version": VERSION,
            "created": now.isoformat(),
            "software": software,
            "resources": [one.told() for one in resources],
        },
        indent=2,
    ).encode()
    archive.writestr(_PACKAGE, package)
    digest = {"path": _PACKAGE, "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
    archive.writestr("datapackage-digest.json", json.dumps(digest))
