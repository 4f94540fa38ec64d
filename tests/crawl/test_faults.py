"""Whatever a stage throws, its seed or address gets an outcome, the run goes on and ends, and says so.

A fault is put into each stage in turn, on the first and on a later call, and the real program is run. Ten
things that a stage throws and nobody expects, tried first: CancelledError of a cancelled future; SystemExit
of a library; a BaseException that is no Exception (a panic in Rust); StopIteration, which never leaves an
executor's future; RecursionError; MemoryError; an ExceptionGroup; an error whose str() raises; words with NUL
and half a surrogate pair, which no database takes; words as long as a page. `pytest -s` prints the table.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from storage.database.opening import open_database
from tests.crawl.conftest import stage_on
from tests.crawl.faults import KINDS
from tests.crawl.stage import Stage
from twin import Twin

STORIES = 15
"""Of the twin: fnnews lists LISTED of them."""
LISTED = 5
LISTS = 4
ARTICLE = 8
"""The call of a middleware for the second article, after robots.txt, the lists and tdmrep.json."""

# (stage, calls that throw, what must come of it)
SEED = "one list ends so, the others are read"
ADDRESS = "one address ends so, the others are stored"
RUN = "every address is stored; only the verdict tells it"
NOTHING = "nothing is asked for"
REFUSED = "the run ends with code 4"
ROWS: list[tuple[str, int, str]] = [
    ("open the run", 1, NOTHING),
    ("take over", 1, RUN),
    ("list the seeds", 1, NOTHING),
    ("ask a list", 1, SEED),
    ("ask a list", 4, SEED),
    ("parse a feed", 1, SEED),
    ("parse a feed", 2, SEED),
    ("parse a list", 1, SEED),
    ("parse a list", 2, SEED),
    ("choose", 1, SEED),
    ("choose", 3, SEED),
    ("discover", 1, SEED),
    ("discover", 3, SEED),
    ("next page", 1, SEED),
    ("next page", 3, SEED),
    ("record a seed", 1, SEED),
    ("record a seed", 3, SEED),
    ("errback of a list", 1, SEED),
    ("lease", 1, RUN),
    ("lease", 3, RUN),
    ("ask a page", 1, ADDRESS),
    ("ask a page", 3, ADDRESS),
    ("host", 3, SEED),
    ("host", ARTICLE, ADDRESS),
    ("robots", 1, SEED),
    ("robots", LISTS + 3, ADDRESS),
    ("robots.txt", 1, NOTHING),
    ("tdmrep.json", 1, RUN),
    ("tdm", 1, RUN),
    ("tdm", 3, RUN),
    ("turn", 3, SEED),
    ("turn", ARTICLE, ADDRESS),
    ("end of a turn", 3, SEED),
    ("end of a turn", ARTICLE, ADDRESS),
    ("download", 3, SEED),
    ("download", ARTICLE, ADDRESS),
    ("retry", 3, SEED),
    ("retry", ARTICLE, ADDRESS),
    ("capture", 1, NOTHING),
    ("capture", 3, SEED),
    ("capture", ARTICLE, ADDRESS),
    ("record a capture", 3, SEED),
    ("record a capture", ARTICLE, ADDRESS),
    ("errback", 1, ADDRESS),
    ("callback", 1, ADDRESS),
    ("callback", 3, ADDRESS),
    ("page item", 1, ADDRESS),
    ("page item", 3, ADDRESS),
    ("extract", 1, ADDRESS),
    ("extract", 3, ADDRESS),
    ("end of a page", 1, ADDRESS),
    ("end of a page", 3, ADDRESS),
    ("store", 1, ADDRESS),
    ("store", 3, ADDRESS),
    ("settle", 1, ADDRESS),
    ("settle", 3, ADDRESS),
    ("settle", 0, REFUSED),
    ("record a seed", 0, REFUSED),
    ("verdict", 1, RUN),
    ("alarms", 1, RUN),
    ("close the run", 0, REFUSED),
    ("confirm", 2, REFUSED),  # the row had its verdict
]
AGAIN = {
    ("ask a list", 4),
    ("discover", 3),
    ("next page", 3),
    ("record a seed", 3),
    ("host", 3),
    ("robots", 1),
    ("tdm", 3),
    ("turn", 3),
    ("end of a turn", 3),
    ("retry", 3),
    ("record a capture", 3),
    ("page item", 3),
    ("end of a page", 3),
    ("parse a feed", 2),
    ("parse a list", 2),
    ("choose", 3),
    ("lease", 3),
    ("ask a page", 3),
    ("download", 3),
    ("capture", 3),
    ("callback", 3),
    ("extract", 3),
    ("store", 3),
    ("settle", 3),
}
"""Rows that show no more than their neighbour does: thrown in with every kind, among the proofs."""
CHECKED = [row for row in ROWS if row[:2] not in AGAIN]
BEFORE = {
    "errback": [["capture", "ValueError", ARTICLE]],
    "errback of a list": [["capture", "ValueError", 3]],
    "settle": [["page item", "ValueError", 0]],
}
"""What must go wrong first, so that the stage is come to at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run with a fault ended."""

    stage: str
    nth: int
    kind: str
    code: int
    seconds: float
    log: str
    run: dict[str, Any] | None
    listed: int
    outcomes: dict[str, int]
    told: list[str]
    """Reasons of seeds and addresses that name a fault."""
    seeds: int
    left: int
    """Addresses without an end."""
    leased: int
    held: int
    """Leases of sources."""

    def row(self) -> str:
        run = self.run or {"verdict": "-", "reason": ""}
        ends = ", ".join(f"{n} {name}" for name, n in sorted(self.outcomes.items())) or "-"
        said = (self.told or [run["reason"] or ""])[0][:60]
        return (
            f"{self.stage:22} {self.nth or 'all':>3} {self.kind:15} {self.code} {run['verdict'] or '-':11} "
            f"{self.listed} = {sum(self.outcomes.values())}: {ends:22} {said}"
        )


def ended(folder: Path, stage: str, nth: int, kind: str, code: int, seconds: float) -> Ended:
    with closing(sqlite3.connect(folder / "newsarchive.db")) as db:
        db.row_factory = sqlite3.Row

        def number(question: str) -> int:
            return int(db.execute(question).fetchone()[0])

        told = "SELECT reason FROM seed_visit UNION ALL SELECT reason FROM outcome"
        run = db.execute("SELECT verdict, reason, finished_at FROM run").fetchone()
        return Ended(
            stage=stage,
            nth=nth,
            kind=kind,
            code=code,
            seconds=seconds,
            log=(folder / "log").read_text(encoding="utf-8", errors="replace"),
            run=dict(run) if run else None,
            listed=number("SELECT coalesce(sum(listed), 0) FROM run"),
            outcomes=dict(db.execute("SELECT outcome, count(*) FROM outcome GROUP BY 1").fetchall()),
            told=[row[0] for row in db.execute(told) if row[0] and row[0] not in PLAIN],
            seeds=number("SELECT count(*) FROM seed_visit"),
            left=number("SELECT count(*) FROM address WHERE state <> 'settled'"),
            leased=number("SELECT count(*) FROM address WHERE state = 'leased'"),
            held=number("SELECT count(*) FROM lease"),
        )


PLAIN = ("listed", "a new article")


def crawls(folder: Path, template: Path, origin: str, faults: list[list[Any]], **more: Any) -> dict[str, Any]:
    """A plan for a crawl with these faults in an archive of its own."""
    folder.mkdir()
    shutil.copy(template, folder / "newsarchive.db")
    environment = stage_on(folder, origin).environment()
    argv = ["crawl", "fnnews", "--origin", f"fnnews={origin}", "--delay", "0"]
    ours = {name: value for name, value in environment.items() if name.startswith("NEWSARCHIVE_")}
    return {"faults": faults, "argv": argv, "environment": ours, "log": str(folder / "log"), **more}


def run_all(plans: list[dict[str, Any]], timeout: float) -> list[tuple[int, float]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.crawl.faults"],
        input=json.dumps(plans),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [(code, seconds) for code, seconds in json.loads(done.stdout)]


def all_ended(folder: Path, template: Path, rows: list[tuple[str, int, str]]) -> list[Ended]:
    """Run the rows; KINDS are thrown in turn, so that every stage meets others each time a row is added."""
    with Twin(articles=STORIES) as twin:
        plans = [
            crawls(folder / str(i), template, twin.url, [*BEFORE.get(stage, []), [stage, kind, nth]])
            for i, (stage, nth, kind) in enumerate(rows)
        ]
        codes = run_all(plans, timeout=60 + 20 * len(plans))
    return [
        ended(folder / str(i), stage, nth, kind, code, seconds)
        for i, ((stage, nth, kind), (code, seconds)) in enumerate(zip(rows, codes, strict=True))
    ]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> dict[str, Ended]:
    kinds = [*KINDS]
    rows = [(stage, nth, kinds[i % len(kinds)]) for i, (stage, nth, _) in enumerate(CHECKED)]
    done = all_ended(tmp_path_factory.mktemp("faults"), sqlite_template, rows)
    print(
        "\nstage                 nth thrown       code verdict    listed = outcomes",
        *map(Ended.row, done),
        sep="\n",
    )
    return {f"{one.stage} {one.nth}": one for one in done}


@pytest.mark.parametrize(
    ("stage", "nth", "what"), [pytest.param(*row, id=f"{row[0]} {row[1]}") for row in CHECKED]
)
def test_a_stage_throws(table: dict[str, Ended], stage: str, nth: int, what: str) -> None:
    check(table[f"{stage} {nth}"], what)


@pytest.mark.proof
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_in_every_stage(tmp_path: Path, sqlite_template: Path, kind: str) -> None:
    for one, row in zip(
        all_ended(tmp_path, sqlite_template, [(s, n, kind) for s, n, _ in ROWS]), ROWS, strict=True
    ):
        check(one, row[2])


# --- standing still -------------------------------------------------------------------------------------

HANGS = [
    ("extract", "waits for ever", 2),
    ("parse a list", "blocks its thread", 1),
    ("store", "blocks its thread", 2),
    ("page item", "blocks its thread", 2),
    ("verdict", "blocks its thread", 1),
]
"""An await that ends never, a thread of the pool, the database's thread, the event loop itself, the end."""


