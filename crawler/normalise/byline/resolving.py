"""What the words alone left open, resolved by the words around: each term has one tag afterwards.

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
from .guesses import resolve_rest
from .pieces import POSTED
from .terms import NAMES, Tag, Term

_NOTABLY = 1.0
"""How much better a name must read (a factor of ten): 이도윤 and 박서연 differ by less."""
_USUAL = -4.0
"""The likeness of usual names."""
_BREAKS = frozenset([Tag.MARK, Tag.EMAIL, Tag.CUT, Tag.LABEL, Tag.EQUALS])


def resolve(terms: tuple[Term, ...], *, bold: bool) -> tuple[Term, ...]:
    """The terms with ``PLACE_NAME`` and ``MAYBE_NAME`` made one thing or the other.

    ``bold``: the place in the page says that this is a byline, so that words which nothing knows may be the
    name of a foreigner or of the house before it.
    """
    placed = terms
    if any(term.tag is Tag.PLACE_NAME for term in terms):
        placed = tuple(_resolve_place(terms, at) for at in range(len(terms)))
    placed = _with_heads(_with_second_posts(_with_asides(placed)))
    return tuple(
        term for segment in _segments(placed) for term in resolve_rest(_resolve_segment(segment), bold=bold)
    )


def _with_asides(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """홍길동 대표(이마트), 홍길동 대표 | 이마트: in brackets or past a bar is where one works."""
    settled = list(terms)
    if _is_barred(terms):
        settled[2] = replace(terms[2], tag=Tag.AFFILIATION)
    for at, term in enumerate(terms[:-1]):
        if term.tag is not Tag.ROLE or not _names_before(terms, at):
            continue
        aside = _aside(terms, at + 1)
        is_reporter = lexicon.is_reporter_role(term.text)
        if is_reporter and (len(aside) != 1 or terms[at + 1].tag is not Tag.OPEN):
            continue  # 홍길동 기자(가람): one word is the paper or the town, more may be colleagues
        for index in aside:
            if terms[index].tag in NAMES or terms[index].tag is Tag.WORD:
                settled[index] = replace(terms[index], tag=Tag.HOUSE if is_reporter else Tag.AFFILIATION)
    return tuple(settled)


def _is_barred(terms: tuple[Term, ...]) -> bool:
    """홍길동 | 한샘 대표: past a bar, and before a title, what reads like no name."""
    if len(terms) != 4 or terms[0].tag is not Tag.NAME or terms[1].text not in "|│｜ㅣ¦":
        return False
    if terms[3].tag is not Tag.ROLE or lexicon.is_reporter_role(terms[3].text):
        return False
    return terms[2].tag in (*NAMES, Tag.WORD) and _is_short(terms[2].text)


def _with_heads(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """오늘의집 대표 홍길동, 쿠팡 대표 홍길동: before the title stands where the one behind it works."""
    settled = list(terms)
    for at in range(1, len(terms) - 1):
        head, role, person = terms[at - 1 : at + 2]
        if role.tag is not Tag.ROLE or person.tag not in (Tag.NAME, Tag.MAYBE_NAME):
            continue
        is_closed = at + 2 == len(terms) or terms[at + 2].tag is not Tag.ROLE
        is_head = head.tag in (Tag.MAYBE_NAME, Tag.WORD) or (head.tag is Tag.NAME and _is_short(head.text))
        if not is_head or not is_closed or lexicon.is_reporter_role(role.text):
            continue
        margin = 0 if head.tag is Tag.NAME else _NOTABLY
        if names.likeness(person.text) > names.likeness(head.text) + margin:
            settled[at - 1] = replace(head, tag=Tag.AFFILIATION)
    return tuple(settled)


def _is_short(word: str) -> bool:
    """한샘, 기아: as a name seldom, and seldom beside one of three syllables."""
    return len(word) == 2 or names.reads_unlike(word)


def _with_second_posts(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """홍길동 한빛대 교수·리셋 코리아 자문위원: past a title, what reads unlike a name is of a second post."""
    settled = list(terms)
    for at in range(2, len(terms)):
        title, mark, word = terms[at - 2 : at + 1]
        is_behind = (
            title.tag is Tag.ROLE and mark.tag is Tag.MARK and not lexicon.is_reporter_role(title.text)
        )
        is_odd = word.tag in (Tag.MAYBE_NAME, Tag.WORD) and names.reads_unlike(word.text)
        if not is_behind or not is_odd or not _names_before(terms, at - 2):
            continue
        for index in range(at, len(terms)):
            if settled[index].tag not in (Tag.MAYBE_NAME, Tag.WORD, Tag.FIELD):
                break
            settled[index] = replace(settled[index], tag=Tag.AFFILIATION)
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


def _resolve_place(terms: tuple[Term, ...], at: int) -> Term:
    term = terms[at]
    if term.tag is not Tag.PLACE_NAME:
        return term
    return replace(term, tag=Tag.NAME if _is_person(terms, at) else Tag.PLACE)


def _is_person(terms: tuple[Term, ...], at: int) -> bool:
    """이천 기자, 정선 hong@...: the only name that the role or the address can have."""
    before = terms[at - 1] if at else None
    if before is not None and (
        before.tag is Tag.NAME or (before.tag is Tag.MAYBE_NAME and _is_posted(terms, at))
    ):
        return False
    if before is not None and before.tag is Tag.HOUSE and at > 1 and terms[at - 2].tag is Tag.NAME:
        return False  # 홍길동 한빛경제 용인 주재기자
    if before is not None and before.tag is Tag.OPEN and at > 1 and terms[at - 2].tag in NAMES:
        return False  # 홍길동(강릉) 기자
    following = terms[at + 1] if at + 1 < len(terms) else None
    if following is None:
        return False
    if following.tag in (Tag.EMAIL, Tag.CUT):
        return True
    return _next_said(terms, at + 1) is Tag.ROLE


def _is_posted(terms: tuple[Term, ...], at: int) -> bool:
    """우순자 서귀포 주재기자: before such a role stands where its reporter is posted."""
    role = terms[at + 1] if at + 1 < len(terms) else None
    return role is not None and role.tag is Tag.ROLE and role.text in POSTED


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


def _resolve_segment(segment: tuple[Term, ...]) -> tuple[Term, ...]:
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
    is_housed = any(term.tag is Tag.AFFILIATION and _is_whole(term.text) for term in segment)
    plain = [at for at in named if is_housed or _may_stand_alone(segment[at].text, role)]
    if not plain:
        return set()
    person = nearest if nearest in plain else plain[-1]
    best = max(plain, key=lambda at: _likeness(segment[at].text))
    is_notable = _likeness(segment[best].text) > _likeness(segment[person].text) + _NOTABLY
    return {
        best if is_notable else person
    }  # 나예담 오늘의집 대표: the better name, though it stands further off


def _is_whole(institution: str) -> bool:
    """동덕여대, 법무법인 서정; not 경제학과, which may be of the doubtful word before it (강남대)."""
    return not institutions.is_department(institution) or institutions.is_university(institution)


def _may_stand_alone(word: str, role: str | None) -> bool:
    if institutions.reads_as_institution(word):
        return False
    if role is None and len(word.rstrip("123456789")) - len(names.surname_of(word) or "") > 2:
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
