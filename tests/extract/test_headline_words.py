"""Pages of unknown sites whose text was taken away: what stands in its place has nothing of the headline."""

from __future__ import annotations

import pytest

from storage.records import Article, PageKind

from .pages import article

URL = "https://www.hanbit-ilbo.example/news/articleView.html?idxno=12345"
TITLE = "가상시, 내년 시내버스 노선 전면 개편…환승 30분으로"
TEXT = (
    "<p>가상시가 내년 3월부터 시내버스 노선을 전면 개편한다고 20일 밝혔다.</p>"
    "<p>환승 시간은 20분에서 30분으로 늘어난다. 심야 노선 12개가 새로 생긴다.</p>"
    "<p>시 관계자는 “출근 시간대 배차 간격을 8분으로 줄이겠다”고 말했다.</p>"
)
IMPRINT = (
    "<div class='foot'>가상시 가상구 가상로 1 | 등록번호 가상 아00001 | 발행인 김가상 | 편집인 박가상"
    " | 대표전화 000-000-0000</div>"
)


def read(inner: str, title: str = TITLE, below: str = "", above: str = "") -> Article:
    head = (
        f'<title>{title} - 한빛일보</title><meta property="og:title" content="{title}">'
        '<meta property="og:type" content="article"><meta property="og:site_name" content="한빛일보">'
        '<meta property="article:published_time" content="2026-11-20T09:12:00+09:00">'
    )
    body = (
        f"<main><h1>{title}</h1>{above}<article class='post'><div class='entry-content'>{inner}</div>"
        f"{below}</article></main>{IMPRINT}"
    )
    return article(f'<html lang="ko"><head>{head}</head><body>{body}</body></html>', None, URL)


STUBS = [
    "<p>월 9,900원으로 모든 기사를 무제한으로 즐기세요.</p>",
    "<p>이 페이지를 보려면 자바스크립트를 켜 주세요.</p>",
    "<p>동영상을 재생할 수 없습니다. 브라우저를 업데이트해 주세요.</p>",
    "<p>매일 아침 주요 소식을 메일로 보내드립니다.</p>",
    "<p>내용을 입력하세요.</p>",
    "<p>기사 원문은 <a href='https://other.example/1'>여기</a>에서 볼 수 있습니다.</p>",
    "<p>This video is unavailable.</p>",
]


@pytest.mark.parametrize("stub", STUBS)
@pytest.mark.parametrize(
    "below", ["", "<div class='tags'>태그: <a href='/t/1'>버스</a> <a href='/t/2'>가상</a></div>"]
)
def test_a_few_words_that_have_nothing_of_the_headline_are_no_article(stub: str, below: str) -> None:
    found = read(stub, below=below)
    assert found.kind is PageKind.QUARANTINED
    assert found.reason is not None


@pytest.mark.parametrize(
    "below",
    ["<p>태그: 버스, 가상</p>", "<p>#시내버스 #가상 #환승</p>", "<p>By 김하나 · 2026년 11월 20일</p>"],
)
def test_what_an_article_is_filed_under_is_no_text(below: str) -> None:
    assert read("", below=below).kind is PageKind.QUARANTINED


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("[인사] 가상도청", "<p>◇ 4급 승진</p><p>▲ 기획조정실장 나라온</p><p>▲ 안전총괄과장 도하준</p>"),
        (TITLE, "<p>가상시의 버스 노선이 내년 3월부터 바뀝니다. 자세한 소식 전해드리겠습니다.</p>"),
        ("첫눈", "<p>밤사이 소복이 쌓였습니다. 아이들이 공원으로 뛰어나왔습니다.</p>"),
        ("'엄마, 나 왔어'", "<p>귀순 40년 만에 가족이 만났다. 딸은 말을 잇지 못했다.</p>"),
        ("Harbour bridge shut", "<p>The mayor said on Monday that ferries will run every ten minutes.</p>"),
    ],
)
def test_short_news_in_other_words_is_an_article(title: str, text: str) -> None:
    assert read(text, title).kind is PageKind.ARTICLE


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("정정보도 청구에 따라 본 기사는 비공개 처리되었습니다.", PageKind.GONE),
        ("이 콘텐츠를 계속 읽으려면 구독이 필요합니다.", PageKind.NOT_ARTICLE),
        ("This content is available to subscribers only.", PageKind.BLOCKED),
    ],
)
def test_a_message_in_the_place_of_the_text_says_why(said: str, kind: PageKind) -> None:
    assert read(f"<p>{said}</p>").kind is kind


def test_a_page_that_says_that_its_article_is_gone_is_believed_beside_much_that_tells_nothing() -> None:
    beside = "".join(
        f"<p>시내버스 {n}번 노선, 배차 간격 8분으로 줄이고 심야 운행 두 배로</p>" for n in range(9)
    )
    assert read(f"<p>삭제된 기사입니다.</p>{beside}").kind is PageKind.GONE
    assert read(f"{TEXT}<p>가상시는 삭제된 기사를 찾는다.</p>{beside}").kind is PageKind.ARTICLE


