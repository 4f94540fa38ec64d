"""From a run's rows to a told alarm: once per change of state."""

from __future__ import annotations

import json
import logging
import re
import shutil
import socket
import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import URL, Engine

from crawler.configuration.file import AlarmTable, parse_file
from crawler.schedule.after_slot import after_slot
from crawler.schedule.claim import run_for_slot
from crawler.schedule.slot_book import SlotBook
from crawler.verdict.hindsight import SecondOpinion, second_opinion
from crawler.verdict.run_verdict import Ending
from crawler.watch.alarms import observe_run, observe_slot, tell
from crawler.watch.schedule_alarm import ScheduleAlarm
from crawler.watch.targets import notify, target_name
from storage.database.opening import open_database
from storage.ledger.overlaps import ListOverlap, record_overlaps
from storage.models import SlotState
from storage.operations.alarms import TELLING, observe, raised, take, untold
from storage.operations.slot_claims import SlotEnd, end_open
from storage.operations.slots import get_slot, last_slots, open_slots
from storage.records import Verdict
from storage.seoul import SEOUL
from tests import postgres
from tests.conftest import BOTH
from tests.fetch.certificates import made
from tests.watch.archive import add_articles, add_list, add_run
from tests.watch.listener import Listener

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=SEOUL)
HOUR = timedelta(hours=1)
HEALTHY = Ending(verdict=Verdict.HEALTHY, reason="as expected")


def opinion(engine: Engine, run_id: int, at: datetime, *, whole: bool = True) -> SecondOpinion:
    return second_opinion(engine, "daum", run_id, at, HEALTHY, whole=whole)


def observed(engine: Engine, found: SecondOpinion, now: datetime = NOON) -> list[str]:
    return [alarm.key for alarm in observe_run(engine, "daum", "latest", 1, found, now)]


def pages(first: int, end: int) -> list[str]:
    return [f"https://v.daum.net/v/{number}" for number in range(first, end)]


# --- overlap ------------------------------------------------------------------------------------


def test_lists_that_share_nothing_with_before_are_said(engine: Engine) -> None:
    first, second, third = (add_run(engine, NOON + n * HOUR) for n in range(3))
    add_list(engine, first, pages(1, 7), NOON)
    add_list(engine, second, pages(6, 12), NOON + HOUR)
    add_list(engine, third, pages(12, 18), NOON + 2 * HOUR)
    add_list(engine, second, pages(50, 51), NOON + HOUR, seed="short")
    add_list(engine, third, pages(60, 61), NOON + 2 * HOUR, seed="short")
    assert opinion(engine, second, NOON + HOUR).ending == HEALTHY
    found = opinion(engine, third, NOON + 2 * HOUR)
    assert found.missed_lists == ("https://news.daum.net/",)
    assert found.ending.verdict is Verdict.DEGRADED
    assert found.ending.reason == "articles were missed between polls: 1 list moved on wholly"
    assert opinion(engine, third, NOON + 2 * HOUR) == found  # twice is once
    assert observed(engine, found) == ["verdict daum latest", "lists daum"]
    assert observed(engine, found) == []
    assert observed(engine, opinion(engine, second, NOON + HOUR)) == ["verdict daum latest", "lists daum"]


@pytest.mark.parametrize("between", ["fill", "failed", "later", None])
def test_a_list_is_held_against_its_last_reading_in_a_run_of_its_kind(
    engine: Engine, between: str | None
) -> None:
    first, second, third, fourth = (
        add_run(engine, NOON + n * HOUR, mode="fill" if (n, between) == (1, "fill") else "latest")
        for n in range(4)
    )
    add_list(engine, first, pages(1, 7), NOON)
    if between in ("fill", "failed"):
        visit = "failed" if between == "failed" else "stored"
        add_list(engine, second, pages(5, 7), NOON + HOUR, visit=visit)
    add_list(engine, third, pages(3, 9), NOON + 2 * HOUR)
    if between == "later":
        add_list(engine, fourth, pages(1, 9), NOON + 3 * HOUR)
    found = record_overlaps(engine, third)
    seed = "https://news.daum.net/"
    assert found == [ListOverlap(run_id=third, seed=seed, previous_run_id=first, listed=6, shared=4)]
    assert record_overlaps(engine, third) == found
    assert record_overlaps(engine, first) == []


