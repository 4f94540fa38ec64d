"""Walls that answer 200: what a firewall, an age gate or a queue says is no article; news of them is."""

from __future__ import annotations

import pytest

from crawler.sources.base import Source
from crawler.sources.daum import SOURCE as DAUM
from storage.records import PageKind

from .pages import daum_page, extraction
from .test_refused import OTHER_URL, SITES, message

BLOCKED, WAITING = PageKind.BLOCKED, PageKind.QUARANTINED
"""A waiting room ends as a maintenance page does."""

WALLS = [
    (
        BLOCKED,
        "Web Firewall",
        ["요청하신 페이지는 웹방화벽 정책에 의해 차단되었습니다.", "고객센터로 문의해 주세요."],
    ),
    (BLOCKED, "알림", ["귀하의 요청이 웹 방화벽에 의해 차단되었습니다.", "탐지 시간 2026-11-26 20:11:02"]),
    (BLOCKED, "", ["차단되었습니다"]),
    (BLOCKED, "안내", ["웹 보안 정책에 위배되는 요청입니다.", "관리자에게 알려 주시기 바랍니다."]),
    (BLOCKED, "안내", ["단시간에 많은 요청이 있었습니다. 사람이 맞는지 확인이 필요합니다."]),
    (BLOCKED, "", ["The requested URL was rejected.", "Your support ID is: 1122334455"]),
    (
        BLOCKED,
        "ERROR: The request could not be satisfied",
        ["403 ERROR", "The CDN cannot connect right now."],
    ),
    (BLOCKED, "Error 15", ["Error code 15", "This request was blocked by our security service"]),
    (BLOCKED, "Error 1015", ["You are being rate limited", "Ray ID: 8a1"]),
    (BLOCKED, "잠시만", ["진행하기 전에 연결의 보안을 검토해야 합니다."]),
    (BLOCKED, "Checking", ["Verifying you are human. This may take a few seconds."]),
    (BLOCKED, "Sorry", ["This content is not available in your region."]),
    (BLOCKED, "안내", ["해당 서비스는 현재 접속하신 국가에서 이용하실 수 없습니다."]),
    (BLOCKED, "451: Unavailable due to legal reasons", ["Access cannot be granted from where you are."]),
    (BLOCKED, "안내", ["이 콘텐츠는 성인만 볼 수 있습니다.", "전화 인증"]),
    (BLOCKED, "Age verification", ["You must be 18 or older to enter this site."]),
    (BLOCKED, "안내", ["서비스를 쓰시려면 쿠키 사용에 동의해 주세요.", "모두 동의"]),
    (BLOCKED, "gasang.example", ["gasang.example is for sale", "Make an offer"]),
    (BLOCKED, "Account Suspended", ["This account has been suspended."]),
    (BLOCKED, "앱에서 보기", ["이 콘텐츠는 앱에서만 볼 수 있습니다.", "앱을 설치하신 뒤 이용해 주십시오."]),
    (BLOCKED, "Open the app", ["This story is only available in our mobile app.", "Get the app"]),
    (BLOCKED, "누리일보", ["광고 차단 프로그램이 감지되었습니다.", "해제한 뒤 새로고침해 주세요."]),
    (BLOCKED, "애드블록 사용 안내", ["애드블록을 꺼 주시면 기사를 보실 수 있습니다."]),
    (BLOCKED, "Please disable your ad blocker", ["We rely on advertising."]),
    (WAITING, "Welcome to nginx!", ["The nginx web server is successfully installed and working."]),
    (
        WAITING,
        "Apache2 Ubuntu Default Page: It works",
        ["This is used to test the server after installation."],
    ),
    (WAITING, "Index of /news", ["Parent Directory", "Name Last modified Size"]),
    (WAITING, "접속 대기", ["현재 접속자가 많아 대기 중입니다. 잠시만 기다려 주세요.", "대기 순서 1,204명"]),
    (WAITING, "안내", ["고객님 앞에 512명의 대기자가 있습니다."]),
    (WAITING, "Waiting Room", ["You are now in line.", "Your number in line is 200."]),
    (WAITING, "Maintenance", ["We'll be back soon!", "Thanks for being patient."]),
]


@pytest.mark.parametrize(("source", "url"), SITES)
@pytest.mark.parametrize(("kind", "title", "lines"), WALLS, ids=[w[2][0][:20] for w in WALLS])
def test_a_wall_is_no_article(
    kind: PageKind, title: str, lines: list[str], source: Source | None, url: str
) -> None:
    found = extraction(message(title, lines), source, url)
    assert (found.kind, found.paragraphs) == (kind, ())
    assert found.reason


