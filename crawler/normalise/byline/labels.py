"""Labels: the words before a name that say what the person did (글·사진=, 취재:, Reporting by)."""

from __future__ import annotations

from collections.abc import Sequence

from . import latin, lexicon, parts
from .lexer import Kind
from .persons import apart_width
from .terms import Line, Read, Tag, Term, one, run_length

_LABEL_MARKS = frozenset([Kind.EQUALS, Kind.COLON, Kind.BAR])
_LOOSE_MARKS = frozenset([Kind.SLASH, Kind.JOINER, Kind.COMMA])


def read_label(line: Line, at: int, before: Sequence[Term]) -> Read | None:
    """글·사진=, 취재:, Reporting by: one label or several joined by a mark."""
    if line.tokens[at].text == "#":
        found = read_label(line, at + 1, before) if line.word(at + 1) else None
        return None if found is None else (found[0] + 1, found[1])
    width = _label_width(line, at)
    if not width or (_is_open(before) and line.kind(at + width) not in _LABEL_MARKS):
        return None
    if line.word(at) in lexicon.ROLES and line.kind(at + width) not in _LABEL_MARKS:
        return None  # 취재기자 홍길동
    end = at + width
    while line.kind(end) in (Kind.JOINER, Kind.SLASH, Kind.BAR) and (more := _label_width(line, end + 1)):
        end += more + 1
    if not _credits_next(line, at, end) and not line.span(at, end - 1).endswith(("출처", "제공")):
        return None  # 사진출처 방송화면: who gave a picture may be anything
    count, terms = one(line, at, end - at, Tag.LABEL, text=line.span(at, end - 1).lstrip("#"), opens=True)
    return count + (line.kind(end) in _LABEL_MARKS or line.kind(end) in _LOOSE_MARKS), terms


def _label_width(line: Line, at: int) -> int:
    """How many words at ``at`` are a label; 0 for none."""
    first = line.word(at)
    if first is None or first.lstrip("#").strip(".") not in parts.LABEL_FIRSTS:
        return 0
    for count in range(run_length(line, at), 0, -1):
        if line.span(at, at + count - 1).lstrip("#").strip(".") in parts.LABELS:
            return count
    return 0


def _is_open(before: Sequence[Term]) -> bool:
    """A name stands right before, without its role: the word may still be of its role."""
    is_name = bool(before) and before[-1].tag is Tag.NAME
    return is_name and not any(term.tag is Tag.LABEL for term in before)


def _credits_next(line: Line, first: int, end: int) -> bool:
    """Whether what stands behind the label's words is a mark, or somebody whom they credit."""
    if line.kind(end) in _LABEL_MARKS:
        return True
    is_boxed = (
        first > 0 and line.kind(first - 1) is Kind.OPEN and line.kind(end) is Kind.CLOSE
    )  # [사진] 홍길동 기자
    at = end + 1 if is_boxed or line.kind(end) in _LOOSE_MARKS else end
    word = line.word(at)
    if word is None:
        return False
    if at > end or line.bold:
        return _is_someone(line, at, word) or lexicon.is_place(word)
    return _is_someone(line, at, word)


def _is_someone(line: Line, at: int, word: str) -> bool:
    if lexicon.is_name(word) or lexicon.split_glued(word) is not None or latin.is_latin(word):
        return True
    return lexicon.is_house(word, line.publisher) or word in lexicon.FOREIGN or apart_width(line, at) > 1
