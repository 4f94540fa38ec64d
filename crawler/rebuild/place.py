"""Where a rebuild takes its files from: the archive's own folder, or another one, whose files are copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from crawler.configuration.environment import WrongSetting
from storage.tombstones import FILE, KEY
from storage.warc.file import OPEN, is_ours
from storage.warc.sent import store_of

NOT_OURS = "is no file of this archive: newsarchive import takes it"


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
    files = sorted([*origin.glob("*.warc.gz"), *origin.glob("*.warc.gz.open")])
    if not files and store_of(folder) is None:
        raise WrongSetting(f"there is no WARC file (*.warc.gz) in {origin}")
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
