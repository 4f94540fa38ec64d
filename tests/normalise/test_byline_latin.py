"""People and houses in letters that have capitals: in author fields, and in printed English lines."""

from __future__ import annotations

import pytest

from crawler.normalise.byline import merge, parse_header, parse_signature
from crawler.normalise.byline.latin import declared_people

PAGE = "https://www.hanbit-courier.example/a/1"


@pytest.mark.parametrize(
    ("hint", "names"),
    [
        ("Marta Vidal Roca", ["Marta Vidal Roca"]),
        ("By Marta Vidal Roca", ["Marta Vidal Roca"]),
        ("Von: Jörg Wäldner", ["Jörg Wäldner"]),
        ("Ondřej Kvítek", ["Ondřej Kvítek"]),
        ("Ярослав Ковпак", ["Ярослав Ковпак"]),
        ("Siobhán O’Brannagh", ["Siobhán O’Brannagh"]),
        ("LENA MOORHAVEN", ["LENA MOORHAVEN"]),
        ("Lena MOORHAVEN", ["Lena MOORHAVEN"]),
        ("T. K. Harrow", ["T. K. Harrow"]),
        ("J.T. Harrow", ["J.T. Harrow"]),
        ("JD Harrow", ["JD Harrow"]),
        ("Luis de la Vega Ríos", ["Luis de la Vega Ríos"]),
        ("Elena Oberfeld (obe)", ["Elena Oberfeld"]),
        ("Lena Moorhaven, Jens Harrow and Marta Vidal", ["Lena Moorhaven", "Jens Harrow", "Marta Vidal"]),
        ("Lena Moorhaven und Jens Harrow, dpa", ["Lena Moorhaven", "Jens Harrow"]),
        ("Lena Moorhaven, Staff Writer", ["Lena Moorhaven"]),
        ("Lena Moorhaven And Jens Harrow", ["Lena Moorhaven", "Jens Harrow"]),
        ("Story by Lena Moorhaven", ["Lena Moorhaven"]),
        ("Follow Lena Moorhaven", []),
        ("Associated Press", []),
        ("Salzhofener Nachrichten", []),
        ("MM-Redaktion", []),
        ("AFP Deutschland", []),
        ("MDR NORD-WEST", []),
        ("Voice of Harrow", []),
        ("The Hanbit", []),
        ("Der Moorbote", []),
        ("STERN.de Online", []),
        ("Hanbit Courier", []),
        ("Site Admin", []),
        ("Digital Contents Team", []),
        ("Money Economy", []),
        ("Tech M", []),
        ("hanbit", []),
        ("Moorhaven", []),
        ("lena moorhaven", []),
        ("Lena 2", []),
        ("https://hanbit.example/Lena Moorhaven", []),
        ("One Two Three Four Five Six", []),
        ("", []),
    ],
)
def test_whom_an_author_field_names(hint: str, names: list[str]) -> None:
    assert [person.name for person in declared_people(hint, None, PAGE)] == names


def test_the_houses_own_name_is_nobodys() -> None:
    assert declared_people("Moor Bote", "Der Moorbote", PAGE) == ()
    assert [person.name for person in declared_people("Moor Bote", "Hanbit", PAGE)] == ["Moor Bote"]


def test_an_address_goes_to_the_one_who_is_named_beside_it() -> None:
    (person,) = merge((), None, (), ["Lena Moorhaven lena.m@hanbit.example"], url=PAGE)
    assert (person.name, person.email) == ("Lena Moorhaven", "lena.m@hanbit.example")
    (desk,) = merge((), None, (), ["Salzhofener Nachrichten desk@hanbit.example"], url=PAGE)
    assert (desk.name, desk.email) == (None, "desk@hanbit.example")


def test_a_field_names_nobody_beside_those_whom_the_page_prints() -> None:
    printed = parse_header("김서윤 기자", publisher=None)
    assert [p.name for p in merge(printed, None, (), ["Lena Moorhaven"], url=PAGE)] == ["김서윤"]


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("By Lena Moorhaven Political Correspondent", [("Lena Moorhaven", "Political Correspondent")]),
        ("Lena Moorhaven Assistant Sports Editor", [("Lena Moorhaven", "Assistant Sports Editor")]),
        ("By Ko Jun-tae Senior Business Reporter", [("Ko Jun-tae", "Senior Business Reporter")]),
        ("Seoul Correspondent Kim Min-su", [("Kim Min-su", "Seoul Correspondent")]),
        ("By Trine Vestre Jørgensen", [("Trine Vestre Jørgensen", None)]),
        ("By Siobhán O'Brannagh", [("Siobhán O'Brannagh", None)]),
        ("By Liam McHarrow", [("Liam McHarrow", None)]),
        ("By Lena Moorhaven For Hanbit.Com", []),
        ("By Lena Moorhaven Follow", [("Lena Moorhaven", None)]),
    ],
)
def test_english_lines(line: str, people: list[tuple[str, str | None]]) -> None:
    assert [(person.name, person.role) for person in parse_header(line, publisher=None)] == people


def test_the_button_behind_a_signature_is_no_name() -> None:
    (person,) = parse_signature("By Lena Moorhaven Follow", None) or ()
    assert person.name == "Lena Moorhaven"
