"""Regular expressions that few pages need: compiled where they are first used, not where a crawl begins.

To compile the 700 of a crawl takes 0.12 s of its start. A dozen of the largest, months' names in thirty
languages among them, are a sixth of that, and no page of a class has any use for them; twenty more, for which
at most one of ten of the twin's pages asks, are a tenth, and as many more another (2026-11-26).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property


class Rare:
    """As ``re.compile(pattern, flags)``; after the first use as fast."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern, self._flags = pattern, flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, self._flags)

    @cached_property
    def search(self) -> Callable[..., re.Match[str] | None]:
        return self._compiled.search

    @cached_property
    def match(self) -> Callable[..., re.Match[str] | None]:
        return self._compiled.match

    @cached_property
    def fullmatch(self) -> Callable[..., re.Match[str] | None]:
        return self._compiled.fullmatch

    @cached_property
    def finditer(self) -> Callable[..., Iterator[re.Match[str]]]:
        return self._compiled.finditer

    @cached_property
    def sub(self) -> Callable[[str, str], str]:
        return self._compiled.sub
