"""Pages of sites that nobody declared: JSON-LD, meta elements, the prose."""

from __future__ import annotations

import json

import pytest
from lxml.html import HtmlElement

from crawler.extract import extract_page
from crawler.extract.boxes import dialogs
from crawler.extract.header import header_byline
from storage.records import CapturedPage, PageKind
from storage.records.extraction import Extraction

from .pages import SENTENCE, document, extraction

URL = "https://www.gasang.example/news/1"
PROSE = "".join(f"<p>{SENTENCE} {i}번째 문장이다.</p>" for i in range(5))
LINES = tuple(f"{SENTENCE} {i}번째 문장이다." for i in range(5))


def read(body: str, *, head: str = "") -> Extraction:
    return extraction(f"<html><head>{head}</head><body>{body}</body></html>", None, URL)


def test_forms_are_elements_as_any_other() -> None:
    """The classes that lxml has for them are chosen by a function of Python, once for each element."""
    tree = document(
        "<html><body><form><label><input><select><option>1</select><textarea></textarea></label></form></body></html>"
    ).tree
    assert {type(element) for element in tree.iter()} == {HtmlElement}


def linked_data(**fields: object) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


def test_linked_data_comes_first() -> None:
    head = linked_data(
        headline="제목이다",
        datePublished="2025-05-28T01:05:24+09:00",
        dateModified="2025-05-28T02:00:00+09:00",
        author=[{"name": "조이든"}, {"name": "배나래"}],
        publisher={"name": "가상일보"},
        articleSection=["사회", "전국"],
    )
    found = read(PROSE, head=head + '<meta property="og:title" content="다른 제목">')
    assert found.kind is PageKind.ARTICLE
    assert found.extractor == "generic/1"
    values = (found.title, found.published, found.modified, found.publisher, found.section)
    assert [v.value for v in values if v] == [
        "제목이다",
        "2025-05-28T01:05:24+09:00",
        "2025-05-28T02:00:00+09:00",
        "가상일보",
        "사회",
    ]
    assert [h.value for h in found.author_hints] == ["조이든", "배나래"]
    assert found.paragraphs == LINES


@pytest.mark.parametrize(
    "script",
    [
        '{"@graph": [{"@type": "WebSite"}, {"@type": "NewsArticle", "headline": "제목이다"}]}',
        '[{"@type": "Organization"}, {"@type": ["Article"], "headline": "제목이다"}]',
        '<!-- {"@type": "ReportageNewsArticle", "headline": "제목이다",} -->',
        '{"@type": "NewsArticle", "headline": "제목\n이다"}',
    ],
)
def test_linked_data_is_read_as_sites_write_it(script: str) -> None:
    found = read(PROSE, head=f'<script type="application/ld+json">{script}</script>')
    assert found.title is not None
    assert found.title.value.replace(" ", "") == "제목이다"


def test_broken_linked_data_is_passed_over() -> None:
    script = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": </script>'
    found = read(PROSE, head=script + "<title>제목 - 가상일보</title>")
    assert found.title is not None
    assert found.title.value == "제목"


@pytest.mark.parametrize(
    "title",
    [
        "새 다리가 열렸다 | 가상일보",
        "새 다리가 열렸다 - 가상일보",
        "새 다리가 열렸다-정치ㅣ가상일보",
        "새 다리가 열렸다 : 뉴스 : 가상일보",
        "새 다리가 열렸다 < 사회 < 기사본문 - 가상일보",
        "가상일보 모바일 :: 새 다리가 열렸다",
        "새 다리가 열렸다 : 네이버 뉴스",
    ],
)
def test_the_site_s_name_is_no_part_of_the_title(title: str) -> None:
    found = read(
        PROSE,
        head=f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="가상일보">',
    )
    assert found.title is not None
    assert found.title.value == "새 다리가 열렸다"


