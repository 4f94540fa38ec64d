"""Every saved page gives what its ``expected.json`` says, and every source has saved pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.extract import extract_page
from crawler.normalise.article import normalise
from crawler.normalise.article_json import as_json
from crawler.sources import all_sources
from storage.records import CapturedPage

PAGES = Path(__file__).parent / "pages"
FOLDERS = sorted(p.parent for p in PAGES.glob("*/*/page.html"))


def load(folder: Path) -> tuple[CapturedPage, dict[str, Any]]:
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    body = (folder / "page.html").read_bytes()
    return CapturedPage(url=meta["url"], body=body, content_type=meta["content_type"]), expected


def read(page: CapturedPage, source_name: str) -> dict[str, Any]:
    source = all_sources().get(source_name)
    return as_json(normalise(extract_page(page, source), page, source))


def name_of(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_a_saved_page_gives_what_a_person_read_on_it(folder: Path) -> None:
    page, expected = load(folder)
    assert expected.pop("reviewed") is True, "read the page, correct expected.json, then set reviewed"
    found = read(page, folder.parent.name)
    assert set(found) == set(expected)
    for field, value in expected.items():
        assert found[field] == value, field


@pytest.mark.parametrize("name", sorted(all_sources()))
def test_a_source_has_saved_pages_of_every_template_generation(name: str) -> None:
    extractors = {load(f)[1]["extractor"] for f in FOLDERS if f.parent.name == name}
    missing = {page.name for page in all_sources()[name].pages} - extractors
    assert not missing, f"no saved page for {sorted(missing)}"


@pytest.mark.parametrize("name", sorted(all_sources()))
def test_a_source_has_a_saved_page_that_is_no_article(name: str) -> None:
    outcomes = {load(f)[1]["outcome"] for f in FOLDERS if f.parent.name == name}
    assert "not_article" in outcomes


OTHERS = [f for f in FOLDERS if load(f)[1]["outcome"] != "article"]


@pytest.mark.parametrize("folder", OTHERS, ids=name_of)
def test_a_page_that_is_no_article_has_no_invented_fields(folder: Path) -> None:
    page, _ = load(folder)
    found = read(page, folder.parent.name)
    assert found["reason"]
    empty = {k for k, v in found.items() if v not in (None, [], False)}
    assert empty <= {"url", "source", "extractor", "rights", "outcome", "reason"}
    assert not any(found["rights"].values())


def test_the_same_page_in_euc_kr_and_utf_8_gives_the_same_article() -> None:
    declared, lying = (load(PAGES / "daum" / f"2022-11-29-{n}") for n in ("euc-kr", "lying-charset"))
    assert declared[0].body != lying[0].body
    assert read(declared[0], "daum") == read(lying[0], "daum")
