"""A backup is the archive, made while it is written, proven, put back; the same rows on either database."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from storage.backup import making, passing, restoring
from storage.backup.bare import filling
from storage.backup.checking import check_backup
from storage.backup.copied import copy_database, counted, one_state
from storage.backup.making import make_backup
from storage.backup.manifest import (
    MANIFEST,
    AtWork,
    File,
    NoBackup,
    alone,
    copy_file,
    read_backup,
    write_backup,
)
from storage.backup.restoring import Damaged, restore
from storage.backup.rows import NotEqual, copy_rows, sum_of, tables
from storage.copies import known
from storage.database.opening import open_database, open_readonly
from storage.database.refusal import DatabaseRefused
from storage.database.upgrading import lacking_indexes, migration_config, upgrade
from storage.forget.planning import plan
from storage.frontier.rowless import restore_rows
from storage.models import SourceRow, TakedownRow
from storage.models.base import table_of
from storage.search.find import Bounds, newest
from storage.search.index import misfiled
from storage.search.outdated import outdated
from storage.search.question import parse
from storage.sqlite_file import url_of
from storage.tombstones import Tombstone, Tombstones
from storage.warc.manifest import sha256_of
from storage.warc.recovery import recover
from tests.migrations.test_migrations import connected
from tests.storage.forget.newsroom import Newsroom, in_files, spread, take_down
from tests.storage.samples import FNNEWS, NOON, UNREADABLE, fnnews_article, state


def quiet(_said: str) -> None:
    """Say nothing."""


class Room(Newsroom):
    """A newsroom whose archive can be copied."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        super().__init__(engine, folder)
        self.url = engine.url.render_as_string(hide_password=False)

    def back_up(self, folder: Path) -> tuple[str, ...]:
        return make_backup(self.engine, self.url, self.folder, folder, quiet).problems

    def story(self, number: int) -> None:
        body = (
            f"{number}번째 소식이다. " + f"{number * 7919}명이 모여 {number * 31}시간 동안 이야기했다. " * 5
        )
        url = FNNEWS.replace("1158", f"{2000 + number}")
        self.fetch(fnnews_article(url=url, site_id=f"{number}", title=f"소식 {number}", body=body), number)


@pytest.fixture
def room(engine: Engine, tmp_path: Path) -> Room:
    made = Room(engine, tmp_path / "archive")
    spread(made)
    return made


@pytest.fixture
def small(sqlite_url: str, tmp_path: Path) -> Room:
    made = Room(open_database(sqlite_url), tmp_path / "archive")
    made.story(1)
    return made


def said(room: Newsroom) -> dict[str, list[str]]:
    """All that the archive says, in an order of its own: databases sort and round otherwise."""
    plain = {
        name: [[float(one) if isinstance(one, Decimal) else one for one in row] for row in rows]
        for name, rows in state(room).items()
    }
    return {name: sorted(map(repr, rows)) for name, rows in plain.items()}


def sums(url: str) -> dict[str, Any]:
    with one_state(url) as connection:
        return {table.name: sum_of(connection, table) for table in tables()}


def test_it_is_proven_and_put_back(room: Room, tmp_path: Path) -> None:
    room.back_up(tmp_path / "b")
    seen = check_backup(tmp_path / "b")
    assert (seen.found, seen.articles) == ([], 2)
    assert seen.captures > 10
    restored = f"sqlite:///{tmp_path / 'again' / 'newsarchive.db'}"
    restore(tmp_path / "b", tmp_path / "again", restored, quiet)
    assert sums(restored) == sums(room.url)
    again = Newsroom.__new__(Newsroom)
    again.engine = open_database(restored)
    assert said(again) == said(room)
    # What the crawl had open is made whole as after its death.
    recover(tmp_path / "again" / "warc", lambda dead: restore_rows(again.engine, dead, 1) and None)
    assert [path.suffix for path in (tmp_path / "again" / "warc").iterdir()] == [".gz"]
    # Given again, as after a kill behind its last step: told what there is to tell, nothing done again.
    assert restore(tmp_path / "b", tmp_path / "again", restored, quiet).lost == ()
    assert [path.suffix for path in (tmp_path / "again" / "warc").iterdir()] == [".gz"]
    flip(next((tmp_path / "b" / "warc").iterdir()))
    (told,) = restore(tmp_path / "b", tmp_path / "again", restored, quiet).lost
    assert "is not what was copied" in told
    with again.engine.begin() as connection:
        connection.execute(text("UPDATE article SET title = title || '.'"))
    with pytest.raises(NoBackup, match="already"):
        restore(tmp_path / "b", tmp_path / "again", restored, quiet)


