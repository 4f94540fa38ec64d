"""Terms: what the tokens of a byline say, each with one tag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from .lexer import Kind, Token, tokenise


class Tag(StrEnum):
    NAME = "name"
    MAYBE_NAME = "name or institution"
    """Reads as a name by its first syllable and as something else by the rest (민병원, 이마트)."""
    PLACE_NAME = "name or place"
    """이천, 정선, 강남."""
    ROLE = "role"
    PLACE = "place"
    HOUSE = "house"
    AFFILIATION = "affiliation"
    DESK = "desk"
    FIELD = "field"
    LABEL = "label"
    EMAIL = "email"
    CUT = "cut address"
    WORD = "word"
    NOISE = "noise"
    ALSO = "겸"
    MARK = "separator"
    OPEN = "("
    CLOSE = ")"
    EQUALS = "="


INSIDE = frozenset([Tag.OPEN, Tag.CLOSE, Tag.MARK, Tag.NOISE, Tag.EQUALS])
"""What says nothing of anybody."""
NAMES = frozenset([Tag.NAME, Tag.MAYBE_NAME, Tag.PLACE_NAME])


@dataclass(frozen=True, slots=True)
class Term:
    tag: Tag
    text: str
    start: int
    end: int
    opens: bool = False
    """A new credit begins here, whatever stood before (수원=, 글·사진=)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The line in reading: what every reader of tokens may look at."""

    text: str
    tokens: Sequence[Token]
    words: Sequence[str | None]
    """The text of each word token, None for the others."""
    has_equals: bool
    publisher: str | None
    bold: bool
    """The place in the page says that this is a byline: words that begin with no family name may be names."""

    def at(self, index: int) -> Token | None:
        return self.tokens[index] if index < len(self.tokens) else None

    def kind(self, index: int) -> Kind | None:
        return self.tokens[index].kind if index < len(self.tokens) else None

    def word(self, index: int) -> str | None:
        """The text of a word token, None for any other and past the end."""
        return self.words[index] if index < len(self.words) else None

    def span(self, first: int, last: int) -> str:
        """The line from the first token to the last one of a run."""
        return self.text[self.tokens[first].start : self.tokens[last].end]


def line_of(text: str, publisher: str | None, *, bold: bool) -> Line:
    """The line cut into tokens. Raises ValueError for one that is too long for a byline."""
    tokens = tokenise(text)
    return Line(
        text=text,
        tokens=tokens,
        words=[token.text if token.kind is Kind.WORD else None for token in tokens],
        has_equals=any(token.kind is Kind.EQUALS for token in tokens),
        publisher=publisher,
        bold=bold,
    )


Read = tuple[int, tuple[Term, ...]]
"""How many tokens a reader took, and the terms that it made of them."""


def one(line: Line, at: int, count: int, tag: Tag, *, text: str | None = None, opens: bool = False) -> Read:
    """A run of ``count`` tokens as one term."""
    first, last = line.tokens[at], line.tokens[at + count - 1]
    said = text if text is not None else (first.text if count == 1 else line.text[first.start : last.end])
    return count, (Term(tag, said, first.start, last.end, opens),)


LONGEST_TERM = 3
"""Words of the longest house name and label in the lists (The Korea Herald, Additional reporting by)."""


def run_length(line: Line, at: int) -> int:
    """How many words stand at ``at`` in a row, as far as a term may reach."""
    ahead = 1
    while ahead < LONGEST_TERM and line.word(at + ahead) is not None:
        ahead += 1
    return ahead
