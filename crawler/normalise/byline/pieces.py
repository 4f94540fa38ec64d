"""One credit: a name, and what the terms before and behind it say of the person."""

from __future__ import annotations

from dataclasses import dataclass, replace

from . import lexicon, parts
from .cutting import doubles
from .lexer import DOTS
from .parts import Part
from .terms import INSIDE, Line, Tag, Term

POSTED = frozenset(["특파원", "통신원", "주재기자", "순회특파원", "주재원"])
"""Roles that a place before them does not narrow: it is where the person is."""
_FORMER = frozenset(["전", "현", "前", "現"])
_OFFICES = ("장관", "차관", "사무관", "주무관", "서기관", "대변인", "의원", "대사")
"""Titles of the state: a word in 부 before them is a ministry, not a desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One person and what the line says of them; without a name an address that stands alone."""

    name: str | None = None
    role: str | None = None
    email: str | None = None
    org: str | None = None
    place: str | None = None
    desk: str | None = None
    role_desk: str | None = None
    """A desk behind the name: it stands for the role where none is printed (이정현 미디어연구소)."""
    part: Part = Part.WROTE
    start: int = 0
    end: int = 0
    own: bool = False
    """Place or desk stood behind the person: nobody shares them."""


def read_piece(line: Line, piece: tuple[Term, ...], part: Part) -> tuple[list[Credit], int, Part]:
    """The credit of a piece, before it an address that stands alone; how many words are strange; the label
    that now holds.
    """
    at = next(index for index, term in enumerate(piece) if term.tag is Tag.NAME)
    name, before, behind = piece[at], piece[:at], piece[at + 1 :]
    for term in before:
        part = part_of(term) if term.tag is Tag.LABEL else part
    bare = Credit(name=name.text, part=part, start=_begins(before, name), end=name.end)
    credit, strange, alone = _with_before(bare, before)
    credit, more = _with_behind(line, credit, behind)
    return [*alone, credit], strange + more, part


def part_of(label: Term) -> Part:
    """글·사진: who wrote it too is an author."""
    labels = map(parts.label_within, _label_words(label.text))
    did = {parts.LABELS[word] for word in labels if word is not None}
    if Part.WROTE in did or not did:
        return Part.WROTE
    return Part.TOOK_PICTURES if Part.TOOK_PICTURES in did else Part.OTHER


def _label_words(text: str) -> list[str]:
    if text in parts.LABELS:
        return [text]
    bare = text
    for mark in f"{DOTS}/|&,":
        bare = bare.replace(mark, " ")
    return bare.split()


def _begins(before: tuple[Term, ...], name: Term) -> int:
    """Where the person's raw span begins: at what belongs to it, not at a label or a mark."""
    said = [t for t in before if t.tag not in INSIDE and t.tag not in (Tag.WORD, Tag.FIELD)]
    return said[0].start if said else name.start


def _with_before(credit: Credit, before: tuple[Term, ...]) -> tuple[Credit, int, list[Credit]]:
    alone: list[Credit] = []
    fields: list[str] = []
    orgs: list[str] = []
    strange = 0
    for index, term in enumerate(before):
        if term.tag is Tag.FIELD or narrows(before, index):
            fields.append(term.text)
        elif term.tag is Tag.ROLE:
            credit = replace(credit, role=" ".join([*fields, term.text]))
            fields.clear()
        elif term.tag is Tag.DESK:
            credit = replace(credit, desk=" ".join([*fields, term.text]) if fields else term.text)
            fields.clear()
        elif term.tag is Tag.PLACE:
            credit = replace(credit, place=term.text)
        elif term.tag in (Tag.HOUSE, Tag.AFFILIATION):
            orgs.append(term.text)
        elif term.tag is Tag.EMAIL:
            if credit.email is not None:
                alone.append(Credit(email=credit.email, start=term.start, end=term.end, part=credit.part))
            credit = replace(credit, email=term.text)
        elif term.tag is Tag.WORD:
            strange += 1
    return (replace(credit, org=" ".join(orgs)) if orgs else credit), strange, alone


