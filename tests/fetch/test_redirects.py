"""Where redirects lead, and what an answer says whose head only a strict reader refuses."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler
from twisted.internet.testing import StringTransport
from twisted.web._newclient import Request as Sent
from twisted.web.http_headers import Headers as HttpHeaders

from crawler.fetch.ends import end_of_answer, end_of_stray
from crawler.fetch.lenient_head import LenientFactory
from crawler.fetch.middlewares import PlainRedirectMiddleware
from crawler.sources import fnnews
from crawler.stages import article_of
from storage.records import CapturedPage, Outcome

Headers = dict[bytes, list[bytes]]
PAGE = "https://www.fnnews.com/news/202611200900001234"


def followed(location: bytes, asked: tuple[str, ...] = ()) -> str | int:
    """Where a redirect leads; its status where it is not followed."""
    middleware = PlainRedirectMiddleware(Settings({"REDIRECT_ENABLED": True, "REDIRECT_MAX_TIMES": 5}))
    middleware.crawler = get_crawler()
    request = Request(PAGE, meta={"redirect_urls": list(asked), "redirect_times": len(asked)})
    answer = middleware.process_response(request, Response(PAGE, status=302, headers={"Location": location}))
    return answer.url if isinstance(answer, Request) else answer.status


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        (b"https://www.fnnews.com:443/news/1", "https://www.fnnews.com/news/1"),
        (b"http://www.fnnews.com:80/news/1", "http://www.fnnews.com/news/1"),
        (b"https://www.fnnews.com./news/1", "https://www.fnnews.com/news/1"),
        (b"https://www.fnnews.com:/news/1", "https://www.fnnews.com/news/1"),
        (b"https://www.fnnews.com:8080/news/1", "https://www.fnnews.com:8080/news/1"),
        (b"http://www.fnnews.com:443/news/1", "http://www.fnnews.com:443/news/1"),
        (b"/news/2", "https://www.fnnews.com/news/2"),
        (b"javascript:alert(1)", 302),
        (b"mailto:desk@example.org", 302),
        (b"https://[::1", 302),
        (b"https://www.fnnews.com:99999/", 302),
        (b"file:///etc/passwd", 302),
    ],
)
def test_where_a_redirect_leads(location: bytes, leads_to: str | int) -> None:
    assert followed(location) == leads_to


@pytest.mark.parametrize(
    "location", [PAGE.encode(), b"#top", b"", b"?", b"//www.fnnews.com:443/news/202611200900001234"]
)
def test_a_circle_is_followed_once(location: bytes) -> None:
    """It took six requests of each such page, and no cookie is kept that could change the answer."""
    assert str(followed(location)).rstrip("#top?") == PAGE
    with pytest.raises(IgnoreRequest, match="redirected in a circle"):
        followed(location, (PAGE,))


def test_a_circle_of_two() -> None:
    other = PAGE + "?from=app"
    assert followed(other.encode(), (PAGE, other)) == other
    with pytest.raises(IgnoreRequest, match="redirected in a circle"):
        followed(other.encode(), (PAGE, other, PAGE, other))


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        ("https://www.fnnews.com/", Outcome.NOT_ARTICLE),
        ("https://www.fnnews.com/login?ret=/news/1", Outcome.BLOCKED),
        ("https://www.fnnews.com/member/logIn.do", Outcome.BLOCKED),
        ("https://www.fnnews.com/sign-in", Outcome.BLOCKED),
        ("https://www.fnnews.com/cdn/captcha/", Outcome.BLOCKED),
        ("https://www.fnnews.com/authors/lee", Outcome.NOT_ARTICLE),
        ("https://www.fnnews.com/photo/1?next=/login", Outcome.NOT_ARTICLE),
        ("https://www.fnnews.com/blogindex", Outcome.NOT_ARTICLE),
    ],
)
def test_who_is_sent_to_a_login_is_turned_away(url: str, outcome: Outcome) -> None:
    assert end_of_stray(url) == (outcome, f"redirected to {url}")


ERROR = "https://www.fnnews.com/error.html"
DELETED, ABUSE = "The page says: 삭제된 기사입니다.", "The page refuses: 비정상적인 접근이 감지되었습니다"


@pytest.mark.parametrize(
    ("answered", "status", "ends"),
    [
        ("https://a.kr/news/1", 404, (Outcome.GONE, "404")),
        ("https://a.kr/404.html", 404, (Outcome.GONE, "404")),
        ("https://a.kr/member/login?url=/news/1", 404, (Outcome.BLOCKED, None)),
        ("https://a.kr/sso/", 410, (Outcome.BLOCKED, None)),
        ("https://a.kr/member/login", 500, (Outcome.FAILED, "answered 500")),
    ],
)
def test_a_login_that_is_not_there_does_not_mean_that_the_article_is_gone(
    answered: str, status: int, ends: tuple[Outcome, str | None]
) -> None:
    outcome, reason = end_of_answer("https://a.kr/news/1", answered, status, {})
    assert (outcome, reason) == (ends[0], ends[1] or f"redirected to {answered} ({status})")


@pytest.mark.parametrize(
    ("said", "outcome", "reason"),
    [
        ("<p>삭제된 기사입니다.</p>", Outcome.GONE, f"{DELETED} (redirected to {ERROR})"),
        (f"<h1>{ABUSE[18:]}</h1>", Outcome.BLOCKED, f"{ABUSE} (redirected to {ERROR})"),
        ("<h1>서비스 점검 중입니다</h1>", Outcome.QUARANTINED, None),
        ("<p>무슨 일로 오셨습니까</p>", Outcome.NOT_ARTICLE, f"redirected to {ERROR}"),
        ("", Outcome.NOT_ARTICLE, f"redirected to {ERROR}"),
    ],
)
def test_a_page_that_an_article_leads_to_is_believed_of_it(
    said: str, outcome: Outcome, reason: str | None
) -> None:
    page = CapturedPage(url=ERROR, body=f"<html><body>{said}</body></html>".encode())
    ended, why = end_of_stray(ERROR, article_of(page, fnnews.SOURCE))
    assert (ended, why) == (outcome, reason or why)


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (b'"X-XSS-Protection: 0"', {}),
        (b"X-Cache : HIT", {b"X-Cache": [b"HIT"]}),
        (b": 1", {}),
        (b"X Y: 1", {}),
        ("다리: 1".encode(), {}),
        (b"no colon", {}),
        (b" X-Indented: 1", {}),
        (b"\t", {}),
        (b"X-Long: " + b"x" * 100_000, {b"X-Long": [b"x" * 100_000]}),
    ],
)
def test_a_header_that_is_none_costs_itself_and_not_the_page(line: bytes, read: Headers) -> None:
    protocol, answers = LenientFactory(lambda _: None, "").buildProtocol(None), []
    protocol.makeConnection(StringTransport())
    asked = protocol.request(Sent(b"GET", b"/", HttpHeaders({b"Host": [b"a.kr"]}), None))
    asked.addBoth(answers.append)
    protocol.dataReceived(b"HTTP/1.1 200 OK\r\n" + line + b"\r\nX-Last: a\r\nContent-Length: 2\r\n\r\nok")
    (answer,) = answers
    assert (answer.code, dict(answer.headers.getAllRawHeaders())) == (200, {b"X-Last": [b"a"], **read})
