"""One reporter known twice: by an e-mail on one page, by name and publisher on another.

Two rows are said to be one person only when nobody else can be meant: at one publisher, under one
name, exactly one e-mail was ever printed, and that e-mail never beside another name. A second e-mail
or a second name makes it unsaid again. What is said is computed from the stored bylines, so that the
order of arrival does not matter.
"""

from __future__ import annotations

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from storage.models import AppearanceRow, BylineRow, ReporterAliasRow, ReporterRow

_Credits = Select[int | None, str | None, int | None]
_CREDITS = (
    select(AppearanceRow.publisher_id, BylineRow.name, BylineRow.reporter_id)
    .join(BylineRow, BylineRow.appearance_id == AppearanceRow.id)
    .where(AppearanceRow.publisher_id.is_not(None), BylineRow.name.is_not(None))
    .distinct()
)
# Made once: building a statement costs SQLAlchemy more than SQLite needs to answer it.
_OF_ARTICLE = _CREDITS.where(AppearanceRow.article_id == bindparam("number"))
_OF_REPORTER = _CREDITS.where(BylineRow.reporter_id == bindparam("number"))
_BY_NAME = select(ReporterRow.id).where(
    ReporterRow.publisher_id == bindparam("publisher"),
    ReporterRow.name == bindparam("name"),
    ReporterRow.email.is_(None),
)


def join_reporters(session: Session, article_id: int) -> None:
    """Say anew who is who among the people credited by an article's appearances."""
    here = _credits(session, _OF_ARTICLE, article_id)
    reporters = sorted({reporter for _, _, reporter in here if reporter is not None})
    elsewhere = {credit for reporter in reporters for credit in _credits(session, _OF_REPORTER, reporter)}
    for publisher_id, name in sorted({(publisher, name) for publisher, name, _ in here | elsewhere}):
        _join(session, publisher_id, name)


def _credits(session: Session, of: _Credits, number: int) -> set[tuple[int, str, int | None]]:
    """(publisher, name, reporter) of these bylines."""
    rows = session.execute(of, {"number": number})
    return {(publisher or 0, name or "", reporter) for publisher, name, reporter in rows}


def _join(session: Session, publisher_id: int, name: str) -> None:
    by_name = session.scalars(_BY_NAME, {"publisher": publisher_id, "name": name}).one_or_none()
    if by_name is None:
        return
    same = _only_one_with_email(session, publisher_id, name)
    said = session.get(ReporterAliasRow, by_name)
    if said is None and same is not None:
        session.add(ReporterAliasRow(reporter_id=by_name, same_as_id=same))
    elif said is not None and same is None:
        session.delete(said)
    elif said is not None and same is not None:
        said.same_as_id = same
    session.flush()


def _only_one_with_email(session: Session, publisher_id: int, name: str) -> int | None:
    query = (
        select(BylineRow.reporter_id)
        .join(AppearanceRow, AppearanceRow.id == BylineRow.appearance_id)
        .join(ReporterRow, ReporterRow.id == BylineRow.reporter_id)
        .where(
            BylineRow.name == name,
            AppearanceRow.publisher_id == publisher_id,
            ReporterRow.email.is_not(None),
        )
        .distinct()
        .limit(2)
    )
    found = list(session.scalars(query))
    if len(found) != 1:
        return None
    names = select(func.count(BylineRow.name.distinct())).where(BylineRow.reporter_id == found[0])
    return found[0] if session.scalar(names) == 1 else None