@pytest.mark.parametrize(
    "title", ["여야 - 끝없는 대치", "3:1 역전승", "'A-B' 합병 - 무엇이 남나", "[속보] 눈 | 비"]
)
def test_a_title_s_own_marks_stay(title: str) -> None:
    found = read(PROSE, head=f'<meta property="og:title" content="{title}">')
    assert found.title is not None
    assert found.title.value == title


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ("<b>새 다리</b> 열린다", "새 다리 열린다"),
        ("새 다리<br/>밤에도 <font color='red'>열린다</font>", "새 다리 밤에도 열린다"),
        ("<가온> 새 다리 열린다", "<가온> 새 다리 열린다"),
        ("<b> 하나로 글씨가 굵어진다", "<b> 하나로 글씨가 굵어진다"),
        ("1<b 이면 b>1", "1<b 이면 b>1"),
    ],
)
def test_markup_in_a_headline_is_no_part_of_the_title(told: str, title: str) -> None:
    found = read(PROSE, head=linked_data(headline=told))
    assert found.title is not None
    assert found.title.value == title


def test_a_title_escaped_twice_is_read() -> None:
    found = read(
        PROSE, head='<meta property="og:title" content="&amp;quot;강은 흐른다&amp;quot; R&amp;amp;D">'
    )
    assert found.title is not None
    assert found.title.value == '"강은 흐른다" R&D'


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ("R&uuml;ckbau: K&#xfc;hlt&uuml;rme gesprengt", "Rückbau: Kühltürme gesprengt"),
        ("강은 흐른다 - 한빛일보", "강은 흐른다"),
        ("강은 다시 흐른다 - Die Neue Zeit", "강은 다시 흐른다"),
        ("강은 다시 흐른다 했다 - 시인의 말", "강은 다시 흐른다 했다 - 시인의 말"),
        ("AT&T; 강은 흐른다", "AT&T; 강은 흐른다"),
    ],
)
def test_the_headline_that_a_machine_is_told_is_the_headline_alone(told: str, title: str) -> None:
    found = read("<h1>강은 다시 흐른다</h1>" + PROSE, head=linked_data(headline=told))
    assert found.title is not None
    assert found.title.value == title


@pytest.mark.parametrize(
    ("printed", "head", "title"),
    [
        ("강은 다시 흐른다", {"headline": "강 | 긴급"}, "강은 다시 흐른다"),
        ("강은 다시 흐른다", {"headline": "강이 흐르는 까닭은 무엇인가"}, "강은 다시 흐른다"),
    ],
)
def test_the_heading_and_the_meta_stand_against_the_linked_data(
    printed: str, head: dict[str, str], title: str
) -> None:
    meta = f'<meta property="og:title" content="{printed}">'
    found = read(f"<h1>{printed}</h1>{PROSE}", head=meta + linked_data(**head))
    assert found.title is not None
    assert found.title.value == title


@pytest.mark.parametrize(
    ("told", "above", "title"),
    [
        ("강변 여행 정보 10선 - 한빛일보", "<h1>강은 다시 흐른다</h1>", "강은 다시 흐른다"),
        ("강은 다시 흐른다 - 한빛일보", "<h1>한빛일보</h1>", "강은 다시 흐른다"),
        ("강은 다시 흐른다 - 한빛일보", "<h1>정치</h1>", "강은 다시 흐른다"),
        ("강은 흐른다 | 한빛 - 강가의 소식", "<h1>강가의 소식</h1>", "강은 흐른다 | 한빛 - 강가의 소식"),
        ("강은 다시 흐른다", "<h1>한빛일보 소식 광장</h1><h2>강은 다시 흐른다</h2>", "강은 다시 흐른다"),
        (
            "강은 다시 흐른다 | 매거진 한빛",
            "<ul><li class=menu-title>매거진 한빛</li></ul><p class=tit_a>강은 다시 흐른다</p>",
            "강은 다시 흐른다",
        ),
        (
            "강은 다시 흐른다 | 한빛매거진X",
            "<ul><li class=menu-title>한빛매거진X</li></ul><h1>강은 다시 흐른다</h1>",
            "강은 다시 흐른다",
        ),
        (
            "강은 다시 흐른다 — 한빛 — 말과 글을 다루는 사람들의 오랜 모임",
            "<h1>강은 다시 흐른다</h1>",
            "강은 다시 흐른다",
        ),
        (
            "River Daily | 강은 다시 흐르고 물은 맑다",
            "<h1><a href='/'>River Daily</a></h1>",
            "River Daily | 강은 다시 흐르고 물은 맑다",
        ),
        (
            "River Daily | 강은 다시 흐르고 물은 맑다",
            "<h1>River Daily</h1><h2>강은 다시 흐르고 물은 맑다</h2>",
            "강은 다시 흐르고 물은 맑다",
        ),
        ("River Daily | 강은", "<h1><a href='/'>River Daily</a></h1>", "River Daily | 강은"),
        ("강은 다시 흐른다 - The Gasang", "", "강은 다시 흐른다"),
    ],
)
def test_a_title_element_alone_gives_way_to_the_headline_that_is_printed(
    told: str, above: str, title: str
) -> None:
    found = read(f"<main>{above}<div>{PROSE * 3}</div></main>", head=f"<title>{told}</title>")
    assert found.title is not None
    assert found.title.value == title


