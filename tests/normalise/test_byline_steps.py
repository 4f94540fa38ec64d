"""The steps from a printed line to people, each held by a table of its own."""

from __future__ import annotations

import pytest

from crawler.normalise.byline import names
from crawler.normalise.byline.credits import read_credits
from crawler.normalise.byline.lexer import Kind, tokenise
from crawler.normalise.byline.parts import Part
from crawler.normalise.byline.people import people_of
from crawler.normalise.byline.pieces import Credit
from crawler.normalise.byline.resolving import resolve
from crawler.normalise.byline.tagging import tag
from crawler.normalise.byline.terms import Line, Tag, Term, line_of

TOKENS = [
    ("홍길동 기자 hong@x.com", "word word email"),
    ("홍길동 기자hong@x.com", "word word email"),
    ("hong(at)x.co.kr", "email"),
    ("hong [at] x.co.kr", "email"),
    ("hong＠x.com", "email"),
    ("hong@", "cut"),
    ("◎뉴시스 [email protected]", "word cut"),
    ("홍길동?이순신", "word joiner word"),
    ("글_홍길동", "word colon word"),
    ("Kim A and Lee B", "word word joiner word word"),
    ("글=홍길동·이순신/기자", "word equals word joiner word slash word"),
]

TAGS = [
    ("홍길동 기자", "name role"),
    ("홍길동기자", "name role"),
    ("이천 기자", "name or place role"),
    ("이천=홍길동 기자", "place name role"),
    ("선온대 경제학과 홍길동 교수", "name or institution affiliation name role"),
    ("법무법인 세종 홍길동 변호사", "affiliation name role"),
    ("이마트 홍길동 대표", "name or institution name role"),
    ("한빛비즈 홍길동 기자", "word name role"),
    ("MBC뉴스 홍길동", "house name"),
    ("서울신문 국제부 홍길동 선임기자", "house desk name role"),
    ("글·사진 홍길동 기자", "label name role"),
    ("글/홍길동기자 · 사진/이순신기자", "label name role separator label name role"),
    ("Reporting by Kim Seo-yun; Editing by Park Do-hyun", "label name separator label name"),
    ("허 균·나 은 기자", "name separator name role"),
    ("남궁 민 기자", "name role"),
    ("마이클 브린 칼럼니스트", "name role"),
    ("홍길동 농촌진흥청장", "name role"),
    ("홍길동 서울시교육감", "name role"),
    ("홍길동 춘천시장", "name role"),
    ("홍길동 기자 gildong", "name role cut address"),
    ("#경제 홍길동 기자", "noise name role"),
    ("#글_홍길동", "label name"),
    ("홍길동 기자 외 2명", "name role noise noise"),
]

SETTLED = [
    ("이천 기자", "name role"),
    ("홍길동 기자 이천", "name role place"),
    ("선온대 경제학과 홍길동 교수", "affiliation affiliation name role"),
    ("선문대 경제학과 교수", "affiliation affiliation role"),
    ("이마트 홍길동 대표", "affiliation name role"),
    ("홍길동 이마트 대표", "name affiliation role"),
    ("민병원 홍길동 원장", "affiliation name role"),
    ("민병원 원장", "affiliation role"),
    ("민병원 기자", "name role"),
    ("한빛비즈 홍길동 기자", "house name role"),
    ("가나다넷 홍길동 기자", "house name role"),
    ("홍길동 이순신 기자", "name name role"),
    ("장결 홍길동 기자", "name name role"),
    ("윤규국 이철배 기자", "name name role"),
    ("임은진 홍국기 최평천 기자", "name name name role"),
    ("김앤장 법률사무소 홍길동 변호사", "affiliation name role"),
    ("홍길동 대표(한샘)", "name role ( affiliation )"),
    ("홍길동 대표 | 오리온", "name role separator affiliation"),
    ("라일라 기자", "name role"),
    ("존 스미스 특파원", "name role"),
    ("안드레이 란코프 국민대 교수", "name affiliation role"),
    ("홍길동기자(Dispatch)", "name role ( house )"),
    ("한빛이 돕는 홍길동 기자", "word word name role"),
]

