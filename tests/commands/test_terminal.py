"""At the terminal: eighty columns, groups, examples, commands that can be pasted, a light start."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import shlex
import sqlite3
import struct
import subprocess
import sys
import termios
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
import typer.main

from crawler.commands.archive_rows import RUN_COLUMNS, STYLES, show_runs
from crawler.commands.demonstration import as_typed
from crawler.commands.examples import EXAMPLES
from crawler.commands.output import PIECE, write_table
from crawler.commands.program import COMMANDS, GROUPS, make_program
from crawler.extensions import pace
from storage.records import Verdict
from tests.commands.program import Command, program
from tests.places import ROOT

LONG = (
    "9 of 25 articles have no byline_line, 85% are expected; https://news.example.com/list/of/articles/today"
)


@time_machine.travel(datetime(2026, 11, 28, tzinfo=UTC))
def test_runs_fit_into_eighty_columns(capsys: pytest.CaptureFixture[str]) -> None:
    values = (
        12345,
        "fnnews",
        "backfill",
        datetime(2026, 11, 26, 0, 8, 11, tzinfo=UTC),
        4000.0,
        "degraded",
        123456,
    )
    became = {"duplicate": 12345, "gone": 5, "not_article": 3, "stored": 324, "unchanged": 324}
    row = (*values, became, 500, LONG)
    assert len(row) == len(RUN_COLUMNS)
    show_runs([row, (*row[:4], None, "running", *row[6:])])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    text = "".join("".join(line.split()) for line in lines)
    for word in ("12345", "degraded", "1:06:40", "11-2609:08"):
        assert word in text
    assert "2026" not in text
    under = " ".join(lines[max(number for number, line in enumerate(lines) if line.startswith("└")) + 1 :])
    assert under.startswith("run 12345, fnnews backfill, degraded: 9 of 25 articles have no byline_line, 85%")


@time_machine.travel(datetime(2026, 11, 28, tzinfo=UTC))
def test_many_rows_are_several_tables(capsys: pytest.CaptureFixture[str]) -> None:
    """Rich holds 10 kB for each row until the last of a table is laid out."""
    write_table(("number", "what"), ((number, "글") for number in range(PIECE + 1)), sys.stdout)
    printed = capsys.readouterr().out
    assert printed.count("number") == 2
    assert str(PIECE) in printed.splitlines()[-3]
    assert printed.endswith("1,001 rows\n")
    write_table(("number",), iter(()), sys.stdout)
    printed = capsys.readouterr().out
    assert (printed.count("number"), printed.splitlines()[-1]) == (1, "0 rows")


def test_a_run_of_another_year_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """On its New Year's day in Seoul."""
    began = datetime(2025, 12, 31, 14, 59, tzinfo=UTC)
    show_runs([(7, "daum", "latest", began, 5.0, "healthy", 9, {"stored": 9}, 9, "as expected")])
    assert "2025-12-31 23:59" in capsys.readouterr().out
    show_runs([(8, "daum", "latest", began.replace(minute=0, hour=15), 5.0, "healthy", 9, {}, 9, "-")])
    assert "2026" not in capsys.readouterr().out


def test_every_verdict_has_a_colour_and_every_command_a_group() -> None:
    assert set(STYLES) >= {verdict.value for verdict in Verdict} | {"running"}
    grouped = {name for commands in (*COMMANDS.values(), *GROUPS.values()) for name in commands}
    shown = typer.main.get_command(make_program()).commands  # type: ignore[attr-defined]
    assert set(shown) == grouped
    assert all(command.rich_help_panel for command in shown.values())


def test_a_command_made_alone_is_what_it_is_among_all() -> None:
    def told(command: Any) -> list[object]:
        inner = getattr(command, "commands", {})
        words = [(one.opts, one.type_descriptor.annotation, one.required) for one in command.params]
        page = (command.help, command.epilog, command.rich_help_panel, type(command), words)
        return [page, [(name, told(inner[name])) for name in inner]]

    among = typer.main.get_command(make_program()).commands  # type: ignore[attr-defined]
    for asked in among:
        alone = typer.main.get_command(make_program(asked)).commands  # type: ignore[attr-defined]
        assert list(alone) == [asked]
        assert told(alone[asked]) == told(among[asked])


@pytest.mark.parametrize("asked", ["--help", "crawl-", "CRAWL", "", "-", "db rebuild", "워", "\0", None])
def test_a_word_that_is_no_command_makes_all_of_them(asked: str | None) -> None:
    assert len(typer.main.get_command(make_program(asked)).commands) > 20  # type: ignore[attr-defined]