def test_a_name_that_says_what_it_is_not_makes_no_widget() -> None:
    block = "<div class='no-tts'><p>강가의 마을은 사흘 만에 다시 문을 열었고 사람들은 물을 길었다.</p></div>"
    head = "<p class='no-share'>다리 위의 사흘</p>"
    found = read(f"<article><h1>강은 다시 흐른다</h1>{PROSE}{head}{block}</article>")
    assert "다리 위의 사흘" in found.paragraphs
    assert found.paragraphs[-1].startswith("강가의 마을은")


def test_a_heading_that_prints_the_headline_wins_over_its_machine_form() -> None:
    found = read(
        '<h1>"강은 흐른다"... 시인의 말</h1>' + PROSE, head=linked_data(headline="강은 흐른다... 시인의 말")
    )
    assert found.title is not None
    assert found.title.value == '"강은 흐른다"... 시인의 말'


@pytest.mark.parametrize(
    ("line", "published", "modified"),
    [
        ("입력 2025.05.28 01:05 수정 2025.05.28 09:10", "2025.05.28 01:05", "2025.05.28 09:10"),
        ("기사입력 :[ 2018-08-25 15:24 ]", "2018-08-25 15:24", None),
        (
            "등록 : 2025-05-28 01:05:24 | 업데이트 : 2025-05-28 09:10",
            "2025-05-28 01:05:24",
            "2025-05-28 09:10",
        ),
        ("승인 2025년 5월 28일 오후 3시 12분", "2025년 5월 28일 오후 3시 12분", None),
        ("2025/05/28 01:05", "2025/05/28 01:05", None),
        ("(수정 2025.05.28 09:10) 2025.05.28 01:05", "2025.05.28 01:05", "2025.05.28 09:10"),
    ],
)
def test_printed_times_are_told_apart_by_their_labels(
    line: str, published: str, modified: str | None
) -> None:
    found = read(
        f"<h1>새 다리가 열렸다</h1><p class='info'>{line}</p><div>{PROSE}</div>",
        head="<title>새 다리가 열렸다</title>",
    )
    assert found.published is not None
    assert found.published.value == published
    assert (found.modified.value if found.modified else None) == modified


def test_a_time_in_the_text_is_not_the_article_s() -> None:
    dated = f"<p>사고는 2020년 1월 2일 오전 3시 4분에 났다. {SENTENCE}</p>"
    assert (
        read(
            f"<h1>새 다리가 열렸다</h1><div>{PROSE}{dated}</div>", head="<title>새 다리가 열렸다</title>"
        ).published
        is None
    )


