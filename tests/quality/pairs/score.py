"""What the decisions score on the labelled pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crawler.deduplicate.fingerprint import fingerprint, resembles
from crawler.deduplicate.link import compare, name_kinds
from crawler.deduplicate.match import decide
from storage.likeness import Side
from storage.records import Article
from storage.records.matching import Candidate
from tests.quality.pairs.labelled import Labelled


@dataclass(slots=True)
class Score:
    """One class, and what became of its pairs."""

    same: bool
    """They are one article each."""
    to_link: bool
    """They are to be linked."""
    pairs: int = 0
    joined: int = 0
    """Taken for one article."""
    linked: int = 0
    findable: int = 0
    """Pairs of the class that share a look-up key."""
    wrong: list[Labelled] = field(default_factory=list)


def candidate(article: Article) -> Candidate:
    return Candidate(
        article_id=1,
        publisher=article.publisher,
        title=article.title,
        body=article.body,
        published_at=article.published.at if article.published else None,
        urls=(article.url,),
    )


def side(article: Article, number: int) -> Side:
    return Side(
        article_id=number,
        publisher=article.publisher,
        title=article.title,
        agency=article.dateline.agency if article.dateline else None,
        published_at=article.published.at if article.published else None,
        texts=(article.body or "",),
    )


def is_joined(one: Article, two: Article) -> bool:
    """Whether the second page is taken for the first one's article; the same both ways round."""
    forth = decide(two, [candidate(one)]) is not None
    back = decide(one, [candidate(two)]) is not None
    assert forth == back, "the decision depends on the order of arrival"
    return forth


def is_findable(one: Article, two: Article) -> bool:
    """Whether the stored keys lead from one text to the other."""
    ours, theirs = fingerprint(one.body or ""), fingerprint(two.body or "")
    return bool(set(ours.keys) & set(theirs.keys)) and resembles(ours, theirs)


def link_of(one: Article, two: Article) -> str | None:
    """The kind of the link between them as different articles."""
    first, second = side(one, 1), side(two, 2)
    if not is_findable(one, two) or compare(first, second) is None:
        return None
    return name_kinds([first, second], [(1, 2)])[1, 2].kind.value


def score(pairs: Iterable[Labelled]) -> dict[str, Score]:
    """Class -> its score."""
    scores: dict[str, Score] = {}
    for pair in pairs:
        row = scores.setdefault(pair.label, Score(same=pair.same, to_link=pair.link is not None))
        joined, link = is_joined(pair.one, pair.two), link_of(pair.one, pair.two)
        row.pairs += 1
        row.joined += joined
        row.linked += link is not None
        row.findable += is_findable(pair.one, pair.two)
        if joined != pair.same or (not pair.same and link != pair.link):
            row.wrong.append(pair)
    return scores


def summary(scores: Mapping[str, Score]) -> dict[str, float]:
    """Precision and recall of "one article" and of "linked as different articles", over all classes."""
    counts: Counter[str] = Counter()
    for row in scores.values():
        counts["joined"] += row.joined
        counts["linked"] += 0 if row.same else row.linked
        if row.same:
            counts["same"] += row.pairs
            counts["joined right"] += row.joined
        elif row.to_link:
            counts["to link"] += row.pairs
            counts["linked right"] += row.linked
    return {
        "same: precision": counts["joined right"] / max(1, counts["joined"]),
        "same: recall": counts["joined right"] / max(1, counts["same"]),
        "links: precision": counts["linked right"] / max(1, counts["linked"]),
        "links: recall": counts["linked right"] / max(1, counts["to link"]),
    }
