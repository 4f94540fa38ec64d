"""A question in words: parsed, and asked of one text. Pure.

    반도체 수출          both words, anywhere (AND may be written)
    "반도체 수출"        these words side by side
    금리 OR 환율         either
    -중국, NOT 중국      not that
    (금리 OR 환율) -중국  brackets
    title:금리 byline:김서윤 publisher:가람일보   in one field; 제목: 기자: 언론사: say the same

A word is found wherever its letters stand, inside longer words too. ``||`` is OR, ``&&`` is AND. A bracket
that is written to a word and holds one word is part of it: ``(주)한빛``, ``이재명(李在明)``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from storage.search.key import Printed, key_of
from storage.utf8 import is_utf8

MAX_TERMS = 64
"""More words than a person writes; a pasted article is told to be quoted in part instead."""
MAX_DEPTH = 50
"""Brackets within brackets."""
MAX_LETTERS = 1_000
"""Of one word or phrase, as its key: longer than a paragraph. A word of five million letters took 20 GB of
memory in SQLite's index (tried 2026-11-26)."""


class WrongQuestion(ValueError):
    """The question cannot be understood; the message says what, and at which letter."""


class Field(StrEnum):
    """Where a term is looked for."""

    ANY = "any"
    TITLE = "title"
    BYLINE = "byline"
    PUBLISHER = "publisher"


