"""The saved pages of the gate, with what each of them says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.quality.expected import Expected, from_own, from_shared
from crawler.quality.hashing import digest
from crawler.quality.oracle import likely_encoding, printed_lines
from crawler.quality.score import PageScore, score_page
from crawler.sources import all_sources, source_of
from crawler.stages import read_page
from storage.records import CapturedPage

OWN_PAGES = Path("tests/pages")
SHARED_TRUTH = Path("tests/quality/shared")

OWN = "own, known templates"
OWN_GENERIC = "own, other sites"
SHARED_DAUM = "shared, Daum"
SHARED_FNNEWS = "shared, fnnews"
SHARED_GENERIC = "shared, other publishers"
GROUPS = (OWN, OWN_GENERIC, SHARED_DAUM, SHARED_FNNEWS, SHARED_GENERIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One saved page and the truth about it."""

    name: str
    group: str
    page: CapturedPage
    source: str | None
    expected: Expected

    def score(self) -> PageScore:
        """Extract and normalise the page today, and hold the article against the truth."""
        article, body = read_page(self.page, self.source), self.page.body
        return score_page(self.name, self.expected, article, printed_lines(body, likely_encoding(body)))


def shared_pages(root: Path) -> Path | None:
    """The folder of other people's pages beside the repository, None where it is absent."""
    folder = root.resolve().parent / "shared" / "pages"
    return folder if folder.is_dir() else None


def own_examples(root: Path) -> list[Example]:
    """The project's own pages, ``tests/pages/<source>/<date>-<slug>``; ``generic`` is no source."""
    return [_own(folder) for folder in sorted(p.parent for p in (root / OWN_PAGES).glob("*/*/page.html"))]


def _own(folder: Path) -> Example:
    meta, expected = _read(folder / "meta.json"), _read(folder / "expected.json")
    name = folder.parent.name
    known = name in all_sources()
    body = (folder / "page.html").read_bytes()
    return Example(
        name=f"{name}/{folder.name}",
        group=OWN if known else OWN_GENERIC,
        page=CapturedPage(url=meta["url"], body=body, content_type=meta["content_type"]),
        source=name if known else None,
        expected=from_own(expected),
    )


def shared_examples(root: Path) -> list[Example]:
    """The shared pages that have a truth file; empty where the pages are absent.

    Raises:
        ValueError: a truth file names a page that is not there.
    """
    folder = shared_pages(root)
    return [_shared(folder, record) for record in _truths(root)] if folder else []


def _shared(folder: Path, record: dict[str, Any]) -> Example:
    path = folder / record["page"]
    if not path.is_file():
        raise ValueError(f"the shared page {record['page']} is not there")
    source = source_of(record["url"])
    groups = {"daum": SHARED_DAUM, "fnnews": SHARED_FNNEWS}
    return Example(
        name=record["page"],
        group=groups[source.name] if source else SHARED_GENERIC,
        page=CapturedPage(url=record["url"], body=path.read_bytes()),
        source=source.name if source else None,
        expected=from_shared(record),
    )


def _truths(root: Path) -> Iterator[dict[str, Any]]:
    for path in sorted((root / SHARED_TRUTH).glob("*.json")):
        yield _read(path)


def own_digest(root: Path) -> str:
    """Of every file of the project's own pages."""
    base = root / OWN_PAGES
    files = (p for p in base.glob("*/*/*") if p.is_file())
    return digest((p.relative_to(base).as_posix(), p.read_bytes()) for p in files)


def shared_digest(root: Path) -> str | None:
    """Of the shared pages in use and the truth about them; None where the pages are absent."""
    folder = shared_pages(root)
    if folder is None:
        return None
    pages = [(r["page"], (folder / r["page"]).read_bytes()) for r in _truths(root)]
    truths = [(p.name, p.read_bytes()) for p in sorted((root / SHARED_TRUTH).glob("*.json"))]
    return digest([*pages, *truths])


def unreviewed(root: Path) -> list[str]:
    """Truth files of either kind that nobody has read the page for yet."""
    files = [*(root / OWN_PAGES).glob("*/*/expected.json"), *(root / SHARED_TRUTH).glob("*.json")]
    return sorted(p.relative_to(root).as_posix() for p in files if _read(p).get("reviewed") is not True)


def _read(path: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record
