"""Wrong settings and wrong words on the command line: one sentence and code 2, whatever the command."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.http import TextResponse

from crawler import cli
from crawler.capture.tdmrep import parse, reservation_for
from crawler.configuration.durations import parse_ages
from crawler.configuration.environment import configuration
from crawler.configuration.file import WrongFile, parse_file
from crawler.fetch.refusals import retry_after
from crawler.sources import all_sources, source_of
from storage.database.opening import open_database
from storage.frontier.rests import LONGEST_REST_S

pytestmark = pytest.mark.usefixtures("nothing_is_set")

ROOT = Path(__file__).resolve().parents[1]
BROKEN = {
    "DELAY": ["abc", "", "-1", "nan", "inf", "1e400", "１", "86401"],
    "LOG_LEVEL": ["loud", ""],
    "LOG_FORMAT": ["xml"],
    "RECHECK": ["soon", "10", "９m", "9999999999999999999999d", "999999999d", "0m"],
    "CONTACT": [
        "nobody",
        "me@",
        "@x",
        "@",
        "http://",
        "a b@c",
        "me@host.",
        "mailto:",
        "a@b.kr\nX-Evil: 1",
        "\udcff@b.kr",
    ],
    "ORIGIN": [
        *(",", "daum=http://h,", "daum=http://exa mple", "daum=http://h?x=1", "daum=http://h#f"),
        *("daum=http://a,daum=http://b", "daum=http://"),
        "x",
        *("daum=ftp://h", "daum=http://h:port", "daum=http://[::1", "daum=http://u:secret@h"),
    ],
    "DATABASE_URL": ["garbage", "postgresql://u:secret@h:port/x", "sqlite://"],
    "DIR": ["", " ", "/tmp/\udcff"],
    "CONFIG": ["", "a\nb"],
}
COMMANDS = [
    ["runs"],
    ["sql", "SELECT 1"],
    ["coverage"],
    ["doctor"],
    ["report", "--politeness"],
    ["schedule"],
    ["schedule", "show"],
    ["init"],
    ["db", "upgrade"],
    ["relink"],
    ["crawl"],
    ["fetch", "https://v.daum.net/v/1"],
    ["extract", "page.html"],
    ["page", "save", "page.html", "--url", "https://v.daum.net/v/1"],
    ["demo"],
    ["twin"],
]


def ended(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> int:
    """The program's exit code."""
    configuration.cache_clear()
    monkeypatch.setattr(sys, "argv", ["newsarchive", *words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]) -> str:
    """The one sentence with which wrong use ends."""
    code = ended(monkeypatch, words)
    said = capsys.readouterr().err
    assert code == 2, (words, said)
    assert said.startswith("newsarchive: "), (words, said)
    assert said.count("\n") == 1, (words, said)
    assert "secret" not in said
    return said


@pytest.mark.parametrize(("name", "value"), [(name, one) for name in BROKEN for one in BROKEN[name]])
def test_a_wrong_setting_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    monkeypatch.setenv(f"NEWSARCHIVE_{name}", value)
    said = told(monkeypatch, capsys, ["runs"])
    assert f"NEWSARCHIVE_{name}" in said or name == "DATABASE_URL"


def test_by_every_command_but_its_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("NEWSARCHIVE_DELAY", "abc")
    for words in COMMANDS:
        assert "NEWSARCHIVE_DELAY" in told(monkeypatch, capsys, words)
        named = words[:2] if words[0] in ("db", "page") else words[:1]
        assert ended(monkeypatch, [*named, "--help"]) == 0
        assert "Usage" in capsys.readouterr().out
    for words in (["--help"], ["-h"], ["--version"]):
        assert ended(monkeypatch, words) == 0
        assert "newsarchive" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_by_scrapy_too() -> None:
    environment = os.environ | {"NEWSARCHIVE_DELAY": "abc"}
    command = [sys.executable, "-m", "scrapy", "list"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("newsarchive: NEWSARCHIVE_DELAY: ")
    assert done.stderr.count("\n") == 1


DAYS = ["9999-12-31", "0001-01-01", "20261120", "2026-W47-5", "２０２６-11-20", "2026-02-30", "-1", ""]
NUMBERS = ["9" * 23, "0", "-5", "1.5", "٣", "１２", "1_000", "ten", " 5"]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(
    "words",
    [
        ["sql", "SELECT 1", "--as-of"],
        ["coverage", "--since"],
        ["coverage", "--until"],
        ["report", "--politeness", "--until"],
        ["search", "금리", "--since"],
        ["search", "금리", "--until"],
        ["report", "--politeness", "--since"],
        ["crawl", "--since"],
        ["crawl", "--since", "2026-11-20", "--until"],
    ],
)
def test_a_wrong_day(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], day: str
) -> None:
    assert f"{words[-1]} takes a day as YYYY-MM-DD" in told(monkeypatch, capsys, [*words, day])


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    "words",
    [
        ["runs", "--limit"],
        ["search", "금리", "--limit"],
        ["crawl", "--limit"],
        ["twin", "--articles"],
        ["twin", "--port"],
    ],
)
def test_a_wrong_number(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], number: str
) -> None:
    wrong = "70000" if (words[-1], number) == ("--port", "0") else number
    assert f"{words[-1]} takes a whole number" in told(monkeypatch, capsys, [*words, wrong])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["crawl", "--delay", "nan"], "--delay takes seconds from 0 to 86400"),
        (["coverage", "--delay", "-1"], "--delay takes seconds from 0 to 86400"),
        (["twin", "--now", "9999-12-31T23:59:59+00:00"], "--now takes a moment"),
        (["twin", "--now", "today"], "--now takes a moment"),
        (["crawl", "--origin", "daum=http://u:secret@127.0.0.1"], "holds a user name or password"),
        (["crawl", "--origin", "daum=http://u:secret@[::1"], "holds a user name or password"),
        (["fetch", "https://v.daum.net/v/1", "--origin", "x=secret@x"], "holds a user name or password"),
        (["crawl", "--origin", "daum=http://[::1"], "an origin is SOURCE=URL"),
        (["fetch", "javascript:alert(1)"], "not a web address"),
        (["fetch", "http://[::1"], "not a web address"),
        (["fetch", "https://example.org/" + "a" * 3000], "longer than the 2,600 that are stored"),
        (["extract", "page.html", "--url", "nothing"], "not a web address"),
        (["page", "save", "page.html", "--url", "\ud800"], "not a web address"),
        (["why", "x", "https://v.daum.net/v/1"], "not a web address"),
        (["diff", "x"], "not a web address"),
        (["runs", "--format", "xml"], "--format is one of table, csv, tsv, json, jsonl; got 'xml'"),
        (
            ["report", "--politeness", "--format", "xml"],
            "--format is one of text, table, csv, tsv, json, jsonl, markdown",
        ),
        (["crawl", "daum", "--slot", "9999-12-31T23:59"], "--slot"),
    ],
)
def test_another_wrong_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    monkeypatch.setenv("NEWSARCHIVE_CONTACT", "desk@example.org")
    assert sentence in told(monkeypatch, capsys, words)


