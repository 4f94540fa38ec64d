"""The saved pages of the gate, with what each of them says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.configuration.environment import configuration
from crawler.quality.expected import Expected, from_own, from_shared
from crawler.quality.hashing import digest
from crawler.quality.oracle import likely_encoding, printed_lines
from crawler.quality.score import PageScore, score_page
from crawler.sources import all_sources, source_of
from crawler.stages import read_page
from storage.records import CapturedPage

OWN_PAGES = Path("tests/pages")
"""A folder for each source, under its name."""
SHARED_TRUTH = Path("tests/quality/shared")
SHARED_FLOORS = Path("tests/quality/shared.json")
FLOORS = "quality.json"
"""The floors and the digest of a source's pages stand in its own folder."""

OTHER_SITES = "other sites"


def own_group(source: str | None) -> str:
    """The group of our own pages of one source; None: of any other site."""
    return f"own, {source or OTHER_SITES}"


def shared_group(source: str | None) -> str:
    """The group of other people's pages of one source; None: of any other site."""
    return f"shared, {source or OTHER_SITES}"


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
    """The folder of other people's pages (NEWSARCHIVE_PAGES), None where it is absent.

    Args:
        root: the repository, from which a relative folder is counted.
    """
    folder = (root / configuration().pages).resolve()
    return folder if folder.is_dir() else None


def page_folders(root: Path) -> list[Path]:
    """A folder of saved pages for each source, and ``generic``: the repository's and the operator's."""
    outside = configuration().sources
    homes = [root / OWN_PAGES, *([outside / "pages"] if outside else [])]
    return sorted((folder for home in homes for folder in home.glob("*/")), key=lambda one: one.name)


def own_examples(root: Path) -> list[Example]:
    """Our own pages: ``<source>/<date>-<slug>`` of every folder; ``generic`` is no source."""
    return [_own(page.parent) for home in page_folders(root) for page in sorted(home.glob("*/page.html"))]


def _own(folder: Path) -> Example:
    meta, expected = _read(folder / "meta.json"), _read(folder / "expected.json")
    name = folder.parent.name
    known = name in all_sources()
    body = (folder / "page.html").read_bytes()
    return Example(
        name=f"{name}/{folder.name}",
        group=own_group(name if known else None),
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
    return Example(
        name=record["page"],
        group=shared_group(source.name if source else None),
        page=CapturedPage(url=record["url"], body=path.read_bytes()),
        source=source.name if source else None,
        expected=from_shared(record),
    )


def _truths(root: Path) -> Iterator[dict[str, Any]]:
    for path in sorted((root / SHARED_TRUTH).glob("*.json")):
        yield _read(path)


def own_digest(folder: Path) -> str:
    """Of every file of one source's pages, less the floors that are pinned beside them."""
    files = (p for p in folder.glob("*/*") if p.is_file())
    return digest((p.relative_to(folder).as_posix(), p.read_bytes()) for p in files)


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
    own = [path for folder in page_folders(root) for path in folder.glob("*/expected.json")]
    files = [*own, *(root / SHARED_TRUTH).glob("*.json")]
    named = {p: p.relative_to(root) if p.is_relative_to(root) else p for p in files}
    return sorted(name.as_posix() for p, name in named.items() if _read(p).get("reviewed") is not True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Pages that are pinned together: one source's own, or all shared ones."""

    floors: Path
    """The file of their floors and digest."""
    digest: str
    examples: Sequence[Example]


def corpora(root: Path) -> list[Corpus]:
    """Every corpus that is here and has a page."""
    found = [
        Corpus(
            floors=folder / FLOORS,
            digest=own_digest(folder),
            examples=[_own(page.parent) for page in sorted(folder.glob("*/page.html"))],
        )
        for folder in page_folders(root)
    ]
    if (shared := shared_digest(root)) is not None:
        found.append(Corpus(floors=root / SHARED_FLOORS, digest=shared, examples=shared_examples(root)))
    return [corpus for corpus in found if corpus.examples]


def _read(path: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record
