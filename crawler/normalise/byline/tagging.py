"""Tokens to tagged terms: each reader knows one kind of term and looks at the words around it.

What the words alone cannot tell is left open (``PLACE_NAME``, ``MAYBE_NAME``) and settled by ``settling``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from . import lexicon, names
from .left import read_left
from .lexer import SEPARATORS, Kind, Token
from .terms import Line, Read, Tag, Term, one

LONGEST_TERM = 3
"""Words of the longest house name and label in the lists (The Korea Herald, Additional reporting by)."""
_LABEL_MARKS = frozenset([Kind.EQUALS, Kind.COLON, Kind.BAR])
_LOOSE_MARKS = frozenset([Kind.SLASH, Kind.JOINER, Kind.COMMA])
_ID = re.compile(r"[a-z][a-z0-9._\-]{2,19}\d{0,4}")
"""서울경제 prints the reporter's id without the @ (gildong, gdhong77)."""
_GENITIVE = re.compile(r"(?:의|에|은|는|을|를)\Z")

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
    for count in range(_run(line, at), 0, -1):
        text = line.span(at, at + count - 1).strip(".\"'“”‘’*…")
        if lexicon.is_house(text, line.publisher):
            ground = line.word(at + count)
            if ground is not None and lexicon.is_ground(ground):
                return one(line, at, count + 1, Tag.PLACE)
            return one(line, at, count, Tag.HOUSE, text=text)
    return None


def _run(line: Line, at: int) -> int:
    """How many words stand at ``at`` in a row, as far as a term may reach."""
    ahead = 1
    while ahead < LONGEST_TERM and line.word(at + ahead) is not None:
        ahead += 1
    return ahead


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
    return bare in lexicon.LABELS


def _label(line: Line, at: int, before: Sequence[Term]) -> Read | None:
    """글·사진=, 취재:, Reporting by: one label or several joined by a mark."""
    if line.tokens[at].text == "#":
        found = _label(line, at + 1, before) if line.word(at + 1) else None
        return None if found is None else (found[0] + 1, found[1])
    width = _label_width(line, at)
    if not width or (_is_open(before) and line.kind(at + width) not in _LABEL_MARKS):
        return None
    if line.word(at) in lexicon.ROLES and line.kind(at + width) not in _LABEL_MARKS:
        return None  # 취재기자 홍길동
    end = at + width
    while line.kind(end) in (Kind.JOINER, Kind.SLASH, Kind.BAR) and (more := _label_width(line, end + 1)):
        end += more + 1
    if not _credits_next(line, end) and not line.span(at, end - 1).endswith(("출처", "제공")):
        return None  # 사진출처 방송화면: who gave a picture may be anything
    count, terms = one(line, at, end - at, Tag.LABEL, text=line.span(at, end - 1).lstrip("#"), opens=True)
    return count + (line.kind(end) in _LABEL_MARKS or line.kind(end) in _LOOSE_MARKS), terms


def _label_width(line: Line, at: int) -> int:
    """How many words at ``at`` are a label; 0 for none."""
    first = line.word(at)
    if first is None or first.lstrip("#").strip(".") not in lexicon.LABEL_FIRSTS:
        return 0
    for count in range(_run(line, at), 0, -1):
        if line.span(at, at + count - 1).lstrip("#").strip(".") in lexicon.LABELS:
            return count
    return 0


def _is_open(before: Sequence[Term]) -> bool:
    """A name stands right before, without its role: the word may still be of its role."""
    is_name = bool(before) and before[-1].tag is Tag.NAME
    return is_name and not any(term.tag is Tag.LABEL for term in before)


def _credits_next(line: Line, end: int) -> bool:
    """Whether what stands behind the label's words is a mark, or somebody whom they credit."""
    if line.kind(end) in _LABEL_MARKS:
        return True
    at = end + 1 if line.kind(end) in _LOOSE_MARKS else end
    word = line.word(at)
    if word is None:
        return False
    if at > end or line.bold:
        return _is_someone(line, at, word) or lexicon.is_place(word)
    return _is_someone(line, at, word)


def _is_someone(line: Line, at: int, word: str) -> bool:
    if lexicon.is_name(word) or lexicon.split_glued(word) is not None or lexicon.is_latin(word):
        return True
    return lexicon.is_house(word, line.publisher) or word in lexicon.FOREIGN or _apart_width(line, at) > 1


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
    return one(line, at, 1, Tag.ROLE) if lexicon.is_role(word) and not _narrows_next(line, at, word) else None


