"""Re-readings: a mended reader is no edit, an edit beside it is found, what cannot be told is told apart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from crawler.reading.pool import ReadingPool
from crawler.rereading.captures import CaptureReader
from crawler.verify.texts import Texts
from storage.archive.past import past_captures
from storage.archive.rereader import Read, Rereader
from storage.archive.to_reread import Wanted, load
from storage.archive.writer import Writer
from storage.records import Article, Outcome, Person, Rights
from storage.records.matching import Stored
from storage.records.runs import RunSettings
from tests.reading.asking import limits
from tests.storage.samples import BODY, FNNEWS, NOON, Desk, fnnews_article, minutes, state

RELATED = "\n많이 본 기사: 폐교 운동장, 이번엔 별 보는 마당으로"
NOTICE = fnnews_article().rights


class Newsroom(Desk):
    """A desk whose reader has a number, and whose captures can be read again."""

    def __init__(self, engine: Engine, reader: int = 1) -> None:
        super().__init__(engine)
        self.now_read_as: dict[int, Article] = {}
        self.captured: list[int] = []
        self.becomes(reader)

    def becomes(self, reader: int) -> None:
        self.reader = reader
        self.writer = Writer(self.engine, decide, LIKENESSES, reader)

    def look(
        self,
        article: Article,
        at: datetime,
        past: Mapping[int, Article] | None = None,
        url: str | None = None,
    ) -> Stored:
        """Fetch and store, as a run does; ``past``: capture -> what today's reader makes of it."""
        address = self.address(url or article.url, "fnnews", article.site_id)
        capture = self.capture(url or article.url, at, address, "fnnews")
        self.captured.append(capture)
        wanted = {one.id for one in past_captures(self.engine, address, article.url, self.reader)}
        return self.writer.store(
            article,
            run_id=self.new_run(),
            address_id=address,
            capture_id=capture,
            seen_at=at,
            readings={number: one for number, one in (past or {}).items() if number in wanted},
        )

    def new_run(self) -> int:
        from storage.frontier.runs import open_run

        self.runs["fnnews"] = open_run(self.engine, "fnnews", "recheck", self.owner, NOON, RunSettings())
        return self.runs["fnnews"]

    def changes(self, view: str = "changes") -> list[tuple[object, ...]]:
        return self.rows(f"SELECT headline, body, notice, byline FROM {view} ORDER BY changed_at")


@pytest.fixture
def room(engine: Engine) -> Newsroom:
    return Newsroom(engine)


WITHOUT_NOTICE = fnnews_article(rights=Rights())


def test_a_mended_reader_is_no_edit(room: Newsroom) -> None:
    """The same bytes, and a reader that finds the notice now: changes.notice was 1."""
    room.look(WITHOUT_NOTICE, minutes(0))
    room.becomes(2)
    stored = room.look(fnnews_article(), minutes(60), {room.captured[0]: fnnews_article()})
    assert stored.outcome is Outcome.UNCHANGED
    assert "read again" in stored.reason
    assert room.changes() == room.changes("unclear_changes") == []
    assert room.count("revision") == 1
    assert room.rows("SELECT reader, notice FROM revisions") == [(2, NOTICE.notice)]
    of_revision, of_appearance = room.rows(
        "SELECT revision_id, reader_before, reader_after, capture_id, changed, batch, undone_at "
        "FROM rereadings ORDER BY rereading_id"
    )
    assert of_revision[1:4] == of_appearance[1:4] == (1, 2, room.captured[0])
    assert json.loads(of_revision[4])["notice"] == {"before": None, "after": NOTICE.notice}
    assert of_appearance[0] is None
    assert json.loads(of_appearance[4])["rights"]["before"][0]["no_reproduction"] is None
    assert json.loads(of_appearance[4])["rights"]["after"][0]["no_reproduction"] is True


def test_an_edit_beside_a_mended_reader_is_found_and_is_only_that(room: Newsroom) -> None:
    room.look(WITHOUT_NOTICE, minutes(0))
    room.becomes(2)
    edited = fnnews_article(title="시립 도서관, 다음 달부터 야간 개관")
    stored = room.look(edited, minutes(60), {room.captured[0]: fnnews_article()})
    assert stored.outcome is Outcome.REVISED
    assert room.changes() == [(1, 0, 0, 0)]
    assert room.rows("SELECT reader, cause FROM revisions ORDER BY valid_from") == [(2, "site"), (2, "site")]


