"""What the addresses of a site's articles have in common, guessed from one of them."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\d{3,}")
"""A run of digits this long is taken for (part of) an id; shorter ones are sections, months or days."""
_WORDS = re.compile(r"%|[^\W\d]{2,}[-_].*[^\W\d]")
"""A headline as an address has it: words with hyphens between, or Hangul (written with %)."""
_LONG = 8
"""Letters of an id without a number of its own (``ABQ7XKDJ``): longer than most names of sections."""


def pattern_of(path: str, query: str) -> str | None:
    r"""A regular expression for path and query of a site's articles, what differs in groups.

    Numbers differ, a day's too; of the last part of the path a headline or an id of letters. Other words
    stay. None: nothing in it tells one article from another.

    >>> print(pattern_of("/2026/11/27/new-library-opens/", ""))
    /(\d{3,})/(\d{1,2})/(\d{1,2})/([^/?]*[-_%][^/?]*)/
    >>> print(pattern_of("/news/articleView.html", "idxno=12"), pattern_of("/about/", ""))
    /news/articleView\.html\?idxno=(\d+) None
    """
    *folders, last = path.rstrip("/").split("/")
    named = _last(last)
    numbered = named is None and _NUMBER.search("/".join(folders)) is not None and not query
    if named is not None or numbered:
        made = "/".join([*map(_numbers, folders), named or re.escape(last)])
        return made + "/" * (len(path) - len(path.rstrip("/")))
    asked = _each(r"\d+", query)
    return f"{re.escape(path)}\\?{asked}" if asked else None


def _last(part: str) -> str | None:
    """Of the last part of a path: an id's number, a headline, an id of letters; None: it is a name."""
    stem, dot, ending = part.partition(".")
    rest = re.escape(dot + ending)
    if _WORDS.search(stem):
        numbers = _NUMBER.findall(stem)
        if numbers and stem.endswith(f"-{numbers[-1]}"):
            return rf"[^/?]*-(\d{{3,}}){rest}"
        return rf"([^/?]*[-_%][^/?]*){rest}"
    if len(stem) >= _LONG and stem.upper() == stem and not _NUMBER.search(stem):
        return rf"([^/?]{{{_LONG},}}){rest}"
    return _each(r"\d{3,}", part) or _each(r"\d+", part)


def _numbers(folder: str) -> str:
    if re.fullmatch(r"[\d-]*\d", folder):
        return re.sub(r"\d+", lambda run: r"(\d{3,})" if len(run[0]) > 2 else r"(\d{1,2})", folder)
    return _each(r"\d{3,}", folder) or re.escape(folder)


def _each(number: str, said: str) -> str | None:
    """The text as a pattern with each such number in a group; None: it has none."""
    pieces = re.split(number, said, flags=re.ASCII)
    return f"({number})".join(map(re.escape, pieces)) if len(pieces) > 1 else None
