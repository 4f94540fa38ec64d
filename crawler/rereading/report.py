"""What a sweep changes, counted field by field, with examples; the pages that get worse by it first."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from crawler.counted import counted
from storage.archive.rereader import NO_ARTICLE, Applied, Difference

EXAMPLES = 3
"""Of each field."""
WORST = 20
"""Pages that get worse, in full; all are counted."""
MOST_LEFT = 20
SHOWN = 60
"""Letters of a value in an example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Why a page is worse than it was."""

    weight: float
    words: str


def losses(page: Applied) -> list[Loss]:
    """By the quality rules: an article lost, a body that shrinks, a name lost, a field that is empty now.

    What stays in quarantine was no article before either.
    """
    found = [
        Loss(weight=10, words=left)
        for left in page.left
        if left.startswith(NO_ARTICLE) and not page.page.quarantined
    ]
    return found + [loss for one in page.differences if (loss := _loss(one)) is not None]


def _loss(one: Difference) -> Loss | None:
    if one.before is None:
        return None
    if one.after is None:
        return Loss(weight=5, words=f"{one.field} lost: {_short(one.before)}")
    if one.field == "body" and len(one.after) < len(one.before):
        lost = 1 - len(one.after) / len(one.before)
        words = f"body shrinks from {len(one.before):,} to {len(one.after):,} letters ({lost:.0%})"
        return Loss(weight=4 * lost, words=words)
    if one.field == "bylines":
        gone = [name for name in one.before.split(", ") if name not in one.after.split(", ")]
        return Loss(weight=3, words=f"name lost: {', '.join(gone)}") if gone else None
    return None


@dataclass(slots=True)
class Report:
    """What a sweep did so far. Its size does not grow with the archive, but for the articles' numbers."""

    pages: int = 0
    changed: int = 0
    stored: int = 0
    worse: int = 0
    left_pages: int = 0
    articles: set[int] = field(default_factory=set)
    fields: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    _examples: dict[str, list[tuple[str, Difference]]] = field(default_factory=dict)
    _worst: list[tuple[float, int, str, list[Loss]]] = field(default_factory=list)
    _left: list[tuple[str, str]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    def add(self, page: Applied) -> None:
        """Count one page."""
        self.pages += 1
        self.stored += page.stored
        if page.differences or page.stored:
            self.changed += 1
            if page.article_id is not None:
                self.articles.add(page.article_id)
        self.fields.update({one.field for one in page.differences})
        for one in page.differences:
            kept = self._examples.setdefault(one.field, [])
            if len(kept) < EXAMPLES:
                kept.append((page.page.url, one))
        self._add_losses(page)
        self._add_left(page)

    def _add_losses(self, page: Applied) -> None:
        if not (found := losses(page)):
            return
        self.worse += 1
        entry = (sum(one.weight for one in found), -next(self._order), page.page.url, found)
        (heapq.heappush if len(self._worst) < WORST else heapq.heappushpop)(self._worst, entry)

    def _add_left(self, page: Applied) -> None:
        if not page.left:
            return
        self.left_pages += 1
        for why in page.left:
            if len(self._left) < MOST_LEFT:
                self._left.append((page.page.url, why))

    def lines(self, *, dry: bool) -> Iterator[str]:
        """The report: what gets worse, then what changes, then what is left."""
        yield from self._worse_lines(dry=dry)
        would = "would change" if dry else "changed"
        for name, number in self.fields.most_common():
            yield f"{name}: {counted(number, 'page')} {would}"
            for url, one in self._examples[name]:
                yield f"    {url}: {pair(one)}"
        if self.stored:
            yield f"out of quarantine: {counted(self.stored, 'page')}"
        yield from self._left_lines()
        yield (
            f"{self.pages:,} pages read again: {len(self.articles):,} articles on {self.changed:,} pages "
            f"{would}, {self.worse:,} of them for the worse, {self.left_pages:,} left as they are"
        )

    def _worse_lines(self, *, dry: bool) -> Iterator[str]:
        if not self.worse:
            return
        shown = f", the worst {WORST}" if self.worse > WORST else ""
        yield f"{'would get' if dry else 'got'} worse: {counted(self.worse, 'page')}{shown}"
        for _, _, url, found in sorted(self._worst, reverse=True):
            yield f"    {url}: {'; '.join(one.words for one in found)}"

    def _left_lines(self) -> Iterator[str]:
        if not self.left_pages:
            return
        shown = f", the first {len(self._left)}" if self.left_pages > len(self._left) else ""
        yield f"left as they are: {counted(self.left_pages, 'page')}{shown}"
        for url, why in self._left:
            yield f"    {url}: {why}"


def pair(one: Difference) -> str:
    """Before and after, from where they begin to differ."""
    before, after = one.before, one.after
    if before is None or after is None:
        return f"{_short(before)} -> {_short(after)}"
    same = next(
        (at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new),
        min(len(before), len(after)),
    )
    start = max(0, same - 15)
    lead = "…" if start else ""
    return f"{lead}{_short(before[start:])} -> {lead}{_short(after[start:])}"


def _short(text: str | None) -> str:
    if text is None:
        return "nothing"
    line = " ".join(text.split())
    return f"{line[:SHOWN]}…" if len(line) > SHOWN else line or "''"