CREDITS: list[tuple[str, list[dict[str, object]]]] = [
    ("홍길동 기자", [{"name": "홍길동", "role": "기자"}]),
    ("홍길동 기자(정치부), 이순신 기자", [{"desk": "정치부", "own": True}, {"desk": None, "name": "이순신"}]),
    ("홍길동 변호사(법무법인 세종)", [{"org": "법무법인 세종", "role": "변호사"}]),
    ("홍길동 중국 전문기자", [{"role": "중국 전문기자"}]),
    ("홍길동 더한빛 기자", [{"role": "기자", "org": "더한빛"}]),
    ("홍길동 도쿄 특파원", [{"role": "특파원", "place": "도쿄"}]),
    ("홍길동 기자 겸 앵커", [{"role": "기자 겸 앵커"}]),
    ("홍길동 선임기자, 이순신 교육연수생", [{"role": "선임기자"}, {"role": "교육연수생"}]),
    ("a@x.com 홍길동 기자 b@x.com 이순신 기자", [{"email": "a@x.com"}, {"email": "b@x.com"}]),
    ("홍길동·이순신 기자", [{"role": None}, {"role": "기자"}]),
    ("글=홍길동, 사진=이순신 기자", [{"part": Part.WROTE}, {"part": Part.TOOK_PICTURES}]),
]

PEOPLE = [
    ("홍길동·이순신 기자", ["홍길동 기자", "이순신 기자"]),
    ("홍길동·이순신 기자 a@x.com", ["홍길동 기자", "이순신 기자", "a@x.com"]),
    ("홍길동·이순신 기자 a@x.com b@x.com", ["홍길동 기자 a@x.com", "이순신 기자 b@x.com"]),
    ("사진=이순신 기자, 글=홍길동 기자", ["홍길동 기자", "이순신 사진"]),
    ("사진=이순신 기자", []),
    ("글·사진=홍길동 기자", ["홍길동 기자"]),
    ("글=홍길동 기자, 그래픽=이순신 기자", ["홍길동 기자"]),
    ("홍길동기자 hong/홍길동", ["홍길동 기자"]),
    ("온라인뉴스팀 a@x.com", ["온라인뉴스팀 a@x.com"]),
]


def line(text: str) -> Line:
    return line_of(text, None, bold=True)


def tags(terms: tuple[Term, ...]) -> str:
    return " ".join(term.tag.value for term in terms)


def settled(text: str) -> tuple[Term, ...]:
    return resolve(tag(line(text)), bold=True)


@pytest.mark.parametrize(("text", "kinds"), TOKENS)
def test_a_line_is_cut_into_tokens(text: str, kinds: str) -> None:
    assert [token.kind for token in tokenise(text)] == [Kind[kind.upper()] for kind in kinds.split()]


@pytest.mark.parametrize(("text", "expected"), TAGS)
def test_tokens_are_tagged(text: str, expected: str) -> None:
    assert tags(tag(line(text))) == expected


@pytest.mark.parametrize(("text", "expected"), SETTLED)
def test_what_is_open_is_settled_by_the_words_around(text: str, expected: str) -> None:
    assert tags(settled(text)) == expected


@pytest.mark.parametrize(("text", "expected"), CREDITS)
def test_terms_are_cut_into_credits(text: str, expected: list[dict[str, object]]) -> None:
    found: tuple[Credit, ...] = read_credits(line(text), settled(text)).credits
    assert [
        {key: getattr(one, key) for key in want} for one, want in zip(found, expected, strict=True)
    ] == expected


@pytest.mark.parametrize(("text", "expected"), PEOPLE)
def test_credits_are_dealt_out_to_people(text: str, expected: list[str]) -> None:
    people = people_of(line(text), read_credits(line(text), settled(text))).people
    assert [" ".join(part for part in (p.name, p.role, p.email) if part) for p in people] == expected


@pytest.mark.parametrize(
    ("name", "word"), [("김서윤", "이마트"), ("박도현", "배나채"), ("홍길동", "한빛비즈")]
)
def test_a_name_reads_more_like_a_name(name: str, word: str) -> None:
    assert names.likeness(name) > names.likeness(word) + 1
    assert not names.reads_unlike(name)


def test_every_term_lies_in_the_line_and_keeps_its_order() -> None:
    for text, _ in [*TAGS, *SETTLED]:
        terms = settled(text)
        assert [term.start for term in terms] == sorted(term.start for term in terms)
        assert all(text[term.start : term.end] for term in terms)
    assert Tag.MAYBE_NAME not in {term.tag for text, _ in SETTLED for term in settled(text)}
