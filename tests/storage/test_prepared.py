"""A statement handed to the driver as it is binds what SQLAlchemy would have bound."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, bindparam, event, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound

from storage.database.opening import open_database
from storage.database.prepared import Prepared
from storage.database.reconnect import was_undone
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
        found = first_two.run(connection, {"but": "나"})
        assert sorted(row.id for row in found) == [numbers[0], numbers[2]]


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


def test_what_is_read_is_of_its_columns_type_and_has_its_name(engine: Engine) -> None:
    ours = select(_HOSTS.c.name, _HOSTS.c.next_turn_at, func.count().label("count")).group_by(_HOSTS.c.name)
    one = Prepared(ours.where(_HOSTS.c.next_turn_at == bindparam("at")))
    with engine.connect() as connection:
        Prepared(insert(_HOSTS)).run(connection, ODD[0])
        expected = tuple(connection.execute(ours).one())
        for _ in range(2):
            answer = one.run(connection, {"at": ODD[0]["next_turn_at"]})
            row = answer.one()
            assert tuple(row) == expected
            assert (row.name, row.next_turn_at, row.count) == expected
            assert row.next_turn_at.tzinfo is not None
        nobody = one.run(connection, {"at": ODD[1]["next_turn_at"]})
        assert (nobody.all(), nobody.first(), nobody.scalar()) == ([], None, None)
        with pytest.raises(NoResultFound):
            nobody.one()


def test_who_listens_is_told_and_may_change_the_words(engine: Engine) -> None:
    told: list[str] = []

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def before(_connection: Any, _cursor: Any, words: str, values: Any, *_rest: Any) -> tuple[str, Any]:
        told.append(words)
        return words.replace("'가'", "'나'"), values

    event.listen(engine, "after_cursor_execute", lambda _c, _cursor, words, *_rest: told.append(words))
    with engine.connect() as connection:
        assert Prepared(text("SELECT '가'")).run(connection, {}).scalar() == "나"
    assert told[-2:] == ["SELECT '가'", "SELECT '나'"]


def test_errors_are_sqlalchemys_and_the_transaction_is_undone(engine: Engine) -> None:
    rows = "(SELECT 0 AS n UNION ALL SELECT 1) AS t"

    def work() -> None:
        with engine.begin() as connection:
            Prepared(insert(_PUBLISHERS)).run(connection, {"name": "가"})
            # The second of its rows cannot be had: SQLite tells that while they are fetched.
            Prepared(text(f"SELECT abs(-9223372036854775807 - n) FROM {rows}")).run(connection, {})

    with pytest.raises(DBAPIError) as caught:
        work()
    assert caught.value.statement is not None
    assert not was_undone(caught.value)
    with engine.connect() as connection:
        assert _rows(connection, PublisherRow) == []


def test_a_connection_that_is_lost_is_told(postgresql_url: str) -> None:
    engine = open_database(postgresql_url)
    one, end = Prepared(select(func.pg_backend_pid())), text("SELECT pg_terminate_backend(:pid)")

    def ask(times: int) -> int:
        with engine.begin() as connection:
            pid: int = one.run(connection, {}).scalar()
            if times > 1:
                with engine.connect() as other:
                    other.execute(end, {"pid": pid})
            for _ in range(1, times):  # it ends when it looks for signals
                one.run(connection, {})
            return pid

    with pytest.raises(DBAPIError) as caught:
        ask(1000)
    assert was_undone(caught.value)
    assert ask(1) > 0
    engine.dispose()
