"""The politeness report, the metrics file, the doctor."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, create_engine

from crawler.configuration.file import parse_file, write_example
from crawler.schedule.claim import run_for_slot
from crawler.sources.daum import KNOWN_CHANNELS
from crawler.watch.disk import growth
from crawler.watch.doctor import examine, healthy
from crawler.watch.findings import Finding, Level, Surroundings
from crawler.watch.metrics import Seldom, write_metrics
from crawler.watch.politeness import as_markdown, notes_of, politeness_report, rows_of, shown_rows
from crawler.watch.publishers import publishers, unlisted_publishers
from storage.frontier.captures import record_capture
from storage.frontier.leases import this_process
from storage.frontier.refused import Note, keep_note
from storage.frontier.runs import register_source
from storage.ledger.channels import choose, keep_channels
from storage.operations import schedulers
from storage.operations.alarms import observe
from storage.operations.health import sample_captures
from storage.operations.problems import Findings, Problem, keep, last_verification
from storage.operations.slots import PlannedSlot, write_plan
from storage.records import Capture, WarcPlace
from storage.records.discovery import Channel
from storage.warc.store import WarcWriter
from tests.watch.archive import add_articles, add_capture, add_run

NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
PAGE = "https://v.daum.net/v/1"


# --- politeness ---------------------------------------------------------------------------------


def test_requests_are_counted_by_host_and_hour(engine: Engine) -> None:
    run = add_run(engine, NOON)
    for second in range(0, 130, 2):
        add_capture(engine, run, NOON + second * SECOND, url=PAGE, status=304 if second % 4 else 200)
    add_capture(engine, run, NOON + HOUR, url="https://www.fnnews.com/robots.txt", status=503)
    report = politeness_report(engine, NOON, NOON + 24 * HOUR)
    first, second_host = shown_rows(report)
    assert rows_of(report)[0] == ("v.daum.net", NOON, 65, 6500, 0.4923, 1.08, 30, 60.0, 2.0, 0, 1)
    assert first == (
        "v.daum.net", "2026-11-22 12:00", 65, 6500, "49%", "1.08", 30, "60", "2.00", 0, "yes"
    )  # fmt: skip
    assert (second_host[0], second_host[9]) == ("www.fnnews.com", 1)
    notes = notes_of(report)
    assert "66 answered requests to 2 hosts" in notes[0]
    assert "User agent: newsarchive/test" in notes
    assert "Declared delay between two requests to a host, one at a time: 1 s." in notes
    assert notes[-1] == "The declared ceiling was kept in every hour that had one."


def test_a_broken_promise_is_said(engine: Engine) -> None:
    run = add_run(engine, NOON, settings={"delay_s": "2", "permission": "press office, 2026-10-01"})
    for tenth in range(0, 600, 5):
        add_capture(engine, run, NOON + tenth / 10 * SECOND, url=PAGE)
    report = politeness_report(engine, NOON, NOON + HOUR)
    (row,) = shown_rows(report)
    assert (row[6], row[7], row[8], row[10]) == (120, "30", "0.50", "NO")
    assert "The declared ceiling was passed in 1 hours." in notes_of(report)
    assert "Permission recorded by the operator: press office, 2026-10-01" in notes_of(report)


def test_without_a_ceiling_none_is_called_kept(engine: Engine) -> None:
    run = add_run(engine, NOON, settings={"delay_s": "0"})
    add_capture(engine, run, NOON, url=PAGE)
    report = politeness_report(engine, NOON, NOON + HOUR)
    assert (shown_rows(report)[0][-1], rows_of(report)[0][-1]) == ("no ceiling", None)
    assert notes_of(report)[-1].startswith("No ceiling was declared. In 1 hours none")


def test_a_minute_over_the_full_hour_is_one_minute(engine: Engine) -> None:
    run = add_run(engine, NOON)
    for second in range(-20, 20):
        add_capture(engine, run, NOON + HOUR + second * SECOND, url=PAGE)
    assert [row[6] for row in rows_of(politeness_report(engine, NOON, NOON + 2 * HOUR))] == [20, 40]


def test_the_report_can_be_sent(engine: Engine) -> None:
    run = add_run(engine, NOON)
    add_capture(engine, run, NOON, url=PAGE)
    add_capture(engine, run, NOON, url="https://www.fnnews.com/news/1")
    text = as_markdown(politeness_report(engine, NOON, NOON + HOUR, host="v.daum.net"))
    assert text.startswith("# Politeness report\n")
    assert "| v.daum.net | 2026-11-22 12:00 | 1 | 100 |" in text
    assert "fnnews" not in text


# --- publishers ---------------------------------------------------------------------------------


def test_publishers_that_no_list_names_are_told_once_one_was_read(engine: Engine) -> None:
    file = parse_file('[daum]\npublishers = ["없는일보", "나일보", 5, 99999]', ["daum"])
    register_source(engine, "daum", None, None)
    choose(engine, "daum", None, KNOWN_CHANNELS, (), NOON)
    assert list(unlisted_publishers(engine, file)) == []
    keep_channels(engine, "daum", [Channel(number=77777, name="나일보")], NOON)
    said = "daum.publishers: the list of publishers names no '99999', '없는일보'"
    assert list(unlisted_publishers(engine, file)) == [said]
    assert [one.level for one in publishers(engine, file)] == ["warn"]
    assert list(unlisted_publishers(engine, parse_file('[daum]\npublishers = "all"', ["daum"]))) == []


# --- metrics ------------------------------------------------------------------------------------


def test_the_metrics_file_is_what_prometheus_reads(engine: Engine, tmp_path: Path) -> None:
    run = add_run(engine, NOON)
    add_articles(engine, run, NOON, 3)
    run_for_slot(engine, "daum", "latest", NOON, lambda _slot: 0, lambda: NOON)
    schedulers.beat(engine, "somebody", NOON)
    observe(engine, "disk", "full", "the disk is full", {}, NOON)
    file = tmp_path / "metrics" / "newsarchive.prom"
    write_metrics(engine, file, NOON)
    write_metrics(engine, file, NOON)
    assert [one.name for one in file.parent.iterdir()] == ["newsarchive.prom"]
    families = list(text_string_to_metric_families(file.read_text()))
    found = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }
    assert found["newsarchive_last_run_listed", "daum", "latest"] == 3
    assert found["newsarchive_last_run_outcomes", "daum", "latest", "stored"] == 3
    assert found["newsarchive_last_run_verdict", "daum", "healthy", "latest"] == 1
    assert found["newsarchive_last_run_verdict", "daum", "empty", "latest"] == 0
    assert found["newsarchive_last_run_duration_seconds", "daum", "latest"] == 180
    assert found["newsarchive_slots", "daum", "latest", "ran"] == 1
    assert found["newsarchive_addresses", "daum", "stored"] == 3
    assert found["newsarchive_alarms_raised",] == 1
    assert found["newsarchive_scheduler_beat_timestamp_seconds",] == NOON.timestamp()
    documented = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text()
    assert [family.name for family in families if f"`{family.name}`" not in documented] == []


# --- doctor -------------------------------------------------------------------------------------


def surroundings(engine: Engine, folder: Path, **changes: object) -> Surroundings:
    values: dict[str, object] = {
        "config": folder / "newsarchive.toml",
        "folder": folder,
        "warc_folder": folder / "warc",
        "warc": None,
        "database_url": engine.url.render_as_string(hide_password=False),
        "contact": "desk@example.com",
        "played": frozenset(),
        "known_sources": ("daum", "fnnews"),
        "unverified": None,
        "untrusting": None,
        "now": NOON,
    }
    return Surroundings(**(values | changes))


def checks(findings: list[Finding]) -> dict[str, Level]:
    return {finding.check: finding.level for finding in findings}


def test_a_healthy_archive(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_example(tmp_path / "newsarchive.toml")
    add_run(engine, NOON)
    schedulers.beat(engine, this_process(), NOON)
    findings = examine(surroundings(engine, tmp_path))
    assert healthy(findings)
    found = checks(findings)
    assert found.pop("warc folder") is Level.WARN  # the first crawl makes it
    assert set(found.values()) == {Level.OK}
    assert {"contact", "schedule file", "disk", "database", "clock", "scheduler", "run daum latest"} <= set(
        found
    )
    (tmp_path / "newsarchive.toml").write_text("[scheduler]\nstop_after = '30s'\n")
    monkeypatch.setenv("NEWSARCHIVE_RECHEK", "1h")
    findings = examine(surroundings(engine, tmp_path))
    told = {one.check: one.said for one in findings if one.level is Level.WARN}
    assert told["schedule file"].endswith("plans no crawl: nothing is crawled on a schedule")
    assert told["settings"] == "NEWSARCHIVE_RECHEK: no such setting, and of no effect"
    assert healthy(findings)


def test_each_trouble_is_found_and_comes_with_what_to_do(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "newsarchive.toml").write_text("[sources.daum.latest]\ncron = 1\n")
    run = add_run(engine, NOON, verdict="empty")
    add_run(engine, NOON, source="fnnews", verdict="blocked")
    add_capture(engine, run, NOON, url="https://v.daum.net/robots.txt", status=500)
    for _ in range(2):  # a slot whose database refused is due once more
        run_for_slot(engine, "daum", "latest", NOON, lambda _slot: 4, lambda: NOON)
    observe(engine, "drift daum", "drift", "title is gone", {}, NOON)
    findings = examine(surroundings(engine, tmp_path, contact=None))
    assert not healthy(findings)
    found = checks(findings)
    assert found["contact"] is Level.FAIL
    assert found["schedule file"] is Level.FAIL
    assert found["run daum latest"] is Level.FAIL
    assert found["run fnnews latest"] is Level.FAIL
    assert found["robots.txt"] is Level.WARN
    assert found["slot daum latest"] is Level.WARN
    assert found["alarm drift daum"] is Level.WARN
    assert found["captures"] is Level.FAIL  # the row names a file that is not there
    assert [one.check for one in findings if one.level is Level.FAIL and not one.to_do] == []


def test_a_schedule_that_nobody_keeps_any_more_is_a_failure(engine: Engine, tmp_path: Path) -> None:
    """A crontab that was lost: the last run ended well, a week ago."""
    file = tmp_path / "newsarchive.toml"
    file.write_text(
        "[sources.daum.latest]\ncron = '*/20 * * * *'\n[sources.daum.recheck]\ncron = '10 5 * * *'\n"
    )
    os.utime(file, (0, 0))
    add_run(engine, NOON)
    write_plan(engine, "daum", "latest", [PlannedSlot(due_at=NOON, origin="cron */20 * * * *")], NOON)
    run_for_slot(engine, "daum", "latest", NOON, lambda _slot: 0, lambda: NOON)

    def silent(after: timedelta) -> list[str]:
        found = examine(surroundings(engine, tmp_path, now=NOON + after))
        return [one.check for one in found if one.check.startswith("schedule ") and one.level is Level.FAIL]

    assert silent(timedelta(minutes=79)) == []
    assert silent(timedelta(days=7)) == ["schedule daum latest"], "a recheck was never planned by anybody"
    # Cron's crawl of another source writes its slots, and nobody crawls them.
    late = NOON + timedelta(minutes=80)
    write_plan(engine, "daum", "latest", [PlannedSlot(due_at=late, origin="cron */20 * * * *")], late)
    assert silent(timedelta(minutes=79)) == []
    assert silent(timedelta(minutes=81)) == ["schedule daum latest"]
    os.utime(file, (0, (NOON + timedelta(days=7)).timestamp()))
    assert silent(timedelta(days=7, minutes=19)) == [], "a schedule that was changed owes nothing before"


def test_crawls_that_are_broken_off_time_after_time_are_a_failure(engine: Engine, tmp_path: Path) -> None:
    """A disk that refuses each crawl of weeks: each said so, and the doctor that all was well."""

    def said(hours: int) -> list[tuple[Level, str]]:
        found = examine(surroundings(engine, tmp_path, now=NOON + hours * HOUR))
        return [(one.level, one.said) for one in found if one.check == "run daum latest"]

    refused = "The disk that holds the archive folder is full"
    add_run(engine, NOON, verdict="healthy")
    for hour in (1, 2):
        add_run(engine, NOON + hour * HOUR, verdict="interrupted", reason=refused)
        assert [level for level, _ in said(hour)] == [Level.WARN]
    add_run(engine, NOON + 3 * HOUR, verdict="interrupted", reason=refused)
    ((level, words),) = said(3)
    assert level is Level.FAIL
    assert "3 in a row were broken off, none came to its end since 2026-11-22 12:00" in words
    assert [level for level, _ in said(24 * 8)] == [Level.WARN], "a source given up, which nobody planned"
    add_run(engine, NOON + 4 * HOUR, verdict="degraded")
    assert [level for level, _ in said(4)] == [Level.WARN], "a crawl that came to its end ends it"


def test_a_run_that_the_database_refused_is_told_before_its_row_can_say_it(
    engine: Engine, tmp_path: Path
) -> None:
    """Its row says nothing, or what a server kept of a commit that it never confirmed."""
    run = add_run(engine, NOON)
    keep_note(tmp_path, Note(run=run, owner="gone", at=NOON.isoformat(), why="the server went away"))
    found = {one.check: one for one in examine(surroundings(engine, tmp_path))}
    told = found[f"refused run {run}"]
    assert (told.level, "the server went away" in told.said) == (Level.WARN, True)


def test_a_run_that_is_broken_off_hides_no_failure_before_it(engine: Engine, tmp_path: Path) -> None:
    add_run(engine, NOON, verdict="empty", reason="no list named an article")
    add_run(engine, NOON + HOUR, verdict="interrupted", reason="told to stop")
    found = examine(surroundings(engine, tmp_path, now=NOON + 2 * HOUR))
    runs = [(one.level, one.said.split(":")[-1].strip()) for one in found if one.check == "run daum latest"]
    assert runs == [(Level.WARN, "told to stop"), (Level.FAIL, "no list named an article")]


@pytest.mark.parametrize(
    ("reason", "to_do"),
    [
        ("10 of 10 refused: outside the source: new.hanbit.example", "add it to hosts and fetch_hosts"),
        ("10 of 10 refused: status 403", "the site refuses us"),
        ("all 2 seeds refused: robots.txt unreachable: DNS does not resolve the host's name", "network, DNS"),
        ("9 of 9 refused: host rests until 18:00 (Retry-After of 7200 s, with 429)", "newsarchive rests"),
        ("the run ends: a.kr rests until 2027-11-28 23:17 (Retry-After of 31536000 s)", "newsarchive rests"),
    ],
)
def test_a_site_that_moved_is_not_said_to_refuse(
    engine: Engine, tmp_path: Path, reason: str, to_do: str
) -> None:
    add_run(engine, NOON, verdict="blocked", reason=reason)
    told = {one.check: one.to_do for one in examine(surroundings(engine, tmp_path))}
    assert to_do in told["run daum latest"]


@pytest.mark.parametrize(
    ("changes", "level", "said"),
    [
        ({}, Level.OK, "every site has to prove that it is who was asked"),
        ({"unverified": "a.kr"}, Level.OK, "every site has to prove that it is who was asked, but for a.kr"),
        ({"unverified": "*", "untrusting": "No. Do."}, Level.WARN, "no site has to prove"),
        (
            {"untrusting": "No site can (SSL_CERT_FILE=/a.b). Install"},
            Level.FAIL,
            "No site can (SSL_CERT_FILE=/a.b)",
        ),
        (
            {"untrusting": "No. Do.", "played": frozenset({"daum", "fnnews"})},
            Level.OK,
            "all sources are played",
        ),
    ],
)
def test_who_vouches_for_sites(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], level: Level, said: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    monkeypatch.setenv("http_proxy", "")
    engine = create_engine(f"sqlite:///{tmp_path / 'none.db'}")
    found = {one.check: one for one in examine(surroundings(engine, tmp_path, **changes))}
    assert found["certificates"].level is level
    assert found["certificates"].said.startswith(said)
    assert bool(found["certificates"].to_do) is (level is not Level.OK)
    assert found["proxy"].said == "HTTPS_PROXY is set, and sites are asked without a proxy all the same"


def test_a_missing_database_is_said(tmp_path: Path, engine: Engine) -> None:
    findings = examine(surroundings(engine, tmp_path, database_url=f"sqlite:///{tmp_path / 'none.db'}"))
    assert checks(findings)["database"] is Level.FAIL


@pytest.mark.parametrize(("off", "level"), [(2 * SECOND, Level.OK), (2 * HOUR, Level.WARN)])
def test_the_clock_is_held_against_the_newest_answer(
    engine: Engine, tmp_path: Path, off: timedelta, level: Level
) -> None:
    run = add_run(engine, NOON)
    with WarcWriter(tmp_path / "warc", software="test", contact=None) as writer:
        kept(engine, run, writer, NOON, date=NOON - off)
    assert checks(examine(surroundings(engine, tmp_path)))["clock"] is level
    early = surroundings(engine, tmp_path, now=NOON - 24 * HOUR)
    found = checks(examine(early))
    assert found["clock"] is Level.FAIL
    assert found["times daum"] is Level.OK  # no page of its run waits for a look


def test_a_twin_s_date_says_nothing_of_the_clock(engine: Engine, tmp_path: Path) -> None:
    """Whoever looked at the demo was told to set the clock: the twin plays a day in November."""
    run = add_run(engine, NOON, settings={"origin": "http://127.0.0.1:8765"})
    with WarcWriter(tmp_path / "warc", software="test", contact=None) as writer:
        kept(engine, run, writer, NOON, date=NOON - 24 * HOUR)
    assert checks(examine(surroundings(engine, tmp_path)))["clock"] is Level.OK


def test_captures_of_every_age_are_read_back(engine: Engine, tmp_path: Path) -> None:
    """The newest file is whole; one of an older day is gone."""
    for day in range(5, 0, -1):
        run = add_run(engine, NOON - day * 24 * HOUR)
        with WarcWriter(tmp_path / "warc", software="test", contact=None) as writer:
            for _ in range(3):
                kept(engine, run, writer, NOON - day * 24 * HOUR)
    found = examine(surroundings(engine, tmp_path))
    said = next(one.said for one in found if one.check == "captures")
    assert said == "read back: 15 captures in 5 files, back to 2026-11-17 12:00"
    sorted((tmp_path / "warc").iterdir())[2].unlink()
    lost = next(one for one in examine(surroundings(engine, tmp_path)) if one.check == "captures")
    assert lost.level is Level.FAIL
    assert "3 of 15 captures in 5 files" in lost.said


def test_a_large_archive_is_sampled_and_each_look_reads_others(engine: Engine) -> None:
    run = add_run(engine, NOON)
    for number in range(200):
        add_capture(engine, run, NOON + number * SECOND, url=PAGE)
    looks = [{one.id for one in sample_captures(engine, 20, turn)} for turn in range(10)]
    assert {len(look) for look in looks} <= {20, 21}
    assert len(set.union(*looks)) > 180
    newest = max(set.union(*looks))
    assert all(newest in look for look in looks)


def kept(engine: Engine, run: int, writer: WarcWriter, at: datetime, date: datetime | None = None) -> None:
    place = write_one(writer, format_datetime(date or at, usegmt=True))
    capture = Capture(
        url=PAGE,
        fetched_at=at,
        http_status=200,
        content_type="text/html",
        etag=None,
        last_modified=None,
        payload_digest="sha1:A",
        payload_length=2,
        warc=place,
    )
    record_capture(engine, capture, run, None)


@pytest.mark.parametrize(
    ("mode", "verdict", "later", "level"),
    [
        ("latest", "blocked", None, Level.FAIL),
        ("latest", "blocked", "latest", Level.OK),
        ("backfill", "blocked", None, Level.WARN),
        ("backfill", "empty", "latest", Level.WARN),
    ],
)
def test_one_refused_backfill_is_no_failure_for_ever(
    engine: Engine, tmp_path: Path, mode: str, verdict: str, later: str | None, level: Level
) -> None:
    (tmp_path / "newsarchive.toml").touch()  # one that is named and lacks is a failure
    add_run(engine, NOON - 2 * HOUR, mode=mode, verdict=verdict)
    if later:
        add_run(engine, NOON - HOUR, mode=later)
    found = examine(surroundings(engine, tmp_path))
    assert checks(found)[f"run daum {mode}"] is level
    assert healthy(found) == (level is not Level.FAIL)
    old = examine(surroundings(engine, tmp_path, now=NOON + 24 * 8 * HOUR))
    assert healthy(old)  # nobody crawls it any more, and nothing is planned


def test_files_that_nobody_could_write_are_found_before_an_alarm_is(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    config = tmp_path / "newsarchive.toml"
    config.write_text(f'[alarms]\njson_file = "/proc/no/alarms"\n[metrics]\nfile = "{tmp_path}/folder"\n')
    found = {one.check: one for one in examine(surroundings(engine, tmp_path))}
    assert found["alarm file"].level is found["metrics file"].level is Level.FAIL
    assert "it is a folder" in found["metrics file"].said
    config.write_text(f'[alarms]\njson_file = "{tmp_path}/new/a"\n[metrics]\nfile = "{tmp_path}/m.prom"\n')
    found = {one.check: one for one in examine(surroundings(engine, tmp_path))}
    assert found["alarm file"].level is found["metrics file"].level is Level.OK
    assert not (tmp_path / "new").exists()  # a look leaves nothing behind


# --- the disk -----------------------------------------------------------------------------------

GIB = 1024**3


def warc_files(*days_and_sizes: tuple[float, int]) -> dict[Path, int]:
    return {
        Path(f"newsarchive-{NOON - days * 24 * HOUR:%Y%m%d%H%M%S}000000-1-00000.warc.gz"): size
        for days, size in days_and_sizes
    }


def test_the_disk_is_forecast_by_the_files_of_the_last_days() -> None:
    files = warc_files((300, 90 * GIB), (14, 4 * GIB), (7, 4 * GIB), (0.5, 6 * GIB))
    found = growth(files, database=52 * GIB, now=NOON)
    assert found is not None
    assert found.bytes_a_day == pytest.approx(1.5 * GIB)
    assert str(found) == (
        "1.5 GiB a day: 14.0 GiB of WARC files in 14.0 days, and 0.50 bytes of the database for each"
    )


@pytest.mark.parametrize("files", [warc_files(), warc_files((0.2, GIB)), {Path("imported.warc.gz"): GIB}])
def test_a_young_archive_says_nothing_of_a_day(files: dict[Path, int]) -> None:
    assert growth(files, database=0, now=NOON) is None


def test_a_disk_that_will_be_full_is_said_before_it_is(engine: Engine, tmp_path: Path) -> None:
    """Sparse files as large as the disk's own space: they take nothing of it."""
    free = shutil.disk_usage(tmp_path).free
    (tmp_path / "warc").mkdir()
    for path in warc_files((10, free // 2), (1, free // 2)):
        with (tmp_path / "warc" / path).open("wb") as file:
            file.truncate(free // 2)
    (found,) = [one for one in examine(surroundings(engine, tmp_path)) if one.check == "disk"]
    assert found.level is Level.WARN
    assert "; full in 10 days at " in found.said
    assert "of WARC files in 10.0 days" in found.said


def write_one(writer: WarcWriter, date: str) -> WarcPlace:
    return writer.write_exchange(
        url=PAGE,
        fetched_at=NOON,
        request=b"GET /v/1 HTTP/1.1\r\nHost: v.daum.net\r\n\r\n",
        http_status=200,
        reason="OK",
        response_headers=[("Date", date), ("Content-Type", "text/html")],
        body=b"ok",
    )


def test_an_archive_that_was_never_or_long_ago_verified(engine: Engine, tmp_path: Path) -> None:
    add_run(engine, NOON - timedelta(days=100))
    never = {one.check: one for one in examine(surroundings(engine, tmp_path))}["verified"]
    assert (never.level, never.to_do) == (Level.WARN, "run: newsarchive verify --all")
    problem = Problem(check="hashes", what="a file", to_do="restore it")
    for days, found, level in ((95, [], Level.WARN), (2, [], Level.OK), (1, [problem], Level.WARN)):
        at = NOON - timedelta(days=days)
        findings = Findings()
        for one in found:
            findings.add(one)
        keep(engine, "all", at, at, 12, findings)
        assert checks(examine(surroundings(engine, tmp_path)))["verified"] is level


def test_of_many_findings_all_are_counted_and_the_words_of_some_are_kept(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words of all were held in memory: of each page, where a source's rules were changed."""
    monkeypatch.setattr("storage.operations.problems.MOST_KEPT", 2)
    findings = Findings()
    for number in range(5):
        findings.add(Problem(check="hashes", what=f"file {number}", to_do="-", mended=number > 3))
    keep(engine, "all", NOON, NOON, 5, findings)
    kept = last_verification(engine)
    assert kept is not None
    assert (kept.found, kept.mended, len(findings.kept)) == (5, 1, 2)


def test_what_takes_long_to_count_is_counted_seldom() -> None:
    times, counted = iter((0.0, 0.2, 5.0, 10.3, 10.5, 11.0, 11.05, 11.1, 11.1)), iter(range(9))
    seldom = Seldom(lambda: next(times))
    ask = partial(seldom.ask, "runs", lambda: next(counted))
    assert [ask(), ask(), ask()] == [0, 0, 1]
    other = partial(seldom.ask, "slots", lambda: next(counted))
    assert [other(), other()] == [2, 3], "cheap: at every look"
