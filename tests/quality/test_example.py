"""``newsarchive page save``: an example folder from a saved page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from crawler.commands.option_types import WrongWord
from crawler.commands.pages import page
from crawler.configuration.environment import WrongSetting
from crawler.quality.corpus import own_examples, unreviewed
from crawler.sources import all_sources
from tests.quality.saved import OWN_PAGES, ROOT

DAUM = ROOT / OWN_PAGES / "daum"
URL = "https://v.daum.net/v/20180516162315753"
PAGE = DAUM / "2018-05-16-wire-notice-inside" / "page.html"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / OWN_PAGES).mkdir(parents=True)
    return tmp_path


def save(*arguments: str | Path) -> Result:
    app = typer.Typer()
    app.add_typer(page, name="page")
    return CliRunner().invoke(app, ["page", "save", *map(str, arguments)])


def test_a_saved_page_becomes_a_folder_that_waits_for_review(repository: Path) -> None:
    done = save(PAGE, "--url", URL, "--root", repository)
    folder = repository / OWN_PAGES / "daum" / "2018-05-16-20180516162315753"
    assert done.exit_code == 0
    assert str(folder) in done.stdout
    assert "publisher's page is its publisher's" in done.stderr
    assert (folder / "page.html").read_bytes() == PAGE.read_bytes()
    assert json.loads((folder / "meta.json").read_text())["url"] == URL
    expected = json.loads((folder / "expected.json").read_text())
    assert expected["reviewed"] is False
    assert (expected["publisher"], expected["outcome"]) == ("뉴시스", "article")
    assert unreviewed(repository) == [(folder / "expected.json").relative_to(repository).as_posix()]
    (example,) = own_examples(repository)
    assert example.score().wrong == ()


@pytest.mark.usefixtures("sources_as_before")
def test_a_page_of_a_source_of_ones_own_lies_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    third = ROOT / "tests" / "sources" / "third" / "hanbit.py"
    (sources / "hanbit.py").write_bytes(third.read_bytes())
    monkeypatch.setenv("NEWSARCHIVE_SOURCES", str(sources))
    monkeypatch.chdir(tmp_path)  # no repository
    (tmp_path / "list.html").write_text("<html><body><ul><li><a href='/read/1'>1</a></li></ul></body></html>")
    url = "https://www.hanbit-journal.example/list"
    done = save("list.html", "--url", url, "--source", "hanbit", "--slug", "list")
    assert done.exit_code == 0, done.output
    (folder,) = (sources / "pages" / "hanbit").iterdir()
    expected = json.loads((folder / "expected.json").read_text())
    assert (folder.name, expected["source"], expected["outcome"]) == ("undated-list", "hanbit", "not_article")


def test_an_example_is_never_overwritten(repository: Path) -> None:
    assert save(PAGE, "--url", URL, "--root", repository, "--slug", "Wire copy!").exit_code == 0
    folder = repository / OWN_PAGES / "daum" / "2018-05-16-wire-copy"
    (folder / "page.html").write_bytes(b"mine")
    again = save(PAGE, "--url", URL, "--root", repository, "--slug", "wire copy")
    assert isinstance(again.exception, WrongSetting)
    assert "is there already" in str(again.exception)
    assert (folder / "page.html").read_bytes() == b"mine"


def test_a_page_of_no_source_is_generic_and_a_page_without_a_day_undated(
    repository: Path, tmp_path: Path
) -> None:
    page = tmp_path / "list.html"
    page.write_text("<p>목록</p>", encoding="utf-8")
    assert save(page, "--url", "https://news.gasang.example/list?sid=1", "--root", repository).exit_code == 0
    assert (repository / OWN_PAGES / "generic" / "undated-list" / "expected.json").is_file()
    url = "https://v.daum.net/channel/13/home"
    assert save(page, "--url", url, "--root", repository, "--source", "daum").exit_code == 0
    assert (repository / OWN_PAGES / "daum" / "undated-home" / "expected.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--url", "v.daum.net"], "not a web address"),
        (
            ["--url", URL, "--source", "naver"],
            f"there is no source 'naver'; there are: {', '.join(all_sources())}, generic",
        ),
        (["--url", URL, "--slug", "새 글"], "a slug needs a Latin letter or a digit"),
    ],
)
def test_wrong_use_is_one_sentence(repository: Path, arguments: list[str], sentence: str) -> None:
    done = save(PAGE, "--root", repository, *arguments)
    assert isinstance(done.exception, (WrongSetting, WrongWord))
    assert sentence in str(done.exception)
    assert list((repository / OWN_PAGES).iterdir()) == []


def test_a_missing_file_and_a_wrong_folder_are_one_sentence(tmp_path: Path) -> None:
    missing = save(tmp_path / "none.html", "--url", URL)
    assert "cannot be read" in str(missing.exception)
    elsewhere = save(PAGE, "--url", URL, "--root", tmp_path)
    assert "run this in the project's repository" in str(elsewhere.exception)
