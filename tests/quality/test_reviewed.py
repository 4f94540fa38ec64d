"""No truth counts before a person has read the page."""

from __future__ import annotations

import json
from pathlib import Path

from crawler.quality.corpus import SHARED_TRUTH, unreviewed
from tests.quality.saved import ROOT


def test_every_truth_was_reviewed_by_a_person() -> None:
    assert unreviewed(ROOT) == [], "read the page, correct the file, then set reviewed to true"


def test_an_unreviewed_one_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "pages" / "daum" / "2023-11-01-x"
    folder.mkdir(parents=True)
    (folder / "expected.json").write_text(json.dumps({"reviewed": False}))
    shared = tmp_path / SHARED_TRUTH
    shared.mkdir(parents=True)
    (shared / "page.json").write_text("{}")
    assert unreviewed(tmp_path) == [
        "tests/pages/daum/2023-11-01-x/expected.json",
        "tests/quality/shared/page.json",
    ]


def test_no_truth_about_a_shared_page_holds_a_sentence() -> None:
    """Facts and hashes only: no string with a space in it but a notice, a role, or a selector."""
    for path in (ROOT / SHARED_TRUTH).glob("*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        assert len(record["title"] or "0" * 64) == 64
        assert all(len(word.partition("*")[0]) == 8 for word in record["tokens"])
        assert all(len(line) == 16 for line in record["lines"])
        texts = [record["publisher"], *(v for p in record["bylines"] for v in p.values())]
        assert all(len(text) <= 40 for text in texts if text)
        assert record["notice"] is None or any(mark in record["notice"] for mark in ("ⓒ", "©", "(c)"))