def test_an_old_edit_keeps_to_what_was_edited(room: Newsroom) -> None:
    """Both contents of an edit are read again: the mended notice is on neither side of it."""
    room.look(WITHOUT_NOTICE, minutes(0))
    room.look(replace(WITHOUT_NOTICE, title="바뀐 제목"), minutes(30))
    room.becomes(2)
    past = {room.captured[0]: fnnews_article(), room.captured[1]: fnnews_article(title="바뀐 제목")}
    assert room.look(fnnews_article(title="바뀐 제목"), minutes(60), past).outcome is Outcome.UNCHANGED
    assert room.changes() == [(1, 0, 0, 0)]


def test_false_edits_of_a_bad_reader_go(room: Newsroom) -> None:
    """A reader that took changing headlines into the body made a revision at every look."""
    for step in range(3):
        room.look(fnnews_article(body=f"{BODY}{RELATED} {step}"), minutes(step * 10))
    assert len(room.changes()) == 2
    room.becomes(2)
    past = dict.fromkeys(room.captured, fnnews_article())
    assert room.look(fnnews_article(), minutes(60), past).outcome is Outcome.UNCHANGED
    assert room.changes() == []
    assert room.rows("SELECT body, valid_from, valid_to FROM revisions") == [
        (BODY, "2026-09-27T12:00:00+09:00", None)
    ]
    joined = [row for (row,) in room.rows("SELECT span FROM rereadings WHERE span IS NOT NULL")]
    former = [one for row in joined for one in json.loads(row)]
    assert [one["capture_id"] for one in former] == room.captured[1:3]
    assert len({one["text_digest"] for one in former}) == 2


@pytest.mark.parametrize("gone", ["a capture that cannot be read", "no capture at all"])
def test_what_may_be_the_readers_is_no_edit(room: Newsroom, gone: str) -> None:
    room.look(WITHOUT_NOTICE, minutes(0))
    if gone == "no capture at all":
        with room.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE revision SET capture_id = NULL")
            connection.exec_driver_sql("UPDATE appearance SET capture_id = NULL")
    room.becomes(2)
    stored = room.look(fnnews_article(), minutes(60))
    assert stored.outcome is Outcome.REVISED
    assert stored.reason.startswith("reader or site")
    assert room.changes() == []
    assert room.changes("unclear_changes") == [(0, 0, 1, 0)]
    room.look(fnnews_article(title="바뀐 제목"), minutes(90))
    assert room.changes() == [(1, 0, 0, 0)]  # both by one reader: an edit


def test_what_was_stored_before_readers_had_numbers(room: Newsroom) -> None:
    room.look(WITHOUT_NOTICE, minutes(0))
    room.look(replace(WITHOUT_NOTICE, title="바뀐 제목"), minutes(10))
    with room.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE revision SET reader = NULL, cause = NULL")
        connection.exec_driver_sql("UPDATE appearance SET reader = NULL")
    assert room.changes() == [(1, 0, 0, 0)]
    read = {room.captured[1]: fnnews_article(title="바뀐 제목")}
    assert room.look(fnnews_article(title="바뀐 제목"), minutes(60), read).outcome is Outcome.UNCHANGED
    # The first cannot be read again: its difference to the second is not only the site's any more.
    assert room.changes() == []
    assert room.changes("unclear_changes") == [(1, 0, 1, 0)]


def test_an_equal_content_of_an_unreadable_capture_is_todays(room: Newsroom) -> None:
    """And an edit that one reader saw stays one."""
    room.look(fnnews_article(), minutes(0))
    room.look(fnnews_article(title="바뀐 제목"), minutes(10))
    room.becomes(2)
    assert room.look(fnnews_article(title="바뀐 제목"), minutes(60)).outcome is Outcome.UNCHANGED
    assert room.changes() == [(1, 0, 0, 0)]
    assert room.rows("SELECT reader FROM revisions ORDER BY valid_from") == [(1,), (2,)]
    room.look(fnnews_article(title="또 바뀐 제목"), minutes(90))
    assert room.changes() == [(1, 0, 0, 0), (1, 0, 0, 0)]


