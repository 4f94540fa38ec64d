"""The archive in Python: open one, ask it, and read a page without one. See docs/library.md.

import newsarchive

with newsarchive.open("archive") as archive:
    for hit in archive.search("반도체 수출 -중국", limit=5):
        print(hit.published_at, hit.publisher, hit.title)
    frame = archive.sql("SELECT publisher, count(*) AS n FROM articles GROUP BY publisher").polars()

newsarchive.extract(html, "https://v.daum.net/v/20261120090000123")["bylines"]
"""

from newsarchive.answer import Answer
from newsarchive.archive import Archive, IndexOutdated, open  # noqa: A004 (newsarchive.open, as gzip.open)
from newsarchive.errors import ArchiveRefused, NewsarchiveError, WrongQuestion
from newsarchive.page import extract
from newsarchive.records import Article, Hit, Person, Revision

__all__ = [
    "Answer",
    "Archive",
    "ArchiveRefused",
    "Article",
    "Hit",
    "IndexOutdated",
    "NewsarchiveError",
    "Person",
    "Revision",
    "WrongQuestion",
    "extract",
    "open",
]
