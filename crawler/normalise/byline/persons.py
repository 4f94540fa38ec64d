"""Words that name a person: Korean and foreign, whole, apart and in Latin letters; ids behind them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from . import institutions, latin, lexicon, names
from .lexer import Kind
from .terms import Line, Read, Tag, Term, one

ID = re.compile(r"[a-z][a-z0-9._\-]{2,19}\d{0,4}")
"""서울경제 prints the reporter's id without the @ (gildong, gdhong77)."""


_LATIN_MEDIA = frozenset(
    [
        "News",
        "Times",
        "Herald",
        "Press",
        "Daily",
        "Post",
        "Agency",
        "Journal",
        "Today",
        "TV",
        "Radio",
        "Tribune",
        "Shimbun",
        "Shinmun",
        "Ilbo",
    ]
)
"""Arirang News, Associated Press: with such a last word it is a house and nobody's name."""


_NARROWING = 3
"""Words before an English role: Senior Foreign Affairs Correspondent."""
_NO_NAMES = (
    latin.QUALIFIERS
    | {"For", "From", "In", "At", "With", "And", "The", "Of", "On"}
    | {"Click", "Follow", "Share", "Subscribe", "View"}
)
"""Capitalised words that end a name: Lena Moorhaven For Hanbit.Com (2024)."""
_OPENERS = frozenset([Tag.OPEN, Tag.MARK, Tag.EQUALS, Tag.HOUSE, Tag.PLACE, Tag.DESK, Tag.LABEL])
"""What a person may stand behind; behind a name the word is the field of its role (김서윤 우주 기자)."""


def read_word_for_name(line: Line, at: int, before: Sequence[Term]) -> Read | None:
    """우주 기자, 이미지 기자, 어윤대 교수: a word that is a name too, alone before what its bearer is."""
    word, role, behind = line.tokens[at].text, line.word(at + 1), line.word(at + 2)
    if not line.bold or role is None or (before and before[-1].tag not in _OPENERS):
        return None
    if behind is not None and (lexicon.is_name(behind) or lexicon.is_role(behind)):
        return None  # 우주 기자 김서윤
    if lexicon.is_word_for_name(word):
        return one(line, at, 1, Tag.NAME) if lexicon.is_reporter_role(role) else None
    is_title = not before and lexicon.is_role(role) and not lexicon.is_field(role)
    return one(line, at, 1, Tag.NAME) if is_title and lexicon.is_like_college(word) else None


def narrows_next(line: Line, at: int, word: str) -> bool:
    """선임 기자: a field here, though it is a role elsewhere."""
    following = line.word(at + 1)
    return word in lexicon.FIELDS and following is not None and lexicon.is_role(following)


