"""WACZ files: a zip with WARC files in ``archive/`` (Webrecorder's WACZ 1.1.1)."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from crawler.imports.candidate import Address, Candidate, FileProblem, Found, Unreadable
from crawler.imports.warc import read_stream

_WARC = (".warc.gz", ".warc", ".arc.gz", ".arc")


def read_wacz(path: Path) -> Iterator[Found]:
    """Everything in the WARC files of a WACZ."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [one for one in archive.namelist() if one.lower().endswith(_WARC)]
            if not names:
                yield FileProblem(reason="it is a zip without a WARC file")
            for name in names:
                yield from _member(archive, name)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        yield FileProblem(reason=f"it is no whole zip: {error}")


def _member(archive: zipfile.ZipFile, name: str) -> Iterator[Found]:
    try:
        with archive.open(name) as stream:
            for one in read_stream(stream):
                yield _placed(one, name)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        yield FileProblem(reason=f"{name} in it cannot be read: {error}")


def _placed(one: Found, name: str) -> Found:
    if isinstance(one, Candidate | Unreadable | Address):
        return replace(one, position=f"{name}:{one.position}")
    return FileProblem(reason=f"{name} in it: {one.reason}") if isinstance(one, FileProblem) else one
