"""An archive of any number of addresses, filled by the database itself: what bench.growth asks.

One address in twenty waits, a third is due again some day; of all others a page was stored: capture, end,
article, appearance, revision, bylines. Triggers, indexes and foreign keys are away meanwhile: a trigger
for each of a million rows takes PostgreSQL many minutes.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Engine, text

from bench.bare import analyse, referring_freely, without_indexes, without_triggers
from storage.query.kst import shown

FIRST = 10_000_000_000_000_000
"""The site's own number before the first address's."""
ADDRESSES_OF_RUN = 50
"""That a run was the first to see: a poll of a portal finds that many new ones."""
BUSY = 10_000
"""Bylines of each of an archive's three busiest reporters, whatever its size."""
BUSY_PUBLISHER = "매체1"
BUSY_NAME = "바쁜이"
"""Known by the name alone."""
MAIL_NAME, MAIL = "편지이", "mail@example.com"
DESK_EMAIL = "desk@example.com"
NAMES_OF_DESK = 200

_MOMENTS = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', '2026-01-01', '+' || i || ' seconds')",
    "postgresql": "timestamptz '2026-01-01 00:00:00+00' + i * interval '1 second'",
}
_LATER = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', 'now', '+' || (86400 + i % 1000000) || ' seconds')",
    "postgresql": "now() + (86400 + i % 1000000) * interval '1 second'",
}
"""Next looks within 13 days: none comes while it is measured, and none was planned by a clock of years ahead
(the next run would make them due)."""
_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :size)",
    "postgresql": "WITH n(i) AS (SELECT generate_series(1, CAST(:size AS integer)))",
}
_PUBLISHER = "CASE WHEN i <= 2 * :busy THEN 1 ELSE i % 50 + 1 END"
_STORED = "WHERE i % 20 <> 0"
_BYLINE = "INSERT INTO byline (appearance_id, article_id, position, name, email, raw, reporter_id) {numbers}"
_FILL = """
INSERT INTO source (name) VALUES ('daum');
INSERT INTO seed (id, url) VALUES (1, 'https://bench/');
INSERT INTO publisher (id, name) {numbers} SELECT i, '매체' || i FROM n WHERE i <= 50;
INSERT INTO run (id, source, mode, owner, started_at, finished_at, verdict, settings, counts, stats,
    requests, bytes, listed)
{numbers} SELECT i, 'daum', 'latest', 'bench', {at}, {at}, 'healthy', '{{}}', '{{"stored" : 50}}', '{{}}',
    60, 1000000, 50 FROM n WHERE i <= :size / :of_run + 1;
INSERT INTO address (id, source, url, state, first_seen_at, listed_at, next_fetch_at, attempts,
    last_outcome, last_fetched_at, day)
{numbers} SELECT i, 'daum', 'https://v.daum.net/v/' || ({first} + i),
    CASE WHEN i % 20 = 0 THEN 'pending' ELSE 'settled' END, {at}, {at},
    CASE WHEN i % 3 = 0 THEN {later} END, 0, CASE WHEN i % 20 <> 0 THEN 'stored' END,
    CASE WHEN i % 20 <> 0 THEN {at} END, substr({day}, 1, 10) FROM n;
INSERT INTO discovery (id, address_id, seed_id, first_run_id, last_run_id, first_seen_at, last_seen_at, times)
{numbers} SELECT i, i, 1, i / :of_run + 1, i / :of_run + 1, {at}, {at}, 1 FROM n;
INSERT INTO capture (id, address_id, run_id, url, fetched_at, http_status, payload_digest, payload_length,
    warc_file, warc_offset, warc_length, processed_at, read_attempts)
{numbers} SELECT i, i, i / :of_run + 1, 'https://v.daum.net/v/' || ({first} + i), {at}, 200, 'sha1:' || i, 1,
    'a.warc.gz', i, 1, {at}, 1 FROM n {stored};
INSERT INTO outcome (id, run_id, address_id, outcome, reason, at, capture_id)
{numbers} SELECT i, i / :of_run + 1, i, 'stored', '', {at}, i FROM n {stored};
INSERT INTO article (id, publisher_id, title, published_at, created_at, preferred_appearance_id,
    byline_appearance_id)
{numbers} SELECT i, {publisher}, '소식 ' || i, {at}, {at}, i, i FROM n {stored};
INSERT INTO rule_set (id, digest, rules) VALUES (1, {digest}, '{{}}');
INSERT INTO appearance (id, address_id, article_id, source, publisher_id, title, title_key, tags,
    published_at, syndicated, extractor, rules_id, content_digest, capture_id, first_seen_at, reader)
{numbers} SELECT i, i, i, 'daum', {publisher}, '소식 ' || i, 'k' || i, '[]', {at},
    true, 'bench', 1, {digest}, i, {at}, 1 FROM n {stored};
INSERT INTO revision (id, appearance_id, content_digest, title, valid_from, last_seen_at, capture_id, reader)
{numbers} SELECT i, i, {digest}, '소식 ' || i, {at}, {at}, i, 1 FROM n {stored};
INSERT INTO reporter (id, name, publisher_id) VALUES (1, '{busy_name}', 1);
INSERT INTO reporter (id, name, email) VALUES (2, '기자0', '{desk}'), (3, '{mail_name}', '{mail}');
INSERT INTO reporter (id, name, publisher_id)
{numbers} SELECT i + 3, '기자' || i, i % 50 + 1 FROM n WHERE i <= :size / 20 + 1;
{byline} SELECT i, i, 1, '기자' || (i / 20 + 1), NULL, 'x', i / 20 + 4 FROM n {stored};
{byline} SELECT i, i, 2, '{busy_name}', NULL, 'x', 1 FROM n {stored} AND i <= :busy;
{byline} SELECT i, i, 3, '기자' || (i % {names}), '{desk}', 'x', 2 FROM n {stored} AND i <= :busy;
{byline} SELECT i, i, 4, '{mail_name}', '{mail}', 'x', 3 FROM n {stored} AND i <= :busy
"""
_TABLES = (
    *("address", "article", "appearance", "byline", "capture", "discovery"),
    *("outcome", "publisher", "reporter", "revision", "rule_set", "run", "seed"),
)
_NAMED = ", ".join(f"'{name}'" for name in _TABLES)
_INDEXES = {
    "sqlite": f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ({_NAMED}) "
    "AND sql IS NOT NULL",
    "postgresql": f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ({_NAMED}) "
    "AND indexname LIKE 'ix_%'",
}
"""What may be dropped and made again: not what holds a key unique."""