def narrows(before: tuple[Term, ...], index: int) -> bool:
    """북한 전문기자 홍길동, 증시분석 전문기자 로봇 ET: a word before a role and no name yet."""
    following = before[index + 1] if index + 1 < len(before) else None
    if following is None or following.tag is not Tag.ROLE:
        return False
    if before[index].tag is Tag.PLACE:
        return following.text not in POSTED and not any(term.tag is Tag.NAME for term in before[:index])
    return before[index].tag is Tag.WORD and following.text == "전문기자"


def _with_behind(line: Line, credit: Credit, behind: tuple[Term, ...]) -> tuple[Credit, int]:
    """What stands behind the name: to the role the words between, then address and bracket."""
    role_at = next((at for at, term in enumerate(behind) if term.tag is Tag.ROLE), None)
    if role_at is not None and credit.role is None:
        credit, strange = _with_role(credit, behind[:role_at], behind[role_at:])
    else:
        credit, strange = _with_title(line, credit, behind)
    credit = _with_address(credit, behind)
    return _with_last(credit, behind, role_at), strange


def _with_role(credit: Credit, between: tuple[Term, ...], behind: tuple[Term, ...]) -> tuple[Credit, int]:
    role = behind[0]
    words = [term for term in between if term.tag not in INSIDE and term.tag not in (Tag.EMAIL, Tag.CUT)]
    narrowing: list[str] = []
    is_reporter = lexicon.is_reporter_role(role.text)
    while words and words[-1].tag in (Tag.FIELD, Tag.PLACE) and not _is_bracketed(between, words[-1]):
        narrowing.insert(0, words.pop().text)
    former = [term.text for term in words if term.text in _FORMER]
    words = [term for term in words if term.text not in _FORMER]
    narrowing = [*former, *narrowing]
    if role.text.endswith(_OFFICES):
        words = [replace(term, tag=Tag.AFFILIATION) if term.tag is Tag.DESK else term for term in words]
    has_institution = any(term.tag is Tag.AFFILIATION for term in words)
    if has_institution and not is_reporter and all(map(lexicon.is_place, narrowing)):
        words, narrowing = [*words, *(Term(Tag.AFFILIATION, text, 0, 0) for text in narrowing)], []
    if has_institution and not is_reporter:
        words = _with_country(words)
    credit, strange = _with_words(credit, words)
    if role.text in POSTED and narrowing and lexicon.is_place(narrowing[-1].partition("(")[0]):
        credit = replace(credit, place=credit.place or narrowing.pop())
    said = " ".join([*narrowing, role.text])
    if _is_doubled(behind):
        said += f" 겸 {behind[2].text}"
    elif doubles(behind, 2) and not is_reporter:  # 의학전문기자·약사: the newsroom's role is the byline's
        said += f"{behind[1].text}{behind[2].text}"
    else:
        return replace(credit, role=said, end=role.end), strange
    return replace(credit, role=said, end=behind[2].end), strange


def _with_country(words: list[Term]) -> list[Term]:
    """미국 외교협회: a place right before an institution is of its name."""
    return [
        replace(term, tag=Tag.AFFILIATION)
        if term.tag is Tag.PLACE and behind.tag is Tag.AFFILIATION
        else term
        for term, behind in zip(words, [*words[1:], *words[-1:]], strict=True)
    ]


def _is_bracketed(between: tuple[Term, ...], word: Term) -> bool:
    """홍길동(강릉) 기자: a place of its own, and no part of the role."""
    at = between.index(word)
    return at > 0 and between[at - 1].tag is Tag.OPEN


def _is_doubled(behind: tuple[Term, ...]) -> bool:
    return len(behind) > 2 and behind[1].tag is Tag.ALSO and behind[2].tag is Tag.ROLE


