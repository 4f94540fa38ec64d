"""A statement handed to the driver as it is binds what SQLAlchemy would have bound."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, bindparam, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from storage.database.opening import open_database
from storage.database.prepared import Prepared
from storage.models import Base, HostRow, PublisherRow, RightsRow
from storage.models.base import table_of

_HOSTS, _PUBLISHERS = table_of(HostRow), table_of(PublisherRow)
SEOUL = timezone(timedelta(hours=9))
ODD = (
    {"name": "가\x00나\ud83d", "next_turn_at": datetime(2026, 11, 26, 9, tzinfo=SEOUL), "rest_reason": None},
    {"name": "%s %(name)s ? :name", "next_turn_at": datetime(1, 1, 2, tzinfo=SEOUL), "rest_reason": ""},
    {"name": "'", "next_turn_at": datetime(2026, 1, 1, 0, 0, 0, 7, tzinfo=SEOUL), "rest_reason": "\\ \ufffd"},
)


def _rows(connection: Connection, table: type[Base]) -> list[Any]:
    return sorted(map(repr, connection.execute(select(table_of(table)))))


def test_it_binds_as_ever(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(insert(_HOSTS), list(ODD))
        expected = _rows(connection, HostRow)
        connection.rollback()
        Prepared(insert(_HOSTS)).run_all(connection, ODD)
        assert _rows(connection, HostRow) == expected
        connection.rollback()
        one = Prepared(insert(_HOSTS))
        assert [one.run(connection, row).rowcount for row in ODD] == [1, 1, 1]
        assert _rows(connection, HostRow) == expected


def test_it_refuses_what_is_refused_ever(engine: Engine) -> None:
    naive = {**ODD[0], "next_turn_at": datetime(2026, 11, 26)}  # noqa: DTZ001 (that is what is refused)
    with engine.connect() as connection:
        with pytest.raises(ValueError, match="has no zone"):
            Prepared(insert(_HOSTS)).run(connection, naive)
        one = Prepared(insert(_HOSTS))
        one.run(connection, ODD[0])
        with pytest.raises(IntegrityError):
            one.run(connection, ODD[0])


def test_numbers_and_what_a_statement_says_itself(engine: Engine) -> None:
    new = Prepared(insert(_PUBLISHERS))
    rename = Prepared(
        update(_PUBLISHERS)
        .where(_PUBLISHERS.c.name != "나", _PUBLISHERS.c.id == bindparam("number"))
        .values(name=bindparam("called"))
    )
    first_two = Prepared(select(_PUBLISHERS.c.id).where(_PUBLISHERS.c.name != bindparam("but")).limit(2))
    with engine.connect() as connection:
        numbers = [new.number(connection, {"name": name}) for name in ("가", "나", "다")]
        assert len(set(numbers)) == 3
        assert [rename.run(connection, {"number": n, "called": f"새{n}"}).rowcount for n in numbers] == [
            1,
            0,
            1,
        ]
        assert sorted(first_two.run(connection, {"but": "나"}).scalars()) == [numbers[0], numbers[2]]


def test_it_is_made_for_each_database(sqlite_url: str, postgresql_url: str) -> None:
    one = Prepared(insert(_PUBLISHERS))
    for url in (sqlite_url, postgresql_url, sqlite_url):
        engine = open_database(url)
        with engine.begin() as connection:
            number = one.number(connection, {"name": url})
            found = connection.execute(text("SELECT name FROM publisher WHERE id = :id"), {"id": number})
            assert found.scalar_one() == url
            connection.execute(text("DELETE FROM publisher"))
        engine.dispose()


def test_a_row_of_no_rows_is_nothing(engine: Engine) -> None:
    with engine.connect() as connection:
        Prepared(insert(table_of(RightsRow))).run_all(connection, [])
        assert _rows(connection, RightsRow) == []
