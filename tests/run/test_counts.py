"""Scrapy's counts in a crawl: kept, with less work for each page."""

from __future__ import annotations

from scrapy import signals
from scrapy.utils.test import get_crawler

from crawler.extensions import CountsExtension, PlainStats


def test_a_page_is_counted_by_no_receiver_and_an_answer_is() -> None:
    crawler = get_crawler(
        settings_dict={"STATS_CLASS": PlainStats, "EXTENSIONS_BASE": {CountsExtension: 0}},
    )
    scraped = crawler.signals.send_catch_log(signals.item_scraped, item=None, response=None, spider=None)
    crawler.signals.send_catch_log(signals.response_received, spider=None)
    assert scraped == []
    assert crawler.stats.get_stats() == {"response_received_count": 1}
