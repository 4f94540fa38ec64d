"""What was asked for and what became of it: sources, runs, addresses, captures, outcomes, leases."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, one_of, partial_index
from storage.records import Outcome, Verdict


class AddressState(StrEnum):
    """Where an address stands in the frontier."""

    PENDING = "pending"
    LEASED = "leased"
    SETTLED = "settled"


ENDS = tuple(outcome for outcome in Outcome if outcome is not Outcome.KNOWN)
"""What an address or list that was asked can come to; what is known is counted by run, without a row."""


class SourceRow(Base):
    """A site that is crawled, as its declaration names it."""

    __tablename__ = "source"

    name: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str | None]
    homepage: Mapped[str | None]


class RunRow(Base):
    """One execution of a spider."""

    __tablename__ = "run"
    __table_args__ = (
        one_of("verdict", Verdict),
        Index(None, "source", "started_at"),
        partial_index("ix_run_open", "finished_at IS NULL", "source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(ForeignKey("source.name"))
    mode: Mapped[str]
    slot: Mapped[datetime | None]
    owner: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    verdict: Mapped[str | None]
    reason: Mapped[str | None]
    settings: Mapped[str]
    counts: Mapped[str | None]
    stats: Mapped[str | None]
    requests: Mapped[int | None]
    bytes: Mapped[int | None]
    listed: Mapped[int] = mapped_column(server_default=text("0"))
    """Addresses that its seeds listed or that it took on from earlier runs, each once."""
    known: Mapped[int] = mapped_column(server_default=text("0"))
    """Of these, those that were stored before and not due: not asked, so without a row for each."""


class AddressRow(Base):
    """The frontier and the ledger: one row for each normalised URL ever seen."""

    __tablename__ = "address"
    __table_args__ = (
        UniqueConstraint("url"),
        one_of("state", AddressState),
        one_of("last_outcome", ENDS),
        # One index for each state that is leased from, in the order of the lease: none reads what is settled.
        partial_index("ix_address_waiting", "state = 'pending'", "source", text("listed_at DESC"), "id"),
        partial_index("ix_address_leased", "state = 'leased'", "source", "lease_owner"),
        partial_index(
            "ix_address_again", "state = 'settled' AND next_fetch_at IS NOT NULL", "source", "next_fetch_at"
        ),
        Index(None, "source", "site_id"),
        # Few addresses have either.
        partial_index("ix_address_alias_of_id", "alias_of_id IS NOT NULL", "alias_of_id"),
        partial_index("ix_address_lease_owner", "lease_owner IS NOT NULL", "lease_owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(ForeignKey("source.name"))
    url: Mapped[str]
    site_id: Mapped[str | None]
    alias_of_id: Mapped[int | None] = mapped_column(ForeignKey("address.id"))
    state: Mapped[str]
    first_seen_at: Mapped[datetime]
    listed_at: Mapped[datetime | None]
    next_fetch_at: Mapped[datetime | None]
    attempts: Mapped[int]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    last_outcome: Mapped[str | None]
    last_error: Mapped[str | None]
    last_fetched_at: Mapped[datetime | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    day: Mapped[str | None] = mapped_column(index=True)
    """As the view ``coverage`` shows it; kept by the database, as is ``section`` (storage/query/kept.py)."""
    section: Mapped[str | None]


class SeedRow(Base):
    """Where addresses were found: a list's address, or who named them. Named once, not in each discovery."""

    __tablename__ = "seed"
    __table_args__ = (UniqueConstraint("url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]


class DiscoveryRow(Base):
    """What a seed says of an address, and in which runs it said so; a new row only when it says otherwise."""

    __tablename__ = "discovery"
    __table_args__ = (Index(None, "address_id", "seed_id"), Index(None, "seed_id", "last_run_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"))
    seed_id: Mapped[int] = mapped_column(ForeignKey("seed.id"))
    first_run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    last_run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    previous_run_id: Mapped[int | None]
    """The run before the last in which the seed listed the address, whatever it said of it then."""
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    times: Mapped[int]
    title_hint: Mapped[str | None]
    time_hint: Mapped[datetime | None]
    time_raw: Mapped[str | None]
    updated_hint: Mapped[datetime | None]
    updated_raw: Mapped[str | None]
    section_hint: Mapped[str | None]
    publisher_hint: Mapped[str | None]
    position: Mapped[int | None]
    author_hint: Mapped[str | None]


class UnendedRow(Base):
    """An address that a run is to ask and that has no outcome in it yet, which takes the row's place."""

    __tablename__ = "unended"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"), primary_key=True, index=True)


class CaptureRow(Base):
    """The record of one fetch: what was asked, when, what came, and where its bytes lie."""

    __tablename__ = "capture"
    __table_args__ = (
        UniqueConstraint("warc_file", "warc_offset"),
        partial_index("ix_capture_unprocessed", "processed_at IS NULL", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address_id: Mapped[int | None] = mapped_column(ForeignKey("address.id"), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    url: Mapped[str]
    fetched_at: Mapped[datetime]
    http_status: Mapped[int]
    final_url: Mapped[str | None]
    content_type: Mapped[str | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    payload_digest: Mapped[str]
    payload_length: Mapped[int]
    warc_file: Mapped[str]
    warc_offset: Mapped[int]
    warc_length: Mapped[int]
    truncated: Mapped[str | None]
    robots_allowed: Mapped[bool | None]
    robots_rule: Mapped[str | None]
    x_robots_tag: Mapped[str | None]
    tdm_reservation: Mapped[str | None]
    tdm_policy: Mapped[str | None]
    processed_at: Mapped[datetime | None]
    read_attempts: Mapped[int] = mapped_column(server_default="0")
    """How often its page was handed to a reader: counted before, so that a page that kills one is known."""
    unreadable: Mapped[str | None]
    """Why its page was given up: it ended its reading process as often as it may. NULL: it was not."""
    read_in_vain_by: Mapped[int | None]
    """The reader that read it again out of quarantine and found no article. NULL: none did."""
    cut_at: Mapped[datetime | None]
    """When its bytes were removed from the WARC file. NULL: they were not."""
    cut_why: Mapped[str | None]
    """``takedown`` or ``retention``."""


PROVES = "way IS NOT NULL AND outcome = 'stored' AND listed > 0"
"""Which visits of an unproven way in read a list of it."""


class SeedVisitRow(Base):
    """What became of one seed in one run."""

    __tablename__ = "seed_visit"
    __table_args__ = (
        UniqueConstraint("run_id", "seed"),
        one_of("outcome", ENDS),
        partial_index("ix_seed_visit_proves", PROVES, "way", "run_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    seed: Mapped[str]
    kind: Mapped[str]
    section: Mapped[str | None]
    outcome: Mapped[str]
    reason: Mapped[str]
    listed: Mapped[int]
    at: Mapped[datetime]
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("capture.id"), index=True)
    way: Mapped[str | None]
    """The unproven way in that it is part of; NULL: it is proven."""
    grade: Mapped[str | None]
    next_url: Mapped[str | None]
    """Its next page, where the run has not come to it yet, or came to no end; NULL: it was read whole."""


class ChannelRow(Base):
    """A publisher's channel at a portal."""

    __tablename__ = "channel"
    __table_args__ = (UniqueConstraint("source", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(ForeignKey("source.name"))
    number: Mapped[int]
    name: Mapped[str]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    chosen: Mapped[bool]
    """Whether the newest crawl reads it."""


class OutcomeRow(Base):
    """The single end of one address in one run."""

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("run_id", "address_id"), one_of("outcome", ENDS))

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"), index=True)
    outcome: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("capture.id"), index=True)


class HostRow(Base):
    """Whose turn it is at a host, from when the next may begin, and until when it is left alone."""

    __tablename__ = "host"

    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str | None]
    hold_until: Mapped[datetime | None]
    next_turn_at: Mapped[datetime]
    rests_until: Mapped[datetime | None]
    rest_reason: Mapped[str | None]
    rest_set_at: Mapped[datetime | None]
    refusals: Mapped[int] = mapped_column(server_default=text("0"))


class LeaseRow(Base):
    """A name that one process holds at a time, such as the crawl of a source."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    until: Mapped[datetime]
