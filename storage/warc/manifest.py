"""The hashes of closed WARC files, in the form of ``sha256sum``: a closed file never changes again."""

from __future__ import annotations

import hashlib
import os
import re
from functools import lru_cache
from pathlib import Path

MANIFEST = "SHA256SUMS"
_COPIED = 1024 * 1024
_LINE = re.compile("([0-9a-f]{64}) [ *](.+)")


def read_manifest(folder: Path) -> tuple[dict[str, str], int]:
    """File -> sha256 in hex, and how many lines are none; nothing where nothing was verified yet."""
    path = folder / MANIFEST
    try:
        there = path.stat()
        sums, spoilt = _read(path, (there.st_ino, there.st_size, there.st_mtime_ns))
    except FileNotFoundError:
        return {}, 0
    return dict(sums), spoilt


@lru_cache(maxsize=4)
def _read(path: Path, _as_it_is: tuple[int, int, int]) -> tuple[dict[str, str], int]:
    """Read once for each state of the file: whoever sends a file looks for its hash."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    found = [_LINE.fullmatch(line) for line in lines]
    return {one[2]: one[1] for one in found if one is not None}, found.count(None)


def write_manifest(folder: Path, sums: dict[str, str]) -> None:
    """Replace the manifest, whole or not at all."""
    beside = folder / f".{MANIFEST}.new"
    with beside.open("w", encoding="utf-8") as file:
        file.writelines(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / MANIFEST)
    _read.cache_clear()  # a disk's clock may not tell two writes apart


def sha256_of(path: Path) -> str:
    """Of the whole file; read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_COPIED):
            digest.update(piece)
    return digest.hexdigest()
