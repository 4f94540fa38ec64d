"""Unknown Korean houses' pages: who signs, what stands beside the article, bodies that lie in scripts."""

from __future__ import annotations

import json

import pytest

from storage.records import Article

from .pages import article

URL = "https://www.gasang.example/news/articleView.html?idxno=12345"
TITLE = "누리시 새 길 열려"
LINES = tuple(
    f"누리시는 {day}일 시청에서 새 길의 {day}번째 구간을 열었다고 밝혔다. 주민들은 다리를 걸어서 건넜다."
    for day in range(3, 7)
)
PROSE = "".join(f"<p>{line}</p>" for line in LINES)
HEAD = (
    f'<title>{TITLE} - 누리일보</title><meta property="og:title" content="{TITLE}">'
    '<meta property="og:type" content="article"><meta property="og:site_name" content="누리일보">'
)
MENU = "<header><ul><li><a href=/>홈</a><li><a href=/1>정치</a><li><a href=/2>경제</a></ul></header>"


def read(body: str, head: str = HEAD) -> Article:
    return article(f"<html lang=ko><head>{head}</head><body>{MENU}{body}</body></html>", None, URL)


def people(found: Article) -> list[tuple[str | None, str | None]]:
    return [(person.name, person.role) for person in found.bylines]


@pytest.mark.parametrize(
    "signed",
    [
        f"{PROSE}<div class=editor><a href=/r/1>도하람 기자 haram@nuri.example</a></div>",
        f"{PROSE}<p><a href=/r/1>도하람 기자</a></p>",
        f"<ul class=reporters><li><a href=/r/1>도하람 기자</a></li></ul>{PROSE}",
        f"{PROSE}<div class=journalistArea><p>도하람 기자</p><p>(haram@nuri.example)</p></div>",
    ],
)
def test_who_signs_is_read_and_no_line_of_the_body(signed: str) -> None:
    found = read(f"<article><h1>{TITLE}</h1>{signed}</article>")
    assert (people(found), found.body) == ([("도하람", "기자")], "\n".join(LINES))


def test_a_list_of_other_stories_keeps_nobody_for_its_reporters() -> None:
    others = "".join(
        f"<p><a href=/{n}>다른 곳의 {n}번째 소식</a></p><p><a href=/r>서이든 기자</a></p>" for n in "123"
    )
    found = read(f"<article><h1>{TITLE}</h1>{PROSE}{others}</article>")
    assert (people(found), found.body) == ([], "\n".join(LINES))


def test_a_cartoon_under_a_menu_has_no_body() -> None:
    found = read(f"<article><h1>{TITLE}</h1><img src=/c.jpg></article>")
    assert (found.kind.value, found.body, len(found.images)) == ("article", None, 1)


def test_the_subtitle_of_the_head_and_no_subhead() -> None:
    head = f"<div><h1>{TITLE}</h1><h4 class=subheading>주민들 걸어서 건너</h4></div>"
    body = f"<div id=article-view-content-div>{PROSE}</div>"
    assert read(f"<section>{head}{body}</section>").subtitle == "주민들 걸어서 건너"
    within = PROSE.replace("</p><p>", "</p><h4 class=subheading>나무 더 심는다</h4><p>", 1)
    assert read(f"<section><h1>{TITLE}</h1><article>{within}</article></section>").subtitle is None
    short = "<p>새 다리가 열렸다고 시가 밝혔다.</p><h3 class=subtitle>나무 더 심는다</h3>"
    found = read(f"<h1>{TITLE}</h1><article>{short}{PROSE}</article>")
    assert found.subtitle is None
    assert "나무 더 심는다" in (found.body or "")
    asked = "<div><h3 class=sub_tit>이 기사 어땠나요?</h3><ul><li>좋아요</ul></div>"
    for below in (f"<article>{PROSE}{asked}</article>", f"<article>{PROSE}</article>{asked}"):
        assert read(f"<section><h1>{TITLE}</h1>{below}</section>").subtitle is None


def test_a_called_element_in_a_link_is_another_s_teaser() -> None:
    teaser = "<a href=/a/2><div class=m-article-content><h3>다른 마을 소식 하나</h3><p>1시간 전</p></div></a>"
    short = "<div class=article-body><p>가상시 다리가 열렸다.</p></div>"
    found = read(f"<main><h1>{TITLE}</h1>{short}<div>{teaser * 3}</div></main>")
    assert "다른 마을" not in (found.body or "")
    both = short.replace("article-body", "'article-body ad_pc_article_body'")
    assert read(f"<main><h1>{TITLE}</h1>{both}<div>{teaser * 3}</div></main>").body == "가상시 다리가 열렸다."


