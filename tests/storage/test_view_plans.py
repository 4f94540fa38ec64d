"""Selective questions through the views are answered by an index, on both databases."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from storage.archive.candidates import Trait, find
from storage.archive.past import past_captures
from storage.database.opening import open_database, writing
from storage.ledger.days import coverage_rows, unfinished
from storage.query.exports import Purpose, Wanted, articles_statement
from tests import postgres
from tests.conftest import BOTH
from tests.storage.samples import NOON
from tests.storage.test_plans import plans

ARTICLES = 4_000
QUESTIONS = {
    "half an hour": (
        "SELECT title FROM articles WHERE published_at >= '2026-09-20' AND published_at < '2026-09-20T00:30'"
    ),
    "newest": "SELECT title, published_at FROM articles ORDER BY published_at DESC LIMIT 20",
    "one address": "SELECT title FROM articles WHERE url = 'https://v.daum.net/v/77'",
    "a publisher's month": (
        "SELECT title FROM articles WHERE publisher = '매체7' AND published_at >= '2026-09-27' "
        "ORDER BY published_at DESC LIMIT 50"
    ),
    "a name": "SELECT url FROM bylines WHERE name = '기자77'",
    "an e-mail": "SELECT url FROM bylines WHERE email = 'n77@example.com'",
    "changes of a day": "SELECT url, title_now FROM changes WHERE changed_at >= '2026-09-27T11:00'",
    "revisions of a page": "SELECT title FROM revisions WHERE url = 'https://v.daum.net/v/77'",
    "rights of a page": "SELECT notice FROM rights WHERE url = 'https://v.daum.net/v/77'",
    "a reporter by name": "SELECT articles FROM reporters WHERE name = '기자77'",
    "a reporter by e-mail": "SELECT articles FROM reporters WHERE email = 'n77@example.com'",
    "a reporter's articles": "SELECT title FROM reporter_articles WHERE email = 'n77@example.com'",
    "a day with its people": (
        "SELECT a.title, b.name FROM articles a LEFT JOIN bylines b ON b.article_id = a.article_id "
        "WHERE a.published_at >= '2026-09-20' AND a.published_at < '2026-09-20T00:30'"
    ),
    "coverage of a day": "SELECT section, listed, stored FROM coverage WHERE day = '2026-09-20'",
    "the last runs": "SELECT listed, stored FROM runs ORDER BY started_at DESC LIMIT 20",
    "outcomes of a run": "SELECT url, reason FROM outcomes WHERE run_id = 7",
    "outcomes of a page": "SELECT outcome, at FROM outcomes WHERE url = 'https://v.daum.net/v/77'",
    "a page gone": "SELECT state, at FROM presence WHERE url = 'https://v.daum.net/v/80'",
    "quarantine": "SELECT url, reason FROM quarantine WHERE url = 'https://v.daum.net/v/90'",
    "permissions of a page": "SELECT collection FROM permissions WHERE url = 'https://v.daum.net/v/77'",
}
BIG = (
    "article",
    "appearance",
    "address",
    "byline",
    "revision",
    "appearance_rights",
    "outcome",
    "reporter",
    "run",
)
"""Tables; the plan names them by what the view calls them, so those names are looked up below."""
CALLED = {
    "newer",
    "older",
    "credit",
    "page",
    "other",
    "earlier",
    "lost",
    "seen",
    "past",
    "later",
    "ended",
    "judged",
}


@pytest.fixture(scope="module", params=BOTH)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Many articles, each with a page, two revisions, a byline and rights; not to be written."""
    with contextlib.ExitStack() as stack:
        if request.param == "sqlite":
            path = tmp_path_factory.mktemp("filled") / "archive.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            url = f"sqlite:///{path}"
        else:
            names = ("postgresql_server", "postgresql_template")
            made = stack.enter_context(postgres.database(*map(request.getfixturevalue, names)))
            url = made.render_as_string(hide_password=False)
        engine = open_database(url)
        stack.callback(engine.dispose)
        _fill(engine)
        yield engine


