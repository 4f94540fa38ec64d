"""What robots.txt, Retry-After and a stand-in server mean. The waiting itself is tested in tests/crawl."""

import asyncio
import gzip
import re
from datetime import UTC, datetime

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.utils.conf import build_component_list

from crawler.configuration.environment import Configuration, WrongSetting, on_this_machine
from crawler.configuration.words import parse_origin
from crawler.fetch.download import through_origin
from crawler.fetch.ends import end_of_status
from crawler.fetch.middlewares import PlainRedirectMiddleware, without_condition
from crawler.fetch.once_a_day import OnceADay
from crawler.fetch.refusals import challenge_in, heard_in, retry_after
from crawler.fetch.robots import forbidden_because, newest, robots_verdict
from crawler.run.turns import host_of
from storage.frontier.rests import Answered
from storage.records import Outcome
from storage.records.runs import LeasedAddress

AGENT = "newsarchive/0.1 (+desk@example.org)"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "body", "path", "allowed"),
    [
        (200, b"User-agent: *\nDisallow: /search", "/v/1", True),
        (200, b"User-agent: *\nDisallow: /search", "/search?q=1", False),
        (200, b"User-agent: *\nDisallow: /\nAllow: /$", "/v/1", False),
        (200, b"User-agent: newsarchive\nDisallow: /\n\nUser-agent: *\nAllow: /", "/v/1", False),
        (404, b"", "/v/1", True),
        (403, b"", "/v/1", True),
        (429, b"", "/v/1", False),
        (500, b"", "/v/1", False),
        (503, b"User-agent: *\nAllow: /", "/v/1", False),
        (206, b"User-agent: *\nAllow: /", "/v/1", False),
        (203, b"User-agent: *\nAllow: /", "/v/1", True),
        (204, b"", "/v/1", False),
        (202, b"<html>Checking your browser</html>", "/v/1", False),
        (200, b"<!doctype html><html><body>404</body></html>", "/v/1", True),
    ],
)
def test_robots_txt_as_rfc_9309_says(status: int, body: bytes, path: str, allowed: bool) -> None:
    verdict = robots_verdict(status, body)
    assert verdict.allows(f"https://v.daum.net{path}", AGENT, explicit=False) is allowed


SHUT, OPEN = "User-agent: *\nDisallow: /\n", "User-agent: *\nAllow: /\n"


