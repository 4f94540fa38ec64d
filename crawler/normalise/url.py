"""Addresses: one spelling for each. No site rules here (those are in ``crawler/sources``), no network."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

TRACKING_PARAMETERS: dict[str, str] = {
    "fbclid": "Facebook click id",
    "igshid": "Instagram share id",
    "gclid": "Google Ads click id",
    "gclsrc": "Google Ads click source",
    "dclid": "Google Display click id",
    "gbraid": "Google Ads click id for iOS",
    "wbraid": "Google Ads click id for iOS",
    "_ga": "Google Analytics linker",
    "_gl": "Google Analytics linker",
    "msclkid": "Microsoft Ads click id",
    "yclid": "Yandex click id",
    "twclid": "X click id",
    "ttclid": "TikTok click id",
    "mc_cid": "Mailchimp campaign",
    "mc_eid": "Mailchimp reader",
    "napm": "Naver shopping and ads click trace",
    "n_media": "Naver ads: where the ad stood",
    "n_query": "Naver ads: what was searched",
    "n_rank": "Naver ads: rank of the ad",
    "n_ad_group": "Naver ads: ad group",
    "n_ad": "Naver ads: ad",
    "n_keyword_id": "Naver ads: keyword",
    "n_keyword": "Naver ads: keyword",
    "n_campaign_type": "Naver ads: campaign type",
    "kakao_from": "Kakao share trace",
    "jsessionid": "session of one reader",
    "phpsessid": "session of one reader",
    "srsltid": "Google click id",
    "ref_src": "X: where the link stood",
    "__twitter_impression": "X: how often it was shown",
    "_hsenc": "HubSpot mail",
    "_hsmi": "HubSpot mail",
    "mkt_tok": "Marketo mail",
    "li_fat_id": "LinkedIn click id",
}
"""Query names (lower case) that tell where a reader came from, never which article it is -> why."""

TRACKING_PREFIXES: dict[str, str] = {
    "utm_": "Google Analytics campaign",
    "at_custom": "AT Internet campaign",
    "hsa_": "HubSpot ads",
}
"""The same for families of names."""

DEFAULT_PORTS = {"http": 80, "https": 443}

_PLAIN = re.compile(
    r"https?://(?>(?:[a-z0-9](?>(?:-?[a-z0-9]){0,40})\.){1,4})[a-z]{2,20}+/"
    r"(?>(?:[A-Za-z0-9_-][A-Za-z0-9._-]*+/)*)(?>(?:[A-Za-z0-9_-][A-Za-z0-9._-]*+)?)"
)
"""Addresses that are their own one spelling: no port, no query, no dot segment, nothing encoded, a host of
five short labels at most. Nearly all that sites print of their articles (2026-11)."""
_SESSION = re.compile(
    r";(?:jsessionid|phpsessid|sessionid)=[^/;]*|/\(S\([A-Za-z0-9]+\)\)(?=/)", re.IGNORECASE
)
"""A reader's session in the path, as Java and ASP.NET write it where no cookie came back."""
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ENCODED = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# A registered name after IDNA, or an IPv6 literal. 253 is the longest name of RFC 1035.
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_-])?|\[[0-9a-f:.]+\])")

_NO_HOST = re.compile(r"(?:https?:)?//[^/?#]{1000}", re.IGNORECASE)
"""More than any name of a host, whatever its script: marks in one, which IDNA puts in order, took 3 s for
50,000 (2026-11-28)."""


