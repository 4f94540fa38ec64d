"""Regular expressions compiled where they are first used find what they would have found."""

from __future__ import annotations

import re

import pytest

from crawler.normalise import time_named
from crawler.rare import Rare

WORDS = ("", "가나 12", "A", "aA\n12", "\0", "\ud800", "１２", "12" * 1000)


@pytest.mark.parametrize("flags", [0, re.IGNORECASE, re.DOTALL])
def test_it_is_what_re_compiles(flags: int) -> None:
    pattern = r"(?P<letter>a)|\d+"
    rare, compiled = Rare(pattern, flags), re.compile(pattern, flags)
    for word in WORDS * 2:
        for how in ("search", "match", "fullmatch"):
            found, due = getattr(rare, how)(word), getattr(compiled, how)(word)
            assert (found and (found.span(), found["letter"])) == (due and (due.span(), due["letter"]))
        assert [one.span() for one in rare.finditer(word)] == [one.span() for one in compiled.finditer(word)]
        assert rare.sub("<\\g<0>>", word) == compiled.sub("<\\g<0>>", word)


def test_it_is_compiled_once_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    compiled = re.compile

    def told(pattern: str, flags: int = 0) -> re.Pattern[str]:
        made.append(pattern)
        return compiled(pattern, flags)

    monkeypatch.setattr(re, "compile", told)
    rare = Rare("b+")
    assert made == []
    assert [bool(rare.search(word)) for word in ("abb", "c")] == [True, False]
    assert rare.sub("", "abba") == "aa"
    assert made == ["b+"]


def test_one_that_is_wrong_is_told_by_re_where_it_is_used() -> None:
    with pytest.raises(re.error):
        _ = Rare("(").search


def test_every_rare_one_of_the_rules_can_be_compiled() -> None:
    """What ``re.compile`` would have told when the module was loaded, a test tells."""
    import importlib
    import pkgutil

    import crawler

    found = [
        value
        for module in pkgutil.walk_packages(crawler.__path__, "crawler.")
        if module.name.startswith(("crawler.normalise", "crawler.extract"))
        for value in vars(importlib.import_module(module.name)).values()
        if isinstance(value, Rare)
    ]
    found += time_named._DATES
    assert len(found) >= 10
    for rare in found:
        assert rare.search("20 November 2026") is None or rare.pattern
