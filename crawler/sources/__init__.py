"""The sources, found by looking: every module of this folder that defines ``SOURCE``."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from crawler.sources.base import Source


@cache
def all_sources() -> dict[str, Source]:
    """Name -> Source, by name.

    Raises:
        ValueError: a file's name and its source's name differ, so ``ls`` would lie.
    """
    found: dict[str, Source] = {}
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        source = getattr(importlib.import_module(f"{__name__}.{info.name}"), "SOURCE", None)
        if source is None:
            continue
        if source.name != info.name:
            raise ValueError(f"crawler/sources/{info.name}.py declares the source {source.name!r}")
        found[source.name] = source
    return found


def source_of(url: str) -> Source | None:
    """The source whose article addresses hold this URL, None for any other site."""
    return next((source for source in all_sources().values() if source.address(url)), None)
