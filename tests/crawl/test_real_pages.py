"""The main job on saved real pages, where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crawl.conftest import stage_on
from tests.places import SHARED
from twin import Twin

PAGES = SHARED / "daum_raw"


@pytest.mark.skipif(not PAGES.is_dir(), reason="the saved real pages are not beside this checkout")
def test_saved_pages_are_crawled_under_their_real_addresses(tmp_path: Path) -> None:
    with Twin(articles=60, pages=PAGES) as twin:
        stage = stage_on(tmp_path / "archive", twin.url)
        stage.crawl_all()
    stored = {row["url"]: row for row in stage.rows(APPEARANCES)}
    first = stored["https://v.daum.net/v/20180516162315753"]
    assert first["publisher"] == "뉴시스"
    assert first["published_at"].startswith("2018-05-16T16:23")
    assert first["notice"] == "ⓒ 공감언론 뉴시스통신사. 무단전재-재배포 금지"
    assert first["byline_line"].startswith("이근홍")
    second = stored["https://v.daum.net/v/20200522093902880"]
    assert second["publisher"] == "노컷뉴스"
    assert second["published_at"].startswith("2020-05-22T09:39")
    assert second["modified_at"].startswith("2020-05-22T10:21")
    assert second["notice"] == "저작권자ⓒ CBS 노컷뉴스(www.nocutnews.co.kr) 무단전재 및 재배포 금지"
    assert second["byline_line"] == "CBS 김현정의 뉴스쇼"


APPEARANCES = "SELECT a.*, r.notice FROM appearances a JOIN rights r ON r.url = a.url"
