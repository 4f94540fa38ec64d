"""``newsarchive sql``: long answers, endless statements, closed pipes, statements from elsewhere."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.query.reader import run_select
from tests.commands.program import Command, environment, interruptible, program, words_of

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
MANY = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT i FROM n"


@pytest.fixture
def sql(tmp_path: Path, database_url: str) -> Command:
    return program(tmp_path, database_url, "sql")


def test_a_table_ends_somewhere_and_says_so(sql: Command) -> None:
    done = sql(MANY.format(30), "--limit", "12")
    assert "12 rows" in done.stdout
    assert "there are more" in done.stderr
    assert len(sql(MANY.format(3000), "--format", "csv").stdout.splitlines()) == 3001


def test_an_endless_statement_is_stopped_by_its_time(sql: Command) -> None:
    done = sql(ENDLESS, "--seconds", "0.5")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "was stopped" in done.stderr


def test_ctrl_c_stops_an_endless_statement(tmp_path: Path, database_url: str) -> None:
    endless = ENDLESS.replace("count(*)", "i")
    with subprocess.Popen(
        words_of("sql", endless, "--format", "csv"),
        env=environment(tmp_path, database_url),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "i\n"  # it is at work
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert "Traceback" not in process.stderr.read()
    assert process.returncode == 130


def test_ctrl_c_between_question_and_answer_is_no_error(
    postgresql_week: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The signal may come when PostgreSQL was asked for rows and they were not yet waited for."""

    def interrupted() -> None:
        with run_select(postgresql_week, "SELECT title FROM articles") as (_, rows):
            next(rows)
            driver = rows.gi_frame.f_locals["cursor"].connection  # type: ignore[attr-defined]
            driver.pgconn.send_query(b"SELECT pg_sleep(60)")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("form", "printed"), [("--format csv", "i\n1\n"), ("--limit 20000", f"┏{'━' * 6}┓\n┃ i{' ' * 4}┃\n")]
)
def test_a_closed_pipe_is_no_error(tmp_path: Path, sqlite_url: str, form: str, printed: str) -> None:
    """A table is rich's to write, which ends a program with 1 at such a pipe."""
    line = f'"{sys.executable}" -m crawler.cli sql "{MANY.format(20_000)}" {form} | head -2'
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        env=environment(tmp_path, sqlite_url),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr, done.returncode) == (printed, "", 0)


def test_statements_from_elsewhere(sql: Command, tmp_path: Path) -> None:
    (tmp_path / "ask.sql").write_text("SELECT 7 AS seven\n")
    assert sql("--file", "ask.sql", "--format", "csv").stdout == "seven\n7\n"
    assert sql("-", "--format", "csv", typed="SELECT 8 AS eight").stdout == "eight\n8\n"
    for wrong in ([], ["SELECT 1", "--file", "ask.sql"], ["--file", "none.sql"]):
        assert sql(*wrong).returncode == 2


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("SELECT '경제' AS x".encode("cp949"), "ask.sql is not UTF-8 (byte 9)"),
        ("SELECT '경제' AS x".encode("utf-16"), "ask.sql is not UTF-8"),
        (b"SELECT '\0' AS x", "null character"),
        (b"", "there is no statement"),
        ("\ufeffSELECT '경제' AS x;\r\n".encode(), None),
    ],
)
def test_a_file_of_another_coding_is_told(
    sql: Command, tmp_path: Path, made: bytes, said: str | None
) -> None:
    (tmp_path / "ask.sql").write_bytes(made)
    done = sql("--file", "ask.sql", "--format", "csv")
    if said is None:
        assert done.stdout == "x\n경제\n", done.stderr
        return
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_parameters_formats_and_the_dictionary(tmp_path: Path, sqlite_url: str) -> None:
    run = program(tmp_path, sqlite_url)
    asked = ("sql", "SELECT :a AS a, :b AS b", "--param", "a=7", "--param", "b=x=y 'z")
    assert run(*asked, "--format", "json").stdout == '[\n{"a": 7, "b": "x=y \'z"}\n]\n'
    assert run(*asked, "--output", "rows.tsv").returncode == 0
    assert (tmp_path / "rows.tsv").read_text("utf-8") == "a\tb\n7\tx=y 'z\n"
    assert "headline" in run("schema", "articles").stdout
    for wrong, said in (
        ((*asked, "--param", "a=1"), "given twice"),
        (("sql", "SELECT 1", "--param", "a"), "NAME=VALUE"),
        (("sql", "SELECT 1", "--format", "parquet"), "--output"),
        (("sql", "SELECT 1", "--output", "rows.odt"), "ending"),
        (("schema", "artikles"), "near it: articles"),
    ):
        done = run(*wrong)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
        assert said in done.stderr
