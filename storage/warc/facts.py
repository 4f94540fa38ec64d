"""What is known of a capture beside its answer, as the lines of a ``metadata`` record. Bytes in, values out.

The block is ``application/warc-fields`` (ISO 28500 section 6.6): a name and its value on each line, the value
as JSON, so that no text can be two lines and a number stays one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Facts = Mapping[str, str | int | bool | None]

_JSON = json.JSONEncoder(ensure_ascii=False)
"""Made once: ``json.dumps`` makes one for each value."""


def facts_block(facts: Facts) -> bytes:
    """The block of a ``metadata`` record, in UTF-8; empty where nothing is known.

    >>> print(facts_block({"run": 3, "robots_rule": "허용", "seed": None}).decode(), end="")
    run: 3\r
    robots-rule: "허용"\r
    """
    known = ((name.replace("_", "-"), value) for name, value in facts.items() if value is not None)
    return b"".join(f"{name}: ".encode("ascii") + _json(value) + b"\r\n" for name, value in known)


def read_facts(block: bytes) -> dict[str, str | int | bool]:
    """The facts in a block; lines that are none of ours are left out."""
    facts: dict[str, str | int | bool] = {}
    for line in block.decode("utf-8", "replace").split("\r\n"):
        name, colon, printed = line.partition(": ")
        try:
            value = json.loads(printed) if colon else None
        except (ValueError, RecursionError):
            continue
        if isinstance(value, str | int | bool):
            facts[name.replace("-", "_")] = value
    return facts


def facts_in_field(field: str | None) -> dict[str, Any]:
    """The facts in an answer's own field, which is JSON; none where that was edited and is no object."""
    try:
        values = json.loads(field) if field else {}
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _json(value: str | int | bool | None) -> bytes:
    try:
        return _JSON.encode(value).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can say and UTF-8 cannot
        return json.dumps(value).encode()
