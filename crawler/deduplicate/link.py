"""Which different articles have nearly the same text, and what they are to each other. Pure.

Every decision is symmetric and looks at nothing but the two articles (or, for the kind, at the whole
group), so that it does not matter in which order they came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import product

from crawler.deduplicate.edition import editions, other_subjects
from crawler.deduplicate.fingerprint import VERSION
from crawler.deduplicate.shingle import (
    TextShape,
    changed_slots,
    changed_words,
    containment,
    in_size,
    missing_names,
    missing_numbers,
    numbers_agree,
    shape,
    size_ratio,
)
from crawler.deduplicate.texts import SHORT
from storage.likeness import Kind, Likeness, LinkKind, Pair, Side

LINKED_FROM = 0.5
"""Containment of the smaller text: versions and press releases, with the guards (measured: recall
97-100 %, templates 0, same-event-only at most 0.2 %)."""
FLASH_FROM = 0.85
"""Containment where one text is flash news: one word is a tenth of it."""
FLASH_RATIO = 0.5
"""Sizes: a flash's sentence inside another publisher's long story is the event, not the text."""
FLASH_GROWS_WITHIN = timedelta(days=1)
"""A publisher's flash becomes its full story within a day."""
LEAST_LETTERS = 20
"""Below this a text is a caption or a phrase, and equal by chance."""
WIRES = frozenset({"연합뉴스", "뉴스1", "뉴시스"})
"""The three Korean wire services whose text other outlets print."""
MOST_TEXTS = 6
"""Contents of one article that are compared; two sites and two edits of each are that many."""


def compare(a: Side, b: Side) -> Likeness | None:
    """The most alike of the two articles' texts, where it is enough for a link."""
    pairs = product(a.texts[-MOST_TEXTS:], b.texts[-MOST_TEXTS:])
    found = [likeness for ours, theirs in pairs if (likeness := _likeness(a, b, ours, theirs))]
    return max(found, key=lambda likeness: likeness.rank, default=None)


def _likeness(a: Side, b: Side, our_text: str, their_text: str) -> Likeness | None:
    ours, theirs = shape(our_text), shape(their_text)
    score = containment(ours, theirs)
    if score < LINKED_FROM or min(ours.length, theirs.length) < LEAST_LETTERS:
        return None
    flash = in_size(ours, theirs)[0].length < SHORT
    if _another_bulletin(ours, theirs, flash=flash) or _other_subjects(a, b, ours, theirs):
        return None
    words = changed_words(our_text, their_text)
    allowed = _flash(a, b, ours, theirs, words) if flash else words[0] <= max(3, 0.2 * words[1])
    if not allowed:
        return None
    return Likeness(score=round(score, 4), evidence=_evidence(ours, theirs, words, flash=flash))


def _another_bulletin(ours: TextShape, theirs: TextShape, *, flash: bool) -> bool:
    """The guards against templates: sets of numbers, numbers in their places, names."""
    changed, places = changed_slots(ours, theirs)
    if flash:
        return bool(changed or missing_numbers(ours, theirs) or missing_names(ours, theirs))
    names = len(in_size(ours, theirs)[0].names)
    return (
        not numbers_agree(ours, theirs)
        or changed > max(2 if places > 4 else 1, 0.3 * places)
        or missing_names(ours, theirs) > max(2, 0.5 * names)
    )


def _other_subjects(a: Side, b: Side, ours: TextShape, theirs: TextShape) -> bool:
    """The headlines tell two bulletins of one form apart; a publisher's later edition has its own."""
    if a.publisher is not None and a.publisher == b.publisher and editions(a.title) != editions(b.title):
        return False
    return other_subjects(a.title, ours.letters, b.title, theirs.letters)


def _flash(a: Side, b: Side, ours: TextShape, theirs: TextShape, words: tuple[int, int]) -> bool:
    """Flash news: nearly all of it, and no long story around it."""
    if containment(ours, theirs) < FLASH_FROM or words[0] > 1:
        return False
    return size_ratio(ours, theirs) >= FLASH_RATIO or _own_story_grew(a, b)


def _own_story_grew(a: Side, b: Side) -> bool:
    if a.publisher is None or a.publisher != b.publisher or not a.published_at or not b.published_at:
        return False
    return abs(a.published_at - b.published_at) <= FLASH_GROWS_WITHIN


def _evidence(
    ours: TextShape, theirs: TextShape, words: tuple[int, int], *, flash: bool
) -> dict[str, object]:
    changed, places = changed_slots(ours, theirs)
    return {
        "scheme": VERSION,
        "containment": round(containment(ours, theirs), 4),
        "size_ratio": round(size_ratio(ours, theirs), 4),
        "numbers_missing": missing_numbers(ours, theirs),
        "number_places": [places - changed, places],
        "names_missing": missing_names(ours, theirs),
        "words_changed": [words[0], words[1]],
        "rule": "flash" if flash else "text",
    }


# --- kinds --------------------------------------------------------------------------------------


def name_kinds(sides: Sequence[Side], pairs: Sequence[Pair]) -> dict[Pair, Kind]:
    """The kind of every link of one group.

    One publisher twice: a second edition. A text with one wire service in its group: syndication.
    Printed by three publishers of whom none is a wire and none names one: a press release.
    """
    known = {side.article_id: side for side in sides}
    across = [pair for pair in pairs if _publishers_differ(known, pair)]
    kinds = {pair: Kind(kind=LinkKind.SECOND_EDITION) for pair in pairs if pair not in set(across)}
    # Bridged by second editions too: a paper's two editions of one wire story belong together.
    wires = {wire for side in sides if (wire := named_wire(side))}
    publishers = {side.publisher for side in sides if side.publisher is not None}
    for pair in across:
        kinds[pair] = _across(known, pair, wires, publishers)
    return kinds


def _publishers_differ(known: Mapping[int, Side], pair: Pair) -> bool:
    first, second = (known[number].publisher for number in pair)
    return first is None or second is None or first != second


def _across(known: Mapping[int, Side], pair: Pair, wires: set[str], publishers: set[str]) -> Kind:
    own = {wire for number in pair if (wire := named_wire(known[number]))}
    if len(own) == 1:
        return Kind(kind=LinkKind.SYNDICATION, wire=next(iter(own)))
    if not own and len(wires) == 1:
        return Kind(kind=LinkKind.SYNDICATION, wire=next(iter(wires)))
    if not wires and len(publishers) >= 3:
        return Kind(kind=LinkKind.PRESS_RELEASE)
    return Kind(kind=LinkKind.NEAR_DUPLICATE)


def named_wire(side: Side) -> str | None:
    """The wire service that publishes the article or that its dateline names."""
    for name in (side.agency, side.publisher):
        if name in WIRES:
            return name
    return None
