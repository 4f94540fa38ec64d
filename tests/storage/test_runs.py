"""Runs and captures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from storage.database.opening import open_readonly
from storage.frontier import leases
from storage.frontier.captures import load_capture, mark_processed, record_capture
from storage.frontier.leases import this_process
from storage.frontier.refused import Note, drop_note, keep_note, set_right
from storage.frontier.runs import PIECE, close_run, list_runs, open_run, record_seed, register_source
from storage.models import RunRow
from storage.models.base import table_of
from storage.records import Outcome, Verdict
from storage.records.runs import RunSettings, SeedVisit
from tests.storage.samples import FNNEWS, NOON, Desk, fnnews_article, minutes

DEAD = f"{this_process().rsplit('.', 1)[0]}.1"
"""This process's number with another start: a process that is gone."""


def test_a_run_from_its_opening_to_its_row(engine: Engine, database_url: str) -> None:
    desk = Desk(engine)
    run = desk.runs["fnnews"]
    desk.store(fnnews_article())
    (open_one,) = [summary for summary in list_runs(engine, 10) if summary.id == run]
    assert (open_one.verdict, open_one.finished_at, open_one.counts, open_one.requests) == (
        None,
        None,
        {"stored": 1},
        1,
    )
    close_run(engine, run, minutes(9), Verdict.HEALTHY, None, {"stored": 1}, {"requests": 7, "bytes": 900})
    reader = open_readonly(database_url)
    try:
        (closed,) = [summary for summary in list_runs(reader, 10) if summary.id == run]
    finally:
        reader.dispose()
    assert closed.verdict is Verdict.HEALTHY
    assert (closed.listed, closed.requests, closed.bytes) == (1, 7, 900)
    assert (closed.started_at, closed.finished_at) == (NOON, minutes(9))
    (row,) = desk.rows(
        "SELECT started_at, finished_at, listed, stored, failed FROM runs WHERE run_id = :r", r=run
    )
    assert row == ("2026-09-27T12:00:00+09:00", "2026-09-27T12:09:00+09:00", 1, 1, 0)


def test_the_next_run_closes_those_of_dead_processes(engine: Engine) -> None:
    dead = open_run(engine, "daum", "latest", DEAD, NOON, RunSettings())
    other = open_run(engine, "fnnews", "latest", DEAD, NOON, RunSettings())
    alive = open_run(engine, "daum", "latest", this_process(), minutes(1), RunSettings())
    open_run(engine, "daum", "latest", this_process(), minutes(2), RunSettings(delay_s=1.0))
    runs = {run.id: run for run in list_runs(engine, 10)}
    assert runs[dead].verdict is Verdict.INTERRUPTED
    assert runs[dead].finished_at == NOON  # its last sign of life
    assert runs[other].verdict is runs[alive].verdict is None


def test_a_note_of_a_refusal_sets_the_row_right(engine: Engine, tmp_path: Path) -> None:
    """The server kept the verdict and died before it said so: the run ended with code 4."""
    owner = this_process("latest-daum")
    closed, left, other = (open_run(engine, "daum", "latest", owner, NOON, RunSettings()) for _ in range(3))
    for run in (closed, other):
        close_run(engine, run, minutes(9), Verdict.HEALTHY, "2 addresses as expected", {}, {"requests": 7})
    why = "The PostgreSQL database x cannot be reached: the connection is lost"
    for run, whose in ((closed, owner), (left, owner), (other, "another/1/-"), (999, owner)):
        keep_note(tmp_path, Note(run=run, owner=whose, at=minutes(10).isoformat(), why=why))
    (tmp_path / "refused" / "run-5.json").write_text('{"run": 5}')
    (tmp_path / "refused" / "run-6.json").write_text("[")
    set_right(engine, tmp_path)
    runs = {run.id: run for run in list_runs(engine, 10)}
    assert runs[closed].verdict is runs[left].verdict is Verdict.INTERRUPTED
    assert runs[closed].reason == f"{why} (it had been closed as healthy)"
    assert (runs[closed].finished_at, runs[closed].requests) == (minutes(9), 7)
    assert (runs[left].reason, runs[left].finished_at) == (why, minutes(10))
    assert runs[other].verdict is Verdict.HEALTHY
    broken = {path.name for path in (tmp_path / "refused").iterdir()}
    assert broken == {"run-5.json", "run-6.json"}
    set_right(engine, tmp_path)
    drop_note(tmp_path, 5)
    drop_note(tmp_path, 6)
    assert list(tmp_path.glob("refused")) == []


def test_a_note_that_a_full_disk_refuses_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "refused").mkdir()
    (tmp_path / "refused" / "run-1.new").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        keep_note(tmp_path, Note(run=1, owner="a/1/-", at=NOON.isoformat(), why="full"))
    assert list(tmp_path.iterdir()) == []


def test_a_note_stays_when_the_disk_refuses_it_a_second_time(engine: Engine, tmp_path: Path) -> None:
    run = open_run(engine, "daum", "latest", this_process(), NOON, RunSettings())
    note = Note(run=run, owner=this_process(), at=NOON.isoformat(), why="the server is away")
    keep_note(tmp_path, note)
    (tmp_path / "refused" / f"run-{run}.new").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        keep_note(tmp_path, note)
    set_right(engine, tmp_path)
    assert [(one.verdict, one.reason) for one in list_runs(engine, 10)] == [(Verdict.INTERRUPTED, note.why)]
    assert list(tmp_path.glob("refused")) == []


