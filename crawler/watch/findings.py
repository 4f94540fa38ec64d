"""What the doctor finds, and where it looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class Level(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check's result."""

    check: str
    level: Level
    said: str
    to_do: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the doctor looks at."""

    config: Path
    """The schedule file."""
    folder: Path
    """The archive's folder."""
    warc_folder: Path
    warc: str | None
    """The object store that closed captures go to."""
    database_url: str
    contact: str | None
    played: frozenset[str]
    """Sources that another server plays (--origin): no contact is needed for them."""
    known_sources: tuple[str, ...]
    unverified: str | None
    """Hosts whose certificates are not verified, ``*`` for all."""
    untrusting: str | None
    """Why no certificate can be verified here; None: it can."""
    now: datetime
