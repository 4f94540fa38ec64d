"""Sweeps through old captures: what they change in the archive, and that taking them back is exact."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.archive.placing import Placing
from storage.archive.rereader import Applied, Read, Rereader
from storage.archive.to_reread import Wanted, count, load, next_ids
from storage.archive.undo import Undone, appearances_in, batches, undo
from storage.records import Article, Outcome, PageKind, Rights
from storage.records.runs import Settled
from tests.storage.samples import BODY, FNNEWS, fnnews_article, minutes, state
from tests.storage.test_rereading import RELATED, WITHOUT_NOTICE, Newsroom

REVISIONS = (
    "SELECT appearance_id, title, text_id, notice, content_digest, valid_from, valid_to, last_seen_at, "
    "capture_id, reader, cause FROM revision ORDER BY appearance_id, valid_from"
)


@pytest.fixture
def room(engine: Engine) -> Newsroom:
    return Newsroom(engine)


def sweep(
    room: Newsroom,
    past: dict[int, Article],
    batch: str = "b1",
    *,
    dry: bool = False,
    quarantined: bool = False,
) -> list[Applied]:
    wanted = Wanted(reader=room.reader)
    ids = next_ids(room.engine, wanted, 0, 100, quarantined=quarantined)
    assert len(ids) == count(room.engine, wanted, quarantined=quarantined)
    pages, captures = load(room.engine, wanted, ids, quarantined=quarantined)
    assert set(captures) == {number for page in pages for number in page.captures}
    block = [
        Read(
            page=page,
            readings={number: past[number] for number in page.captures if number in past},
            lost={number: "gone" for number in page.captures if number not in past},
        )
        for page in pages
    ]
    return Rereader(room.engine, decide, LIKENESSES, room.reader).apply(block, batch, minutes(600), dry=dry)


def take_back(room: Newsroom, batch: str = "b1") -> list[Undone]:
    placing = Placing(decide, LIKENESSES)
    return [
        undo(room.engine, placing, batch, number, minutes(700))
        for number in appearances_in(room.engine, batch)
    ]


def everything(room: Newsroom) -> tuple[object, ...]:
    kept = {name: rows for name, rows in state(room).items() if name not in ("texts", "reporters")}
    shown = room.rows("SELECT title, subtitle, text_id, content_digest, reader FROM appearance ORDER BY id")
    return kept, room.rows(REVISIONS), shown, room.changes(), room.changes("unclear_changes")


def test_a_dry_run_tells_and_changes_nothing(room: Newsroom) -> None:
    room.look(WITHOUT_NOTICE, minutes(0))
    room.becomes(2)
    before = everything(room), room.count("text"), room.count("publisher")
    mended = fnnews_article(publisher="가나다뉴스", body=BODY + "\n한 줄 더.")
    (told,) = sweep(room, {room.captured[0]: mended}, dry=True)
    fields = {one.field: (one.before, one.after) for one in told.differences}
    assert fields["publisher"] == ("파이낸셜뉴스", "가나다뉴스")
    assert fields["body"] == (BODY, BODY + "\n한 줄 더.")
    assert fields["notice"] == (None, fnnews_article().rights.notice)
    assert (everything(room), room.count("text"), room.count("publisher")) == before
    assert room.count("rereading") == 0


def test_false_edits_come_back_as_they_were(room: Newsroom) -> None:
    """Three contents that a mended reader finds to be one, seen again since, and then taken apart."""
    for step in range(3):
        room.look(fnnews_article(body=f"{BODY}{RELATED} {step}"), minutes(step * 10))
    before = everything(room)
    room.becomes(2)
    sweep(room, dict.fromkeys(room.captured, fnnews_article()))
    assert room.count("revision") == 1
    assert room.changes() == []
    assert batches(room.engine) == ["b1"]
    (done,) = take_back(room)
    assert done.left == ()
    assert everything(room) == before
    assert take_back(room) == []
    assert batches(room.engine) == []


def test_an_edit_since_then_stays(room: Newsroom) -> None:
    """The joined revisions come apart, and the edit behind them is still one."""
    for step in range(2):
        room.look(fnnews_article(body=f"{BODY}{RELATED} {step}"), minutes(step * 10))
    room.becomes(2)
    sweep(room, dict.fromkeys(room.captured, fnnews_article()))
    edited = fnnews_article(body=BODY.replace("320석", "350석"))
    assert room.look(edited, minutes(60)).outcome is Outcome.REVISED
    (done,) = take_back(room)
    assert [why.partition(":")[0] for why in done.left] == ["body"]
    bodies = [row[0] for row in room.rows("SELECT body FROM revisions ORDER BY valid_from")]
    assert bodies == [f"{BODY}{RELATED} 0", f"{BODY}{RELATED} 1", edited.body]
    assert room.rows("SELECT body FROM appearances") == [(edited.body,)]
    assert [row[1] for row in room.changes()] == [1, 1]


def test_a_cause_that_a_reading_put_in_doubt_is_told_again(room: Newsroom) -> None:
    """The second content's capture is lost: its edit was the site's, and is after the undo."""
    room.look(WITHOUT_NOTICE, minutes(0))
    room.look(replace(WITHOUT_NOTICE, title="바뀐 제목"), minutes(10))
    before = everything(room)
    room.becomes(2)
    (told,) = sweep(room, {room.captured[0]: fnnews_article()})
    assert told.left == ("gone",)
    assert room.changes() == []
    (done,) = take_back(room)
    assert done.left == ()
    assert everything(room) == before


def test_what_is_taken_back_stays_so_until_the_next_sweep(room: Newsroom) -> None:
    room.look(WITHOUT_NOTICE, minutes(0))
    room.becomes(2)
    past = {room.captured[0]: fnnews_article()}
    sweep(room, past)
    take_back(room)
    stored = room.look(fnnews_article(), minutes(60), past)
    assert (stored.outcome, "taken back" in stored.reason) == (Outcome.UNCHANGED, True)
    assert room.rows("SELECT notice, copyright_notice FROM revisions, articles") == [(None, None)]
    assert room.changes() == room.changes("unclear_changes") == []
    sweep(room, past, "b2")
    assert room.rows("SELECT reader, pinned_at FROM appearance") == [(2, None)]
    assert room.rows("SELECT notice FROM revisions") == [(fnnews_article().rights.notice,)]


def test_an_edit_of_a_page_that_is_pinned_is_found(room: Newsroom) -> None:
    room.look(WITHOUT_NOTICE, minutes(0))
    room.becomes(2)
    past = {room.captured[0]: fnnews_article()}
    sweep(room, past)
    take_back(room)
    edited = fnnews_article(title="바뀐 제목")
    assert room.look(edited, minutes(60), past).outcome is Outcome.REVISED
    assert room.rows("SELECT title FROM articles") == [("바뀐 제목",)]
    assert len(room.changes("unclear_changes")) == 1


def test_people_images_and_declared_addresses_come_back(room: Newsroom) -> None:
    declared = ("https://www.fnnews.com/news/202601010000000001",)
    room.look(fnnews_article(declared=declared), minutes(0))
    before = everything(room), room.rows("SELECT url FROM declared_address")
    room.becomes(2)
    sweep(room, {room.captured[0]: fnnews_article(bylines=(), images=(), rights=Rights(), section=None)})
    assert room.count("byline") == room.count("image") == room.count("declared_address") == 0
    (done,) = take_back(room)
    assert done.left == ()
    assert (everything(room), room.rows("SELECT url FROM declared_address")) == before


def quarantine(room: Newsroom) -> int:
    address = room.address(FNNEWS, "fnnews")
    capture = room.capture(FNNEWS, minutes(0), address, "fnnews")
    end = Settled(
        address_id=address, run_id=room.runs["fnnews"], outcome=Outcome.QUARANTINED,
        reason="no page class", at=minutes(0), capture_id=capture,
    )  # fmt: skip
    room.frontier.settle(end)
    return capture


def test_a_page_comes_out_of_quarantine(room: Newsroom) -> None:
    capture = quarantine(room)
    (told,) = sweep(room, {capture: fnnews_article()}, quarantined=True)
    assert told.stored
    assert room.rows("SELECT title FROM articles") == [(fnnews_article().title,)]
    assert room.rows("SELECT last_outcome FROM address WHERE url = :url", url=FNNEWS) == [("stored",)]
    assert room.rows("SELECT outcome FROM outcome") == [("quarantined",)], "the run's own outcome is history"
    assert room.changes() == []
    assert sweep(room, {}, quarantined=True) == []
    (done,) = take_back(room)
    assert [why.partition(":")[0] for why in done.left] == ["the page was in quarantine before"]
    assert room.count("article") == 1


def test_what_todays_reader_does_not_understand_is_not_read_by_it_again(room: Newsroom) -> None:
    capture = quarantine(room)
    nothing = Article(
        url=FNNEWS, source="fnnews", extractor="generic", kind=PageKind.QUARANTINED, reason="no page class"
    )
    (told,) = sweep(room, {capture: nothing}, quarantined=True)
    assert (told.stored, len(told.left)) == (False, 1)
    assert sweep(room, {}, quarantined=True) == []
    room.becomes(2)
    assert len(sweep(room, {capture: fnnews_article()}, "b2", quarantined=True)) == 1


def test_one_page_that_cannot_be_stored_does_not_hold_the_others(room: Newsroom) -> None:
    other = FNNEWS[:-1] + "7"
    room.look(WITHOUT_NOTICE, minutes(0))
    room.look(replace(WITHOUT_NOTICE, url=other, site_id="202609271158000007", title="다른 글"), minutes(1))
    room.becomes(2)
    bad = fnnews_article(title=17)  # a rule that gives no text
    good = fnnews_article(url=other, site_id="202609271158000007", title="다른 글")
    told = sweep(room, {room.captured[0]: bad, room.captured[1]: good})
    assert [bool(one.left) for one in told] == [True, False]
    assert told[0].left[0].startswith("cannot be stored")
    assert room.rows("SELECT reader FROM appearance ORDER BY id") == [(1,), (2,)]


def test_what_is_taken_back_is_no_damage(room: Newsroom) -> None:
    """A page that is pinned is not compared with what today's reader reads."""
    room.look(fnnews_article(), minutes(0))
    (number,) = room.rows("SELECT id FROM appearance")[0]
    wanted = Wanted(reader=room.reader)
    assert len(load(room.engine, wanted, [number], quarantined=False, anew=True)[1]) == 1
    with room.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE appearance SET pinned_at = first_seen_at")
    assert load(room.engine, wanted, [number], quarantined=False, anew=True)[1] == {}
