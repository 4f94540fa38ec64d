"""Every setting that is declared, with wrong values: one sentence that names it, code 2, never a traceback.

The settings are taken from the declarations themselves: one that is new, and not named below, must refuse
every wrong value.
"""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

import pytest
from pydantic import BaseModel

from crawler import cli
from crawler.configuration.environment import WrongSetting, configuration, read_configuration
from crawler.configuration.file import ModeTable, PermissionTable, ScheduleFile, WrongFile, parse_file
from crawler.configuration.variables import Configuration

pytestmark = pytest.mark.usefixtures("nothing_is_set")

WRONG = {
    "empty": "",
    "text": "아무 말",
    "negative": "-1",
    "huge": "9" * 5000,
    "list": "[1, 'a']",
    "letter": "a\udcff",
    "line": "a\nb",
}
PATH = {"text", "negative", "list"}
"""Any of them may be the name of a file."""
FINE = {
    "dir": PATH,
    "config": PATH,
    "pages": PATH,
    "sources": PATH,  # looked for when sources are asked for
    "database_url": {"empty"},  # as if it were not set
    "warc": {"empty"},
    "machine": {"text", "negative", "list"},
    "contact": {"empty"},
    "origin": {"empty"},
    "unverified_hosts": {"empty"},
    "recheck": {"empty"},  # never
    "serve_password": {"empty", "text", "negative", "huge", "list"},
}
"""Setting -> the values of these that it may well have."""


@pytest.mark.parametrize("field", Configuration.model_fields)
def test_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, field: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["newsarchive", "runs"])
    name = f"NEWSARCHIVE_{field.upper()}"
    for kind, value in WRONG.items():
        monkeypatch.setenv(name, value)
        configuration.cache_clear()
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = capsys.readouterr().err
        assert said.startswith("newsarchive: "), (kind, said)
        assert said.count("\n") == 1, (kind, said)
        # 4: the setting is taken, and there is no archive.
        assert end.value.code == (4 if kind in FINE.get(field, ()) else 2), (kind, said)
        assert end.value.code == 4 or name in said or field == "database_url", (kind, said)
    assert list(tmp_path.iterdir()) == []


def test_a_korean_folder_is_found_however_its_letters_are_put_together(tmp_path: Path) -> None:
    parts, whole = (unicodedata.normalize(form, "뉴스 보관소") for form in ("NFD", "NFC"))
    made = tmp_path / parts / "한국"
    made.mkdir(parents=True)
    assert read_configuration({"dir": f"{tmp_path}/{whole}/한국"}).dir == made
    assert read_configuration({"dir": f"{whole}/한국"}).dir == Path(parts) / "한국"
    assert read_configuration({"dir": f"{whole}/새 것"}).dir == Path(parts) / "새 것"
    assert read_configuration({"dir": f"{whole}없다"}).dir == Path(f"{whole}없다")
    (tmp_path / whole).mkdir()
    assert read_configuration({"dir": whole}).dir == Path(whole), "what is there by its very name is meant"


# --- newsarchive.toml -----------------------------------------------------------------------------------

WRONG_IN_TOML = {
    "empty": '""',
    "text": '"아무 말"',
    "negative": "-1",
    "huge": "9" * 40,
    "list": '[1, "\\u0000"]',
    "table": "{a = 1}",
    "bool": "true",
    "nan": "nan",
    "infinite": "1e400",
    "moment": "2026-11-20T09:00:00",
    "line": '"a\\u0000b"',
    "long": '"' + "a" * 5000 + '"',
}
FINE_IN_TOML = {
    "alarms.json_file": {"text"},
    "metrics.file": {"text"},
    "retention.even_the_only_one": {"bool"},
    "permissions.h.given_by": {"text", "long"},
    "permissions.h.purpose": {"text", "long"},
}
NEEDED = {
    "sources.daum.latest": {"cron": '"@daily"'},
    "sources.daum.backfill": {"cron": '"@daily"', "days": "3"},
    "permissions.h": {"given_by": '"a"', "given_on": "2026-11-20", "purpose": '"b"'},
}
"""Table -> what must stand in it besides."""
TABLES: dict[str, type[BaseModel]] = {
    **dict.fromkeys(("sources.daum.latest", "sources.daum.backfill"), ModeTable),
    "permissions.h": PermissionTable,
    **{
        name: field.annotation
        for name, field in ScheduleFile.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    },
}