@pytest.mark.parametrize(
    ("lines", "right"),
    [
        (["글 이바다(여행작가)", "입력 2026.11.20 09:30"], "글 이바다(여행작가)"),
        (["글·사진 이바다 여행작가", "등록 2026.11.20"], "글·사진 이바다 여행작가"),
        (["글=이바다, 사진 서하린"], "글=이바다, 사진 서하린"),
        (["이바다 가람대 행정학과 교수", "입력 2026.11.20 09:30"], "이바다 가람대 행정학과 교수"),
        (["2026-11-20 09:30", "이바다 변호사(법무법인 가람)"], "이바다 변호사(법무법인 가람)"),
        (["이바다(bada@example.kr)", "댓글 3"], "이바다(bada@example.kr)"),
        (["오하늘 기자", "haneul@example.kr", "2026-11-20 09:30"], "오하늘 기자 haneul@example.kr"),
        (["By 오하늘", "2026-11-20"], "By 오하늘"),
        (["Oh Ha-neul 기자", "2026-11-20"], "Oh Ha-neul 기자"),
        (
            ["이바다 교수", "가람대 이바다 교수는 다리를 지었다고 말했다", "2026-11-20 09:30"],
            None,
        ),  # a caption
        (["오하늘 기자", "이바다 교수", "2026-11-20 09:30"], "오하늘 기자"),
        (["글 수정", "글 크기", "글 목록으로", "입력 2026.11.20 09:30"], None),
        (["desk@example.kr", "2026-11-20 09:30"], None),
        (["최초승인 2024.01.10 14:05 최종수정 2024.01.10 15:20"], None),
        (["기자명 이바다 기자", "전송 2024-01-10 14:05", "지면게재일 2024-01-11"], "기자명 이바다 기자"),
        (["데스크 승인 2024-01-10 14:05"], None),
        (["기자명 이바다 | 승인 2024.01.10 14:05 | 호수 1234"], "기자명 이바다"),
        (["이바다 기자 | 지면 A12 | 2024.01.11 | 입력 2024.01.10 14:05"], "이바다 기자"),
        (["작성자", "이바다", "작성일 24-01-10 14:05"], "작성자 이바다"),
        (["작성자", "댓글", "3"], None),
        (["24.01.10 14:05", "l", "이바다(bada77)"], "이바다(bada77)"),
        (["记者 金夏潭"], "记者 金夏潭"),
        (["By Oh Ha-neul and Lee Ba-da | Published : Jan 10, 2024 - 14:05"], "By Oh Ha-neul and Lee Ba-da"),
        (["By", "Lena Ahrend", "and", "Jan Moor", "10/04/2016"], "By Lena Ahrend and Jan Moor"),
        (["By", "Lena Ahrend", ",", "Jan Moor", ", and", "Ida Bo"], "By Lena Ahrend, Jan Moor, and Ida Bo"),
        (["By", "Lena Ahrend", "and", "others"], "By Lena Ahrend"),
        (["By", "the numbers"], None),
    ],
)
def test_a_line_of_the_head_is_a_byline_by_its_shape(lines: list[str], right: str | None) -> None:
    assert header_byline(lines) == right


def test_several_bylines_in_the_head_are_one_line() -> None:
    head = "<dl><dt>배윤경 기자</dt></dl><dl><dt>이상현 특파원</dt></dl><span>댓글 3</span>"
    found = read(f"<h1>새 다리가 열렸다</h1>{head}<div>{PROSE}</div>", head="<title>새 다리가 열렸다</title>")
    assert found.byline_line is not None
    assert found.byline_line.value == "배윤경 기자, 이상현 특파원"


@pytest.mark.parametrize(
    "furniture", ["share_area", "related-news", "reporter_box", "comment", "banner01", "sns", "tag_list"]
)
def test_furniture_is_known_by_its_class(furniture: str) -> None:
    found = read(f"<div class='text'>{PROSE}<div class='{furniture}'>공유하고 구독하기</div></div>")
    assert found.paragraphs == LINES


@pytest.mark.parametrize("word", ["header", "shadow", "thread", "heading", "reading", "gradient", "loaded"])
def test_a_class_that_only_contains_ad_is_no_advertisement(word: str) -> None:
    found = read(f"<div class='text'>{PROSE}<div class='{word}'>이 문장도 기사의 한 부분이다.</div></div>")
    assert "이 문장도 기사의 한 부분이다." in found.paragraphs


def test_a_body_in_a_script_is_found() -> None:
    rows = f"2a:T{len(PROSE.encode()):x},{PROSE}" + '3:{"deployDt":"2026.01.29 18:40"}'
    script = f"<script>self.__next_f.push([1,{json.dumps(rows)}])</script>"
    found = read(f"<main></main>{script}", head='<meta property="og:type" content="article">')
    assert found.paragraphs == LINES
    assert found.published is not None
    assert found.published.value == "2026.01.29 18:40"
    data = json.dumps({"props": {"article": {"content": PROSE}}}, ensure_ascii=False)
    older = f'<script id="__NEXT_DATA__" type="application/json">{data}</script>'
    assert read(older, head='<meta property="og:type" content="article">').paragraphs == LINES