def test_a_source_whose_lists_move_on_is_crawled_sooner(engine: Engine) -> None:
    """Two crawls in a row that missed something: a quarter of the hour, then none with lists that overlap."""
    file = parse_file('[sources.daum.latest]\ncron = "@hourly"', ["daum"])
    shared = [pages(10 * n, 10 * n + 6) for n in range(3)] + [pages(20, 26)]
    extra = []
    for hours, urls in enumerate(shared):
        at = NOON + hours * HOUR
        run = add_run(engine, at, slot=at)
        add_list(engine, run, urls, at)
        opinion(engine, run, at)
        run_for_slot(engine, "daum", "latest", at, lambda _slot: 0, lambda at=at: at)
        slot = last_slots(engine, NOON + timedelta(days=1))["daum", "latest"]
        book = SlotBook(engine, file, since=NOON, opened=NOON)
        after_slot(engine, slot, file, book, delay_s=1, now=at + HOUR / 30)
        extra.append([(one.due_at - at) // (HOUR / 60) for one in open_slots(engine) if one.due_at > at])
        for one in open_slots(engine):
            end_open(engine, one.id, SlotEnd(state=SlotState.RAN), at)
    assert extra == [[], [31], [16], []]


# --- drift --------------------------------------------------------------------------------------


def live_a_month(url: str) -> None:
    engine = open_database(url)
    for day in range(30, 0, -1):
        run = add_run(engine, NOON - timedelta(days=day))
        add_articles(engine, run, NOON - timedelta(days=day), 4)
        opinion(engine, run, NOON - timedelta(days=day))
    engine.dispose()


@pytest.fixture(scope="module")
def sqlite_month(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    path = tmp_path_factory.mktemp("month") / "archive.db"
    shutil.copy(sqlite_template, path)
    live_a_month(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="module")
def postgresql_month(postgresql_server: URL, postgresql_template: str) -> Iterator[str]:
    with postgres.database(postgresql_server, postgresql_template) as url:
        live_a_month(url.render_as_string(hide_password=False))
        assert url.database is not None
        yield url.database


@pytest.fixture(params=BOTH)
def month(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An archive of its own with a month of healthy runs, on each database: a copy of one made once."""
    lived: str | Path = request.getfixturevalue(f"{request.param}_month")
    if isinstance(lived, Path):
        shutil.copy(lived, tmp_path / "archive.db")
        engine = open_database(f"sqlite:///{tmp_path / 'archive.db'}")
        yield engine
        engine.dispose()
        return
    with postgres.database(request.getfixturevalue("postgresql_server"), lived) as url:
        engine = open_database(url.render_as_string(hide_password=False))
        yield engine
        engine.dispose()


def test_a_redesign_is_alarmed_once_within_one_run_with_the_field_named(month: Engine) -> None:
    engine = month
    broken = []
    for hours in range(3):
        run = add_run(engine, NOON + hours * HOUR)
        urls = add_articles(engine, run, NOON + hours * HOUR, 8, title=False)
        found = opinion(engine, run, NOON + hours * HOUR)
        broken += observe_run(engine, "daum", "latest", run, found, NOON)
        if hours == 0:
            first = urls[0]
    assert [alarm.key for alarm in broken] == ["verdict daum latest", "drift daum"]
    (field,) = broken[1].facts["fields"]
    assert field == {"field": "title", "extractor": "daum/2022", "first_bad": first, "rule": "h3.tit_view"}
    assert "title of daum/2022: in 0 of 8 pages, 100% of the last 30 days" in broken[1].message
    mended = add_run(engine, NOON + 5 * HOUR)
    add_articles(engine, mended, NOON + 5 * HOUR, 8)
    assert "drift daum" in observed(engine, opinion(engine, mended, NOON + 5 * HOUR))
    assert raised(engine) == []


def test_pages_that_nothing_understands_are_a_drift_too(month: Engine) -> None:
    engine = month
    run = add_run(engine, NOON)
    add_list(engine, run, [f"https://v.daum.net/v/x{n}" for n in range(6)], NOON, outcome="quarantined")
    found = opinion(engine, run, NOON)
    assert {"title", "published"} <= {drift.field for drift in found.drifts}
    assert found.drifts[0].first_bad == "https://v.daum.net/v/x0"


def test_lists_that_are_understood_no_more_are_a_drift_too(engine: Engine) -> None:
    """A redesign of the lists: no article is read that could lack a field."""
    for hours in range(60, 0, -1):
        run = add_run(engine, NOON - hours * HOUR)
        add_list(engine, run, ["https://v.daum.net/v/1"], NOON - hours * HOUR, outcome="unchanged")
        opinion(engine, run, NOON - hours * HOUR)
    run = add_run(engine, NOON)
    for seed in ("https://news.daum.net/", "https://news.daum.net/tech", "https://news.daum.net/world"):
        add_list(engine, run, [], NOON, seed=seed, visit="quarantined")
    (drift,) = opinion(engine, run, NOON).drifts
    assert (drift.field, drift.extractor, drift.first_bad) == (
        "list",
        "list/listing",
        "https://news.daum.net/",
    )
    assert drift.said == "in 0 of 3 pages, 100% of the last 30 days"


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ((6, 6, 6), "1 list is empty: https://news.daum.net/ (it named something in 3 of 3 readings before)"),
        (
            (6, 6, 0, 0),
            "1 list is empty: https://news.daum.net/ (it named something in 2 of 4 readings before)",
        ),
        ((0,), "1 list is empty: https://news.daum.net/ (it has never named anything)"),
        ((), "1 list is empty: https://news.daum.net/ (it has never named anything)"),
        ((6, 0, 6), None),
        ((6, 0, 6, 0), None),
    ],
)
def test_a_list_that_falls_silent_is_said_until_it_speaks(
    engine: Engine, listed: tuple[int, ...], said: str | None
) -> None:
    """A list that is empty now and then is left alone."""
    for hours, count in enumerate(listed):
        run = add_run(engine, NOON + hours * HOUR)
        add_list(engine, run, pages(1, 1 + count), NOON + hours * HOUR)
    run = add_run(engine, NOON + 9 * HOUR)
    add_list(engine, run, [], NOON + 9 * HOUR)
    empty = ["https://news.daum.net/"]
    ending = second_opinion(engine, "daum", run, NOON + 9 * HOUR, HEALTHY, whole=True, empty=empty).ending
    assert (ending.reason if ending.verdict is Verdict.DEGRADED else None) == said


def test_a_list_that_closes_is_said_and_one_that_never_was_open_is_not(engine: Engine) -> None:
    for hours, ends in enumerate((("stored", "blocked"), ("blocked", "blocked"))):
        run = add_run(engine, NOON + hours * HOUR)
        for seed, end in zip(("https://a.example/", "https://b.example/"), ends, strict=True):
            add_list(engine, run, [], NOON + hours * HOUR, seed=seed, visit=end)
    ending = opinion(engine, run, NOON + HOUR).ending
    assert ending.reason == "1 list that was read before is refused: https://a.example/"


def test_a_run_that_read_nothing_new_clears_no_alarm(month: Engine) -> None:
    engine = month
    run = add_run(engine, NOON)
    add_articles(engine, run, NOON, 8, title=False)
    observed(engine, opinion(engine, run, NOON))
    idle = add_run(engine, NOON + HOUR)
    observed(engine, opinion(engine, idle, NOON + HOUR, whole=False))
    assert [alarm.key for alarm in raised(engine)] == ["drift daum"]


def test_history_makes_a_run_without_news_degraded(engine: Engine) -> None:
    for week in range(1, 7):
        at = NOON - timedelta(weeks=week)
        run = add_run(engine, at)
        add_articles(engine, run, at, 12)
    run = add_run(engine, NOON)
    add_list(engine, run, ["https://v.daum.net/v/1"], NOON, outcome="unchanged", seed="https://other/")
    found = opinion(engine, run, NOON)
    assert "0 new articles, usually 12 at this hour of the week" in found.ending.reason
    assert opinion(engine, run, NOON, whole=False).odd == ()


def test_a_worse_verdict_stays(month: Engine) -> None:
    engine = month
    run = add_run(engine, NOON)
    add_articles(engine, run, NOON, 8, title=False)
    blocked = Ending(verdict=Verdict.BLOCKED, reason="5 of 8 refused")
    ending = second_opinion(engine, "daum", run, NOON, blocked, whole=True).ending
    assert ending.verdict is Verdict.BLOCKED
    assert ending.reason.startswith("5 of 8 refused; fields drifted: title")


# --- states -------------------------------------------------------------------------------------


def verdict(word: Verdict) -> SecondOpinion:
    return SecondOpinion(ending=Ending(verdict=word, reason="because"))


def test_only_changes_are_told_and_an_interrupted_run_changes_nothing(engine: Engine) -> None:
    words = [Verdict.HEALTHY, Verdict.EMPTY, Verdict.EMPTY, Verdict.INTERRUPTED, Verdict.BLOCKED]
    told = [observed(engine, verdict(word)) for word in [*words, Verdict.HEALTHY, Verdict.HEALTHY]]
    one = ["verdict daum latest"]
    assert told == [[], one, [], [], one, one, []]


def test_a_fill_alarms_nobody(engine: Engine) -> None:
    assert observe_run(engine, "daum", "fill", 1, verdict(Verdict.EMPTY), NOON) == []


def test_a_slot_that_was_missed_is_an_alarm_until_one_is_crawled(engine: Engine) -> None:
    for hours, code in enumerate((2, 2, 0)):
        at = NOON + hours * HOUR
        run_for_slot(engine, "daum", "latest", at, lambda _slot, code=code: code, lambda at=at: at)
        slot = get_slot(engine, last_slots(engine, NOON + timedelta(days=1))["daum", "latest"].id)
        alarm = observe_slot(engine, slot, NOON)
        assert (alarm is not None) == (hours != 1)


# --- telling ------------------------------------------------------------------------------------


def test_each_target_is_told_once_and_again_only_when_it_failed(
    engine: Engine, listener: Listener, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lines = tmp_path / "logs" / "alarms.jsonl"
    table = AlarmTable(targets=(listener.target,), json_file=lines)
    observed(engine, verdict(Verdict.EMPTY))
    listener.answer = 500
    with caplog.at_level(logging.INFO, logger="newsarchive"):
        tell(engine, table, NOON)
    assert "ALARM daum latest: empty: because" in caplog.text
    assert listener.heard == []
    assert "could not be told" in (untold(engine)[0].undelivered or "")
    assert "error=500" in (untold(engine)[0].undelivered or "")
    listener.answer = 200
    caplog.clear()
    tell(engine, table, NOON + timedelta(seconds=59))
    assert listener.heard == []
    tell(engine, table, NOON + timedelta(minutes=1))
    tell(engine, table, NOON + HOUR)
    assert "ALARM" not in caplog.text
    assert listener.heard == ["daum latest: empty: because"]
    assert untold(engine) == []
    (line,) = lines.read_text().splitlines()
    assert json.loads(line) | {"at": ""} == {
        "at": "",
        "key": "verdict daum latest",
        "state": "empty",
        "raised": True,
        "message": "daum latest: empty: because",
        "run": 1,
        "source": "daum",
        "mode": "latest",
    }


def test_an_alarm_stands_on_its_own_line_behind_what_a_full_disk_left(engine: Engine, tmp_path: Path) -> None:
    lines = tmp_path / "alarms.jsonl"
    lines.write_text('{"key": "verdict fnnews latest"}\n{"key": "verdict daum la')
    table = AlarmTable(json_file=lines)
    observed(engine, verdict(Verdict.EMPTY))
    tell(engine, table, NOON)
    observed(engine, verdict(Verdict.HEALTHY))
    tell(engine, table, NOON + HOUR)
    *_, torn, raised, ended = lines.read_text().splitlines()
    assert torn == '{"key": "verdict daum la'
    assert [json.loads(line)["raised"] for line in (raised, ended)] == [True, False]


def test_while_it_is_not_known_who_is_told_an_alarm_waits(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The schedule file has a slip of the pen: a crawl meanwhile took its alarm for told, to nobody."""
    observed(engine, verdict(Verdict.EMPTY))
    tell(engine, AlarmTable(), NOON, unread="newsarchive.toml is no TOML")
    assert [alarm.undelivered for alarm in untold(engine)] == ["newsarchive.toml is no TOML"]
    lines = tmp_path / "alarms.jsonl"
    tell(engine, AlarmTable(json_file=lines), NOON + timedelta(minutes=1))
    assert "daum latest: empty" in lines.read_text()
    assert (caplog.text.count("ALARM daum latest"), untold(engine)) == (1, [])


def test_who_was_away_while_something_was_wrong_is_told_that_it_was(
    engine: Engine, listener: Listener, tmp_path: Path
) -> None:
    """It went wrong and was well again before the target answered, which heard that all was well alone."""
    lines = tmp_path / "alarms.jsonl"
    table = AlarmTable(targets=(listener.target,), json_file=lines)
    listener.answer = 500
    for hours, kind in enumerate((Verdict.EMPTY, Verdict.HEALTHY, Verdict.BLOCKED)):
        observed(engine, verdict(kind), NOON + hours * HOUR)
        tell(engine, table, NOON + hours * HOUR)
    listener.answer = 200
    observed(engine, verdict(Verdict.HEALTHY), NOON + 3 * HOUR)
    tell(engine, table, NOON + 3 * HOUR)
    assert listener.heard == [
        "daum latest: healthy: because\n"
        "not told before: 2026-11-22T12:00:00+09:00 daum latest: empty: because\n"
        "not told before: 2026-11-22T14:00:00+09:00 daum latest: blocked: because"
    ]
    assert "untold_before" not in lines.read_text()  # the file was told of each
    observed(engine, verdict(Verdict.EMPTY), NOON + 4 * HOUR)
    tell(engine, table, NOON + 4 * HOUR)
    assert listener.heard[1:] == ["daum latest: empty: because"]


def test_of_many_changes_that_were_not_told_the_newest_are_kept(engine: Engine) -> None:
    for hour in range(60):
        observed(engine, verdict(Verdict.HEALTHY if hour % 2 else Verdict.EMPTY), NOON + hour * HOUR)
    (alarm,) = untold(engine)
    assert [one.at[5:13] for one in alarm.missed][::9] == ["11-24T04", "11-24T22"]


def test_a_schedule_that_cannot_be_kept_is_told_without_the_database(listener: Listener) -> None:
    """A full disk stopped the archive and nobody was told: an alarm's row was refused too."""
    table, alarm = AlarmTable(targets=(listener.target,)), ScheduleAlarm()
    for minute in (0, 1, 4):
        alarm.look(table, "the disk is full", NOON + minute * timedelta(minutes=1))
    alarm.look(table, None, NOON + timedelta(minutes=5))  # a restart of the server
    assert listener.asked == 0
    listener.answer = 500
    for minute in range(10, 30):
        alarm.look(table, "the disk is full", NOON + minute * timedelta(minutes=1))
        listener.answer = 200 if minute > 17 else 500  # three times in vain
    alarm.look(table, None, NOON + timedelta(minutes=30))
    alarm.look(table, None, NOON + timedelta(minutes=31))
    said = "the schedule could not be kept: the disk is full"
    assert listener.heard == [said, f"the schedule is kept again; from 2026-11-22 12:10 on: {said}"]
    assert listener.asked == 5


def test_two_that_tell_at_once_tell_it_once(engine: Engine, listener: Listener, tmp_path: Path) -> None:
    """The crawls of two sources end in the same second, or one dies while it tells."""
    lines = tmp_path / "alarms.jsonl"
    observed(engine, verdict(Verdict.EMPTY))
    listener.meanwhile = lambda: tell(engine, AlarmTable(json_file=lines), NOON)
    tell(engine, AlarmTable(targets=(listener.target,), json_file=lines), NOON)
    assert (len(lines.read_text().splitlines()), listener.heard) == (1, ["daum latest: empty: because"])
    assert untold(engine) == []
    observe(engine, "disk", "full", "the disk is full", {}, NOON)
    (alarm,) = untold(engine)
    assert [take(engine, alarm, NOON), take(engine, alarm, NOON)] == [True, False]
    table = AlarmTable(targets=(listener.target,))
    assert tell(engine, table, NOON + TELLING - timedelta(seconds=1)) == []
    assert [one.key for one in tell(engine, table, NOON + TELLING)] == ["disk"]


def test_a_target_that_is_away_is_asked_ever_more_seldom(engine: Engine, listener: Listener) -> None:
    """Two things are wrong: it is waited for once in a round, not once for each."""
    listener.answer = 500
    table = AlarmTable(targets=(f"json://user:s3cretword@127.0.0.1:{listener.server_port}/hook",))
    observed(engine, verdict(Verdict.EMPTY))
    observe(engine, "disk", "full", "the disk is full", {}, NOON)
    asked = []
    for minute in range(61):
        before = listener.asked
        tell(engine, table, NOON + minute * timedelta(minutes=1))
        asked += [minute] * (listener.asked - before)
    assert asked == [0, 1, 3, 7, 15, 31]
    assert len({alarm.undelivered for alarm in untold(engine)}) == 1


def test_a_target_that_cannot_be_reached_says_so_without_its_secrets(engine: Engine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        port = taken.getsockname()[1]
        observed(engine, verdict(Verdict.EMPTY))
        tell(engine, AlarmTable(targets=(f"json://user:s3cretword@127.0.0.1:{port}/hook",)), NOON)
    (alarm,) = untold(engine)
    assert "Connection refused" in (alarm.undelivered or "")
    assert "s3cretword" not in (alarm.undelivered or "")


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["554 go away"], "554 go away"),
        (["220 hi", "250-hi\r\n250 AUTH PLAIN", "535 no s3cretword, it's wrong"], "535 no ***, it's wrong"),
        (["220 hi", "250 hi"], "AUTH extension not supported by server"),
        (["220 hi", "250-hi\r\n250 AUTH PLAIN", "235 ok", "250 ok", "451 wait", "250 ok"], "451 wait"),
        (["220 hi"], "Connection unexpectedly closed"),
    ],
)
def test_a_mail_server_that_refuses_is_told_in_its_own_words(lines: list[str], why: str) -> None:
    """Greylisted, no such mailbox, a password that changed: all were "Sending email failed"."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        talk = Thread(target=_says, args=(server, lines), daemon=True)
        talk.start()
        place = f"127.0.0.1:{server.getsockname()[1]}?from=desk@town.example&to=red@town.example"
        told = notify(f"mailto://desk:s3cretword@{place}", "t", "text") or ""
        talk.join(5)
    assert told.endswith(why)
    assert "s3cretword" not in told


def _says(server: socket.socket, lines: list[str]) -> None:
    """A mail server's lines, one for each that is heard after the greeting."""
    connection, _ = server.accept()
    with connection, connection.makefile("rb") as heard:
        for line in lines:
            connection.sendall(f"{line}\r\n".encode())
            heard.readline()


def test_a_certificate_that_is_refused_is_told(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made("127.0.0.1", ["127.0.0.1"]).write(tmp_path / "own.pem"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        talk = Thread(target=_refused, args=(server, context), daemon=True)
        talk.start()
        told = notify(f"jsons://127.0.0.1:{server.getsockname()[1]}/hook", "t", "text") or ""
        talk.join(5)
    assert told.endswith(": self-signed certificate")


def _refused(server: socket.socket, context: ssl.SSLContext) -> None:
    connection, _ = server.accept()
    with connection, pytest.raises(ssl.SSLError):
        context.wrap_socket(connection, server_side=True)


@pytest.mark.parametrize("answer", ["407 Proxy Authentication Required", "502 Bad Gateway"])
def test_a_proxy_on_the_way_that_refuses_is_told(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    """The library asks by the proxy of the environment, and kept its answer to itself."""
    listener.answer = int(answer[:3])
    monkeypatch.setenv("https_proxy", f"http://bob:s3cretword@127.0.0.1:{listener.server_port}")
    told = notify("jsons://hook.example/T0KEN123", "t", "text") or ""
    assert told.endswith(f": {answer}")
    assert "s3cretword" not in told


def test_what_speaks_no_tls_is_told(listener: Listener) -> None:
    told = notify(listener.target.replace("json:", "jsons:"), "t", "text") or ""
    assert re.search(r"\*\*\*: [a-z ]+$", told)


@pytest.mark.parametrize("answer", [301, 302, 303, 307, 308])
def test_a_redirect_tells_nobody(listener: Listener, answer: int) -> None:
    """A webhook that moved to https: the library would ask there without the text, and believe a 200."""
    listener.answer = answer
    why = notify(listener.target, "t", "text") or ""
    assert (f"error={answer}" in why, "name that address" in why, listener.asked) == (True, True, 1)


def test_an_answer_that_drips_is_not_waited_for(listener: Listener) -> None:
    listener.drips.set()
    assert notify(listener.target, "t", "text", within_s=0.3) == "it gave no whole answer within 0.3 s"
    listener.drips.clear()
    assert notify(listener.target, "t", "text") is None


def test_what_breaks_in_telling_is_raised_and_not_taken_for_a_slow_answer(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apprise.Apprise.notify", lambda *_, **_more: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        notify(listener.target, "t", "text")


def test_a_targets_secret_is_not_in_its_name() -> None:
    assert "s3cret" not in target_name("mailto://user:s3cret@example.com")
