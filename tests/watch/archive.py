"""An archive seeded with plain rows: runs, lists, outcomes, captures of any day."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage.archive.rules import ensure_rules
from storage.database.opening import writing
from storage.database.upsert import insert_missing
from storage.frontier.runs import ensure_source
from storage.models import (
    AddressRow,
    AppearanceRow,
    ArticleRow,
    CaptureRow,
    DiscoveryRow,
    OutcomeRow,
    RunRow,
    SeedRow,
    SeedVisitRow,
    UnendedRow,
)

_numbers = count(1)


def add_run(
    engine: Engine,
    at: datetime,
    *,
    source: str = "daum",
    mode: str = "latest",
    verdict: str | None = "healthy",
    settings: Mapping[str, str] | None = None,
    slot: datetime | None = None,
    reason: str = "seeded",
) -> int:
    with writing(engine) as session:
        ensure_source(session, source)
        run = RunRow(
            source=source,
            mode=mode,
            slot=slot,
            owner="other/1/2",
            started_at=at,
            finished_at=None if verdict is None else at + timedelta(minutes=3),
            verdict=verdict,
            reason=reason,
            settings=json.dumps(dict(settings or {"delay_s": "1.0", "user_agent": "newsarchive/test"})),
            requests=10,
            bytes=1000,
        )
        session.add(run)
        session.flush()
        return run.id


def add_list(
    engine: Engine,
    run_id: int,
    urls: Sequence[str],
    at: datetime,
    *,
    seed: str = "https://news.daum.net/",
    outcome: str | None = "stored",
    section: str = "경제",
    source: str = "daum",
    visit: str = "stored",
) -> None:
    """A list that named these addresses, each of which then came to the outcome."""
    with writing(engine) as session:
        row = {"kind": "listing", "outcome": visit, "reason": "seeded", "at": at, "section": section}
        session.add(SeedVisitRow(run_id=run_id, seed=seed, listed=len(urls), **row))
        for url in urls:
            address = _address(session, url, at, outcome, source)
            add_discovery(session, run_id, address.id, seed, at, section)
            if outcome is None:
                insert_missing(session, UnendedRow, [{"run_id": run_id, "address_id": address.id}])
            else:
                row = OutcomeRow(
                    run_id=run_id, address_id=address.id, outcome=outcome, reason="seeded", at=at
                )
                session.add(row)


def add_discovery(
    session: Session, run_id: int, address_id: int, seed: str, at: datetime, section: str | None
) -> None:
    """A list that said the same at every reading; the run counts the address when it is new to it."""
    insert_missing(session, SeedRow, [{"url": seed}])
    seed_id = session.query(SeedRow.id).filter_by(url=seed).scalar()
    of_address = session.query(DiscoveryRow).filter_by(address_id=address_id)
    if of_address.filter_by(last_run_id=run_id).first() is None:
        session.get_one(RunRow, run_id).listed += 1
    row = of_address.filter_by(seed_id=seed_id).order_by(DiscoveryRow.id.desc()).first()
    if row is None or row.time_hint != at or row.section_hint != section:
        before = None if row is None else row.last_run_id
        hints = {"section_hint": section, "time_hint": at, "previous_run_id": before}
        row = DiscoveryRow(
            address_id=address_id, seed_id=seed_id, first_run_id=run_id, first_seen_at=at, times=0, **hints
        )
        session.add(row)
    elif row.last_run_id != run_id:
        row.previous_run_id = row.last_run_id
    row.last_run_id, row.last_seen_at, row.times = run_id, at, row.times + 1
    session.flush()


def _address(session: Session, url: str, at: datetime, outcome: str | None, source: str) -> AddressRow:
    address = session.query(AddressRow).filter_by(url=url).one_or_none()
    if address is None:
        address = AddressRow(source=source, url=url, state="settled", first_seen_at=at, attempts=0)
        session.add(address)
    address.last_outcome = outcome
    session.flush()
    return address


def add_articles(
    engine: Engine,
    run_id: int,
    at: datetime,
    articles: int,
    *,
    title: bool = True,
    extractor: str = "daum/2022",
) -> list[str]:
    """Articles stored in a run, listed in it too."""
    urls = [f"https://v.daum.net/v/{next(_numbers)}" for _ in range(articles)]
    add_list(engine, run_id, urls, at, seed=f"https://news.daum.net/{next(_numbers)}")
    rules = json.dumps({"title": "h3.tit_view"} if title else {})
    with writing(engine) as session:
        for url in urls:
            address = session.query(AddressRow).filter_by(url=url).one()
            article = ArticleRow(title="제목", created_at=at)
            session.add(article)
            session.flush()
            session.add(
                AppearanceRow(
                    address_id=address.id,
                    article_id=article.id,
                    source="daum",
                    title="코스피 2,700선 회복" if title else None,
                    tags="[]",
                    published_at=at,
                    published_raw=f"{at:%Y. %m. %d. %H:%M}",
                    extractor="daum/2022",
                    rules_id=ensure_rules(session, rules),
                    content_digest="00",
                    syndicated=True,
                    first_seen_at=at,
                )
            )
    return urls


def add_capture(engine: Engine, run_id: int, at: datetime, *, url: str, status: int = 200) -> int:
    with writing(engine) as session:
        number = next(_numbers)
        row = CaptureRow(
            run_id=run_id,
            url=url,
            fetched_at=at,
            http_status=status,
            payload_digest="sha1:A",
            payload_length=100,
            warc_file="a.warc.gz",
            warc_offset=number,
            warc_length=1,
        )
        session.add(row)
        session.flush()
        return row.id


def add_answers(
    engine: Engine, run_id: int, at: datetime, urls: Sequence[str], outcome: str, reason: str = "seeded"
) -> None:
    """A list that named these addresses, each of which was answered and came to the outcome."""
    add_list(engine, run_id, urls, at, outcome=outcome, seed=f"https://news.daum.net/{next(_numbers)}")
    for url in urls:
        capture = add_capture(engine, run_id, at, url=url)
        with writing(engine) as session:
            address = session.query(AddressRow).filter_by(url=url).one()
            address.last_error = reason
            ends = session.query(OutcomeRow).filter_by(run_id=run_id, address_id=address.id)
            ends.update({"capture_id": capture, "reason": reason})
