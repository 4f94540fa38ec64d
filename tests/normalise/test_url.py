from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalise.url import canonical_url, is_plain, parts_of


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("https://v.daum.net/v/20260927095437316", "https://v.daum.net/v/20260927095437316"),
        ("HTTP://V.DAUM.NET/v/20260927095437316", "http://v.daum.net/v/20260927095437316"),
        ("https://www.fnnews.com:443/news/1", "https://www.fnnews.com/news/1"),
        ("http://www.fnnews.com:80/news/1", "http://www.fnnews.com/news/1"),
        ("http://www.fnnews.com:443/news/1", "http://www.fnnews.com:443/news/1"),
        ("https://www.fnnews.com./news/1", "https://www.fnnews.com/news/1"),
        ("https://a.kr", "https://a.kr/"),
        ("https://a.kr/x#frag", "https://a.kr/x"),
        ("  https://a.kr/x \n", "https://a.kr/x"),
        ("https://a.kr/x?utm_source=n&id=3&UTM_medium=y&fbclid=z", "https://a.kr/x?id=3"),
        ("https://a.kr/x?utm_source=n", "https://a.kr/x"),
        ("https://a.kr/v.do;jsessionid=AB12.node1?id=3", "https://a.kr/v.do?id=3"),
        ("https://a.kr/v;JSESSIONID=AB/3", "https://a.kr/v/3"),
        ("https://a.kr/(S(ab12cd))/v.aspx?id=3", "https://a.kr/v.aspx?id=3"),
        ("https://a.kr/a;b=1/c", "https://a.kr/a;b=1/c"),
        ("https://a.kr/x?id=3&srsltid=Af&ref_src=twsrc%5Etfw", "https://a.kr/x?id=3"),
        ("https://a.kr/x?b=2&a=1", "https://a.kr/x?b=2&a=1"),
        ("https://a.kr/x?20200101", "https://a.kr/x?20200101"),
        ("https://a.kr/x?a=1&&b=2&", "https://a.kr/x?a=1&b=2"),
        ("https://한글.kr/기사?말=가", "https://xn--bj0bj06e.kr/%EA%B8%B0%EC%82%AC?%EB%A7%90=%EA%B0%80"),
        ("https://a.kr/%ea%b8%b0/%7Ex", "https://a.kr/%EA%B8%B0/~x"),
        ("https://a.kr/100%", "https://a.kr/100%25"),
        ("https://a.kr/a/../b/./c", "https://a.kr/b/c"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
    ],
)
def test_one_spelling(raw: str, expected: str) -> None:
    assert canonical_url(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "   ",
        "#top",
        "/news/1",
        "//v.daum.net/v/1",
        "javascript:void(0)",
        "mailto:a@b.kr",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://a.kr/x",
        "http://",
        "https:///x",
        "http://a.kr:99999/",
        "http://a.kr:port/",
        "http://[::1/x",
        "http://user:secret@a.kr/",
        "http://a..kr/",
        "http://" + "a" * 300 + ".kr/",
        "httpx://a.kr/",
    ],
)
def test_refused(raw: str) -> None:
    assert canonical_url(raw) is None


@pytest.mark.parametrize(
    ("raw", "base", "expected"),
    [
        ("/news/2", "https://www.fnnews.com/newsflash", "https://www.fnnews.com/news/2"),
        ("//m.fnnews.com/news/2", "https://www.fnnews.com/", "https://m.fnnews.com/news/2"),
        ("../v/3", "https://a.kr/x/y", "https://a.kr/v/3"),
        ("javascript:x", "https://a.kr/", None),
        ("http://[broken", "https://a.kr/", None),
    ],
)
def test_relative(raw: str, base: str, expected: str | None) -> None:
    assert canonical_url(raw, base) == expected


ADDRESS = st.builds(
    "{}://{}{}/{}?{}#{}".format,
    st.sampled_from(["http", "HTTPS", "https"]),
    st.sampled_from(["a.kr", "V.Daum.net", "한글.kr", "a.kr.", "[::1]", "x_y.kr"]),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    st.text(),
    st.text(),
    st.text(),
)


@given(ADDRESS | st.text())
def test_idempotent(raw: str) -> None:
    once = canonical_url(raw)
    if once is not None:
        assert canonical_url(once) == once
        assert once.isascii()


@given(st.text(alphabet="%0123456789aAfF/.?&=", max_size=30))
def test_idempotent_on_percent_signs_and_dots(tail: str) -> None:
    once = canonical_url(f"https://a.kr/{tail}")
    assert once is not None
    assert canonical_url(once) == once


_HOSTS = st.lists(
    st.sampled_from(
        ["a", "www", "b-c", "b--c", "-a", "a-", "xn--9w3b", "한", "A", "9", "127", "", "a" * 42, "a" * 64]
    )
)
_PATHS = st.lists(
    st.sampled_from(
        [
            "/",
            "news",
            "20260927",
            ".",
            "..",
            "a.html",
            ".a",
            "a..b",
            "~",
            "%41",
            "%",
            "-",
            "_",
            "é",
            " ",
            "\n",
            "\\",
            ":",
            "?",
            "#",
            "x=1",
            "@",
            "utm_source=a",
            ";",
        ]
    )
)


@given(
    st.sampled_from(["http://", "https://", "HTTP://", "ftp://", "//", ""]),
    _HOSTS,
    st.sampled_from([".kr", ".com", "", ".1", ":80"]),
    _PATHS,
)
def test_what_is_plain_is_spelled_as_the_long_way_spells_it(
    scheme: str, host: list[str], end: str, path: list[str]
) -> None:
    url = f"{scheme}{'.'.join(host)}{end}/{''.join(path)}"
    if is_plain(url):
        assert canonical_url(url, "https://other.kr/list") == url


@given(st.text(alphabet="ab./?#:@[]%;&= 가\\", max_size=30))
def test_parts_are_those_of_any_other_reader(rest: str) -> None:
    if (url := canonical_url(f"http://a.kr{rest}")) is not None:
        parts = urlsplit(url)
        assert parts_of(url) == (parts.netloc, parts.path, parts.query)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://v.daum.net/v/20260927095437316", True),
        ("https://www.fnnews.com/news/a.html", True),
        ("https://a.kr/", True),
        ("https://a.kr", False),
        ("https://a.kr/a//b", False),
        ("https://a.kr/./b", False),
        ("https://a.kr/x?id=1", False),
        ("https://a.kr/x\n", False),
        ("https://a.b.c.d.e.kr/x", False),
        ("https://" + "a" * 250 + ".kr/x", False),
        ("https://a.kr/" + "a/" * 100_000 + "?", False),
    ],
)
def test_what_is_plain(url: str, plain: bool) -> None:
    assert is_plain(url) is plain
