"""The word lists beside this file: one word a line, ``#`` opens a comment."""

from __future__ import annotations

from importlib.resources import files


def words(name: str) -> frozenset[str]:
    """The lines of a list."""
    lines = files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def endings(name: str) -> tuple[str, ...]:
    """The lines of a list as ``str.endswith`` takes them."""
    return tuple(sorted(words(name)))
