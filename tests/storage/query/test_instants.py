"""Both databases show one instant as one text."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from storage.query.kst import shown


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("2026-11-26 08:12:01.000000", "2026-11-26T17:12:01+09:00"),
        ("2026-11-26 08:12:01.999600", "2026-11-26T17:12:01+09:00"),
        ("2026-11-26 14:59:59.999999", "2026-11-26T23:59:59+09:00"),  # a second later is another day
    ],
)
def test_an_instant_is_shown_by_its_second(engine: Engine, stored: str, told: str) -> None:
    """One in two thousand was shown a second later by SQLite, which rounds (seen 2026-11-26 by a rebuild)."""
    sqlite = engine.dialect.name == "sqlite"
    literal = f"'{stored}'" if sqlite else f"timestamptz '{stored}+00'"
    with engine.connect() as connection:
        said = connection.scalar(text(f"SELECT {shown(literal, engine.dialect.name)}".replace(":", r"\:")))
    assert said == told
