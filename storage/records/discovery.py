"""What a feed or list page says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """An address seen at a seed. ``url`` is already the source's canonical form."""

    url: str
    title_hint: str | None = None
    time_hint: datetime | None = None
    time_raw: str | None = None
    updated_hint: datetime | None = None
    """When the list says that the page was changed last."""
    updated_raw: str | None = None
    section_hint: str | None = None
    publisher_hint: str | None = None
    author_hint: str | None = None
    position: int | None = None
    """1-based place in the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A publisher's channel at a portal."""

    number: int
    """The portal's own number of it."""
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one feed or list page said.

    ``recognised`` is False when the bytes are not the list that the seed promises (another page,
    markup unknown): an empty list and an unrecognised one are different outcomes.
    """

    discoveries: tuple[Discovery, ...]
    recognised: bool
    reason: str | None = None
    """Why it was not recognised, one sentence."""
    rejected: int = 0
    """Links passed over because they are no article of this source."""
    next_url: str | None = None
    """The next page of the same list, where the list has one."""
    further: tuple[str, ...] = ()
    """Other pages of the list, where it names them at once (an index of sitemaps); the likeliest first."""
    note: str | None = None
    """What of a list that was read could not be read."""
    channels: tuple[Channel, ...] = ()
    """Publishers that the page names, where it is a list of these."""
