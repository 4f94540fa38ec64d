"""Signals that are sent only where somebody listens: whoever listens hears what Scrapy's own would tell."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from pydispatch import dispatcher
from scrapy import signals
from scrapy.exceptions import DontCloseSpider
from scrapy.signalmanager import SignalManager

from crawler.orders.signals import HeardSignals


class Sender:
    """In a crawl's place."""


@pytest.fixture
def sender() -> Sender:
    return Sender()


@pytest.fixture
def sent(sender: Sender) -> HeardSignals:
    return HeardSignals(sender)


HEARD: list[tuple[Any, Any]] = []


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    HEARD.clear()


def hears(item: Any, signal: Any) -> str:
    HEARD.append((signal, item))
    return "heard"


def test_nobody_listens(sent: HeardSignals) -> None:
    assert sent.send_catch_log(signals.item_scraped, item=1) == []
    assert asyncio.run(sent.send_catch_log_async(signals.item_scraped, item=1)) == []


@pytest.mark.parametrize("by", ["signal", "all of it", "all of everybody's"])
def test_whoever_listens_hears(sent: HeardSignals, sender: Sender, by: str) -> None:
    connected = {
        "signal": (signals.item_scraped, sender),
        "all of it": (dispatcher.Any, sender),
        "all of everybody's": (dispatcher.Any, dispatcher.Any),
    }
    signal, whose = connected[by]
    dispatcher.connect(hears, signal, sender=whose)
    try:
        assert sent.send_catch_log(signals.item_scraped, item=1) == [(hears, "heard")]
        assert asyncio.run(sent.send_catch_log_async(signals.item_scraped, item=2)) == [(hears, "heard")]
    finally:
        dispatcher.disconnect(hears, signal, sender=whose)
    assert [(signals.item_scraped, 1), (signals.item_scraped, 2)] == HEARD
    assert sent.send_catch_log(signals.item_scraped, item=3) == []


def test_who_listened_before_scrapys_own_was_replaced_hears(sender: Sender) -> None:
    """Scrapy makes its own with the crawl: whoever has connected to that is connected to the crawl."""
    SignalManager(sender).connect(hears, signals.item_scraped)
    assert HeardSignals(sender).send_catch_log(signals.item_scraped, item=1) == [(hears, "heard")]


def test_another_crawls_listener_hears_nothing(sent: HeardSignals) -> None:
    other = Sender()
    HeardSignals(other).connect(hears, signals.item_scraped)
    assert sent.send_catch_log(signals.item_scraped, item=1) == []
    assert HEARD == []


def test_what_a_receiver_throws_is_given(sent: HeardSignals) -> None:
    def stays() -> None:
        raise DontCloseSpider

    sent.connect(stays, signals.spider_idle)
    ((receiver, failure),) = sent.send_catch_log(signals.spider_idle, dont_log=DontCloseSpider)
    assert receiver is stays
    assert isinstance(failure.value, DontCloseSpider)


def test_a_receiver_that_is_gone_hears_nothing(sent: HeardSignals) -> None:
    class Passing:
        def hears(self, item: Any) -> None:
            HEARD.append((None, item))

    passing = Passing()
    sent.connect(passing.hears, signals.item_scraped)
    del passing
    assert sent.send_catch_log(signals.item_scraped, item=1) == []
    assert HEARD == []
