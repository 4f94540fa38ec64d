"""An archive that was damaged in each way says so, says what to do, and mends what it can."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.crawl.conftest import stage_on
from tests.crawl.stage import Stage


@pytest.fixture
def stage(tmp_path: Path, undisturbed: Stage) -> Stage:
    shutil.copytree(undisturbed.folder, tmp_path / "archive")
    return stage_on(tmp_path / "archive", None)


def checks(out: str) -> list[str]:
    return [line.partition(":")[0] for line in out.splitlines() if " -> " in line]


def files_of(stage: Stage) -> list[Path]:
    """Closed WARC files, the largest first."""
    found = (stage.folder / "warc").glob("*.warc.gz")
    return sorted(found, key=lambda path: -path.stat().st_size)


def damage(stage: Stage) -> str:
    """A flipped byte, a torn tail, an orphan row, wrong texts, a row gone; gives the flipped record's URL."""
    flipped, torn, *_ = files_of(stage)
    (place,) = stage.rows(
        "SELECT capture.* FROM capture JOIN appearance ON appearance.capture_id = capture.id "
        f"WHERE warc_file = '{flipped.name}' ORDER BY capture.id LIMIT 1"
    )
    data = bytearray(flipped.read_bytes())
    data[place["warc_offset"] + place["warc_length"] // 2] ^= 1
    flipped.write_bytes(data)
    (last,) = stage.rows(
        f"SELECT * FROM capture WHERE warc_file = '{torn.name}' ORDER BY warc_offset DESC LIMIT 1"
    )
    answer = torn.read_bytes()[last["warc_offset"] :][: last["warc_length"]]
    torn.write_bytes(torn.read_bytes() + answer[: len(answer) // 2])
    with closing(sqlite3.connect(stage.folder / "newsarchive.db")) as other, other:
        other.execute("INSERT INTO byline (appearance_id, position, raw) VALUES (99999, 1, '홍길동 기자')")
        other.execute(
            "UPDATE text SET body = body || ' 덧붙인 말' WHERE digest = (SELECT max(digest) FROM text)"
        )
        speaking = "(SELECT max(preferred_appearance_id) FROM article)"
        other.execute(f"UPDATE appearance SET title = '바뀐 제목' WHERE id = {speaking}")
        robots = f"warc_file = '{torn.name}' AND url LIKE '%/robots.txt'"
        other.execute(f"DELETE FROM capture WHERE id = (SELECT min(id) FROM capture WHERE {robots})")
    return str(place["url"])


def test_every_damage_is_named_and_what_can_be_is_mended(stage: Stage) -> None:
    sound = stage.run("verify", "--all")
    assert (sound.code, checks(sound.out)) == (0, []), sound.out + sound.err
    assert "0 found" in sound.out
    sums = stage.folder / "warc" / "SHA256SUMS"
    assert len(sums.read_text().splitlines()) == len(files_of(stage))
    url = damage(stage)

    told = stage.run("verify", "--all")
    assert told.code == 1
    assert set(checks(told.out)) == {
        "damaged records",
        "hashes",
        "torn tails",
        "records without row",
        "orphan rows",
        "texts",
        "text against capture",
        "preferred appearances",
    }, told.out
    assert f"of {url}" in told.out
    assert "바뀐 제목 -> " in told.out
    assert all(" -> mended" not in line for line in told.out.splitlines())
    assert told.out == stage.run("verify", "--all").out, "a look changes nothing"

    mended = stage.run("verify", "--all", "--repair")
    assert mended.code == 1
    left = [line for line in mended.out.splitlines() if " -> " in line and not line.endswith("-> mended")]
    assert {line.partition(":")[0] for line in left} == {"damaged records", "hashes", "text against capture"}

    flipped = files_of(stage)[0]
    missing = flipped.rename(stage.folder / flipped.name)
    after = stage.run("verify", "--all")
    assert after.code == 1
    assert {line.partition(":")[0] for line in after.out.splitlines() if " -> " in line} == {
        "warc files",
        "text against capture",
    }, after.out
    assert f"{flipped.name} is not there" in after.out
    missing.rename(flipped)


def test_an_older_database_beside_newer_files_is_told_without_reading_them(stage: Stage) -> None:
    newest = max(path.name for path in files_of(stage))
    with closing(sqlite3.connect(stage.folder / "newsarchive.db")) as other, other:
        other.execute("DELETE FROM capture WHERE warc_file = ?", (newest,))
    for quick in (("doctor",), ("verify", "--sample", "5")):
        told = stage.run(*quick)
        assert told.code == 1
        assert newest in told.out
        assert "verify --all" in " ".join(told.out.split())


@pytest.mark.proof
def test_the_doctor_says_when(stage: Stage) -> None:
    assert "newsarchive verify --all" in stage.run("doctor").out
    assert stage.run("verify", "--sample", "20").code == 0
    assert "sample 20" in stage.run("doctor").out
    wrong = stage.run("verify", "--sample", "20", "--all")
    assert (wrong.code, "exclude each other" in wrong.err) == (2, True)
