"""After a takedown no sentence of the article is found anywhere in the archive, and everything else is."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event
from warcio.archiveiterator import ArchiveIterator

from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.archive.standing import Standing
from storage.archive.storing import TakenDown
from storage.archive.writer import Writer
from storage.database.opening import open_database
from storage.forget import takedown
from storage.forget.mentions import looked_at
from storage.forget.planning import Plan, count_mentions, expect, plan, without_rows
from storage.forget.returned import returned
from storage.forget.takedown import Asked, Done, take_out, unfinished
from storage.models import Base
from storage.operations.files import Files
from storage.tombstones import FILE, KEY, Tombstone, Tombstones, TombstonesUnreadable
from storage.warc.manifest import read_manifest, sha256_of, write_manifest
from storage.warc.store import WarcWriter
from tests.storage.forget.newsroom import (
    BYSTANDER,
    SENTENCES,
    TITLE,
    Newsroom,
    in_files,
    in_tables,
    lists,
    needles,
    spread,
    take_down,
)
from tests.storage.samples import BODY, DAUM, FNNEWS, daum_article, fnnews_article, minutes, unlike
from tests.storage.test_statements import asked as heard


@pytest.fixture
def room(engine: Engine, tmp_path: Path) -> Newsroom:
    made = Newsroom(engine, tmp_path)
    spread(made)
    return made


@pytest.fixture
def sqlite_room(sqlite_url: str, tmp_path: Path) -> Iterator[Newsroom]:
    """For what does not depend on the database."""
    opened = open_database(sqlite_url)
    made = Newsroom(opened, tmp_path)
    spread(made)
    yield made
    opened.dispose()


def planned(room: Newsroom, url: str = FNNEWS, *, everywhere: bool = True) -> Plan:
    made = plan(room.place, (url,), all_appearances=everywhere)
    assert made is not None
    return made


def taken(room: Newsroom, url: str = FNNEWS, *, everywhere: bool = True) -> Done:
    made = planned(room, url, everywhere=everywhere)
    return take_down(room.place, made, url, "법원의 결정", "desk", lambda _said: None)


def records(folder: Path) -> int:
    """Records that warcio reads, every file from its beginning to its end."""
    count = 0
    for path in sorted((folder / "warc").glob("*.warc.gz*")):
        with path.open("rb") as stream:
            count += sum(1 for _ in ArchiveIterator(stream, check_digests="raise"))
    return count


def test_the_test_would_see_it(sqlite_room: Newsroom, tmp_path: Path) -> None:
    assert len({one.partition(": ")[2] for one in in_tables(sqlite_room.engine)}) == len(set(needles()))
    assert any(".warc.gz" in one for one in in_files(tmp_path))
    found = planned(sqlite_room)
    assert len(found.found.captures) == 3
    assert len(found.lists) == len(lists()), [one.url for one in found.lists]
    assert found.pages == []
    (number,) = count_mentions(sqlite_room.place, [found])
    assert number >= 7


def test_no_sentence_is_left(room: Newsroom, tmp_path: Path) -> None:
    before = records(tmp_path)
    done = taken(room)
    assert done.left == []
    assert (done.cut, done.lists) == (3, len(lists()))
    assert in_tables(room.engine) == []
    assert in_files(tmp_path) == []
    assert records(tmp_path) == before, "every file is read to its end, and nothing moved"
    assert room.rows("SELECT body FROM articles") == [(BYSTANDER,)]
    assert room.count("fingerprint") == room.count("text") == room.count("search_entry") == 1
    assert room.count("reporter") == room.count("byline") == 0
    assert room.count("image") == 1, "the bystander's"
    assert room.rows("SELECT fingerprint_id FROM fingerprint_key WHERE fingerprint_id NOT IN "
                     "(SELECT id FROM fingerprint)") == []  # fmt: skip
    (facts,) = (json.loads(row[0]) for row in room.rows("SELECT facts FROM alarm"))
    assert facts == {"example": "[taken down]", "more": [{"[taken down]": 3}], "run": room.runs["fnnews"]}
    outcomes = room.rows("SELECT last_outcome, last_error FROM address WHERE url = :url", url=FNNEWS)
    assert outcomes == [("blocked", "tombstone")]
    (log,) = room.rows("SELECT url, reason, by, finished_at IS NOT NULL, done FROM takedown")
    assert log[:4] == (FNNEWS, "법원의 결정", "desk", 1)
    assert json.loads(log[4])["captures"] == 3


def test_it_does_not_come_back(sqlite_room: Newsroom) -> None:
    taken(sqlite_room)
    for url in (FNNEWS, DAUM, "https://v.daum.net/v/jvTmrluST6"):
        assert sqlite_room.tombstones.at(url) is not None
    again = replace(fnnews_article(), url="https://www.fnnews.com/news/202609271500000077", site_id="77")
    for article in (again, replace(again, body="[속보] " + BODY + "\n한 문장이 더 붙었다."), daum_article()):
        with pytest.raises(TakenDown):
            sqlite_room.fetch(article, 100)
    sqlite_room.fetch(replace(again, body="전혀 다른 이야기가 실린 기사다. " * 12, title="다른 이야기"), 101)


def test_a_name_that_a_list_gave_is_there_to_be_taken(sqlite_room: Newsroom) -> None:
    taken(sqlite_room)
    sqlite_room.execute(
        "UPDATE discovery SET author_hint = '홍길동' WHERE address_id = "
        "(SELECT id FROM address WHERE url = :url)",
        url=FNNEWS,
    )
    assert not planned(sqlite_room).nothing
    taken(sqlite_room)
    assert sqlite_room.rows("SELECT count(*) FROM discovery WHERE author_hint IS NOT NULL") == [(0,)]


def test_once_more_there_is_nothing(sqlite_room: Newsroom) -> None:
    taken(sqlite_room)
    assert planned(sqlite_room).nothing
    assert plan(sqlite_room.place, ("https://www.fnnews.com/news/1",), all_appearances=True) is None


def test_one_page_of_two(room: Newsroom, tmp_path: Path) -> None:
    """The portal's copy stays, so its words do; the tombstone stands for the one page's addresses alone."""
    done = taken(room, everywhere=False)
    assert [one.partition(" ")[0] for one in done.left] == [DAUM]
    assert room.rows("SELECT url FROM appearances ORDER BY url") == [
        (DAUM,),
        (FNNEWS.replace("1158", "1301"),),
    ]
    assert room.tombstones.at(FNNEWS) is not None
    assert room.tombstones.at(DAUM) is None
    assert room.rows("SELECT body FROM articles WHERE url = :url", url=DAUM)
    left = [one for one in in_tables(room.engine) if SENTENCES[4] in one]
    assert left == [], "what only the page that went said"
    room.fetch(daum_article(), 90)


def test_a_near_duplicate_of_another_publisher_is_named_and_stays(sqlite_room: Newsroom) -> None:
    copy = replace(
        daum_article(), url="https://v.daum.net/v/20260927190000009", site_id="9", publisher="다른일보",
        title="도서관이 밤에도 연다", original_url=None, bylines=(), byline_line=None,
    )  # fmt: skip
    sqlite_room.fetch(copy, 50)
    assert sqlite_room.count("article_link") == 1
    one_page = plan(sqlite_room.place, (FNNEWS,), all_appearances=False)
    assert one_page is not None
    assert one_page.found.near == (copy.url,), "named also where another page of the article stays"
    done = taken(sqlite_room)
    assert any(copy.url in said for said in done.left)
    assert sqlite_room.rows("SELECT url FROM articles WHERE url = :url", url=copy.url)
    assert sqlite_room.count("article_link") == sqlite_room.count("group_member") == 0
    sqlite_room.fetch(copy, 95)


def test_a_page_that_was_never_understood(sqlite_room: Newsroom, tmp_path: Path) -> None:
    url = "https://www.fnnews.com/news/202609271400000009"
    sqlite_room.answer(
        url, f"<p>{SENTENCES[0]}</p>".encode(), "fnnews", sqlite_room.listed(url, "fnnews", "x", "제목"), 70
    )
    done = taken(sqlite_room, url)
    assert done.cut == 1
    assert sqlite_room.rows("SELECT title_hint FROM discovery d JOIN address a ON a.id = d.address_id "
                     "WHERE a.url = :url", url=url) == [(None,)]  # fmt: skip


def test_the_hashes_of_files_stay_right(sqlite_room: Newsroom, tmp_path: Path) -> None:
    sqlite_room.warc.close()
    (file,) = (tmp_path / "warc").glob("*.warc.gz")
    write_manifest(tmp_path / "warc", {file.name: sha256_of(file)})
    taken(sqlite_room)
    sums = (tmp_path / "warc" / "SHA256SUMS").read_text()
    assert sums == f"{sha256_of(file)}  {file.name}\n"


def test_the_hash_of_before_another_machine_removed_something_is_renewed(
    sqlite_room: Newsroom, tmp_path: Path
) -> None:
    sqlite_room.warc.close()
    (file,) = (tmp_path / "warc").glob("*.warc.gz")
    former, whole = sha256_of(file), file.read_bytes()
    files = Files(engine=sqlite_room.engine, folder=tmp_path / "warc", repair=False)
    write_manifest(tmp_path / "warc", {file.name: former})
    taken(sqlite_room)
    write_manifest(tmp_path / "warc", {file.name: former})  # as the other machine has it
    assert list(files.all()) == []
    assert read_manifest(tmp_path / "warc")[0] == {file.name: sha256_of(file)}
    file.write_bytes(whole)
    assert "hashes" in {one.check for one in files.all()}


def test_what_a_living_crawl_adds_and_cannot_be_cut_is_told(sqlite_room: Newsroom) -> None:
    def crawl(said: str) -> None:
        if said == "its rows are removed":
            sqlite_room.answer(FNNEWS, b"<p>meanwhile</p>", "fnnews", None, 90)
            sqlite_room.execute(
                "UPDATE capture SET warc_offset = warc_offset + 1 WHERE id = (SELECT max(id) FROM capture)"
            )

    done = take_down(sqlite_room.place, planned(sqlite_room), FNNEWS, "법원의 결정", "desk", crawl)
    (said,) = done.left
    assert "is as it was: no record of" in said


def test_damaged_bytes_kept_aside_and_alarms_of_a_file(sqlite_room: Newsroom, tmp_path: Path) -> None:
    sqlite_room.warc.close()
    (file,) = (tmp_path / "warc").glob("*.warc.gz")
    (place,) = sqlite_room.rows(
        "SELECT warc_offset, warc_length FROM capture WHERE url = :url LIMIT 1", url=FNNEWS
    )
    torn = file.read_bytes()[place[0] : place[0] + place[1] - 9]
    aside = file.with_name(f"{file.name}.damaged-77")
    aside.write_bytes(b"\x00\x01" + torn)
    other = file.with_name(f"{file.name}.damaged-99")
    other.write_bytes(b"nothing of anybody's")
    told = tmp_path / "alarms.jsonl"
    told.write_text(json.dumps({"message": SENTENCES[0], "key": "a"}) + "\n" + '{"key": "b"}\n')
    sqlite_room.place = replace(sqlite_room.place, files=(told, tmp_path / "none"))
    taken(sqlite_room)
    assert (aside.exists(), other.exists()) == (False, True)
    assert [json.loads(line) for line in told.read_text().splitlines()] == [
        {"message": "[taken down]", "key": "a"},
        {"key": "b"},
    ]
    assert in_files(tmp_path) == []


def test_a_file_that_is_away_is_named(sqlite_room: Newsroom, tmp_path: Path) -> None:
    sqlite_room.warc.close()
    (file,) = (tmp_path / "warc").glob("*.warc.gz")
    away = file.rename(tmp_path / file.name)
    done = taken(sqlite_room)
    assert any(file.name in said for said in done.left)
    assert not planned(sqlite_room).nothing
    away.rename(file)
    taken(sqlite_room)
    assert in_files(tmp_path) == []


class Killed(BaseException):
    """As SIGKILL: nothing is caught, nothing is put right."""


STEPS = [
    "_bury",
    "_adopt_rowless_files",
    "_cut",
    "_clear_mentions",
    "_remove_rows",
    "purge",
    "_finish",
]


@pytest.mark.proof
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_on_both(
    room: Newsroom, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_and_do_it_again(room, tmp_path, step, monkeypatch)


@pytest.mark.parametrize("step", ["_cut", "_remove_rows", "purge"])
def test_killed_at_a_step_and_done_once(
    sqlite_room: Newsroom, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_and_do_it_again(sqlite_room, tmp_path, step, monkeypatch)


def kill_and_do_it_again(room: Newsroom, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(takedown, step, die)
        with pytest.raises(Killed):
            taken(room)
    assert not planned(room).nothing
    begun = [] if step == "_bury" else [FNNEWS]  # nobody sees a takedown before its tombstone
    assert [url for url, _ in unfinished(room.engine)] == begun
    assert taken(room).left == []
    assert unfinished(room.engine) == []
    assert in_tables(room.engine) == in_files(tmp_path) == []
    assert planned(room).nothing
    assert room.count("takedown") == len(Tombstones(tmp_path).all()) == 1
    assert room.rows("SELECT count(*) FROM capture WHERE cut_why = 'takedown'") == [(3 + len(lists()),)]
    with pytest.raises(TakenDown):
        room.fetch(daum_article(url="https://v.daum.net/v/20260927190000010", site_id="10"), 100)


def elsewhere(room: Newsroom, folder: Path) -> Newsroom:
    """The same archive on another machine: its own folder, without tombstones."""
    other = copy(room)
    other.folder, other.tombstones = folder, Tombstones(folder)
    other.writer = Writer(room.engine, decide, LIKENESSES, 1, other.tombstones)
    other.place = replace(room.place, folder=folder)
    return other


def test_what_one_machine_took_down_another_stores_only_with_its_tombstone(
    sqlite_room: Newsroom, tmp_path: Path
) -> None:
    other = elsewhere(sqlite_room, tmp_path / "other")
    other.fetch(fnnews_article(), 90)
    standing = Standing(other.engine, other.tombstones)
    standing.need()
    taken(sqlite_room)
    with pytest.raises(TombstonesUnreadable, match=FNNEWS):
        other.fetch(daum_article(), 100)
    with pytest.raises(TombstonesUnreadable, match=FNNEWS):
        Standing(other.engine, other.tombstones).need()
    with pytest.raises(TombstonesUnreadable, match=FNNEWS):
        planned(other, FNNEWS.replace("1158", "1301"))
    assert [FNNEWS in one.what for one in returned(other.engine, other.tombstones)] == [True]
    other.folder.mkdir()
    for name in (KEY, FILE):
        shutil.copy(tmp_path / name, other.folder / name)
    with pytest.raises(TakenDown):
        other.fetch(daum_article(), 101)
    (other.folder / FILE).unlink()
    with pytest.raises(TombstonesUnreadable):  # also what stood before
        other.fetch(daum_article(), 102)


def test_a_takedown_given_while_a_run_of_its_folder_looks_ends_no_run(
    sqlite_room: Newsroom, sqlite_url: str, tmp_path: Path
) -> None:
    crawling = open_database(sqlite_url)
    given: list[Done] = []

    @event.listens_for(crawling, "begin")
    def meanwhile(_connection: Connection) -> None:
        given.append(taken(sqlite_room))

    tombstones = Tombstones(tmp_path)
    assert tombstones.all() == ()
    Standing(crawling, tombstones).need()
    assert given[0].tombstone in {stone.id for stone in tombstones.all()}
    crawling.dispose()


def test_what_lay_out_of_reach_goes_under_the_same_tombstone(sqlite_room: Newsroom, tmp_path: Path) -> None:
    """Else the machine that cut the rest would have a tombstone that the first one lacks."""
    sqlite_room.warc.close()
    (tmp_path / "warc").rename(tmp_path / "away")
    (tmp_path / "warc").mkdir()
    assert taken(sqlite_room).left != []
    (tmp_path / "warc").rmdir()
    (tmp_path / "away").rename(tmp_path / "warc")
    assert taken(sqlite_room).left == []
    assert in_files(tmp_path) == []
    assert sqlite_room.count("takedown") == len(Tombstones(tmp_path).all()) == 1


def test_a_tombstone_that_is_lost_is_put_up_again(sqlite_room: Newsroom, tmp_path: Path) -> None:
    taken(sqlite_room)
    (before,) = sqlite_room.rows("SELECT tombstone, done FROM takedown")
    (tmp_path / FILE).unlink()
    (tmp_path / KEY).unlink()
    assert not planned(sqlite_room).nothing
    assert ["addresses alone" in one for one in taken(sqlite_room).left] == [True]
    assert planned(sqlite_room).nothing
    (after,) = sqlite_room.rows("SELECT tombstone, done FROM takedown")
    assert after[0] == before[0]
    assert json.loads(after[1])["captures"] == json.loads(before[1])["captures"]
    with pytest.raises(TakenDown):
        sqlite_room.fetch(fnnews_article(), 101)


def test_every_text_column_is_content_or_looked_at() -> None:
    """A column that is made tomorrow is looked at too: none is left out but by name."""
    seen = {f"{table.name}.{column.name}" for table, columns in looked_at() for column in columns}
    for name in ("alarm.message", "alarm.facts", "run.reason", "run.stats", "outcome.reason", "slot.reason",
                 "address.last_error", "seed_visit.reason", "capture.unreadable", "discovery.title_hint",
                 "verification.findings", "article_link.evidence", "field_statistic.fields"):  # fmt: skip
        assert name in seen
    assert {name.partition(".")[0] for name in seen} <= set(Base.metadata.tables)


def test_what_a_backup_brings_back_is_named(sqlite_room: Newsroom, tmp_path: Path) -> None:
    bury_only = planned(sqlite_room)
    assert list(returned(sqlite_room.engine, sqlite_room.tombstones)) == []
    stones = sqlite_room.tombstones
    urls = tuple(stones.address(url) for url in bury_only.found.addresses.values())
    stones.bury(Tombstone(id="1", at="2026-11-26T00:00:00+00:00", reason="r", by="b", addresses=urls))
    named = [one.what.split()[0] for one in returned(sqlite_room.engine, stones)]
    assert sorted(named) == sorted([FNNEWS, DAUM])
    taken(sqlite_room)
    assert list(returned(sqlite_room.engine, stones)) == []


def test_a_reader_in_the_way_is_told_and_the_same_again_ends_it(
    sqlite_room: Newsroom, sqlite_url: str, tmp_path: Path
) -> None:
    """SQLite cannot empty its log under a question that is still read: the former bytes are still there."""
    reading = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM text").fetchone()
    impatient = replace(sqlite_room.place, engine=open_database(f"{sqlite_url}?timeout=0.2"))
    made = plan(impatient, (FNNEWS,), all_appearances=True)
    assert made is not None
    done = take_down(impatient, made, FNNEWS, "판결", "desk", lambda _said: None)
    assert any("-wal still holds" in said for said in done.left)
    reading.close()
    assert not planned(sqlite_room).nothing
    assert taken(sqlite_room).left == []
    assert in_files(tmp_path) == []
    assert planned(sqlite_room).nothing


@pytest.mark.parametrize("title", ["[부고]", "김철수", "A", "…", ""])
def test_a_headline_of_a_few_letters(sqlite_room: Newsroom, title: str) -> None:
    """It stands in half of all messages: only what says nothing else is cleared."""
    page = fnnews_article(
        url=FNNEWS.replace("1158", "1444"), site_id="44", title=title, body="다른 이야기. " * 20
    )
    sqlite_room.fetch(page, 80)
    sqlite_room.execute("UPDATE run SET reason = :said", said=f"{title} 1 quarantined")
    found = plan(sqlite_room.place, (page.url,), all_appearances=True)
    assert found is not None
    take_down(sqlite_room.place, found, page.url, "판결", "desk", lambda _said: None)
    assert sqlite_room.rows("SELECT DISTINCT reason FROM run") == [(f"{title} 1 quarantined",)]
    assert len(sqlite_room.rows("SELECT 1 FROM articles")) == 2


def test_pages_of_others(sqlite_room: Newsroom, tmp_path: Path) -> None:
    """A headline in a box is told; a caption or a sentence that the other article has itself is its own."""
    url = FNNEWS.replace("1158", "1555")
    caption = SENTENCES[7]
    other = fnnews_article(url=url, site_id="55", title="다른 기사", body=BYSTANDER.replace("한강", "안양천"))
    other = replace(other, images=(replace(other.images[0], caption=caption),))
    sqlite_room.fetch(other, 70)
    number = sqlite_room.listed(url, "fnnews", "55", "다른 기사")
    sqlite_room.answer(url, f"<p>{BYSTANDER}</p><i>{caption}</i>".encode(), "fnnews", number, 71)
    assert planned(sqlite_room).pages == []
    boxed = f"<p>{BYSTANDER}</p><ul><li>{TITLE}</li></ul>".encode()
    capture = sqlite_room.answer(url, boxed, "fnnews", number, 72)
    found = planned(sqlite_room)
    assert [one.capture_id for one in found.pages] == [capture]
    assert any(said.startswith(f"the page {url}") for said in found.left)
    assert any("beside their own: 1, of 1 pages; --cut-pages" in said for said in found.left)
    assert len(found.lists) == len(lists())
    done = taken(sqlite_room)
    assert any(TITLE in said for said in in_files(tmp_path)), "in the box of the other article's page"
    assert any("--cut-pages" in said for said in done.left)
    # Its words are forgotten by now: the takedown noted which captures show them.
    again = plan(sqlite_room.place, (FNNEWS,), all_appearances=True, cut_pages=True)
    assert again is not None
    done = take_down(sqlite_room.place, again, FNNEWS, "법원의 결정", "desk", lambda _said: None)
    assert (done.pages, done.left) == (1, [])
    assert not any(TITLE in said for said in in_files(tmp_path))
    assert sqlite_room.rows("SELECT body FROM articles WHERE url = :url", url=url), "its text stays"
    again = plan(sqlite_room.place, (FNNEWS,), all_appearances=True, cut_pages=True)
    assert again is not None
    assert again.nothing


def test_pages_of_others_go_with_it_where_asked(sqlite_room: Newsroom, tmp_path: Path) -> None:
    for minute in range(25):
        url = FNNEWS.replace("1158", f"{2000 + minute}")
        number = sqlite_room.listed(url, "fnnews", f"{minute}", "다른 기사")
        boxed = f"<p>{BYSTANDER}</p><ul><li>{TITLE}</li></ul>".encode()
        sqlite_room.answer(url, boxed, "fnnews", number, 70 + minute)
    told = [one for one in planned(sqlite_room).left if one.startswith("the page")]
    assert len(told) == 20, "all are counted, the first are named"
    found = plan(sqlite_room.place, (FNNEWS,), all_appearances=True, cut_pages=True)
    assert found is not None
    done = take_down(sqlite_room.place, found, FNNEWS, "법원의 결정", "desk", lambda _said: None)
    assert (done.pages, done.left) == (25, [])
    assert in_files(tmp_path) == []


def test_pages_taken_together_share_one_pass_and_no_words(sqlite_room: Newsroom) -> None:
    """What two of them say alone is no site's phrase, though each stands beside the other until both go."""
    shared = "두 기사에만 있는 이 문장은 어느 매체의 상투어도 아니다."
    pages = [
        unlike(number, url=f"{FNNEWS[:-1]}{number}", site_id=str(number), body=f"{shared}\n{word * 40}")
        for number, word in ((5, "가을 들판 "), (6, "겨울 바다 "))
    ]
    for minute, page in enumerate(pages):
        sqlite_room.fetch(page, 80 + minute)
    sqlite_room.execute("UPDATE run SET reason = :said", said=f"odd: {shared}")
    first = planned(sqlite_room, pages[0].url)
    second = plan(sqlite_room.place, (pages[1].url,), all_appearances=False, going=first.found.articles)
    assert second is not None
    assert not first.touches(second)
    asked = [Asked(made, page.url, "판결", "desk") for made, page in zip((first, second), pages, strict=True)]
    with heard(sqlite_room.engine) as statements:
        done = take_out(sqlite_room.place, asked, lambda _said: None)
    assert sum("FROM alarm" in one for one in statements) == 1
    assert [one.done.cut for one in done] == [1, 1]
    assert done[1].done.mentions >= 2
    assert sqlite_room.rows("SELECT DISTINCT reason FROM run") == [("[taken down]",)]