@pytest.mark.parametrize(
    ("named", "ours"),
    [
        ("newsarchive", True),
        ("NewsArchive", True),
        ("newsarchive/1.0", True),
        ("newsarchive/0.1 (+desk@example.org)", True),
        ("newsarchive 2", True),
        ('"newsarchive"', True),
        ("googlebot, newsarchive, bingbot", True),
        ("newsarchive,googlebot", True),
        ("Mozilla/5.0 (X11, newsarchive)", False),
        ("news", False),
        ("archive", False),
        ("newsarchivebot", False),
        ("newsarchive-images", False),
        ("my-newsarchive", False),
        ("newsarchive2", False),
        ("*newsarchive", False),
        ("desk", False),
        ("example", False),
        ("0.1", False),
        ("", False),
    ],
)
def test_a_group_is_chosen_by_the_product_token_alone(named: str, ours: bool) -> None:
    for elsewhere, here, allowed in ((OPEN, "Disallow: /", not ours), (SHUT, "Allow: /", ours)):
        for file in (
            f"User-agent: {named}\n{here}\n\n{elsewhere}",
            f"{elsewhere}\nUser-agent: {named}\n{here}",
        ):
            verdict = robots_verdict(200, file.encode())
            assert verdict.allows("https://v.daum.net/v/1", AGENT, explicit=False) is allowed, file


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + SHUT.encode(),
        b"\xef\xbb\xbf\xef\xbb\xbf" + SHUT.encode(),
        b"\r\n\xef\xbb\xbf" + SHUT.encode(),
        b"\xef\xbb\xbf".decode("latin-1").encode() + SHUT.encode(),
        f"\u200b\u2060{SHUT}".encode(),
        SHUT.encode("utf-16"),
        SHUT.encode("utf-16-be"),
        SHUT.encode("utf-16-le"),
        SHUT.replace("\n", "\r").encode(),
        SHUT.replace("\n", "\r\n\r\n").encode(),
        SHUT.replace(" ", "\t").encode(),
        SHUT.replace("*", "*\0").encode(),
        b"\0\0" + SHUT.encode(),
        SHUT.replace("Dis", "\x01\x02Dis").encode(),
        SHUT.replace("\n", "<br />\n").encode(),
        b"<!doctype html><html><body><p>" + SHUT.replace("\n", "</p><p>").encode() + b"</p></body></html>",
        SHUT.replace(": ", " ").encode(),
        SHUT.replace(":", " :").encode(),
        SHUT.replace("*", "* # everybody").encode(),
        SHUT.replace("\n", " ").encode(),
        SHUT.replace("\n", "\\n").encode(),
        b'"' + SHUT.replace("\n", "\\r\\n").encode() + b'"\n',
        SHUT.replace("-a", "_a").encode(),
        SHUT.replace(": ", ":\xa0").encode(),
        SHUT.replace(": ", "：").encode(),
        b"\xb4\xba\xbd\xba\n" + SHUT.encode(),
        "User-agent: *\nDisallow: /뉴스\u2028/\nDisallow: /v\n".encode(),
        b"User-agent: a\nUser-agent: newsarchive\nDisallow: /\nUser-agent: *\nAllow: /",
        b"User-agent: a\nSitemap: https://v.daum.net/s.xml\nHost: x\nUser-agent: *\nDisallow: /",
        b"User-agent: newsarchive\nUnknown: x\nDisallow: /\nUser-agent: newsarchive\nAllow: /a",
    ],
)
def test_a_file_is_read_byte_for_byte(body: bytes) -> None:
    assert not robots_verdict(200, body).allows("https://v.daum.net/v/1", AGENT, explicit=False)


@pytest.mark.parametrize(
    ("body", "is_whole"),
    [
        ("User-agent: *\nAllow: /rss.xml\nDisal", False),
        ("User-agent: *\nAllow: /rss.xml\nDisallow", False),
        ("User-agent: *", False),
        ("User-agent: *\nAllow: /\n\nUser-agent: newsarchive", False),
        ("User-agent: *\nAllow: /\nUser-", False),
        ("\ufeffUser-agent: *\nAllow: /\nCrawl-d", False),
        ("User-agent: *\nAllow: /rss.xml\nDisal\n", True),
        ("User-agent: *\n", True),
        ("User-agent: *\nAllow: /", True),
        ("User-agent: *\nAllow: /\nSitemap: https://v.daum.net/s.xml", True),
        ("User-agent: *\nAllow: /\n# the end", True),
        ("User-agent: *\nDisallow:", True),
        ("", True),
    ],
)
def test_a_file_whose_length_nobody_said_is_whole_unless_it_stops_within_a_field(
    body: str, is_whole: bool
) -> None:
    said = robots_verdict(200, body.encode(), unmeasured=True)
    assert said.unreachable is not is_whole
    assert robots_verdict(200, body.encode()).unreachable is False


def test_a_file_that_was_cut_off_is_unknown_and_a_rule_cut_by_our_limit_is_none() -> None:
    verdict = robots_verdict(200, b"User-agent: *\nDisallow: /adm", cut_off=True)
    assert not verdict.allows("https://v.daum.net/v/1", AGENT, explicit=False)
    assert verdict.why == "robots.txt unreachable: it came cut off"
    filled = b"User-agent: *\n".ljust(500 * 1024 - len(b"Disallow: /"), b"#") + b"\n"
    whole = robots_verdict(200, filled[:-2] + b"\nDisallow: /private\n")
    assert whole.allows("https://v.daum.net/v/1", AGENT, explicit=False)


