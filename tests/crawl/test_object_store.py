"""An archive whose closed captures lie in an object store does everything that one with files does."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from crawler.reader import READER
from tests.crawl.conftest import ARTICLES, stage_on
from tests.crawl.public_views import public
from tests.crawl.stage import Stage
from tests.storage.objects.conftest import ENVIRONMENT, Store
from tests.storage.objects.server import BUCKET, Fault, Plan, faulty, s3_server
from twin import Twin

pytestmark = pytest.mark.proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Away(Stage):
    """A stage whose commands know the store."""

    store: Store
    proxy: int

    def environment(self) -> dict[str, str]:
        endpoint = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.proxy}", "NEWSARCHIVE_WARC": self.store.url}
        return Stage.environment(self) | ENVIRONMENT | endpoint

    def done(self, *words: str, code: int = 0) -> str:
        done = self.run(*words, timeout=600)
        assert done.code == code, f"{words}: {done.out}{done.err[-3000:]}"
        return done.out + done.err

    def here(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "warc").glob("*.warc.gz"))


@pytest.fixture
def store() -> Iterator[tuple[Store, int]]:
    with s3_server() as port, faulty(port, plan := Plan()) as proxy:
        yield Store(port=port, plan=plan, prefix="archive"), proxy


def test_all_that_files_can_do(tmp_path: Path, store: tuple[Store, int]) -> None:
    there, proxy = store
    with Twin(articles=ARTICLES) as twin:
        made = stage_on(tmp_path / "archive", twin.url)
        stage = Away(folder=made.folder, database=made.database, origin=twin.url, store=there, proxy=proxy)
        crawled = stage.crawl()
    assert crawled.code in (0, 1), crawled.err[-2000:]
    assert stage.here() == []
    captured = stage.column("SELECT DISTINCT warc_file FROM capture")
    assert all(there.holds(name) for name in captured)

    assert " 0 found" in stage.done("verify")
    stage.done("verify", "--all")
    index = stage.done("warc", "index").splitlines()
    assert len([line for line in index if line.startswith(("com,", "net,"))]) > ARTICLES
    stage.done("warc", "pack", str(tmp_path / "out.wacz"))
    with zipfile.ZipFile(tmp_path / "out.wacz") as wacz:
        assert {name.removeprefix("archive/") for name in wacz.namelist() if "warc.gz" in name} == set(
            captured
        )
    assert "object store" in stage.run("doctor").out
    stage.done("backup", str(tmp_path / "backup"))
    manifest = json.loads((tmp_path / "backup" / "backup.json").read_text())
    assert (manifest["store"], sorted(manifest["away"]), manifest["missing"]) == (
        there.url,
        sorted(captured),
        [],
    )
    stage.done("backup", str(tmp_path / "backup"), "--check")

    anew = replace(
        stage, folder=tmp_path / "anew", database=f"sqlite:///{tmp_path / 'anew' / 'newsarchive.db'}"
    )
    (tmp_path / "anew" / "warc").mkdir(parents=True)
    stage.done("verify")
    anew.done("db", "rebuild", "--from", str(tmp_path / "anew" / "warc"))
    assert public(anew) == public(stage)
    shutil.rmtree(tmp_path / "anew")

    (story,) = stage.rows(
        "SELECT url, title FROM articles WHERE appearances = 1 AND url LIKE '%fnnews%' LIMIT 1"
    )
    there.plan.faults.clear()
    stage.done("takedown", story["url"], "--reason", "판결", "--all-appearances", code=1)  # the backup has it
    stage.done("verify", "--all")
    assert stage.here() == []

    (pages,) = stage.column("SELECT count(*) FROM appearance")
    _forget_reader(stage)
    assert f"{pages} pages read again" in stage.done("reextract")
    assert stage.column("SELECT DISTINCT reader FROM appearance") == [READER]
    stage.done("verify", "--all")


def _forget_reader(stage: Stage) -> None:
    with closing(sqlite3.connect(stage.folder / "newsarchive.db")) as other, other:
        other.execute("UPDATE appearance SET reader = reader - 1")


def test_a_store_that_was_down_is_told_and_made_good(tmp_path: Path, store: tuple[Store, int]) -> None:
    there, proxy = store
    there.plan.faults.append(Fault("500", "PUT", 10_000))
    with Twin(articles=10) as twin:
        made = stage_on(tmp_path / "archive", twin.url)
        stage = Away(folder=made.folder, database=made.database, origin=twin.url, store=there, proxy=proxy)
        crawled = stage.crawl("fnnews")
    assert crawled.code in (0, 1), crawled.err[-2000:]
    assert "was not sent to" in crawled.err
    assert stage.here() != []
    doctor = " ".join(stage.run("doctor").out.split())
    assert "wait here for" in doctor
    assert "warc upload" in doctor
    stage.done("verify", "--all")
    assert "was not sent" in stage.done("warc", "upload", code=1)
    there.plan.faults.clear()
    assert "removed here" in stage.done("warc", "upload")
    assert stage.here() == []
    assert f"/{BUCKET}/" in "".join(there.plan.asked)
