"""What the data of a page says of the article that a script prints: its people, its notice, its text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from storage.records import Article, PageKind
from tests.extract.pages import article, extraction

URL = "https://www.gasang.example/news/1"
TITLE = "가람시, 낡은 다리 세 곳 새로 놓는다"
LINES = [
    "가람시가 낡은 다리 세 곳을 허물고 예산 420억원을 들여 새로 놓기로 했다고 20일 밝혔다.",
    "새로 놓는 다리는 노을교와 두물교다. 지은 지 40년이 넘어 D등급을 받았다.",
    "시의회는 다음 달 예산안을 심의한다. 통과되면 내년 초 설계 공모가 시작된다고 시는 설명했다.",
    "주민들은 장마철마다 다리가 잠겨 먼 길을 돌아야 했다며 공사를 서둘러 달라고 시에 여러 차례 청했다.",
]
TEXT = "".join(f"<p>{line}</p>" for line in LINES)
NOTICE = "ⓒ 가상일보. 무단전재 및 재배포 금지"


def page(body: str) -> str:
    head = f'<meta charset="utf-8"><title>{TITLE} - 가상일보</title>'
    return f'<html lang="ko"><head>{head}</head><body>{body}</body></html>'


def read(body: str) -> Article:
    return article(page(body), None, URL)


def told(own: dict[str, Any], script: str = 'id="__NEXT_DATA__" type="application/json"') -> Article:
    other = {"title": "다른 글", "content": TEXT, "reporterName": "남이름", "copyright": "ⓒ 다른집 금지"}
    data = {"props": {"rank": [other], "view": {"title": TITLE, "content": TEXT, **own}}}
    return read(f"<div id='__next'></div><script {script}>{json.dumps(data, ensure_ascii=False)}</script>")


@pytest.mark.parametrize(
    ("own", "people"),
    [
        (
            {"reporters": [{"name": "한도윤", "email": "do@gasang.example", "title": "기자"}]},
            [("한도윤", "기자", "do@gasang.example")],
        ),
        (
            {"reporterName": "한도윤 기자", "reporterEmail": "do@gasang.example"},
            [("한도윤", "기자", "do@gasang.example")],
        ),
        (
            {"writer_nm": "한도윤", "writer_mail": "do@gasang.example"},
            [("한도윤", None, "do@gasang.example")],
        ),
        ({"author": {"displayName": "한도윤"}}, [("한도윤", None, None)]),
        (
            {"articleWriters": ["한도윤 기자", "오하늘 기자"]},
            [("한도윤", "기자", None), ("오하늘", "기자", None)],
        ),
        ({"author": "admin", "reporterId": 17, "creator": {"id": 3}}, []),
        ({"reporters": [], "writer": None, "author": ""}, []),
    ],
)
def test_who_stands_beside_the_headline_and_the_text_wrote_it(own: dict[str, Any], people: list[Any]) -> None:
    assert [(b.name, b.role, b.email) for b in told(own).bylines] == people


@pytest.mark.parametrize(
    "script", ['id="__NEXT_DATA__" type="application/json"', 'type="application/json" id="state"']
)
def test_the_notice_beside_them_is_the_articles(script: str) -> None:
    found = told({"copyright": f"<p>{NOTICE}</p>"}, script)
    assert (found.rights.notice, found.rights.no_redistribution) == (NOTICE, True)
    assert told({"copyright": "Y", "copyrightInfo": 1}).rights.notice is None


@pytest.mark.parametrize(
    "script",
    [
        "var article = {{ id: 5003, body: {double} }}; show(article.body);",
        "document.getElementById('body').innerHTML = {single};",
        "$('#body').html({double});",
        "window.__DATA={{story:{{html:{double}}}}}",
        "body.innerHTML = `{plain}`",
        "document.write('{head}' +\n  '{tail}')",
        "var news = {{text: '{broken}'}}",
    ],
)
def test_a_text_that_a_script_of_the_sites_own_prints_is_the_articles(script: str) -> None:
    said = json.dumps(TEXT, ensure_ascii=False).replace("</p>", r"<\/p>")
    single = "'" + said[1:-1].replace("다리는", r"\'다리\'는") + "'"
    forms = {"double": said, "single": single, "plain": TEXT, "head": TEXT[:90], "tail": TEXT[90:]}
    forms["broken"] = "<br><br>".join(LINES)
    head = f"<h1>{TITLE}</h1><div>승인 2026-11-20 10:02 · 한도윤 기자</div><div id='body'></div>"
    found = read(f"{head}<script>{script.format(**forms)}</script>")
    lines = [line.replace("다리는", "'다리'는") if "{single}" in script else line for line in LINES]
    assert (found.body or "").split("\n") == lines
    assert found.published is not None
    assert (found.published.at.isoformat(), found.bylines[0].name) == ("2026-11-20T01:02:00+00:00", "한도윤")


@pytest.mark.parametrize(
    "said",
    [
        TEXT.replace("다리", "${item.name}"),
        f"<ul><li>{TEXT}</li></ul>",
        "<p>이 누리집은 방문자의 편의를 위해 쿠키를 씁니다. 계속 이용하면 동의한 것으로 봅니다.</p>" * 6,
    ],
)
def test_a_template_or_a_popup_in_a_script_is_none(said: str) -> None:
    made = page(f"<h1>{TITLE}</h1><script>var popup = {json.dumps(said, ensure_ascii=False)};</script>")
    assert extraction(made, None, URL).kind is not PageKind.ARTICLE
    script = f"<script>var popup = {json.dumps(TEXT[:300] + '</p>')};</script>"
    printed = read(f"<h1>{TITLE}</h1><article>{TEXT}</article>{script}")
    assert (printed.body or "").split("\n") == LINES


SEARCH = "".join(
    f"<p>{line}</p>"
    for line in (
        "다리 검색 결과가 없으면 낱말을 바꿔 보세요. 다리 검색 결과는 최신순입니다.",
        "다리 검색 결과를 저장할 수 있습니다. 다리 검색 결과는 하루에 한 번 바뀝니다.",
        "기간을 좁혀 볼 수도 있습니다. 알림을 켜 두면 다리 검색 결과가 새로 나올 때 알려 드립니다.",
        "검색 결과에 대한 문의는 고객센터로 해 주세요. 검색 결과가 많으면 기간을 좁혀 보세요.",
    )
)


def test_the_help_of_a_page_without_a_time_is_no_article() -> None:
    head = '<meta charset="utf-8"><title>다리 검색 결과 - 가상일보</title>'
    body = f"<h1>다리 검색 결과</h1><p>검색 결과가 없습니다.</p><script>var help = '{SEARCH}'</script>"
    made = f'<html lang="ko"><head>{head}</head><body>{body}</body></html>'
    assert extraction(made, None, URL).kind is not PageKind.ARTICLE


def test_another_story_in_a_script_is_never_the_one_that_is_printed() -> None:
    other = "<p>가람시 다리 다른 소식이 길게 이어진다. 낡은 다리 세 곳 이야기다.</p>" * 20
    found = read(f"<h1>{TITLE}</h1><article>{TEXT}</article><script>var next = {{body: '{other}'}}</script>")
    assert (found.body or "").split("\n") == LINES


@pytest.mark.parametrize("heading", ["관련 기사", "<h3>많이 본 뉴스</h3>"])
def test_the_head_of_a_text_in_a_script_ends_where_other_stories_begin(heading: str) -> None:
    others = f"<div>{heading}</div><div>2025.01.01 09:00 남이름 기자</div>"
    head = f'<meta property="og:type" content="article"><h1>{TITLE}</h1>'
    found = read(f"{head}{others}<div id='b'></div><script>b.innerHTML = '{TEXT}'</script>")
    assert ((found.body or "").split("\n"), found.bylines, found.published) == (LINES, (), None)
