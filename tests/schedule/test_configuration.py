"""The schedule file: its example, and one clear sentence for every mistake."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.configuration.environment import read_configuration
from crawler.configuration.file import (
    EXAMPLE,
    WrongFile,
    is_there,
    parse_file,
    read_file,
    write_example,
)
from crawler.configuration.words import WrongSetting
from crawler.orders.slot import schedule_of
from crawler.sources import all_sources

SOURCES = sorted(all_sources())
LATEST = '[sources.daum.latest]\ncron = "@hourly"\n'
BACKFILL = '[sources.daum.backfill]\ncron = "@hourly"\n'


def test_the_example_can_be_used_as_it_is(tmp_path: Path) -> None:
    write_example(tmp_path / "newsarchive.toml")
    parsed = read_file(tmp_path / "newsarchive.toml", SOURCES)
    assert [(source, mode) for source, mode, _ in parsed.planned()] == [
        ("daum", "latest"),
        ("daum", "recheck"),
        ("daum", "backfill"),
        ("fnnews", "latest"),
        ("fnnews", "recheck"),
    ]
    assert parsed.sources["daum"]["latest"].kill_after == 7200
    assert parsed.sources["daum"]["backfill"].days == 7


def test_every_commented_setting_of_the_example_is_one(tmp_path: Path) -> None:
    text = re.sub(r"^# ((?:targets|json_file|file) = )", r"\1", EXAMPLE.read_text(), flags=re.MULTILINE)
    parsed = parse_file(text, SOURCES)
    assert len(parsed.alarms.targets) == 2
    assert parsed.alarms.json_file is not None
    assert parsed.metrics.file is not None


def test_the_deployed_example_is_the_same() -> None:
    deployed = Path(__file__).parents[2] / "deploy" / "newsarchive.example.toml"
    assert deployed.read_text() == EXAMPLE.read_text()


def test_writing_the_example_overwrites_nothing(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("mine")
    with pytest.raises(WrongFile, match="is there already"):
        write_example(file)
    assert file.read_text() == "mine"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[sources", "newsarchive.toml is no TOML"),
        ("colour = 1", "colour is no setting of it; there are: sources, alarms"),
        (f'# "day"\n\n{LATEST}day = 3', "latest.day is no setting of it; there are: cron, kill_after, days"),
        (f'# "day"\n\n{LATEST}day = 3', "(at line 5)"),
        ('sources = {daum = {latest = {cron = "@daily", day = 1}}}', "(at line 1)"),
        ("[alarms]\ntargets = [\n  # ours\n  5,\n]\n", "(at line 2)"),
        ('[sources.daum.backfill]\r\ncron = "@daily"\r\ndays = -1', "(at line 3)"),
        (LATEST + "\n" + BACKFILL, "backfill.days is missing: how many past days to crawl (at line 4)"),
        (BACKFILL + 'days = "3"', 'days: is a number, written without quotation marks; got "3"'),
        (BACKFILL + "days = true", "days: is a number, written without quotation marks; got true"),
        ('[scheduler]\npoliteness_share = "0.5"', "scheduler.politeness_share: is a number"),
        ("[daum]\npublishers = [-5]", "daum.publishers: has -5"),
        ('[sources.daum.latest]\ncron = "* * * *"', "sources.daum.latest.cron: a cron line has five fields"),
        ('[sources.daum.latest]\ncron = "61 * * * *"', "sources.daum.latest.cron: minute '61'"),
        ("[sources.daum.latest]\ncron = 5", "sources.daum.latest.cron: a cron line is text"),
        ("[sources.daum.latest]", "sources.daum.latest.cron: is lacking"),
        ("sources = 5", "sources: must be a table"),
        ('[sources.daum]\nlatest = "@daily"', "sources.daum.latest: must be a table"),
        (LATEST + 'queue = ""', "sources.daum.latest.queue: is a name of letters"),
        ('[alarms]\ntargets = "json://h"', "alarms.targets: must be a list"),
        ('[sources.daum.backfill]\ncron = "@daily"\ndays = 1.5', "days: must be a whole number"),
        ('[sources.daum.backfill]\ncron = "@daily"\ndays = 0', "days: must be greater than or equal to 1"),
        (
            '[permissions."https://h/"]\ngiven_by = "x"',
            "permissions.https://h/: is a host as an address has it",
        ),
        (LATEST + 'kill_after = "soon"', "sources.daum.latest.kill_after: a time is"),
        (LATEST + "kill_after = 0", "sources.daum.latest.kill_after: "),
        (LATEST + "day = 3", "sources.daum.latest.day is no setting"),
        (LATEST + "days = 3", "sources.daum.latest.days means something for backfill only"),
        ('[sources.daum.backfill]\ncron = "@daily"', "sources.daum.backfill.days is missing"),
        ('[sources.daum.often]\ncron = "@daily"', "sources.daum.often is no mode"),
        ('[sources.naver.latest]\ncron = "@daily"', "sources.naver: there is no such source"),
        ("[alarms]\ntargets = [5]", "alarms.targets.0: is no address"),
        ('[alarms]\ntargets = ["nothing://s3cret"]', "alarms.targets.0: is no address"),
        ("[scheduler]\npoliteness_share = 2", "scheduler.politeness_share: "),
        ("[sources.daum.latest]\ncron = []", "sources.daum.latest.cron: a cron line is text"),
        (
            '[sources.daum.latest]\ncron = ["@daily", "61 * * * *"]',
            "sources.daum.latest.cron: minute '61'",
        ),
        ('[daum]\npublishers = "some"', "daum.publishers"),
        ('[daum]\npublishers = [" "]', "daum.publishers: has a name without a letter (at line 2)"),
        ('[daum]\npublishers = ["가\\n나"]', "daum.publishers: "),
        ("[daum]\npublisher = []", "daum.publisher is no setting"),
    ],
)
def test_a_wrong_file_is_one_sentence_with_the_key(text: str, sentence: str) -> None:
    with pytest.raises(WrongFile, match=re.escape(sentence)) as wrong:
        parse_file(text, SOURCES)
    assert "\n" not in str(wrong.value)
    assert "s3cret" not in str(wrong.value)


def test_a_missing_file_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="newsarchive init"):
        read_file(tmp_path / "none.toml", SOURCES)


def test_a_file_that_was_named_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip in NEWSARCHIVE_CONFIG: a crawl went on as if there was none, and told nobody of its alarms."""
    monkeypatch.chdir(tmp_path)
    assert not is_there(Path("newsarchive.toml"))
    for lost in (tmp_path / "none.toml", tmp_path / "folder" / "newsarchive.toml"):
        with pytest.raises(WrongFile, match="is not there: write one"):
            is_there(lost)
    with pytest.raises(WrongFile, match="cannot be read: File name too long"):
        is_there(tmp_path / ("a" * 300))
    (tmp_path / "newsarchive.toml").touch()
    assert is_there(Path("newsarchive.toml"))


