"""The strings of the gate: every kind at its floor, whatever the names and houses in them are."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from crawler.normalise.byline.lexicon import is_house, is_name
from crawler.quality import strings
from crawler.quality.floors import promised
from crawler.quality.strings import OWN_GROUP, Case, read, read_cases, scores, shared_strings
from tests.quality.saved import ROOT

CASES = read_cases(ROOT / strings.OWN_STRINGS)

SURNAMES = "김이박최정강조윤장임한오서신권황안송전홍고문양손배백허남심노하곽성차주우구민진"
_SYLLABLES = (
    "민준서연도윤하은예준지우시우서윤주원지민하준수아지호지유준서채원준우다은건우은서"
    "우진예은현우수빈선우소율서진예린연우지안유준소윤정우지원승우유진승현시은준혁채은"
    "지훈유나민재가은현준윤서태윤민서시윤예원재원서영영수미경상훈은정성호정희병철순자"
    "동현경아재석미란광수혜진기태보람한솔나래하늘빛나"
)
GIVEN = [_SYLLABLES[at : at + 2] for at in range(0, len(_SYLLABLES), 2)]


def people_in(case: Case) -> list[str]:
    """The Korean names of three syllables that a case names."""
    rows = case.expected.get("people") or []
    found = {row[0] for row in rows if row[0] and is_name(row[0]) and len(row[0]) == 3}
    return sorted(found)  # in one order: a set has another in each process, and the names would be others


def exchanged(case: Case, chance: random.Random) -> Case:
    """The case with other people's names."""
    raw, expected = case.raw, json.dumps(case.expected, ensure_ascii=False)
    for name in people_in(case):
        other = chance.choice(SURNAMES) + chance.choice(GIVEN)
        while is_house(other) or other in raw:
            other = chance.choice(SURNAMES) + chance.choice(GIVEN)
        raw, expected = raw.replace(name, other), expected.replace(name, other)
    return Case(kind=case.kind, raw=raw, expected=json.loads(expected))


HOUSES = [
    "가온일보",
    "새누리신문",
    "다솜데일리",
    "누리경제",
    "한빛방송",
    "온누리투데이",
    "미래저널",
    "GNB뉴스",
]
"""Houses that no list has."""


def rehoused(case: Case, chance: random.Random) -> Case:
    """The case as another house prints it."""
    house, publisher = chance.choice(HOUSES), case.expected["publisher"]
    expected = json.dumps(case.expected, ensure_ascii=False).replace(publisher, house)
    return Case(kind=case.kind, raw=case.raw.replace(publisher, house), expected=json.loads(expected))


def may_move(case: Case) -> bool:
    """Whether the case names its publisher: not in English, behind a wire or with more (뉴시스통신사)."""
    publisher = case.expected.get("publisher")
    is_wire = any(mark in (case.expected.get("agency") or "") for mark in "/=")
    is_korean = any("가" <= letter <= "힣" for letter in case.raw)
    is_longer = (
        any(publisher + more in case.raw for more in ("신문", "통신", "코리아")) if publisher else False
    )
    return bool(publisher) and publisher in case.raw and is_korean and not is_wire and not is_longer


@pytest.mark.parametrize("kind", strings.READERS)
def test_the_strings_of_a_kind_are_read_as_they_are_printed(kind: str) -> None:
    wrong = [r for case in CASES if case.kind == kind and not (r := read(case)).right]
    assert [(r.case.raw, r.found) for r in wrong] == []


@pytest.mark.parametrize("seed", range(3))
def test_other_names_do_not_change_a_score(seed: int) -> None:
    chance = random.Random(seed)
    wrong = [r for case in CASES if not (r := read(exchanged(case, chance))).right]
    assert [(r.case.raw, r.found) for r in wrong] == []


@pytest.mark.parametrize("seed", range(3))
def test_other_houses_do_not_change_a_score(seed: int) -> None:
    chance = random.Random(seed)
    wrong = [r for case in CASES if may_move(case) and not (r := read(rehoused(case, chance))).right]
    assert [(r.case.raw, r.found) for r in wrong] == []


def test_the_shared_strings_are_at_their_floors() -> None:
    path = shared_strings(ROOT)
    if path is None:
        pytest.skip("the shared strings are not here: set NEWSARCHIVE_PAGES")
    found = scores(read(case) for case in read_cases(path))
    assert {
        kind: score for kind, score in found.items() if score < promised(strings.SHARED_GROUP)[kind]
    } == {}


def test_every_kind_has_enough_strings_to_score() -> None:
    counts = {kind: sum(case.kind == kind for case in CASES) for kind in strings.READERS}
    assert min(counts.values()) >= 20, counts
    assert set(promised(OWN_GROUP)) == set(strings.READERS)


def test_an_unknown_kind_is_named(tmp_path: Path) -> None:
    path = tmp_path / "strings.tsv"
    path.write_text("kind\traw\texpected\nheadline\tx\t{}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="headline"):
        read_cases(path)
