"""Whether the texts of one publisher's two pages make them one article. Pure: no rows here.

A wrong join hides an article for good, a missed one is still found as a near-duplicate: where the
evidence is thin, nothing is joined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from crawler.deduplicate.edition import editions, other_subjects, plain_title
from crawler.deduplicate.shingle import (
    TextShape,
    changed_slots,
    changed_words,
    containment,
    in_size,
    missing_names,
    missing_numbers,
    shape,
    size_ratio,
)
from crawler.deduplicate.site import same_site as on_one_site
from crawler.deduplicate.site import under_two_numbers
from storage.records import Article
from storage.records.matching import Candidate

SAME_TEXT = 0.8
"""Containment of the smaller text from which two texts are one (measured, see numbers_agree)."""
NEARLY_EQUAL = 0.95
"""Containment and sizes: only the frame differs (a signature, a caption); no title is asked."""
SAME_TITLE_RATIO = 0.6
"""Sizes under an equal headline: one of two sites may have lost a third of the page."""
OTHER_TITLE_RATIO = 0.9
"""Sizes under another headline. Real second editions hold 97 % of the first and are larger by a
quarter and more (J 0.48-0.79 at C 0.96-0.99, measured), edits keep the size."""
SAME_HOUR_RATIO = 0.82
SAME_HOUR = timedelta(hours=1)
"""A portal's copy comes within minutes (docs/sites/daum.md 1), and it may lack a caption or a sentence."""
SAME_STORY_WITHIN = timedelta(days=3)
"""An embargoed or re-posted story stays within this; templated columns come back weekly."""
OTHER_TITLE_WITHIN = timedelta(days=1)
SHORT = 220
"""Letters and digits, about 300 characters: flash news. One number or name is the whole news there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What two texts of one publisher have in common, and whether that makes them one article."""

    same: bool
    containment: float
    ratio: float
    why: str
    measures: Mapping[str, object]


def compare_texts(article: Article, candidate: Candidate) -> Comparison | None:
    """The texts held against each other; None where publisher or time already tell them apart."""
    apart = time_apart(article, candidate)
    if apart is None or not article.body or not candidate.body:
        return None
    same_site = on_one_site(article, candidate)
    ours, theirs = shape(article.body), shape(candidate.body)
    found, ratio = containment(ours, theirs), size_ratio(ours, theirs)
    why = _refusal(article, candidate, ours, theirs, same_site=same_site, apart=apart)
    changed, places = changed_slots(ours, theirs)
    measures = {
        "containment": round(found, 4),
        "size_ratio": round(ratio, 4),
        "numbers_missing": missing_numbers(ours, theirs),
        "number_places": f"{places - changed} of {places} agree",
        "names_missing": missing_names(ours, theirs),
        "same_title": plain_title(article.title) == plain_title(candidate.title),
        "same_site": same_site,
    }
    return Comparison(
        same=why is None, containment=found, ratio=ratio, why=why or "the same text", measures=measures
    )


def time_apart(article: Article, candidate: Candidate) -> timedelta | None:
    if article.publisher is None or article.publisher != candidate.publisher:
        return None
    if article.published is None or candidate.published_at is None:
        return None
    apart = abs(article.published.at - candidate.published_at)
    if article.published.precision == "day" and apart < timedelta(days=1):
        return timedelta(0)
    return apart if apart <= SAME_STORY_WITHIN else None


def _refusal(
    article: Article,
    candidate: Candidate,
    ours: TextShape,
    theirs: TextShape,
    *,
    same_site: bool,
    apart: timedelta,
) -> str | None:
    """Why the texts are not one article; None when they are."""
    found, ratio = containment(ours, theirs), size_ratio(ours, theirs)
    same_title = plain_title(article.title) == plain_title(candidate.title)
    nearly_equal = found >= NEARLY_EQUAL and ratio >= NEARLY_EQUAL
    if found < SAME_TEXT:
        return f"{found:.0%} of the smaller text is in the other, asked are {SAME_TEXT:.0%}"
    if not same_facts(ours, theirs, article.body or "", candidate.body or ""):
        return "numbers or names differ"
    if other_subjects(article.title, ours.letters, candidate.title, theirs.letters):
        return "the headlines name other people, places or sums"
    if same_site and under_two_numbers(article, candidate):
        return "one site shows both under two numbers"
    if same_site and not (nearly_equal and same_title):
        return "one site shows both: a second edition unless headline and text are equal"
    if nearly_equal:
        return None
    if editions(article.title) != editions(candidate.title):
        return "the headlines are of different editions"
    return _too_unlike(ours, theirs, same_title=same_title, apart=apart)


def _too_unlike(ours: TextShape, theirs: TextShape, *, same_title: bool, apart: timedelta) -> str | None:
    ratio = size_ratio(ours, theirs)
    least = SAME_HOUR_RATIO if apart <= SAME_HOUR else OTHER_TITLE_RATIO
    least = SAME_TITLE_RATIO if same_title else least
    if ratio < least:
        return f"the smaller text has {ratio:.0%} of the other's size, asked are {least:.0%}"
    if not same_title and apart > OTHER_TITLE_WITHIN:
        return "another headline, and more than a day apart"
    return None


def same_facts(ours: TextShape, theirs: TextShape, our_text: str, their_text: str) -> bool:
    """Numbers and names agree: strictly in flash news, with room for one correction in long texts."""
    changed, places = changed_slots(ours, theirs)
    small = in_size(ours, theirs)[0]
    words_changed, words = changed_words(our_text, their_text)
    if small.length < SHORT:
        exact = changed == 0 and missing_numbers(ours, theirs) == 0 and missing_names(ours, theirs) == 0
        return exact and words_changed <= max(1, 0.1 * words)
    # An edit takes numbers away with their sentence; a template changes them where they stand.
    untouched = places >= 3 and not changed
    missing = missing_numbers(ours, theirs)
    numbers = missing <= (
        max(2, 0.3 * len(small.numbers)) if untouched else max(1, 0.15 * len(small.numbers))
    )
    names = missing_names(ours, theirs) <= max(1, 0.25 * len(small.names))
    return numbers and names and changed <= max(1, 0.1 * places) and words_changed <= max(2, 0.15 * words)