CHALLENGES = [
    "<script>window.awsWafCookieDomainList = [];</script><div id='challenge-container'></div>",
    "<script src='/_Incapsula_Resource?SWJIYLWA=719d'></script>",
    "<iframe src='/_Incapsula_Resource?CWUDNSAI=9'></iframe>",
    "<script>window._cf_chl_opt={cvId:'3'}</script>",
    "<script>var dd={'host':'geo.captcha-delivery.com'}</script><p>Please wait</p>",
    "<form><div class='g-recaptcha' data-sitekey='x'></div><button>확인</button></form>",
]


@pytest.mark.parametrize(("source", "url"), SITES)
@pytest.mark.parametrize("markup", CHALLENGES)
def test_a_challenge_of_a_script_alone_is_a_refusal(markup: str, source: Source | None, url: str) -> None:
    found = extraction(f"<html><head><title>가상</title></head><body>{markup}</body></html>", source, url)
    assert (found.kind, (found.reason or "").partition(":")[0]) == (BLOCKED, "The page refuses")


NEWS = [
    (
        "웹방화벽 시장 커진다",
        "가상보안은 20일 새 웹방화벽을 내놓았다고 밝혔다. 이 제품은 이상한 요청을 막는다.",
    ),
    ("접속 차단에 당황", "시민들은 '요청하신 페이지가 차단되었습니다'라는 안내를 보았다고 말했다."),
    ("해외 접속 막은 누리집", "가상시는 20일부터 해외 IP의 접속을 제한한다고 밝혔다. 공격이 잇따라서다."),
    ("예매 대기열 10만 명", "'고객님 앞에 98,211명이 있습니다'라는 화면이 떴다고 팬들은 전했다."),
    (
        "접속자 몰린 청약",
        "접속자가 몰려 서비스가 지연되고 있습니다. 나가상 기자가 전합니다. 오늘 아홉 시입니다.",
    ),
    ("성인 인증 강화한다", "위원회는 19세 미만 청소년이 이용할 수 없도록 성인 인증을 늘리라고 권고했다."),
    ("이 서비스는 성인 전용", "이 서비스는 성인에게만 제공된다고 회사는 밝혔다. 가입자는 10만 명이다."),
    (
        "로봇이 사람인지 확인한다",
        "연구진은 상대가 사람인지 확인하는 로봇을 만들었습니다. 내년에 낸다고 밝혔습니다.",
    ),
    ("차단된 계좌", "은행은 20일 계좌 3천 개가 차단됐다고 밝혔습니다. 고객 문의가 이어졌습니다."),
    ("판매 중이던 도메인", "한때 판매 중이던 이 도메인은 20일 억대에 팔렸다. 산 사람은 밝혀지지 않았다."),
    ("호스팅 만료로 사라진 기록", "동호회 누리집은 호스팅 기간이 만료되어 문을 닫았다. 회원들은 아쉬워한다."),
    ("유럽에서는 못 본다", "이 서비스는 해당 지역에서 제공되지 않는다고 회사는 설명했다. 규제 때문이다."),
    ("쿠키 동의 창 줄인다", "정부는 '쿠키 사용에 동의해 주세요'라는 창을 줄이겠다고 20일 밝혔다."),
    ("로봇 검사에 지친 사람들", "자동화된 접근을 가리는 검사에 시민들은 지쳤다. 회사는 없애겠다고 했다."),
    (
        "A firewall stops a city",
        "'The requested URL was rejected' was all that residents saw, the mayor told us.",
    ),
    (
        "Not available in your region",
        "Viewers read that a show is not available in your region, a report said.",
    ),
    ("You must be 18", "You must be 18 or older to enter the store, the council said on Friday."),
]


@pytest.mark.parametrize(("title", "line"), NEWS, ids=[n[0] for n in NEWS])
def test_news_of_walls_is_an_article(title: str, line: str) -> None:
    html = daum_page(f"<p dmcf-ptype='general'>{line}</p>").replace("<title>", f"<title>{title} ")
    assert extraction(html, SITES[0].values[0]).kind is PageKind.ARTICLE  # type: ignore[arg-type]
    body = "".join(f"<p>{line} {i}번째 문단이다.</p>" for i in range(4))
    head = f"<title>{title}</title><script src='/_Incapsula_Resource?SWJIYLWA=7'></script>"
    any_site = f"<html><head>{head}</head><body><h1>{title}</h1><article>{body}</article></body></html>"
    assert extraction(any_site, None, OTHER_URL).kind is PageKind.ARTICLE


@pytest.mark.parametrize(
    "markup",
    [
        "<title>가상신문</title><frameset rows='0,*'><frame src=top.html><frame src=main.html></frameset>",
        "<head><meta http-equiv=refresh content='0; url=/news/2'></head><body></body>",
        "<head><META HTTP-EQUIV=Refresh CONTENT='0;URL=/news/2'></head><body>이동합니다</body>",
        "<head><script>location.replace('/login?back=/news/1')</script></head><body></body>",
        "<body><div id='root'></div><noscript>켜 주세요</noscript><script src='/main.js'></script></body>",
        '<head><script>window.location.href = "https://m.gasang.example/2";</script></head><body></body>',
    ],
)
def test_a_page_whose_text_is_elsewhere_is_kept_for_a_person(markup: str) -> None:
    found = extraction(f"<html>{markup}</html>", None, OTHER_URL)
    assert (found.kind, found.paragraphs) == (PageKind.QUARANTINED, ())
    assert "no article of its own" in (found.reason or "")


