"""What a template prints where it has nothing to say: the word that its language has for no value."""

from __future__ import annotations

from typing import Any

_WORDS = frozenset({"undefined", "null", "NaN", "None", "[object Object]", "Invalid Date", "Invalid date"})
"""Of JavaScript and Python, as they are printed; ``none`` is an answer (``robots``)."""


def is_placeholder(said: str) -> bool:
    """Whether a told value, whole, is such a word.

    >>> is_placeholder(" undefined "), is_placeholder("none")
    (True, False)
    """
    return said.strip() in _WORDS


def without_placeholders(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON without the keys that say no more (an ``object_pairs_hook``)."""
    return {key: said for key, said in pairs if not (isinstance(said, str) and is_placeholder(said))}
