"""Lists that a script asks for: JSON, JSONP, a JSON text in each line; HTML in their strings too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from crawler.charset import decode_anyway
from crawler.letters import key_of

_BEFORE = re.compile(r"(?:[\s\ufeff]|/\*.{0,200}?\*/|\)\]\}'?,?|for\s*\(;;\);|while\s*\(1\);)*", re.DOTALL)
"""What stands in front of JSON: a comment (Rosetta Flash, 2014), what keeps a script from running it."""
_CALL = re.compile(
    r"(?:typeof\s[^;{]{1,200}&&\s*)?[\w$.\[\]]{1,200}\s*\(\s*(?=[\[{])"
    r"|(?:(?:var|let|const)\s+)?[\w$.]{1,200}\s*=\s*(?=[\[{])"
)
"""JSONP's function, or a variable that is given the list."""
_AFTER = re.compile(r"[\s);]*")
_ADDRESS = re.compile(r"\s*(?:https?:|[/?.]|[\w.-]{1,100}[/?])[^\s<>\"]{0,2000}\s*", re.IGNORECASE)
_MARKUP = re.compile(r"<[A-Za-z][^<>]*\s(?:href|onclick|data-\w+)\s*=", re.IGNORECASE)
_TITLES = ("title", "headline", "subject", "tit", "articletitle", "newstitle", "arttitle")
_TIMES = (
    "pubdate",
    "published",
    "publishedat",
    "datepublished",
    "regdate",
    "regdt",
    "createdt",
    "createdat",
    "date",
)
_NEXT = ("next", "nexturl", "nextlink", "nextpageurl")
_GOES_ON = ("hasnext", "hasmore", "hasnextpage", "morepage", "ismore", "more")
_ENDS = ("islast", "islastpage", "isend")
"""Kakao's ``is_end``; ``last`` says so where ``first`` stands beside it, as in a page of Spring."""
_TOTALS = ("totalpages", "totalpage", "pagecount", "lastpage", "maxpage")
_DEEPEST = 64
"""Levels that are looked through; no list was seen with more than ten (our choice)."""


@dataclass(frozen=True, slots=True)
class Place:
    """One object of the list: what may be an address, and what it says of itself."""

    addresses: tuple[str, ...]
    title: str | None = None
    time: str | None = None
    markup: tuple[str, ...] = ()
    """Strings that hold HTML with links."""
    next: str | None = None
    """The address of the list's next page."""
    goes_on: bool | None = None
    """Whether it says that more follow (``hasNext``); how a script would ask for them is not in it."""
    onward: tuple[tuple[str, str], ...] = ()
    """What a script would ask the next page with: ``nextCursor`` and ``cursor`` as cursor, its value."""
    pages: int = 0
    """How many pages the list has; 0: it does not say."""


def places_of(body: bytes) -> list[Place] | None:
    """The objects of a list, in its order; None where the bytes are no JSON, however it is wrapped."""
    values = values_of(body)
    return None if values is None else [place for value in values for place in _places(value, {}, 0)]


def values_of(body: bytes) -> list[Any] | None:
    """The values of JSON, of JSONP and of a JSON text in each line; None for anything else."""
    text = decode_anyway(body)
    return _values(text[_behind(_BEFORE, text, 0) :])


def _values(text: str) -> list[Any] | None:
    call = _CALL.match(text)
    start = call.end() if call else 0
    if text[start : start + 1] not in ("{", "["):
        return None
    decoder, values = json.JSONDecoder(), []
    try:
        while start < len(text):
            value, end = decoder.raw_decode(text, start)
            values.append(value)
            if call:  # what else the function is given is no list
                break
            start = _behind(_AFTER, text, end)
    except (ValueError, RecursionError):
        return None
    return values


def _places(value: Any, around: dict[str, str], level: int) -> Iterator[Place]:
    """``around``: what the object says that this one stands in, where no list is between them."""
    if level > _DEEPEST:
        return
    if isinstance(value, list):
        yield from _listed(value, level)
    elif isinstance(value, dict):
        said = around | {
            key_of(name): one for name, one in value.items() if isinstance(one, str) and one.strip()
        }
        named = {key_of(name): one for name, one in value.items()}
        follows = next((one for name in _NEXT if isinstance(one := named.get(name), str) and one), None)
        own = [one for one in value.values() if isinstance(one, str) and one != follows]
        flags = [flag for name in _GOES_ON if isinstance(flag := named.get(name), bool)]
        ends = (*_ENDS, "last") if "first" in named else _ENDS
        flags += [not flag for name in ends if isinstance(flag := named.get(name), bool)]
        goes_on = any(flags) if flags else True if _is_number(named.get("nextpage")) else None
        onward = tuple(_onward(named, follows))
        totals = (named.get(name) for name in _TOTALS)
        pages = next((one for one in totals if isinstance(one, int) and _is_number(one)), 0)
        yield replace(_place(own, said), next=follows, goes_on=goes_on, onward=onward, pages=pages)
        for one in value.values():
            yield from _places(one, said, level + 1)


def _onward(named: dict[str, Any], follows: str | None) -> Iterator[tuple[str, str]]:
    """Names without ``next`` in front, each with its value: what stands in the address of the next page."""
    for name, value in named.items():
        is_said = isinstance(value, (str, int)) and not isinstance(value, bool)
        asks = name.startswith("next") or name.endswith("cursor")
        if is_said and asks and value not in ("", 0, -1, follows):
            yield name.removeprefix("next"), str(value)


def _is_number(value: Any) -> bool:
    """Of a next page, which is no address: 0 and -1 say that there is none."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _listed(values: list[Any], level: int) -> Iterator[Place]:
    yield _place([one for one in values if isinstance(one, str)], {})
    for one in values:
        yield from _places(one, {}, level + 1)


def _place(strings: list[str], said: dict[str, str]) -> Place:
    return Place(
        addresses=tuple(filter(_ADDRESS.fullmatch, strings)),
        title=next((said[name] for name in _TITLES if name in said), None),
        time=next((said[name] for name in _TIMES if name in said), None),
        markup=tuple(filter(_MARKUP.search, strings)),
    )


def _behind(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