def test_captures_are_read_whole_once_for_several_pages(sqlite_room: Newsroom) -> None:
    """No index finds them by the address that was asked: three times for each page took 0.4 s of 160,000
    (2026-11-28), one of them with the writers' lock in hand."""
    urls, place = (FNNEWS, DAUM), sqlite_room.place
    nobodys = sqlite_room.answer(FNNEWS, b"a", "fnnews", minute=90)
    with heard(sqlite_room.engine) as statements:
        expect(place, [url for (url,) in sqlite_room.rows("SELECT url FROM address")])
        plans = [plan(place, (url,), all_appearances=False) for url in urls]
        late = sqlite_room.answer(FNNEWS, b"b", "fnnews", minute=91)
        found = [made for made in plans if made is not None]
        first = plan(place, (FNNEWS,), all_appearances=False)
    assert len(found) == 2
    assert first is not None
    whole = [one for one in statements if "capture.url IN" in one and "capture.id > " not in one]
    assert len(whole) == 1
    assert nobodys in [one.capture_id for one in found[0].found.captures]
    assert {nobodys, late} <= {one.capture_id for one in first.found.captures}


def written_without_rows(room: Newsroom, folder: Path) -> WarcWriter:
    """A page and a list of which the database knows nothing."""
    facts: dict[str, str | int | bool | None] = {"run": room.runs["fnnews"], "source": "fnnews"}
    dead = WarcWriter(folder / "warc", software="test", contact=None, facts=facts)
    for url, address in ((FNNEWS, FNNEWS), ("https://www.fnnews.com/list/dead", None)):
        dead.write_exchange(
            url=url,
            fetched_at=minutes(75),
            request=b"GET / HTTP/1.1\r\n\r\n",
            http_status=200,
            reason="OK",
            response_headers=[],
            body=f"<p>{SENTENCES[0]}</p>".encode(),
            facts={"address": address},
        )
    return dead


