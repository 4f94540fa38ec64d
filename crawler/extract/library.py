"""What we use of trafilatura, loaded without what it fetches pages, guesses their dates and joins links with.

We give it a tree, and ask it for a text alone: the libraries for the rest, which it loads all the same, are
two thirds of what it takes to load (0.06 s of a crawl's start, 2026-11-26).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_UNUSED = (
    "charset_normalizer",
    "courlan",
    "htmldate",
    "urllib3",
    "urllib3.response",
    "trafilatura.downloads",
)


class Unused:
    """What stands for anything of those libraries. RuntimeError where it is used: it is not at hand then."""

    def __init__(self, *_: object, **__: object) -> None:
        raise RuntimeError(f"trafilatura was loaded without {', '.join(_UNUSED)}: crawler/extract/library.py")


class _Empty(ModuleType):
    def __getattr__(self, name: str) -> type[Unused]:
        if name.startswith("__"):
            raise AttributeError(name)
        return Unused


@contextmanager
def _without(names: tuple[str, ...]) -> Iterator[None]:
    """Whoever imports them meanwhile is given empty ones, unless they are loaded already."""
    given: dict[str, Any] = {name: _Empty(name) for name in names if name not in sys.modules}
    sys.modules.update(given)
    try:
        yield
    finally:
        for name in given:
            del sys.modules[name]


with _without(_UNUSED):
    from trafilatura import bare_extraction, external
    from trafilatura.settings import Document, Extractor

__all__ = ["Document", "Extractor", "bare_extraction", "external"]
