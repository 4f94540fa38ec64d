"""TDMRep: what a site's /.well-known/tdmrep.json says of text and data mining. Recorded, never judged here.

W3C Community Group report "TDM Reservation Protocol", section 6 (file on the origin server).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from protego import Protego

PATH = "/.well-known/tdmrep.json"
MAX_BYTES = 500 * 1024
"""As much as is read of a robots.txt; a longer file is no declaration but a mistake."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """One rule: a path pattern as in robots.txt, and what holds for it."""

    location: str
    reservation: str
    policy: str | None

    def covers(self, url: str) -> bool:
        # The report takes over the pattern matching of RFC 9309: * and a closing $.
        rules = Protego.parse(f"User-agent: *\nDisallow: {self.location}\n")
        return not rules.can_fetch(url, "tdm")


def parse(body: bytes) -> tuple[Reservation, ...]:
    """The rules in a tdmrep.json, in its order; none when it is no such file.

    >>> parse(b'[{"location": "/news/*", "tdm-reservation": 1}]')
    (Reservation(location='/news/*', reservation='1', policy=None),)
    """
    if len(body) > MAX_BYTES:
        return ()
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    return tuple(rule for one in found if (rule := _rule(one))) if isinstance(found, list) else ()


def _rule(one: Any) -> Reservation | None:
    if not isinstance(one, dict) or not isinstance(one.get("location"), str):
        return None
    if one.get("tdm-reservation") not in (0, 1, "0", "1") or not _is_pattern(one["location"]):
        return None
    policy = one.get("tdm-policy")
    return Reservation(
        one["location"], str(one["tdm-reservation"]), policy if isinstance(policy, str) else None
    )


def _is_pattern(location: str) -> bool:
    """Whether it can be a line of a robots.txt: one line, of characters that an address can be made of."""
    return location.splitlines() == [location] and not any("\ud800" <= one <= "\udfff" for one in location)


def reservation_for(rules: tuple[Reservation, ...], url: str) -> Reservation | None:
    """The first rule whose location covers the URL's path."""
    parts = urlsplit(url)
    plain = f"{parts.scheme}://{parts.netloc}{parts.path or '/'}"
    return next((rule for rule in rules if rule.covers(plain)), None)
