"""What ``--help`` shows below the options: examples that can be typed as they stand, and exit codes."""

from __future__ import annotations

EXIT_CODES = (
    "Exit codes: 0 healthy; 1 a run below its expectation, or something found or left undone; 2 wrong use; "
    "3 another run holds the source; 4 the database or disk refused; 130 ended by Ctrl-C."
)
EXAMPLES: dict[str, tuple[str, ...]] = {
    "crawl": (
        "newsarchive crawl",
        "newsarchive crawl daum --since 2026-11-01 --until 2026-11-07",
        "newsarchive crawl fnnews --limit 20",
    ),
    "fetch": ("newsarchive fetch https://v.daum.net/v/20261120090000123",),
    "search": (
        "newsarchive search 반도체 수출 -중국 --since 2026-11-01",
        "newsarchive search 'title:금리 OR title:환율' --publisher 가람 --format csv",
    ),
    "sql": (
        'newsarchive sql "SELECT publisher, count(*) FROM articles GROUP BY publisher"',
        "newsarchive sql --file question.sql --param since=2026-11-01 --output answer.parquet",
        "newsarchive sql - --format json < question.sql",
    ),
    "schema": (
        "newsarchive schema",
        "newsarchive schema articles",
        "newsarchive schema --duckdb > archive.sql",
    ),
    "export": (
        "newsarchive export november.parquet --since 2026-11-01 --until 2026-11-30",
        "newsarchive export share.jsonl --for share",
    ),
    "serve": ("newsarchive serve", "newsarchive serve --host 0.0.0.0 --password-file room.password"),
    "runs": ("newsarchive runs --limit 5", "newsarchive runs --format json"),
    "coverage": ("newsarchive coverage --since 2026-11-01", "newsarchive coverage --fill"),
    "report": (
        "newsarchive report --week",
        "newsarchive report --week 2026-W47 --format json",
        "newsarchive report --week --send",
        "newsarchive report --politeness --since 2026-11-16",
    ),
    "rests": (
        "newsarchive rests",
        "newsarchive rests --lift www.fnnews.com --reason 'their editor asked us to'",
    ),
    "extract": ("newsarchive extract page.html --url https://v.daum.net/v/20261120090000123",),
    "demo": ("newsarchive demo --dir demo-archive",),
}
"""Command -> lines."""


def epilog(command: str) -> str:
    """Paragraphs, as typer wants them: one for each line."""
    examples = EXAMPLES.get(command, ())
    return "\n\n".join((*(["Examples:"] if examples else []), *examples, EXIT_CODES))