@pytest.mark.parametrize(
    "hangs", [pytest.param(HANGS[:2], id="two"), pytest.param(HANGS, id="all", marks=pytest.mark.proof)]
)
def test_a_run_that_stands_still_ends(
    tmp_path: Path, sqlite_template: Path, hangs: list[tuple[str, str, int]]
) -> None:
    with Twin(articles=STORIES) as twin:
        plans = [
            crawls(tmp_path / str(i), sqlite_template, twin.url, [[*hang]], limit_s=3, grace_s=3)
            for i, hang in enumerate(hangs)
        ]
        codes = run_all(plans, timeout=300)
    for i, ((stage, kind, nth), (code, seconds)) in enumerate(zip(hangs, codes, strict=True)):
        one = ended(tmp_path / str(i), stage, nth, kind, code, seconds)
        tail = one.log[-3000:]
        assert one.code == 1, tail
        assert one.run is not None
        assert one.run["verdict"] == "interrupted", tail
        assert "stood still: no stage ended for 3 s, at work: " in one.run["reason"]
        assert one.held == 0  # the source and its addresses are given back
        assert one.leased == 0, tail
        assert one.listed == sum(one.outcomes.values()) + one.left
        assert "failed" not in one.outcomes


# --- the database ---------------------------------------------------------------------------------------

