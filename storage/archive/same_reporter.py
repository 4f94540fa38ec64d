"""One reporter known twice: by an e-mail on one page, by name and publisher on another.

Two rows are said to be one person only when nobody else can be meant: at one publisher, under one
name, exactly one e-mail was ever printed, and that e-mail never beside another name. A second e-mail
or a second name makes it unsaid again. What is said is computed from the stored bylines, so that the
order of arrival does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from storage.archive.reporters import ByName, Credit, Former, credited_before, former_credits, is_new_reporter
from storage.database.prepared import Prepared
from storage.models import AppearanceRow, BylineRow, ReporterAliasRow, ReporterRow
from storage.models.base import table_of

_APPEARANCES = table_of(AppearanceRow).c
_BYLINES, _REPORTERS = table_of(BylineRow), table_of(ReporterRow)
_ALIASES = table_of(ReporterAliasRow)
_BYLINE, _REPORTER = _BYLINES.c, _REPORTERS.c
_OF_PAGE = _BYLINE.appearance_id == _APPEARANCES.id
_CREDITS = (
    select(_APPEARANCES.publisher_id, _BYLINE.name, _BYLINE.reporter_id)
    .join(_BYLINES, _OF_PAGE)
    .where(_APPEARANCES.publisher_id.is_not(None), _BYLINE.name.is_not(None))
    .distinct()
)
# Made once: building a statement costs SQLAlchemy more than SQLite needs to answer it.
_OF_ARTICLE = Prepared(_CREDITS.where(_APPEARANCES.article_id == bindparam("number")))
_OF_APPEARANCE = Prepared(_CREDITS.where(_APPEARANCES.id == bindparam("number")))
_OF_REPORTER = Prepared(_CREDITS.where(_BYLINE.reporter_id == bindparam("number")))
_BY_NAME = Prepared(
    select(_REPORTER.id, _ALIASES.c.same_as_id)
    .outerjoin_from(_REPORTERS, _ALIASES, _ALIASES.c.reporter_id == _REPORTER.id)
    .where(
        _REPORTER.publisher_id == bindparam("publisher"),
        _REPORTER.name == bindparam("name"),
        _REPORTER.email.is_(None),
    )
)
_WITH_EMAIL = Prepared(
    select(_BYLINE.reporter_id)
    .join(AppearanceRow.__table__, _OF_PAGE)
    .join(_REPORTERS, _REPORTER.id == _BYLINE.reporter_id)
    .where(
        _BYLINE.name == bindparam("name"),
        _APPEARANCES.publisher_id == bindparam("publisher"),
        _REPORTER.email.is_not(None),
    )
    .distinct()
    .limit(2)
)
_OTHER_NAME = Prepared(
    select(_BYLINE.id)
    .where(_BYLINE.reporter_id == bindparam("number"), _BYLINE.name != bindparam("name"))
    .limit(1)
)
_SAY = insert(_ALIASES).inline()
_SAID = _ALIASES.c.reporter_id == bindparam("number")
_SAY_OTHERWISE = update(_ALIASES).where(_SAID).values(same_as_id=bindparam("same"))
_UNSAY = delete(_ALIASES).where(_SAID)


def join_reporters(session: Session, article_id: int) -> None:
    """Say anew who is who among the people whom an article's appearances credit, or did until now."""
    session.flush()  # a question to tables, not to objects, is asked of what is written
    here = _credits(session, _OF_ARTICLE, article_id) | former_credits(session)
    reporters = sorted({reporter for _, _, reporter in here if reporter is not None})
    elsewhere = {credit for reporter in reporters for credit in _credits(session, _OF_REPORTER, reporter)}
    for publisher_id, name in sorted({(publisher, name) for publisher, name, _ in here | elsewhere}):
        _join(session, publisher_id, name)


def leave_publisher(session: Session, appearance_id: int) -> None:
    """Remember whom an appearance credits: another publisher is about to be its own."""
    credited_before(session, _credits(session, _OF_APPEARANCE, appearance_id))


def join_credited(session: Session, publisher_id: int | None, credited: Sequence[Credit]) -> None:
    """As ``join_reporters``, where nothing but a page's new bylines can have changed who is who.

    A further byline of someone who is known says something new only beside an e-mail, or with a reporter's
    first one; an e-mail's second name unsays what was said of it. So nobody's bylines are read again for each
    of them: a busy reporter has ten thousand.

    Args:
        credited: of the new page, as its bylines were written.
    """
    if publisher_id is None:
        return
    named = [one for one in credited if one.name is not None]
    unsaid = {each for one in named if one.email for each in one.said if each[1] != one.name}
    for publisher, name in sorted(unsaid | {(publisher_id, one.name or "") for one in named}):
        here = [one for one in named if (publisher_id, one.name) == (publisher, name)]
        if (publisher, name) in unsaid:
            _join(session, publisher, name)
        elif (by_name := _says_more(session, here)) is not None:
            _say(session, by_name, publisher, name)


def _says_more(session: Session, here: Sequence[Credit]) -> ByName | None:
    """Whom a page's credits of one name may say something new of; None: of nobody."""
    # Who was made for the page is known to it; whoever was asked for before that is told nobody.
    by_name = next((one.by_name for one in sorted(here, key=_has_email) if one.by_name is not None), None)
    if by_name is None or is_new_reporter(session, by_name.id):
        return by_name
    emails = {one.reporter_id for one in here if one.email}
    return by_name if emails and emails != {by_name.same_as} else None


def _has_email(credit: Credit) -> bool:
    return credit.email is not None


def _credits(session: Session, of: Prepared, number: int) -> set[Former]:
    """(publisher, name, reporter) of these bylines."""
    rows = of.run(session.connection(), {"number": number})
    return {(publisher or 0, name or "", reporter) for publisher, name, reporter in rows}


def _join(session: Session, publisher_id: int, name: str) -> None:
    """Say anew who the publisher's reporter of this name is."""
    connection = session.connection()
    known = _BY_NAME.run(connection, {"publisher": publisher_id, "name": name}).first()
    if known is not None:
        _say(session, ByName(*known), publisher_id, name)


def _say(session: Session, reporter: ByName, publisher_id: int, name: str) -> None:
    """Say anew who a publisher's reporter of this name is, of whom something is said already or nothing."""
    same, said = _only_one_with_email(session, publisher_id, name), reporter.same_as
    if same == said:
        return
    if same is None:
        session.connection().execute(_UNSAY, {"number": reporter.id})
    elif said is None:
        session.connection().execute(_SAY, {"reporter_id": reporter.id, "same_as_id": same})
    else:
        session.connection().execute(_SAY_OTHERWISE, {"number": reporter.id, "same": same})


def _only_one_with_email(session: Session, publisher_id: int, name: str) -> int | None:
    asked = {"publisher": publisher_id, "name": name}
    found: list[int] = [row[0] for row in _WITH_EMAIL.run(session.connection(), asked)]
    if len(found) != 1:
        return None
    other = _OTHER_NAME.run(session.connection(), {"number": found[0], "name": name})
    return found[0] if other.first() is None else None
