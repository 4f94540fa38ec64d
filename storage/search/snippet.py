"""What of an article is shown for a question: the places where its words stand, marked. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storage.search.key import key_of
from storage.search.question import Field, Question, terms

WIDTH = 120
"""Letters of a snippet: two lines of a terminal in Hangul, which is two columns wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some letters of a text, as printed."""

    text: str
    marked: bool = False
    """They are what was asked for."""


def title_pieces(title: str, asked: Question | None) -> list[Piece]:
    """The whole title with what was asked for marked."""
    return list(_pieces(title, _spans(title, asked)))


def snippet(text: str, asked: Question | None, width: int = WIDTH) -> list[Piece]:
    """So many letters of a text around the first place that was asked for; its beginning where none is.

    Cut-off ends are told by ``…``; line breaks are blanks.
    """
    text = " ".join(text.split())
    skipped, text, more = _near(text, asked)
    spans = _spans(text, asked)
    start = max(0, spans[0][0] - width // 4) if spans else 0
    end = min(len(text), start + width)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
    pieces = list(_pieces(text[start:end], inside))
    before = [Piece(text="…")] if start or skipped else []
    return before + pieces + ([Piece(text="…")] if end < len(text) or more else [])


LOOKED_AT = 20_000
"""Letters of a text that are mapped letter by letter, 1 microsecond each: the piece that holds the words."""


def _near(text: str, asked: Question | None) -> tuple[int, str, bool]:
    """How many letters are passed over, the piece of the text that holds the words, whether more follows."""
    keys = [term.key for term in terms(asked)] if asked is not None else []
    overlap = 4 * max(map(len, keys), default=0) + WIDTH
    for start in range(0, len(text), LOOKED_AT):
        piece = text[start : start + LOOKED_AT + overlap]
        if any(key in key_of(piece) for key in keys):
            return start, piece, start + len(piece) < len(text)
    return 0, text[: LOOKED_AT + overlap], len(text) > LOOKED_AT + overlap


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    place = 0
    for start, end in spans:
        if start > place:
            yield Piece(text=text[place:start])
        yield Piece(text=text[start:end], marked=True)
        place = end
    if place < len(text):
        yield Piece(text=text[place:])


def _spans(text: str, asked: Question | None) -> list[tuple[int, int]]:
    """Where the terms stand in a text as printed, in order, overlapping ones joined."""
    if asked is None:
        return []
    key, places = _mapped(text)
    found: list[tuple[int, int]] = []
    for term in terms(asked):
        if term.field not in (Field.ANY, Field.TITLE):
            continue
        at = key.find(term.key)
        while at >= 0:
            found.append((places[at][0], places[at + len(term.key) - 1][1]))
            at = key.find(term.key, at + 1)
    return _joined(sorted(found))


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _mapped(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text's key, and for each of its letters the place in the text that it comes from."""
    keys, places = [" "], [(0, 0)]  # in front of all, so that no blank opens the key
    start = 0
    while start < len(text):
        if end := _plain_until(text, start):
            keys.append(text[start:end].lower())
            places += [(place, place + 1) for place in range(start, end)]
        else:
            end = _cluster_until(text, start)
            one = key_of(text[start:end]) or (" " if text[start:end].isspace() else "")
            if one and not (one == " " == keys[-1][-1]):
                keys.append(one)
                places += [(start, end)] * len(one)
        start = end
    return "".join(keys)[1:], places[1:]


_PLAIN = re.compile("(?:[!-~가-힣]+ ?)+(?<! )")
"""Each letter of it is one of the key whatever stands beside it, but for a mark upon the last."""


def _plain_until(text: str, start: int) -> int:
    """Where such letters end that begin here; 0: none does. To look at each alone takes ten times as long."""
    found = _PLAIN.match(text, start)
    if found is None:
        return 0
    end = found.end()
    if end < len(text) and _joins(text[end]):
        end -= 1
    return end if end > start else 0


def _cluster_until(text: str, start: int) -> int:
    """A letter and the marks upon it (or the jamo of a syllable) belong together."""
    end = start + 1
    while end < len(text) and _joins(text[end]):
        end += 1
    return end


def _joins(letter: str) -> bool:
    return unicodedata.combining(letter) > 0 or "\u1160" <= letter <= "\u11ff"
