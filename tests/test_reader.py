"""The reader's number, held against what it reads: tests/reader.json pins every expected.json by its digest.

``python -m tests.test_reader`` pins today's: new pages at any time, changed ones only with a new number.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crawler import reader

TESTS = Path(__file__).resolve().parent
PINNED = TESTS / "reader.json"


@dataclass(frozen=True, slots=True)
class Pin:
    """A reader and what it makes of each page: path under tests/pages -> digest."""

    reader: int
    expected: Mapping[str, str]


def pinned() -> Pin:
    return Pin(**json.loads(PINNED.read_text(encoding="utf-8")))


def today() -> Pin:
    pages = TESTS / "pages"
    return Pin(
        reader.READER,
        {
            str(path.parent.relative_to(pages)): hashlib.sha256(path.read_bytes()).hexdigest()[:16]
            for path in sorted(pages.rglob("expected.json"))
        },
    )


def problems(was: Pin, now: Pin) -> list[str]:
    """What is wrong with the number, in sentences."""
    changed = [page for page, digest in was.expected.items() if now.expected.get(page, digest) != digest]
    if now.reader < was.reader:
        return [f"the reader went back from {was.reader} to {now.reader}"]
    if now.reader == was.reader and changed:
        return [f"{', '.join(changed)} changed: raise READER in crawler/reader.py, with a dated line"]
    return []


def test_a_page_that_is_read_otherwise_has_another_reader() -> None:
    was, now = pinned(), today()
    assert problems(was, now) == []
    assert was == now, "pin it: python -m tests.test_reader"


def test_every_number_has_its_dated_line() -> None:
    said = Path(reader.__file__).read_text(encoding="utf-8")
    dated = [
        int(number) for number in re.findall(r"^(?:\"\"\")?\d{4}-\d\d-\d\d, (\d+): \S", said, re.MULTILINE)
    ]
    assert dated == list(range(reader.READER, 0, -1)), "one dated line for each number, the newest first"


def test_the_problems_are_seen() -> None:
    was = Pin(3, {"daum/a": "1", "daum/b": "2"})
    assert "daum/b changed" in problems(was, Pin(3, {"daum/a": "1", "daum/b": "9"}))[0]
    assert problems(was, Pin(4, {"daum/a": "1", "daum/b": "9"})) == []
    assert problems(was, Pin(3, {"daum/a": "1", "daum/b": "2", "daum/c": "3"})) == []
    assert problems(was, Pin(3, {"daum/a": "1"})) == []
    assert "went back" in problems(was, Pin(2, {}))[0]


if __name__ == "__main__":
    wrong = problems(pinned(), today()) if PINNED.exists() else []
    if wrong:
        raise SystemExit("; ".join(wrong))
    made = today()
    PINNED.write_text(
        json.dumps({"reader": made.reader, "expected": dict(made.expected)}, indent=2, ensure_ascii=False)
        + "\n",
        encoding="utf-8",
    )
