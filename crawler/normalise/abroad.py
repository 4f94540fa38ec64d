"""Whether a page is of a house abroad: then a clock without a zone, and a ``Z``, say something else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from crawler.normalise.publisher import is_known_in_korea, publisher_of_url

_KOREAN = re.compile(r"\.kr\Z|korea|seoul")
_NAMED = re.compile(r"\+09:?00\b|\bKST\b|Asia/Seoul|한국\s?시[간각]")
_SIGNED = re.compile(
    r"\b(?:Kim|Lee|Rhee|Park|Pak|Choi|Choe|Jung|Jeong|Chung|Kang|Cho|Jo|Yoon|Yun|Jang|Chang|Lim|Im|Han|Oh|Seo|Suh"
    r"|Shin|Sin|Kwon|Hwang|Ahn|An|Song|Yoo|Yu|Ryu|Hong|Jeon|Chun|Ko|Koh|Moon|Mun|Son|Sohn|Yang|Bae|Baek|Heo|Huh|Nam"
    r"|Noh|Roh|Ha|Joo|Ju|Woo|Min|Na|Cha|Sung|Seong|Eom|Kwak|Gu|Koo|Byun|Yeo)\s[A-Z][a-z]{1,5}-[a-z]{2,6}\b"
    r"|@[\w.-]+\.kr\b",
    re.IGNORECASE,
)
"""Names as Korean houses write them in English (Han Seo-jin), and mail addresses in Korea."""


def is_abroad(
    url: str,
    publisher: str | None,
    language: str | None,
    times: Iterable[str],
    signers: Iterable[str] = (),
) -> bool:
    """True where nothing names a Korean house: no Hangul, no Korean house of the table, no clock of Seoul, no
    Korean who signs.

    Args:
        language: of the text, ``ko`` where it is in Hangul.
        times: every time as the page writes it.
        signers: its lines with names.

    >>> is_abroad("https://www.apnews.com/article/1", "AP News", "en", ["2026-11-20T01:20:00Z"])
    True
    >>> is_abroad("https://www.koreaherald.com/article/1", None, "en", [])
    False
    """
    if language == "ko" or is_known_in_korea(publisher_of_url(url)) or is_known_in_korea(publisher):
        return False
    host = urlsplit(url).hostname or ""
    is_named = any(map(_NAMED.search, times)) or any(map(_SIGNED.search, signers))
    return not (is_named or _KOREAN.search(host))


def shares_seouls_clock(language: str | None) -> bool:
    """Whether a clock without a zone is taken for Seoul's though the page is from abroad.

    Japan's is the same. Of an English page that names no Korean house the clock may be of any place.
    """
    return language in {"ko", "ja"}
