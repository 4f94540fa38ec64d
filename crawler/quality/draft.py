"""Draft the truth of a shared page: ``python -m crawler.quality.draft FILE --url URL``.

The body comes from the oracle, the facts from today's extractor, and the file says ``"reviewed": false``: a
person reads the page, corrects the facts, names the lines to cut with ``--cut``, and then sets it to true. No
sentence of the page is written: titles, body words and lines are hashes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crawler.configuration.exit_codes import WRONG_USE
from crawler.normalise.article_json import time_text
from crawler.quality.corpus import SHARED_TRUTH, shared_pages
from crawler.quality.expected import minute
from crawler.quality.hashing import line_hash, title_hash, token_hashes
from crawler.quality.oracle import Recipe, all_lines, body_lines
from crawler.stages import read_page
from storage.records import Article, CapturedPage

_DAUM = Recipe(
    css="section[dmcf-sid], section.article_view, .article_view section",
    drop=("figure", "[dmcf-ptype=figure]", "[dmcf-ptype=embed]", "[dmcf-ptype=kakaotv]", ".ad_body2"),
)


def drafted(page: str, url: str, body: bytes, recipe: Recipe) -> dict[str, Any]:
    """The record of one page, ``reviewed`` false.

    Args:
        page: its path under the shared pages.

    Raises:
        ValueError: the recipe finds nothing on the page.
    """
    return {
        "page": page,
        "url": url,
        "reviewed": False,
        **_facts(read_page(CapturedPage(url=url, body=body))),
        "recipe": {key: list(v) if isinstance(v, tuple) else v for key, v in asdict(recipe).items()},
        **hashed(body_lines(body, recipe)),
    }


def _facts(article: Article) -> dict[str, Any]:
    return {
        "outcome": article.kind.value,
        "title": title_hash(article.title),
        "publisher": article.publisher,
        "publisher_printed": article.publisher is not None,
        "published": minute(time_text(article.published)),
        "modified": minute(time_text(article.modified)),
        "notice": article.rights.notice,
        "bylines": [{"name": p.name, "role": p.role, "email": p.email} for p in article.bylines],
    }


def hashed(lines: Sequence[str]) -> dict[str, Any]:
    """Lines as ``tokens`` (sorted, ``*n`` when a word comes n times) and ``lines`` (hashes)."""
    counted = sorted(token_hashes("\n".join(lines)).items())
    return {
        "tokens": [word if times == 1 else f"{word}*{times}" for word, times in counted],
        "lines": sorted({line_hash(line) for line in lines}),
    }


def write_record(record: dict[str, Any], folder: Path) -> Path:
    """Write ``record`` where ``corpus`` looks for it; long lists on one line each."""
    name = str(record["page"]).replace("/", "__").rsplit(".", 1)[0] + ".json"
    plain = {key: value for key, value in record.items() if key not in ("tokens", "lines")}
    text = json.dumps(plain, ensure_ascii=False, indent=1)[:-2]
    for key in ("tokens", "lines"):
        text += f',\n "{key}": {json.dumps(record[key])}'
    path = folder / name
    path.write_text(text + "\n}\n", encoding="utf-8")
    return path


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 written, 2 wrong use."""
    options = _parser().parse_args(arguments)
    root = shared_pages(Path.cwd())
    if root is None:
        print("there is no folder of saved pages of others: set NEWSARCHIVE_PAGES", file=sys.stderr)  # noqa: T201
        return WRONG_USE
    body = (root / options.page).read_bytes()
    recipe = Recipe(
        css=options.css or _DAUM.css,
        drop=tuple(options.drop) or _DAUM.drop,
        cut=tuple(options.cut),
        encoding=options.encoding,
        script_key=options.script_key,
    )
    for number, line in enumerate(all_lines(body, recipe)):
        print(f"{'cut' if number in recipe.cut else '   '} {number:3} {line}")  # noqa: T201
    path = write_record(drafted(options.page, options.url, body, recipe), Path.cwd() / SHARED_TRUTH)
    print(f"{path}: correct the facts, choose --cut, then set reviewed to true")  # noqa: T201
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m crawler.quality.draft", description=__doc__)
    parser.add_argument("page", help="path under NEWSARCHIVE_PAGES")
    parser.add_argument("--url", required=True)
    parser.add_argument("--css", help="the body's container; default: Daum's")
    parser.add_argument("--drop", action="append", default=[], metavar="CSS")
    parser.add_argument("--cut", action="append", default=[], type=int, metavar="LINE")
    parser.add_argument("--encoding", default="utf-8")
    parser.add_argument("--script-key", help="the body is an HTML string under this key of a script")
    return parser


if __name__ == "__main__":
    sys.exit(main())