@pytest.mark.parametrize(
    ("value", "delay"),
    [
        *(("10", 10.0), ("10 # s", 10.0), ("0.5", 0.5), ("10\nCrawl-delay: 3", 10.0)),
        *(("3s", 3.0), ("3 sec", 3.0), ("10 seconds", 10.0), ("2 min", 120.0), ("1,5", 1.5), ("= 3", 3.0)),
        *(("nan", None), ("inf", None), ("-5", None), ("", None), ("soon", None)),
        *(
            ("\nRequest-rate: 1/10", 10.0),
            ("1\nRequest-rate: 30/2m 0900-1800", 4.0),
            ("\nRequest-rate: 0/1", None),
        ),
    ],
)
def test_a_crawl_delay(value: str, delay: float | None) -> None:
    file = f"User-agent: newsarchive/1\nCrawl-delay: {value}\nUser-agent: *\nCrawl-delay: 60\n"
    assert robots_verdict(200, file.encode()).delay_s == delay


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        *(
            ("Disallow: v/", False),
            ("Disallow: https://v.daum.net/v/", False),
            ("Disallow: HTTP://v.daum.net", False),
        ),
        *(("Disallow: w/", True), ("Disallow: https://v.daum.net/w/", True), ("Disallow:", True)),
        *(("Disallow: /\nAllow: v/", False), ("Disallow: *1", False), ("Disallow: $", True)),
    ],
)
def test_a_disallow_that_is_no_path_forbids_what_it_means(rule: str, allowed: bool) -> None:
    verdict = robots_verdict(200, f"User-agent: *\n{rule}\n".encode())
    assert verdict.allows("https://v.daum.net/v/1", AGENT, explicit=False) is allowed


@pytest.mark.parametrize(
    ("status", "body", "at_first", "later"),
    [
        *((200, SHUT, False, False), (404, "", True, True), (503, "", False, True), (429, "", False, True)),
        *((202, OPEN, False, True), (200, "<pre>User-agent: *\nDisallow: /</pre>", False, False)),
    ],
)
def test_a_file_that_cannot_be_had_again_counts_as_it_was(
    status: int, body: str, at_first: bool, later: bool
) -> None:
    """First of all it means wait; an older copy is gone by while it is so (RFC 9309 section 2.4)."""
    newer = robots_verdict(status, body.encode())
    for older, allowed in ((None, at_first), (robots_verdict(200, OPEN.encode()), later)):
        assert newest(older, newer).allows("https://v.daum.net/v/1", AGENT, explicit=False) is allowed


@pytest.mark.parametrize(
    "page",
    [
        b"<html><body>Please log in</body></html>",
        b"\xef\xbb\xbf\r\n  <!DOCTYPE html><button>Allow all</button>",
        "<html><p>차단되었습니다<br>User-Agent: newsarchive/0.1<br>IP: 192.0.2.1".encode("utf-16"),
        b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
        gzip.compress(b"<html>Wi-Fi</html>", mtime=0),
        b'{"error": "internal", "allow": false}',
        b'{\n  "status": 500,\n  "message": "try again"\n}\n',
        b"upstream connect error or disconnect/reset before headers. reset reason: overflow",
        b"# cache-17\nHost not found",
        "점검 중입니다".encode("utf-16"),
    ],
)
def test_a_web_page_in_place_of_robots_txt_says_nothing(page: bytes) -> None:
    """A hotel's network opened what the host forbids; without an older copy it is a soft 404."""
    newer, url = robots_verdict(200, page), "https://v.daum.net/v/1"
    why = r"no robots\.txt \(200, (a web page|no line of one)\), and"
    assert re.match(why, forbidden_because(newer, explicit=True))
    for older in (robots_verdict(503, b""), newer, None):
        assert newest(older, newer).allows(url, AGENT, explicit=False)
        assert not newest(older, newer).allows(url, AGENT, explicit=True)
    shut = robots_verdict(200, SHUT.encode())
    assert newest(shut, newer) is shut
    assert newest(newer, shut) is shut


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xef\xbb\xbf# nothing is forbidden here\r\n",
        b"\n\n  # one\n",
        b"Sitemap: https://v.daum.net/sitemap.xml",
        b"Welcome, robots\nUser-Agent : *\nDisallow:",
        b"user-agent *\nallow /\n",
        "User-agent: *\nDisallow: /a\n".encode("utf-16-le"),
    ],
)
def test_what_little_a_file_says_it_is_the_file(body: bytes) -> None:
    assert robots_verdict(200, body).allows("https://v.daum.net/v/1", AGENT, explicit=True)


