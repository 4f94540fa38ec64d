"""Header, lead-in, signature and hints of one page joined into one list."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from crawler.normalise.byline import merge, parse_header, parse_lead, parse_signature
from storage.records import Person

Parts = tuple[str | None, ...]


def joined(
    header: str = "", lead: str = "", signature: Sequence[str] = (), hints: Sequence[str] = ()
) -> list[Parts]:
    publisher = "파이낸셜뉴스"
    signed: list[Person] = []
    for line in signature:
        signed += parse_signature(line, publisher) or ()
    people = merge(parse_header(header, publisher=publisher), parse_lead(lead, publisher), signed, hints)
    return [(p.name, p.role, p.email, p.organisation, p.place) for p in people]


CASES: list[tuple[str, str, list[str], list[str], list[Parts]]] = [
    ("김경민", "【도쿄=김경민 특파원】 일본", [], [], [("김경민", "특파원", None, None, "도쿄")]),
    ("이근홍", "", ["lkh2011@newsis.com"], [], [("이근홍", None, "lkh2011@newsis.com", None, None)]),
    (
        "백영미 기자",
        "[서울=뉴시스] 백영미 기자 = 일교차가",
        ["☞공감언론 뉴시스 positive100@newsis.com"],
        [],
        [("백영미", "기자", "positive100@newsis.com", "뉴시스", "서울")],
    ),
    (
        "김지원",
        "[텐아시아=김지원 기자]",
        ["김지원 텐아시아 기자 bella@tenasia.co.kr"],
        [],
        [("김지원", "기자", "bella@tenasia.co.kr", "텐아시아", None)],
    ),
    ("윤희일 기자", "", ["윤희일 선임기자 y@k.com"], [], [("윤희일", "선임기자", "y@k.com", None, None)]),
    ("윤희일 선임기자", "", ["윤희일 기자"], [], [("윤희일", "선임기자", None, None, None)]),
    (
        "홍길동, 이순신",
        "",
        ["hong@x.com lee@x.com"],
        [],
        [("홍길동", None, "hong@x.com", None, None), ("이순신", None, "lee@x.com", None, None)],
    ),
    (
        "홍길동, 이순신",
        "",
        ["desk@x.com"],
        [],
        [
            ("홍길동", None, None, None, None),
            ("이순신", None, None, None, None),
            (None, None, "desk@x.com", None, None),
        ],
    ),
    (
        "홍길동",
        "",
        ["홍길동 기자 h@x.com", "이순신 기자 l@x.com"],
        [],
        [("홍길동", "기자", "h@x.com", None, None), ("이순신", "기자", "l@x.com", None, None)],
    ),
    ("", "", ["박치문 바둑칼럼니스트"], [], [("박치문", "바둑칼럼니스트", None, None, None)]),
    ("", "", ["zero@news1.kr"], [], [(None, None, "zero@news1.kr", None, None)]),
    ("", "", [], ["이근홍", "lkh2011@newsis.com"], [("이근홍", None, "lkh2011@newsis.com", None, None)]),
    ("이근홍", "", [], ["이근홍", "lkh@newsis.com"], [("이근홍", None, "lkh@newsis.com", None, None)]),
    ("홍길동 기자", "", [], ["이순신"], [("홍길동", "기자", None, None, None)]),
    ("", "", [], ["파이낸셜뉴스"], []),
    ("CBS 김현정의 뉴스쇼", "", ["[CBS 김현정의 뉴스쇼]"], [], []),
    ("홍길동 기자 h@x.com", "", ["h@x.com"], [], [("홍길동", "기자", "h@x.com", None, None)]),
    ("홍길동 기자 h@x.com", "", ["H@X.com"], [], [("홍길동", "기자", "h@x.com", None, None)]),
]


@pytest.mark.parametrize(("header", "lead", "signature", "hints", "expected"), CASES)
def test_what_a_page_says_in_four_places_is_one_list(
    header: str, lead: str, signature: list[str], hints: list[str], expected: list[Parts]
) -> None:
    assert joined(header, lead, signature, hints) == expected


def test_joining_the_result_again_changes_nothing() -> None:
    header = parse_header("홍길동·이순신 기자", publisher=None)
    once = merge(header, None, parse_signature("홍길동 기자 h@x.com", None) or ())
    assert merge(once, None, once) == once


def test_all_authors_of_scripts_are_kept_where_the_page_prints_none() -> None:
    hints = ["홍길동 기자", "이순신", "강감찬 kang@x.com"]
    found = merge((), None, (), hints, publisher="한빛일보")
    assert [(p.name, p.role, p.email) for p in found] == [
        ("홍길동", "기자", None),
        ("이순신", None, None),
        ("강감찬", None, "kang@x.com"),
    ]
    printed = merge(parse_header("을지문덕 기자", publisher=None), None, (), hints, publisher="한빛일보")
    assert [p.name for p in printed] == ["을지문덕"]
