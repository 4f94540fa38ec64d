"""``python -m tests.orders.set_back``: a crawler is made as ``scrapy crawl`` makes it, a step is put into its
reactor, and the machine's clock is set back by five hours before the step is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings


def main() -> None:
    process = AsyncCrawlerProcess(get_project_settings())
    process.create_crawler("daum")
    from twisted.internet import reactor

    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        reactor.callLater(0.05, clock.shift, timedelta(hours=-5))
        reactor.callLater(0.1, reactor.stop)
        reactor.run()
    print("came")


if __name__ == "__main__":
    main()
