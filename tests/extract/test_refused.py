"""Pages that answer 200 and are no article, on any site."""

from __future__ import annotations

import json

import pytest

from crawler.sources.base import Source
from crawler.sources.daum import SOURCE as DAUM
from crawler.sources.fnnews import SOURCE as FNNEWS
from storage.records import PageKind
from storage.records.extraction import Extraction

from .pages import DAUM_URL, daum_page, extraction

FNNEWS_URL = "https://www.fnnews.com/news/202611200900001234"
OTHER_URL = "https://www.gasang.example/news/1"
SITES = [
    pytest.param(DAUM, DAUM_URL, id="daum"),
    pytest.param(FNNEWS, FNNEWS_URL, id="fnnews"),
    pytest.param(None, OTHER_URL, id="unknown"),
]
BLOCKED, GONE, QUARANTINED = PageKind.BLOCKED, PageKind.GONE, PageKind.QUARANTINED

MESSAGES = [
    (GONE, "가상신문", ["이 기사는 편집부의 판단에 따라 비공개 처리되었습니다."]),
    (GONE, "가상신문", ["서비스가 종료된 페이지입니다.", "이용에 불편을 드려 죄송합니다."]),
    (GONE, "お知らせ", ["お探しの記事は掲載期間が終了したか、削除されました。"]),
    (BLOCKED, "Before", ["We and our 812 partners store and access information on a device."]),
    (BLOCKED, "451", ["Unfortunately, our website is currently unavailable in most European countries."]),
    (BLOCKED, "접근 제한 안내", ["고객님의 접속이 제한되었습니다.", "잠시 뒤 다시 찾아 주시기 바랍니다."]),
    (BLOCKED, "안내", ["비정상적인 요청이 확인되어 이용을 막았습니다.", "보안문자를 입력해 주세요."]),
    (BLOCKED, "자동등록방지", ["아래 그림의 글자를 그대로 넣어 주십시오.", "소리로 듣기"]),
    (BLOCKED, "Access Denied", ["You don't have permission to access this page.", "Reference #18.2f.176"]),
    (BLOCKED, "Just a moment...", ["Checking your browser before you go on. This may take a few seconds."]),
    (BLOCKED, "뉴스", ["Please verify you are human by completing the action below.", "Ray ID: 8f2"]),
    (BLOCKED, "429", ["Too Many Requests", "Your IP has been temporarily blocked. Try again later."]),
    (BLOCKED, "로그인", ["이 페이지를 보시려면 로그인을 하셔야 합니다.", "아이디와 비밀번호를 넣어 주세요."]),
    (BLOCKED, "로그인 - 가상신문", ["아이디", "비밀번호"]),
    (BLOCKED, "가상신문 | 회원 로그인", ["아이디 찾기", "회원 가입"]),
    (BLOCKED, "Sign In :: Example", ["Forgot your password?"]),
    (
        BLOCKED,
        "Before you go on",
        ["We and our partners use cookies to show you ads. Accept or reject them."],
    ),
    (GONE, "오류", ["요청하신 글을 볼 수 없습니다.", "주소를 다시 확인해 주세요."]),
    (GONE, "Oops", ["404 Page not found", "The page may have moved. Try the search."]),
    (QUARANTINED, "안내", ["지금은 시스템 점검 중입니다.", "점검은 새벽 네 시에 끝날 예정입니다."]),
    (QUARANTINED, "503 Service Unavailable", ["The server cannot answer now. Please come back later."]),
]


def message(title: str, lines: list[str]) -> str:
    text = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<html><head><title>{title}</title></head><body><div class='wrap'><h1>{title}</h1>{text}"
        "</div></body></html>"
    )


@pytest.mark.parametrize(("source", "url"), SITES)
@pytest.mark.parametrize(("kind", "title", "lines"), MESSAGES, ids=[m[2][0][:20] for m in MESSAGES])
def test_a_message_is_no_article(
    kind: PageKind, title: str, lines: list[str], source: Source | None, url: str
) -> None:
    found = extraction(message(title, lines), source, url)
    assert found.kind is kind
    assert found.reason
    assert found.paragraphs == ()


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (BLOCKED, "이 기사는 회원만 볼 수 있습니다."),
        (BLOCKED, "이 기사는 유료 회원 전용입니다."),
        (BLOCKED, "성인 인증이 필요한 콘텐츠입니다"),
        (BLOCKED, "쿠키 사용에 동의해 주세요"),
        (GONE, "삭제되었거나 없는 기사입니다."),
        (GONE, "이 기사는 당사자의 요청으로 더 이상 제공되지 않습니다."),
        (GONE, "해당 기사는 저작권 문제로 제공하지 않습니다."),
        (GONE, "이 기사는 더 이상 제공되지 않습니다."),
        (GONE, "노출 중지된 기사입니다."),
        (GONE, "기사 제공이 중단되었습니다."),
        (GONE, "해당 뉴스가 없습니다."),
        (QUARANTINED, "Warning: mysqli_connect(): Too many connections in /home/www/db.php on line 12"),
        (QUARANTINED, "SQLSTATE[HY000] [2002] Connection refused"),
        (QUARANTINED, "Microsoft OLE DB Provider for SQL Server 오류 '80004005'"),
        (QUARANTINED, "승인 대기 중인 기사입니다."),
    ],
)
def test_a_message_in_the_frame_of_its_site_is_what_the_page_says(kind: PageKind, line: str) -> None:
    """Menus and a footer that is longer than the message are no part of it."""
    menu = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("정치", "경제", "사회", "문화"))
    foot = "<p>(주)가상신문 | 가상시 강변로 1 | 등록번호 가상아00001 | 발행인 오하늘 | 편집인 민다온</p>" * 2
    page = f"<nav><ul>{menu}</ul></nav><div>{line}</div><footer>{foot}</footer>"
    html = f"<html><head><title>가상신문</title></head><body>{page}</body></html>"
    assert extraction(html, None, OTHER_URL).kind is kind