def test_renewed_it_copies_what_is_new(small: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small.warc.close()
    small.back_up(tmp_path / "b")
    copied: list[str] = []
    kept = making.copy_file

    def copy(source: Path, target: Path) -> Any:
        copied.append(source.name)
        return kept(source, target)

    monkeypatch.setattr(making, "copy_file", copy)
    small.story(2)
    small.back_up(tmp_path / "b")
    assert [name.endswith(".warc.gz.open") for name in copied] == [False, True], copied
    small.warc.close()
    small.back_up(tmp_path / "b")
    assert check_backup(tmp_path / "b").found == []
    names = sorted(path.name for path in (tmp_path / "b" / "warc").iterdir())
    assert names == sorted(path.name for path in (small.folder / "warc").iterdir())
    lost = next(iter((small.folder / "warc").glob("*.warc.gz")))
    lost.unlink()
    small.back_up(tmp_path / "b")
    assert check_backup(tmp_path / "b").found == [], "what the archive has lost is in the backup"
    assert [one.kind for one in known(small.folder)[0]] == ["backup"]


def test_while_it_is_written(small: Room, tmp_path: Path) -> None:
    stop = threading.Event()

    def crawl() -> None:
        number = 10
        while not stop.is_set():
            small.story(number)
            number += 1

    crawling = threading.Thread(target=crawl)
    crawling.start()
    try:
        for _ in range(4):
            small.back_up(tmp_path / "b")
            assert check_backup(tmp_path / "b").found == []
    finally:
        stop.set()
        crawling.join()


def test_a_takedown_leaves_the_backup_when_it_is_renewed(room: Room, tmp_path: Path) -> None:
    """The command that is told can be pasted: a folder's name may have a space."""
    room.warc.close()
    copy = tmp_path / "사본 b"
    room.back_up(copy)
    found = plan(room.place, (FNNEWS,), all_appearances=True)
    assert found is not None
    (told,) = found.copies
    assert told.startswith(f"backup {copy} of ")
    assert shlex.split(told.partition("; ")[2])[:3] == ["newsarchive", "backup", str(copy)]
    take_down(room.place, found, FNNEWS, "판결", "desk", quiet)
    assert in_files(copy) != []
    room.back_up(copy)
    assert in_files(copy) == []
    assert check_backup(copy).found == []


@pytest.mark.parametrize("step", ["copy_database", "_copy_warc", "write_backup"])
def test_interrupted_the_former_backup_stands(
    small: Room, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.back_up(tmp_path / "b")
    small.story(2)

    class Killed(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(making, step, die)
        with pytest.raises(Killed):
            small.back_up(tmp_path / "b")
    if step != "write_backup":  # there the files of the new one are in place already
        assert check_backup(tmp_path / "b").found == []
        restore(tmp_path / "b", tmp_path / "r", f"sqlite:///{tmp_path / 'r' / 'a.db'}", quiet)
    small.back_up(tmp_path / "b")
    assert check_backup(tmp_path / "b").found == []
    assert check_backup(tmp_path / "b").articles == 2


def test_a_copy_in_steps_is_of_one_state_and_is_interrupted_between_two(
    small: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step was the whole database: Ctrl-C was heard behind it."""
    monkeypatch.setattr("storage.backup.copied._STEP", 1)
    monkeypatch.setattr("storage.backup.copied._SAID", 1)
    pages: list[str] = []

    def written_meanwhile(said: str) -> None:
        pages.append(said)
        if len(pages) in (1, 20):
            small.story(len(pages) + 1)

    copy_database(small.engine, small.url, tmp_path / "c.db", written_meanwhile)
    assert pages[0].endswith(f" of {len(pages)} pages of the database")
    assert counted(tmp_path / "c.db")[0]["article"] == 1
    assert small.rows("SELECT count(*) FROM article") == [(3,)]

    def interrupted(_said: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_database(small.engine, small.url, tmp_path / "d.db", interrupted)
    assert [one.name for one in tmp_path.glob("*d.db*")] == []


def test_interrupted_it_is_put_back_by_the_same_command(
    small: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tables were brought up to date in its place, and the second try was refused for that."""
    small.back_up(tmp_path / "b")
    database = tmp_path / "r" / "a.db"
    with monkeypatch.context() as patched:
        patched.setattr(restoring, "upgrade", lambda *_: os._exit(9))
        child = os.fork()
        if not child:
            try:
                restore(tmp_path / "b", database.parent, url_of(database), quiet)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert sorted(one.name for one in database.parent.glob("*a.db*")) == [".a.db.restored"]
    (database.parent / ".a.db.restored-wal").write_bytes(b"of the killed one")
    restore(tmp_path / "b", database.parent, url_of(database), quiet)
    assert sorted(one.name for one in database.parent.glob("*a.db*")) == ["a.db"]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda b: flip(b / "newsarchive.db"), "newsarchive.db is not what was copied"),
        (lambda b: flip(next(iter((b / "warc").glob("*.gz")))), "is not what was copied"),
        (lambda b: next(iter((b / "warc").glob("*.gz"))).unlink(), "is not there"),
        (lambda b: (b / "newsarchive.db").write_bytes(b""), "newsarchive.db has 0 bytes"),
        (lambda b: (b / "warc" / "strange.warc.gz").write_bytes(b"x"), "not of this backup"),
    ],
)
def test_a_damaged_copy_is_told(
    small: Room, tmp_path: Path, damage: Callable[[Path], None], told: str
) -> None:
    small.warc.close()
    small.back_up(tmp_path / "b")
    damage(tmp_path / "b")
    assert any(told in one for one in check_backup(tmp_path / "b").found)
    again = f"sqlite:///{tmp_path / 'r' / 'a.db'}"
    if "newsarchive.db" in told:
        with pytest.raises(Damaged, match="db rebuild"):
            restore(tmp_path / "b", tmp_path / "r", again, quiet)
        assert not (tmp_path / "r" / "a.db").exists()
        return
    lost = restore(tmp_path / "b", tmp_path / "r", again, quiet).lost
    assert [told in one for one in lost] == ([] if told == "not of this backup" else [True])
    assert sums(again) == sums(small.url), "all else is put back"


def test_without_its_tombstones_nothing_is_put_back(small: Room, tmp_path: Path) -> None:
    stones = Tombstones(small.folder)
    hashed = (stones.address("https://a.example/1"),)
    stones.bury(Tombstone(id="1", at="2026-11-26", reason="asked", by="desk", addresses=hashed))
    small.back_up(tmp_path / "b")
    (tmp_path / "b" / "tombstones.key").unlink()
    with pytest.raises(Damaged, match=r"tombstones\.key of the backup is not there"):
        restore(tmp_path / "b", tmp_path / "r", f"sqlite:///{tmp_path / 'r' / 'a.db'}", quiet)


def test_what_the_archive_has_lost_is_not_lost_in_its_backup(small: Room, tmp_path: Path) -> None:
    """Renewed on the night in which the archive's disk was damaged."""
    backup, stones = tmp_path / "b", Tombstones(small.folder)
    small.warc.close()
    (file,) = (small.folder / "warc").glob("*.warc.gz")
    hashed = (stones.address("https://a.example/1"),)
    stones.bury(Tombstone(id="1", at="2026-11-26", reason="asked", by="desk", addresses=hashed))
    taken = TakedownRow(
        tombstone="1", url="https://a.example/1", reason="asked", by="desk", begun_at=NOON, done=""
    )
    with Session(small.engine) as session, session.begin():
        session.add(taken)
    assert (small.back_up(backup), check_backup(backup).found) == ((), [])
    whole = file.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], bytes(len(whole)), whole + b"rubbish"):
        file.write_bytes(damaged)
        (told,) = small.back_up(backup)
        assert told.startswith(f"warc/{file.name} of the archive is damaged or shorter than its copy")
        assert (backup / "warc" / file.name).read_bytes() == whole
    file.write_bytes(whole)
    for name, damage in (("tombstones.jsonl", "{"), ("tombstones.key", ""), ("tombstones.jsonl", "")):
        was = (small.folder / name).read_text()
        (small.folder / name).write_text(damage)
        (told,) = small.back_up(backup)
        assert "those of the backup stay" in told
        assert (backup / name).read_text() == was
        (small.folder / name).write_text(was)
    assert (small.back_up(backup), check_backup(backup).found) == ((), [])
    for name in ("tombstones.jsonl", "tombstones.key"):
        (small.folder / name).unlink()
    (told,) = small.back_up(tmp_path / "new")
    assert "its tombstone is not here" in told
    assert check_backup(tmp_path / "new").found == [told]


