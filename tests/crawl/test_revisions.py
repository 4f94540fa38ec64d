"""Edits, deletions and returns on the twin: the archive shows exactly these and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.crawl.conftest import stage_on
from tests.crawl.stage import Stage
from twin import Story, Twin

EDITS = ("body", "headline", "notice", "space")
EACH = 5


def stories(twin: Twin) -> list[Story]:
    """Stories whose pages all answer, those shown on both sites first."""
    whole = [
        story
        for story in twin.truth()
        if story.kind == "article" and not story.faults and not any(page.gone for page in story.appearances)
    ]
    return sorted(whole, key=lambda story: -len(story.appearances))


def urls(chosen: list[Story]) -> list[str]:
    return [page.url for story in chosen for page in story.appearances]


def fetch(stage: Stage, chosen: list[Story]) -> None:
    done = stage.run("fetch", *urls(chosen), *stage.origins(), "--delay", "0", timeout=300)
    assert done.code in (0, 1), done.err[-2000:]


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with Twin(articles=160) as server:
        yield server


@pytest.fixture(scope="module")
def edited(
    tmp_path_factory: pytest.TempPathFactory, twin: Twin
) -> tuple[Stage, dict[str, list[Story]], list[Story]]:
    """An archive that saw 20 stories edited, 5 deleted and 2 of these come back."""
    stage = stage_on(tmp_path_factory.mktemp("edited") / "archive", twin.url)
    chosen = stories(twin)[: EACH * 5]
    parts = {
        what: chosen[index * EACH : (index + 1) * EACH] for index, what in enumerate((*EDITS, "deleted"))
    }
    fetch(stage, chosen)
    twin.advance(timedelta(hours=1))
    for what in EDITS:
        for story in parts[what]:
            twin.edit(story.story_id, what)
    for story in parts["deleted"]:
        twin.delete(story.story_id)
    fetch(stage, chosen)
    twin.advance(timedelta(hours=1))
    back = parts["deleted"][:2]
    for story in back:
        twin.restore(story.story_id)
    fetch(stage, chosen)
    return stage, parts, back


def test_the_archive_shows_exactly_what_was_edited_deleted_and_brought_back(
    edited: tuple[Stage, dict[str, list[Story]], list[Story]],
) -> None:
    stage, parts, back = edited
    told = {
        row["url"]: (row["headline"], row["body"], row["notice"], row["byline"])
        for row in stage.rows("SELECT url, headline, body, notice, byline FROM changes")
    }
    expected = dict.fromkeys(urls(parts["headline"]), (1, 0, 0, 0))
    expected |= dict.fromkeys(urls(parts["body"]), (0, 1, 0, 0))
    expected |= dict.fromkeys(urls(parts["notice"]), (0, 0, 1, 0))
    assert told == expected
    presence = stage.rows("SELECT url, state FROM presence ORDER BY at")
    assert {row["url"] for row in presence if row["state"] == "gone"} == set(urls(parts["deleted"]))
    assert {row["url"] for row in presence if row["state"] == "returned"} == set(urls(back))
    assert len(presence) == len(urls(parts["deleted"])) + len(urls(back))


def test_the_last_text_of_a_deleted_story_stays(
    edited: tuple[Stage, dict[str, list[Story]], list[Story]],
) -> None:
    stage, parts, _ = edited
    for story in parts["deleted"]:
        for page in story.appearances:
            bodies = stage.column(f"SELECT body FROM appearances WHERE url = '{page.url}'")
            assert len(bodies) == 1
            assert bodies[0]


def test_diff_and_why_speak_of_it(edited: tuple[Stage, dict[str, list[Story]], list[Story]]) -> None:
    stage, parts, _ = edited
    page = parts["headline"][0].appearances[0]
    done = stage.run("diff", page.url)
    if "No such command" in done.err:
        pytest.skip("the command line has no diff yet")
    assert done.code == 0, done.err
    assert "2 revisions" in done.out
    assert "{+(종합)+}" in done.out.replace("{+(+}{+종합+}{+)+}", "{+(종합)+}")
    pair = next(story for story in parts["body"] if len(story.appearances) == 2)
    said = stage.run("why", *(page.url for page in pair.appearances))
    assert said.code == 0, said.err
    assert "one article" in said.out
