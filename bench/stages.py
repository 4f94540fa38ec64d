"""The cost of each stage, measured alone on the pages that a crawl captured."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from crawler.deduplicate.shingle import shape
from crawler.extract import extract_page
from crawler.normalise.article import normalise
from crawler.sources import source_of
from storage.query.reader import run_select
from storage.records import CapturedPage, PageKind, WarcPlace
from storage.warc.reading import read_payload
from storage.warc.store import WarcWriter

T = TypeVar("T")

CAPTURES = (
    "SELECT url, content_type, warc_file, warc_offset, warc_length FROM capture "
    "WHERE http_status = 200 AND address_id IS NOT NULL ORDER BY url LIMIT 400"
)


@dataclass(slots=True)
class StageCosts:
    """Stage -> (mean, worst) milliseconds of the processor for an article."""

    articles: int = 0
    spent: dict[str, list[float]] = field(default_factory=dict)

    @property
    def milliseconds(self) -> dict[str, tuple[float, float]]:
        return {stage: (sum(times) / len(times), max(times)) for stage, times in self.spent.items()}

    def time(self, stage: str, work: Callable[[], T]) -> T:
        began = time.thread_time()
        result = work()
        self.spent.setdefault(stage, []).append((time.thread_time() - began) * 1000)
        return result


def stage_costs(folder: Path) -> StageCosts:
    """Run every stage over the captures of an archive folder, one after the other, on one core."""
    costs = StageCosts()
    url = f"sqlite:///{folder / 'newsarchive.db'}"
    with run_select(url, CAPTURES) as (_, rows), tempfile.TemporaryDirectory() as scratch:
        captured = list(rows)
        with WarcWriter(Path(scratch), software="bench", contact=None) as warc:
            for address, content_type, file, offset, length in captured:
                place = WarcPlace(file=file, offset=offset, length=length)
                _one(costs, warc, folder / "warc", address, content_type, place)
    return costs


def _one(
    costs: StageCosts, warc: WarcWriter, folder: Path, url: str, content_type: str | None, place: WarcPlace
) -> None:
    _, _, body = costs.time("read back from WARC", lambda: read_payload(folder, place))
    page = CapturedPage(url=url, body=body, content_type=content_type)
    source = source_of(url)
    costs.time("capture (WARC record)", lambda: _write(warc, page))
    extraction = costs.time("extract", lambda: extract_page(page, source))
    if extraction.kind is not PageKind.ARTICLE:
        return
    article = costs.time("normalise", lambda: normalise(extraction, page, source))
    costs.time("deduplicate (shape of the text)", lambda: shape(article.body or ""))
    costs.articles += 1


def _write(warc: WarcWriter, page: CapturedPage) -> WarcPlace:
    return warc.write_exchange(
        url=page.url,
        fetched_at=datetime.now(UTC),
        request=b"GET / HTTP/1.1\r\n\r\n",
        http_status=200,
        reason="OK",
        response_headers=[("Content-Type", page.content_type or "text/html")],
        body=page.body,
    )