def test_an_agency_s_caption_and_summary_stand_before_its_lead() -> None:
    """As lines of the text (newsis.com, 2024): the reporter is read from the line behind them."""
    caption = (
        "[가상=누리통신] 새 다리 전경. (사진=가상시 제공) 2026.11.20. photo@nuri.example *재판매 및 DB 금지"
    )
    summary = "<p class=summury>주민들 걸어서 건너<br>나무 더 심는다</p>"
    lead = f"[가상=누리통신]오하늘 이슬비 기자 = {PROSE}"
    found = read(f"<h1>{TITLE}</h1><article>{summary}<p class=photojournal>{caption}</p>{lead}</article>")
    assert [person.name for person in found.bylines] == ["오하늘", "이슬비"]
    assert "재판매" not in (found.body or "")
    assert found.subtitle == "주민들 걸어서 건너\n나무 더 심는다"


def test_a_page_to_print_is_titled_by_its_heading() -> None:
    for title in ("인쇄하기 : 누리일보", "기사 프린트", "Print version"):
        assert read(f"<h1>{TITLE}</h1><article>{PROSE}</article>", f"<title>{title}</title>").title == TITLE


def test_a_page_s_controls_are_no_half_of_a_short_article() -> None:
    """Named for what they are, in plain lists, and a player's words without a name."""
    sample = "<p>이 글자크기로 변경됩니다.</p><p>빠른 뉴스를 만나보세요.</p>"
    font = f"<div class=layer_font><strong>글자크기 설정</strong>{sample}</div>"
    util = f"<div class=util_view><ul><li>느림</li><li>빠름</li></ul>{font}</div>"
    plain = "<ul><li><a href='#none'>느림</a></li><li><a href='#none'>보통</a></li><li>빠름</li></ul>"
    for controls in (util, plain):
        found = read(f"<div id=x><h1>{TITLE}</h1>{controls}{PROSE}</div>")
        assert found.body is not None
        assert not any(word in found.body for word in ("느림", "빠름", "글자크기", "만나보세요"))


def test_a_house_between_colons_is_no_headline() -> None:
    assert read(PROSE, f"<title>:: 누리일보 :: {TITLE}</title>").title == TITLE


def test_linked_data_with_quotation_marks_in_a_string() -> None:
    data = f'{{"@type":"NewsArticle","headline":"{TITLE}","description":"새 길 "시청" 앞",'
    data += '"author":{"@type":"Person","name":"도하람 기자"},"datePublished":"2026-11-20T10:15:00+09:00"}'
    found = read(f"<article>{PROSE}</article>", f'{HEAD}<script type="application/ld+json">{data}</script>')
    assert people(found) == [("도하람", "기자")]
    assert found.published is not None


ARC = {
    "content_elements": [{"type": "text", "content": line} for line in LINES]
    + [{"type": "image", "caption": "새 길"}],
    "credits": {"by": [{"name": "도하람", "additional_properties": {"original": {"byline": "도하람 기자"}}}]},
    "headlines": {"basic": TITLE},
    "subheadlines": {"basic": "주민들 걸어서 건너"},
    "display_date": "2026-11-20T01:15:00.000Z",
}


def test_an_arc_page_says_all_in_a_script() -> None:
    data = f"window.Fusion={{}};Fusion.globalContent={json.dumps(ARC)};Fusion.globalContentConfig={{}};"
    found = read(f"<div id=fusion-app></div><script>{data}</script>")
    assert (people(found), found.subtitle, found.body) == (
        [("도하람", "기자")],
        "주민들 걸어서 건너",
        "\n".join(LINES),
    )
    assert found.published is not None
    assert found.published.at.isoformat() == "2026-11-20T01:15:00+00:00"


@pytest.mark.parametrize(
    "data", ["null", "[]", '{"content_elements": 3}', '{"content_elements": [3, {}]}', "{"]
)
def test_an_arc_page_without_a_story_is_no_article(data: str) -> None:
    assert read(f"<div></div><script>Fusion.globalContent={data}</script>").kind.value != "article"


@pytest.mark.parametrize("state", ["__NUXT__", "__INITIAL_STATE__"])
def test_markup_in_a_pages_state_is_its_body(state: str) -> None:
    said = json.dumps(PROSE).replace("<", "\\u003C")
    assert read(f"<div></div><script>window.{state}={{a:{said}}}</script>").body == "\n".join(LINES)
    packed = json.dumps(json.dumps({"labels": [{"value": f"<p>{TITLE}</p>" * 9}], "body": PROSE}))
    assert read(f"<div></div><script>window.{state}={{a:{packed}}}</script>").body == "\n".join(LINES)


def test_what_opens_over_a_page_is_none_of_it() -> None:
    asked = "".join(
        f"<p>새 비밀번호는 여덟 글자보다 길어야 하고 숫자 {n}개를 넣어야 합니다.</p>" for n in range(6)
    )
    over = f"<article class='password-modal dark'><h2>로그인이 필요합니다</h2>{asked}</article>"
    for opened in (over, f"<div role=dialog>{asked}</div>"):
        found = read(f"<main><h1>{TITLE}</h1><div class=tx>{PROSE}</div></main>{opened}")
        assert (found.kind.value, found.body) == ("article", "\n".join(LINES))
    shown = f"<div class='modal page'><div class=tx>{PROSE}</div></div>"
    assert read(f"<h1>{TITLE}</h1>{shown}").body == "\n".join(LINES)