def _fill(engine: Engine) -> None:
    rows = [_row(engine, number) for number in range(1, ARTICLES + 1)]
    with writing(engine) as session:
        connection = session.connection()
        connection.execute(text("INSERT INTO source (name) VALUES ('daum')"))
        publishers = [{"id": number, "name": f"매체{number}"} for number in range(1, 51)]
        connection.execute(text("INSERT INTO publisher (id, name) VALUES (:id, :name)"), publishers)
        digest = {"digest": b"x"}
        connection.execute(text("INSERT INTO rule_set (id, digest, rules) VALUES (1, :digest, '{}')"), digest)
        for statement in _STATEMENTS:
            connection.execute(text(statement), rows)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _row(engine: Engine, number: int) -> dict[str, Any]:
    at = NOON - timedelta(minutes=10 * number)
    shown: dict[str, Any] = {"at": at, "later": at + timedelta(minutes=1)}
    if engine.dialect.name == "sqlite":
        shown = {name: moment.strftime("%Y-%m-%d %H:%M:%S.%f") for name, moment in shown.items()}
    names = {"who": f"기자{number}", "mail": f"n{number}@example.com", "u": f"https://v.daum.net/v/{number}"}
    numbers = {"n": number, "p": number % 50 + 1, "old": 2 * number, "new": 2 * number + 1}
    end = "gone" if number % 80 == 0 else "quarantined" if number % 90 == 0 else "stored"
    return {"no": False, "digest": b"x", "end": end, **names, **numbers, **shown}


_STATEMENTS = (
    "INSERT INTO address (id, url, source, state, first_seen_at, attempts) "
    "VALUES (:n, :u, 'daum', 'settled', :at, 0)",
    "INSERT INTO article (id, publisher_id, title, published_at, created_at) VALUES (:n, :p, :who, :at, :at)",
    "INSERT INTO appearance (id, address_id, article_id, publisher_id, title, tags, published_at, "
    "syndicated, extractor, rules_id, content_digest, first_seen_at) "
    "VALUES (:n, :n, :n, :p, :who, '[]', :at, :no, 'x', 1, :digest, :at)",
    "UPDATE address SET last_outcome = :end WHERE id = :n",
    "UPDATE article SET preferred_appearance_id = :n, byline_appearance_id = :n WHERE id = :n",
    "INSERT INTO reporter (id, name, email) VALUES (:n, :who, :mail)",
    "INSERT INTO byline (id, appearance_id, position, name, email, raw, reporter_id) "
    "VALUES (:n, :n, 1, :who, :mail, :who, :n)",
    "INSERT INTO run (id, source, mode, owner, started_at, settings) "
    "SELECT :n, 'daum', 'latest', 'x', :at, '{}' WHERE :n < 400",
    "INSERT INTO outcome (run_id, address_id, outcome, reason, at) VALUES (:n % 399 + 1, :n, :end, '-', :at)",
    "INSERT INTO appearance_rights (appearance_id) VALUES (:n)",
    "INSERT INTO revision (id, appearance_id, content_digest, valid_from, valid_to, last_seen_at) "
    "VALUES (:old, :n, :digest, :at, :later, :at)",
    "INSERT INTO revision (id, appearance_id, content_digest, title, valid_from, last_seen_at) "
    "VALUES (:new, :n, :digest, 'neu', :later, :later)",
)


def plan(engine: Engine, question: str) -> list[str]:
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        return [str(row[-1]) for row in connection.execute(text((explain + question).replace(":", r"\:")))]


def reads_whole(line: str) -> bool:
    """A big table from end to end, not along an index that gives the order."""
    words = line.strip().split()
    if words[:1] == ["SCAN"]:
        return words[1] in {*BIG, *CALLED} and "USING" not in words
    return "Seq Scan on" in line and any(f"Seq Scan on {name} " in f"{line} " for name in BIG)


