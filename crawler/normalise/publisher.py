"""Publishers: one name for each outlet, from the names and domains in ``publishers.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.normalise.text import tidy
from crawler.normalise.url import canonical_url

TABLE = Path(__file__).with_name("publishers.toml")

_NOT_COUNTED = re.compile(r"㈜|\((?:주|株)\)|주식회사|[\W_]")
_JOINT = re.compile(r"\s+[-–—|:·]\s+|\s*\|\s*")
_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+(?:kr|com|net|org)")
_BRACKETS, _BLANKS = re.compile(r"[()\[\]]"), re.compile(r"[()\[\]\s]")
_SERVICE = re.compile(
    r"(?:뉴스|스포츠|연예|tv연예|엔터|경제|금융|증권|포토|tv|판|모바일|프리미엄(?:콘텐츠)?|sports|news|entertain(?:ment)?|m)\Z"
)
"""What a portal calls its parts (``네이버 스포츠``, ``Daum 연예``), as the end of a comparison key."""
_DAUM_IMAGE = re.compile(r"https?://[a-z0-9]+\.daumcdn\.net/(?:.*/)?news/\d{6}/\d{2}/([A-Za-z0-9]+)/")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    names: Mapping[str, str]
    """Comparison key of a name or alias -> the publisher's name."""
    holders: Mapping[str, str]
    """The same for what notices print."""
    domains: Mapping[str, str]
    daum_codes: Mapping[str, str]
    portals: frozenset[str]
    """Comparison keys."""
    portal_domains: frozenset[str]
    abroad: frozenset[str]
    """Publishers that sit in another country."""


def publisher_name(raw: str | None, url: str | None = None) -> str | None:
    """The archive's name of the outlet that a page prints, None when it names none.

    A known name or alias gives the outlet's one name, alone or beside another of its names
    (``머니투데이방송(MTN)``); an unknown name comes back tidied, never replaced.
    A portal is no publisher: its name is dropped, alone (``다음뉴스``) or before another (``다음 - MBC``).
    Where no name is left, the address is asked for its domain; so it is where the page names the house
    beside other words, or the mother of the part that the domain belongs to. Idempotent.

    >>> publisher_name("CBS노컷뉴스"), publisher_name("다음 - MBC"), publisher_name("대구MBC")
    ('노컷뉴스', 'MBC', '대구MBC')
    >>> publisher_name("다음뉴스") is None
    True
    >>> publisher_name(None, "https://www.fnnews.com/news/202610090610286257")
    '파이낸셜뉴스'
    >>> publisher_name("SBS", "https://biz.sbs.co.kr/1"), publisher_name("YTN - 세상", "https://ytn.co.kr/1")
    ('SBS Biz', 'YTN')
    """
    name = _without_portal(" ".join(tidy(raw or "").split()))
    known = _known(name) if name else None
    owner, *mothers = _owners(url) if url else [None]
    is_owners = owner is not None and known is None and _opens_or_ends(name, owner)
    return owner if not name or is_owners or known in mothers else known or name


def publisher_of_url(url: str) -> str | None:
    """The outlet that owns an address's domain; None for a portal's and for an unknown one."""
    return _owners(url)[0]


def _owners(url: str) -> list[str | None]:
    """The outlet of an address's domain, and those of the domains above it; None alone for an unknown one."""
    host = urlsplit(canonical_url(url) or "").hostname or ""
    return list(_of_host(host)) or [None]


_LONGEST_NAME = 80
"""Characters of a name with its slogan; our choice."""


def _opens_or_ends(name: str, owner: str) -> bool:
    """Whether a name begins or ends with one of an outlet's names, in whole words."""
    words = name.split() if len(name) <= _LONGEST_NAME else []
    parts = (" ".join(part) for cut in range(1, len(words)) for part in (words[:cut], words[cut:]))
    return any(_listed(part) == owner for part in parts)


def is_known_in_korea(name: str | None) -> bool:
    """True for an outlet of the table that sits in Korea, by any of its names.

    >>> is_known_in_korea("The Korea Herald"), is_known_in_korea("BBC"), is_known_in_korea("AP News")
    (True, False, False)
    """
    owner = publisher_of_holder(name)
    return owner is not None and owner not in _table().abroad