@lru_cache(maxsize=1024)  # a page's addresses are asked for three times each (counted 2026-11)
def canonical_url(url: str, base: str | None = None) -> str | None:
    """The one spelling under which an address is kept, or None when it is no web address.

    Absolute http or https only; lower-case host in IDNA form without a trailing dot; no fragment, no
    default port, no dot segments, no tracking parameters (`TRACKING_PARAMETERS`), no session;
    percent-encoding in its shortest upper-case form. The scheme, the order of the query and
    everything else stay, because the result is also what is fetched. An address with a user name or
    password in it is refused, so that no secret is ever stored. Idempotent. Whether a host may be asked
    is the source's affair.

    >>> canonical_url("HTTPS://V.Daum.net:443/v/20260927095437316?utm_source=x#top")
    'https://v.daum.net/v/20260927095437316'
    >>> canonical_url("/news/202610090610286257", "https://www.fnnews.com/newsflash")
    'https://www.fnnews.com/news/202610090610286257'
    >>> canonical_url("javascript:void(0)") is None
    True
    """
    if base is None and is_plain(url):
        return url
    if _NO_HOST.match(url.lstrip()):
        return None
    try:
        parts = urlsplit(_absolute(url, base))
        netloc = _netloc(parts)
    except ValueError:  # a port out of range, a broken IPv6 literal, a host that IDNA cannot write
        return None
    if netloc is None:
        return None
    path = _without_dots(_SESSION.sub("", _percent(parts.path)) or "/")
    return urlunsplit((parts.scheme, netloc, path, _query(parts.query), ""))


def is_plain(url: str) -> bool:
    """Whether an absolute address is seen at a glance to be spelled as it is kept."""
    return _PLAIN.fullmatch(url) is not None


def parts_of(canonical: str) -> tuple[str, str, str]:
    """Host (with its port), path and query of an address in its one spelling, which has no other parts.

    >>> parts_of("http://a.kr:8080/x/y?b=2")
    ('a.kr:8080', '/x/y', 'b=2')
    """
    host, _, rest = canonical.partition("://")[2].partition("/")
    path, _, query = rest.partition("?")
    return host, f"/{path}", query


def named_host(url: str) -> str:
    """The host as a source names it, its port with it where it is no default one; "" for none.

    >>> named_host("HTTP://News.example:8080/x"), named_host("https://a.example:443/"), named_host("tel:1")
    ('news.example:8080', 'a.example', '')
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return _at_port(f"[{host}]" if ":" in host else host, parts)
    except ValueError:  # a port out of range, a broken IPv6 literal
        return ""


def _absolute(url: str, base: str | None) -> str:
    joined = urljoin(base, url.strip()) if base else url.strip()
    if not joined[:8].lower().startswith(("http://", "https:/")):
        return ""
    return str(safe_url_string(joined))


def _netloc(parts: SplitResult) -> str | None:
    host = (parts.hostname or "").removesuffix(".")
    if parts.scheme not in DEFAULT_PORTS or "@" in parts.netloc:
        return None
    if ":" in host:
        host = f"[{host}]"
    if not _HOST.fullmatch(host) or ".." in host:
        return None
    return _at_port(host, parts)


def _at_port(host: str, parts: SplitResult) -> str:
    """With its port where that is not its scheme's own. Raises ValueError: the port is out of range."""
    return host if parts.port in (None, DEFAULT_PORTS.get(parts.scheme)) else f"{host}:{parts.port}"


def _query(query: str) -> str:
    pairs = (_percent(pair) for pair in query.split("&"))
    return "&".join(pair for pair in pairs if pair and not _is_tracking(pair.partition("=")[0].lower()))


def _is_tracking(name: str) -> bool:
    return name in TRACKING_PARAMETERS or name.startswith(tuple(TRACKING_PREFIXES))


def _percent(text: str) -> str:
    return _ENCODED.sub(_shortest, _LONE_PERCENT.sub("%25", text))


def _shortest(match: re.Match[str]) -> str:
    value = int(match[1], 16)
    return chr(value) if value in _UNRESERVED else match[0].upper()


def _without_dots(path: str) -> str:
    """RFC 3986 5.2.4. A path that opens with two slashes is left: joining would read a host in it."""
    if "/." not in path or path.startswith("//"):
        return path
    return urlsplit(urljoin("http://host/", path)).path or "/"
