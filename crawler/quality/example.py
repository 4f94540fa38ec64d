"""A saved page made an example: a folder ``tests/pages/<source>/<date>-<slug>`` of three files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

from crawler.configuration.environment import configuration
from crawler.normalise.article_json import as_json
from crawler.quality.corpus import OWN_PAGES
from crawler.sources import all_sources, source_of
from crawler.stages import read_page
from storage.records import Article, CapturedPage

GENERIC = "generic"
"""The folder of pages of no declared source."""


def save_example(
    page: CapturedPage, root: Path, *, source: str | None = None, slug: str | None = None
) -> Path:
    """Draft an example of ``page`` and return its folder; ``expected.json`` says ``"reviewed": false``.

    Args:
        root: the repository; of a source in the operator's folder (NEWSARCHIVE_SOURCES) its pages are there.
        source: the source whose page it is; None: the one that the address belongs to, else ``generic``.
        slug: what the page is an example of, in a few words; None: taken from the address.

    Raises:
        ValueError: ``root`` is needed and no repository of this project, the source is unknown, the slug
            has no letter or digit.
        FileExistsError: the example is there already; it is never overwritten.
    """
    name = source or _source_name(page.url)
    if name != GENERIC and name not in all_sources():
        raise ValueError(
            f"there is no source {name!r}; there are: {', '.join(sorted(all_sources()))}, {GENERIC}"
        )
    pages = _pages(name, root)
    article = read_page(page, None if name == GENERIC else name)
    return write_example(pages / name, page, article, slug)


def _pages(name: str, root: Path) -> Path:
    """Where a source's pages lie: beside its file in the operator's folder, else in the repository."""
    outside = configuration().sources
    if outside is not None and (outside / f"{name}.py").is_file():
        return outside / "pages"
    pages = root / OWN_PAGES
    if not pages.is_dir():
        raise ValueError(f"{pages} is not there: run this in the project's repository, or give --root")
    return pages


def write_example(home: Path, page: CapturedPage, article: Article, slug: str | None) -> Path:
    """Write the three files of an example into a new folder of ``home``, and return it.

    Raises:
        ValueError: the slug has no letter or digit.
        FileExistsError: the example is there already.
    """
    folder = home / f"{_day(article)}-{_slug(slug or _last_part(page.url))}"
    if folder.exists():
        raise FileExistsError(f"{folder} is there already; give another --slug")
    folder.mkdir(parents=True)
    (folder / "page.html").write_bytes(page.body)
    _write(folder / "meta.json", {"url": page.url, "content_type": page.content_type})
    _write(folder / "expected.json", {"reviewed": False, **as_json(article)})
    return folder


def _source_name(url: str) -> str:
    source = source_of(url)
    return source.name if source else GENERIC


def _day(article: Article) -> str:
    """The day of publication, ``undated`` where the page says none: the day of saving is no fact of it."""
    time = as_json(article)["published_at"]
    return str(time)[:10] if time else "undated"


def _last_part(url: str) -> str:
    parts = urlsplit(url)
    named = [part for part in parts.path.split("/") if part]
    return named[-1] if named else parts.netloc


def _slug(words: str) -> str:
    slug = re.sub(r"[^0-9a-z]+", "-", words.lower()).strip("-")
    if not slug:
        raise ValueError(f"a slug needs a Latin letter or a digit, got {words!r}")
    return slug


def _write(path: Path, record: dict[str, object]) -> None:
    path.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
