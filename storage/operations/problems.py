"""What ``verify`` finds, and the row that says when it last looked."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from storage.database.opening import writing
from storage.models import VerificationRow

MOST_KEPT = 1000
"""Findings that are kept with their words; all are counted, and all are printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding: where, what, and what to do about it."""

    check: str
    what: str
    to_do: str
    mended: bool = False


@dataclass(slots=True)
class Findings:
    """What a look has found so far: numbers, and the words of the first :data:`MOST_KEPT`."""

    number: int = 0
    mended: int = 0
    kept: list[Problem] = field(default_factory=list)

    def add(self, one: Problem) -> None:
        """One finding more."""
        self.number += 1
        self.mended += one.mended
        if len(self.kept) < MOST_KEPT:
            self.kept.append(one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """One look at the archive."""

    scope: str
    started_at: datetime
    finished_at: datetime
    captures: int
    found: int
    mended: int


def keep(
    engine: Engine, scope: str, started_at: datetime, at: datetime, captures: int, found: Findings
) -> None:
    """Write down that the archive was verified."""
    with writing(engine) as session:
        session.add(
            VerificationRow(
                scope=scope,
                started_at=started_at,
                finished_at=at,
                captures=captures,
                found=found.number,
                mended=found.mended,
                findings=json.dumps([asdict(one) for one in found.kept], ensure_ascii=False),
            )
        )


def last_verification(engine: Engine) -> Verification | None:
    """The newest look; None: there was none."""
    with Session(engine) as session:
        row = session.scalars(select(VerificationRow).order_by(VerificationRow.id.desc()).limit(1)).first()
        if row is None:
            return None
        return Verification(
            scope=row.scope,
            started_at=row.started_at,
            finished_at=row.finished_at,
            captures=row.captures,
            found=row.found,
            mended=row.mended,
        )
