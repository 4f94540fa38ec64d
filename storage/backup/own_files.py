"""Files of an archive, or of a backup of one, in whose place no other file may be put."""

from __future__ import annotations

from pathlib import Path

from storage import copies, tombstones
from storage.backup.manifest import DATABASE, MANIFEST, WARC
from storage.frontier import refused
from storage.sqlite_file import BESIDE

_NAMES = frozenset({MANIFEST, copies.FILE, tombstones.FILE, tombstones.KEY})
_FOLDERS = frozenset({WARC, refused.FOLDER})
_BEGINNING = b"SQLite format 3\0"
"""Of every file with rows (sqlite.org/fileformat2.html, 1.3)."""


def own(path: Path) -> str | None:
    """What would be lost with the file at a place, which need not be there; None: nothing of an archive's.

    Raises OSError: it cannot be looked at.
    """
    folder = path.parent
    if _is_database(path) or any(
        _is_database(folder / path.name.removesuffix(end)) for end in _ends_of(path)
    ):
        return "a database"
    if path.name in _NAMES and _is_archive(folder):
        return f"a file of the archive in {folder}"
    if folder.name in _FOLDERS and _is_archive(folder.parent):
        return f"a file of the archive in {folder.parent}"
    return None


def _ends_of(path: Path) -> tuple[str, ...]:
    return tuple(end for end in BESIDE if path.name.endswith(end))


def _is_database(path: Path) -> bool:
    if path.name == DATABASE:
        return True  # also where none is yet: what lay there would be taken for a damaged archive
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_BEGINNING)) == _BEGINNING


def _is_archive(folder: Path) -> bool:
    return (folder / DATABASE).exists() or (folder / WARC).is_dir()
