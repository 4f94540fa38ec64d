"""The generic path beside the library that it stands on: on no group of pages may it be worse.

Every saved page with a body is read twice as a page of nobody's: by our generic path, and by trafilatura
alone, as its own user would call it. Both texts are held against the same truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.charset import decode
from crawler.quality.corpus import OWN_PAGES, SHARED_FLOORS, Corpus, Example
from crawler.quality.hashing import digest, token_hashes
from crawler.quality.score import Scores, token_f1
from crawler.stages import article_of

OWN_GROUP = "own pages, generic path"
SHARED_GROUP = "shared pages, generic path"
FLOORS = {
    OWN_GROUP: Path("tests/quality/beside.json"),
    SHARED_GROUP: Path("tests/quality/shared-beside.json"),
}
"""Where the floors of each group are pinned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One page: the token F1 of our generic path, and of the library."""

    page: str
    ours: float
    library: float


def pair_of(example: Example) -> Pair:
    """Read one page by both.

    Raises:
        ValueError: the page has no body to be held against.
    """
    truth = example.expected.tokens
    if truth is None:
        raise ValueError(f"{example.name} has no body")
    body = article_of(example.page, None).body or ""
    alone = library_text(example)
    return Pair(
        page=example.name,
        ours=token_f1(truth, token_hashes(body)),
        library=token_f1(truth, token_hashes(alone)),
    )


def library_text(example: Example) -> str:
    """What trafilatura takes for the article; empty where it finds none."""
    from trafilatura import extract

    text = decode(example.page.body, example.page.content_type).text
    return extract(text, url=example.page.url, include_comments=False) or ""


def pairs_of(corpora: Iterable[Corpus], root: Path) -> dict[str, list[Pair]]:
    """Group -> its pages; the shared ones only where they are, an operator's own sources in neither."""
    groups: dict[str, list[Pair]] = {}
    for corpus in corpora:
        if (group := _group(corpus, root)) is not None:
            groups.setdefault(group, []).extend(pair_of(e) for e in corpus.examples if e.expected.tokens)
    return groups


def _group(corpus: Corpus, root: Path) -> str | None:
    if corpus.floors == root / SHARED_FLOORS:
        return SHARED_GROUP
    return OWN_GROUP if corpus.floors.is_relative_to(root / OWN_PAGES) else None


def summary(pairs: Sequence[Pair]) -> Scores:
    """The mean of each, how far ours is ahead, and the page on which it is furthest behind (0: on none)."""
    ours = sum(pair.ours for pair in pairs) / len(pairs)
    library = sum(pair.library for pair in pairs) / len(pairs)
    behind = min(0.0, *(pair.ours - pair.library for pair in pairs))
    return {"ours": ours, "ahead of trafilatura": ours - library, "furthest behind": behind}


def group_digest(corpora: Iterable[Corpus], group: str, root: Path) -> str:
    """Of the pages' own digests, for a group that spans several corpora."""
    of_group = [corpus for corpus in corpora if _group(corpus, root) == group]
    return digest((c.floors.relative_to(root).as_posix(), c.digest.encode()) for c in of_group)