@pytest.mark.parametrize(
    "line",
    [
        "3시간 전",
        "어제 14:30",
        "방금 전",
        "3 hours ago",
        "지면 2026-11-20 / A12면",
        "게재일 2026.11.20. 최종수정 2026.11.21.",
    ],
)
def test_a_time_over_the_text_is_none_of_it(line: str) -> None:
    assert read(f"<p>{line}</p>{TEXT}").body == read(TEXT).body


def test_who_signs_between_a_subtitle_and_the_text_is_none_of_it() -> None:
    subtitle = "<p><strong>심야 노선 12개 신설</strong></p>"
    found = read(f"{subtitle}<p>김하나 기자</p>{TEXT}")
    assert found.body == read(subtitle + TEXT).body
    assert [one.name for one in found.bylines] == ["김하나"]


@pytest.mark.parametrize(
    "box",
    [
        "<p>▶ <a href='/1'>가상항 물동량 두 달 연속 감소</a></p>",
        "<div><h4>함께 읽으면 좋은 기사</h4><a href='/1'>가상항 물동량 두 달 연속 감소</a></div>",
        "<div class='box'><p><b>한빛일보 뉴스레터</b></p><p>가상시 소식을 매일 아침 메일로 보내드립니다.</p>"
        "<a href='/nl'>구독하기</a></div>",
    ],
)
def test_what_points_elsewhere_between_paragraphs_is_none_of_the_text(box: str) -> None:
    assert read(TEXT.replace("</p>", f"</p>{box}", 1)).body == read(TEXT).body


@pytest.mark.parametrize(
    "own",
    [
        "<p>▶ 노선은 <a href='/1'>시 누리집</a>에서 확인할 수 있다.</p>",
        "<p>▶ 1번: 가상역~가상항</p>",
        "<div><p>시내버스 노선 알림은 앱을 켜면 받을 수 있습니다.</p><a href='/1'>길</a></div>",
    ],
)
def test_what_only_looks_so_stays(own: str) -> None:
    words = own.split(">", 2)[2].split("<")[0] if own.startswith("<div") else own[3:].split("<")[0]
    assert words.strip() in (read(TEXT.replace("</p>", f"</p>{own}", 1)).body or "")


@pytest.mark.parametrize(
    "waiting", ["Loading...", "본문을 불러오는 중입니다.", "undefined", "{{ article.body }}"]
)
def test_beside_a_picture_what_stands_for_a_text_to_come_is_none(waiting: str) -> None:
    found = read(f"<img src='https://image.example/1.jpg' alt='버스'><p>{waiting}</p>")
    assert (found.kind, found.body) == (PageKind.ARTICLE, None)


def test_the_words_of_a_menu_are_no_article_where_the_page_claims_none() -> None:
    menu = "".join(
        f"<div>{word}</div>"
        for word in ["전체뉴스", "드라마", "예능", "영화", "가요", "공연", "도서", "칼럼진별"] * 3
    )
    html = (
        f"<html><head><title>{TITLE}</title></head><body><div>{{}}</div><p>2026-11-20 09:12</p></body></html>"
    )
    assert article(html.format(f"<h2>{TITLE}</h2>{menu}"), None, URL).kind is not PageKind.ARTICLE
    assert article(html.format(f"<h2>{TITLE}</h2>{TEXT}"), None, URL).kind is PageKind.ARTICLE


@pytest.mark.parametrize(
    "heading",
    [
        "Related Stories",
        "More from the Business desk",
        "Most Read",
        "READ MORE:",
        "Auch interessant",
        "関連記事",
    ],
)
def test_an_english_heading_over_other_stories_announces_them(heading: str) -> None:
    links = "<p><a href='/1'>Harbour bridge opens</a></p><p><a href='/2'>Ferries run late</a></p>"
    assert heading.strip(":") not in (read(f"{TEXT}<p>{heading}</p>{links}").body or "")
    assert read(f"{TEXT}<p>{heading}</p>{links}").body == read(TEXT).body


@pytest.mark.parametrize(
    "line",
    [
        "<p>Story continues below advertisement</p>",
        "<p>Article continues after this ad</p>",
        "<p>4 min read</p>",
        "<p>Your browser does not support the video tag.</p>",
        "<p>Listen to this article 00:00 / 03:12</p>",
        "<p><strong>ALSO READ:</strong> <a href='/1'>Harbour bridge opens after two years of works</a></p>",
        "<p>Sad 0</p>",
        "<p>Loading…</p>",
        "<p><a href='/app'>CLICK HERE TO GET THE HANBIT APP</a></p>",
    ],
)
def test_english_furniture_between_paragraphs_is_none_of_the_text(line: str) -> None:
    assert read(TEXT.replace("</p>", f"</p>{line}", 1)).body == read(TEXT).body


@pytest.mark.parametrize(
    "own", ["Story continues to spread in 가상시.", "Watch: 시계 값이 올랐다.", "30 min walk"]
)
def test_english_lines_that_only_begin_so_stay(own: str) -> None:
    assert own in (read(TEXT.replace("</p>", f"</p><p>{own}</p>", 1)).body or "")
