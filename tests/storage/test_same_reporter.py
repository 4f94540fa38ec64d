"""Who is who is said from a page's own bylines, and is what all bylines together say."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import Engine, select

from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.archive.reporters import DESK
from storage.archive.same_reporter import _join
from storage.archive.writer import Writer
from storage.database.opening import writing
from storage.models import AppearanceRow, BylineRow
from storage.records import Outcome, Person
from tests.storage.samples import Desk, minutes, unlike
from tests.storage.test_statements import asked

NAMES = ("홍길동", "김철수", None)
EMAILS = ("hong@example.com", "kim@example.com", "desk@example.com", None, None)
PUBLISHERS = ("가일보", "나일보", None)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    desk = Desk(engine)
    desk.writer = Writer(engine, decide, LIKENESSES, reader=7)
    return desk


def _store(desk: Desk, number: int, publisher: str | None, people: tuple[Person, ...]) -> None:
    desk.store(unlike(number, publisher=publisher, bylines=people), minutes(number))


def _said(desk: Desk) -> list[tuple[object, ...]]:
    return sorted(desk.rows("SELECT reporter_id, same_as_id FROM reporter_alias"))


def _said_by_all(desk: Desk) -> list[tuple[object, ...]]:
    """What all bylines say, asked pair by pair."""
    pairs = select(AppearanceRow.publisher_id, BylineRow.name).join(
        BylineRow, BylineRow.appearance_id == AppearanceRow.id
    )
    with writing(desk.engine) as session:
        for publisher, name in session.execute(pairs.distinct()).all():
            if publisher is not None and name is not None:
                _join(session, publisher, name)
    return _said(desk)


@pytest.mark.parametrize("seed", range(3))
def test_each_new_page_says_what_all_together_say(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    ever = 0
    for number in range(1, 26):
        people = tuple(
            Person(name=chance.choice(NAMES), email=chance.choice(EMAILS), raw="기자")
            for _ in range(chance.randint(0, 2))
        )
        _store(desk, number, chance.choice(PUBLISHERS[:2]), people)
        said = _said(desk)
        ever += len(said)
        assert said == _said_by_all(desk), number
    assert ever


def test_a_busy_reporters_bylines_are_not_read_for_each_page(desk: Desk) -> None:
    by_email = Person(name="홍길동", email="hong@example.com", raw="홍길동 기자")
    by_name = Person(name="홍길동", raw="홍길동 기자")
    for number in range(1, 4):
        _store(desk, number, "가일보", (by_email, by_name))
    assert len(_said(desk)) == 1
    with asked(desk.engine) as told:
        _store(desk, 4, "가일보", (by_email, by_name))
    assert not _of_reporters(told)
    edited = unlike(4, publisher="가일보", bylines=(by_email, by_name), subtitle="고친 부제")
    with asked(desk.engine) as told:
        assert desk.store(edited, minutes(5)).outcome is Outcome.REVISED
    assert not _of_reporters(told)


def _of_reporters(told: list[str]) -> list[str]:
    """Statements that read all bylines of a reporter."""
    return [one for one in told if "byline" in one and "byline.reporter_id =" in one.split("WHERE")[-1]]


@pytest.mark.parametrize("seed", range(2))
def test_each_edit_says_what_all_together_say(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    ever: set[int] = set()
    for number in range(40):
        people = tuple(
            Person(name=chance.choice(NAMES), email=chance.choice(EMAILS), raw="기자")
            for _ in range(chance.randint(0, 2))
        )
        page = unlike(
            number % 5, publisher=chance.choice(PUBLISHERS[:2]), bylines=people, subtitle=f"{number // 7}판"
        )
        desk.store(page, minutes(number))
        said = _said(desk)
        ever.add(len(said))
        assert said == _said_by_all(desk), number
    assert len(ever) > 1


@pytest.mark.parametrize("seed", range(2))
def test_an_email_of_many_names_is_a_desks_in_whatever_order_they_come(desk: Desk, seed: int) -> None:
    names = [f"기자{number}" for number in range(DESK + 1)]
    printed = [*names, "기자3", "기자3", None]
    random.Random(seed).shuffle(printed)
    called = []
    for number, name in enumerate(printed):
        person = Person(name=name, email="desk@example.com", raw="기자")
        _store(desk, number, "가일보", (person,))
        called += desk.rows("SELECT name FROM reporter WHERE email IS NOT NULL")
    assert called[-1] == (None,)
    assert sum(one != (None,) for one in called) >= DESK
    person = Person(name="기자3", email="desk@example.com", raw="기자")
    gone = printed.index("기자0")
    desk.store(unlike(gone, publisher="가일보", bylines=(person,), subtitle="고친 부제"), minutes(60))
    assert desk.rows("SELECT name FROM reporter WHERE email IS NOT NULL") == [("기자3",)]


def test_a_desks_bylines_are_not_all_read_for_each_page(desk: Desk) -> None:
    for number in range(DESK + 1):
        _store(desk, number, "가일보", (Person(name=f"기자{number}", email="desk@example.com", raw="x"),))
    with asked(desk.engine) as told:
        _store(desk, DESK + 1, "가일보", (Person(name="기자3", email="desk@example.com", raw="x"),))
    assert all("LIMIT" in one for one in _of_reporters(told))
    assert _of_reporters(told)