_NAMES = {
    "title": Field.TITLE,
    "제목": Field.TITLE,
    "byline": Field.BYLINE,
    "기자": Field.BYLINE,
    "publisher": Field.PUBLISHER,
    "언론사": Field.PUBLISHER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article as it is asked; people and publisher as keys (:func:`storage.search.key.key_of`)."""

    title: Printed
    texts: Sequence[Printed]
    """Subtitle and body."""
    people: Sequence[str]
    """Names and e-mail addresses of the byline."""
    publisher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Letters that are looked for."""

    key: str
    field: Field = Field.ANY
    printed: str = ""
    """As it was typed."""

    def holds(self, document: Document) -> bool:
        if self.field is Field.BYLINE:
            return self.key in document.people
        if self.field is Field.PUBLISHER:
            return self.key in document.publisher
        within = [document.title, *(document.texts if self.field is Field.ANY else ())]
        return any(text.shows(self.key) for text in within) or any(self.key in text.key for text in within)


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """What may not hold."""

    part: Question

    def holds(self, document: Document) -> bool:
        return not self.part.holds(document)


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """What must hold together."""

    parts: tuple[Question, ...]

    def holds(self, document: Document) -> bool:
        return all(part.holds(document) for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Any:
    """Of which one must hold."""

    parts: tuple[Question, ...]

    def holds(self, document: Document) -> bool:
        return any(part.holds(document) for part in self.parts)


Question = Term | Not | All | Any


def terms(question: Question, *, wanted: bool = True) -> Iterator[Term]:
    """The terms that are asked for; those that may not hold are left out."""
    if isinstance(question, Term):
        if wanted:
            yield question
    elif isinstance(question, Not):
        yield from terms(question.part, wanted=not wanted)
    else:
        for part in question.parts:
            yield from terms(part, wanted=wanted)


# --- parsing ----------------------------------------------------------------------------------------

FIELDS = "|".join(_NAMES)
"""Names of fields, as a pattern: letters alone."""
_IN_WORD, _LETTER = r'[^\s()"“]', "[0-9A-Za-z가-힣一-鿿]"
_INSIDE = rf"\({_IN_WORD}+\)"
_NO_SIGN = "(?!(?:AND|OR|NOT)(?:[\\s()]|$))"
GLUED = (
    rf"(?:{_INSIDE}{_NO_SIGN}(?={_LETTER})|{_NO_SIGN}{_IN_WORD}*{_LETTER}{_INSIDE})(?:{_IN_WORD}|{_INSIDE})*"
)
"""A word that a bracket with one word is written to, as a pattern of Python and of PostgreSQL."""
_TOKEN = re.compile(
    rf"""\s*(?:
        (?P<open>(?!{GLUED})\() | (?P<close>\)) | (?P<minus>-(?=-*[^\s)-]))
      | (?P<bare>(?i:{FIELDS}):(?=[\s)]|(?!{GLUED})\(|\Z))
      | (?:(?P<field>(?i:{FIELDS})):)?
        (?: "(?P<phrase>[^"]*)" | “(?P<curly>[^”]*)” | (?P<quote>["“]) | (?P<word>{GLUED}|{_IN_WORD}+) )
    )""",
    re.VERBOSE,
)
_SIGNS = {"OR": "or", "AND": "and", "NOT": "not", "|": "or", "||": "or", "&&": "and"}


def parse(text: str) -> Question:
    """The question that the words ask.

    Raises:
        WrongQuestion: nothing to look for, a quotation or bracket that does not end, too many words.
    """
    parser = _Parser(list(tokens(text)))
    question = parser.either(0)
    if parser.left:
        raise WrongQuestion(f"the bracket that ends at letter {parser.left[0].place} did not begin")
    return question


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word, sign or bracket of a question as typed."""

    kind: str
    text: str
    place: int
    """The letter that it begins at, from 1."""
    field: Field = Field.ANY
    quoted: bool = False


def tokens(text: str) -> Iterator[Token]:
    """The words, signs and brackets. Raises WrongQuestion as :func:`parse`."""
    place, count = 0, 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        assert found is not None  # the last alternative takes whatever is no bracket, quotation or blank
        place = found.end()
        yield _token(found)
        count += 1
        if count > MAX_TERMS:
            raise WrongQuestion(f"more than {MAX_TERMS} words: ask for fewer, or quote a part")


def _token(found: re.Match[str]) -> Token:
    place = found.end() - len(found[0].lstrip()) + 1
    if found["quote"]:
        where = found.start("quote") + 1
        raise WrongQuestion(f'the quotation that begins at letter {where} does not end: add "')
    if bare := found["bare"]:
        raise WrongQuestion(f"{bare} at letter {place} stands without a word: write {bare}금리, or quote it")
    for kind in ("open", "close", "minus"):
        if found[kind]:
            return Token(kind=kind, text=found[kind], place=place)
    word, field = found["word"], found["field"]
    if word in _SIGNS and not field:
        return Token(kind=_SIGNS[word], text=word, place=place)
    wanted = word or found["phrase"] or found["curly"] or ""
    named = _NAMES[field.lower()] if field else Field.ANY
    return Token(kind="term", text=wanted, place=place, field=named, quoted=word is None)


class _Parser:
    """Recursive descent over tokens: either := together (OR together)*, together := one (AND? one)*."""

    def __init__(self, tokens: list[Token]) -> None:
        self.left = tokens
        self.last: Token | None = None

    def either(self, depth: int) -> Question:
        parts = [self.together(depth)]
        while self._next("or"):
            parts.append(self.together(depth))
        return parts[0] if len(parts) == 1 else Any(parts=tuple(parts))

    def together(self, depth: int) -> Question:
        parts = [self.one(depth)]
        while self._next("and") or (self.left and self.left[0].kind not in ("close", "or")):
            parts.append(self.one(depth))
        return parts[0] if len(parts) == 1 else All(parts=tuple(parts))

    def one(self, depth: int) -> Question:
        if depth > MAX_DEPTH:
            raise WrongQuestion(f"brackets more than {MAX_DEPTH} deep")
        token = self._taken()
        if token is None:
            raise WrongQuestion(self._nothing())
        readers: dict[str, Callable[[Token, int], Question]] = {
            "open": self._bracket,
            "minus": self._not,
            "not": self._not,
            "term": self._term,
        }
        if token.kind not in readers:
            raise WrongQuestion(f"{token.text} at letter {token.place} stands where a word should")
        return readers[token.kind](token, depth + 1)

    def _nothing(self) -> str:
        if self.last is None:
            return "there is nothing to look for: give a word, for instance 반도체"
        return f"there is nothing to look for behind {self.last.text} at letter {self.last.place}"

    def _bracket(self, token: Token, depth: int) -> Question:
        inside = self.either(depth)
        if not self._next("close"):
            raise WrongQuestion(f"the bracket that begins at letter {token.place} does not end: add )")
        return inside

    def _not(self, _token: Token, depth: int) -> Question:
        return Not(part=self.one(depth))

    def _term(self, token: Token, _depth: int) -> Question:
        key = key_of(token.text)
        if not key:
            raise WrongQuestion(
                f"{token.text!r} at letter {token.place} holds no letter that could be looked for"
            )
        if not is_utf8(key):
            raise WrongQuestion(f"the word at letter {token.place} is no text: its bytes are not UTF-8")
        if len(key) > MAX_LETTERS:
            raise WrongQuestion(
                f"the word at letter {token.place} has {len(key):,} letters, more than {MAX_LETTERS:,}: "
                "a part of it finds it too"
            )
        return Term(key=key, field=token.field, printed=token.text.strip())

    def _next(self, kind: str) -> bool:
        if self.left and self.left[0].kind == kind:
            self._taken()
            return True
        return False

    def _taken(self) -> Token | None:
        if self.left:
            self.last = self.left.pop(0)
            return self.last
        return None