def publisher_of_holder(holder: str | None) -> str | None:
    """The outlet behind a rights holder as a notice prints it, None when it is none that is known.

    >>> publisher_of_holder("공감언론 뉴시스통신사"), publisher_of_holder("매경AX")
    ('뉴시스', '매일경제')
    """
    key = _key(tidy(holder or ""))
    return _table().holders.get(key) or _table().names.get(key)


def publisher_of_daum_image(url: str) -> str | None:
    """The outlet whose code stands in the path of an image that Daum serves (docs/sites/daum.md 2.3).

    >>> publisher_of_daum_image("https://t1.daumcdn.net/news/202311/01/fnnewsi/20231101.jpg")
    '파이낸셜뉴스'
    """
    found = _DAUM_IMAGE.match(url)
    return _table().daum_codes.get(found[1].lower()) if found else None


def is_portal(name: str) -> bool:
    """True for a site that shows other publishers' articles (``다음``, ``네이버뉴스``)."""
    key = _key(name)
    return key in _table().portals or _SERVICE.sub("", key) in _table().portals


def _without_portal(name: str) -> str:
    """Drop portals that stand before or behind a name, or are all of it."""
    while name:
        if is_portal(name):
            return ""
        joints = list(_JOINT.finditer(name))
        if joints and is_portal(name[: joints[0].start()]):
            name = name[joints[0].end() :].strip()
        elif joints and is_portal(name[joints[-1].end() :]):
            name = name[: joints[-1].start()].strip()
        else:
            return name
    return name


def _known(name: str) -> str | None:
    domain = name.lower().removeprefix("www.")
    if _DOMAIN.fullmatch(domain) and (owner := next(_of_host(domain), None)):
        return owner
    return _listed(name) or _agreed(name)


def _listed(name: str) -> str | None:
    """By a name, or by what its notices print for it (``공감언론 뉴시스``)."""
    key = _key(name)
    return _table().names.get(key) or _table().holders.get(key)


def _agreed(name: str) -> str | None:
    """The outlet that each part of a name means: ``오센(OSEN)``, ``머니투데이방송 MTN``."""
    for joint in (_BRACKETS, _BLANKS):
        parts = [part for part in map(str.strip, joint.split(name)) if part]
        owners = {_listed(part) for part in parts}
        if len(parts) > 1 and len(owners) == 1:
            return owners.pop()
    return None


def _of_host(host: str) -> Iterator[str]:
    """The longest domain first: ``weekly.donga.com`` is not ``donga.com``."""
    table = _table()
    labels = host.split(".")
    for start in range(len(labels) - 1):
        domain = ".".join(labels[start:])
        if domain in table.portal_domains:
            return
        if domain in table.domains:
            yield table.domains[domain]


def _key(name: str) -> str:
    return _NOT_COUNTED.sub("", name).casefold()


@cache
def _table() -> _Table:
    data = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    rows: list[dict[str, Any]] = data["publishers"]
    return _Table(
        names=_index(rows, lambda row: [row["name"], *row.get("aliases", ())], _key),
        holders=_index(rows, lambda row: row.get("holders", ()), _key),
        domains=_index(rows, lambda row: row.get("domains", ()), str),
        daum_codes=_index(rows, lambda row: [row["daum"]] if "daum" in row else (), str.lower),
        portals=frozenset(map(_key, data["portals"])),
        portal_domains=frozenset(data["portal_domains"]),
        abroad=frozenset(row["name"] for row in rows if row.get("abroad")),
    )


def _index(rows: Iterable[dict[str, Any]], values: Any, key: Any) -> dict[str, str]:
    """Value -> publisher. ``ValueError``: two publishers claim the same, so the table would guess."""
    index: dict[str, str] = {}
    for row in rows:
        for value in map(key, values(row)):
            if index.setdefault(value, row["name"]) != row["name"]:
                raise ValueError(f"publishers.toml gives {value!r} to {index[value]} and to {row['name']}")
    return index
