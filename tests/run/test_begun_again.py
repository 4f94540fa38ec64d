"""A transaction that the database undid for no fault of its own is begun again, and not for ever."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from crawler.run.database_thread import PAUSES_S, begun_again


@pytest.mark.parametrize(("losses", "stored"), [(1, True), (3, True), (len(PAUSES_S) + 1, False)])
def test_sessions_that_are_ended_again_and_again(
    losses: int, stored: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.run.database_thread.PAUSES_S", [0.0] * len(PAUSES_S))
    tries = 0

    def work() -> str:
        nonlocal tries
        tries += 1
        if tries <= losses:
            raise DBAPIError("INSERT", {}, Exception("terminating connection"), connection_invalidated=True)
        return "stored"

    if stored:
        assert begun_again(work) == "stored"
    else:
        with pytest.raises(DBAPIError):
            begun_again(work)
    assert tries == min(losses + 1, len(PAUSES_S) + 1)
