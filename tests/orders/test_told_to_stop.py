"""What a crawl makes of the signals before Scrapy handles them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from crawler.orders.told_to_stop import NotBegun, stop_noted


@pytest.fixture
def _with_a_terminal() -> Iterator[None]:
    """Under ``nohup make check`` SIGHUP is ignored."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("_with_a_terminal")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_is_noted(number: int) -> None:
    """A terminal that closed killed the crawl, and its run stood as running until the next one."""
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    with stop_noted() as told:
        told.check()
        os.kill(os.getpid(), number)
        with pytest.raises(NotBegun, match="told to stop"):
            told.check()
    assert {one: signal.getsignal(one) for one in before} == before


def test_under_nohup_a_closed_terminal_stops_nothing() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stop_noted() as told:
            os.kill(os.getpid(), signal.SIGHUP)
            told.check()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