def test_of_a_damaged_database_no_backup_is_made(small: Room, tmp_path: Path) -> None:
    small.back_up(tmp_path / "b")
    before = (tmp_path / "b" / "newsarchive.db").read_bytes()
    small.engine.dispose()
    path = Path(str(small.engine.url.database))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4096 * 20] = b"\x55" * 4096 * 20
    path.write_bytes(data)
    with pytest.raises(DatabaseRefused, match="the archive's database is damaged"):
        small.back_up(tmp_path / "b")
    assert (tmp_path / "b" / "newsarchive.db").read_bytes() == before


def test_two_at_once_do_not_mix_their_files(small: Room, tmp_path: Path) -> None:
    """A nightly backup that takes longer than a night: its manifest told digests of files that never came."""
    small.back_up(tmp_path / "b")
    before = {path: path.stat().st_mtime_ns for path in sorted((tmp_path / "b").rglob("*"))}
    with (
        alone(tmp_path / "b"),
        pytest.raises(AtWork, match=r"another process is filling .*/b; nothing was done"),
    ):
        small.back_up(tmp_path / "b")
    assert {path: path.stat().st_mtime_ns for path in sorted((tmp_path / "b").rglob("*"))} == before
    (tmp_path / "r").mkdir()
    with alone(tmp_path / "r"), pytest.raises(AtWork):
        restore(tmp_path / "b", tmp_path / "r", f"sqlite:///{tmp_path / 'r' / 'a.db'}", quiet)
    assert list((tmp_path / "r").iterdir()) == []
    small.back_up(tmp_path / "b")


