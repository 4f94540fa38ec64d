"""What ``scrapy crawl -a`` gives as text, as what a spider takes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.configuration.environment import WrongSetting
from crawler.sources.base import Window
from storage.records import RunMode


def mode_of(named: str | None, urls: Iterable[str], window: Window | None) -> RunMode:
    """The mode named, or the one that the addresses or days imply.

    Raises:
        WrongSetting: there is no such mode (``scrapy crawl -a mode=...`` gives text).
    """
    if named is None:
        return RunMode.FETCH if urls else RunMode.BACKFILL if window else RunMode.LATEST
    try:
        return RunMode(named)
    except ValueError as error:
        raise WrongSetting(f"mode is {', '.join(RunMode)}; got {named!r}") from error


def whole_number(value: int | str | None) -> int | None:
    """``scrapy crawl -a limit=10`` gives text.

    Raises:
        WrongSetting: not a whole number above zero.
    """
    if value is None:
        return None
    if not re.fullmatch("[0-9]{1,9}", str(value)) or int(value) < 1:
        raise WrongSetting(f"limit must be a whole number above zero, got {value!r}")
    return int(value)
