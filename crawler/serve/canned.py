"""Questions that stand ready on Datasette's pages, for SQLite."""

from __future__ import annotations

QUERIES = {
    "words": {
        "title": "낱말이 든 기사 · articles that hold words",
        "sql": """SELECT article_id, published_at, publisher, title, url FROM articles
WHERE article_id IN (SELECT korean_match(:words)) ORDER BY published_at DESC LIMIT 100""",
    },
    "of_a_reporter": {
        "title": "기자 한 사람의 기사 · one reporter's articles",
        "sql": """SELECT article_id, published_at, publisher, title, url FROM articles
WHERE article_id IN (SELECT article_id FROM bylines WHERE email = :email) ORDER BY published_at DESC""",
    },
    "quiet_corrections": {
        "title": "말없이 고친 기사 · texts changed without a word",
        "sql": """SELECT changed_at, url, title_before, title_now, revision_id FROM changes
WHERE quiet = 1 ORDER BY changed_at DESC LIMIT 100""",
    },
    "no_ai_training": {
        "title": "AI 학습을 금한 언론사 · publishers whose notices forbid AI training",
        "sql": """SELECT publisher, sum(no_ai_training) AS forbidding, count(notice) AS notices FROM rights
WHERE notice IS NOT NULL GROUP BY publisher HAVING forbidding > 0 ORDER BY forbidding DESC, publisher""",
    },
    "printed_first": {
        "title": "같은 보도자료를 누가 먼저 · who printed a press release first",
        "sql": """SELECT duplicate_group, published_at, publisher, title, url FROM duplicate_groups
WHERE duplicate_group IN (SELECT duplicate_group FROM near_duplicates WHERE kind = 'press_release')
ORDER BY duplicate_group DESC, published_at LIMIT 200""",
    },
    "missing": {
        "title": "아직 없는 것 · what is not there, by day",
        "sql": """SELECT day, source, sum(failed) AS failed, sum(blocked) AS blocked,
  sum(quarantined) AS quarantined, sum(pending) AS pending FROM coverage
WHERE day >= :since GROUP BY day, source HAVING failed + blocked + quarantined + pending > 0
ORDER BY day DESC, source LIMIT 200""",
    },
}