def test_twice_is_once(room: Newsroom) -> None:
    room.look(WITHOUT_NOTICE, minutes(0))
    room.becomes(2)
    past = {room.captured[0]: fnnews_article()}
    first = room.look(fnnews_article(), minutes(60), past)
    before = state(room), room.rows("SELECT * FROM rereading"), room.rows("SELECT * FROM revision")
    again = room.writer.store(
        fnnews_article(),
        run_id=room.runs["fnnews"],
        address_id=room.address(FNNEWS, "fnnews"),
        capture_id=room.captured[-1],
        seen_at=minutes(60),
        readings=past,
    )
    assert again == first
    assert (state(room), room.rows("SELECT * FROM rereading"), room.rows("SELECT * FROM revision")) == before


def test_a_death_in_the_middle_leaves_nothing(room: Newsroom) -> None:
    room.look(WITHOUT_NOTICE, minutes(0))
    room.becomes(2)
    before = state(room)

    def broken(*_: object) -> None:
        raise RuntimeError("the power is gone")

    room.writer._placing._decide = broken  # type: ignore[assignment]
    with pytest.raises(RuntimeError, match="power"):
        room.look(fnnews_article(), minutes(60), {room.captured[0]: fnnews_article()})
    assert state(room) == before
    assert room.count("rereading") == 0


def test_a_capture_judged_again_after_a_death_is_a_re_reading(room: Newsroom) -> None:
    """The very capture of the revision, by the next reader."""
    address = room.address(FNNEWS, "fnnews")
    capture = room.capture(FNNEWS, NOON, address, "fnnews")
    call = {"address_id": address, "capture_id": capture, "seen_at": NOON}
    room.writer.store(WITHOUT_NOTICE, run_id=room.runs["fnnews"], **call)
    room.becomes(2)
    stored = room.writer.store(fnnews_article(), run_id=room.new_run(), **call)
    assert stored.outcome is Outcome.UNCHANGED
    assert room.count("revision") == 1
    assert room.count("rereading") == 2


def test_a_late_capture_is_held_against_what_todays_reader_reads(room: Newsroom) -> None:
    room.look(WITHOUT_NOTICE, minutes(60))
    room.becomes(2)
    past = {room.captured[0]: fnnews_article()}
    assert room.look(fnnews_article(), minutes(30), past).outcome is Outcome.UNCHANGED
    assert room.changes() == []
    assert room.rows("SELECT valid_from FROM revisions") == [("2026-09-27T12:30:00+09:00",)]


def test_people_are_read_again_without_an_edit(room: Newsroom) -> None:
    nobody = fnnews_article(bylines=())
    room.look(nobody, minutes(0))
    room.becomes(2)
    stored = room.look(fnnews_article(), minutes(60), {room.captured[0]: fnnews_article()})
    assert stored.outcome is Outcome.UNCHANGED
    assert [row[3] for row in state(room)["bylines"]] == ["홍길동"]
    (changed,) = room.rows("SELECT changed FROM rereadings WHERE revision_id IS NULL")
    assert [one["name"] for one in json.loads(changed[0])["bylines"]["after"]] == ["홍길동"]


