"""Tokens to tagged terms: each reader knows one kind of term and looks at the words around it.

What the words alone cannot tell is left open (``PLACE_NAME``, ``MAYBE_NAME``) and resolved by ``resolving``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from . import institutions, latin, lexicon, names, parts
from .labels import read_label
from .left import read_left
from .lexer import SEPARATORS, Kind, Token
from .persons import (
    ID,
    narrows_next,
    read_apart,
    read_foreign,
    read_han,
    read_id,
    read_latin,
    read_name,
    read_qualified_role,
    read_word_for_name,
)
from .terms import Line, Read, Tag, Term, one, run_length

Reader = Callable[[Line, int, Sequence[Term]], Read | None]
"""(line, place of the token, the terms before it) to what it reads there."""


def tag(line: Line) -> tuple[Term, ...]:
    """Every token of the line as a term, in order."""
    terms: list[Term] = []
    at = 0
    while at < len(line.tokens):
        count, found = _read(line, at, terms)
        terms.extend(found)
        at += count
    return tuple(terms)


def _read(line: Line, at: int, before: Sequence[Term]) -> Read:
    token = line.tokens[at]
    if token.kind is not Kind.WORD:
        return 1, _mark(token)
    found = read_left(line, at, before) or _house(line, at, before)
    if found is not None:
        return found
    for reader in _readers_of(token.text):
        found = reader(line, at, before)
        if found is not None:
            return found
    return one(line, at, 1, Tag.WORD)


def _mark(token: Token) -> tuple[Term, ...]:
    tag = _MARKS.get(token.kind)
    return () if tag is None else (Term(tag, token.text, token.start, token.end),)


_MARKS = {
    Kind.EMAIL: Tag.EMAIL,
    Kind.CUT: Tag.CUT,
    Kind.OPEN: Tag.OPEN,
    Kind.CLOSE: Tag.CLOSE,
    Kind.EQUALS: Tag.EQUALS,
} | dict.fromkeys(SEPARATORS, Tag.MARK)


def _house(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    """A house may be several words: the longest listed run wins. KBS 아레나 is a place."""
    if not lexicon.begins_house(line.tokens[at].text, line.publisher):
        return None
    for count in range(run_length(line, at), 0, -1):
        text = line.span(at, at + count - 1).strip(".\"'“”‘’*…")
        if lexicon.is_house(text, line.publisher):
            ground = line.word(at + count)
            if ground is not None and lexicon.is_ground(ground):
                return one(line, at, count + 1, Tag.PLACE)
            return one(line, at, count, Tag.HOUSE, text=text)
    return None


def _noise(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    word = line.tokens[at].text
    if word == "겸":
        return one(line, at, 1, Tag.ALSO)
    is_count = len(word) <= 4 and word[:-1].isdigit() and word[-1] in "명인"
    is_count = is_count or (word.isdigit() and at > 0 and line.word(at - 1) == "외")
    if word in lexicon.IGNORED or word.startswith("@") or is_count:
        return one(line, at, 1, Tag.NOISE)
    if word.startswith("#") and not _is_hash_label(line, at, word):
        return one(line, at, 1, Tag.NOISE)
    return None


def _is_hash_label(line: Line, at: int, word: str) -> bool:
    """#사진=, #글_, # 사진_: a label; #유튜버: a tag of the page."""
    bare = word.lstrip("#") or line.word(at + 1) or ""
    return bare in parts.LABELS