def _with_words(credit: Credit, words: list[Term]) -> tuple[Credit, int]:
    """The words between a name and its role: where the person works."""
    strange = [term for term in words if term.tag is Tag.WORD and term.text.isdigit()]  # 홍길동(52·회사원)
    words = [term for term in words if term not in strange]
    orgs = [term.text for term in words if term.tag in (Tag.HOUSE, Tag.AFFILIATION, Tag.WORD, Tag.FIELD)]
    for term in words:
        if term.tag is Tag.DESK:
            credit = replace(credit, desk=term.text, role_desk=term.text, end=term.end)
        elif term.tag is Tag.PLACE:
            credit = replace(credit, place=credit.place or term.text)
    if orgs:
        credit = replace(credit, org=" ".join([*([credit.org] if credit.org else []), *orgs]))
    return credit, len(strange)


def _with_title(line: Line, credit: Credit, behind: tuple[Term, ...]) -> tuple[Credit, int]:
    """Without a listed role: behind a name, or a name and an institution, the last word is a title."""
    words = [term for term in _until_mark(behind) if term.tag not in INSIDE and term.tag is not Tag.EMAIL]
    orgs = [term for term in words if term.tag in (Tag.HOUSE, Tag.AFFILIATION)]
    last = words[-1] if words else None
    strange = [term for term in words if term.tag in (Tag.WORD, Tag.FIELD)]
    by_institution = any(term.tag is Tag.AFFILIATION for term in orgs) and len(strange) == 1
    is_title = last is not None and (by_institution or (line.bold and lexicon.is_title(last.text)))
    if last is not None and last.tag is Tag.WORD and credit.role is None and is_title:
        credit, more = _with_words(credit, words[:-1])
        return replace(credit, role=last.text, end=last.end), more
    credit, _ = _with_words(credit, [term for term in words if term.tag not in (Tag.WORD, Tag.FIELD)])
    ends = max([credit.end, *(term.end for term in words if term not in strange)])
    return replace(credit, end=ends), len(strange)


def _until_mark(behind: tuple[Term, ...]) -> tuple[Term, ...]:
    stop = next((at for at, term in enumerate(behind) if term.tag is Tag.MARK), len(behind))
    return behind[:stop]


def _with_address(credit: Credit, behind: tuple[Term, ...]) -> Credit:
    for at, term in enumerate(behind):
        if term.tag in (Tag.EMAIL, Tag.CUT):
            closer = behind[at + 1] if at + 1 < len(behind) else None
            is_enclosed = closer is not None and closer.tag is Tag.CLOSE and closer.start == term.end
            end = closer.end if closer is not None and is_enclosed else term.end
            email = credit.email or (term.text if term.tag is Tag.EMAIL else None)
            credit = replace(credit, email=email, end=max(credit.end, end))
    return credit


def _with_last(credit: Credit, behind: tuple[Term, ...], role_at: int | None) -> Credit:
    """홍길동 기자(정치부), 홍길동 변호사(법무법인 세종), 정지훈(상암): what stands behind it all."""
    last = behind[role_at + 1 :] if role_at is not None else _behind_mark(behind)
    for at, term in enumerate(last):
        end = last[at + 1].end if at + 1 < len(last) and last[at + 1].tag is Tag.CLOSE else term.end
        if term.tag is Tag.PLACE:
            credit = replace(credit, place=credit.place or term.text, own=True, end=max(credit.end, end))
        elif term.tag is Tag.DESK:
            credit = replace(credit, desk=credit.desk or term.text, own=True, end=max(credit.end, end))
        elif term.tag in (Tag.HOUSE, Tag.AFFILIATION):
            org = (
                f"{credit.org} {term.text}"
                if credit.org and at and last[at - 1].tag is term.tag
                else term.text
            )
            credit = replace(
                credit, org=org if not credit.org or at else credit.org, end=max(credit.end, term.end)
            )
    return credit


def _behind_mark(behind: tuple[Term, ...]) -> tuple[Term, ...]:
    return behind[len(_until_mark(behind)) :]