def test_a_look_holds_the_writer_for_one_piece_at_a_time(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """All pages that are read at once were one transaction: 64 of them held a crawl up for 2.4 s."""
    monkeypatch.setattr("storage.database.pieces.HELD_S", 0.0)  # whatever a piece takes is too long
    stories = [
        fnnews_article(url=f"{FNNEWS}{one}", site_id=f"{one}", title=f"소식 {one}") for one in range(11)
    ]
    for minute, story in enumerate(stories):
        room.look(story, minutes(minute))
    ids = [number for (number,) in room.rows("SELECT appearance_id FROM appearances ORDER BY appearance_id")]
    pages, _ = load(room.engine, Wanted(reader=1), ids, quarantined=False, anew=True)
    block = [
        Read(page=page, readings={page.captures[0]: replace(story, title="다른 제목")})
        for page, story in zip(pages, stories, strict=True)
    ]
    began: list[object] = []
    event.listen(room.engine, "begin", began.append)
    captures = CaptureReader(ReadingPool(limits()), tmp_path, {})
    looking = Texts(room.engine, captures, Rereader(room.engine, decide, LIKENESSES, 1), "look", repair=False)
    told = looking.differing(block)
    assert [one.page.url for one in told] == [page.url for page in pages]
    assert all("title" in {two.field for two in one.differences} for one in told)
    assert len(began) == 4, "eight, and one by one from then on"
    assert room.count("rereading") == 0


def other_page(**changes: object) -> Article:
    return fnnews_article(url=FNNEWS[:-1] + "7", site_id="202609271158000007", **changes)


def test_links_are_decided_anew(room: Newsroom) -> None:
    """Two stories that only the swallowed block made alike."""
    block = "\n".join(
        (
            BODY,
            "안내는 정문 옆에서 하고, 비가 오는 날에는 우산을 빌려준다고 한다.",
            "주말 저녁에는 마당에서 작은 음악회를 열어 누구나 앉아 들을 수 있게 한다.",
            "늦게까지 남은 이들에게는 따뜻한 차를 나누어 준다고 한다.",
        )
    )
    one = fnnews_article(body=f"항만 공사가 새 부두를 짓는다고 밝혔다.\n{block}", title="알림")
    two = other_page(body=f"{block}\n골목마다 나무를 심기로 했다.", title="소식")
    room.look(one, minutes(0))
    room.look(two, minutes(1))
    assert room.count("article_link") == 1
    room.becomes(2)
    mended = fnnews_article(body="항만 공사가 새 부두를 짓는다고 밝혔다.", title="알림")
    room.look(mended, minutes(60), {room.captured[0]: mended})
    assert room.count("article_link") == 0
    assert room.count("group_member") == 0


def test_articles_are_decided_anew(room: Newsroom) -> None:
    """A copy that belonged to the article by a text which no reader finds there any more."""
    from tests.storage.samples import daum_article

    copy = daum_article(title="시립 도서관, 이달부터 야간 개관")
    room.look(fnnews_article(), minutes(0))
    room.store(copy, minutes(1))
    assert room.count("article") == 1
    room.becomes(2)
    mended = fnnews_article(body="아주 다른 글이다. 항만 공사가 새 부두를 짓는다.", title="새 부두 짓는다")
    room.look(mended, minutes(60), {room.captured[0]: mended})
    assert room.count("article") == 2
    assert room.rows("SELECT count(DISTINCT article_id) FROM articles") == [(2,)]


def test_a_quarantined_page_is_read_again(room: Newsroom) -> None:
    """What it showed then is the first revision; the edit since then is found."""
    from storage.records.runs import Settled

    address = room.address(FNNEWS, "fnnews")
    capture = room.capture(FNNEWS, minutes(0), address, "fnnews")
    room.frontier.settle(
        Settled(
            address_id=address, run_id=room.runs["fnnews"], outcome=Outcome.QUARANTINED,
            reason="no page class", at=minutes(0), capture_id=capture,
        )
    )  # fmt: skip
    room.becomes(2)
    edited = fnnews_article(body=BODY.replace("320석", "350석"))
    stored = room.look(edited, minutes(60), {capture: fnnews_article()})
    assert stored.outcome is Outcome.STORED
    assert "quarantined before" in stored.reason
    assert room.changes() == [(0, 1, 0, 0)]
    (reread,) = room.rows("SELECT capture_id, reader_before, reader_after, changed FROM rereadings")
    assert reread[:3] == (capture, None, 2)
    assert json.loads(reread[3]) == {"outcome": {"before": "quarantined", "after": "article"}}
    assert room.look(edited, minutes(90)).outcome is Outcome.UNCHANGED
    assert room.count("rereading") == 1


def test_nothing_is_read_again_by_the_same_reader(room: Newsroom) -> None:
    room.look(fnnews_article(), minutes(0))
    assert past_captures(room.engine, room.address(FNNEWS, "fnnews"), FNNEWS, 1) == []
    room.look(fnnews_article(bylines=(Person(name="홍길동", raw="홍길동"),)), minutes(60))
    assert room.count("rereading") == 0
