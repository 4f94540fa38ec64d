"""What the addresses of a site's articles have in common, guessed from one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.extract.several import PAGING

_PAGING = PAGING | {"cpage", "nowpage"}
"""Names that count the pages of an article or of the list that led to it; WordPress' ``p`` is an id."""
_PROGRAM = re.compile(r"\.(?:php|jsp|aspx?|do|cgi|nhn)$", re.IGNORECASE)
"""The name of a program tells no article where a query follows."""
_BOARD = re.compile(
    r"(?:bo_table|mid|bbs(?:_?id)?|board(?:_?id)?|tbl|table|mod|mode|act|m)=[^\d=]+", re.IGNORECASE
)
"""What in a query says by a word which board of a system is meant, or that one page of it is (gnuboard's
``bo_table``, XE's ``mid``, KBoard's ``mod``): without it the site shows something else."""
_NUMBER = re.compile(r"\d{3,}")
"""A run of digits this long is taken for (part of) an id; shorter ones are sections, months or days."""
_WORDS = re.compile(r"%|[^\W\d]{2,}[-_].*[^\W\d]")
"""A headline as an address has it: words with hyphens between, or Hangul (written with %)."""
_NUMBERED = re.compile(r"\d{3,}[-_].*[^\W\d]")
"""An id with a headline behind it, be it of one word (``12345-library``)."""
_LONG = 8
"""Letters of an id without a number of its own (``ABQ7XKDJ``): longer than most names of sections."""


@dataclass(frozen=True, slots=True)
class AddressForm:
    """What tells an article of a site from another."""

    pattern: str
    """A regular expression for the path, and of the query what `keys` name; what differs in groups."""
    keys: tuple[str, ...]
    """Names in the query that count; all others do not (a page of the article, the list that led to it)."""


def form_of(path: str, query: str) -> AddressForm | None:
    r"""The form of a site's articles, from the path and the query of one.

    Numbers differ, a day's too; of the last part of the path a headline or an id of letters. Other words
    stay. Of a query whatever has an id of three digits counts, else whatever has a number, and beside it the
    name of a board; nothing of it where the path has an id. None: nothing in it tells an article from others.

    >>> form_of("/2026/11/27/new-library-opens/", "page=2")
    AddressForm(pattern='/(\\d{3,})/(\\d{1,2})/(\\d{1,2})/([^/?]*[-_%][^/?]*)/', keys=())
    >>> form_of("/news/articleView.html", "idxno=12"), form_of("/about/", "")
    (AddressForm(pattern='/news/articleView\\.html\\?idxno=(\\d+)', keys=('idxno',)), None)
    """
    keys = _keys(query)
    asked = "&".join(pair for pair in query.split("&") if _name(pair) in keys)
    made = None if asked and _PROGRAM.search(path) else _of_path(path, asked)
    if made is not None:
        return AddressForm(made, ())
    numbered = _each(r"\d+", asked)
    return AddressForm(f"{re.escape(path)}\\?{numbered}", keys) if asked else None


def _keys(query: str) -> tuple[str, ...]:
    pairs = [pair for pair in query.split("&") if _name(pair).lower() not in _PAGING]
    ids = [_name(pair) for pair in pairs if _NUMBER.search(pair.partition("=")[2])]
    short = [_name(pair) for pair in pairs if re.search(r"\d", pair.partition("=")[2])]
    boards = [_name(pair) for pair in pairs if _BOARD.fullmatch(pair)] if ids or short else []
    return tuple(dict.fromkeys([*boards, *(ids or short)]))


def left_out(query: str, form: AddressForm) -> tuple[str, ...]:
    """Names in a query that the form does not count, in their order; of a strange one its letters."""
    names = (re.sub(r"[^\w.-]", "", _name(pair)) for pair in query.split("&"))
    return tuple(dict.fromkeys(name for name in names if name and name not in form.keys))


def _name(pair: str) -> str:
    return pair.partition("=")[0]


def _of_path(path: str, asked: str) -> str | None:
    *folders, last = path.rstrip("/").split("/")
    named = _last(last)
    numbered = named is None and _NUMBER.search("/".join(folders)) is not None and not asked
    if named is None and not numbered:
        return None
    made = "/".join([*map(_folder, folders), named or re.escape(last)])
    return made + "/" * (len(path) - len(path.rstrip("/")))


def _last(part: str) -> str | None:
    """Of the last part of a path: an id's number, a headline, an id of letters; None: it is a name."""
    stem, dot, ending = part.partition(".")
    rest = re.escape(dot + ending)
    if _WORDS.search(stem):
        numbers = _NUMBER.findall(stem)
        if numbers and stem.endswith(f"-{numbers[-1]}"):
            return rf"[^/?]*-(\d{{3,}}){rest}"
        return rf"([^/?]*[-_%][^/?]*){rest}"
    if _NUMBERED.match(stem):
        return rf"(\d{{3,}}[-_][^/?]*){rest}"
    if len(stem) >= _LONG and stem.upper() == stem and not _NUMBER.search(stem):
        return rf"([^/?]{{{_LONG},}}){rest}"
    return _each(r"\d{3,}", part) or _each(r"\d+", part)


def _folder(folder: str) -> str:
    """A folder of the path: its numbers differ, and so does a headline; a section's word stays."""
    if "%" in folder and _WORDS.search(folder) and re.search("[-_]", folder):
        return "[^/?]+"
    if re.fullmatch(r"[\d-]*\d", folder):
        return re.sub(r"\d+", lambda run: r"(\d{3,})" if len(run[0]) > 2 else r"(\d{1,2})", folder)
    return _each(r"\d{3,}", folder) or re.escape(folder)


def _each(number: str, said: str) -> str | None:
    """The text as a pattern with each such number in a group; None: it has none."""
    pieces = re.split(number, said, flags=re.ASCII)
    return f"({number})".join(map(re.escape, pieces)) if len(pieces) > 1 else None
