"""The gate: today's scores against the pinned floors, and how floors may move."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from crawler.quality import __main__ as gate
from crawler.quality import corpus, floors
from crawler.quality.corpus import OWN, SHARED_DAUM
from crawler.quality.floors import Measured, Pinned, problems, raised, read_pinned
from tests.quality.saved import ROOT

SCORES = {"title": 1.0, "body F1": 0.99, "leaks": 0.0}
TODAY = Measured(scores={OWN: SCORES}, own="sha256:1", shared=None)
FLOORS = Pinned(floors={OWN: SCORES}, own="sha256:1", shared="sha256:2")


@cache
def measured() -> Measured:
    return gate.measured(ROOT, gate.scored(ROOT), gate.read_strings(ROOT))


def test_every_own_page_is_at_or_above_its_floors() -> None:
    own = {group: s for group, s in measured().scores.items() if group.startswith("own")}
    assert (
        problems(
            replace(measured(), scores=own, shared=None, shared_strings=None),
            read_pinned(ROOT / floors.PINNED),
        )
        == []
    )


def test_every_shared_page_is_at_or_above_its_floors() -> None:
    if corpus.shared_pages(ROOT) is None:
        pytest.skip("the shared pages are not here")
    assert problems(measured(), read_pinned(ROOT / floors.PINNED)) == []


def test_the_pinned_floors_are_what_is_promised_at_least() -> None:
    pinned = read_pinned(ROOT / floors.PINNED)
    for group, promised in floors.PROMISED.items():
        for measure, least in promised.items():
            floor = pinned.floors[group][measure]
            assert floor <= least if measure == "leaks" else floor >= least, (group, measure)


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


def test_another_corpus_and_a_group_without_floors_are_named() -> None:
    found = problems(replace(TODAY, own="sha256:9", scores={OWN: SCORES, "new": SCORES}), FLOORS)
    assert len(found) == 2
    assert "no floors are pinned" in found[0]
    assert "--update" in found[1]


def test_absent_shared_pages_are_no_problem_and_keep_their_floors() -> None:
    assert problems(TODAY, FLOORS) == []
    pinned = raised(TODAY, replace(FLOORS, floors={OWN: SCORES, SHARED_DAUM: SCORES}))
    assert pinned.shared == "sha256:2"
    assert SHARED_DAUM in pinned.floors


def test_changed_shared_pages_are_named() -> None:
    assert problems(replace(TODAY, shared="sha256:2"), FLOORS) == []
    assert len(problems(replace(TODAY, shared="sha256:3"), FLOORS)) == 1


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