def test_what_a_dead_crawl_left_without_rows(sqlite_room: Newsroom, tmp_path: Path) -> None:
    """Killed before it kept their rows: its file carries .open."""
    dead = written_without_rows(sqlite_room, tmp_path)
    assert dead._open is not None
    os.close(dead._open._fd)
    done = taken(sqlite_room)
    assert (done.cut, done.lists) == (4, len(lists()) + 1)
    assert in_files(tmp_path) == []


def test_what_the_database_lost_the_rows_of_goes_too(sqlite_room: Newsroom, tmp_path: Path) -> None:
    """A dump that was put back beside newer files: all was said to be gone, and lay there."""
    written_without_rows(sqlite_room, tmp_path).close()
    (said,) = without_rows(sqlite_room.place)
    assert "1 files hold answers that the database has no row of" in said
    done = taken(sqlite_room)
    assert (done.cut, done.lists, done.left) == (4, len(lists()) + 1, [])
    assert in_files(tmp_path) == []
    assert without_rows(sqlite_room.place) == []


def test_an_imported_file_is_named(sqlite_room: Newsroom) -> None:
    sqlite_room.execute(
        "INSERT INTO import_file (name, kind, sha256, size, started_at) VALUES "
        "('/disk/old.warc.gz', 'warc', 'x', 1, :at)",
        at=minutes(0),
    )
    sqlite_room.execute(
        "INSERT INTO import_entry (file_id, position, url, fate, at) VALUES (1, '0', :url, 'taken', :at)",
        url=FNNEWS,
        at=minutes(0),
    )
    assert any("/disk/old.warc.gz" in said for said in planned(sqlite_room).left)


