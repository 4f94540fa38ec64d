"""An operator ends a host's rest before its time: a year that was a slip of the site's, or its own word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, or_, update

from storage.database.by_key import row_of
from storage.database.opening import writing_rows
from storage.database.present import present_of
from storage.frontier.rests import LONGEST_OWN_REST_S, Rest, rest_of
from storage.models import AddressRow, HostRow
from storage.models.base import table_of
from storage.records import Outcome
from storage.seoul import shown

_HOSTS, _ADDRESSES = table_of(HostRow), table_of(AddressRow)
_HOST, _ADDRESS = _HOSTS.c, _ADDRESSES.c


LONGEST_KEPT = timedelta(seconds=LONGEST_OWN_REST_S)
"""What is over within a day is waited for, as is every rest that a host did not ask for."""


_KEPT = "what is over within a day is not lifted"


class ShortRestError(ValueError):
    """The rest is waited for; says until when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """A rest that was ended."""

    rest: Rest
    """As it was."""
    addresses: int
    """Pages of the host that waited for its end, and are due now."""


def lift(engine: Engine, host: str, why: str, now: datetime | None = None) -> Lifted | None:
    """End the rest of a host, and make due what waits for its end; None where it does not rest.

    Who did it stands in the host's row until its next rest. Refusals in a row stay counted: with the next one
    the host rests again, for as long as if it had not been lifted.

    Args:
        host: as the table ``host`` names it: lower case, with its port.
        now: None for the archive's present.

    Raises:
        ShortRestError: it is over within ``LONGEST_KEPT``.
    """
    with writing_rows(engine) as connection:
        now = present_of(connection, now)
        row = row_of(connection, HostRow, host)
        rest = None if row is None else rest_of(connection, row, now)
        if rest is None:
            return None
        if rest.until - now <= LONGEST_KEPT:
            raise ShortRestError(f"{host} rests until {shown(rest.until)}: {_KEPT}")
        said = f"lifted by hand on {shown(now)}: {why} (until {shown(rest.until)}: {rest.reason})"
        ended = update(_HOSTS).where(_HOST.name == host)
        connection.execute(ended.values(rests_until=now, rest_set_at=now, rest_reason=said))
        here = or_(
            *(_ADDRESS.url.startswith(f"{way}://{host}/", autoescape=True) for way in ("https", "http"))
        )
        waiting = update(_ADDRESSES).where(here, _ADDRESS.last_outcome == Outcome.BLOCKED.value)
        due = waiting.where(_ADDRESS.next_fetch_at > now, _ADDRESS.next_fetch_at <= rest.until)
        return Lifted(rest=rest, addresses=connection.execute(due.values(next_fetch_at=now)).rowcount)
