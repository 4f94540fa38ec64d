"""A simulated month: every slot accounted for, outages caught up, the redesign told at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storage.models import SlotState
from tests.crawl.month import START, Month, Script
from twin import Twin

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LISTS_REACH = 32 * HOUR
"""More than the outage of a day and the eight hours between two crawls: nothing need be lost."""

SHORT = Script(
    end=2 * DAY + 2 * HOUR,
    step=HOUR,
    crons=("0 */8 * * *", "5 */16 * * *"),
    down=(7 * HOUR, 9 * HOUR),
    asleep=(16.5 * HOUR, DAY + 19.5 * HOUR),
    redesign=DAY + 20.5 * HOUR,
    recheck=False,
)
WHOLE = Script(
    end=30 * DAY,
    step=HOUR / 2,
    crons=("0 */8 * * *", "5 */8 * * *"),
    down=(5 * DAY + 6 * HOUR, 5 * DAY + 18 * HOUR),
    asleep=(10 * DAY + HOUR / 4, 11 * DAY + HOUR / 4),
    dead=(16 * DAY + 2 * HOUR, 17 * DAY + HOUR),
    redesign=24 * DAY + 10 * HOUR,
    recheck=True,
)


@pytest.fixture(
    params=[pytest.param(SHORT, id="short"), pytest.param(WHOLE, id="whole", marks=pytest.mark.proof)],
    scope="module",
)
def month(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    folder = tmp_path_factory.mktemp("month") / "archive"
    with (
        Twin(articles=60, now=START, memory=LISTS_REACH) as twin,
        pytest.MonkeyPatch.context() as environment,
    ):
        lived = Month(folder, request.param, twin)
        for name, value in lived.environment().items():
            environment.setenv(name, value)
        lived.live()
        yield lived


def test_every_slot_is_accounted_for(month: Month) -> None:
    slots = month.slots()
    named = [(slot.source, slot.mode, slot.due_at) for slot in slots]
    owed = {
        (source, mode, due)
        for source, mode, table in month.file.planned()
        for due in table.cron.between(START, START + month.script.end)
        if due < START + month.script.end
    }
    assert len(named) == len(set(named))
    assert set(named) >= owed
    assert [slot for slot in slots if slot.state in (SlotState.DUE, SlotState.RUNNING)] == []
    crawled = [slot for slot in slots if slot.state in (SlotState.RAN, SlotState.LATE)]
    runs = month.stage.column("SELECT id FROM run ORDER BY id")
    assert sorted(slot.run_id for slot in crawled if slot.run_id) == runs
    assert len(crawled) == len(runs)


def test_the_machine_slept_and_the_newest_slot_was_crawled_in_place_of_the_others(month: Month) -> None:
    since, until = (START + moment for moment in month.script.asleep)
    passed_over = [slot for slot in month.slots() if since < slot.due_at <= until]
    for source in ("daum", "fnnews"):
        *older, newest = [slot for slot in passed_over if (slot.source, slot.mode) == (source, "latest")]
        assert older
        assert {slot.state for slot in older} == {SlotState.ASLEEP}
        assert {slot.coalesced_into for slot in older} == {newest.id}
        assert newest.state is SlotState.LATE


def test_a_dead_scheduler_leaves_no_hole(month: Month) -> None:
    if month.script.dead is None:
        pytest.skip("the short script kills no scheduler")
    since, until = (START + moment for moment in month.script.dead)
    dead = [slot for slot in month.slots() if since < slot.due_at <= until and slot.mode == "latest"]
    assert {slot.state for slot in dead} == {SlotState.COALESCED, SlotState.LATE}


def test_what_came_out_during_the_outages_was_caught_up(month: Month) -> None:
    """All stories of the month up to the last crawl, each whole and once; Daum's until its redesign."""
    redesigned = START + month.script.redesign
    last = {
        "daum": last_before(month, "daum", redesigned),
        "fnnews": last_before(month, "fnnews", month.clock()),
    }
    rows = {row["url"]: row for row in month.stage.rows("SELECT url, title, body FROM appearances")}
    wanted = {
        page.url: page
        for story in month.published(month.clock())
        for page in story.appearances
        if page.published <= last[page.site]
    }
    assert len(wanted) > 20
    assert sorted(wanted.keys() - rows.keys()) == []


