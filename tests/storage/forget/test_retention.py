"""Retention removes what the policy says and nothing else; what can then not be read again is named."""

from __future__ import annotations

import asyncio
import os
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from warcio.archiveiterator import ArchiveIterator

from crawler.reading.question import Lost
from crawler.rebuild.files import answers_of
from crawler.rereading.captures import CaptureReader
from storage.forget import retention
from storage.forget.retention import Policy, expired, remove_expired
from storage.frontier.captures import load_capture
from storage.operations.files import Files
from storage.records import Outcome
from storage.records.runs import Settled
from storage.warc.reading import CaptureDamaged, read_payload
from tests.storage.forget.newsroom import Newsroom
from tests.storage.samples import BODY, FNNEWS, NOON, fnnews_article, minutes

DAY = timedelta(days=1)
YEARS = NOON + timedelta(days=800)


@pytest.fixture
def room(engine: Engine, tmp_path: Path) -> Newsroom:
    """A page with an edit, seen again; a list; a page in quarantine; one that nobody has judged."""
    made = Newsroom(engine, tmp_path)
    made.fetch(fnnews_article(body=BODY + "\n먼저 실린 끝말이다."), 0)
    made.fetch(fnnews_article(), 10)
    made.fetch(fnnews_article(), 20)
    made.answer("https://www.fnnews.com/list/1", noise(200_000), "fnnews", None, 1)
    lost = "https://www.fnnews.com/news/202609271400000009"
    number = made.listed(lost, "fnnews", "x", "제목")
    capture = made.answer(lost, b"<p>?</p>", "fnnews", number, 2)
    made.frontier.settle(
        Settled(
            address_id=number,
            run_id=made.runs["fnnews"],
            outcome=Outcome.QUARANTINED,
            reason="no body",
            at=minutes(3),
            capture_id=capture,
        )
    )
    waiting = "https://www.fnnews.com/news/202609271400000008"
    made.answer(waiting, b"<p>!</p>", "fnnews", made.listed(waiting, "fnnews", "x", "제목"), 3)
    made.warc.close()
    return made


def noise(size: int) -> bytes:
    """Bytes that no gzip makes smaller."""
    return random.Random(1).randbytes(size)


def cut(room: Newsroom) -> list[str]:
    query = "SELECT url || ' ' || fetched_at FROM capture WHERE cut_why = 'retention' ORDER BY id"
    if room.engine.dialect.name == "postgresql":
        query = query.replace("fetched_at", "to_char(fetched_at AT TIME ZONE 'UTC', 'HH24:MI')")
    else:
        query = query.replace("fetched_at", "strftime('%H:%M', fetched_at)")
    return [row[0].removeprefix("https://www.fnnews.com/") for row in room.rows(query)]


def test_only_what_is_not_needed_goes(room: Newsroom, tmp_path: Path) -> None:
    policy = Policy(captures=730 * DAY, lists=None)
    assert expired(room.engine, policy, NOON + 700 * DAY).pages == 0
    told = expired(room.engine, policy, YEARS)
    assert (told.pages, told.lists, told.kept) == (2, 1, 2)
    assert (told.contents, told.current, told.quarantined) == (1, 0, 0)
    assert cut(room) == [], "asking changes nothing"
    done = remove_expired(room.engine, tmp_path / "warc", policy, YEARS, lambda _n: None)
    assert (done.captures, done.left) == (3, [])
    page = FNNEWS.removeprefix("https://www.fnnews.com/")
    assert cut(room) == [f"{page} 03:00", f"{page} 03:20", "list/1 03:01"]
    assert remove_expired(room.engine, tmp_path / "warc", policy, YEARS, lambda _n: None).captures == 0
    assert room.rows("SELECT body FROM articles") == [(BODY,)]
    assert len(room.rows("SELECT body FROM revisions")) == 2, "texts are kept for ever"


def test_all_goes_when_told(room: Newsroom, tmp_path: Path) -> None:
    policy = Policy(captures=730 * DAY, lists=DAY, even_the_only_one=True)
    told = expired(room.engine, policy, YEARS)
    assert (told.pages, told.lists, told.kept) == (4, 1, 0)
    assert (told.contents, told.current, told.quarantined) == (2, 1, 1)
    remove_expired(room.engine, tmp_path / "warc", policy, YEARS, lambda _n: None)
    assert len(cut(room)) == 5, "what nobody has judged is not of any age"


def test_lists_of_their_own_age(room: Newsroom) -> None:
    told = expired(room.engine, Policy(captures=None, lists=DAY), YEARS)
    assert (told.pages, told.lists, told.kept) == (0, 1, 0)
    none = expired(room.engine, Policy(captures=None, lists=None), YEARS)
    assert (none.pages, none.lists) == (0, 0)


def test_files_stay_whole_and_verify_knows(room: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "warc"
    (file,) = folder.glob("*.warc.gz")
    size, blocks = file.stat().st_size, file.stat().st_blocks
    assert list(Files(engine=room.engine, folder=folder, repair=False).all()) == [], "hashes are written"
    policy = Policy(captures=730 * DAY, lists=None)
    done = remove_expired(room.engine, folder, policy, YEARS, lambda _n: None)
    assert file.stat().st_size == size
    with file.open("rb") as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream, check_digests="raise")]
    assert kinds.count("response") == 3
    named = [one.removed for one in answers_of(file, {}) if one.removed]
    assert named == ["retention"] * 3, "a rebuild says what it does not find"
    files = Files(engine=room.engine, folder=folder, repair=False)
    assert list(files.all()) == []
    assert files.removed == {"retention": 3}
    first = load_capture(room.engine, 1)
    assert first.removed == "retention"
    lost = asyncio.run(CaptureReader(None, folder, {}).read(first, "fnnews"))  # type: ignore[arg-type]
    assert lost == Lost(reason="the bytes of its capture were removed: retention"), "reextract names it"
    with pytest.raises(CaptureDamaged):
        read_payload(folder, first.capture.warc)
    if done.freed:  # a file system that knows holes
        assert done.freed >= 100_000
        assert file.stat().st_blocks < blocks
    data = file.read_bytes()
    file.write_bytes(data)  # a file that came from a copy, without holes
    os.utime(file)
    assert list(Files(engine=room.engine, folder=folder, repair=False).all()) == []


def test_what_a_backup_puts_back_is_told_and_removed_again(room: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "warc"
    (file,) = folder.glob("*.warc.gz")
    before = file.read_bytes()
    remove_expired(room.engine, folder, Policy(captures=730 * DAY, lists=None), YEARS, lambda _n: None)
    file.write_bytes(before)
    (folder / "SHA256SUMS").unlink(missing_ok=True)
    found = [one.check for one in Files(engine=room.engine, folder=folder, repair=False).all()]
    assert found == ["removed captures"] * 3
    assert all(one.mended for one in Files(engine=room.engine, folder=folder, repair=True).all())
    (folder / "SHA256SUMS").unlink(missing_ok=True)
    assert list(Files(engine=room.engine, folder=folder, repair=False).all()) == []


def test_a_kill_between_bytes_and_rows(
    room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Killed

    policy = Policy(captures=730 * DAY, lists=None)
    with monkeypatch.context() as patched:
        patched.setattr(retention, "mark_cut", die)
        with pytest.raises(Killed):
            remove_expired(room.engine, tmp_path / "warc", policy, YEARS, lambda _n: None)
    assert cut(room) == []
    remove_expired(room.engine, tmp_path / "warc", policy, YEARS, lambda _n: None)
    assert len(cut(room)) == 3
    assert list(Files(engine=room.engine, folder=tmp_path / "warc", repair=False).all()) == []
