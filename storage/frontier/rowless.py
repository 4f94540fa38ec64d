"""Records without a row: written by a process that died (or lost its last transactions in a power cut)
before their rows were kept. Each gets its row again; what it captured is then judged like any capture."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from storage.frontier.captures import record_capture
from storage.models import AddressRow, CaptureRow, RunRow
from storage.warc.answers import NoAnswer, ReadAnswer, read_answer
from storage.warc.members import ANSWERS, Member
from storage.warc.recovery import DeadFile

log = logging.getLogger("newsarchive")


def adopt(engine: Engine, dead: DeadFile) -> int:
    """As `restore_rows`, for the newest run; an archive without a run has none to give them to."""
    with Session(engine) as session:
        run = session.scalar(select(func.max(RunRow.id)))
    return 0 if run is None else restore_rows(engine, dead, run)


def restore_rows(engine: Engine, dead: DeadFile, run_id: int) -> int:
    """Make the rows that the records of a dead process lack; gives how many.

    Only records of the file's own writer count: what merely lies in it is no capture of ours. Doing it
    twice is doing it once.

    Args:
        run_id: whose the captures are where the run that made them has left no row itself.
    """
    made = 0
    for member in rowless(engine, dead):
        try:
            answer = read_answer(_bytes(dead, member), dead.file, member.start)
        except NoAnswer as error:
            log.warning("no row for the record at %s:%d: %s", dead.file, member.start, error)
            continue
        run, address = _belongs_to(engine, answer, run_id)
        record_capture(engine, answer.capture, run, address)
        made += 1
    return made


def rowless(engine: Engine, dead: DeadFile) -> Iterator[Member]:
    """The answers in a file of the archive that have no row."""
    with Session(engine) as session:
        known = set(session.scalars(select(CaptureRow.warc_offset).where(CaptureRow.warc_file == dead.file)))
    own = dead.scan.warcinfo_id
    for member in dead.scan.members:
        of_writer = own is not None and member.belongs_to == own
        if of_writer and member.kind in ANSWERS and member.start not in known:
            yield member


def _bytes(dead: DeadFile, member: Member) -> bytes:
    with dead.path.open("rb") as stream:
        stream.seek(member.start)
        return stream.read(member.end - member.start)


def _belongs_to(engine: Engine, answer: ReadAnswer, run_id: int) -> tuple[int, int | None]:
    """The capture's run and address."""
    with Session(engine) as session:
        found = select(AddressRow.id).where(AddressRow.url == answer.address)
        address = session.scalar(found) if answer.address else None
        run = session.get(RunRow, answer.run_id) if answer.run_id is not None else None
    # Numbers are given again: a run that began after the fetch is not the one that made it.
    is_its = run is not None and run.source == answer.source and run.started_at <= answer.capture.fetched_at
    return (run.id if run is not None and is_its else run_id), address