def test_no_selective_question_reads_a_whole_table(filled: Engine) -> None:
    for name, question in QUESTIONS.items():
        lines = plan(filled, question)
        assert not [line for line in lines if reads_whole(line)], (name, lines)
        with filled.connect() as connection:
            assert connection.execute(text(question.replace(":", r"\:"))).all(), name


def test_the_planner_knows_how_many_rows_have_a_flag(filled: Engine) -> None:
    """It took one in two hundred, and held all against all."""
    if filled.dialect.name == "sqlite":
        pytest.skip("SQLite plans without such numbers")
    asked = "SELECT own.url FROM appearances own JOIN appearances other ON other.article_id = own.article_id "
    lines = plan(
        filled, f"DECLARE question CURSOR FOR {asked} WHERE own.syndicated = 0 AND other.syndicated = 0"
    )
    found = re.search(r"rows=(\d+)", plan(filled, "SELECT url FROM appearances WHERE syndicated = 0")[0])
    assert found is not None
    assert int(found[1]) > ARTICLES // 2
    assert not any("article.id = article_1.id" in line for line in lines if "Join Filter" in line), lines


def test_whether_a_page_has_past_captures_reads_none_of_others(filled: Engine) -> None:
    """Where somebody gave ANALYZE, SQLite made a filter of every revision and outcome, for each page."""
    with plans(filled) as told:
        assert past_captures(filled, 77, "https://v.daum.net/v/77", 1) == []
    assert told
    assert not [one for one in told if "BLOOM" in one[1] or "Seq Scan on outcome" in one[1]], told


def test_a_new_page_is_looked_for_by_indexes_where_a_column_is_empty(filled: Engine) -> None:
    """No page names another as its original: SQLite's statistics told it that the index gives every row."""
    trait = Trait(
        appearance_id=77,
        source="daum",
        urls=frozenset({"https://v.daum.net/v/77"}),
        original_url="https://www.fnnews.com/news/77",
        declared=frozenset(),
        publisher_id=None,
        title_key=None,
        published_at=None,
        text_id=None,
    )
    with plans(filled) as told, Session(filled) as session:
        assert find(session, trait) == []
    asked = [plan for statement, plan in told if "original_url IN" in statement]
    assert asked
    assert not [one for one in asked if "SCAN appearance" in one or "Seq Scan on appearance" in one], asked


DAY = date(2026, 9, 20)
FEW = {"hits of a search": Wanted(numbers=(7, 77, 777)), "the newest": Wanted(newest=20)}
DAYS = {
    "a day": Wanted(since=DAY, until=DAY),
    "a day to be shared": Wanted(since=DAY, until=DAY, purpose=Purpose.SHARE),
    "a publisher's day": Wanted(since=DAY, until=DAY, publisher="매체7"),
}
"""144 of 4,000 articles: PostgreSQL reads so few rows from end to end."""


def test_an_export_of_some_articles_reads_those_alone(filled: Engine) -> None:
    backend = filled.dialect.name
    for name, wanted in (FEW | DAYS if backend == "sqlite" else FEW).items():
        statement = articles_statement(wanted, backend)
        lines = plan(filled, statement)
        assert not [line for line in lines if reads_whole(line) or "MATERIALIZE" in line], (name, lines)
        with filled.connect() as connection:
            assert connection.execute(text(statement.replace(":", r"\:"))).all(), name


def test_the_coverage_of_a_day_asks_the_index_of_days(filled: Engine) -> None:
    with plans(filled) as told:
        rows = coverage_rows(filled, DAY, DAY)
        left = list(unfinished(filled, DAY, DAY))
    assert sum(row.listed for row in rows) == 144
    assert {one.day for one in left} == {DAY}
    assert len(told) == 2
    assert all("ix_address_day" in one for _, one in told), told
