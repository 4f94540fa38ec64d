"""How many statements one request, one page costs: what is asked with every page is asked once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from storage.archive.past import past_captures
from storage.frontier.captures import load_capture, record_capture
from storage.frontier.rests import Answered, Heard
from tests.storage.samples import FNNEWS, NOON, Desk, fnnews_article, minutes

FREE = ("BEGIN", "SELECT pg_advisory_xact_lock")
FIRST_SIGHT = 26
"""Statements of a first sight with one person, one picture: 46 in the beginning, 23 now, and some room."""


@contextmanager
def asked(engine: Engine) -> Iterator[list[str]]:
    """The statements that are run meanwhile, but for what begins a transaction."""
    told: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(FREE):
            told.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", hear)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def test_a_turn_is_taken_and_given_back_by_one_statement_each(desk: Desk) -> None:
    take, end = desk.frontier.take_turn, desk.frontier.end_turn
    assert take("a.com", desk.owner, NOON, 0.0, 30) == 0.0
    end("a.com", desk.owner, NOON, 0.0)
    with asked(desk.engine) as told:
        assert take("a.com", desk.owner, minutes(1), 0.0, 30) == 0.0
        assert end("a.com", desk.owner, minutes(1), 0.0, Heard(answered=Answered.WELL)) is None
    assert len(told) == 2


def test_a_refusal_is_still_heard_and_still_forgotten(desk: Desk) -> None:
    take, end = desk.frontier.take_turn, desk.frontier.end_turn
    refused = Heard(answered=Answered.REFUSED, words="403")
    rests = []
    for heard in (refused, refused, Heard(answered=Answered.WELL), refused, refused, refused):
        assert take("a.com", desk.owner, NOON, 0.0, 30) == 0.0
        rests.append(end("a.com", desk.owner, NOON, 0.0, heard))
    assert [rest is None for rest in rests] == [True, True, True, True, True, False]


def test_a_turn_ended_by_another_keeps_the_owner_and_is_told_the_rest(desk: Desk) -> None:
    take, end = desk.frontier.take_turn, desk.frontier.end_turn
    assert take("a.com", desk.owner, NOON, 0.0, 30) == 0.0
    desk.frontier.let_rest("a.com", NOON, 60, "asked")
    rest = end("a.com", "other/1/x", NOON, 0.0)
    assert rest is not None
    assert rest.reason == "asked"
    assert take("a.com", "other/1/x", minutes(2), 0.0, 600) == 0.0  # the hold of 30 s is over by then


def test_a_capture_is_one_statement_and_the_same_again_gives_the_same(desk: Desk) -> None:
    address = desk.address(FNNEWS, "fnnews")
    first = desk.capture(FNNEWS, NOON, address, "fnnews")
    row = load_capture(desk.engine, first).capture
    with asked(desk.engine) as told:
        assert record_capture(desk.engine, row, desk.runs["fnnews"], address) == first
    assert len(told) == 2  # another stands there: it is looked at
    with asked(desk.engine) as told:
        desk.capture(FNNEWS, minutes(1), address, "fnnews")
    assert sum(statement.startswith("INSERT INTO capture") for statement in told) == 1
    assert not any(statement.startswith("SELECT") and "FROM capture" in statement for statement in told)


def test_past_captures_asks_once_where_there_are_none(desk: Desk) -> None:
    address = desk.address(FNNEWS, "fnnews")
    with asked(desk.engine) as told:
        assert past_captures(desk.engine, address, FNNEWS, 7) == []
    assert len(told) == 1


def test_a_first_sight_costs_a_bounded_number_of_statements(desk: Desk) -> None:
    desk.store(fnnews_article())
    other = FNNEWS[:-4] + "9999"
    address = desk.address(other, "fnnews")
    article = fnnews_article(
        url=other, site_id="202609271159999999", title="다른 이야기", body="다른 글이다."
    )
    with asked(desk.engine) as told:
        stored = desk.writer.store(
            article, run_id=desk.runs["fnnews"], address_id=address, seen_at=minutes(3)
        )
    assert stored.article_id is not None
    assert len(told) <= FIRST_SIGHT