def _glued(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    """박준범기자, 도쿄특파원: without a blank between."""
    token = line.tokens[at]
    glued = lexicon.split_glued(token.text)
    if glued is None:
        return None
    head, role = glued
    middle = token.start + len(head)
    is_post = head in lexicon.PLACES and not lexicon.is_name(head)
    tag = Tag.PLACE if is_post or (head in lexicon.PLACES and role == "특파원") else Tag.NAME
    return 1, (Term(tag, head, token.start, middle), Term(Tag.ROLE, role, middle, token.end))


def _role(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    word = line.tokens[at].text
    if word.isascii() and line.word(at + 1) is not None and line.span(at, at + 1) in lexicon.ROLES:
        return one(line, at, 2, Tag.ROLE)  # Staff reporter
    return one(line, at, 1, Tag.ROLE) if lexicon.is_role(word) and not narrows_next(line, at, word) else None


def _monk(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    """혜민 스님: the name in religion has no family name, and may be any word."""
    word = line.tokens[at].text
    is_other = lexicon.is_role(word) or lexicon.is_field(word)  # 대표 스님, 주지 스님
    return one(line, at, 1, Tag.NAME) if line.word(at + 1) == "스님" and not is_other else None


def _school(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    """홍길동 학생기자(한빛초 5): the school and the year; 한빛고 홍길동 학생기자."""
    year, role = line.word(at + 1), line.word(at + 2)
    if year is not None and _YEAR.fullmatch(year):
        return one(line, at, 2, Tag.AFFILIATION)
    return one(line, at, 1, Tag.AFFILIATION) if role == "학생기자" and lexicon.is_name(year or "") else None


def _institution(line: Line, at: int, before: Sequence[Term]) -> Read | None:
    """이대서울병원, 법무법인 세종, and the department behind an institution."""
    word = line.tokens[at].text
    if institutions.opens_institution(word):
        return one(line, at, _institution_width(line, at, before), Tag.AFFILIATION)
    if _continues_institution(word, before):
        return one(line, at, 1, Tag.AFFILIATION)
    is_college = institutions.is_college(word) and not lexicon.is_name(word) and word not in lexicon.PLACES
    return one(line, at, 1, Tag.AFFILIATION) if is_college else None


def _firm(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    """한빛 노무법인 홍길동 노무사: what the firm is called stands before what it is, one person behind."""
    kind, person, role = (line.word(at + ahead) for ahead in (1, 2, 3))
    if kind is None or person is None or role is None or not institutions.opens_institution(kind):
        return None
    is_closed = lexicon.is_role(role) and not lexicon.is_reporter_role(role)
    if not is_closed or not lexicon.is_name(person) or len(person) < 3:
        return None
    is_called = names.likeness(person) > names.likeness(line.tokens[at].text)  # 홍길동 법무법인 세종 변호사
    return one(line, at, 2, Tag.AFFILIATION) if is_called else None


def _organisation(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    return one(line, at, 1, Tag.AFFILIATION) if institutions.is_organisation(line.tokens[at].text) else None


def _institution_width(line: Line, at: int, before: Sequence[Term]) -> int:
    """법무법인 세종 takes its second half; a good name alone before the role is the person's."""
    second, third = line.word(at + 1), line.word(at + 2)
    if [line.kind(at + ahead) for ahead in (1, 2, 3)] == [Kind.OPEN, Kind.WORD, Kind.CLOSE]:
        return 4  # 법무법인(율촌)
    if second is None or lexicon.is_role(second):
        return 1
    if line.word(at) == "법률사무소" and before and before[-1].tag is Tag.WORD:
        return 1  # 김앤장 법률사무소: the name stands before
    has_person = bool(before) and before[-1].tag is Tag.NAME
    is_last = third is None or lexicon.is_role(third)
    if is_last and not has_person and lexicon.is_name(second) and len(second) > 2:
        return 2 if names.reads_unlike(second) else 1
    return 2


def _continues_institution(word: str, before: Sequence[Term]) -> bool:
    """서울아산병원 신경과, 선문대 경제학과."""
    if not before or before[-1].tag not in (Tag.AFFILIATION, Tag.MAYBE_NAME):
        return False
    is_institution = before[-1].tag is Tag.AFFILIATION or institutions.reads_as_institution(before[-1].text)
    return is_institution and institutions.is_department(word) and not lexicon.is_role(word)


def _desk(line: Line, at: int, before: Sequence[Term]) -> Read | None:
    """정치부, 연예·이슈팀: the dot stands inside the name of one desk.

    홍길동 정경부 기자: a desk that no list has, between a name and its role.
    """
    word, second = line.tokens[at].text, line.word(at + 2)
    is_joined = word in lexicon.FIELDS and line.kind(at + 1) is Kind.JOINER and second is not None
    if is_joined and lexicon.is_desk(second or "") and lexicon.is_desk(line.span(at, at + 2)):
        return one(line, at, 3, Tag.DESK)
    is_between = word.endswith("부") and before and before[-1].tag in (Tag.NAME, Tag.MAYBE_NAME)
    if (
        is_between
        and line.kind(at + 1) is Kind.WORD
        and lexicon.is_role((line.word(at + 1) or "").lstrip("제0123456789"))
    ):
        return one(line, at, 1, Tag.DESK)
    return one(line, at, 1, Tag.DESK) if lexicon.is_desk(word) else None


def _place(line: Line, at: int, before: Sequence[Term]) -> Read | None:
    word = line.tokens[at].text
    if not lexicon.is_place(word) or institutions.is_organisation(
        word
    ):  # 하나은행 is a ground too, and a bank first
        return None
    count = _place_width(line, at)
    if count == 1 and lexicon.is_name(word):
        return one(line, at, 1, Tag.PLACE_NAME)
    return one(line, at, count, Tag.PLACE)


def _town_abroad(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    """글렌데일(미국): a word that no list has, with its country in brackets right behind it."""
    run = [line.kind(at + ahead) for ahead in range(1, 5)]
    width = 4 if run[:3] == _ASIDE else 5
    if run[:3] != _ASIDE and run != [Kind.OPEN, Kind.WORD, Kind.WORD, Kind.CLOSE]:
        return None
    if line.word(at + 2) not in lexicon.COUNTRIES:
        return None
    word, is_glued = line.tokens[at].text, line.tokens[at + 1].start == line.tokens[at].end
    is_other = lexicon.is_name(word) or lexicon.is_role(word) or lexicon.is_house(word, line.publisher)
    return one(line, at, width, Tag.PLACE) if is_glued and not is_other else None


_ASIDE = [Kind.OPEN, Kind.WORD, Kind.CLOSE]
_UNLISTED_TOWN = re.compile("[가-힣]{2,10}")


def _place_width(line: Line, at: int) -> int:
    """대전·충남 홍길동: places joined by a mark are one, as printed; 라스베이거스(미국) and
    투손(미국 애리조나주) too.
    """
    width = 1
    while line.kind(at + width) in (Kind.JOINER, Kind.COMMA) and line.word(at + width + 1) in lexicon.PLACES:
        third, behind = line.word(at + width + 2), line.kind(at + width + 2)
        if third is None and behind in (Kind.SLASH, Kind.BAR):
            third = line.word(at + width + 3)  # 여수·순천/홍길동
        is_bracketed = behind is Kind.CLOSE and line.kind(max(at - 1, 0)) in (Kind.OPEN, Kind.EQUALS)
        if not is_bracketed and (third is None or not _closes_places(third)):
            break  # (여수·순천) needs nobody behind it
        width += 2
    opener = line.at(at + width)
    is_glued = opener is not None and opener.kind is Kind.OPEN and opener.start == line.tokens[at].end
    if not is_glued or line.word(at + width + 1) not in lexicon.PLACES:
        return width
    run = [line.kind(at + width + ahead) for ahead in range(4)]
    if run[:3] == [Kind.OPEN, Kind.WORD, Kind.CLOSE]:
        return width + 3
    return width + 4 if run == [Kind.OPEN, Kind.WORD, Kind.WORD, Kind.CLOSE] else width


def _closes_places(word: str) -> bool:
    """홍길동 기자, 홍길동기자, or 기자 itself (홍길동 광주·전남 기자): who may stand behind joined places."""
    return lexicon.is_name(word) or lexicon.split_glued(word) is not None or lexicon.is_reporter_role(word)


def _field(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    return one(line, at, 1, Tag.FIELD) if lexicon.is_field(line.tokens[at].text) else None


_PERIODICALS = frozenset(["월간", "주간", "계간", "격월간"])


def _periodical(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    """월간 가온 홍길동 기자: how often it comes out is part of a house's name."""
    title, person = line.word(at + 1), line.word(at + 2)
    if title is None or person is None or lexicon.is_role(title):
        return None
    is_person = lexicon.is_name(person) or lexicon.split_glued(person) is not None
    return one(line, at, 2, Tag.HOUSE) if is_person else None


_SCHOOL = re.compile("[가-힣]{2,8}(?:초|중|고|초교|초등학교|중학교|고등학교)")
_YEAR = re.compile("[1-6](?:학년)?")
_MONKS_NAME = re.compile("[가-힣]{2}")


def _may_be_noise(word: str) -> bool:
    return word in lexicon.IGNORED or word[0] in "@#" or word[-1] in "명인" or word.isdigit()


def _may_be_label(word: str) -> bool:
    return word[0] == "#" or word.strip(".") in parts.LABEL_FIRSTS


def _may_be_role(word: str) -> bool:
    return word.isascii() or lexicon.is_role(word)


def _may_be_institution(word: str) -> bool:
    return (
        institutions.opens_institution(word)
        or institutions.is_department(word)
        or institutions.is_college(word)
    )


def _may_be_desk(word: str) -> bool:
    return word in lexicon.FIELDS or word.endswith("부") or lexicon.is_desk(word)


READERS: tuple[tuple[Reader, Callable[[str], bool]], ...] = (
    (_noise, _may_be_noise),
    (_periodical, _PERIODICALS.__contains__),
    (read_label, _may_be_label),
    (_firm, lambda word: len(word) > 1 and not institutions.opens_institution(word)),
    (_school, lambda word: _SCHOOL.fullmatch(word) is not None),
    (_monk, lambda word: _MONKS_NAME.fullmatch(word) is not None),
    (read_word_for_name, lambda word: lexicon.is_word_for_name(word) or lexicon.is_like_college(word)),
    (_glued, lambda word: lexicon.split_glued(word) is not None),
    (_role, _may_be_role),
    (read_qualified_role, latin.QUALIFIERS.__contains__),
    (read_foreign, lexicon.FOREIGN.__contains__),
    (read_apart, names.SURNAMES.__contains__),
    (_institution, _may_be_institution),
    (_desk, _may_be_desk),
    (_town_abroad, lambda word: _UNLISTED_TOWN.fullmatch(word) is not None),
    (_place, lexicon.is_place),
    (read_latin, latin.is_latin),
    (read_han, lexicon.is_han_name),
    (read_name, lexicon.is_name),
    (_organisation, institutions.is_organisation),
    (read_id, lambda word: ID.fullmatch(word) is not None),
    (_field, lexicon.is_field),
)
"""In this order: the first that knows the word wins. Beside each, what a word must be for it to be asked."""


@lru_cache(maxsize=4096)
def _readers_of(word: str) -> tuple[Reader, ...]:
    """The readers that a word could be for, whatever stands around it."""
    return tuple(reader for reader, may_be in READERS if may_be(word))
