"""What the frontier and a run's rows are handed on as."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from storage.records import Outcome, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The capture that a conditional request asks about: its bytes stay valid after a 304."""

    url: str
    fetched_at: datetime
    payload_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Where a run saw an address listed, and what the list said of it."""

    seed: str
    title_hint: str | None = None
    time_raw: str | None = None
    section_hint: str | None = None
    publisher_hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedAddress:
    """An address handed to one worker until the lease expires."""

    id: int
    url: str
    source: str
    attempts: int
    first_seen_at: datetime
    published_at: datetime | None = None
    """Of the article that the archive has there; None when it has none or no time is printed."""
    etag: str | None = None
    last_modified: str | None = None
    held: Held | None = None
    """What the validators are of; None where there are none."""
    listed: Listed | None = None
    """None: the run took it on without seeing it listed."""
    unknown: bool = False
    """It was never fetched and shows nothing, under no name: there is nothing to read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The end of one address in one run."""

    address_id: int
    run_id: int
    outcome: Outcome
    reason: str
    at: datetime
    capture_id: int | None = None
    next_fetch_at: datetime | None = None
    asked: bool = True
    """False: no request was made for it, as its host rests; it counts as no attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedVisit:
    """What became of one seed in one run."""

    run_id: int
    seed: str
    kind: str
    section: str | None
    outcome: Outcome
    reason: str
    listed: int
    at: datetime
    capture_id: int | None = None
    way: str | None = None
    """The unproven way in that it is part of; None: it is proven."""
    grade: str | None = None
    next_url: str | None = None
    """Its next page; None: it was read whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """What a run was set to do: written when it opens, read by the ledger and the politeness report.

    None: not set, or not known of a run of an earlier version.
    """

    user_agent: str | None = None
    delay_s: float | None = None
    origin: str | None = None
    """The server that stood in for the source's."""
    limit: int | None = None
    permission: str | None = None
    """Who permitted which host past its robots.txt."""
    unverified: str | None = None
    """Hosts whose certificates were not verified, ``*`` for all. An earlier version's verified none."""
    since: date | None = None
    until: date | None = None

    def to_json(self) -> str:
        """The text of the column ``run.settings``: every value as text, ``""`` for None."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return json.dumps(
            {name: "" if value is None else str(value) for name, value in plain.items()},
            ensure_ascii=False,
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, text: str) -> RunSettings:
        """Read the column; keys that this version does not know are left alone.

        Raises:
            ValueError: a value is not of its kind.
        """
        said = json.loads(text)
        return cls(
            user_agent=said.get("user_agent") or None,
            delay_s=float(said["delay_s"]) if said.get("delay_s") else None,
            origin=said.get("origin") or None,
            limit=int(said["limit"]) if said.get("limit") else None,
            permission=said.get("permission") or said.get("permissions") or None,
            unverified=said.get("unverified") or None,
            since=date.fromisoformat(said["since"]) if said.get("since") else None,
            until=date.fromisoformat(said["until"]) if said.get("until") else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """One row of ``newsarchive runs``."""

    id: int
    source: str
    mode: str
    started_at: datetime
    finished_at: datetime | None
    verdict: Verdict | None
    reason: str | None
    listed: int
    counts: Mapping[str, int]
    requests: int
    bytes: int