def test_a_page_that_refreshes_itself_is_what_it_shows() -> None:
    body = "".join(
        f"<p>누리시는 {n}일 새 길의 {n}번째 구간을 열었다고 밝혔다. 길이는 {n}㎞다.</p>" for n in range(3, 9)
    )
    page = (
        f"<html><head><meta http-equiv=refresh content='300'></head><body><h1>새 길</h1>{body}</body></html>"
    )
    assert extraction(page, None, OTHER_URL).kind is PageKind.ARTICLE


def test_a_script_without_markup_says_that_the_article_is_gone() -> None:
    page = "<script>alert('삭제된 기사입니다.');history.back();</script>"
    assert extraction(page, None, OTHER_URL).kind is PageKind.GONE


MEMBERS = [
    ["구독자만 볼 수 있는 기사입니다.", "구독하시면 모든 기사를 끝까지 읽으실 수 있습니다.", "구독하기"],
    ["가상일보 멤버십에 가입하고 남은 기사를 이어서 읽어 보세요."],
    ["이번 달 무료 기사 5건을 모두 보셨습니다. 구독하고 계속 읽으세요."],
    ["만 19세 이상만 볼 수 있는 기사입니다. 성인 인증을 해 주세요.", "본인 인증하기"],
    ["연령 확인이 필요한 기사입니다."],
    ["To read the full story, subscribe or sign in."],
    ["Subscribe to continue reading", "This article is for subscribers only. Already a subscriber? Log in."],
    ["Sign in to read this article.", "Log in", "Register"],
    ["この記事は会員限定です。続きを読むにはログインが必要です。"],
    ["この記事は有料会員限定記事です。残り204文字。"],
    ["購読者のみご覧いただけます。"],
    ["本文仅限会员阅读，请登录后查看。"],
    ["訂閱後即可閱讀全文。"],
]
HEADED = (
    '<div class="head_view"><span class="info_view"><span class="txt_info">김서윤 기자</span><span '
    'class="txt_info">입력 <span class="num_date">2026. 11. 20. 09:00</span></span></span></div>'
)


@pytest.mark.parametrize("head", ["", '<meta property="og:type" content="article">'])
@pytest.mark.parametrize("lines", MEMBERS, ids=lambda lines: lines[0][:16])
def test_a_wall_in_the_place_of_a_body_is_not_stored_as_one(lines: list[str], head: str) -> None:
    """Whatever the template prints around it: a reporter and a time, and other stories below."""
    section = "".join(f'<p dmcf-ptype="general">{line}</p>' for line in lines)
    html = daum_page(section, head=head, around=HEADED + "<p>가상시가 물길을 다시 이었다.</p>")
    found = extraction(html, DAUM)
    assert found.kind is BLOCKED
    assert found.reason is not None


@pytest.mark.parametrize(
    "lines",
    [
        ["가상일보는 20일 구독하면 전문을 볼 수 있는 기사를 늘리겠다고 밝혔다."],
        ["架空書店は20日、会員限定の記事を始めると発表した。ログインして続きを読む形になる。"],
        ["가상시는 20일 물길을 이었다고 밝혔다.", "구독하시면 전문을 더 빨리 받아 보실 수 있습니다."],
    ],
)
def test_news_of_walls_and_an_offer_below_news_are_articles(lines: list[str]) -> None:
    section = "".join(f'<p dmcf-ptype="general">{line}</p>' for line in lines)
    assert extraction(daum_page(section, around=HEADED), DAUM).kind is PageKind.ARTICLE


@pytest.mark.parametrize(
    "line", ["로그인 후 이용할 수 있는 기사입니다.", "유료 구독자만 볼 수 있는 기사입니다."]
)
def test_a_pointer_beside_a_wall_makes_it_no_article(line: str) -> None:
    section = f'<p dmcf-ptype="general">{line}</p><p dmcf-ptype="general">▶ 가상신문 채팅방</p>'
    assert extraction(daum_page(section, around=HEADED), DAUM).kind is BLOCKED


def test_a_notice_of_names_above_an_offer_is_an_article() -> None:
    names = "".join(f'<p dmcf-ptype="general">▲ {n}국장 김가람 ▲ {n}과장 이나루</p>' for n in "총무기획")
    offer = '<p dmcf-ptype="general">구독하시면 모든 기사를 보실 수 있습니다.</p>'
    assert extraction(daum_page(names + offer, around=HEADED), DAUM).kind is PageKind.ARTICLE