ONCE = """
CREATE SEQUENCE tries;
CREATE FUNCTION collide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF nextval('tries') = 2 THEN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '{state}'; END IF;
  RETURN NEW; END $$;
CREATE TRIGGER collides BEFORE INSERT ON appearance FOR EACH ROW EXECUTE FUNCTION collide();
"""
ALWAYS = """
CREATE FUNCTION collide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF (SELECT count(*) FROM appearance) >= 2 THEN
    RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '{state}'; END IF;
  RETURN NEW; END $$;
CREATE TRIGGER collides BEFORE INSERT ON appearance FOR EACH ROW EXECUTE FUNCTION collide();
"""


@pytest.mark.parametrize("state", ["40P01", pytest.param("40001", marks=pytest.mark.proof)])
def test_a_deadlock_is_tried_again(tmp_path: Path, postgresql_url: str, state: str) -> None:
    done = crawl_with_trigger(tmp_path, postgresql_url, ONCE.format(state=state))
    assert done.outcomes() == {"stored": LISTED}
    assert done.column("SELECT verdict FROM run") == ["degraded"]  # a small twin lists less than declared
    assert "broke" not in done.column("SELECT reason FROM run")[0]


@pytest.mark.proof
@pytest.mark.parametrize("state", ["40P01", "P0001"])
def test_a_deadlock_that_stays_is_an_outcome(tmp_path: Path, postgresql_url: str, state: str) -> None:
    done = crawl_with_trigger(tmp_path, postgresql_url, ALWAYS.format(state=state))
    check_two_stored(done)


