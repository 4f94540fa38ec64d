"""The hashes of closed WARC files, in the form of ``sha256sum``: a closed file never changes again."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

MANIFEST = "SHA256SUMS"
_COPIED = 1024 * 1024


def read_manifest(folder: Path) -> dict[str, str]:
    """File -> sha256 in hex; empty where nothing was verified yet. Lines that are none are left out."""
    try:
        lines = (folder / MANIFEST).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    pairs = [line.split("  ", 1) for line in lines]
    return {pair[1]: pair[0] for pair in pairs if len(pair) == 2 and len(pair[0]) == 64}


def write_manifest(folder: Path, sums: dict[str, str]) -> None:
    """Replace the manifest, whole or not at all."""
    beside = folder / f".{MANIFEST}.new"
    with beside.open("w", encoding="utf-8") as file:
        file.writelines(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / MANIFEST)


def sha256_of(path: Path) -> str:
    """Of the whole file; read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_COPIED):
            digest.update(piece)
    return digest.hexdigest()