def test_no_table_is_left_out() -> None:
    assert {name.split(".")[0] for name in TABLES} == set(ScheduleFile.model_fields)


@pytest.mark.parametrize(
    "key", [f"{table}.{field}" for table, model in TABLES.items() for field in model.model_fields]
)
def test_of_the_schedule_file(key: str) -> None:
    table, _, field = key.rpartition(".")
    for kind, value in WRONG_IN_TOML.items():
        lines = {**NEEDED.get(table, {}), field: value}
        text = f"[{table}]\n" + "".join(f"{name} = {one}\n" for name, one in lines.items())
        if kind in FINE_IN_TOML.get(key, ()):
            parse_file(text, ["daum"])
            continue
        with pytest.raises(WrongFile) as wrong:
            parse_file(text, ["daum"])
        assert f"newsarchive.toml: {key}" in str(wrong.value), kind
        assert "\n" not in str(wrong.value), kind


@pytest.mark.parametrize("table", ScheduleFile.model_fields)
def test_what_is_no_table(table: str) -> None:
    for kind, value in WRONG_IN_TOML.items():
        with pytest.raises(WrongFile) as wrong:
            parse_file(f"{table} = {value}\n", ["daum"])
        assert f"newsarchive.toml: {table}" in str(wrong.value), kind


@pytest.mark.parametrize("host", ['""', '"*"', '"https://www.fnnews.com/"', '"a b"', '"a..b"'])
def test_a_permission_of_what_is_no_host(host: str) -> None:
    table = 'given_by = "a"\ngiven_on = 2026-11-20\npurpose = "b"'
    with pytest.raises(WrongFile, match="permissions"):
        parse_file(f"[permissions.{host}]\n{table}", ["daum"])


def test_a_permission_that_is_still_to_come_is_none() -> None:
    text = '[permissions."www.fnnews.com"]\ngiven_by = "a"\ngiven_on = 2099-01-01\npurpose = "b"'
    with pytest.raises(WrongFile, match="not given yet"):
        parse_file(text, ["daum"])


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name may be spelled in any case; what is no setting of ours is none of our business."""
    monkeypatch.setenv("newsarchive_delay", "3")
    monkeypatch.setenv("NEWSARCHIVE_NO_SUCH_THING", "x")
    assert read_configuration({}).delay == 3
    assert read_configuration({"delay": 4.5}).delay == 4.5
    monkeypatch.setenv("newsarchive_delay", "")
    with pytest.raises(WrongSetting, match="NEWSARCHIVE_DELAY"):
        read_configuration({})


@pytest.mark.parametrize("field", [one for one in Configuration.model_fields if len(one) > 3])
def test_a_misspelt_name_is_refused(monkeypatch: pytest.MonkeyPatch, field: str) -> None:
    """Its default would hold in silence, and a crawl fill another archive."""
    for wrong in (field[:-1], field + "s", field[:-2] + field[-1] + field[-2], field.replace("_", "")):
        if wrong in Configuration.model_fields:
            continue
        name = f"NEWSARCHIVE_{wrong.upper()}"
        monkeypatch.setenv(name, "x")
        configuration.cache_clear()
        with pytest.raises(WrongSetting, match=rf"{name} is no setting.*NEWSARCHIVE_{field.upper()}\?"):
            configuration()
        monkeypatch.delenv(name)


def test_what_others_keep_under_such_a_name_is_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IMAGE", "VERSION", "DATA", "UID", "PORT", "TAG"):
        monkeypatch.setenv(f"NEWSARCHIVE_{name}", "x")
    configuration()