@pytest.fixture
def run(tmp_path: Path, sqlite_url: str) -> Command:
    return program(tmp_path, sqlite_url)


def test_help_tells_groups_examples_and_exit_codes(run: Command) -> None:
    said = run("--help").stdout
    assert [panel for panel in COMMANDS if f"─ {panel} ─" not in said] == []
    assert "Exit codes" in said
    said = " ".join(run("sql", "--help").stdout.split())
    for line in EXAMPLES["sql"]:
        assert line in said


@pytest.mark.parametrize("line", [line for lines in EXAMPLES.values() for line in lines])
def test_examples_use_options_that_there_are(line: str) -> None:
    name, *words = shlex.split(line.partition(" < ")[0])[1:]
    command = typer.main.get_command(make_program()).commands[name]  # type: ignore[attr-defined]
    known = {option for parameter in command.params for option in parameter.opts}
    assert [word for word in words if word.startswith("--") and word not in known] == []


def test_a_command_can_be_pasted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "an archive's folder"
    for program_ in (str(ROOT / "crawler" / "cli.py"), str(Path(sys.executable).with_name("newsarchive"))):
        monkeypatch.setattr(sys, "argv", [program_])
        typed = as_typed("sql", "--dir", str(folder), "SELECT 'it''s' AS x")
        assert shlex.split(typed)[-3:] == ["--dir", str(folder), "SELECT 'it''s' AS x"]
        assert "newsarchive" in typed or "-m crawler.cli" in typed


def test_pace() -> None:
    assert pace(30, 90, 60.0) == ("30", "30", "2 min (60)")
    assert pace(0, 90, 1.0) == ("0", "", "90")
    assert pace(90, 80, 60.0) == ("90", "90", "")
    assert pace(0, 0, 0.0) == ("0", "", "")


def test_a_start_loads_what_it_needs() -> None:
    heavy = ("sqlalchemy", "pydantic", "scrapy", "lxml", "psycopg", "pyarrow", "asyncio", "rich.console")
    asks = f"import sys, crawler.cli; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asks], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_question_of_a_file_loads_no_sqlalchemy(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "newsarchive.db")) as file:
        file.execute("CREATE TABLE t (n)")
        file.execute("CREATE TABLE alembic_version AS SELECT '0001' AS version_num")
    asks = (
        "import sys\nfrom storage.query.reader import run_select\n"
        f"url = 'sqlite:///{tmp_path / 'newsarchive.db'}'\n"
        "with run_select(url, 'SELECT count(*) FROM t') as (_, rows):\n"
        "    print(list(rows), 'sqlalchemy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", asks], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[(0,)] False"


PRINT = """
import sys
from crawler.commands.output import write_table
write_table(["n"], [[n] for n in range(int(sys.argv[1]))], sys.stdout)
"""


def on_a_terminal(rows: int, pager: str, **settings: str) -> str:
    """What a table of so many rows shows on a terminal of thirty lines; the pager marks what it is given."""
    screen, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 80, 0, 0))
    environment = {**os.environ, "PAGER": pager, "TERM": "xterm", **settings}
    for name in ("MANPAGER", "LINES", "COLUMNS"):  # pytest-xdist gives its workers a size of their own
        environment.pop(name, None)
    command = [sys.executable, "-c", PRINT, str(rows)]
    with subprocess.Popen(command, stdin=end, stdout=end, stderr=end, env=environment, cwd=ROOT) as process:
        os.close(end)
        shown = b""
        with contextlib.suppress(OSError):  # the end of a terminal whose program has ended
            while piece := os.read(screen, 65536):
                shown += piece
        process.wait(timeout=60)
    os.close(screen)
    return shown.decode()


def test_a_long_table_goes_through_the_pager_of_a_terminal_alone() -> None:
    marking = "sed s/^/paged:/"
    assert "paged:" in on_a_terminal(60, marking)
    assert "paged:" not in on_a_terminal(20, marking), "it fits on the screen"
    assert "paged:" not in on_a_terminal(60, marking, TERM="dumb")
    to_a_pipe = subprocess.run(
        [sys.executable, "-c", PRINT, "60"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PAGER": marking},
    )
    assert "paged:" not in to_a_pipe.stdout
    assert to_a_pipe.stdout.count("\n") > 60
