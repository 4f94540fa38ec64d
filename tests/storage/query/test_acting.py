"""PostgreSQL: what does more than read is refused, however it is spelled; what reads is answered."""

from __future__ import annotations

import re
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from storage.query.on_postgresql import SUPERUSER
from storage.query.reader import WrongStatement, run_select

ACTING = [
    "SELECT pg_sleep(60)",
    "SELECT PG_SLEEP(60)",
    'SELECT pg_catalog."pg_sleep"(60)',
    'SELECT U&"pg\\005fsleep"(60)',
    "SELECT pg_sleep /* a comment */ (60)",
    "SELECT * FROM pg_sleep(60)",
    "SELECT article_id FROM articles WHERE pg_sleep(60) IS NULL",
    "SELECT 1 ORDER BY (SELECT 1 FROM pg_sleep_for('1 minute'))",
    "SELECT 1 LIMIT (SELECT count(pg_sleep(60)) FROM generate_series(1, 2))",
    "WITH waits AS MATERIALIZED (SELECT pg_sleep(60)) SELECT * FROM waits",
    "SELECT CASE WHEN true THEN pg_sleep(60) END",
    "EXPLAIN ANALYZE SELECT pg_sleep(60)",
    "EXPLAIN (ANALYZE, BUFFERS off) SELECT pg_sleep(60)",
    "VALUES (pg_sleep(60))",
    "VALUES (pg_sleep(60)), (NULL)",
    'VALUES (U&"pg\\005fsleep"(60)), (NULL)',
    "VALUES (U&\"pg!005fsleep\" UESCAPE '!' (60)), (NULL)",
    "SELECT 1 LIMIT length(pg_read_file('/etc/passwd'))",
    "SELECT E'\\'' LIMIT length(pg_read_file('/etc/passwd'))",
    "SELECT 1 /* /* */ ' */ LIMIT length(pg_read_file('/etc/passwd')) -- '",
    "SELECT 1 OFFSET length(pg_catalog /* . */ . \"pg_read_file\" ('/etc/passwd'))",
    "SELECT $a$ ' $a$ LIMIT length(pg_read_file('/etc/passwd'))",
    "SELECT sum(1) OVER (ROWS length(pg_read_file('/etc/passwd')) PRECEDING) FROM article",
    "SELECT ''' pg', pg_sleep(60) AS \"'\"",
    "SELECT pg_advisory_lock(1852143475)",
    "SELECT pg_try_advisory_xact_lock(1)",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('/')",
    "SELECT pg_reload_conf()",
    "SELECT pg_terminate_backend(1)",
    "SELECT set_config('role', 'none', false)",
    "SELECT query_to_xml('SELECT pg_sleep(60)', true, true, '')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_notify('a', 'b')",
]
READING = [
    "SELECT 'pg_sleep(60)' AS text",
    'SELECT title AS "pg_sleep(60)" FROM articles',
    "SELECT random() < 2, clock_timestamp() IS NOT NULL",
    "SELECT pg_total_relation_size('article') >= 0",
    "SELECT json_agg(tags) FROM appearances",
    "SELECT count(*) FROM generate_series(1, 10)",
    "EXPLAIN SELECT title FROM articles",
    "SHOW work_mem",
    "TABLE publisher",
    "VALUES ('pg_sleep(1)'), ($$pg_sleep(1)$$), (E'\\' pg_sleep(1)')",
    "SELECT 1 /* pg_sleep(60) */ LIMIT 1 -- pg_sleep(60)",
    "SELECT article_id FROM articles WHERE article_id IN (SELECT korean_match('감자'))",
]


@pytest.mark.parametrize("statement", ACTING)
def test_what_acts_is_refused_at_once(postgresql_week: str, statement: str) -> None:
    began = time.monotonic()
    with pytest.raises(WrongStatement), run_select(postgresql_week, statement) as (_, rows):
        list(rows)
    assert time.monotonic() - began < 30, "it was waited for"


@pytest.mark.parametrize("statement", READING)
def test_what_reads_is_answered(postgresql_week: str, statement: str) -> None:
    with run_select(postgresql_week, statement) as (_, rows):
        assert list(rows)


def test_a_reader_has_an_end_and_a_superuser_is_warned(postgresql_week: str) -> None:
    said: list[str] = []
    asked = (
        "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'), "
        "current_setting('idle_in_transaction_session_timeout'), current_setting('jit')"
    )
    with run_select(postgresql_week, asked, warn=said.append) as (_, rows):
        assert [tuple(row) for row in rows] == [("1h", "10s", "10min", "off")]
    assert said == [SUPERUSER]


def test_the_role_of_the_docs_reads_and_does_nothing_else(postgresql_week: str) -> None:
    page = (Path(__file__).parents[3] / "docs" / "sql.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sql\n-- a role that may only read\n(.*?)```", page, re.DOTALL)
    url = make_url(postgresql_week)
    plain = postgresql_week.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(block.replace("newsarchive", str(url.database)).encode())
    reader = url.set(username="archive_reader", password="...").render_as_string(hide_password=False)
    said: list[str] = []
    try:
        with run_select(reader, "SELECT count(*) FROM articles", warn=said.append) as (_, rows):
            assert [tuple(row) for row in rows] == [(34,)]
        assert said == []
        with psycopg.connect(reader.replace("postgresql+psycopg", "postgresql")) as connection:
            for wrong in ("DELETE FROM article", "SELECT pg_sleep(1)", "SELECT pg_advisory_lock(1)"):
                with pytest.raises(psycopg.Error):
                    connection.execute(wrong.encode())
                connection.rollback()
    finally:
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("DROP OWNED BY archive_reader; DROP ROLE archive_reader")
            granted = (
                "GRANT EXECUTE ON FUNCTION pg_sleep(double precision), pg_advisory_lock(bigint) TO PUBLIC"
            )
            connection.execute(granted)
