"""The gate: today's scores against the pinned floors, and how floors may move."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from crawler.quality import __main__ as gate
from crawler.quality import corpus, floors
from crawler.quality.corpus import SHARED_FLOORS, Corpus, own_group
from crawler.quality.floors import Measured, Pinned, problems, raised, read_pinned
from crawler.quality.strings import OWN_GROUP, SHARED_GROUP
from tests.quality.saved import ROOT

OWN = own_group("daum")
SCORES = {"title": 1.0, "body F1": 0.99, "leaks": 0.0}
TODAY = Measured(scores={OWN: SCORES}, digest="sha256:1")
FLOORS = Pinned(floors={OWN: SCORES}, digest="sha256:1")


@cache
def corpora() -> tuple[Corpus, ...]:
    return tuple(corpus.corpora(ROOT))


@pytest.mark.parametrize("pages", corpora(), ids=lambda one: one.floors.relative_to(ROOT).as_posix())
def test_every_page_is_at_or_above_its_floors(pages: Corpus) -> None:
    assert problems(gate.measured(pages, gate.scored(pages)), read_pinned(pages.floors)) == []


@pytest.mark.parametrize("path", [*(ROOT / corpus.OWN_PAGES).glob("*/quality.json"), ROOT / SHARED_FLOORS])
def test_the_pinned_floors_are_what_is_promised_at_least(path: Path) -> None:
    for group, pinned in read_pinned(path).floors.items():
        for measure, least in floors.promised(group).items():
            floor = pinned[measure]
            assert floor <= least if measure == "leaks" else floor >= least, (group, measure)


@pytest.mark.parametrize("group", [OWN_GROUP, SHARED_GROUP])
def test_every_kind_of_string_is_at_or_above_its_floor(group: str) -> None:
    readings = {name: found for name, found in gate.read_strings(ROOT).items() if name == group}
    if not readings:
        pytest.skip("the shared strings are not here")
    ((today, path),) = gate.measured_strings(ROOT, readings)
    assert problems(today, read_pinned(path)) == []


def test_a_score_below_its_floor_is_named() -> None:
    fallen = replace(TODAY, scores={OWN: SCORES | {"title": 0.995, "leaks": 1.0}})
    assert problems(fallen, FLOORS) == [
        f"{OWN}: title is 0.9950, its floor 1.0000",
        f"{OWN}: leaks is 1, its floor 0",
    ]


def test_a_floor_pinned_below_the_promise_does_not_count() -> None:
    low = replace(FLOORS, floors={OWN: SCORES | {"title": 0.5}})
    fallen = replace(TODAY, scores={OWN: SCORES | {"title": 0.9}})
    assert problems(fallen, low) == [f"{OWN}: title is 0.9000, its floor 0.9900"]


def test_other_pages_and_a_group_without_floors_are_named() -> None:
    found = problems(replace(TODAY, digest="sha256:9", scores={OWN: SCORES, "new": SCORES}), FLOORS)
    assert len(found) == 2
    assert "no floors are pinned" in found[0]
    assert "not those that the floors were measured on" in found[1]


def test_absent_shared_pages_are_no_problem(tmp_path: Path) -> None:
    assert corpus.corpora(tmp_path) == []


def test_updating_raises_and_rounds_down_and_only_lower_lowers() -> None:
    better = replace(TODAY, scores={OWN: SCORES | {"body F1": 0.99678}})
    assert raised(better, FLOORS).floors[OWN]["body F1"] == 0.996
    worse = replace(TODAY, scores={OWN: SCORES | {"body F1": 0.986}})
    with pytest.raises(ValueError, match="--lower"):
        raised(worse, FLOORS)
    assert raised(worse, FLOORS, lower=True).floors[OWN]["body F1"] == 0.986


def test_the_gate_ends_with_1_on_other_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "tests" / "pages" / "fnnews" / "2026-07-10-x"
    folder.mkdir(parents=True)
    saved = next((ROOT / corpus.OWN_PAGES / "fnnews").glob("2026-07-10-recommended*"))
    for file in saved.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    (tmp_path / "tests" / "quality").mkdir()
    arguments = ["--root", str(tmp_path)]
    assert gate.main(arguments) == 1
    assert "no floors are pinned" in capsys.readouterr().err
    assert gate.main([*arguments, "--update"]) == 0
    assert gate.main(arguments) == 0
    expected = folder / "expected.json"
    expected.write_text(expected.read_text().replace("2026-07-10T10:30", "2026-07-10T10:31"))
    assert gate.main(arguments) == 1
    said = capsys.readouterr()
    assert "published is 0.0000, its floor 1.0000" in said.err
    assert "published: '2026-07-10T10:30'" in said.out
    assert gate.main([*arguments, "--update"]) == 1
    assert gate.main([*arguments, "--lower"]) == 0
