"""The manifest of a folder of exports: what each file holds, and what was asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.commands.files import Written, digest, whole_file
from crawler.configuration.environment import WrongSetting
from storage.clock import utc_now
from storage.copies import filling

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file that an export has made."""

    file: Written
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Why -> bodies that were left out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An export that was asked for."""

    wanted: Mapping[str, object]
    begun_at: datetime
    whole: bool
    """With those before it of the same wish in the folder: everything until then."""


def write_manifest(made: Sequence[Made], folder: Path, asked: Asked) -> list[str]:
    """What each file of the folder holds; entries of other files are kept.

    Returns:
        The files that another export has put its own in the place of: the entry is that one's to write.
    """
    with filling(folder, wait=True):  # each reads the manifest and writes it anew
        known = known_files(folder / MANIFEST)
        replaced = [one.file.name for one in made if not _is_there(folder, one.file)]
        known |= {one.file.name: _entry(one, asked) for one in made if one.file.name not in replaced}
        text = json.dumps({"files": dict(sorted(known.items()))}, ensure_ascii=False, indent=2)
        with whole_file(folder / MANIFEST) as unfinished:
            unfinished.write_text(text + "\n", "utf-8")
    return replaced


def _entry(one: Made, asked: Asked) -> dict[str, Any]:
    return {
        "name": one.file.name,
        "rows": one.file.rows,
        "bytes": one.file.bytes,
        "sha256": one.file.sha256,
        "begun_at": asked.begun_at.isoformat(timespec="seconds"),
        "made_at": utc_now().isoformat(timespec="seconds"),
        "wanted": dict(asked.wanted),
        "whole": asked.whole,
        "left_out": dict(one.left_out),
    }


def _is_there(folder: Path, file: Written) -> bool:
    """Whether a file is the one that was written; it is read again only where something speaks against it."""
    place = folder / file.name
    try:
        found = place.stat()
        return (found.st_mtime_ns, found.st_size) == (file.mtime_ns, file.bytes) or digest(
            place
        ) == file.sha256
    except FileNotFoundError:
        return False


OVERLAP = timedelta(minutes=1)
"""What was being written when the last export asked was out of its sight: a page's rows are committed within
seconds."""


def last_asked(path: Path, wanted: Mapping[str, object], now: datetime) -> datetime | None:
    """From when on to ask after the newest whole export of the same wish; None: there was none.

    One that says it began later than now was made under a clock that was wrong: nothing is known by it.
    """
    told = [
        datetime.fromisoformat(file["begun_at"])
        for file in known_files(path).values()
        if file.get("whole")
        and {**file["wanted"], "changed_since": None} == {**wanted, "changed_since": None}
    ]
    begun = [at for at in told if at <= now]
    return max(begun) - OVERLAP if begun else None


def known_files(path: Path) -> dict[str, Any]:
    """What a manifest says of each file; none where there is none. Raises WrongSetting: it is not ours."""
    try:
        known = json.loads(path.read_text("utf-8"))["files"]
        for entry in known.values():
            _check(entry)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise WrongSetting(f"{path} is no manifest of an export: move it away ({error})") from error
    return dict(known)


def _check(entry: Any) -> None:
    """Raise what `known_files` catches: `last_asked` wants the moment and the wish of a whole export."""
    if entry.get("whole"):
        dict(entry["wanted"])
        if datetime.fromisoformat(entry["begun_at"]).tzinfo is None:
            raise ValueError(f"begun_at without a zone: {entry['begun_at']}")