def _narrows_next(line: Line, at: int, word: str) -> bool:
    """선임 기자: a field here, though it is a role elsewhere."""
    following = line.word(at + 1)
    return word in lexicon.FIELDS and following is not None and lexicon.is_role(following)


def _foreign(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
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
    is_other = lexicon.is_desk(word) or lexicon.is_organisation(word) or word in lexicon.PLACES
    return not is_other and lexicon.split_glued(word) is None


def _is_foreign_family(line: Line, word: str) -> bool:
    return _may_be_family(word) and not lexicon.is_house(word, line.publisher)


def _apart(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    """허 균, 남궁 민: family and given name printed apart."""
    width = _apart_width(line, at)
    return one(line, at, width, Tag.NAME) if width > 1 else None


def _apart_width(line: Line, at: int) -> int:
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
    return lexicon.is_role(word) or lexicon.split_glued(word) is not None or _narrows_next(line, at, word)


def _role_follows(line: Line, at: int) -> bool:
    words = (line.word(index) for index in range(at, min(at + 6, len(line.tokens))))
    return any(word is not None and lexicon.is_role(word) for word in words)


def _institution(line: Line, at: int, before: Sequence[Term]) -> Read | None:
    """이대서울병원, 법무법인 세종, and the department behind an institution."""
    word = line.tokens[at].text
    if lexicon.opens_institution(word):
        return one(line, at, _institution_width(line, at, before), Tag.AFFILIATION)
    if _continues_institution(word, before):
        return one(line, at, 1, Tag.AFFILIATION)
    is_college = lexicon.is_college(word) and not lexicon.is_name(word) and word not in lexicon.PLACES
    return one(line, at, 1, Tag.AFFILIATION) if is_college else None


def _organisation(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    return one(line, at, 1, Tag.AFFILIATION) if lexicon.is_organisation(line.tokens[at].text) else None


def _institution_width(line: Line, at: int, before: Sequence[Term]) -> int:
    """법무법인 세종 takes its second half; a good name alone before the role is the person's."""
    second, third = line.word(at + 1), line.word(at + 2)
    if second is None or lexicon.is_role(second):
        return 1
    has_person = bool(before) and before[-1].tag is Tag.NAME
    is_last = third is None or lexicon.is_role(third)
    if is_last and not has_person and lexicon.is_name(second) and len(second) > 2:
        return 2 if names.reads_unlike(second) else 1
    return 2


def _continues_institution(word: str, before: Sequence[Term]) -> bool:
    """서울아산병원 신경과, 선문대 경제학과."""
    if not before or before[-1].tag not in (Tag.AFFILIATION, Tag.MAYBE_NAME):
        return False
    is_institution = before[-1].tag is Tag.AFFILIATION or lexicon.reads_as_institution(before[-1].text)
    return is_institution and lexicon.is_department(word) and not lexicon.is_role(word)


def _desk(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    """정치부, 연예·이슈팀: the dot stands inside the name of one desk."""
    word, second = line.tokens[at].text, line.word(at + 2)
    is_joined = word in lexicon.FIELDS and line.kind(at + 1) is Kind.JOINER and second is not None
    if is_joined and lexicon.is_desk(second or "") and lexicon.is_desk(line.span(at, at + 2)):
        return one(line, at, 3, Tag.DESK)
    return one(line, at, 1, Tag.DESK) if lexicon.is_desk(word) else None


def _place(line: Line, at: int, before: Sequence[Term]) -> Read | None:
    word = line.tokens[at].text
    if not lexicon.is_place(word) or lexicon.is_organisation(
        word
    ):  # 하나은행 is a ground too, and a bank first
        return None
    count = _place_width(line, at)
    if count == 1 and lexicon.is_name(word):
        return one(line, at, 1, Tag.PLACE_NAME)
    return one(line, at, count, Tag.PLACE)


def _place_width(line: Line, at: int) -> int:
    """대전·충남 홍길동: places joined by a mark are one, as printed; 라스베이거스(미국) too."""
    width = 1
    while line.kind(at + width) in (Kind.JOINER, Kind.COMMA) and line.word(at + width + 1) in lexicon.PLACES:
        third = line.word(at + width + 2)
        if third is None or not (lexicon.is_name(third) or lexicon.split_glued(third)):
            break
        width += 2
    run = [line.kind(at + width + ahead) for ahead in range(3)]
    is_glued = line.at(at + width) is not None and line.tokens[at + width].start == line.tokens[at].end
    if run == [Kind.OPEN, Kind.WORD, Kind.CLOSE] and is_glued and line.word(at + width + 1) in lexicon.PLACES:
        width += 3
    return width


def _latin(line: Line, at: int, before: Sequence[Term]) -> Read | None:
    """Kim Seo-yun, KIM MINSOO: capitalised words; a family name, a hyphen or a label tells a person."""
    if not lexicon.is_latin(line.tokens[at].text):
        return None
    for count in (4, 3, 2):
        run = [line.word(at + ahead) for ahead in range(count)]
        if None in run or any(lexicon.is_role(str(word)) for word in run):
            continue
        texts = [str(word) for word in run]
        if lexicon.is_upper_name(texts) and (line.bold or _role_follows(line, at + count)):
            return one(line, at, count, Tag.NAME)
        if all(map(lexicon.is_latin_name, texts)) and _is_latin_person(line, at + count, texts, before):
            return one(line, at, count, Tag.NAME)
    return None


def _is_latin_person(line: Line, end: int, texts: list[str], before: Sequence[Term]) -> bool:
    is_labelled = bool(before) and (before[-1].tag is Tag.LABEL or before[-1].tag is Tag.MARK)
    word = line.word(end)
    if word is not None and lexicon.is_latin_name(word) and not lexicon.is_role(word):
        return False  # one word more belongs to it, or it is a sentence
    return is_labelled or lexicon.has_roman_surname(texts) or (word is not None and lexicon.is_role(word))


def _name(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    word = line.tokens[at].text
    if not lexicon.is_name(word) or _is_foreign_first(line, at, word):
        return None
    is_doubtful = names.reads_unlike(word) or lexicon.reads_as_institution(word) or len(word) > 4
    return one(line, at, 1, Tag.MAYBE_NAME if is_doubtful else Tag.NAME)


def _is_foreign_first(line: Line, at: int, word: str) -> bool:
    """제임스 리: a word before a lone family name is a given name."""
    following = line.word(at + 1)
    if following is None or len(following) != 1 or following not in names.SURNAMES or not line.bold:
        return False
    return len(word) > 2 and following not in lexicon.FIELDS  # 홍길동 전 장관


def _id(line: Line, at: int, before: Sequence[Term]) -> Read | None:
    """김지현기자 abkim: right behind a reporter's role, and last, stands the head of the address."""
    following = line.word(at + 1)
    if not before or not _ID.fullmatch(line.tokens[at].text) or not (following or "@").startswith("@"):
        return None
    role = before[-2] if before[-1].tag is Tag.OPEN and len(before) > 1 else before[-1]
    is_behind = role.tag is Tag.ROLE and lexicon.is_reporter_role(role.text)
    is_bracketed = before[-1].tag is Tag.OPEN and role.tag is Tag.NAME
    return one(line, at, 1, Tag.CUT) if is_behind or is_bracketed else None


def _field(line: Line, at: int, _before: Sequence[Term]) -> Read | None:
    return one(line, at, 1, Tag.FIELD) if lexicon.is_field(line.tokens[at].text) else None


def _may_be_noise(word: str) -> bool:
    return word in lexicon.IGNORED or word[0] in "@#" or word[-1] in "명인" or word.isdigit()


def _may_be_label(word: str) -> bool:
    return word[0] == "#" or word.strip(".") in lexicon.LABEL_FIRSTS


def _may_be_role(word: str) -> bool:
    return word.isascii() or lexicon.is_role(word)


def _may_be_institution(word: str) -> bool:
    return lexicon.opens_institution(word) or lexicon.is_department(word) or lexicon.is_college(word)


def _may_be_desk(word: str) -> bool:
    return word in lexicon.FIELDS or lexicon.is_desk(word)


READERS: tuple[tuple[Reader, Callable[[str], bool]], ...] = (
    (_noise, _may_be_noise),
    (_label, _may_be_label),
    (_glued, lambda word: lexicon.split_glued(word) is not None),
    (_role, _may_be_role),
    (_foreign, lexicon.FOREIGN.__contains__),
    (_apart, names.SURNAMES.__contains__),
    (_institution, _may_be_institution),
    (_desk, _may_be_desk),
    (_place, lexicon.is_place),
    (_latin, lexicon.is_latin),
    (_name, lexicon.is_name),
    (_organisation, lexicon.is_organisation),
    (_id, lambda word: _ID.fullmatch(word) is not None),
    (_field, lexicon.is_field),
)
"""In this order: the first that knows the word wins. Beside each, what a word must be for it to be asked."""


@lru_cache(maxsize=4096)
def _readers_of(word: str) -> tuple[Reader, ...]:
    """The readers that a word could be for, whatever stands around it."""
    return tuple(reader for reader, may_be in READERS if may_be(word))
