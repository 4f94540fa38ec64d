"""The words of the data dictionary: what each view and column means, and which name was nearly meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

_HERE = Path(__file__).resolve()
_PAGES = (_HERE.with_name("dictionary.txt"), _HERE.parents[2] / "docs" / "data-dictionary.md")
"""In an installed package, in a checkout."""
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_VIEWS, _TABLES = "# Views", "# Tables"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One view or table."""

    name: str
    is_view: bool
    meaning: str
    """Its paragraph; empty where the page has none."""
    columns: Mapping[str, str]
    """Name -> meaning, in the order of the columns."""


@cache
def entries() -> Mapping[str, Entry]:
    """Name -> view or table, in the page's order."""
    page = next(path for path in _PAGES if path.exists()).read_text(encoding="utf-8")
    found: dict[str, Entry] = {}
    is_view = False
    for part in re.split(r"^(?=#{1,2} )", page, flags=re.MULTILINE):
        if part.startswith((_VIEWS, _TABLES)):
            is_view = part.startswith(_VIEWS)
        elif heading := re.match(r"## (\w+)\n", part):
            found[heading[1]] = _entry(heading[1], part[heading.end() :], is_view=is_view)
    return found


def _entry(name: str, text: str, *, is_view: bool) -> Entry:
    rows = re.findall(r"^\| (\w+) \| (.+) \|$", text, re.MULTILINE)
    meaning = " ".join(line for line in text.splitlines() if line and not line.startswith("|"))
    columns = {column: _plain(said) for column, said in rows if column != "column"}
    return Entry(name=name, is_view=is_view, meaning=_plain(meaning), columns=columns)


def _plain(text: str) -> str:
    return _LINK.sub(r"\1", text).replace("\\|", "|").replace("`", "")


def near_views(word: str) -> list[str]:
    """Views and tables with nearly this name, the nearest first."""
    return get_close_matches(word.lower(), entries(), n=3, cutoff=0.6)


_CALLED_ELSEWHERE = {
    "published_at": "date time datetime pubdate pub_date published publish_date 날짜 작성일 발행일",
    "publisher": "media press outlet newspaper paper journal 언론사 매체 신문사",
    "body": "text content contents article_text maintext main_text 본문 내용",
    "name": "author authors writer journalist byline 기자 기자명 작성자",
    "copyright_notice": "copyright license licence 저작권",
    "title": "headline subject 제목",
    "url": "link href address uri 주소 링크",
    "section": "category desk topic 분야 섹션",
    "tags": "keyword keywords 태그 키워드",
}
"""Our columns, and what other archives, crawlers' outputs and people call them."""
_OURS = {theirs: ours for ours, words in _CALLED_ELSEWHERE.items() for theirs in words.split()}


def near_columns(word: str) -> list[str]:
    """Columns of views with nearly this name and where they are: ``title (articles, changes)``."""
    homes: dict[str, list[str]] = {}
    for entry in entries().values():
        for column in entry.columns if entry.is_view else ():
            homes.setdefault(column, []).append(entry.name)
    wanted = word.lower().strip("_")
    wanted = wanted if wanted in homes else _OURS.get(wanted, wanted)
    near = [wanted] if wanted in homes else _near(wanted, homes)
    return [f"{column} ({', '.join(homes[column][:MOST])})" for column in near]


def _near(word: str, names: Iterable[str]) -> list[str]:
    """Names of which the word is a part (``id``: ``article_id``), then those that are spelt nearly so."""
    known = list(names)
    parts = [name for name in known if word in name.split("_") or name.startswith(word)]
    # "kind" holds both letters of "id", and is not near it.
    alike = [name for name in known if abs(len(name) - len(word)) <= max(1, len(word) // 2)]
    return list(dict.fromkeys([*parts, *get_close_matches(word, alike, n=MOST_NEAR, cutoff=0.6)]))[:MOST_NEAR]


MOST_NEAR = 3
MOST = 4
"""Views that are named with a column: most columns are in few."""
_UNKNOWN = (
    re.compile(r"no such (?P<kind>column|table): (?:\w+\.)?\"?(?P<name>\w+)"),
    re.compile(r"(?P<kind>column|relation) (?:\w+\.)?\"?(?:\w+\.)?(?P<name>\w+)\"? does not exist"),
)


_HINTS = (
    (
        re.compile(
            r'near "(?:SHOW|DESCRIBE|\.|\\)"|unrecognized configuration parameter "tables"',
            re.IGNORECASE,
        ),
        "newsarchive schema lists the views, newsarchive schema VIEW its columns",
    ),
    (
        re.compile(
            r"no such (?:function|table): korean_match|function korean_match\(.*does not exist|"
            r'syntax error at or near "korean_match"'
        ),
        "korean_match takes one text in quotes, or one parameter, and stands as a list: "
        "article_id IN (SELECT korean_match('반도체'))",
    ),
    (
        re.compile(
            r"Binding \d+ has no name|value for binding parameter|bind message supplies \d+ parameters"
        ),
        "a parameter is :name, and given by --param name=VALUE",
    ),
    (
        re.compile(
            r"not authorized\Z|cannot VACUUM from within|readonly database|"
            r'syntax error at or near "(?:INSERT|UPDATE|DELETE|MERGE|TRUNCATE|DROP|CREATE|ALTER|GRANT|REVOKE|'
            r'COPY|DO|CALL|SET|RESET|BEGIN|COMMIT|ROLLBACK|VACUUM|ANALYZE|REINDEX|LOCK|LISTEN|NOTIFY|REFRESH)"|'
            r"data-modifying statements",
            re.IGNORECASE,
        ),
        "only what reads is taken: begin it with SELECT",
    ),
)
"""What the words of SQLite and PostgreSQL mean here, where they do not say it."""


def meant(said: str) -> str:
    """What a database's word leaves out: names near an unknown one, or that only what reads is taken.

    >>> meant("no such column: a.titel")[:21]
    '; near it: title (art'
    """
    for pattern, hint in _HINTS:
        if pattern.search(said):
            return f"; {hint}"
    for pattern in _UNKNOWN:
        if found := pattern.search(said):
            near = near_columns(found["name"]) if found["kind"] == "column" else near_views(found["name"])
            return f"; near it: {', '.join(near)}" if near else "; newsarchive schema tells the names"
    return ""
