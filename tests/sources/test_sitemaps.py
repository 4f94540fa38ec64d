"""A source whose lists are an index of sitemaps, crawled: one packed, one gone, one of another site."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from .site import served
from .test_third_source import THIRD, newsarchive, run

AT = "https://www.hanbit-journal.example"
ELSEWHERE = "https://elsewhere.example/1.xml"
INDEX = (ELSEWHERE, *(f"{AT}{one}" for one in ("/new.xml.gz", "/gone.xml", "/more.xml", "/sitemap.xml")))
PAGE = (THIRD / "pages" / "hanbit" / "2026-11-02-council-budget" / "page.html").read_bytes()


def urlset(*articles: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{AT}{one}</loc></url>' for one in articles)}</urlset>".encode()


SAID = {
    "/sitemap.xml": f"<sitemapindex>{''.join(f'<sitemap><loc>{one}</loc></sitemap>' for one in INDEX)}"
    "</sitemapindex>".encode(),
    "/new.xml.gz": gzip.compress(urlset("/read/202611020001")),
    "/more.xml": urlset("/read/202611020002", "/about"),
    "/read/202611020001": PAGE,
    "/read/202611020002": PAGE.replace(b"202611020001", b"202611020002"),
}


@pytest.fixture
def site() -> Iterator[str]:
    with served(SAID) as at:
        yield at


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The third source with another list, and without a page class, as a draft is."""
    declared = (THIRD / "hanbit.py").read_text("utf-8").replace("pages=(Hanbit2026,)", "pages=()")
    declared = declared.replace(
        "from crawler.discover.listing import ListMarkup, parse_listing",
        "from crawler.discover.sitemap import parse_sitemap",
    )
    before, behind = declared.index("    home = "), declared.index("\n\nSOURCE")
    made = f"""    parse = partial(parse_sitemap, address=address)
    return (Seed(url="{AT}/sitemap.xml", kind="sitemap", parse=parse, max_pages=9),)
"""
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "hanbit.py").write_text(declared[:before] + made + declared[behind:], "utf-8")
    return sources


def test_what_an_index_names_is_read_and_what_is_refused_or_gone_is_told(
    folder: Path, site: str, tmp_path: Path
) -> None:
    archive = ("--dir", str(tmp_path / "archive"))
    options = ("--origin", f"hanbit={site}", "--delay", "0", *archive)
    crawled = run(folder, "-m", "crawler.cli", "crawl", "hanbit", *options)
    assert (crawled.returncode, "Traceback" in crawled.stderr) == (1, False), crawled.stderr

    def rows(asked: str) -> list[tuple[object, ...]]:
        said = newsarchive(folder, "sql", asked, "--format", "jsonl", *archive)
        return [tuple(json.loads(line).values()) for line in said.stdout.splitlines()]

    ((outcome, reason, listed),) = rows("SELECT outcome, reason, listed FROM seed_visit")
    assert (outcome, listed) == ("gone", 2)
    assert str(reason).startswith("page 3, https://")
    assert str(reason).endswith("it names a list outside the source: elsewhere.example")
    read = rows("SELECT url, source, site_id FROM appearances ORDER BY url")
    numbers = ("202611020001", "202611020002")
    assert read == [(f"{AT}/read/{number}", "hanbit", number) for number in numbers]
