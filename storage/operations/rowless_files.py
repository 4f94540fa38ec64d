"""WARC files that know more than the rows: an older database was put back beside them, or lost its last rows.

A look at the end of each file, as cheap as ``newsarchive doctor`` needs it: what lacks a row in the middle of
a file is found by ``newsarchive verify --all``, which reads all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine, bindparam, func, select

from storage.database.opening import reading
from storage.database.upsert import BATCH
from storage.models import CaptureRow
from storage.models.base import table_of
from storage.warc.at_hand import closed_files, read_range
from storage.warc.file import bytes_of, find_file, is_ours
from storage.warc.members import ANSWERS, Bytes, member_at

TO_DO = "newsarchive verify --all --repair makes them; the next crawl of their source judges them"

TAILS = 500
"""Newest files whose ends are read; of all others it is only asked whether anything of them has a row. A seek
of a disk that turns takes 10 ms: five seconds. Our choice."""
MOST = 3
"""The newest files, which a sentence names."""
_HEAD = 64 * 1024
"""Bytes of a file in the object store: its first record and the first answer's, of which few are longer."""

_CAPTURE = table_of(CaptureRow).c
_LAST = (
    select(_CAPTURE.warc_file, func.max(_CAPTURE.warc_offset))
    .where(_CAPTURE.warc_file.in_(bindparam("files", expanding=True)))
    .group_by(_CAPTURE.warc_file)
)


def rowless_files(engine: Engine, folder: Path) -> list[str]:
    """Closed files, here or sent, in which an answer without a row lies behind the last one that has one.

    Raises:
        StoreRefused, OSError: the store, the disk; what was looked at by then is not told.
    """
    # Before the rows are asked: a file has its final name when its rows are written.
    names = [one.name for one in closed_files(folder) if is_ours(one.name)]
    last = _last_rows(engine, names)
    looked_at = {*names[-TAILS:], *(name for name in names if name not in last)}
    return [name for name in names if name in looked_at and _knows_more(folder, name, last.get(name))]


def older_than(names: Sequence[str]) -> str:
    """In a sentence, what these files say of the database."""
    return (
        f"{len(names):,} files hold answers that the database has no row of ({', '.join(names[-MOST:])}): "
        "an older one was put back, or it lost its last rows"
    )


def _last_rows(engine: Engine, names: list[str]) -> dict[str, int]:
    """File -> where the last of its records with a row begins; a file of which none has one is left out."""
    found: dict[str, int] = {}
    with reading(engine) as connection:
        # Not file by file: a server's answer to each of 12,000 took the doctor 20 s (2026-11-28).
        for start in range(0, len(names), BATCH):
            some = connection.execute(_LAST, {"files": names[start : start + BATCH]})
            found |= {row[0]: row[1] for row in some}
    return found


def _knows_more(folder: Path, name: str, last: int | None) -> bool:
    path = find_file(folder, name)
    if path is not None:
        with bytes_of(path) as data:
            return _answers_behind(data, last or 0)
    if last is not None:
        return False  # each end would cost a request
    return _answers_behind(read_range(folder, name, 0, _HEAD) or b"", 0)


def _answers_behind(data: Bytes, start: int) -> bool:
    """Whether an answer of the file's own writer lies behind the record that begins there.

    Up to the first byte that is no whole record: damage is another matter.
    """
    info, one = member_at(data, 0), member_at(data, start)
    while info is not None and one is not None:
        one = member_at(data, one.end)
        if one is not None and one.kind in ANSWERS and one.belongs_to == info.belongs_to:
            return True
    return False