def read_foreign(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    """마이클 브린, 마이클·브린: a name of another language and the word behind it."""
    if line.tokens[at].text not in lexicon.FOREIGN:
        return None
    skip = 1 if line.kind(at + 1) is Kind.JOINER else 0
    family = line.word(at + 1 + skip)
    if family is None or not _is_foreign_family(line, family) or (skip and lexicon.is_name(family)):
        return None  # 마이클·김철수 기자: two people
    return one(line, at, 2 + skip, Tag.NAME)


@lru_cache(maxsize=2048)
def _may_be_family(word: str) -> bool:
    if not re.fullmatch(r"[가-힣]{1,6}|[A-Z]{1,4}", word) or lexicon.is_role(word) or lexicon.is_field(word):
        return False
    is_other = lexicon.is_desk(word) or institutions.is_organisation(word) or word in lexicon.PLACES
    return not is_other and lexicon.split_glued(word) is None


def _is_foreign_family(line: Line, word: str) -> bool:
    return _may_be_family(word) and not lexicon.is_house(word, line.publisher)


def read_apart(line: Line, at: int, before: Sequence[Term]) -> Read | None:
    """허 균, 남궁 민: family and given name printed apart. 팜 민 찐 is a foreigner's whole name."""
    if before and before[-1].tag is Tag.WORD and re.fullmatch("[가-힣]", before[-1].text):
        return None
    width = apart_width(line, at)
    return one(line, at, width, Tag.NAME) if width > 1 else None


def apart_width(line: Line, at: int) -> int:
    family, given = line.word(at), line.word(at + 1)
    if family not in names.SURNAMES or given is None or not re.fullmatch(r"[가-힣]{1,2}", given):
        return 1
    if lexicon.is_role(given) or lexicon.is_house(given, line.publisher) or lexicon.is_desk(given):
        return 1
    if len(family) > 1:
        return 2
    is_other = given in lexicon.FIELDS or lexicon.is_common_word(given) or family in lexicon.FIELDS
    return (
        2 if not is_other and _ends_name(line, at + 2) and (line.bold or _role_follows(line, at + 2)) else 1
    )


def _ends_name(line: Line, at: int) -> bool:
    """Whether a name can end before token ``at``: at a mark, a role, an address or the end."""
    word = line.word(at)
    if word is None:
        return line.kind(at) is not Kind.EQUALS
    return lexicon.is_role(word) or lexicon.split_glued(word) is not None or narrows_next(line, at, word)


def _role_follows(line: Line, at: int) -> bool:
    words = (line.word(index) for index in range(at, min(at + 6, len(line.tokens))))
    return any(word is not None and lexicon.is_role(word) for word in words)


def read_han(line: Line, at: int, before: Sequence[Term]) -> Read | None:
    """金夏潭 기자, 记者 王晓林: in running text only beside a reporter's role."""
    word = line.tokens[at].text
    if not lexicon.is_han_name(word):
        return None
    if len(before) > 1 and before[-1].tag is Tag.OPEN and before[-2].tag is Tag.NAME:
        return one(line, at, 1, Tag.NOISE)  # 김하담(金夏潭): the same name again
    beside = (line.word(at + 1), before[-1].text if before and before[-1].tag is Tag.ROLE else None)
    is_signed = any(role is not None and lexicon.is_reporter_role(role) for role in beside)
    return one(line, at, 1, Tag.NAME) if is_signed or line.bold else None


def read_latin(line: Line, at: int, before: Sequence[Term]) -> Read | None:
    """Kim Seo-yun, KIM MINSOO: capitalised words; a family name, a hyphen or a label tells a person."""
    if not latin.is_latin(line.tokens[at].text):
        return None
    for count in (4, 3, 2):
        run = [line.word(at + ahead) for ahead in range(count)]
        if None in run or any(lexicon.is_role(str(word)) or word in _NO_NAMES for word in run):
            continue
        if line.word(at + count) is not None and line.span(at + count - 1, at + count) in lexicon.ROLES:
            continue  # Yoon Seojin Staff Reporter
        texts = [str(word) for word in run]
        if latin.is_upper_name(texts) and (line.bold or _role_follows(line, at + count)):
            return one(line, at, count, Tag.NAME)
        if texts[-1] in _LATIN_MEDIA:
            return one(line, at, count, Tag.HOUSE)
        if all(map(latin.is_latin_name, texts)) and _is_latin_person(line, at + count, texts, before):
            return one(line, at, count, Tag.NAME)
    return None


def _is_latin_person(line: Line, end: int, texts: list[str], before: Sequence[Term]) -> bool:
    is_labelled = bool(before) and (before[-1].tag is Tag.LABEL or before[-1].tag is Tag.MARK)
    word = line.word(end)
    is_role = word is not None and (lexicon.is_role(word) or _qualified(line, end) > 0)
    if word is not None and latin.is_latin_name(word) and not is_role and word not in _NO_NAMES:
        return False  # one word more belongs to it, or it is a sentence
    return is_labelled or latin.has_roman_surname(texts) or is_role


def read_qualified_role(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    """Assistant Sports Editor, behind a name or before it."""
    count = _qualified(line, at)
    return one(line, at, count, Tag.ROLE) if count else None


def _qualified(line: Line, at: int) -> int:
    """How many words make an English role with what narrows it; 0: none stands here."""
    for count in range(1, _NARROWING + 1):
        if line.word(at + count - 1) not in latin.QUALIFIERS:
            return 0
        word = line.word(at + count)
        if word is not None and lexicon.is_role(word):
            return count + 1
    return 0


def read_name(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    word = line.tokens[at].text
    if not lexicon.is_name(word) or _is_foreign_first(line, at, word):
        return None
    is_doubtful = names.reads_unlike(word) or institutions.reads_as_institution(word) or len(word) > 4
    return one(line, at, 1, Tag.MAYBE_NAME if is_doubtful else Tag.NAME)


def _is_foreign_first(line: Line, at: int, word: str) -> bool:
    """제임스 리: a word before a lone family name is a given name."""
    following = line.word(at + 1)
    if following is None or len(following) != 1 or following not in names.SURNAMES or not line.bold:
        return False
    return len(word) > 2 and following not in lexicon.FIELDS  # 홍길동 전 장관


def read_id(line: Line, at: int, before: Sequence[Term]) -> Read | None:
    """김지현기자 abkim: right behind a reporter's role, and last, stands the head of the address."""
    following = line.word(at + 1)
    if not before or not ID.fullmatch(line.tokens[at].text) or not (following or "@").startswith("@"):
        return None
    role = before[-2] if before[-1].tag is Tag.OPEN and len(before) > 1 else before[-1]
    is_behind = role.tag is Tag.ROLE and lexicon.is_reporter_role(role.text)
    is_bracketed = before[-1].tag is Tag.OPEN and role.tag in (Tag.NAME, Tag.MAYBE_NAME)
    return one(line, at, 1, Tag.CUT) if is_behind or is_bracketed else None
