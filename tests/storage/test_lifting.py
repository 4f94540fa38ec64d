"""A rest that an operator ends before its time: who waited for it is due, and nothing else changes."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from storage.frontier.lifting import Lifted, ShortRestError, lift
from storage.frontier.rests import Answered, Heard, HostRests
from storage.models import AddressRow
from storage.records import Outcome
from storage.records.discovery import Discovery
from storage.records.runs import Settled
from tests.storage.samples import NOON, Desk, minutes

HOST = "www.fnnews.com"
YEAR = 365 * 1440.0
"""Minutes."""


def ended(desk: Desk, url: str, outcome: Outcome, due: float) -> None:
    """An address came to that end, and is asked again after so many minutes."""
    source = "fnnews"
    desk.frontier.discover(desk.runs[source], source, "seed:a", [(Discovery(url=url), None)], NOON, ask=True)
    (address,) = desk.frontier.lease(desk.runs[source], source, desk.owner, NOON, 60, 1)
    end = Settled(
        address_id=address.id,
        run_id=desk.runs[source],
        outcome=outcome,
        reason="because",
        at=NOON,
        next_fetch_at=minutes(due),
        capture_id=None,
    )
    desk.frontier.settle(end)


def test_what_waited_for_it_is_due_and_nothing_else(engine: Engine) -> None:
    desk = Desk(engine)
    desk.frontier.let_rest(HOST, NOON, YEAR * 60, "Retry-After of 31536000 s, with 429")
    ended(desk, f"https://{HOST}/news/1", Outcome.BLOCKED, YEAR)
    ended(desk, f"https://{HOST}/news/2", Outcome.BLOCKED, YEAR * 2)  # for another reason
    ended(desk, f"https://{HOST}/news/3", Outcome.GONE, 1440.0)
    ended(desk, f"https://{HOST}.example/news/4", Outcome.BLOCKED, YEAR)
    done = lift(engine, HOST, "a slip, says their desk", minutes(5))
    assert isinstance(done, Lifted)
    assert (done.addresses, done.rest.until) == (1, minutes(YEAR))
    with engine.connect() as connection:
        due = connection.scalars(select(AddressRow.url).where(AddressRow.next_fetch_at <= minutes(5)))
        assert due.all() == [f"https://{HOST}/news/1"]
    assert desk.frontier.take_turn(HOST, desk.owner, minutes(5), 1.0, 30) == 0.0
    (why,) = desk.rows("SELECT rest_reason FROM host WHERE name = :host", host=HOST)
    assert "a slip, says their desk" in why[0]
    assert "Retry-After of 31536000 s" in why[0]


def test_a_host_that_does_not_rest_has_none_to_lift(engine: Engine) -> None:
    desk = Desk(engine)
    assert lift(engine, HOST, "why", NOON) is None
    desk.frontier.let_rest(HOST, NOON, 60, "a minute")
    assert lift(engine, HOST, "why", minutes(2)) is None


def test_the_next_refusal_begins_as_long_a_rest_as_if_none_had_been_lifted(engine: Engine) -> None:
    desk, refused = Desk(engine), Heard(answered=Answered.REFUSED, words="403")
    take, end = desk.frontier.take_turn, desk.frontier.end_turn
    for _ in range(3):
        assert take(HOST, desk.owner, NOON, 0.0, 30) == 0.0
        end(HOST, desk.owner, NOON, 0.0, refused)
    with pytest.raises(ShortRestError, match="within a day"):
        lift(engine, HOST, "it is only an hour", minutes(1))
    desk.frontier.let_rest(HOST, minutes(1), YEAR * 60, "Retry-After of 31536000 s, with 429")
    assert lift(engine, HOST, "their editor asked us to go on", minutes(1)) is not None
    assert take(HOST, desk.owner, minutes(1), 0.0, 30) == 0.0
    rest = end(HOST, desk.owner, minutes(1), 0.0, refused)
    assert rest is not None
    assert rest.length_s == 2 * 3600
    with pytest.raises(HostRests):
        take(HOST, desk.owner, minutes(2), 0.0, 30)