def test_a_folder_of_something_else_is_left_alone(small: Room, tmp_path: Path) -> None:
    other = tmp_path / "photos"
    other.mkdir()
    (other / "a.jpg").write_bytes(b"x")
    with pytest.raises(NoBackup, match=r"a\.jpg"):
        small.back_up(other)
    assert [path.name for path in other.iterdir()] == ["a.jpg"]
    with pytest.raises(NoBackup, match="archive itself"):
        small.back_up(small.folder)
    (small.folder / "link").symlink_to(small.folder)
    for inside in ("b", "warc/b", "link/b"):
        with pytest.raises(NoBackup, match="would be lost with it"):
            small.back_up(small.folder / inside)
    (small.folder / "link").unlink()
    with pytest.raises(NoBackup, match="is a file"):
        small.back_up(other / "a.jpg")
    outside = {"files": {"../x": {"bytes": 1, "sha256": "", "modified_ns": 1}}, "missing": []}
    (other / MANIFEST).write_text(json.dumps(outside))
    with pytest.raises(NoBackup, match="no manifest"):
        restore(other, tmp_path / "r", f"sqlite:///{tmp_path / 'r' / 'a.db'}", quiet)
    bare = {"made_at": "", "archive": "", "database": "", "revision": "", "files": {}, "missing": []}
    (other / MANIFEST).write_text(json.dumps(bare))
    (other / "newsarchive.db").write_bytes(b"x")
    with pytest.raises(NoBackup, match="no manifest"):
        restore(other, tmp_path / "r", f"sqlite:///{tmp_path / 'r' / 'a.db'}", quiet)
    (other / MANIFEST).write_text("[" * 100_000)
    with pytest.raises(NoBackup, match="no manifest"):
        small.back_up(other)
    with pytest.raises(NoBackup, match="no backup"):
        check_backup(tmp_path / "nowhere")
    small.back_up(tmp_path / "b")
    shutil.copytree(small.folder, tmp_path / "another")
    small.folder = tmp_path / "another"
    with pytest.raises(NoBackup, match="is a backup of"):
        small.back_up(tmp_path / "b")


