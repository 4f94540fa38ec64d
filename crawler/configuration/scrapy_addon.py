"""The environment's part of Scrapy's settings, read when a Scrapy program starts and not on import."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader

from crawler.configuration.elapsed import count_elapsed_time
from crawler.configuration.environment import DEFAULT_DELAY_S, WrongSetting, configuration
from crawler.configuration.exit_codes import WRONG_USE


@contextmanager
def _told() -> Iterator[None]:
    """A setting that cannot be used ends Scrapy's program with a sentence and code 2."""
    try:
        yield
    except WrongSetting as error:
        print(f"newsarchive: {error}", file=sys.stderr)  # noqa: T201  Scrapy's program, not ours
        raise SystemExit(WRONG_USE) from error


class SourceSpiderLoader(SpiderLoader):
    """Scrapy's own loader: which spiders there are depends on the environment too (its sources)."""

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Scrapy's hook."""
        with _told():
            return super().from_settings(settings)


class EnvironmentAddon:
    """Fills in what ``scrapy list`` and ``scrapy crawl`` need; ``newsarchive`` gives its own instead."""

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        """Scrapy's hook, before anything waits in its reactor."""
        count_elapsed_time()
        if settings.get("NEWSARCHIVE") is not None:
            return
        with _told():
            found = configuration()
        settings.set("NEWSARCHIVE", found, priority="addon")
        settings.set("USER_AGENT", found.user_agent(), priority="addon")
        settings.set("DOWNLOAD_DELAY", max(found.delay, DEFAULT_DELAY_S), priority="addon")
