"""What a command loads stays until its end: garbage collections need not look through it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """No collection while modules are loaded, and none of what they made afterwards.

    A crawl's modules make 260,000 objects, in 360 collections that find nothing: 0.12 s (2026-11-26).
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
