"""Bylines made from the grammar are read back; no text whatever raises or takes long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalise.byline import merge, parse_header, parse_lead, parse_signature
from crawler.normalise.byline.lexer import EMAIL, LONGEST_LINE, tokenise
from crawler.normalise.byline.lexicon import is_name

FAMILY = st.sampled_from(
    [
        "김",
        "이",
        "박",
        "최",
        "정",
        "강",
        "조",
        "윤",
        "장",
        "임",
        "한",
        "오",
        "서",
        "신",
        "권",
        "황",
        "안",
        "송",
        "전",
        "홍",
        "남궁",
        "황보",
        "선우",
    ]
)
GIVEN = st.sampled_from(
    [
        "민수",
        "지영",
        "서연",
        "도윤",
        "하은",
        "예준",
        "수빈",
        "현우",
        "지호",
        "유진",
        "은채",
        "태형",
        "가람",
        "나래",
        "빛나",
        "솔",
    ]
)
NAMES = st.builds(str.__add__, FAMILY, GIVEN).filter(is_name)
ROLES = st.sampled_from(
    [
        "기자",
        "선임기자",
        "인턴기자",
        "특파원",
        "논설위원",
        "객원기자",
        "PD",
        "앵커",
        "칼럼니스트",
        "전문기자",
        "기상캐스터",
    ]
)
PLACES = st.sampled_from(
    ["서울", "세종", "부산", "도쿄", "워싱턴", "잠실", "수원", "고척", "베이징", "광주", "전주", "제주"]
)
HOUSES = st.sampled_from(
    ["마이데일리", "CBS노컷뉴스", "MK스포츠", "헤럴드경제", "점프볼", "OSEN", "텐아시아", "뉴시스"]
)
EMAILS = st.from_regex(
    r"[a-z]{3,8}[0-9]{0,3}@(?:mt\.co\.kr|newsis\.com|fnnews\.com|news1\.kr)", fullmatch=True
)
SEPARATORS = st.sampled_from(["·", ", ", "/", " & ", "ㆍ"])


@given(name=NAMES, role=ROLES, email=st.none() | EMAILS, first=st.booleans())
def test_one_person_is_read_back(name: str, role: str, email: str | None, first: bool) -> None:
    line = f"{name} {role}"
    if email:
        line = f"{email} {line}" if first else f"{line} ({email})"
    (person,) = parse_header(line, publisher=None)
    assert (person.name, person.role, person.email) == (name, role, email)


@given(names=st.lists(NAMES, min_size=2, max_size=4, unique=True), role=ROLES, separator=SEPARATORS)
def test_people_share_the_role_behind_the_last(names: list[str], role: str, separator: str) -> None:
    people = parse_header(f"{separator.join(names)} {role}", publisher=None)
    assert [(person.name, person.role) for person in people] == [(name, role) for name in names]


@given(
    rows=st.lists(st.tuples(NAMES, ROLES, EMAILS), min_size=1, max_size=4),
    separator=st.sampled_from([" ", ", ", " / "]),
)
def test_repeated_full_bylines_are_read_back(rows: list[tuple[str, str, str]], separator: str) -> None:
    people = parse_signature(separator.join(f"{name} {role} {mail}" for name, role, mail in rows), None)
    assert people is not None
    assert [(person.name, person.role, person.email) for person in people] == rows


@given(name=NAMES, place=PLACES, house=HOUSES, equals=st.sampled_from(["=", " = "]), glued=st.booleans())
def test_place_and_house_are_read_back(name: str, place: str, house: str, equals: str, glued: bool) -> None:
    role = "기자" if glued else " 기자"
    (person,) = parse_header(f"{place}{equals}{house} {name}{role}", publisher=None)
    assert (person.name, person.role, person.place, person.organisation) == (name, "기자", place, house)


@given(
    names=st.lists(NAMES, min_size=1, max_size=3, unique=True),
    place=PLACES,
    house=HOUSES,
    pair=st.sampled_from(["[]", "()", "【】"]),
)
def test_a_wire_lead_in_is_read_back(names: list[str], place: str, house: str, pair: str) -> None:
    lead = parse_lead(f"{pair[0]}{place}={house}{pair[1]} {' '.join(names)} 기자 = 정부는 1일 밝혔다.", None)
    assert lead.dateline is not None
    assert (lead.dateline.place, lead.dateline.agency) == (place, house)
    assert [person.name for person in lead.people] == names


@given(name=NAMES, place=PLACES, house=HOUSES, sep=st.sampled_from([", ", "/", " "]))
def test_a_house_lead_in_is_read_back(name: str, place: str, house: str, sep: str) -> None:
    lead = parse_lead(f"[{house}={place}{sep}{name} 기자] 경기가", None)
    assert lead.dateline is not None
    assert (lead.dateline.place, lead.dateline.agency) == (place, house)
    assert [(person.name, person.role) for person in lead.people] == [(name, "기자")]


LOOSE = st.text(
    alphabet=st.sampled_from("김이박홍길동기자특파원서울=·/|,()[]【】<>@. a1\n뉴스사진글☞▶ⓒ-:"), max_size=80
)


@given(text=st.text(max_size=120) | LOOSE)
def test_no_text_raises(text: str) -> None:
    header = parse_header(text, publisher=text[:5] or None)
    lead = parse_lead(text, None)
    signature = parse_signature(text, None)
    for person in [*header, *lead.people, *(signature or ())]:
        assert person.name or person.email
        assert person.email is None or EMAIL.fullmatch(person.email)
        assert person.name is None or "기자" not in person.name.split()
    merge(header, lead, signature or (), [text])


@given(text=LOOSE)
def test_a_lead_in_is_printed_in_the_paragraph(text: str) -> None:
    assert parse_lead(text, None).raw in text


LONG = ["가" * 100_000, "홍길동 기자 " * 15_000, "a@" * 50_000, "[(" * 50_000, "= " * 50_000, "a." * 50_000]


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:6])
def test_long_text_takes_no_time(text: str) -> None:
    started = time.process_time()
    parse_header(text, publisher=None)
    parse_lead(text, None)
    parse_signature(text, None)
    assert time.process_time() - started < 1  # measured: under 0.01 s


def test_the_lexer_refuses_what_is_no_byline() -> None:
    with pytest.raises(ValueError, match="at most"):
        tokenise("가" * (LONGEST_LINE + 1))
