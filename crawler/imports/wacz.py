"""WACZ files: a zip with WARC files in ``archive/`` (Webrecorder's WACZ 1.1.1), or with such zips in it."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from crawler.imports.candidate import Address, Candidate, FileProblem, Found, Unreadable
from crawler.imports.warc import read_stream

_WARC = (".warc.gz", ".warc", ".arc.gz", ".arc")


def read_wacz(path: Path) -> Iterator[Found]:
    """Everything in the WARC files of a WACZ."""
    yield from _zip(path, deeper=True)


def _zip(file: Path | IO[bytes], *, deeper: bool) -> Iterator[Found]:
    """Args:
    deeper: WACZ files in it are read too, as the crawls of several machines are given away.
    """
    wanted = (*_WARC, ".wacz") if deeper else _WARC
    try:
        with zipfile.ZipFile(file) as archive:
            names = [one for one in archive.namelist() if one.lower().endswith(wanted)]
            if not names:
                yield FileProblem(reason="it is a zip without a WARC file")
            for name in names:
                yield from _member(archive, name)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        yield FileProblem(reason=f"it is no whole zip: {error}")


def _member(archive: zipfile.ZipFile, name: str) -> Iterator[Found]:
    try:
        with archive.open(name) as stream:
            inner = _zip(stream, deeper=False) if name.lower().endswith(".wacz") else read_stream(stream)
            for one in inner:
                yield _placed(one, name)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        yield FileProblem(reason=f"{name} in it cannot be read: {error}")


def _placed(one: Found, name: str) -> Found:
    if isinstance(one, Candidate | Unreadable | Address):
        return replace(one, position=f"{name}:{one.position}")
    return FileProblem(reason=f"{name} in it: {one.reason}") if isinstance(one, FileProblem) else one
