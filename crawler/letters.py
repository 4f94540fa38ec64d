"""The letters and digits of a text: what two prints of one line agree on, whatever marks they set."""

from __future__ import annotations

import re

_PARTS = re.compile(r"[_-]")
_RUNS = re.compile(r"[^\W_]+")


def letters(text: str) -> str:
    """Letters and digits of any script (Unicode's categories L and N), as they stand in the text.

    >>> letters("KOSPI 2,700선 '회복'.")
    'KOSPI2700선회복'
    """
    bare = text.replace(" ", "").replace(".", "").replace(",", "")  # nearly all that is no letter
    return bare if bare.isalnum() else "".join(_RUNS.findall(bare))


def key_of(name: str) -> str:
    """A name in data without what parts its words, in small letters: ``next_cursor`` and ``nextCursor`` are
    one."""
    return _PARTS.sub("", name).lower()