def test_a_file_that_the_archive_has_lost_is_said(small: Room, tmp_path: Path) -> None:
    small.warc.close()
    (file,) = (small.folder / "warc").glob("*.warc.gz")
    file.unlink()
    small.back_up(tmp_path / "b")
    assert read_backup(tmp_path / "b").missing == (file.name,)
    assert any(file.name in one for one in check_backup(tmp_path / "b").found)


@pytest.fixture
def server(postgresql_url: str) -> Iterator[Engine]:
    """An empty archive on PostgreSQL."""
    opened = open_database(postgresql_url)
    yield opened
    opened.dispose()


def test_rows_move_to_the_other_database_and_back(sqlite_url: str, server: Engine, tmp_path: Path) -> None:
    room = Room(open_database(sqlite_url), tmp_path / "archive")
    spread(room)
    room.story(3)
    before = sums(room.url)
    back = f"sqlite:///{tmp_path / 'back.db'}"
    with one_state(room.url) as source:
        assert copy_rows(source, server, quiet) == before
    moved = Room(server, tmp_path / "archive")
    gathered = "SELECT count(*) FROM pg_stats WHERE tablename = 'outcome' AND attname = 'outcome'"
    assert moved.rows(gathered) == [(1,)]  # nobody waits for the server's own daemon
    assert said(moved) == said(room)
    found = moved.rows("SELECT count(*) FROM search_index")
    assert found == moved.rows("SELECT count(*) FROM article")
    moved.story(4)  # new numbers go on where the old ones ended, and the database keeps what it kept
    assert moved.rows("SELECT count(*) FROM address WHERE day IS NULL") == [(0,)]
    with one_state(moved.url) as source:
        upgrade(back)
        copy_rows(source, open_database(back), quiet)
    assert sums(back) == sums(moved.url)
    with one_state(moved.url) as source, pytest.raises(DatabaseRefused, match="holds an archive already"):
        copy_rows(source, server, quiet)


