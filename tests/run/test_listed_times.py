"""Times that a list gives for what it names: those that cannot be are not kept as times, only as printed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.run.lists import believable
from storage.records.discovery import Discovery

SEEN = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, False),
        (SEEN, True),
        (SEEN + timedelta(hours=23), True),  # clocks differ, and some zones are ahead
        (SEEN + timedelta(hours=25), False),
        (datetime(2037, 11, 20, tzinfo=UTC), False),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), False),
        (datetime(1990, 1, 1, tzinfo=UTC), True),
        (datetime(1970, 1, 1, tzinfo=UTC), False),
        (datetime(1, 1, 1, tzinfo=UTC), False),
    ],
)
def test_a_time_that_cannot_be_is_no_hint(given: datetime | None, kept: bool) -> None:
    said = Discovery(url="u", title_hint="t", time_hint=given, time_raw="as printed", updated_hint=given)
    expected = given if kept else None
    found = believable(said, SEEN)
    assert (found.time_hint, found.updated_hint) == (expected, expected)
    assert (found.time_raw, found.title_hint) == ("as printed", "t")