def test_the_last_day_that_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sqlite_url: str
) -> None:
    monkeypatch.setenv("NEWSARCHIVE_DATABASE_URL", sqlite_url)
    for words in (
        ["sql", "SELECT count(*) FROM articles", "--as-of", "2199-12-31"],
        ["coverage", "--until", "1900-01-01"],
        ["report", "--politeness", "--until", "2199-12-31"],
        ["runs", "--limit", "1000000000"],
    ):
        monkeypatch.setattr(sys, "argv", ["newsarchive", *words])
        with pytest.raises(SystemExit) as end:
            sys.exit(cli.main())
        assert not end.value.code, (words, capsys.readouterr().err)


# --- other words from outside ------------------------------------------------------------------------

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [
        (b"120", 120.0),
        (b"Wed, 25 Nov 2026 03:01:00 GMT", 60.0),
        (b"Wed, 25 Nov 2026 02:00:00 GMT", 0.0),
        (b"9" * 500, LONGEST_REST_S),
        (b"Wed, 25 Nov 9999 23:59:59 -2359", LONGEST_REST_S),
        (b"Wed, 25 Nov 2026 03:01:00 +99999999999", None),
        (b"Wed, 25 Nov 0001 03:01:00 +2359", 0.0),
        (b"Wed, 25 Nov 99999 03:01:00 GMT", None),
        ("１２０".encode(), None),
        ("²".encode("latin-1"), None),
        (b"-5", None),
        (b"soon", None),
        (b"", None),
    ],
)
def test_retry_after(raw: bytes, seconds: float | None) -> None:
    response = TextResponse("https://v.daum.net/", headers={"Retry-After": raw})
    assert retry_after(response, NOW) == seconds


def test_a_tdmrep_file_cannot_break_a_request() -> None:
    locations = [r"/\ud800*", r"/a\rAllow: /", r"/\u2028", "", "/news/*"]
    rule = '{"location": "%s", "tdm-reservation": 1, "tdm-policy": "https://a.kr/\\udfff"}'
    body = f"[{', '.join(rule % location for location in locations)}]".encode()
    found = reservation_for(parse(body), "https://v.daum.net/news/1")
    assert found is not None
    assert found.location == "/news/*"


@pytest.mark.parametrize(
    "url",
    [
        "https://v.daum.net/v/２０２６１１２００９００００１２３",
        "https://v.daum.net/v/%EF%BC%92" + "0261120090000123",
        "https://v.daum.net/v/٢٠٢٦١١٢٠٠٩٠٠٠٠١٢٣",
        "https://media.daum.net/?newsid=２０２６１１２００９００００１２３",
        "https://www.fnnews.com/news/２０２６１１２００９００００１２３４",
    ],
)
def test_other_digits_make_no_id(url: str) -> None:
    assert source_of(url) is None
    assert [source.address(url) for source in all_sources().values()] == [None, None]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a = " + "[" * 3000 + "]" * 3000, "brackets within brackets"),
        ("a = " + "{a=" * 3000, "no TOML"),
        ("[sources.daum.latest]\ncorn = '@daily'", "sources.daum.latest.corn is no setting of it"),
        ("[sources.daum.latest]\ncron = 5\nkill_afetr = '3h'", "latest.kill_afetr is no setting"),
        ("[source.daum.latest]\ncron = '@daily'", "source is no setting of it"),
        ("[sources.daum.latest]\ncron = '@daily'\nkill_after = '９h'", "kill_after"),
        ("[sources.daum.latest]\ncron = '@daily'\nkill_after = '" + "9" * 5000 + "h'", "kill_after"),
    ],
)
def test_a_wrong_file_is_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(WrongFile, match=sentence):
        parse_file(text, ["daum", "fnnews"])


def test_the_longest_age() -> None:
    assert len(parse_ages("36500d")) == 1
    with pytest.raises(ValueError, match="hundred years"):
        parse_ages("36501d")


def test_an_unsupported_database_is_no_surprise() -> None:
    with pytest.raises(Exception, match="mysql is not supported"):
        open_database("mysql://u:secret@h/x")
