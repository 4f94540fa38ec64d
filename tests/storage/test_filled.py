"""What bench.growth fills by SQL is an archive: a migration that its statements do not know breaks it."""

from __future__ import annotations

from sqlalchemy import text

from bench.filled import BUSY_PUBLISHER, DESK_EMAIL, fill
from bench.seldom import Asked
from bench.timed import Archive
from storage.database.opening import open_database
from tests.storage.samples import NOON

SIZE = 200
_BROKEN = "SELECT count(*) FROM pragma_foreign_key_check"


def test_a_filled_archive_is_one_that_the_program_goes_on_with(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    fill(engine, SIZE)
    with engine.connect() as connection:
        assert connection.scalar(text(_BROKEN)) == 0
        shown = "SELECT count(*), min(publishers) FROM reporters WHERE email = :email"
        assert connection.execute(text(shown), {"email": DESK_EMAIL}).all() == [(1, BUSY_PUBLISHER)]
    asked = Asked(Archive(engine=engine, url=sqlite_url, size=SIZE))
    asked.start(NOON)
    asked.delete(NOON)
    asked.write(NOON, 1)
    assert len(asked.archive.took) == 19
    engine.dispose()
