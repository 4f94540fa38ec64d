"""Views of the operator's own over the archive's, which PostgreSQL lets nobody make anew under them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

from storage.database.refusal import DatabaseRefused

_OVER_OURS = text("""
SELECT DISTINCT format('%s%I', nullif(n.nspname, current_schema()) || '.', c.relname)
FROM pg_depend AS d JOIN pg_rewrite AS r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
JOIN pg_class AS c ON c.oid = r.ev_class JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_class AS asked ON d.refclassid = 'pg_class'::regclass AND asked.oid = d.refobjid
LEFT JOIN pg_proc AS called ON d.refclassid = 'pg_proc'::regclass AND called.oid = d.refobjid
WHERE (asked.relname = ANY(:ours) AND asked.relnamespace = current_schema()::regnamespace
       AND asked.oid <> c.oid OR called.proname = 'korean_match')
  AND NOT (c.relname = ANY(:ours) AND c.relnamespace = current_schema()::regnamespace)
ORDER BY 1
""")
_SENTENCE = (
    "views of your own ask the archive's, which each upgrade makes anew: {names}. Keep the text of each "
    "(SELECT pg_get_viewdef('{first}'::regclass)), drop it, upgrade, and make it again"
)


def refuse_over(connection: Connection, ours: Collection[str]) -> None:
    """Raise DatabaseRefused where a view of the operator's own asks one of ours; on SQLite none is in the
    way."""
    if connection.dialect.name != "postgresql":
        return
    found = connection.scalars(_OVER_OURS, {"ours": list(ours)}).all()
    if found:
        raise DatabaseRefused(_SENTENCE.format(names=", ".join(found), first=found[0]))
