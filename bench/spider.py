"""What a user would write instead: fifty lines of Scrapy, trafilatura and SQLAlchemy. The measure of ours.

    python -m bench.spider ADDRESSES ORIGIN DATABASE

No politeness between processes, no WARC, no revisions, no bylines, no notices, no duplicates found: a title,
a text, an author and a date for each address of a file.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class Page(Base):
    __tablename__ = "page"
    url: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str | None]
    author: Mapped[str | None]
    date: Mapped[str | None]
    text: Mapped[str | None]


class Spider(scrapy.Spider):
    name = "fifty"
    custom_settings = {"LOG_LEVEL": "ERROR", "ROBOTSTXT_OBEY": False, "TELNETCONSOLE_ENABLED": False}  # noqa: RUF012

    def __init__(self, addresses: str, origin: str, database: str) -> None:
        super().__init__()
        self.addresses, self.origin = Path(addresses).read_text().split(), origin
        self.engine = create_engine(database)
        Base.metadata.create_all(self.engine)

    async def start(self) -> AsyncIterator[Any]:
        for url in self.addresses:
            parts = urlsplit(url)
            query = f"?{parts.query}" if parts.query else ""
            headers = {"Host": parts.netloc}
            yield scrapy.Request(f"{self.origin}{parts.path}{query}", headers=headers, cb_kwargs={"url": url})

    def parse(self, response: Response, url: str) -> None:
        found = trafilatura.bare_extraction(response.body, url=url, with_metadata=True)
        if found is None or isinstance(found, dict):
            return
        with Session(self.engine) as session, session.begin():
            session.merge(
                Page(url=url, title=found.title, author=found.author, date=found.date, text=found.text)
            )


if __name__ == "__main__":
    process = CrawlerProcess({"LOG_LEVEL": "ERROR"})
    process.crawl(Spider, *sys.argv[1:])
    process.start()
