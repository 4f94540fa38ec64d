"""Log lines: a date and Korean time for people, what each is about for machines."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from crawler.commands.log import JsonLines, KoreanTime


def record(**said: object) -> logging.LogRecord:
    made = logging.LogRecord("newsarchive", logging.INFO, "x.py", 1, "fnnews %s", ("stored",), None)
    made.created = datetime(2026, 11, 20, 16, 30, 5, tzinfo=UTC).timestamp()
    vars(made).update(said)
    return made


def test_a_text_line_has_a_date_and_korean_time() -> None:
    assert KoreanTime().format(record()) == "2026-11-21 01:30:05 KST INFO fnnews stored"


def test_a_json_line_says_what_it_is_about() -> None:
    said = {"run": 7, "source": "fnnews", "url": "https://www.fnnews.com/news/1", "outcome": "stored"}
    line = json.loads(JsonLines().format(record(**said)))
    assert {name: line[name] for name in said} == said
    assert line["at"] == "2026-11-21T01:30:05.000+09:00"
    assert line["message"] == "fnnews stored"
    assert not set(json.loads(JsonLines().format(record()))) & set(said)