def test_robots_txt_is_asked_for_again_after_a_day() -> None:
    """A back-fill of a month takes days: it went to its end by the copy that it began with."""
    lived, read = [0.0], []

    async def reading(origin: str) -> int:
        read.append(origin)
        return len(read)

    async def looks() -> list[int]:
        said = OnceADay(reading, lambda: lived[0])
        got = []
        for lived[0] in (0.0, 86399.0, 86401.0, 86402.0, 172802.0):
            got += await asyncio.gather(said.of("https://v.daum.net"), said.of("https://v.daum.net"))
        return got

    assert asyncio.run(looks()) == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3]


def test_a_missing_file_is_no_permission_where_one_is_needed_in_so_many_words() -> None:
    verdict = robots_verdict(404, b"")
    assert not verdict.allows("https://search.daum.net/search", AGENT, explicit=True)
    assert forbidden_because(verdict, explicit=True).startswith("no robots.txt (404)")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("Sun, 22 Nov 2026 09:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 08:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("120s", 120.0),
        ("1.5", 1.5),
        ("30, 90", 90.0),
        *(('"90"', 90.0), ("+90", 90.0), ("90;", 90.0), ("90; comment=busy", 90.0), ("90 seconds", 90.0)),
        *(("2 minutes", 120.0), ("1h", 3600.0), ("1h30m", 5400.0), ("PT1H", 3600.0), ("10 분", 600.0)),
        *(
            ("12 34", None),
            ("1e3", None),
            ("0x10", None),
            ("NaN", None),
            ("Infinity", None),
            ("10 parsecs", None),
        ),
        *(("60000 ms", 60.0), ("500ms", 0.5), ("1 week", 604800.0)),
        ("2026-11-22T09:00:30Z", 30.0),
        ("2026-11-22T18:00:30+09:00", 30.0),
        ("2026-11-22 09:00:30", 30.0),
        ("Sun, 22 Nov 2026 18:00:30 KST", 30.0),
        (f"{NOW.timestamp() + 30:.0f}", 30.0),
        (f"{NOW.timestamp() * 1000 + 30_000:.0f}", 30.0),
        ("2026-11-32", None),
        ("٣٠", None),
        ("9" * 400, 366 * 86400.0),
        ("99999999999999999999", 366 * 86400.0),
        ("Sunday, 22-Nov-26 09:00:30 GMT", 30.0),
        ("Sun Nov 22 09:00:30 2026", 30.0),
        ("Sun, 22 Nov 2026 18:00:30 +0900", 30.0),
        ("Fri, 31 Dec 9999 23:59:59 -1200", 366 * 86400.0),
        ("Wed, 22 Nov 9026 09:00:30 GMT", 366 * 86400.0),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    response = Response("https://v.daum.net/v/1", status=503, headers={"Retry-After": value})
    assert retry_after(response, NOW) == seconds


@pytest.mark.parametrize(
    ("status", "rests"),
    [*((status, 3600.0) for status in (301, 302, 307, 403, 404, 429, 500, 503)), (200, None), (304, None)],
)
def test_which_answers_put_off_the_next_request(status: int, rests: float | None) -> None:
    """A redirect that says when to follow it is not followed before (RFC 9110 section 10.2.3)."""
    headers = {"Retry-After": "3600", "Location": "/v/2"}
    answer = Response("https://v.daum.net/v/1", status=status, headers=headers)
    assert heard_in(answer, NOW, 0.0, challenge_in(answer), about_the_host=False).rest_s == rests


@pytest.mark.parametrize(
    ("status", "headers", "of_a_file", "of_a_page"),
    [
        (403, {}, Answered.NEITHER, Answered.REFUSED),
        (401, {}, Answered.NEITHER, Answered.REFUSED),
        (403, {"Retry-After": "60"}, Answered.REFUSED, Answered.REFUSED),
        (429, {}, Answered.REFUSED, Answered.REFUSED),
        (503, {}, Answered.NEITHER, Answered.NEITHER),
        (503, {"Retry-After": "0"}, Answered.NEITHER, Answered.NEITHER),
        (503, {"Retry-After": "Fri, 20 Nov 2020 09:00:00 GMT"}, Answered.NEITHER, Answered.NEITHER),
        (503, {"Retry-After": "1"}, Answered.REFUSED, Answered.REFUSED),
        (429, {"Retry-After": "0"}, Answered.REFUSED, Answered.REFUSED),
        (200, {}, Answered.NEITHER, Answered.WELL),
    ],
)
def test_a_refused_file_about_the_host_is_no_refused_page(
    status: int, headers: dict[str, str], of_a_file: Answered, of_a_page: Answered
) -> None:
    """A host that answers robots.txt with 403 and its pages with 200 was never asked for a page again: each
    run's own robots.txt was the next refusal in the row."""
    answer = Response("https://v.daum.net/robots.txt", status=status, headers=headers)
    for about_the_host, expected in ((True, of_a_file), (False, of_a_page)):
        assert (
            heard_in(answer, NOW, 0.0, challenge_in(answer), about_the_host=about_the_host).answered
            is expected
        )


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (304, Outcome.FAILED),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (403, Outcome.BLOCKED),
        (429, Outcome.BLOCKED),
        (451, Outcome.BLOCKED),
        *((made_up, Outcome.BLOCKED) for made_up in (418, 420, 430, 509, 529, 999)),
        (302, Outcome.FAILED),
        (500, Outcome.FAILED),
        (204, Outcome.FAILED),
    ],
)
def test_every_status_has_an_outcome_and_a_reason(status: int, outcome: Outcome) -> None:
    got, reason = end_of_status(status, {})
    assert got is outcome
    assert str(status) in reason