def test_one_piece_of_a_script_is_not_the_body_that_the_page_prints() -> None:
    piece = "".join(
        f"<p>{text} 그 밖의 소식도 아래에 이어서 길게 전한다.</p>"
        for text in ("가로등 백 개를 바꿨다." * 3,) * 3
    )
    data = json.dumps({"props": {"block": piece}}, ensure_ascii=False)
    script = f'<script id="__NEXT_DATA__" type="application/json">{data}</script>'
    found = read(f"<article>{PROSE}</article>{script}", head='<meta property="og:type" content="article">')
    assert found.paragraphs == LINES


@pytest.mark.parametrize(
    ("own", "published", "modified"),
    [
        ({"title": "다리 놓는다", "regDate": "20261120100203", "modDt": None}, "20261120100203", None),
        (
            {"subject": "다리 놓는다", "first_reg_dttm": "2026-11-20 10:02", "lastChange": 1795142523000},
            "2026-11-20 10:02",
            "1795142523000",
        ),
        ({"title": "다리 놓는다", "regDate": "내일", "published": True}, None, None),
        ({"title": "다른 글", "regDate": "20261120100203"}, None, None),
    ],
)
def test_the_object_of_the_headline_and_the_text_tells_its_times(
    own: dict[str, object], published: str | None, modified: str | None
) -> None:
    other = {"title": "다른 글", "content": PROSE[: len(PROSE) // 2], "regDate": "20200101000000"}
    data = json.dumps({"props": {"rank": [other], "view": {**own, "content": PROSE}}}, ensure_ascii=False)
    head = '<meta property="og:type" content="article"><meta property="og:title" content="다리 놓는다">'
    found = read(f'<script id="__NEXT_DATA__" type="application/json">{data}</script>', head=head)
    times = [raw.value if raw else None for raw in (found.published, found.modified)]
    assert (found.paragraphs, times) == (LINES, [published, modified])


SIGNED = "<b>오하늘 기자</b> | 기사입력 2026/11/20 [10:02] | 최종수정 2026/11/20 [11:05]"


@pytest.mark.parametrize(
    "head",
    [
        f"<div>사회</div><div>다리 놓는다</div><div class='by'>{SIGNED}</div>",
        f"<div class='reporter'>{SIGNED}</div>",
        f"<p>홈 &gt; 사회</p><h3>다리 놓는다</h3><div class='byline'>{SIGNED}</div>",
    ],
)
def test_who_signs_over_the_text_in_its_container_has_its_times_beside(head: str) -> None:
    prose = PROSE.replace("<p>", "").replace("</p>", "<br><br>")
    found = read(f"<table><tr><td>{head}{prose}</td></tr></table>", head="<title>다리 놓는다</title>")
    assert found.paragraphs == LINES
    assert [raw and raw.value for raw in (found.published, found.modified)] == [
        "2026/11/20 [10:02",
        "2026/11/20 [11:05",
    ]


def test_who_signs_under_the_text_has_another_storys_time_beside() -> None:
    below = f"<div class='byline'>{SIGNED}</div>"
    found = read(f"<div>{PROSE}{below}</div>", head="<title>다리 놓는다</title>")
    assert found.published is None


def test_the_body_of_linked_data_is_the_last_resort() -> None:
    said = "\n".join(LINES)
    found = read("<div>전문은 앱에서 볼 수 있다.</div>", head=linked_data(headline="제목", articleBody=said))
    assert found.paragraphs == LINES
    assert found.body_rule is not None
    assert "JSON-LD articleBody" in found.body_rule


def test_a_list_is_no_article() -> None:
    items = "".join(
        f"<li><a href='/r/{i}'>{i}번째 소식의 제목이 길게 이어진다</a><p>{SENTENCE}</p></li>"
        for i in range(12)
    )
    assert read(f"<ul>{items}</ul>").kind is PageKind.NOT_ARTICLE
    about = (
        "저희는 1998년에 문을 연 회사입니다. 좋은 소식을 전하려고 애씁니다. 찾아오시는 길은 아래에 있습니다."
    )
    assert read(f"<p>{about}</p>" * 4).kind is PageKind.NOT_ARTICLE


@pytest.mark.parametrize(
    "said", ["회사 소개입니다.", "지면 서비스 준비 중입니다", "Rate limit exceeded", "데이터베이스 연결 오류"]
)
def test_a_few_words_that_are_not_known_are_for_a_person(said: str) -> None:
    """Settled as no article, an address that was refused with them would not be asked again."""
    assert read(f"<p>{said}</p>").kind is PageKind.QUARANTINED
    assert read(f"<script>alert('{said}'); history.back();</script>").kind is PageKind.QUARANTINED


def test_a_one_line_flash_is_an_article_where_the_page_says_so() -> None:
    found = read(
        "<div class='text'><p>[속보] 한국은행, 기준금리 0.25%p 인하를 결정했다</p></div>",
        head=linked_data(headline="속보"),
    )
    assert found.kind is PageKind.ARTICLE


def test_opt_out_signals_are_kept() -> None:
    head = '<meta name="robots" content="noai, noimageai"><meta name="tdm-reservation" content="1">'
    found = read(PROSE, head=head)
    assert (found.robots_meta, found.tdm_meta) == ("noai, noimageai", "1")


MENU = (
    "<header><nav><ul>"
    + "".join(f'<li><a href="/{n}">{n}</a></li>' for n in ("정치", "경제", "사회", "문화"))
    + "</ul></nav></header>"
)
SENTENCES = "<p>가상시가 내년 봄 북쪽 강변에 보행교를 새로 놓기로 했다고 20일 밝혔다.</p>"
ARTICLE = '<meta property="og:type" content="article"><title>보행교 새로 놓는다</title>'


def read_short(inside: str, head: str = ARTICLE) -> Extraction:
    foot = "<footer><p>등록번호 가상 아00001</p></footer>"
    body = f"{MENU}<article><h1>보행교 새로 놓는다</h1>{inside}</article>{foot}"
    html = f'<html lang="ko"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    return extract_page(CapturedPage(url="https://news.example.kr/a/1", body=html.encode()), None)


@pytest.mark.parametrize(
    ("inside", "paragraphs"),
    [
        (f"<div>박도현 기자 입력 2026.11.20 09:30</div>{SENTENCES}", 1),
        ('<div>입력 2026.11.20 09:30</div><figure><img src="/a.jpg"></figure>', 0),
        ("<p>입력 2026.11.20 09:30</p><ul><li>시장, 오전 회의</li><li>의회, 오후 회의</li></ul>", 2),
    ],
)
def test_a_short_article_has_no_menu_in_its_body(inside: str, paragraphs: int) -> None:
    """The library gives all text of such a page in one line, the menu's too."""
    found = read_short(inside)
    assert found.kind is PageKind.ARTICLE
    assert len(found.paragraphs) == paragraphs
    assert "정치" not in found.paragraphs


def test_a_list_with_days_beside_its_links_is_no_article() -> None:
    one = '<li><a href="/a/{0}">제목 {0}번 소식이 왔다</a><span>2026.11.20</span></li>'
    items = "".join(map(one.format, range(30)))
    html = f'<html><head><meta charset="utf-8"></head><body>{MENU}<ul>{items}</ul></body></html>'
    page = CapturedPage(url="https://news.example.kr/society", body=html.encode())
    assert extract_page(page, None).kind is PageKind.NOT_ARTICLE


@pytest.mark.parametrize(
    ("line", "published", "modified"),
    [
        (
            "Published : Nov 20, 2026 - 09:30 Updated : Nov 20, 2026 - 11:00",
            "Nov 20, 2026 - 09:30",
            "Nov 20, 2026 - 11:00",
        ),
        ("Freitag, 20. November 2026, 18:22 Uhr", "20. November 2026, 18:22 Uhr", None),
        ("Nov. 20, 2026, 6:22 p.m. KST", "Nov. 20, 2026, 6:22 p.m. KST", None),
    ],
)
def test_a_time_with_the_month_s_name_is_the_page_s(line: str, published: str, modified: str | None) -> None:
    found = read_short(f"<p>{line}</p>{SENTENCES * 3}")
    assert found.published is not None
    assert (found.published.value, found.modified.value if found.modified else None) == (published, modified)
    assert line not in found.paragraphs


def test_utf_16_without_its_mark_is_html() -> None:
    body = f"<article><h1>보행교 새로 놓는다</h1>{SENTENCES * 3}</article>"
    html = f"<html><head>{ARTICLE}</head><body>{body}</body></html>"
    page = CapturedPage(url="https://news.example.kr/a/1", body=html.encode("utf-16-le"))
    assert extract_page(page, None).kind is PageKind.ARTICLE


def test_a_page_of_an_unknown_site_tells_its_address_by_its_canonical_link() -> None:
    own, text = (
        "https://www.gasang.example/view/1",
        "<p>가상시는 낡은 다리 세 곳을 새로 놓겠다고 밝혔다.</p>" * 4,
    )
    head = f"<title>새 다리</title><link rel='canonical' href='{own}'>"
    html = f"<html><head>{head}</head><body><h1>새 다리</h1><article>{text}</article></body></html>"
    assert extraction(html, None, f"{own}?ref=a").aliases[-1:] == (own,)


NOTICE = ("◇ 4급 승진", "▲ 기획조정실장 나라온", "▲ 안전총괄과장 도하준")
"""A personnel notice: no line is prose."""


@pytest.mark.parametrize(
    "place",
    [
        'id="article-view-content-div" itemprop="articleBody"',
        'class="art-txt view_con"',
        'id="newsBody"',
        'class="article_body_wrap"',
    ],
)
@pytest.mark.parametrize(
    ("inner", "lines"),
    [
        ("".join(f"<p>{line}</p>" for line in NOTICE), NOTICE),
        ("<br>".join(NOTICE), NOTICE),
        ("<p>[인사] 가람시</p>", ("[인사] 가람시",)),
        ("<table><tr><td>서울</td><td>-1</td></tr></table>", ("서울\t-1",)),
    ],
)
def test_a_short_article_is_what_its_page_calls_so_and_not_the_page(
    place: str, inner: str, lines: tuple[str, ...]
) -> None:
    """The library finds nothing there, and gave menu, head and buttons with it in one line."""
    found = read(
        "<header><ul><li>홈</li><li>정치</li></ul></header><section><h3>[인사] 가람시</h3>"
        "<ul><li>기사입력</li><li>입력 2026.11.26 10:20</li></ul><div><button>복사하기</button></div>"
        f"<article {place}>{inner}</article><div><a href='/tag/1'>#인사</a></div></section>"
        "<footer><p>(주)가람일보 | 대표전화 02-000-0000</p></footer>",
        head='<meta property="og:title" content="[인사] 가람시"><meta property="og:type" content="article">',
    )
    assert (found.kind, found.paragraphs) == (PageKind.ARTICLE, lines)


FORM = (
    "<div>이 기사를 공유합니다</div><article><h4>댓글삭제</h4><p>삭제한 댓글은 다시 복구할 수 없습니다."
    " 그래도 삭제하시겠습니까?</p><p>로그인·계정인증을 통해 댓글을 남기실 수 있습니다.</p></article>"
)
READERS = "".join(
    f"<div class='reply'><b>달{n}</b><p>우리 동네에도 얼른 다리가 놓이면 좋겠다.</p></div>" for n in range(8)
)


@pytest.mark.parametrize("beside", [FORM, f"<div class='reply_list'>{READERS}</div>"])
@pytest.mark.parametrize(
    "line",
    [
        "▲나윤설씨 별세, 나하온(가람시청 주무관)씨 부친상=9일 가람의료원 3호실, 발인 11일 오전 7시",
        "본지는 3일 자 기사에서 예산이 3억원이라고 보도했습니다. 확인 결과 2억원이므로 바로잡습니다.",
    ],
)
def test_a_short_article_has_no_readers_words_in_its_body(line: str, beside: str) -> None:
    """An obituary had the form for comments in its text, and was gone: 삭제한 댓글은 ..."""
    found = read(
        f"<article><h1>짧은 소식</h1><div itemprop='articleBody'><p>{line}</p></div>{beside}</article>",
        head='<meta property="og:title" content="짧은 소식"><meta property="og:type" content="article">',
    )
    assert (found.kind, found.paragraphs) == (PageKind.ARTICLE, (line,))


@pytest.mark.parametrize(
    "below",
    [
        "<div><img src='/c.png' alt='{}'></div>",
        "<div class='view-copyright'>{}</div>",
        "<p>{}</p>",
    ],
)
def test_a_notice_is_read_wherever_the_page_shows_it(below: str) -> None:
    said = "저작권자 © 가상일보 무단전재 및 재배포, AI학습 이용 금지"
    assert said in [n.value for n in read(f"<div>{PROSE}</div>{below.format(said)}").notices]


def test_what_is_called_a_notice_needs_no_mark_but_none_of_the_footer_s() -> None:
    said = "이 기사의 저작권은 가상일보에 있으며 무단으로 이용할 수 없습니다."
    box = f"<div class='copyright'>{said}</div>"
    assert [n.value for n in read(f"<div>{PROSE}</div>{box}").notices] == [said]
    assert read(f"<div>{PROSE}</div><footer>{box}</footer>").notices == ()


@pytest.mark.parametrize(
    "said",
    [
        "Copyrights ⓒ 가상일보. All rights reserved.",
        "(c) Gasang Daily. Unauthorized reproduction and redistribution prohibited.",
        "이 기사의 저작권은 가상일보에 있습니다.",
    ],
)
def test_whose_it_is_is_the_article_s_beside_its_text_and_the_site_s_elsewhere(said: str) -> None:
    box = f"<div class='view-copyright'>{said}</div>"
    assert [n.value for n in read(f"<main><div>{PROSE}</div>{box}</main>").notices] == [said]
    assert read(f"<main><div>{PROSE}</div></main><div class='bottom'>{box}</div>").notices == ()


@pytest.mark.parametrize(
    ("line", "signed"),
    [
        ("한도윤 기자 han@gasang.example 사진=박솔 기자", True),
        ("한도윤 기자, 사진=박솔 기자", True),
        ("새로 놓인 다리. 사진=가상시", False),
    ],
)
def test_who_signed_beside_a_picture_s_credit_is_no_caption(line: str, signed: bool) -> None:
    html = f"<article><h1>강변에 새 길</h1>{''.join(f'<p>{p}</p>' for p in LINES)}<p>{line}</p></article>"
    assert (line in read(html).paragraphs) is signed


def test_dialogs_are_told_in_the_order_of_the_page() -> None:
    """They were told in that of a set of elements, another each time that the page was read."""
    opened = "".join(f"<div role='dialog'><p>Fenster {n}</p></div>" for n in range(12))
    found = dialogs(document(f"<body><h1>제목</h1><p>{SENTENCE * 20}</p>{opened}</body>"))
    assert [e.text_content() for e in found] == [f"Fenster {n}" for n in range(12)]


def test_the_time_of_an_event_in_a_sentence_is_not_the_pages() -> None:
    event = '<time datetime="2026-12-05T14:00">12월 5일 오후 2시</time>'
    told = f"<p>시는 공청회를 {event}에 시청에서 연다고 밝혔다.</p>"
    found = read(f"<div><h1>공청회 연다</h1><p>입력 2026.11.20 09:30</p><div>{told}{PROSE}</div></div>")
    assert found.published is not None
    assert found.published.value == "2026.11.20 09:30"


def test_the_day_above_a_headline_is_that_of_the_readers_look() -> None:
    today, clock = "<div class='a'>2026년 11월 28일 토요일</div>", "<p>2026.11.20 09:30</p>"
    text = f"<h1>공청회를 연다</h1><p>한나비 기자</p>{PROSE}"
    assert read(f"{today}<div id='w'>{text}</div>").published is None
    found = read(f"{today}<div id='w'><h1>공청회를 연다</h1>{clock}{PROSE}</div>").published
    assert found is not None
    assert found.value == "2026.11.20 09:30"


def test_a_sentence_with_a_time_is_text() -> None:
    told = "2026년 11월 5일 오전 10시 30분 노을교 앞에서 만난 시민은 말했다."
    found = read(f"<div><h1>공청회를 연다</h1><div><p>{told}</p>{PROSE}</div></div>")
    assert found.paragraphs[0] == told
    assert found.published is None


def test_times_of_readers_words_are_not_the_pages() -> None:
    words = ("정말 오래 기다린 소식이네요.", "세금이 아깝다는 생각이 드네요.")
    said = "".join(
        f'<li><b>독자{i}</b><time datetime="2026-11-20T1{i}:00:00+09:00">11월 20일</time><p>{word}</p>'
        '<a href="#">답글</a></li>'
        for i, word in enumerate(words)
    )
    found = read(f"<div><h1>공청회를 연다</h1><div>{PROSE}</div><ul class='u4'>{said}</ul></div>")
    assert found.paragraphs == LINES
    assert found.published is None
