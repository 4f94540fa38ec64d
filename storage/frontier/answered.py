"""An answer has come: its capture's row and the end of its turn at the host, in one transaction."""

from __future__ import annotations

from sqlalchemy import Engine

from storage.database.opening import writing_rows
from storage.frontier.captures import capture_row, capture_values
from storage.frontier.rests import Rest
from storage.frontier.turns import TurnEnd, ended
from storage.records import Capture


def record_answer(
    engine: Engine, capture: Capture, run_id: int, address_id: int | None, read_attempts: int, turn: TurnEnd
) -> tuple[int, Rest | None]:
    """Store the row of an answer's WARC record and give its host back.

    Gives the row's number, and the rest that the host has now. Each was a visit and a commit of its own, of
    0.35 ms each (2026-11-26). A process that dies before it leaves the record without a row, which is made of
    it later, and a turn whose owner is dead, which the next that asks takes over.

    Raises ValueError when another capture is already stored at that place: the turn has not ended then.
    """
    values = capture_values(capture, run_id, address_id, read_attempts)
    with writing_rows(engine) as connection:
        return capture_row(connection, capture, values), ended(connection, turn)
