"""An article shown field by field with the rule that gave it, and what was left out and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group
from rich.text import Text

from crawler.normalise.article_json import explained
from storage.records import Article

_LABEL = 18
"""Columns of the field names: the longest is ``copyright_notice``."""

_FIELDS = {
    "url": None,
    "source": None,
    "extractor": None,
    "outcome": None,
    "reason": None,
    "publisher": "publisher",
    "title": "title",
    "subtitle": "subtitle",
    "section": "section",
    "tags": "tags",
    "language": "language",
    "published_at": "published",
    "modified_at": "modified",
    "dateline": "dateline",
    "byline line": "byline_line",
    "bylines": "bylines",
    "copyright_notice": "rights",
    "rights": "rights",
    "images": None,
    "original_url": "original_url",
    "summary": "summary",
}
"""Field as ``newsarchive extract`` names it -> its key in ``Article.rules``, None where no rule chose it."""

_CONTROLS = dict.fromkeys([*range(9), *range(10, 32), *range(127, 160)])
"""A page's control characters must not steer the terminal."""


def explain(article: Article) -> Group:
    """Every field with its rule, the body, and every removal with its rule and text: lines for ``rich``.

    Print with ``soft_wrap=True``: nothing is cut or wrapped then, and the text is plain where the output is
    no terminal.
    """
    record = explained(article) | {"byline line": article.byline_line}
    return Group(*_fields(record), *_body(record), *_removals(record))


def _fields(record: dict[str, Any]) -> Iterator[Text]:
    rules = record["rules"]
    for field, key in _FIELDS.items():
        lines = list(_values(record.get(field)))
        rule = rules.get(key) if key and lines else None
        if not lines and field == "reason":
            continue
        yield _line(field, lines[0] if lines else "-", rule)
        yield from (_line("", line) for line in lines[1:])


def _values(value: Any) -> Iterator[str]:
    """A field's value as lines; none for an unknown one."""
    if isinstance(value, dict):
        value = [value] if any(v not in (None, False) for v in value.values()) else []
    if isinstance(value, list):
        for item in value:
            yield _named(item) if isinstance(item, dict) else str(item)
    elif value is not None:
        yield from str(value).split("\n")


def _named(item: dict[str, Any]) -> str:
    said = ((key, value) for key, value in item.items() if value not in (None, False))
    return ", ".join(key if value is True else f"{key}={_printable(str(value))}" for key, value in said)


def _body(record: dict[str, Any]) -> Iterator[Text]:
    paragraphs = record["body"].split("\n") if record["body"] else []
    yield Text()
    yield _line("body", f"{len(paragraphs)} paragraphs", record["rules"].get("body"))
    yield from (Text("  " + _printable(paragraph)) for paragraph in paragraphs)


def _removals(record: dict[str, Any]) -> Iterator[Text]:
    yield Text()
    yield _line("removed", f"{len(record['removed'])} pieces of text")
    for removal in record["removed"]:
        text = " / ".join(_printable(line) for line in removal["text"].split("\n"))
        yield Text.assemble("  ", (f"{_printable(removal['rule'])}: ", "yellow"), text)


def _line(label: str, value: str, rule: str | None = None) -> Text:
    shown = Text.assemble((label.ljust(_LABEL), "bold"), _printable(value))
    if rule:
        shown.append(f"  <- {_printable(rule)}", style="dim")
    return shown


def _printable(text: str) -> str:
    return text.translate(_CONTROLS)
