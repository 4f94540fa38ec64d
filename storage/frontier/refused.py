"""Runs that ended with the database's refusal: noted in the archive's folder, and set right in their row.

A server that dies while it commits may have kept what it never confirmed, a verdict too. So a run whose
database refuses leaves a note beside the archive, and whoever opens the next run sets the row right.
"""

from __future__ import annotations

import errno
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from storage.database.opening import writing_rows
from storage.frontier.runs import mark_interrupted
from storage.warc.file import rename_durably

FOLDER = "refused"
"""Beside ``warc/``; made by the first note, gone when it is empty."""

log = logging.getLogger("newsarchive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """That a run ended by a refusal."""

    run: int
    owner: str
    at: str
    """When it ended, ISO 8601."""
    why: str


def keep_note(folder: Path, note: Note) -> None:
    """Leave a note of a run; again is the same as once.

    Args:
        folder: the archive's.

    Raises:
        OSError: the disk refused.
    """
    path = _path(folder, note.run)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    try:
        with beside.open("w", encoding="utf-8") as file:
            json.dump(asdict(note), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        rename_durably(beside, path)
    except OSError:  # a full disk: nothing of it stays, and a note of before does
        beside.unlink(missing_ok=True)
        _drop_empty(path.parent)
        raise


def drop_note(folder: Path, run: int) -> None:
    """The run's row says it by now. Raises OSError."""
    _path(folder, run).unlink(missing_ok=True)
    _drop_empty(folder / FOLDER)


def _drop_empty(place: Path) -> None:
    try:
        place.rmdir()
    except FileNotFoundError:
        return  # never made, or another run was quicker
    except OSError as error:
        if error.errno != errno.ENOTEMPTY:
            raise


def set_right(engine: Engine, folder: Path) -> None:
    """Close the runs of which there are notes as interrupted, whatever their rows say, and drop the notes.

    Raises:
        OSError: a note cannot be read or dropped.
    """
    for note in list(notes(folder)):
        with writing_rows(engine) as connection:
            changed = mark_interrupted(
                connection, note.run, note.owner, datetime.fromisoformat(note.at), note.why
            )
        if changed:
            log.warning("run %d ended by a refusal, and its row says so now: %s", note.run, note.why)
        drop_note(folder, note.run)


def notes(folder: Path) -> Iterator[Note]:
    """Of runs whose rows do not say it yet. Raises OSError: a note cannot be read."""
    for path in sorted((folder / FOLDER).glob("run-*.json")):
        try:
            note = Note(**json.loads(path.read_text(encoding="utf-8")))
            datetime.fromisoformat(note.at)
        except FileNotFoundError:
            continue  # another run that opens now was quicker
        except (ValueError, TypeError) as error:
            log.error("%s is no note of a run, and is left where it is: %s", path, error)
            continue
        yield note


def _path(folder: Path, run: int) -> Path:
    return folder / FOLDER / f"run-{run}.json"
