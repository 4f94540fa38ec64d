"""The demo: the bundled twin of both sites, two crawls, and a few questions in SQL."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.text import Text

from crawler.commands.output import answering_console, write_table
from crawler.configuration.environment import WrongSetting
from storage.database.opening import open_database
from storage.database.tables import schema_state
from storage.query.reader import run_select
from storage.sqlite_file import url_of

QUESTIONS = (
    (
        "Articles per publisher",
        "SELECT publisher, count(*) AS articles, sum(appearances) AS appearances FROM articles "
        "GROUP BY publisher ORDER BY articles DESC, publisher LIMIT 10",
    ),
    (
        "Stories on both sites: one article, two appearances",
        "SELECT count(*) AS articles, sum(CASE WHEN appearances >= 2 THEN 1 ELSE 0 END) AS on_both_sites "
        "FROM articles",
    ),
    (
        "Reporters with their e-mail",
        "SELECT name, role, email, publisher, count(*) AS articles FROM bylines "
        "WHERE email IS NOT NULL AND name IS NOT NULL GROUP BY name, role, email, publisher "
        "ORDER BY articles DESC, name, email LIMIT 10",
    ),
    (
        "Copyright notices and what they forbid",
        "SELECT notice, holder, no_reproduction, no_redistribution, no_ai_training, count(*) AS appearances "
        "FROM rights WHERE notice IS NOT NULL GROUP BY notice, holder, no_reproduction, no_redistribution, "
        "no_ai_training ORDER BY appearances DESC, notice LIMIT 10",
    ),
)


def run_demo(directory: Path, database_url: str | None) -> int:
    """Crawl the twin twice and answer the questions; the worst exit code of the two crawls.

    Args:
        directory: where the demo's archive goes; made anew each time.
        database_url: another database to use (PostgreSQL); None: SQLite in ``directory``.

    Raises:
        WrongSetting: the directory or database holds something that is not an earlier demo.
    """
    make_room(directory, database_url)
    url = database_url or url_of(directory / "newsarchive.db")
    console = answering_console(highlight=False, soft_wrap=True)
    with twin_process() as origin:
        console.print(f"Both sites are played by the bundled twin on {origin}; no other host is asked.")
        first = _crawl(console, "First crawl", directory, url, origin)
        second = _crawl(
            console, "Second crawl: what is known is asked only when it is due", directory, url, origin
        )
    for title, statement in QUESTIONS:
        console.print(Text(f"\n{title}", style="bold"))
        console.print(Text(as_typed("sql", "--dir", str(directory), statement)))
        with run_select(url, statement) as (columns, rows):
            write_table(columns, rows, sys.stdout)
    console.print(Text(f"\nThe archive stays in {directory}. Ask it more, for instance:"))
    for words in (["search", "--dir", str(directory), "반도체"], ["schema", "articles"]):
        console.print(Text(as_typed(*words)))
    return max(first, second)


def as_typed(*words: str) -> str:
    """A call of this program as it can be pasted into a shell, from where it was started now."""
    program = [sys.argv[0]]
    if sys.argv[0].endswith(".py"):
        program = [sys.executable, "-m", "crawler.cli"]
    elif shutil.which(Path(sys.argv[0]).name) == sys.argv[0]:
        program = [Path(sys.argv[0]).name]
    return shlex.join([*program, *words])


MARK = "made-by-newsarchive-demo"


def make_room(directory: Path, database_url: str | None) -> None:
    """Remove an earlier demo's folder; never anything else."""
    if directory.exists() and any(directory.iterdir()) and not (directory / MARK).exists():
        raise WrongSetting(f"{directory} holds something that is no earlier demo: name another with --dir")
    if database_url is not None:
        engine = open_database(database_url)
        state = schema_state(engine)
        engine.dispose()
        if state != "empty":
            raise WrongSetting(
                "the demo fills an empty database with invented articles; this one is not empty"
            )
    if directory.exists():
        shutil.rmtree(directory)
    directory.mkdir(parents=True)
    (directory / MARK).touch()


def played(origin: str) -> list[str]:
    """Arguments of ``crawl`` for all that the twin plays, and for no other source."""
    from twin import SITES

    return [*SITES, *(word for site in SITES for word in ("--origin", f"{site}={origin}"))]


@contextmanager
def twin_process(*options: str) -> Iterator[str]:
    """The twin in a process of its own, so that it does not share the crawler's core; its URL."""
    command = [sys.executable, "-m", "twin", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            yield _url_printed_by(process)
        finally:
            process.terminate()


def _url_printed_by(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        for word in line.split():
            if word.startswith("http://127.0.0.1:"):
                return word.rstrip(".,/")
    raise RuntimeError(f"the twin ended before it listened (exit code {process.wait()})")


def _crawl(console: Console, title: str, directory: Path, url: str, origin: str) -> int:
    options = [*played(origin), "--delay", "0", "--dir", str(directory)]
    console.print(Text(f"\n{title}", style="bold"))
    console.print(Text(f"{as_typed('crawl', *options)}    # while the twin plays"))
    code = _newsarchive(["crawl", *options], url, quiet=not sys.stderr.isatty())
    _newsarchive(["runs", "--limit", "2", "--dir", str(directory)], url, quiet=False)
    return code


def _newsarchive(arguments: Sequence[str], url: str, *, quiet: bool) -> int:
    """The command line in a process of its own; ``quiet`` leaves out the line for each outcome."""
    sys.stdout.flush()
    environment = os.environ | {"NEWSARCHIVE_DATABASE_URL": url}
    if quiet:
        environment["NEWSARCHIVE_LOG_LEVEL"] = "warning"
    command = [sys.executable, "-m", "crawler.cli", *arguments]
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603