def test_given_again_behind_its_end_it_is_done(small: Room, server: Engine, tmp_path: Path) -> None:
    """It was killed when all was kept, or the server went away while it gathered statistics."""
    file = open_database(f"sqlite:///{tmp_path / 'copy.db'}")
    upgrade(file.url.render_as_string())
    for into in (server, file):
        for _ in range(2):
            with one_state(small.url) as source:
                assert copy_rows(source, into, quiet) == sums(small.url)
    itself = open_database(f"sqlite:///{small.engine.url.database}".replace("archive/", "archive/./"))
    with one_state(small.url) as source, pytest.raises(DatabaseRefused, match="holds an archive already"):
        copy_rows(source, itself, quiet)
    small.execute("UPDATE text SET body = body || '.'")
    for into in (server, file):
        with one_state(small.url) as source, pytest.raises(DatabaseRefused, match="holds an archive already"):
            copy_rows(source, into, quiet)
    for engine in (file, itself):
        engine.dispose()


def test_another_schema_of_one_database_takes_a_copy_and_the_same_is_none(server: Engine) -> None:
    url = server.url.render_as_string(hide_password=False)
    other = server.url.update_query_dict({"options": "-csearch_path=two"}).render_as_string(False)
    with server.begin() as connection:
        connection.execute(text("CREATE SCHEMA two"))
        connection.execute(text("INSERT INTO source (name) VALUES ('daum')"))
    upgrade(other)
    into = open_database(other)
    for _ in range(2):
        with one_state(url) as source:
            assert copy_rows(source, into, quiet)["source"].rows == 1
    with one_state(other) as source, pytest.raises(DatabaseRefused, match="holds an archive already"):
        copy_rows(source, into, quiet)
    into.dispose()


def test_what_a_role_lets_a_statement_take_ends_no_copy(server: Engine) -> None:
    """It is of a day's statements: COPY and the indexes of a large archive take minutes."""
    with server.begin() as connection:  # which the pool gives again
        connection.execute(text("SET statement_timeout = '1h'"))
    with filling(server) as into:
        assert into.scalar(text("SHOW statement_timeout")) == "0"


