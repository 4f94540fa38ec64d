"""Patterns mean the same to every Python that is promised.

Before 3.11.5 a group that is repeated possessively, ``(?:ab?)*+``, may match less than it should
(python/cpython#106052), and Debian 12 has 3.11.2. The same repeated in an atomic group, ``(?>(?:ab?)*)``, is
right in all of them, and so is a single letter's or set's.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+")


def possessive_groups(source: str) -> list[int]:
    """The lines of string literals that repeat a group possessively."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            found += [node.lineno] if GROUP.search(text) else []
    return found


def test_what_is_looked_for() -> None:
    told = (
        r"r'(?:ab?)*+'",
        r"rb'(a|b)++'",
        r"rf'(?:{x}){{2,}}+'",
        r"r'(?:a)?+'",
        r"r'\(*+[)]++a++(?>(?:ab?)*)'",
    )
    assert [bool(possessive_groups(one)) for one in told] == [True, True, True, True, False]


def test_no_pattern_repeats_a_group_possessively() -> None:
    files = [
        path
        for folder in ("crawler", "storage", "newsarchive", "twin", "bench")
        for path in (ROOT / folder).rglob("*.py")
    ]
    assert len(files) > 400
    assert {str(path): lines for path in files if (lines := possessive_groups(path.read_text("utf-8")))} == {}
