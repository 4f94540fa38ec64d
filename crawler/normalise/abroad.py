"""Whether a page is of a house abroad: then a clock without a zone, and a ``Z``, say something else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from crawler.normalise.publisher import publisher_of_holder, publisher_of_url

_KOREAN = re.compile(r"\.kr\Z|korea|seoul")
_NAMED = re.compile(r"\+09:?00\b|\bKST\b|Asia/Seoul|한국\s?시[간각]")


def is_abroad(url: str, publisher: str | None, language: str | None, times: Iterable[str]) -> bool:
    """True where nothing names a Korean house: no Hangul, no house of the table, no clock of Seoul.

    Args:
        language: of the text, ``ko`` where it is in Hangul.
        times: every time as the page writes it.

    >>> is_abroad("https://www.apnews.com/article/1", "AP News", "en", ["2026-11-20T01:20:00Z"])
    True
    >>> is_abroad("https://www.koreaherald.com/article/1", None, "en", [])
    False
    """
    if language == "ko" or publisher_of_url(url) or publisher_of_holder(publisher):
        return False
    host = urlsplit(url).hostname or ""
    return not _KOREAN.search(host) and not any(_NAMED.search(time) for time in times)


def shares_seouls_clock(language: str | None) -> bool:
    """Whether a clock without a zone is taken for Seoul's though the page is from abroad.

    Japan's is the same, and English pages are mostly Korean houses' editions, which this archive is for.
    """
    return language in {"ko", "ja", "en", None}
