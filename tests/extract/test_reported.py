"""Situations that users of other programs reported: layouts, comment systems, packed texts, times to come."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from crawler.normalise.article_json import as_json
from crawler.stages import article_in_file

URL = "https://news.example.kr/view/20261120000001"
TITLE = "가상시, 낡은 보행교 세 곳 새로 놓는다"
TEXT = (
    "가상시는 20일 낡은 보행교 세 곳을 내년 봄까지 새로 놓겠다고 밝혔다. 시는 사업비 삼십억 원을 담았다.",
    "담당 공무원은 비가 오면 미끄럽다는 민원이 해마다 늘었다고 말했다. 설명회는 다음 달 두 차례 열린다.",
    "공사는 야간에 진행하며 통행로는 임시로 북쪽 길을 쓴다. 시는 안내 표지판을 열 곳에 세우기로 했다.",
)
BODY = "\n".join(TEXT)
SEEN = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in TEXT)


def page(body: str, head: str = "", printed: str = "") -> str:
    return (
        f'<!doctype html><html lang="ko"><head><title>{TITLE} - 가상신문</title>{head}</head>'
        f"<body><main><h1>{TITLE}</h1>{printed}<div class='article-body'>{body}</div></main></body></html>"
    )


def read(html: str, url: str = URL) -> dict[str, object]:
    return as_json(article_in_file(html.encode(), url, seen_by=SEEN))


def daum(inner: str) -> str:
    return (
        f'<html><head><meta property="og:title" content="{TITLE}"><meta property="og:regDate" '
        'content="20261120090000"></head><body><div class="news_view"><div class="article_view">'
        f'<section dmcf-sid="x">{inner}</section></div></div></body></html>'
    )


MARKED = PARAGRAPHS.replace("<p>", '<p dmcf-ptype="general">')


@pytest.mark.parametrize(
    "laid_out",
    [
        f"<table><tr><td><img src='a.jpg'></td></tr><tr><td>{PARAGRAPHS}</td></tr></table>",
        f"<table><tr><td><img src='a.jpg'></td><td>{'<br><br>'.join(TEXT)}</td></tr></table>",
    ],
)
def test_a_short_article_in_a_table_with_its_picture_is_no_caption(laid_out: str) -> None:
    for found in (read(page(laid_out)), read(daum(laid_out), "https://v.daum.net/v/20261120090000123")):
        assert (found["outcome"], found["body"]) == ("article", BODY)


def test_a_wrapper_with_a_widget_s_name_around_all_of_a_daum_text_is_no_widget() -> None:
    found = read(daum(f'<div class="share_article">{MARKED}</div>'), "https://v.daum.net/v/20261120090000123")
    assert found["body"] == BODY


def test_a_dialog_that_is_not_open_is_not_shown() -> None:
    inner = MARKED.replace("</p>", "</p><dialog><p>글자 크기를 고른 뒤 닫으십시오.</p></dialog>", 1)
    assert read(daum(inner), "https://v.daum.net/v/20261120090000123")["body"] == BODY
    shown = read(daum(inner.replace("<dialog>", "<dialog open>")), "https://v.daum.net/v/20261120090000123")
    assert "글자 크기" in str(shown["body"])


@pytest.mark.parametrize(
    "said", ["&lt;기생충&gt; 다시 본다", "ㅣ다리 세 곳ㅣ 다시 본다", "&lt;새 길&gt; 연 &lt;가상시&gt;"]
)
def test_a_headline_that_opens_with_a_mark_is_no_site_s_name(said: str) -> None:
    html = page(PARAGRAPHS).replace(f"<h1>{TITLE}</h1>", "").replace(f"{TITLE} - ", f"{said} - ")
    assert read(html)["title"] == said.replace("&lt;", "<").replace("&gt;", ">")


@pytest.mark.parametrize("name", ["lv-container", "live-re", "liveReContainer", "u_cbox_list", "giscus"])
@pytest.mark.parametrize("attribute", ["id", "class"])
def test_readers_words_in_a_comment_system_are_none_of_the_text(name: str, attribute: str) -> None:
    said = f'<div {attribute}="{name}"><b>가상인</b><p>드디어 놓는군요. 오래 기다렸습니다.</p></div>'
    assert read(page(PARAGRAPHS + said))["body"] == BODY


def test_a_comment_by_schema_org_is_none_of_the_text() -> None:
    said = '<ul itemprop="comment" itemscope><li><p>드디어 놓는군요. 오래 기다렸습니다.</p></li></ul>'
    assert read(page(PARAGRAPHS + said))["body"] == BODY


def told(**said: object) -> str:
    story = {"@type": "NewsArticle", "headline": TITLE, "url": URL} | said
    return f'<script type="application/ld+json">{json.dumps(story, ensure_ascii=False)}</script>'


ESCAPED = PARAGRAPHS.replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize(
    "said",
    [
        ESCAPED,
        ESCAPED.replace("&", "&amp;"),
        "\\n".join(TEXT),
        "\\r\\n\\r\\n".join(TEXT),
        f"<figure><img src='a.jpg'><figcaption>북교 모습</figcaption></figure>{PARAGRAPHS}",
        f"<style>p {{ color: red }}</style>{PARAGRAPHS}",
    ],
)
def test_a_text_in_json_ld_is_read_however_it_is_packed(said: str) -> None:
    assert read(page("", told(articleBody=said)))["body"] == BODY


def test_a_text_in_json_ld_keeps_its_marks() -> None:
    lines = (TEXT[0] + " 1 < 2 이고 <기생충>은 영화다.", *TEXT[1:])
    assert read(page("", told(articleBody="\n".join(lines))))["body"] == "\n".join(lines)


def test_people_in_an_ordered_list() -> None:
    people = [{"@type": "Person", "name": "나정우"}, {"@type": "Person", "name": "서다온"}]
    found = read(page(PARAGRAPHS, told(author={"@list": people})))["bylines"]
    assert isinstance(found, list)
    assert [one["name"] for one in found] == ["나정우", "서다온"]


@pytest.mark.parametrize("to_come", ["2027-11-20T09:00:00+09:00", "2099-01-01", "2026-12-25T00:00:00Z"])
def test_a_time_to_come_is_no_page_s(to_come: str) -> None:
    meta = f'<meta property="article:published_time" content="{to_come}">'
    printed = '<div class="info"><span class="date">입력 2026-11-20 09:00</span></div>'
    assert read(page(PARAGRAPHS, meta, printed))["published_at"] == "2026-11-20T09:00+09:00"
    assert read(page(PARAGRAPHS, meta), "https://news.example.kr/a")["published_at"] is None
    assert read(page(PARAGRAPHS, told(dateModified=to_come)))["modified_at"] is None


@pytest.mark.parametrize("url", ["https://v.daum.net/v/20991120090000123"])
def test_nor_does_an_address_tell_one(url: str) -> None:
    html = daum(MARKED).replace('content="20261120090000"', 'content=""')
    assert read(html, url)["published_at"] is None


def test_a_fraction_behind_a_comma_does_not_hide_the_zone() -> None:
    meta = '<meta property="article:published_time" content="2026-11-20T00:00:00,123Z">'
    found = read(page(PARAGRAPHS, meta), "https://news.example.kr/a")
    assert found["published_at"] == "2026-11-20T09:00:00+09:00"
