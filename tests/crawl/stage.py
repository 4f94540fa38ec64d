"""What the end-to-end tests share: the command line in its own process, and the archive as plain rows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage.query.reader import run_select
from tests import warm
from tests.surroundings import bare_environment

KEPT = {
    "article": "SELECT url, publisher, title, subtitle, body, section, published_at, modified_at, "
    "appearances, copyright_notice FROM articles ORDER BY url",
    "appearance": "SELECT * FROM appearances ORDER BY url",
    "byline": "SELECT url, position, name, role, email, organisation, place, desk, raw FROM bylines "
    "ORDER BY url, position",
    "rights": "SELECT * FROM rights ORDER BY url",
    "revision": "SELECT url, title, body FROM revisions ORDER BY url, body",
}
"""The archive without surrogate numbers and clock times: equal for equal content."""

PASSING = frozenset(
    [
        "article_id",
        "appearance_id",
        "duplicate_group",
        "first_seen_at",
        "fetched_at",
        "match_score",
        "valid_from",
        "valid_to",
        "warc_file",
        "warc_offset",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """An archive folder, its database, and the server that plays the sites."""

    folder: Path
    database: str
    origin: str | None = None
    contact: str | None = None
    config: Path | None = None
    also: Mapping[str, str] = field(default_factory=dict)
    """More variables of the environment."""

    def environment(self) -> dict[str, str]:
        clean = bare_environment()
        clean |= {"NEWSARCHIVE_DIR": str(self.folder), "NEWSARCHIVE_DATABASE_URL": self.database}
        if self.config:
            clean["NEWSARCHIVE_CONFIG"] = str(self.config)
        if self.contact:
            clean["NEWSARCHIVE_CONTACT"] = self.contact
        return clean | self.also

    def start(self, *arguments: str, module: str = "crawler.cli") -> subprocess.Popen[str]:
        command = [sys.executable, "-m", module, *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.environment(), stdout=pipe, stderr=pipe, text=True)

    def run(self, *arguments: str, timeout: float = 120, module: str = "crawler.cli") -> Done:
        """The program to its end, without the cost of its imports."""
        done = warm.run(arguments, self.environment(), Path.cwd(), "", timeout, module)
        return Done(code=done.returncode, out=done.stdout, err=done.stderr)

    def run_anew(self, *arguments: str, timeout: float = 120, module: str = "crawler.cli") -> Done:
        """The program to its end, started as a person starts it."""
        with self.start(*arguments, module=module) as process:
            out, err = process.communicate(timeout=timeout)
        return Done(code=process.returncode, out=out, err=err)

    def origins(self) -> list[str]:
        return ["--origin", f"daum={self.origin}", "--origin", f"fnnews={self.origin}"]

    def crawl(self, *arguments: str, delay: float = 0, timeout: float = 180) -> Done:
        return self.run("crawl", *arguments, *self.origins(), "--delay", str(delay), timeout=timeout)

    def crawl_all(self) -> None:
        """Crawl to the end; a small twin may list less than a source declares, nothing else may be wrong."""
        done = self.crawl()
        assert done.code in (0, 1), done.err[-3000:]
        reasons = self.column("SELECT reason FROM run WHERE verdict = 'degraded'")
        said = [part for reason in reasons for part in reason.split("; ")]
        small = re.compile(
            r"\d+ listed, at least \d+ expected|\d+ lists? (is|are) empty: .*|unproven: .*"
            r"|\d+ of \d+ lists named nothing|\d+ lists are not due yet"
        )
        assert [part for part in said if not small.fullmatch(part)] == []
        assert not set(self.outcomes()) & {"failed", "blocked", "quarantined"}

    def rows(self, statement: str) -> list[dict[str, Any]]:
        with run_select(self.database, statement) as (columns, rows):
            return [dict(zip(columns, row, strict=True)) for row in rows]

    def column(self, statement: str) -> list[Any]:
        return [next(iter(row.values())) for row in self.rows(statement)]

    def outcomes(self, run: int | None = None) -> dict[str, int]:
        """Outcome -> addresses, over one run or all; without those that are known, which have no rows."""
        which = f"WHERE run_id = {run}" if run else ""
        counted = self.rows(f"SELECT outcome, count(*) AS n FROM outcome {which} GROUP BY outcome")
        return {row["outcome"]: row["n"] for row in counted}

    def balance(self, run: int) -> tuple[int, int]:
        """Addresses that a run listed, and the sum of what became of them."""
        (row,) = self.rows(f"SELECT listed, known FROM run WHERE id = {run}")
        return row["listed"], row["known"] + sum(self.outcomes(run).values())

    def kept(self) -> dict[str, list[str]]:
        """Everything that must not depend on how, when and how often it was crawled."""
        return {name: sorted(as_line(row) for row in self.rows(sql)) for name, sql in KEPT.items()}

    def sizes(self) -> dict[str, int]:
        """Rows of every table that holds content."""
        tables = (
            "article",
            "appearance",
            "revision",
            "text",
            "byline",
            "rights",
            "image",
            "reporter",
            "publisher",
        )
        return {table: self.column(f"SELECT count(*) FROM {table}")[0] for table in tables}


def as_line(row: dict[str, Any]) -> str:
    lasting = {name: value for name, value in row.items() if name not in PASSING}
    return json.dumps(lasting, ensure_ascii=False, sort_keys=True, default=str)


def lines(text: str) -> Sequence[str]:
    return [line for line in text.splitlines() if line.strip()]
