"""robots.txt: what one answer means (RFC 9309). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

MAX_ROBOTS_BYTES = 500 * 1024
"""RFC 9309 section 2.5: a crawler must read at least 500 KiB of robots.txt."""


@dataclass(frozen=True, slots=True)
class RobotsVerdict:
    """What a host's robots.txt says: parsed, missing, or unreadable for now."""

    rules: Protego | None
    missing: bool
    why: str

    def allows(self, url: str, agent: str, *, explicit: bool) -> bool:
        if self.rules is not None:
            return bool(self.rules.can_fetch(url, agent))
        return self.missing and not explicit


def robots_verdict(status: int, body: bytes) -> RobotsVerdict:
    """What one answer for /robots.txt means (RFC 9309 section 2.3.1; 429 counts as unreachable)."""
    if 200 <= status < 300:
        text = body[:MAX_ROBOTS_BYTES].decode("utf-8", "replace")
        return RobotsVerdict(Protego.parse(text), missing=False, why="allowed")
    if 400 <= status < 500 and status != 429:
        return RobotsVerdict(None, missing=True, why=f"no robots.txt ({status})")
    return RobotsVerdict(None, missing=False, why=f"robots.txt unreachable: {status}")


def forbidden_because(verdict: RobotsVerdict, *, explicit: bool) -> str:
    if verdict.rules is not None:
        return "forbidden by robots.txt"
    if verdict.missing and explicit:
        return f"{verdict.why}, and this way in needs a permission in so many words"
    return verdict.why