def test_pictures_in_the_ledger_of_imports(sqlite_room: Newsroom) -> None:
    """The page's own address is kept there, as everywhere; those of its pictures go, as everywhere."""
    (own,) = sqlite_room.rows(
        "SELECT DISTINCT url FROM image WHERE appearance_id IN "
        "(SELECT appearance_id FROM appearances WHERE url = :url)",
        url=FNNEWS,
    )[0]
    elsewhere = "https://image.example.com/bystander.jpg"
    sqlite_room.execute(
        "INSERT INTO import_file (name, kind, sha256, size, started_at) VALUES ('x', 'warc', 'x', 1, :at)",
        at=minutes(0),
    )
    urls = [FNNEWS, own, own.replace("https:", "http:"), elsewhere]
    for position, url in enumerate(urls):
        sqlite_room.execute(
            "INSERT INTO import_entry (file_id, position, url, fate, reason, at) "
            "VALUES (1, :position, :url, 'left', 'no page: image/jpeg', :at)",
            position=str(position),
            url=url,
            at=minutes(0),
        )
    sqlite_room.execute(
        "UPDATE image SET url = :url WHERE appearance_id IN "
        "(SELECT appearance_id FROM appearances WHERE url LIKE '%1301%')",
        url=elsewhere,
    )
    taken(sqlite_room)
    left = sqlite_room.rows("SELECT url FROM import_entry ORDER BY position")
    assert left == [(FNNEWS,), (None,), (None,), (elsewhere,)]


@pytest.mark.proof
def test_more_captures_are_away_than_a_statement_takes(sqlite_room: Newsroom) -> None:
    (run,) = sqlite_room.rows("SELECT max(id) FROM run WHERE source = 'fnnews'")[0]
    sqlite_room.execute(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 40000) INSERT INTO capture "
        "(run_id, url, fetched_at, http_status, payload_digest, payload_length, warc_file, warc_offset, "
        "warc_length) SELECT :run, 'https://www.fnnews.com/list/x', '2026-09-27', 200, 'sha1:A', 9, "
        "'away.warc.gz', x, 9 FROM n",
        run=run,
    )
    found = planned(sqlite_room)
    assert len(found.away) == 40_000
    done = take_down(sqlite_room.place, found, FNNEWS, "판결", "desk", lambda _said: None)
    assert any("40000 lists that may carry it lie in files" in said for said in done.left)
    assert planned(sqlite_room).lists == []