def test_a_note_that_another_run_was_quicker_to_drop_is_no_error(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "refused").mkdir()
    # Named by the folder, and gone when it is read.
    (tmp_path / "refused" / "run-1.json").symlink_to("dropped")
    set_right(engine, tmp_path)
    drop_note(tmp_path, 1)
    drop_note(tmp_path, 1)
    assert list(tmp_path.glob("refused")) == []


def test_a_run_gives_its_names_back_with_its_verdict(engine: Engine) -> None:
    owner = this_process("latest-daum")
    assert leases.acquire(engine, "crawl:daum", owner, NOON, 60) is None
    assert leases.acquire(engine, "crawl:fnnews", this_process("latest-fnnews"), NOON, 60) is None
    run = open_run(engine, "daum", "latest", owner, NOON, RunSettings())
    close_run(engine, run, minutes(1), Verdict.HEALTHY, None, {}, {})
    assert leases.holder(engine, "crawl:daum", NOON) is None
    assert leases.holder(engine, "crawl:fnnews", NOON) == this_process("latest-fnnews")


def test_a_seed_has_one_row_in_a_run(engine: Engine) -> None:
    desk = Desk(engine)
    visit = SeedVisit(
        run_id=desk.runs["daum"],
        seed="https://news.daum.net/society",
        kind="listing",
        section="society",
        outcome=Outcome.FAILED,
        reason="time-out",
        listed=0,
        at=NOON,
    )
    record_seed(engine, visit)
    record_seed(engine, replace(visit, outcome=Outcome.STORED, reason="27 listed", listed=27))
    assert desk.rows("SELECT outcome, listed, section FROM seed_visit") == [("stored", 27, "society")]


def test_a_source_keeps_what_it_declares(engine: Engine) -> None:
    open_run(engine, "daum", "latest", this_process(), NOON, RunSettings())
    register_source(engine, "daum", "다음뉴스", "https://news.daum.net/")
    register_source(engine, "daum", "다음뉴스", "https://news.daum.net/home")
    desk = Desk(engine)
    assert desk.rows("SELECT title, homepage FROM source WHERE name = 'daum'") == [
        ("다음뉴스", "https://news.daum.net/home")
    ]


def test_a_capture_is_given_back_as_it_was(engine: Engine) -> None:
    desk = Desk(engine)
    number = desk.capture(FNNEWS, NOON, None, "fnnews", truncated="length", final_url="https://x.example/")
    stored = load_capture(engine, number)
    assert (stored.id, stored.address_id, stored.processed_at) == (number, None, NOON)  # a list: not judged
    assert stored.capture.signals.robots_rule == "allowed"
    assert record_capture(engine, stored.capture, desk.runs["fnnews"], None) == number
    mark_processed(engine, number, minutes(1))
    assert load_capture(engine, number).processed_at == minutes(1)


def test_two_captures_cannot_lie_at_one_place(engine: Engine) -> None:
    desk = Desk(engine)
    stored = load_capture(engine, desk.capture(FNNEWS, NOON, None, "fnnews"))
    with pytest.raises(ValueError, match="already holds"):
        record_capture(engine, replace(stored.capture, payload_digest="sha1:BBBB"), desk.runs["fnnews"], None)


def test_a_naive_time_is_refused(engine: Engine) -> None:
    from sqlalchemy.exc import StatementError

    with pytest.raises(StatementError, match="no zone"):
        open_run(engine, "daum", "latest", this_process(), NOON.replace(tzinfo=None), RunSettings())


def test_coverage_counts_every_address_once(engine: Engine) -> None:
    desk = Desk(engine)
    desk.store(fnnews_article())
    desk.store(fnnews_article(aliases=(FNNEWS.replace("https", "http"),)), minutes(1))
    desk.address(FNNEWS + "9", "fnnews")
    question = "SELECT source, day, section, listed, stored, unchanged, pending FROM coverage ORDER BY stored"
    assert desk.rows(question) == [
        ("fnnews", "2026-09-27", None, 1, 0, 0, 1),
        ("fnnews", "2026-09-27", "사회", 1, 1, 0, 0),
    ]


SET = RunSettings(
    user_agent="newsarchive/0.1 (+한빛@example.org)",
    delay_s=2.5,
    origin="http://127.0.0.1:1",
    limit=3,
    permission="h.example: given",
    since=date(2026, 11, 1),
    until=date(2026, 11, 2),
)


@pytest.mark.parametrize(
    "settings", [SET, RunSettings(), RunSettings(delay_s=0.0)], ids=["all", "none", "0 s"]
)
def test_a_runs_settings_are_read_as_they_were_written(settings: RunSettings) -> None:
    assert RunSettings.from_json(settings.to_json()) == settings


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("{}", RunSettings()),
        ('{"since": "", "delay_s": "1.0", "colour": "red"}', RunSettings(delay_s=1.0)),
        ('{"permissions": "h.example: given"}', RunSettings(permission="h.example: given")),
    ],
)
def test_settings_of_other_versions_are_read(text: str, settings: RunSettings) -> None:
    assert RunSettings.from_json(text) == settings


def test_runs_of_years_are_asked_for_in_pieces(engine: Engine) -> None:
    """As one question they were too many values for a statement."""
    register_source(engine, "daum", None, None)
    made = {"source": "daum", "mode": "latest", "owner": "x", "started_at": NOON, "settings": "{}"}
    with engine.begin() as connection:
        rows = [{**made, "id": number} for number in range(1, PIECE + 6)]
        connection.execute(insert(table_of(RunRow)), rows)
    assert [one.id for one in list_runs(engine, PIECE + 3)] == list(range(PIECE + 5, 2, -1))
    assert len(list_runs(engine, 10 * PIECE)) == PIECE + 5
