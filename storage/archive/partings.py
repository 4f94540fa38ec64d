"""Articles whose pages nothing joins any more: archives from before pages were held against each other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from storage.archive.articles import Decide, parts
from storage.archive.placing import Placing
from storage.database.opening import writing
from storage.likeness import Likenesses
from storage.models import AppearanceRow


def part_again(engine: Engine, decide: Decide, judge: Likenesses, at: datetime) -> int:
    """Give pages articles of their own that nothing joins to another page of their source; how many.

    Only two pages of one source can have been joined by a page that was another's. Reads every appearance;
    each article is decided in a transaction of its own.
    """
    twice = (
        select(AppearanceRow.article_id)
        .group_by(AppearanceRow.article_id, AppearanceRow.source)
        .having(func.count() > 1)
    )
    with Session(engine) as session:
        numbers = sorted(set(session.scalars(twice)))
    placing, parted = Placing(decide, judge), 0
    for number in numbers:
        placing.begin()
        with writing(engine) as session:
            rows = select(AppearanceRow).where(AppearanceRow.article_id == number).order_by(AppearanceRow.id)
            for row in session.scalars(rows).all():
                if row.article_id == number and parts(session, row, decide):
                    placing.decide_row(session, row, at, reread=False)
                    parted += row.article_id != number
            placing.place_displaced(session, at)
    return parted