def test_a_trigger_that_raises_is_an_outcome(tmp_path: Path, sqlite_url: str) -> None:
    trigger = (
        "CREATE TRIGGER no_more BEFORE INSERT ON appearance WHEN (SELECT count(*) FROM appearance) >= 2 "
        "BEGIN SELECT RAISE(ABORT, 'no more of these'); END"
    )
    check_two_stored(crawl_with_trigger(tmp_path, sqlite_url, trigger))


def crawl_with_trigger(folder: Path, database: str, trigger: str) -> Stage:
    engine = open_database(database)
    with engine.begin() as connection:
        connection.exec_driver_sql(trigger.replace("%", "%%"))
    engine.dispose()
    with Twin(articles=STORIES) as twin:
        stage = stage_on(folder / "archive", twin.url, database)
        done = stage.crawl("fnnews")
    assert done.code == 1, done.err[-3000:]
    return stage


def check_two_stored(stage: Stage) -> None:
    assert stage.outcomes() == {"stored": 2, "failed": LISTED - 2}
    reasons = set(stage.column("SELECT reason FROM outcome WHERE outcome = 'failed'"))
    assert len(reasons) == 1
    assert reasons.pop().startswith("store broke: ")
    assert "store broke: " in stage.column("SELECT reason FROM run")[0]
    assert stage.column("SELECT count(*) FROM address WHERE state <> 'settled'") == [0]


# ----------------------------------------------------------------------------------------------------------


def check(one: Ended, what: str) -> None:
    """What holds whatever was thrown, and what must come of it here."""
    tail = one.log[-3000:]
    if one.kind == "MemoryError" and one.code == 4:  # it says nothing of the list or page: the run is refused
        assert "No more memory can be had" in one.log
        if what == REFUSED:
            return  # nothing can be written any more: the next run finds the note
        assert (one.leased, one.held) == (0, 0), tail
        assert one.run is None or one.run["verdict"] == "interrupted"
        assert "failed" not in one.outcomes or one.stage in BEFORE  # which failed as they should
        return
    assert one.code == (4 if what == REFUSED else 1), tail
    if what == REFUSED:
        assert "cannot be kept" in one.log or "could not be closed" in one.log
        return
    assert one.held == 0
    assert one.left == 0, tail
    assert one.listed == sum(one.outcomes.values()), tail
    if one.run is not None:
        assert one.run["finished_at"]
        assert one.run["verdict"] != "healthy"
    assert "broke: " in (one.run["reason"] if one.run else one.log) or one.stage == "download", tail
    if what == NOTHING:
        assert one.outcomes == {}
    elif what == RUN:
        assert one.outcomes == {"stored": LISTED}
        assert one.told == []
    elif what == SEED:
        assert one.outcomes == {"stored": LISTED}
        assert one.seeds == LISTS
        assert len(one.told) == 1
    else:
        others = "failed" if one.stage == "settle" else "stored"
        assert sum(one.outcomes.values()) == LISTED
        assert one.outcomes[others] == LISTED - 1 + (one.stage == "settle")
        assert one.seeds == LISTS
        assert len(one.told) == (LISTED if one.stage == "settle" else 1)