@pytest.mark.parametrize(
    ("status", "header", "value"),
    [
        (202, "x-amzn-waf-action", "challenge"),
        (405, "X-Amzn-Waf-Action", "captcha"),
        (200, "cf-mitigated", "challenge"),
    ],
)
def test_a_firewalls_challenge_is_a_refusal_whatever_its_status(status: int, header: str, value: str) -> None:
    answer = Response("https://a.kr/1", status=status, headers={header: value})
    assert heard_in(answer, NOW, 0.0, challenge_in(answer), about_the_host=False).answered is Answered.REFUSED
    assert (
        heard_in(answer, NOW, 0.0, challenge_in(answer), about_the_host=True).answered is not Answered.REFUSED
    )
    challenge = challenge_in(answer)
    assert challenge is not None
    assert value in challenge
    outcome, reason = end_of_status(status, {"challenged": challenge})
    assert outcome is Outcome.BLOCKED
    assert value in reason


def test_no_challenge_is_read_from_an_answer_without_one() -> None:
    assert challenge_in(Response("https://a.kr/1", status=202)) is None
    assert (
        heard_in(Response("https://a.kr/1", status=202), NOW, 0.0, None, about_the_host=False).rest_s is None
    )


def test_an_origin_changes_only_where_the_bytes_come_from() -> None:
    real = Request("https://v.daum.net/v/20261120120000123?f=m", headers={"X-One": "1"})
    sent = through_origin(real, "http://127.0.0.1:8800")
    assert sent.url == "http://127.0.0.1:8800/v/20261120120000123?f=m"
    assert sent.headers["Host"] == b"v.daum.net"
    assert sent.headers["X-One"] == b"1"
    assert real.headers.get("Host") is None
    assert through_origin(real, None) is real


