"""The view ``permissions``: what each appearance's notice and signals say to four uses, with the reasons.

``forbidden`` where anything forbids it, ``allowed`` where something grants it and nothing forbids it, else
``unknown``: silence is not permission. What counts for what is in docs/rights.md.
"""

# ruff: noqa: S608 (the statement is put together from the constants of this file)

from __future__ import annotations

from dataclasses import dataclass

from storage.query.views.spelling import worded

RIGHTS = "appearance_rights"
TDM = f"trim(coalesce({RIGHTS}.tdm_reservation, ''))"
POLICY = f"CASE WHEN {RIGHTS}.tdm_policy IS NULL THEN '' ELSE '; terms at ' || {RIGHTS}.tdm_policy END"


@dataclass(frozen=True, slots=True)
class Reason:
    """A condition in SQL, and the words for it: an SQL expression."""

    condition: str
    words: str


@dataclass(frozen=True, slots=True)
class Use:
    """One use, and what forbids it, grants it, or is said of it without deciding it."""

    name: str
    flag: str
    forbidding: tuple[Reason, ...] = ()
    granting: tuple[Reason, ...] = ()
    beside: tuple[Reason, ...] = ()


def _directive(word: str) -> tuple[Reason, ...]:
    """A robots directive, in the page or in its header; one for a named robot only counts as well."""
    places = (("robots_meta", "robots meta"), ("x_robots_tag", "X-Robots-Tag"))
    return tuple(Reason(_has(column, word), f"'{name} says {word}'") for column, name in places)


def _has(column: str, word: str) -> str:
    """The directive stands in the list as a word of its own."""
    bare = f"lower(coalesce({RIGHTS}.{column}, ''))"
    for separator in (" ", ":", ";", "\t", "\n"):
        bare = f"replace({bare}, '{separator}', ',')"
    return f"',' || {bare} || ',' LIKE '%,{word},%'"


_TDM_RESERVED = Reason(f"{TDM} = '1'", f"'rights to text and data mining are reserved' || {POLICY}")
_TDM_GRANTED = Reason(f"{TDM} = '0'", "'text and data mining is not reserved (tdm-reservation: 0)'")
_TDM_UNCLEAR = Reason(
    f"{TDM} NOT IN ('', '0', '1')", f"'tdm-reservation is neither 0 nor 1: ' || {TDM} || {POLICY}"
)
_POLICY_ALONE = Reason(
    f"{TDM} = '' AND {RIGHTS}.tdm_policy IS NOT NULL", f"'a TDM policy is named: ' || {RIGHTS}.tdm_policy"
)
_ROBOTS_FORBID = Reason(
    f"NOT {RIGHTS}.robots_allowed", f"'robots.txt: ' || coalesce({RIGHTS}.robots_rule, 'forbidden')"
)
_SAID = f"coalesce({RIGHTS}.robots_rule, '')"
_ROBOTS_ALLOW = Reason(
    f"{RIGHTS}.robots_allowed AND {_SAID} NOT LIKE 'no robots.txt%'",
    f"CASE WHEN {_SAID} LIKE 'permission,%' THEN {_SAID} ELSE 'robots.txt allows the fetch' END",
)
_NO_ROBOTS = Reason(f"{RIGHTS}.robots_allowed AND {_SAID} LIKE 'no robots.txt%'", _SAID)

USES = (
    Use("reproduction", "no_reproduction"),
    Use("redistribution", "no_redistribution", _directive("noarchive")),
    Use(
        "ai_training",
        "no_ai_training",
        (_TDM_RESERVED, *_directive("noai"), *_directive("noarchive")),
        (_TDM_GRANTED,),
        (_TDM_UNCLEAR, _POLICY_ALONE),
    ),
    Use("collection", "no_collection", (_ROBOTS_FORBID,), (_ROBOTS_ALLOW,), (_NO_ROBOTS,)),
)


def permissions(backend: str) -> str:
    """The SELECT of the view; the same on both databases, but for its columns' types."""
    answers = ",\n  ".join(
        f"{worded(answer, backend)} AS {name}"
        for use in USES
        for name, answer in ((use.name, _answer(use)), (f"{use.name}_why", _because(use)))
    )
    return f"""
SELECT appearance.id AS appearance_id, appearance.article_id, address.url, appearance.source,
  publisher.name AS publisher, {RIGHTS}.holder,
  {answers}
FROM {RIGHTS}
JOIN appearance ON appearance.id = {RIGHTS}.appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = appearance.publisher_id"""


def answers() -> dict[str, str]:
    """Use -> the expression of its answer, beside a row of ``appearance_rights``.

    For statements of the program that ask of some articles: SQLite makes a whole view of joins, of every page
    of the archive, where the view stands on the right of a LEFT JOIN.
    """
    return {use.name: _answer(use) for use in USES}


def _forbidding(use: Use) -> tuple[Reason, ...]:
    return Reason(f"{RIGHTS}.{use.flag}", "'the notice forbids it'"), *use.forbidding


def _answer(use: Use) -> str:
    forbidden = " OR ".join(f"({reason.condition})" for reason in _forbidding(use))
    granted = " OR ".join(f"({reason.condition})" for reason in use.granting)
    allowed = f" WHEN {granted} THEN 'allowed'" if granted else ""
    return f"CASE WHEN {forbidden} THEN 'forbidden'{allowed} ELSE 'unknown' END"


def _because(use: Use) -> str:
    """Everything that was said of the use, with semicolons between."""
    notice = (
        Reason(f"{RIGHTS}.notice IS NULL", "'no notice was found'"),
        Reason(f"NOT {RIGHTS}.{use.flag}", "'the notice does not name it'"),
    )
    reasons = (*_forbidding(use), *use.granting, *use.beside, *notice)
    said = " || ".join(f"CASE WHEN {one.condition} THEN '; ' || {one.words} ELSE '' END" for one in reasons)
    return f"substr({said}, 3)"
