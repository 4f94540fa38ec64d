"""Which rule read which field of a page: few sets for many pages, so each is stored once."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from storage.database.prepared import Prepared
from storage.database.upsert import added
from storage.models import RuleSetRow, storable
from storage.models.base import table_of
from storage.records import Article

_SETS = table_of(RuleSetRow)
_NUMBER = Prepared(select(_SETS.c.id).where(_SETS.c.digest == bindparam("digest")))
_RULES = Prepared(select(_SETS.c.rules).where(_SETS.c.id == bindparam("number")))


def rules_of(article: Article) -> str:
    """Field -> rule, a JSON object, spelled alike for equal ones."""
    return storable(json.dumps(dict(article.rules), ensure_ascii=False, sort_keys=True))


def rules_digest(rules: str) -> str:
    """What a set is known by: its sha256 in hex."""
    return hashlib.sha256(rules.encode()).hexdigest()


def ensure_rules(session: Session, rules: str) -> int:
    """Store a set unless it is there; its number."""
    digest = rules_digest(rules)
    number: int | None = _NUMBER.run(session.connection(), {"digest": digest}).scalar()
    if number is None:
        number = added(session, RuleSetRow, {"digest": digest, "rules": rules})
    assert number is not None  # one writes at a time
    return number


def rules_under(session: Session, number: int) -> str:
    """The set of this number."""
    found: str = _RULES.run(session.connection(), {"number": number}).scalar()
    return found