def test_numbers_are_not_given_twice_in_the_copy(
    small: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.search.index.SAID", 1)
    told: list[str] = []
    """The newest article was joined into another and is gone: its number stays its own."""
    small.execute("UPDATE sqlite_sequence SET seq = 500 WHERE name = 'article'")
    url = f"sqlite:///{tmp_path / 'copy.db'}"
    upgrade(url)
    with one_state(small.url) as source:
        copy_rows(source, open_database(url), told.append)
    assert "1 articles are indexed" in told
    copy = Room(open_database(url), tmp_path / "archive")
    copy.story(9)
    assert copy.rows("SELECT max(id) FROM article") == [(501,)]


def test_a_disk_that_is_full_under_a_copy_is_a_sentence(small: Room, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'copy.db'}"
    upgrade(url)
    into = open_database(url)
    with into.connect() as connection:  # which the pool gives again
        pages = connection.scalar(text("PRAGMA page_count"))
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    small.execute("INSERT INTO text VALUES (9999, zeroblob(32), printf('%.*c', 300000, 'x'))")
    told = r"disk that holds .*copy\.db is full"
    with one_state(small.url) as source, pytest.raises(DatabaseRefused, match=told):
        copy_rows(source, into, quiet)
    into.dispose()


def test_rows_that_refer_to_none_are_a_sentence(small: Room, server: Engine, tmp_path: Path) -> None:
    """As another program leaves them, which deletes without asking SQLite to look."""
    driver = sqlite3.connect(small.url.removeprefix("sqlite:///"))
    driver.execute("DELETE FROM source")
    driver.commit()
    driver.close()
    url = f"sqlite:///{tmp_path / 'copy.db'}"
    upgrade(url)
    for into in (server, open_database(url)):
        with one_state(small.url) as source, pytest.raises(NotEqual, match="newsarchive verify names them"):
            copy_rows(source, into, quiet)
        with into.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM article")) == 0
        into.dispose()


def test_what_the_source_refuses_is_the_sources(server: Engine, tmp_path: Path) -> None:
    """A role that may read the tables and not the numbers behind them."""
    role, target = f"reads_{uuid.uuid4().hex}", f"sqlite:///{tmp_path / 'copy.db'}"
    upgrade(target)
    with server.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"))
    reader = server.url.set(username=role).render_as_string(hide_password=False)
    told = rf"^The PostgreSQL database .*gives the role {role} too few rights: permission denied for sequence"
    with one_state(reader) as source, pytest.raises(DatabaseRefused, match=told):
        copy_rows(source, open_database(target), quiet)
    with server.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {role}"))
        connection.execute(text(f"DROP ROLE {role}"))


def test_a_copy_that_differs_is_not_kept(small: Room, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'copy.db'}"
    upgrade(url)
    into = open_database(url)
    with into.begin() as connection:
        spoil = "CREATE TRIGGER spoil AFTER INSERT ON image BEGIN UPDATE image SET url = 'x'; END"
        connection.execute(text(spoil))
    with one_state(small.url) as source, pytest.raises(NotEqual, match="image"):
        copy_rows(source, into, quiet)
    with open_readonly(url).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM article")) == 0


@pytest.mark.skipif(not UNREADABLE.exists(), reason="there is no such file here")
def test_the_file_that_the_disk_refused_is_named(tmp_path: Path) -> None:
    """Else the disk of the copy is blamed for that of the backup."""
    with pytest.raises(OSError, match="speed") as refused:
        copy_file(UNREADABLE, tmp_path / "copy")
    assert refused.value.filename == str(UNREADABLE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not UNREADABLE.exists(), reason="there is no such file here")
def test_a_file_that_the_disk_does_not_give_costs_no_other(small: Room, tmp_path: Path) -> None:
    small.warc.close()
    (file,) = (small.folder / "warc").glob("*.warc.gz")
    aside = file.rename(tmp_path / "aside")
    file.symlink_to(UNREADABLE)
    told = f"warc/{file.name} of the archive cannot be read (Invalid argument): "
    assert small.back_up(tmp_path / "new") == (f"{told}it is not in the backup",)
    assert read_backup(tmp_path / "new").missing == (file.name,)
    assert {"newsarchive.db", "backup.json"} <= {path.name for path in (tmp_path / "new").iterdir()}
    file.unlink()
    file.symlink_to(aside)
    assert small.back_up(tmp_path / "b") == ()
    file.unlink()
    file.symlink_to(UNREADABLE)
    copy = tmp_path / "b" / "warc" / file.name
    assert small.back_up(tmp_path / "b") == (f"{told}its copy stays: {copy}",)
    assert copy.read_bytes() == aside.read_bytes()
    assert (read_backup(tmp_path / "b").missing, check_backup(tmp_path / "b").found) == ((), [])


def test_tombstones_of_the_archive_are_kept(small: Room, tmp_path: Path) -> None:
    """The backup is older than a takedown: what came later still stands when it is put back."""
    small.back_up(tmp_path / "b")
    url = FNNEWS.replace("1158", "2001")
    found = plan(small.place, (url,), all_appearances=True)
    assert found is not None
    take_down(small.place, replace(found), url, "판결", "desk", quiet)
    again = tmp_path / "again"
    again.mkdir()
    for name in ("tombstones.jsonl", "tombstones.key"):
        shutil.copy(small.folder / name, again / name)
    restore(tmp_path / "b", again, f"sqlite:///{again / 'newsarchive.db'}", quiet)
    assert (again / "tombstones.jsonl").read_bytes() == (small.folder / "tombstones.jsonl").read_bytes()


def test_of_postgresql_it_is_searched_when_it_is_put_back(server: Engine, tmp_path: Path) -> None:
    """The index takes most of a copy's time, and a backup is made every night."""
    room = Room(server, tmp_path / "archive")
    for number in (1, 2):
        room.story(number)
    room.warc.close()
    room.back_up(tmp_path / "b")
    with open_readonly(f"sqlite:///{tmp_path / 'b' / 'newsarchive.db'}").connect() as connection:
        assert outdated(connection)  # whoever searches the backup itself is told
    again = f"sqlite:///{tmp_path / 'again' / 'newsarchive.db'}"
    restore(tmp_path / "b", tmp_path / "again", again, quiet)
    engine = open_database(again)
    with engine.connect() as connection:
        assert not outdated(connection)
        assert len(list(newest(connection, parse("소식"), Bounds()))) == 2
    assert misfiled(engine, 0, 10) == ([], 2)
    engine.dispose()


def test_a_table_is_never_held_whole(sqlite_url: str, server: Engine) -> None:
    for engine in (open_database(sqlite_url), server):
        with engine.begin() as connection:
            sources = [{"name": f"s{number}"} for number in range(passing.PIECE + 5)]
            connection.execute(insert(table_of(SourceRow)), sources)
            pieces = passing.read_rows(connection, table_of(SourceRow))
            assert [len(piece) for piece in pieces] == [passing.PIECE, 5]
        engine.dispose()


def test_a_copys_index_is_what_the_archives_own_is(small: Room, server: Engine, tmp_path: Path) -> None:
    """Also where many articles share a minute, or tell none: a number is given once."""
    for number in range(2, 5):
        small.story(number)
    small.execute("UPDATE article SET published_at = NULL, created_at = '2026-09-27 03:00:00.000000'")
    url = f"sqlite:///{tmp_path / 'copy.db'}"
    upgrade(url)
    for into in (server, open_database(url)):
        with one_state(small.url) as source:
            copy_rows(source, into, quiet)
        assert misfiled(into, 0, 10) == ([], 4)
        into.dispose()


def test_an_archive_keeps_its_indexes_and_references(small: Room, server: Engine) -> None:
    """They are away while rows are put in."""
    with server.connect() as connection:
        before = connection.execute(text(_MADE)).all()
    with one_state(small.url) as source:
        copy_rows(source, server, quiet)
    with server.connect() as connection:
        assert connection.execute(text(_MADE)).all() == before
        assert lacking_indexes(server) == []


_MADE = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2
""".replace(":", r"\:")


def test_put_back_into_another_database(small: Room, server: Engine, tmp_path: Path) -> None:
    small.warc.close()
    small.back_up(tmp_path / "b")
    url = server.url.render_as_string(hide_password=False)
    restore(tmp_path / "b", tmp_path / "again", url, quiet)
    assert sums(url) == sums(small.url)
    assert not (tmp_path / "again" / "newsarchive.db").exists()


def test_of_an_earlier_version_it_is_put_back_into_another_database(
    small: Room, server: Engine, tmp_path: Path
) -> None:
    """Its tables are brought up to date in a copy: what lies in the backup stays as it is."""
    small.back_up(tmp_path / "b")
    database = tmp_path / "b" / "newsarchive.db"
    config = migration_config()
    with connected(url_of(database)) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0015")
    backup = read_backup(tmp_path / "b")
    kept = File(bytes=database.stat().st_size, sha256=sha256_of(database), modified_ns=0)
    write_backup(tmp_path / "b", replace(backup, files=backup.files | {"newsarchive.db": kept}))
    url = server.url.render_as_string(hide_password=False)
    restore(tmp_path / "b", tmp_path / "again", url, quiet)
    assert sums(url) == sums(small.url)
    assert sha256_of(database) == kept.sha256
    assert not list((tmp_path / "again").glob("*.restored*"))


def test_given_again_into_a_folder_of_its_own_it_compares_once(small: Room, tmp_path: Path) -> None:
    """The database lies elsewhere; its rows are read to see that they are the backup's."""
    small.back_up(tmp_path / "b")
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    restore(tmp_path / "b", tmp_path / "first", elsewhere, quiet)
    said: list[str] = []
    assert restore(tmp_path / "b", tmp_path / "second", elsewhere, said.append).lost == ()
    assert [one for one in said if "comparing" in one] == ["it holds as many rows already: comparing"]