def test_a_slot_that_is_named_by_its_moment_asks_no_file(tmp_path: Path) -> None:
    """Its scheduler keeps the schedule that it has while the file is wrong; every slot was missed."""
    (tmp_path / "wrong.toml").write_text("[sources")
    settings = read_configuration({"config": tmp_path / "wrong.toml"})
    now = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    assert schedule_of("2026-11-22T06:00+09:00", settings, now) is None
    with pytest.raises(WrongSetting, match="is no TOML"):
        schedule_of("now", settings, now)


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes("# 설정".encode("cp949"))
    with pytest.raises(WrongFile, match="not UTF-8"):
        read_file(tmp_path / "a.toml", SOURCES)


def test_the_byte_order_mark_of_an_editor_is_no_letter(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("\ufeff" + LATEST.replace("\n", "\r\n"), encoding="utf-8", newline="")
    assert len(read_file(tmp_path / "a.toml", SOURCES).planned()) == 1


@pytest.mark.parametrize(("written", "seconds"), [('"90s"', 90), ('"50m"', 3000), ('"2h"', 7200), ("30", 30)])
def test_times_are_written_with_their_unit(written: str, seconds: int) -> None:
    parsed = parse_file(LATEST + f"kill_after = {written}", SOURCES)
    assert parsed.sources["daum"]["latest"].kill_after == seconds


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("", None),
        ("[daum]", None),
        ('[daum]\npublishers = "all"', ("all",)),
        ('[daum]\npublishers = ["뉴시스", 5]', ("뉴시스", "5")),
        ("[daum]\npublishers = []", ()),
    ],
)
def test_publishers(text: str, chosen: tuple[str, ...] | None) -> None:
    file = parse_file(text, SOURCES)
    assert file.publishers("daum") == chosen
    assert file.publishers("fnnews") is None


def test_several_cron_lines() -> None:
    (job,) = parse_file('[sources.daum.latest]\ncron = ["*/20 6-23 * * *", "0 3 * * *"]', SOURCES).planned()
    assert job[2].cron.text == "*/20 6-23 * * *; 0 3 * * *"