def last_before(month: Month, source: str, moment: datetime) -> datetime:
    """When the source's lists were last asked."""
    asked = [slot.due_at for slot in month.slots() if (slot.source, slot.mode) == (source, "latest")]
    return max(due for due in asked if due < moment)


def test_a_story_of_both_sites_is_one_article_and_two_stories_are_two(month: Month) -> None:
    article = {
        row["url"]: row["article_id"] for row in month.stage.rows("SELECT url, article_id FROM appearances")
    }
    stories = [
        {article[page.url] for page in story.appearances if page.url in article}
        for story in month.published(month.clock())
    ]
    found = [numbers for numbers in stories if numbers]
    assert {len(numbers) for numbers in found} == {1}
    assert len(set.union(*found)) == len(found)


def test_the_archive_shows_the_edits_and_no_others(month: Month) -> None:
    changed = month.stage.rows("SELECT url, headline, body, notice, byline FROM changes")
    seen = {
        row["url"]: {name for name in ("headline", "body", "notice", "byline") if row[name]}
        for row in changed
    }
    edited = {url: edit.what for edit in month.edits.values() for url in edit.urls}
    assert {url: edited.get(url) for url in seen} == {url: "".join(names) for url, names in seen.items()}
    assert "space" not in {edited[url] for url in seen}


def test_every_edit_that_could_be_seen_was_seen(month: Month) -> None:
    """An edit between two looks at a page that its page class understood."""
    redesigned = utc(START + month.script.redesign)
    looks: dict[str, list[str]] = {}
    for row in month.stage.rows("SELECT url, fetched_at FROM capture WHERE address_id IS NOT NULL"):
        if "fnnews" in row["url"] or str(row["fetched_at"]) < redesigned:
            looks.setdefault(row["url"], []).append(str(row["fetched_at"]))
    visible = {
        url
        for edit in month.edits.values()
        for url in edit.urls
        if edit.what != "space" and min(looks.get(url, ["9"])) < utc(edit.at) < max(looks.get(url, ["0"]))
    }
    assert len(visible) >= (60 if month.script is WHOLE else 2)
    assert set(month.stage.column("SELECT url FROM changes")) == visible


def test_the_redesign_is_told_by_the_first_run_and_names_the_fields(month: Month) -> None:
    drifts = [alarm for alarm in month.alarms() if alarm["key"] == "drift daum" and alarm["raised"]]
    redesigned = START + month.script.redesign
    runs = month.stage.rows("SELECT id, source, mode, started_at FROM run ORDER BY started_at")
    first = next(
        run["id"]
        for run in runs
        if run["source"] == "daum" and run["mode"] == "latest" and str(run["started_at"]) >= utc(redesigned)
    )
    assert [alarm["run"] for alarm in drifts][:1] == [first]
    assert {"title", "body", "published"} <= {field["field"] for field in drifts[0]["fields"]}
    assert all(field["first_bad"] for field in drifts[0]["fields"])


def utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"


def test_alarms_come_once_per_change_of_state(month: Month) -> None:
    states: dict[str, str] = {}
    for alarm in month.alarms():
        assert states.get(alarm["key"], "ok") != alarm["state"], alarm
        states[alarm["key"]] = alarm["state"]
    assert {state for key, state in states.items() if key.startswith("drift")} != {"ok"}


def test_the_coverage_adds_up(month: Month) -> None:
    rows = month.stage.rows("SELECT * FROM coverage")
    outcomes = [name for name in rows[0] if name not in ("source", "day", "section", "listed")]
    assert all(row["listed"] == sum(row[name] for name in outcomes) for row in rows)
    # A page that was fetched by another name alone has no outcome of its own, and is stored all the same.
    ended = "last_outcome IS NOT NULL OR id IN (SELECT address_id FROM appearance)"
    addresses = month.stage.column(f"SELECT count(*) FROM address WHERE {ended}")
    assert sum(row["listed"] - row["pending"] for row in rows) == addresses[0]
    balances = [month.stage.balance(run) for run in month.stage.column("SELECT id FROM run")]
    assert [one for one in balances if one[0] != one[1]] == []