@pytest.mark.parametrize(
    ("kind", "title", "lines"),
    [
        (GONE, "페이지를 찾을 수 없습니다", ["주소가 정확한지 다시 한번 확인해 주세요."]),
        (BLOCKED, "로그인", ["로그인 후 이용하실 수 있습니다", "아이디 찾기 비밀번호 찾기"]),
        (BLOCKED, "잠시만요", ["로봇이 아닙니다", "자동화된 접근이 감지되었습니다."]),
        (
            QUARANTINED,
            "서비스 점검 안내",
            ["1월 10일 02:00부터 06:00까지 점검을 실시합니다.", "불편을 드려 죄송합니다."],
        ),
    ],
)
@pytest.mark.parametrize("head", ["", '<meta property="og:type" content="article">'])
def test_the_type_of_a_careless_head_makes_no_article_of_a_message(
    kind: PageKind, title: str, lines: list[str], head: str
) -> None:
    html = message(title, lines).replace("<title>", f"{head}<title>")
    assert extraction(html, None, OTHER_URL).kind is kind


@pytest.mark.parametrize(
    "lines",
    [
        ["방송통신위원회는 20일 한 동영상 사이트의 접속을 차단했다고 밝혔다.", "이용자들은 반발했다."],
        ["누리꾼들은 보안 문자를 사람이 푸는지 기계가 푸는지 궁금해했다.", "연구진은 답을 내놓았다."],
        ["구글은 쿠키를 없애겠다던 계획을 접었다고 20일 발표했다.", "광고 업계는 동의했다."],
    ],
)
def test_news_about_blocks_is_an_article(lines: list[str]) -> None:
    text = "".join(f"<p>{line * 2}</p>" for line in lines)
    head = '<meta property="og:type" content="article">'
    found = extraction(f"<html><head>{head}</head><body><div>{text}</div></body></html>", None, OTHER_URL)
    assert found.kind is PageKind.ARTICLE


def paid(body: str, **fields: object) -> Extraction:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "물길을 잇다", **fields}
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    return extraction(f"<html><head>{script}</head><body>{body}</body></html>", None, OTHER_URL)


TEASER = "<div class='text'><p>가상시가 오래된 물길을 다시 잇는다. 사업비는 서른 억 원이다.</p>{}</div>"
WALL = "<div class='wall'><p>이 기사는 구독자 전용입니다. 로그인하시면 전문을 보실 수 있습니다.</p></div>"
PART = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paid"}


@pytest.mark.parametrize("said", [False, "False", "http://schema.org/False", "false"])
def test_the_beginning_of_a_paid_article_is_no_article(said: object) -> None:
    found = paid(TEASER.format(""), isAccessibleForFree=said)
    assert found.kind is PageKind.NOT_ARTICLE
    assert found.reason == "The page shows only the beginning of an article that is for subscribers."


def test_an_invitation_to_subscribe_says_the_same() -> None:
    assert paid(TEASER.format(WALL)).kind is PageKind.NOT_ARTICLE
    assert paid(TEASER.format(""), hasPart=PART).kind is PageKind.NOT_ARTICLE
    for_some = "<p>이 콘텐츠는 가상플러스 구독자만 볼 수 있습니다.</p>"
    assert paid(TEASER.format(for_some)).kind is PageKind.NOT_ARTICLE


def test_news_of_paid_articles_offers_none() -> None:
    told = "<p>지역 신문들이 “이 기사는 유료회원 전용입니다” 같은 문구를 달기 시작했다.</p>"
    assert paid(TEASER.format(told)).kind is PageKind.ARTICLE


def test_a_paid_article_that_shows_its_text_is_an_article() -> None:
    text = "".join(
        f"<p>{i}번째 문단은 물길의 역사를 다룬다. 주민들은 오래 기다렸다고 말했다.</p>" for i in range(20)
    )
    shown = paid(f"<div class='paid'>{text}</div>", isAccessibleForFree=False, hasPart=PART)
    assert shown.kind is PageKind.ARTICLE
    long = paid(f"<div>{text}</div>", isAccessibleForFree=False)
    assert long.kind is PageKind.ARTICLE


PARAGRAPHS = "".join(
    f"<p dmcf-ptype='general'>{i}번째 문단은 물길의 역사를 다룬다. 주민들은 오래 기다렸다고 말했다.</p>"
    for i in range(5)
)


@pytest.mark.parametrize(("source", "url"), [SITES[0], SITES[2]])
def test_a_page_that_only_lost_its_end_is_whole(source: Source | None, url: str) -> None:
    html = daum_page(PARAGRAPHS, around="<div class='foot_view'><p>다음 글</p></div>")
    whole = extraction(html, source, url)
    lost = extraction(html.replace("</body></html>", ""), source, url)
    assert lost.kind is PageKind.ARTICLE
    assert lost.paragraphs == whole.paragraphs


@pytest.mark.parametrize(("source", "url"), [SITES[0], SITES[2]])
@pytest.mark.parametrize("tail", ["기다렸다고", "</p>", "<p dmcf-pty", "<script>var a = '"])
def test_a_page_that_stops_inside_its_text_is_cut_off(source: Source | None, url: str, tail: str) -> None:
    html = daum_page(PARAGRAPHS, around="<p>다음 글</p>")
    at = html.index("3번째 문단")
    cut = html[:at] + "3번째 문단은 물길의 역사를 다룬다. 주민들은 오래 " + tail
    found = extraction(cut, source, url)
    assert found.kind is PageKind.INCOMPLETE
    assert found.reason is not None
    assert "cut off" in found.reason
