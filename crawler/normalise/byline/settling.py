"""What the words alone left open, settled by the words around: each term has one tag afterwards.

The rules, in a segment (the words that one role can close):

1. A word that is a name and a place is the place where a name stands beside it, the name where a role does.
2. A word that reads as an institution or unlike a name is one where a better name stands beside it.
3. Alone before a role it is the person, for nobody whom a role stands beside is lost; save that one that
   reads as an institution is no person before a title that newsrooms do not give (강남대 교수).
4. A title that newsrooms do not give closes one credit: of two names without a mark between them, the one
   that reads much less like a name is where the other works (이마트 김서윤 대표).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from . import institutions, lexicon, names
from .terms import NAMES, Tag, Term

_NOTABLY = 1.0
"""How much better a name must read (a factor of ten): 이도윤 and 박서연 differ by less."""
_USUAL = -4.0
"""The likeness of usual names."""
_BREAKS = frozenset([Tag.MARK, Tag.EMAIL, Tag.CUT, Tag.LABEL, Tag.EQUALS])


def settle(terms: tuple[Term, ...], *, bold: bool) -> tuple[Term, ...]:
    """The terms with ``PLACE_NAME`` and ``MAYBE_NAME`` made one thing or the other.

    ``bold``: the place in the page says that this is a byline, so that words which nothing knows may be the
    name of a foreigner or of the house before it.
    """
    placed = terms
    if any(term.tag is Tag.PLACE_NAME for term in terms):
        placed = tuple(_settle_place(terms, at) for at in range(len(terms)))
    placed = _with_heads(_with_asides(placed))
    return tuple(
        term for segment in _segments(placed) for term in _settle_rest(_settle_segment(segment), bold=bold)
    )


def _with_asides(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """홍길동 대표(이마트), 홍길동 대표 | 이마트: in brackets or past a bar is where one works."""
    settled = list(terms)
    for at, term in enumerate(terms[:-1]):
        if term.tag is not Tag.ROLE or lexicon.is_reporter_role(term.text) or not _names_before(terms, at):
            continue
        for index in _aside(terms, at + 1):
            if terms[index].tag in NAMES or terms[index].tag is Tag.WORD:
                settled[index] = replace(terms[index], tag=Tag.AFFILIATION)
    return tuple(settled)


def _with_heads(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """오늘의집 대표 홍길동, 쿠팡 대표 홍길동: before the title stands where the one behind it works."""
    settled = list(terms)
    for at in range(1, len(terms) - 1):
        head, role, person = terms[at - 1 : at + 2]
        is_closed = at + 2 == len(terms) or terms[at + 2].tag is not Tag.ROLE
        is_head = head.tag in (Tag.MAYBE_NAME, Tag.WORD) and person.tag in (Tag.NAME, Tag.MAYBE_NAME)
        if role.tag is not Tag.ROLE or not is_head or not is_closed or lexicon.is_reporter_role(role.text):
            continue
        if names.likeness(person.text) > names.likeness(head.text) + _NOTABLY:
            settled[at - 1] = replace(head, tag=Tag.AFFILIATION)
    return tuple(settled)


def _names_before(terms: tuple[Term, ...], at: int) -> bool:
    return any(term.tag in NAMES for term in terms[:at])


def _aside(terms: tuple[Term, ...], at: int) -> range:
    """The terms in the bracket that opens at ``at``, or past the bar there; none with a role among them."""
    opener = terms[at]
    if opener.tag is Tag.OPEN:
        ends = (index for index in range(at, len(terms)) if terms[index].tag is Tag.CLOSE)
        inside = range(at + 1, next(ends, len(terms)))
    elif opener.tag is Tag.MARK and opener.text in "|│｜ㅣ¦":
        inside = range(at + 1, len(terms))
    else:
        return range(0)
    said = (Tag.ROLE, Tag.EMAIL, Tag.LABEL, Tag.MARK, Tag.CUT)
    return range(0) if any(terms[index].tag in said for index in inside) else inside


def _settle_place(terms: tuple[Term, ...], at: int) -> Term:
    term = terms[at]
    if term.tag is not Tag.PLACE_NAME:
        return term
    return replace(term, tag=Tag.NAME if _is_person(terms, at) else Tag.PLACE)


def _is_person(terms: tuple[Term, ...], at: int) -> bool:
    """이천 기자, 정선 hong@...: the only name that the role or the address can have."""
    before = terms[at - 1] if at else None
    if before is not None and before.tag is Tag.NAME:
        return False
    if before is not None and before.tag is Tag.OPEN and at > 1 and terms[at - 2].tag in NAMES:
        return False  # 홍길동(강릉) 기자
    following = terms[at + 1] if at + 1 < len(terms) else None
    if following is None:
        return False
    if following.tag in (Tag.EMAIL, Tag.CUT):
        return True
    return _next_said(terms, at + 1) is Tag.ROLE


def _next_said(terms: tuple[Term, ...], at: int) -> Tag | None:
    """The tag of the next term past a mark or a bracket; None where an address or nothing comes first."""
    for term in terms[at : at + 2]:
        if term.tag in (Tag.MARK, Tag.OPEN, Tag.CLOSE):
            continue
        return term.tag
    return None


def _segments(terms: tuple[Term, ...]) -> Iterator[tuple[Term, ...]]:
    """Runs of terms that one role can close: up to a mark, an address, a label or the role itself."""
    start = 0
    for at, term in enumerate(terms):
        if (term.tag in _BREAKS or term.opens) and at > start:
            yield terms[start:at]
            start = at
        if term.tag is Tag.ROLE and any(t.tag in NAMES or t.tag is Tag.WORD for t in terms[start:at]):
            yield terms[start : at + 1]
            start = at + 1
    if start < len(terms):
        yield terms[start:]


def _settle_segment(segment: tuple[Term, ...]) -> tuple[Term, ...]:
    named = [at for at, term in enumerate(segment) if term.tag in (Tag.NAME, Tag.MAYBE_NAME)]
    if not named:
        return segment
    role = next((term.text for term in segment if term.tag is Tag.ROLE), None)
    people = _people_among(segment, named, role)
    joined = _foreign_whole(segment, named, people)
    if joined is not None:
        return joined
    if all(segment[at].tag is Tag.NAME and at in people for at in named):
        return segment
    return tuple(
        replace(term, tag=_tag_of(term, at in people, role)) if at in named else term
        for at, term in enumerate(segment)
    )


def _tag_of(term: Term, is_person: bool, role: str | None) -> Tag:
    if is_person:
        return Tag.NAME
    if term.tag is Tag.MAYBE_NAME and lexicon.reads_as_prose(term.text):
        return Tag.WORD
    is_house = role is not None and lexicon.is_reporter_role(role)
    return Tag.HOUSE if is_house else Tag.AFFILIATION


def _people_among(segment: tuple[Term, ...], named: list[int], role: str | None) -> set[int]:
    """Which of the words that could be names are people."""
    sure = [at for at in named if segment[at].tag is Tag.NAME]
    by_newsroom = role is not None and lexicon.is_reporter_role(role)
    if not sure:
        return _doubtful_people(segment, named, role, by_newsroom=by_newsroom)
    if by_newsroom or role is None:
        return set(sure) | {at for at in named if _is_colleague(segment, at, by_newsroom=by_newsroom)}
    best = max(_likeness(segment[at].text) for at in sure)
    return {at for at in sure if _likeness(segment[at].text) > best - _NOTABLY}


def _likeness(name: str) -> float:
    """A foreign name is told by other signs than its syllables."""
    found = names.likeness(name)
    return _USUAL if found == -math.inf else found


def _is_colleague(segment: tuple[Term, ...], at: int, *, by_newsroom: bool) -> bool:
    """A rare name among reporters (장결 김서윤 기자): of three syllables or fewer, like no institution."""
    word = segment[at].text
    beside = [term.tag for term in (*segment[max(0, at - 1) : at], *segment[at + 1 : at + 2])]
    is_listed = Tag.NAME in beside or Tag.MAYBE_NAME in beside
    return by_newsroom and is_listed and len(word) <= 3 and not institutions.reads_as_institution(word)


def _doubtful_people(
    segment: tuple[Term, ...], named: list[int], role: str | None, *, by_newsroom: bool
) -> set[int]:
    nearest = _nearest(segment, named)
    if by_newsroom:
        return {nearest} | {at for at in named if _is_colleague(segment, at, by_newsroom=True)}
    plain = [at for at in named if _may_stand_alone(segment[at].text, role)]
    if not plain:
        return set()
    person = nearest if nearest in plain else plain[-1]
    best = max(plain, key=lambda at: _likeness(segment[at].text))
    is_notable = _likeness(segment[best].text) > _likeness(segment[person].text) + _NOTABLY
    return {
        best if is_notable else person
    }  # 나예담 오늘의집 대표: the better name, though it stands further off


def _may_stand_alone(word: str, role: str | None) -> bool:
    if institutions.reads_as_institution(word):
        return False
    if role is None and len(word.rstrip("123456789")) > 3:
        return False  # 공감언론: a slogan; no Korean name has three syllables behind the first
    return role is not None or not (names.reads_unlike(word) and institutions.is_department(word))


def _nearest(segment: tuple[Term, ...], named: list[int]) -> int:
    """The name that stands nearest to the role; the last before it wins."""
    roles = [at for at, term in enumerate(segment) if term.tag is Tag.ROLE]
    if not roles:
        return named[-1]
    return min(named, key=lambda at: (abs(at - roles[0]), -at))


def _foreign_whole(segment: tuple[Term, ...], named: list[int], people: set[int]) -> tuple[Term, ...] | None:
    """안드레이 란코프 국민대 교수: four syllables under a one-syllable family name, one word behind."""
    first = named[0]
    word = segment[first]
    behind = segment[first + 1] if first + 1 < len(segment) else None
    is_foreign = len(word.text) == 4 and word.text[:2] not in names.SURNAMES and word.tag is Tag.MAYBE_NAME
    if not is_foreign or behind is None or first not in people or len(people) > 1:
        return None
    is_half = behind.tag is Tag.WORD and lexicon.is_hangul_word(behind.text)
    if not is_half or institutions.reads_as_institution(word.text):
        return None
    whole = Term(Tag.NAME, f"{word.text} {behind.text}", word.start, behind.end, word.opens)
    return (*segment[:first], whole, *segment[first + 2 :])


# --- words that nothing knows ----------------------------------------------------------------------


def _settle_rest(segment: tuple[Term, ...], *, bold: bool) -> tuple[Term, ...]:
    segment = _with_latin_aside(segment)
    role_at = next((at for at, term in enumerate(segment) if term.tag is Tag.ROLE), None)
    name_at = next((at for at, term in enumerate(segment) if term.tag is Tag.NAME), None)
    if role_at is not None and name_at is None:
        return _with_foreigner(segment, role_at, bold=bold)
    if name_at is None and role_at is None:
        return _with_foreigner(segment, len(segment), bold=bold)
    if name_at is not None and role_at is not None and bold:
        return _with_guess(segment, name_at, segment[role_at].text)
    return segment


def _with_foreigner(segment: tuple[Term, ...], end: int, *, bold: bool) -> tuple[Term, ...]:
    """존 스미스 특파원, John Smith 기자, 라일라 기자: the words before the role are the name."""
    run = _words_before(segment, end)
    role = segment[end].text if end < len(segment) else None
    count = _foreign_count([term.text for term in run], role, bold=bold)
    if not count:
        return segment
    first, last = run[-count], run[-1]
    text = " ".join(term.text for term in run[-count:])
    name = Term(Tag.NAME, text, first.start, last.end, first.opens)
    return (*segment[: end - count], name, *segment[end:])


def _words_before(segment: tuple[Term, ...], end: int) -> list[Term]:
    start = end
    while start and segment[start - 1].tag is Tag.WORD:
        start -= 1
    return list(segment[start:end])


def _foreign_count(words: list[str], role: str | None, *, bold: bool) -> int:
    """How many of the last words are a foreign name; 0 for none."""
    if words and len(words[-3:]) > 1 and all(map(lexicon.is_latin_name, words[-3:])):
        return len(words[-3:]) if role is not None or lexicon.has_roman_surname(words[-3:]) else 0
    last = words[-3:]
    if not last or not all(map(_may_be_foreign, last)):
        return 0
    if len(last) == 2 and last[1] in names.SURNAMES:
        return 2
    if role is None or role == "전문기자" or not bold:  # 증시분석 전문기자 로봇 ET: the field of the role
        return 0
    if lexicon.is_reporter_role(role) or len(last) > 1:
        return len(last) if len("".join(last)) > 1 else 0
    return 0


def _may_be_foreign(word: str) -> bool:
    is_letters = lexicon.is_hangul_word(word) or lexicon.is_latin_name(word)
    return is_letters and not institutions.reads_as_institution(word) and not lexicon.has_particle(word)


def _with_guess(segment: tuple[Term, ...], name_at: int, role: str) -> tuple[Term, ...]:
    """한빛비즈 김서윤 기자, 다온소프트 김서윤 대표: what stands before the name is where the person works."""
    run = _words_before(segment, name_at)
    is_plain = all(_may_be_house(term.text) for term in run)
    if not run or len(run) > 3 or not is_plain:
        return segment
    tag = Tag.HOUSE if lexicon.is_reporter_role(role) else Tag.AFFILIATION
    guessed = tuple(replace(term, tag=tag if len(term.text) > 1 else Tag.NOISE) for term in run)
    return (*segment[: name_at - len(run)], *guessed, *segment[name_at:])


def _may_be_house(word: str) -> bool:
    if lexicon.looks_like_house(word):
        return True
    return not lexicon.is_common_word(word) and not lexicon.reads_as_prose(word)


def _with_latin_aside(segment: tuple[Term, ...]) -> tuple[Term, ...]:
    """글=홍길동기자(Dispatch): a word of another script in brackets is a house."""
    kinds = [term.tag for term in segment]
    if Tag.OPEN not in kinds:
        return segment
    return tuple(
        replace(term, tag=Tag.HOUSE)
        if kinds[max(0, at - 1) : at + 2] == [Tag.OPEN, Tag.WORD, Tag.CLOSE]
        and lexicon.is_latin_name(term.text)
        else term
        for at, term in enumerate(segment)
    )