def fill(engine: Engine, size: int) -> None:
    """Store ``size`` addresses and what became of them in an empty archive."""
    backend = engine.dialect.name
    asked = {"size": size, "of_run": ADDRESSES_OF_RUN, "busy": BUSY}
    away = without_indexes(engine, _INDEXES[backend])
    with referring_freely(engine), without_triggers(engine), away, engine.begin() as connection:
        for statement in _FILL.format(**_words(backend)).split(";"):
            used = {name: value for name, value in asked.items() if f":{name}" in statement}
            connection.execute(text(_colons_kept(statement, used)), used)
        if backend == "postgresql":
            for table in _TABLES:
                connection.execute(text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))
    analyse(engine)


def _words(backend: str) -> dict[str, object]:
    at = _MOMENTS[backend]
    return {
        "byline": _BYLINE.format(numbers=_NUMBERS[backend]),
        "numbers": _NUMBERS[backend],
        "first": FIRST,
        "at": at,
        "later": _LATER[backend],
        "day": shown(f"({at})", backend),
        "digest": "x''" if backend == "sqlite" else "''",
        "publisher": _PUBLISHER,
        "stored": _STORED,
        "busy_name": BUSY_NAME,
        "desk": DESK_EMAIL,
        "mail_name": MAIL_NAME,
        "mail": MAIL,
        "names": NAMES_OF_DESK,
    }


def _colons_kept(statement: str, names: Iterable[str]) -> str:
    """Colons of times and formats are no parameters."""
    kept = statement.replace(":", r"\:")
    for name in names:
        kept = kept.replace(rf"\:{name}", f":{name}")
    return kept