def test_parse_origin() -> None:
    assert parse_origin(" daum=http://127.0.0.1:8800/ ") == ("daum", "http://127.0.0.1:8800")


@pytest.mark.parametrize(
    "pair", ["daum", "daum=", "=http://x", "daum=ftp://x", "daum=http://x:port", "daum=http://"]
)
def test_a_wrong_origin_says_so(pair: str) -> None:
    with pytest.raises(WrongSetting, match="SOURCE=URL"):
        parse_origin(pair)


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8800", True),
        ("http://[::1]:8800", True),
        ("http://localhost", True),
        ("http://127.0.0.1.example.org", False),
        ("https://v.daum.net", False),
        ("", False),
    ],
)
def test_which_servers_are_on_this_machine(url: str, here: bool) -> None:
    assert on_this_machine(url) is here


@pytest.mark.parametrize("contact", ["nobody", "a@b\nX-Injected: 1"])
def test_a_contact_must_be_one_that_can_be_answered(contact: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        Configuration(contact=contact)


def test_the_user_agent_says_who_asks() -> None:
    assert Configuration(contact="desk@example.org").user_agent().endswith("(+desk@example.org)")


def test_a_user_name_in_an_address_makes_no_host_of_its_own() -> None:
    assert (
        host_of("https://u930:b@www.fnnews.com/news/1")
        == host_of("https://www.fnnews.com/")
        == "www.fnnews.com"
    )


@pytest.mark.parametrize("times", [1, 2])
def test_robots_txt_that_is_gzip_without_saying_so_is_read(times: int) -> None:
    body = SHUT.encode()
    for _ in range(times):
        body = gzip.compress(body)
    verdict = robots_verdict(200, body)
    assert verdict.why == "allowed", "it was read"
    assert not verdict.allows("https://v.daum.net/v/1", AGENT, explicit=False)
    cut = robots_verdict(200, body[:-9])
    assert (cut.rules, cut.missing) == (None, False), "what it forbids is unknown"


def test_why_packed_robots_txt_is_not_read() -> None:
    """Damaged, or larger than what is unpacked: either way nobody knows what it forbids."""
    large = gzip.compress(b"# " + b"a" * (16 * 1024 * 1024))
    told = [robots_verdict(200, body) for body in (large, gzip.compress(b"User-agent: *")[:-9])]
    assert [one.allows("https://v.daum.net/v/1", AGENT, explicit=False) for one in told] == [False, False]
    assert [one.why for one in told] == [
        "robots.txt unreachable: it is too large without its gzip",
        "robots.txt unreachable: its gzip is broken",
    ]


def test_no_page_can_make_the_crawler_name_where_it_came_from() -> None:
    """Scrapy's own step for that goes by a page's Referrer-Policy, whatever the settings say."""
    settings = Settings()
    settings.setmodule("crawler.settings")
    steps = settings.get_component_priority_dict_with_base("SPIDER_MIDDLEWARES")
    assert build_component_list(steps) == []
    after = Request("https://v.daum.net/v/2", headers={"Referer": "https://v.daum.net/v/1"})
    redirect = Response("https://v.daum.net/v/1", status=302, headers={"Referrer-Policy": "unsafe-url"})
    PlainRedirectMiddleware(settings).handle_referer(after, redirect)
    assert "Referer" not in after.headers


def test_what_is_asked_under_a_condition_can_be_asked_for_whole() -> None:
    url = "https://www.fnnews.com/news/202611200900001234"
    known = LeasedAddress(id=1, url=url, source="fnnews", attempts=1, first_seen_at=NOW, etag='"a"')
    asked = Request(url, headers={"If-None-Match": b'"a"'}, meta={"address": known})
    plain = without_condition(asked)
    assert plain is not None
    assert (plain.headers.get("If-None-Match"), plain.meta["address"].etag) == (None, None)
    assert (asked.headers.get("If-None-Match"), asked.meta["address"]) == (b'"a"', known)
    assert without_condition(plain) is None
