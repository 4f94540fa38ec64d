"""How many statements one request, one page costs: what is asked with every page is asked once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.archive.past import past_captures
from storage.archive.writer import Writer
from storage.database.opening import writing
from storage.frontier.answered import record_answer
from storage.frontier.captures import load_capture, record_capture
from storage.frontier.rests import Answered, Heard, HostRests
from storage.frontier.turns import TurnEnd
from storage.records.discovery import Discovery
from tests.storage.samples import FNNEWS, NOON, Desk, daum_article, fnnews_article, minutes, unlike

FREE = ("BEGIN", "SELECT pg_advisory_xact_lock")
FIRST_SIGHT = 26
"""Statements of a first sight with one person, one picture: 46 in the beginning, 23 now, and some room."""


def seconds(count: float) -> datetime:
    return minutes(count / 60)


JOINED = 46
"""Statements of a page that joins another's article, its listing and capture among them: 44 now; the store
alone had 19 more."""


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


def test_an_answer_is_its_row_and_the_end_of_its_turn_in_one_commit(desk: Desk) -> None:
    address, take = desk.address(FNNEWS, "fnnews"), desk.frontier.take_turn
    assert take("a.com", desk.owner, NOON, 1.0, 30) == 0.0
    turn = TurnEnd(host="a.com", owner=desk.owner, delay_s=5.0, now=seconds(2))
    capture = load_capture(desk.engine, desk.capture(FNNEWS, NOON, address, "fnnews")).capture
    new = replace(capture, warc=replace(capture.warc, offset=7))
    with asked(desk.engine) as told:
        number, rest = record_answer(desk.engine, new, desk.runs["fnnews"], address, 1, turn)
    assert [statement.split()[0] for statement in told] == ["INSERT", "UPDATE"]
    assert rest is None
    assert load_capture(desk.engine, number).capture == new
    assert take("a.com", "other/1/x", seconds(6), 1.0, 30) == pytest.approx(1.0)


def test_an_answer_whose_row_cannot_be_kept_leaves_its_turn(desk: Desk) -> None:
    address, take = desk.address(FNNEWS, "fnnews"), desk.frontier.take_turn
    there = load_capture(desk.engine, desk.capture(FNNEWS, NOON, address, "fnnews")).capture
    assert take("a.com", desk.owner, NOON, 1.0, 30) == 0.0
    turn = TurnEnd(host="a.com", owner=desk.owner, delay_s=1.0, now=seconds(2))
    with pytest.raises(ValueError, match="already holds"):
        record_answer(desk.engine, replace(there, payload_digest="sha1:B"), 1, address, 1, turn)
    assert take("a.com", "other/1/x", seconds(10), 1.0, 30) > 0  # it is not ended: its caller does that
    assert desk.count("capture") == 1


def test_a_refusal_is_heard_with_its_answers_row(desk: Desk) -> None:
    address, take = desk.address(FNNEWS, "fnnews"), desk.frontier.take_turn
    capture = load_capture(desk.engine, desk.capture(FNNEWS, NOON, address, "fnnews")).capture
    assert take("a.com", desk.owner, NOON, 1.0, 30) == 0.0
    heard = Heard(answered=Answered.REFUSED, words="429", rest_s=3600, rest_reason="Retry-After")
    turn = TurnEnd(host="a.com", owner=desk.owner, delay_s=1.0, heard=heard, now=seconds(2))
    refused = replace(capture, http_status=429, warc=replace(capture.warc, offset=7))
    _, rest = record_answer(desk.engine, refused, desk.runs["fnnews"], address, 0, turn)
    assert rest is not None
    assert rest.left_s == pytest.approx(3600)
    with pytest.raises(HostRests):
        take("a.com", desk.owner, seconds(10), 1.0, 30)


def test_a_lease_is_a_few_statements_for_all_its_addresses(desk: Desk) -> None:
    for number in range(8):
        desk.address(f"{FNNEWS[:-2]}{number:02}", "fnnews")
    with asked(desk.engine) as told:
        leased = desk.frontier.lease(desk.runs["fnnews"], "fnnews", desk.owner, minutes(1), 900, 8)
    assert len(leased) == 8
    assert len(told) == 5


def test_a_list_of_known_addresses_is_a_few_statements(desk: Desk) -> None:
    run, listed = desk.runs["fnnews"], [(Discovery(url=f"{FNNEWS[:-2]}{n:02}"), None) for n in range(40)]
    desk.frontier.discover(run, "fnnews", "a list", listed, NOON)
    with asked(desk.engine) as told:
        entered = desk.frontier.discover(run, "fnnews", "a list", listed, minutes(1))
    assert (entered.new, entered.known) == (0, 0)
    assert len(told) <= 6


def test_past_captures_wait_for_no_writer(desk: Desk) -> None:
    address = desk.address(FNNEWS, "fnnews")
    with writing(desk.engine) as session:
        session.execute(text("UPDATE run SET listed = listed"))
        assert past_captures(desk.engine, address, FNNEWS, 7) == []


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


def test_a_page_that_joins_an_article_costs_a_bounded_number_of_statements(desk: Desk) -> None:
    desk.writer = Writer(desk.engine, decide, LIKENESSES, reader=7)
    for number in (1, 2):
        desk.store(unlike(number))
    for number in (1, 2):
        with asked(desk.engine) as told:
            page, place = unlike(number), f"2026092712010000{number}"
            copy = daum_article(url=f"https://v.daum.net/v/{place}", site_id=place, title=page.title)
            stored = desk.store(replace(copy, body=page.body))
        assert stored.reason.startswith("joined")
    assert len(told) <= JOINED
