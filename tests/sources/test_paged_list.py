"""A list on several pages: a pinned story on each, links that are clicked, an end that repeats."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from .site import served
from .test_third_source import THIRD, newsarchive, run

PAGE = (THIRD / "pages" / "hanbit" / "2026-11-02-council-budget" / "page.html").read_bytes()
IDS = [str(202611020001 + at) for at in range(3)]


def listed(number: int, *follows: int) -> bytes:
    """A pinned story, one of the page's own, a row of numbers with a way on, whatever the number."""
    ids = (IDS[0], IDS[number])
    rows = "".join(f'<li><a href="#" onclick="goView({one})">{one}</a></li>' for one in ids)
    row = "".join(f'<a href="?page={one}">{one}</a>' for one in follows)
    return f"<html><body><ul>{rows}</ul><p>{row}</p></body></html>".encode()


@pytest.fixture
def site() -> Iterator[str]:
    said = {f"/read/{one}": PAGE.replace(b"</p>", f" {one}번 글이다.</p>".encode()) for one in IDS}
    said |= {"/": listed(1, 2), "/?page=2": listed(2, 3), "/?page=3": listed(2, 1, 2, 3)}
    with served(said) as at:
        yield at


def test_a_list_is_read_page_by_page_and_its_last_page_once_more_is_its_end(
    site: str, tmp_path: Path
) -> None:
    declared = (THIRD / "hanbit.py").read_text("utf-8")
    asks = "    canonical = canonical_url(url)"
    declared = declared.replace('kind="listing", parse=parse)', 'kind="listing", parse=parse, max_pages=9)')
    clicked = """    if clicked := re.match(r"javascript:goView.([0-9]+)", url):
        url = f"https://www.hanbit-journal.example/read/{clicked[1]}"
"""
    (tmp_path / "hanbit.py").write_text(declared.replace(asks, clicked + asks, 1), "utf-8")
    archive = ("--dir", str(tmp_path / "archive"))
    options = ("--origin", f"hanbit={site}", "--delay", "0", *archive)
    crawled = run(tmp_path, "-m", "crawler.cli", "crawl", "hanbit", *options)
    assert crawled.returncode == 0, crawled.stderr
    said = newsarchive(tmp_path, "sql", "SELECT listed, reason FROM seeds", "--format", "json", *archive)
    assert json.loads(said.stdout) == [{"listed": 6, "reason": "listed"}]


def linked(*ids: str, follows: str = "") -> bytes:
    rows = "".join(f'<li><a href="/read/{one}">{one}</a></li>' for one in ids)
    return f"<html><body><ul>{rows}</ul>{follows}</body></html>".encode()


ENDS = {
    "alone": "listed",
    "again": "listed; the pages behind page 3 are that page again",
    "circle": "listed; its next page is one that was read",
    "script": "listed; its page 2 is known to a script alone (goPage(2)) and not read",
    "short": "listed; page 3: 404, behind a page that named fewer",
}
"""A list of one page that calls it the first; one that answers every further number with its last page; one
whose second page leads back; one whose pages only a script
knows; one whose row of numbers leads past its last page."""


def test_how_lists_end_that_lead_to_themselves_back_or_past_their_end(tmp_path: Path) -> None:
    one, two, three = IDS
    said = {f"/read/{one}": PAGE.replace(b"</p>", f" {one}번 글이다.</p>".encode()) for one in IDS}
    said |= {
        f"/alone{at}": linked(one, follows='<link rel="next" href="/alone?page=1">') for at in ("", "?page=1")
    }
    row = "".join(f'<a href="/again?page={number}">{number}</a>' for number in range(1, 10))
    said |= {f"/again?page={number}": linked(IDS[min(number, 3) - 1], follows=row) for number in range(2, 10)}
    said["/again"] = linked(one, follows=row)
    said["/circle"] = linked(one, follows='<a rel="next" href="/circle?from=2">더</a>')
    said["/circle?from=2"] = linked(two, follows='<a rel="next" href="/circle">더</a>')
    said["/script"] = linked(one, follows='<a href="javascript:goPage(2)">2</a>')
    said["/short"] = linked(one, two, follows='<a href="?page=2">2</a>')
    said["/short?page=2"] = linked(three, follows='<a href="?page=3">3</a>')
    declared = (THIRD / "hanbit.py").read_text("utf-8")
    home, last = declared.index("    home = "), declared.index("SOURCE = ")
    seeds = f"""    for name in {sorted(ENDS)}:
        url = f"https://www.hanbit-journal.example/{{name}}"
        parse = partial(parse_listing, address=address, markup=ListMarkup(), seed_url=url)
        yield Seed(url=url, kind="listing", parse=parse, max_pages=9)


"""
    (tmp_path / "hanbit.py").write_text(declared[:home] + seeds + declared[last:], "utf-8")
    archive = ("--dir", str(tmp_path / "archive"))
    with served(said) as at:
        options = ("--since", "2026-11-01", "--origin", f"hanbit={at}", "--delay", "0", *archive)
        crawled = run(tmp_path, "-m", "crawler.cli", "crawl", "hanbit", *options)
    told = newsarchive(
        tmp_path, "sql", "SELECT seed, reason FROM seeds ORDER BY seed", "--format", "json", *archive
    )
    assert {row["seed"].rpartition("/")[2]: row["reason"] for row in json.loads(told.stdout)} == ENDS
    assert crawled.returncode == 0, crawled.stderr
