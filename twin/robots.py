"""robots.txt of every host that the twin plays (docs/sites/daum.md 4), by scenario."""

from __future__ import annotations

from twin.reply import Reply, text_reply

_ALLOW = "User-agent: *\nAllow: /\n"
_WWW_DAUM = "User-agent: *\nDisallow: /\nAllow: /$\nAllow: /ads.txt\nAllow: /app-ads.txt\n"
_FNNEWS = """User-agent: *
Disallow: /print/
Disallow: /sample/
Disallow: /custom/
Disallow: /newsPreview/
Disallow: /redirect/
"""
_NONE = "User-agent: *\nDisallow: /\n"

FILES: dict[str, str | None] = {
    "v.daum.net": _ALLOW,
    "news.v.daum.net": _ALLOW,
    "v.media.daum.net": _ALLOW,
    "media.daum.net": None,
    "news.daum.net": None,
    "hades-cerberus.v.daum.net": _ALLOW,
    "search.daum.net": _NONE,
    "www.daum.net": _WWW_DAUM,
    "www.fnnews.com": _FNNEWS,
    "m.fnnews.com": _FNNEWS,
    "fnnews.com": _FNNEWS,
}
"""Host -> file, None for hosts that have none (404: allowed, RFC 9309)."""


def robots_reply(host: str, scenario: str) -> Reply:
    """The answer to /robots.txt."""
    if scenario == "robots_unreachable":
        return text_reply("Service Unavailable", status=503)
    if scenario == "robots_closed":
        return text_reply(_NONE)
    if scenario == "open_search" and host == "search.daum.net":
        return text_reply(_ALLOW)
    text = FILES.get(host)
    return text_reply("Not Found", status=404) if text is None else text_reply(text)
