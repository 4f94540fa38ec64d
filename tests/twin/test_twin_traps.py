"""Traps: charsets, faults that pass, pages that are gone or no articles, rough and hostile scenarios."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Callable

import pytest

from tests.twin.conftest import ask, decoded, patient, stories
from twin import Appearance, Story, Twin
from twin.rough import FN_KINDS, HOSTILE_LINKS, HUGE_BYTES, KINDS, NESTED_DIVS

Make = Callable[..., Twin]


def pages(twin: Twin) -> list[tuple[Story, Appearance]]:
    return [(story, page) for story in twin.truth() for page in story.appearances]


def test_euc_kr_pages_are_euc_kr(twin: Twin) -> None:
    served = [page for _, page in pages(twin) if page.charset == "euc-kr"]
    assert {page.site for page in served} == {"daum", "fnnews"}
    for page in served:
        answer = ask(twin, page.url)
        assert answer.headers["content-type"] == "text/html; charset=euc-kr"
        with pytest.raises(UnicodeDecodeError):
            answer.body.decode("utf-8")
        text = answer.body.decode("euc-kr")
        assert 'charset="euc-kr"' in text
        assert page.paragraphs[-1].split('"')[0][:20] in text


def test_liars_declare_euc_kr_and_are_utf_8(twin: Twin) -> None:
    liars = [page for _, page in pages(twin) if page.charset == "utf-8 as euc-kr"]
    assert len(liars) >= 3
    kinds = set()
    for page in liars:
        answer = ask(twin, page.url)
        kinds.add(answer.headers["content-type"])
        assert 'charset="euc-kr"' in answer.body.decode("utf-8")
    assert kinds <= {"text/html", "text/html; charset=EUC-KR"}


@pytest.mark.parametrize("fault", ["429", "503"])
def test_refusals_pass(make_twin: Make, fault: str) -> None:
    twin = make_twin(articles=360)
    troubled = [story for story in twin.truth() if story.faults == (fault,)]
    assert len(troubled) >= 3
    for story in troubled:
        first, second = (ask(twin, story.appearances[0].url) for _ in range(2))
        assert (first.status, second.status) == (int(fault), 200)
        assert (first.headers.get("retry-after") == "1") is (fault == "429")


def test_cut_bodies_are_whole_on_the_second_try(make_twin: Make) -> None:
    twin = make_twin(articles=360)
    cut = [story for story in twin.truth() if story.faults == ("cut",)]
    assert len(cut) >= 3
    for story in cut:
        with pytest.raises(http.client.IncompleteRead):
            ask(twin, story.appearances[0].url)
        assert ask(twin, story.appearances[0].url).text.rstrip().endswith("</html>")


def test_slow_answers(twin: Twin) -> None:
    slow = [story for story in twin.truth() if story.faults == ("slow",)]
    assert len(slow) >= 2
    began = time.monotonic()
    assert ask(twin, slow[0].appearances[0].url).status == 200
    assert 1.0 <= time.monotonic() - began < 3


def test_calm_ends_with_nothing_broken(twin: Twin) -> None:
    for story, page in pages(twin):
        answer = patient(twin, page.url)
        assert answer.status == (page.gone or 200), story.story_id


def test_gone_pages(twin: Twin) -> None:
    gone = [page for story, page in pages(twin) if story.kind == "gone"]
    assert {page.gone for page in gone} == {200, 404, 410}
    deleted = next(page for page in gone if page.gone == 200)
    assert "삭제된 기사" in ask(twin, deleted.url).text


def test_photo_and_video_pages_have_no_text(twin: Twin) -> None:
    for kind, mark in (("photo", 'dmcf-ptype="figure"'), ("video", 'dmcf-ptype="kakaotv"')):
        found = stories(twin, kind)
        assert len(found) >= 2
        for story in found:
            page = story.appearances[0]
            assert page.paragraphs == ()
            text = decoded(ask(twin, page.url))
            assert page.site == "fnnews" or mark in text
            assert 'dmcf-ptype="general"' not in text


def test_body_traps_stand_in_the_markup(twin: Twin) -> None:
    by_template: dict[str, str] = {}
    whole = ""
    for story, page in pages(twin):
        if story.kind == "article" and page.charset == "utf-8":
            text = decoded(patient(twin, page.url))
            by_template[page.template] = by_template.get(page.template, "") + text
            whole += text
    for mark in (
        r'<div dmcf-pid="\w+" dmcf-ptype="general"><br>',
        r"<br><br>",
        r'data-mce-desctitle="smtitle"',
        r'<h3 dmcf-pid="\w+" dmcf-ptype="h3">',
        r'<table dmcf-pid="\w+"',
        r'<blockquote dmcf-pid="\w+"',
        r"\[관련기사\]<br>▶",
        r'class="txt_copyright">',
        r"자동요약",
        r"이 글자크기로 변경됩니다",
        r'<section class="article-list article-list--horizontal">',
        r'<p class="article-view_copyright">※ 저작권자 ⓒ 파이낸셜뉴스',
        r'style="display:none" aria-hidden="true"',
        r'<a class="link_origin" href="https://www\.fnnews\.com/news/\d{18}"',
        r"和而不同|與野",
        r"◆ ",
    ):
        assert re.search(mark, whole), mark
    assert "kakao_ad_" in by_template["daum/2023"]
    assert "ad_body2" not in by_template["daum/2022"]
    assert "TiaraTracker" in by_template["daum/2022"]
    assert "TiaraTracker" in by_template["daum/2023"]
    assert "TiaraTracker" not in by_template["daum/2026"]
    assert 'id="harmonyContainer"' in by_template["daum/2022"]
    assert 'id="article_body"' in by_template["fnnews/2021"]
    assert 'id="article_content"' in by_template["fnnews/2022"]
    assert "article-view__body" in by_template["fnnews/2026"]


def test_notice_stands_in_three_places_or_nowhere(twin: Twin) -> None:
    places = {page.notice_place for story, page in pages(twin) if page.site == "daum"}
    assert places == {"after", "body", "foot", None}


def test_id_and_registration_time_part(twin: Twin) -> None:
    apart = [
        page
        for _, page in pages(twin)
        if page.site == "daum" and not page.site_id.startswith(f"{page.published:%Y%m%d%H%M%S}")
    ]
    assert len(apart) > 50


def test_embargoed_stories_were_created_hours_before(twin: Twin) -> None:
    fn = [page for _, page in pages(twin) if page.site == "fnnews"]
    early = [page for page in fn if page.site_id[:10] != f"{page.published:%Y%m%d%H}"]
    assert 3 <= len(early) < len(fn) / 3


def test_reservation_of_rights_is_sent(twin: Twin) -> None:
    reserved = [page for _, page in pages(twin) if page.signals]
    assert len(reserved) >= 2
    assert ask(twin, reserved[0].url).headers["tdm-reservation"] == "1"


def test_amp_page(twin: Twin) -> None:
    page = next(page for story in stories(twin) if (page := story.on("fnnews")) and not story.faults)
    answer = ask(twin, f"https://www.fnnews.com/ampNews/{page.site_id}")
    assert answer.status == 200
    assert f'<link rel="canonical" href="{page.url}">' in answer.text


def test_channels_and_neighbours_are_no_articles(twin: Twin) -> None:
    assert "og:regDate" not in ask(twin, "https://v.daum.net/channel/2/home").text
    assert ask(twin, "https://v.daum.net/channel/999999/home").status == 404
    assert ask(twin, "https://sports.daum.net/news/1").status == 200
    assert ask(twin, "https://example.com/").status == 421


def test_rough_pages_are_listed_and_do_what_they_say(make_twin: Make) -> None:
    twin = make_twin(scenario="rough")
    home = ask(twin, "https://news.daum.net/home").text
    flash = ask(twin, "https://www.fnnews.com/newsflash").text
    traps = twin.traps()
    assert len(traps) == len(KINDS) + len(FN_KINDS)
    for trap in traps:
        assert trap["url"].removeprefix("https://www.fnnews.com") in home + flash
    where = {trap["kind"]: trap["url"] for trap in traps if "daum" in trap["url"]}
    assert [ask(twin, where["unavailable"]).status for _ in range(3)] == [503, 503, 503]
    for _ in range(2):
        with pytest.raises(http.client.IncompleteRead):
            ask(twin, where["cut"])
    assert ask(twin, where["empty"]).body == b""
    assert ask(twin, where["pdf"]).body.startswith(b"%PDF")
    assert ask(twin, where["jpeg"]).headers["content-type"] == "image/jpeg"
    assert ask(twin, where["nested"]).text.count("<div>") == NESTED_DIVS
    lie = ask(twin, where["lying charset"])
    assert "utf-8" in lie.headers["content-type"]
    with pytest.raises(UnicodeDecodeError):
        lie.body.decode("utf-8")
    assert "example.invalid" in ask(twin, where["redirect outside"]).headers["location"]
    loop = ask(twin, where["redirect loop"])
    assert loop.status == 302
    assert ask(twin, "https://v.daum.net" + loop.headers["location"]).status == 302


def test_the_huge_page_is_fifty_mebibytes(make_twin: Make) -> None:
    twin = make_twin(scenario="rough")
    url = next(trap["url"] for trap in twin.traps() if trap["kind"] == "huge")
    answer = ask(twin, url, method="HEAD")
    assert int(answer.headers["content-length"]) >= HUGE_BYTES
    assert len(ask(twin, url).body) == int(answer.headers["content-length"])


@pytest.mark.parametrize("scenario", ["rough", "hostile"])
def test_hostile_links_are_listed(make_twin: Make, scenario: str) -> None:
    twin = make_twin(scenario=scenario)
    home = ask(twin, "https://news.daum.net/home").text
    for link in HOSTILE_LINKS:
        assert f'<a href="{link}" class="item_news' in home
    assert "file:///etc/hosts" in ask(twin, "https://www.fnnews.com/rss/r20/fn_realnews_all.xml").text
    assert "example.invalid" not in ask(make_twin(), "https://news.daum.net/home").text
