"""why, diff and relink, and the archive of a day, as the command line runs them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from crawler.commands.asking import known_at
from crawler.commands.program import make_program
from crawler.configuration.environment import WrongSetting
from crawler.deduplicate.match import decide
from storage.archive.writer import Writer
from storage.database.opening import open_database
from storage.database.upgrading import upgrade
from storage.models import AddressRow, OutcomeRow, RunRow
from storage.query.reader import run_select
from tests.storage.samples import (
    BODY,
    DAUM,
    FNNEWS,
    NOON,
    Desk,
    daum_article,
    fnnews_article,
    instant,
    minutes,
)

FIRST = "https://v.daum.net/v/20260927120200002"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive in which one story is on two sites, one paper reprints it, and one page was edited."""
    monkeypatch.delenv("NEWSARCHIVE_DATABASE_URL", raising=False)
    url = f"sqlite:///{tmp_path / 'newsarchive.db'}"
    upgrade(url)
    engine = open_database(url)
    desk = Desk(engine)
    desk.writer = Writer(engine, decide)
    desk.store(fnnews_article())
    desk.store(daum_article())
    reprint = {"url": FIRST, "site_id": "20260927120200002", "publisher": "가람신문", "bylines": ()}
    desk.store(daum_article(**reprint, title="야간 개관하는 도서관"))
    desk.store(
        fnnews_article(body=BODY.replace("320석", "230석"), modified=instant(minutes(50))), minutes(60)
    )
    engine.dispose()
    return tmp_path


def run(folder: Path, *words: str) -> str:
    done = CliRunner().invoke(make_program(), [*words, "--dir", str(folder)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_why_shows_the_stored_evidence(folder: Path) -> None:
    said = run(folder, "why", FNNEWS, DAUM)
    assert "verdict: one article" in said
    assert f"{FNNEWS} is the preferred page" in said
    assert f"{DAUM} by text, score" in said


def test_why_compares_what_is_not_joined(folder: Path) -> None:
    said = run(folder, "why", FNNEWS, FIRST)
    assert "not linked" in said
    assert "as articles: near_duplicate, score" in said
    assert "1 new links" in run(folder, "relink")
    linked = run(folder, "why", FIRST, FNNEWS)
    assert "linked as near_duplicate" in linked
    assert "number_places" in linked


def test_why_of_one_page(folder: Path) -> None:
    assert "one page" in run(folder, "why", DAUM, "https://news.v.daum.net/v/20260927120100001")


def test_diff_shows_the_words(folder: Path) -> None:
    said = run(folder, "diff", FNNEWS)
    assert "2 revisions" in said
    assert "2026-09-27T13:00:00+09:00: changed" in said
    assert "열람석 [-320-]{+230+}석을" in said
    assert "1 revision\n" in run(folder, "diff", DAUM)


def test_why_of_one_address_says_what_became_of_it(folder: Path) -> None:
    printed = "https://news.v.daum.net/v/20260927120100001"
    assert f"address: {DAUM}, in the archive, as article 1" in run(folder, "why", printed)


@pytest.mark.parametrize(
    ("state", "outcome", "said"),
    [
        ("settled", "quarantined", r"quarantined at 2026-09-27T12:00:00\+09:00 \(its body is empty\)"),
        ("pending", None, "the next crawl of daum asks for it"),
        ("settled", None, "it was not asked for"),
    ],
)
def test_of_an_address_that_is_not_stored_its_end_is_said(
    folder: Path, state: str, outcome: str | None, said: str
) -> None:
    lost = "https://v.daum.net/v/20260927120300003"
    engine = open_database(f"sqlite:///{folder / 'newsarchive.db'}")
    with Session(engine) as session, session.begin():
        row = AddressRow(source="daum", url=lost, site_id="3", state=state, first_seen_at=NOON, attempts=0)
        session.add(row)
        session.flush()
        if outcome:
            run_id = session.scalars(select(RunRow.id)).first()
            session.add(
                OutcomeRow(
                    run_id=run_id,
                    address_id=row.id,
                    outcome=outcome,
                    reason="its body is empty",
                    at=NOON,
                )
            )
    engine.dispose()
    for words in (("diff", lost), ("why", DAUM, lost)):
        with pytest.raises(WrongSetting, match=f"no stored page has the address {lost}: {said}"):
            run(folder, *words)
    assert "not in the archive" in run(folder, "why", lost)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (NOON, "; the first crawl of daum from 2026-09-27T12:00:00+09:00 on asks for it"),
        (None, "; asked again only when a list or newsarchive fetch names it"),
    ],
)
def test_why_says_when_an_address_is_asked_next(folder: Path, due: datetime | None, said: str) -> None:
    """Under its alias too: whether to wait for a page that failed stood in the tables alone."""
    engine = open_database(f"sqlite:///{folder / 'newsarchive.db'}")
    with Session(engine) as session, session.begin():
        session.scalars(select(AddressRow).where(AddressRow.url == DAUM)).one().next_fetch_at = due
    engine.dispose()
    for address in (DAUM, "https://news.v.daum.net/v/20260927120100001"):
        assert said in run(folder, "why", address)


def test_an_unknown_address_is_said(folder: Path) -> None:
    with pytest.raises(WrongSetting, match="no list has named it, and nobody has asked for it"):
        run(folder, "why", "https://v.daum.net/v/20200101000000000")
    with pytest.raises(WrongSetting, match="no stored page"):
        run(folder, "diff", "https://v.daum.net/v/20200101000000000")


def test_a_day_is_asked_for_as_it_ended_in_korea(folder: Path) -> None:
    url = f"sqlite:///{folder / 'newsarchive.db'}"
    asked = {date(2026, 9, 26): [], date(2026, 9, 27): [BODY.replace("320석", "230석")]}
    for day, expected in asked.items():
        with run_select(url, known_at(f"SELECT body FROM articles WHERE url = '{FNNEWS}'", day, url)) as (
            _,
            rows,
        ):
            assert [row[0] for row in rows] == expected
