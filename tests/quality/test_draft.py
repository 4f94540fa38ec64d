"""Drafting the truth about a shared page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.quality import draft
from crawler.quality.corpus import SHARED_TRUTH, shared_digest, shared_examples
from tests.quality.saved import OWN_PAGES, ROOT

PAGE = "2018-05-16-wire-notice-inside"
URL = "https://v.daum.net/v/20180516162315753"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nothing_is_set: None) -> Path:
    """A repository with a folder of shared pages beside it: one of our own plays another's."""
    (tmp_path / "shared" / "pages" / "daum_raw").mkdir(parents=True)
    saved = (ROOT / OWN_PAGES / "daum" / PAGE / "page.html").read_bytes()
    (tmp_path / "shared" / "pages" / "daum_raw" / "1.html").write_bytes(saved)
    (tmp_path / "main" / SHARED_TRUTH).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "main")
    return tmp_path / "main"


def test_a_draft_waits_for_review_and_scores(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert draft.main(["daum_raw/1.html", "--url", URL]) == 0
    shown = capsys.readouterr().out
    path = repository / SHARED_TRUTH / "daum_raw__1.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    assert record["reviewed"] is False
    assert record["publisher"] == "뉴시스"
    assert len(record["title"]) == 64
    last = [line for line in shown.splitlines() if line.startswith("    ")][-1].split()[0]
    assert draft.main(["daum_raw/1.html", "--url", URL, "--cut", last]) == 0
    (example,) = shared_examples(repository)
    assert example.group == "shared, daum"
    assert example.score().wrong == ()


def test_the_digest_covers_the_pages_and_the_truth(repository: Path) -> None:
    draft.main(["daum_raw/1.html", "--url", URL])
    first = shared_digest(repository)
    page = repository.parent / "shared" / "pages" / "daum_raw" / "1.html"
    page.write_bytes(page.read_bytes() + b" ")
    second = shared_digest(repository)
    draft.main(["daum_raw/1.html", "--url", URL, "--cut", "0"])
    assert len({first, second, shared_digest(repository)}) == 3


def test_a_truth_without_its_page_says_so(repository: Path) -> None:
    draft.main(["daum_raw/1.html", "--url", URL])
    (repository.parent / "shared" / "pages" / "daum_raw" / "1.html").unlink()
    with pytest.raises(ValueError, match=r"daum_raw/1\.html is not there"):
        shared_examples(repository)


@pytest.mark.usefixtures("nothing_is_set")
def test_without_shared_pages_there_is_nothing_to_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "main").mkdir()
    monkeypatch.chdir(tmp_path / "main")
    assert draft.main(["daum_raw/1.html", "--url", URL]) == 2
    assert "set NEWSARCHIVE_PAGES" in capsys.readouterr().err
    assert shared_examples(tmp_path / "main") == []
    assert shared_digest(tmp_path / "main") is None
