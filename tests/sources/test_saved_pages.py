"""Every saved page gives, field by field, what its ``expected.json`` says, and every source has saved pages.

One test for each field of each page: a failure names every wrong field. The operator's own sources
(NEWSARCHIVE_SOURCES) are held to the same.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawler.normalise.article_json import as_json
from crawler.quality.corpus import page_folders
from crawler.sources import all_sources
from crawler.stages import article_of
from storage.records import CapturedPage
from tests.places import ROOT

EXAMPLES = [page.parent for home in page_folders(ROOT) for page in sorted(home.glob("*/page.html"))]


@cache
def load(folder: Path) -> tuple[CapturedPage, dict[str, Any]]:
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    body = (folder / "page.html").read_bytes()
    return CapturedPage(url=meta["url"], body=body, content_type=meta["content_type"]), expected


@cache
def read(folder: Path) -> dict[str, Any]:
    return as_json(article_of(load(folder)[0], all_sources().get(folder.parent.name)))


def name_of(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


FIELDS = [
    pytest.param(folder, field, id=f"{name_of(folder)}-{field}")
    for folder in EXAMPLES
    for field in load(folder)[1]
    if field != "reviewed"
]


@pytest.mark.parametrize(("folder", "field"), FIELDS)
def test_a_field_of_a_saved_page_is_what_a_person_read(folder: Path, field: str) -> None:
    expected = load(folder)[1]
    assert expected["reviewed"] is True, (
        f"confirm {field} of {name_of(folder)}: {expected[field]!r}; "
        "when every field of expected.json is what the page says, set reviewed to true"
    )
    assert read(folder)[field] == expected[field]


@pytest.mark.parametrize("folder", EXAMPLES, ids=name_of)
def test_a_saved_page_says_every_field_and_none_besides(folder: Path) -> None:
    assert set(read(folder)) == set(load(folder)[1]) - {"reviewed"}


@pytest.mark.parametrize("name", sorted(all_sources()))
def test_a_source_has_saved_pages_of_every_template_generation(name: str) -> None:
    read_by = {load(f)[1]["extractor"] for f in EXAMPLES if f.parent.name == name}
    missing = {page.name for page in all_sources()[name].pages} - read_by
    assert not missing, f"no saved page for {sorted(missing)}"


@pytest.mark.parametrize("name", sorted(all_sources()))
def test_a_source_has_a_saved_page_that_is_no_article(name: str) -> None:
    outcomes = {load(f)[1]["outcome"] for f in EXAMPLES if f.parent.name == name}
    assert "not_article" in outcomes


OTHERS = [f for f in EXAMPLES if load(f)[1]["outcome"] != "article"]


@pytest.mark.parametrize("folder", OTHERS, ids=name_of)
def test_a_page_that_is_no_article_has_no_invented_fields(folder: Path) -> None:
    found = read(folder)
    assert found["reason"]
    empty = {k for k, v in found.items() if v not in (None, [], False)}
    assert empty <= {"url", "source", "extractor", "rights", "outcome", "reason"}
    assert not any(found["rights"].values())


def test_the_same_page_in_euc_kr_and_utf_8_gives_the_same_article() -> None:
    declared, lying = (ROOT / "tests/pages/daum" / f"2022-11-29-{n}" for n in ("euc-kr", "lying-charset"))
    assert load(declared)[0].body != load(lying)[0].body
    assert read(declared) == read(lying)
