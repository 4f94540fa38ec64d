"""Words that nothing knows, resolved last: a foreigner's name, or the house or institution beside a name."""

from __future__ import annotations

from dataclasses import replace

from . import institutions, latin, lexicon, names
from .terms import Tag, Term


def resolve_rest(segment: tuple[Term, ...], *, bold: bool) -> tuple[Term, ...]:
    segment = _with_latin_aside(segment)
    role_at = next((at for at, term in enumerate(segment) if term.tag is Tag.ROLE), None)
    name_at = next((at for at, term in enumerate(segment) if term.tag is Tag.NAME), None)
    if bold and _is_word_for_name(segment):
        return (replace(segment[0], tag=Tag.NAME), segment[1])
    if role_at is not None and name_at is None:
        return _with_foreigner(segment, role_at, bold=bold)
    if name_at is None and role_at is None:
        return _with_foreigner(segment, len(segment), bold=bold)
    if name_at is not None and role_at is not None and bold:
        return _with_guess(segment, name_at, segment[role_at].text)
    return segment


def _is_word_for_name(segment: tuple[Term, ...]) -> bool:
    """하나 기자: a word that is a given name too, and nothing else than it and the role."""
    if len(segment) != 2 or segment[0].tag is not Tag.WORD or segment[1].tag is not Tag.ROLE:
        return False
    word, role = segment[0].text, segment[1].text
    return word in names.NATIVE and len(word) > 1 and lexicon.is_reporter_role(role)


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
    if words and len(words[-3:]) > 1 and all(map(latin.is_latin_name, words[-3:])):
        return len(words[-3:]) if role is not None or latin.has_roman_surname(words[-3:]) else 0
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
    is_letters = lexicon.is_hangul_word(word) or latin.is_latin_name(word)
    is_other = institutions.reads_as_institution(word) or lexicon.is_machine(word)
    return is_letters and not is_other and not lexicon.has_particle(word)


def _with_guess(segment: tuple[Term, ...], name_at: int, role: str) -> tuple[Term, ...]:
    """한빛비즈 김서윤 기자, 다온소프트 김서윤 대표: what stands before the name is where the person works."""
    end = name_at
    while end and segment[end - 1].tag is Tag.DESK:
        end -= 1  # 한빛비즈 정치부 김서윤 기자
    run = _words_before(segment, end)
    is_plain = all(_may_be_house(term.text) for term in run)
    if not run or len(run) > 3 or not is_plain:
        return segment
    tag = Tag.HOUSE if lexicon.is_reporter_role(role) else Tag.AFFILIATION
    guessed = tuple(replace(term, tag=tag if len(term.text) > 1 else Tag.NOISE) for term in run)
    return (*segment[: end - len(run)], *guessed, *segment[end:])


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
        and latin.is_latin_name(term.text)
        else term
        for at, term in enumerate(segment)
    )
