"""Where a rebuild takes its files from: the archive's own folder, or another one, whose files are copied."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from crawler.configuration.environment import WrongSetting
from storage.tombstones import FILE, KEY
from storage.warc.at_hand import all_files, sent_names
from storage.warc.file import OPEN, is_ours
from storage.warc.manifest import MANIFEST, read_manifest
from storage.warc.sent import SENT, store_of

NOT_OURS = "is no file of this archive: newsarchive import takes it"
_FILES = ("*.warc.gz", "*.warc.gz.open")
_READ_OR_ASIDE = re.compile(r".*\.warc\.gz(\.open|\.damaged-[0-9-]+)?|\..*")
"""What is read, or told of elsewhere; damaged bytes that were put aside; and the beginnings of copies."""
_CAPTURES = re.compile(r"\.w?arc\b", re.IGNORECASE)
"""In names that people, tools and disks give to captures: X.WARC.GZ, x.warc, x.warc.gz.part, x.warc.zst."""


def bring(origin: Path, folder: Path, archive: Path, problem: Callable[[str], None]) -> Iterator[str]:
    """Bring the WARC files of a folder into the archive's, and the tombstones that lie beside it.

    They are copied, never linked: a takedown overwrites records in place. Gives what was brought.

    Args:
        problem: told of each file that is left: not the archive's, or not to be read.

    Raises:
        WrongSetting: there are no WARC files, or a file of that name says something else here.
        OSError: the disk refused.
    """
    if not origin.is_dir():
        raise WrongSetting(f"--from takes the folder with the WARC files; {origin} is none")
    for said in _passed_over(origin):
        problem(said)
    files = sorted(path for form in _FILES for path in origin.glob(form))
    if not files and store_of(folder) is None:
        sent = store_of(origin)
        where = f"; they were sent to {sent}: set NEWSARCHIVE_WARC to it" if sent else ""
        raise WrongSetting(f"there is no WARC file (*.warc.gz) in {origin}{where}")
    if folder.is_dir() and origin.resolve() == folder.resolve():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for stone in (KEY, FILE):  # without the key, tombstones would stop every command
        if (origin.parent / stone).is_file():
            _beside(origin.parent / stone, archive / stone)
    brought = 0
    for path in files:
        if why := _left(path):
            problem(f"{path.name} {why}")
        else:
            brought += _bring(path, folder / path.name)
    yield f"{brought} WARC files brought from {origin} into {folder}"


def _passed_over(origin: Path) -> Iterator[str]:
    """What may hold captures and is not read: by its name, or in a folder of its own."""
    for path in sorted(origin.iterdir()):
        if path.is_dir() and any(_CAPTURES.search(one.name) for one in path.rglob("*")):
            yield f"{path} is a folder with WARC files, which are not read: put them into {origin}"
        elif _CAPTURES.search(path.name) and not _READ_OR_ASIDE.fullmatch(path.name):
            yield f"{path.name} is not read: give it its name again (...warc.gz), or import it"


def missing(origin: Path, folder: Path) -> Iterator[str]:
    """The files that the lists beside them name and that are nowhere. Raises StoreRefused, OSError."""
    there = {one.name for one in all_files(folder)}
    for lists, names in ((MANIFEST, read_manifest(origin)[0]), (SENT, sent_names(origin))):
        for name in sorted(set(names) - there):
            yield f"{name} is named in {origin / lists}, and is nowhere"


def _left(path: Path) -> str | None:
    """Why a file is not brought; None: it is."""
    if not is_ours(path.name.removesuffix(OPEN)):
        return NOT_OURS
    try:
        with path.open("rb"):
            return None
    except OSError as error:
        return f"cannot be opened: {error.strerror}"


def _beside(stone: Path, ours: Path) -> None:
    if not ours.exists():
        _copy(stone, ours)
    elif ours.read_bytes() != stone.read_bytes():
        raise WrongSetting(f"{ours} and {stone} differ: the archive has tombstones of its own")


def _bring(path: Path, target: Path) -> bool:
    if target.name.endswith(OPEN) and target.with_name(target.name.removesuffix(OPEN)).exists():
        return False  # it was brought before, and closed since
    if target.exists():
        if target.stat().st_size != path.stat().st_size:
            raise WrongSetting(f"{target} is there already, and is another file than {path}")
        return False
    _copy(path, target)
    return True


def _copy(path: Path, target: Path) -> None:
    """Whole or not at all: an interrupted rebuild must not take a half copy for a file of another's."""
    beside = target.with_name(f".{target.name}.coming")
    shutil.copy2(path, beside)
    beside.rename(target)
