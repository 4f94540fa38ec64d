"""A new source's skeleton: one file and one folder of pages, drafted from one saved page.

The draft reads the site by the generic path. Its ``expected.json`` is what that path reads today and says
``"reviewed": false``: the source's tests fail, one for each field, until a person has looked.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

from crawler.configuration.environment import configuration
from crawler.normalise.url import canonical_url
from crawler.quality.address_form import form_of, left_out
from crawler.quality.corpus import OWN_PAGES
from crawler.quality.example import write_example
from crawler.sources import RESERVED, all_sources
from crawler.sources.base import Source
from crawler.stages import article_of
from storage.records import CapturedPage, PageKind

_NAME = re.compile(r"[a-z][a-z0-9_]{1,31}")
"""A module's name that also reads well in tables."""
BUNDLED = Path("crawler/sources")


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeleton:
    """What was written."""

    file: Path
    example: Path
    fields: tuple[str, ...]
    """Fields that a person has to confirm."""
    not_read: str | None
    """The page's outcome and its reason, where the draft does not read it as an article."""


def write_source(name: str, page: CapturedPage, root: Path) -> Skeleton:
    """Write ``NAME.py`` and its first example; into NEWSARCHIVE_SOURCES, else into the repository ``root``.

    Raises:
        ValueError: the name cannot be one or is taken; the address is no web address, holds nothing that
            looks like an id, or belongs to a source already; ``root`` is no repository of this project.
        FileExistsError: something is there already; nothing is overwritten.
    """
    file, pages = _places(name, root)
    _check(name, page.url)
    if file.exists() or pages.exists():
        raise FileExistsError(f"{file if file.exists() else pages} is there already; it is left as it is")
    text = _source_text(name, page.url)
    article = article_of(page, _drafted(text))
    example = write_example(pages, page, article, "first")
    file.write_text(text, encoding="utf-8")
    unread = None if article.kind is PageKind.ARTICLE else f"{article.kind}: {article.reason}"
    return Skeleton(file=file, example=example, fields=CONFIRMED, not_read=unread)


CONFIRMED = ("title", "publisher", "published_at", "bylines", "copyright_notice", "body")
"""Named to the person first; every field of ``expected.json`` has a test of its own."""


def _places(name: str, root: Path) -> tuple[Path, Path]:
    outside = configuration().sources
    if outside is not None:
        return outside / f"{name}.py", outside / "pages" / name
    if not (root / BUNDLED).is_dir():
        raise ValueError(
            f"{root / BUNDLED} is not there: run this in the project's repository, give --root, "
            "or set NEWSARCHIVE_SOURCES to a folder of your own"
        )
    return root / BUNDLED / f"{name}.py", root / OWN_PAGES / name


def _check(name: str, url: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise ValueError(
            f"a source's name is 2 to 32 small letters, digits and _, a letter first, got {name!r}"
        )
    if name in all_sources() or name in RESERVED:
        raise ValueError(f"the name {name!r} is taken")
    canonical = canonical_url(url)
    if canonical is None:
        raise ValueError(f"not a web address: {url!r}")
    owner = next((known.name for known in all_sources().values() if known.address(canonical)), None)
    if owner is not None:
        raise ValueError(f"{url} is an article of the source {owner} already")


def _drafted(text: str) -> Source:
    """The source that the draft declares: the example is read as its tests will read it."""
    module: dict[str, Any] = {"__name__": "draft"}
    exec(compile(text, "draft", "exec"), module)  # noqa: S102 (the text is our template, filled by _source_text)
    source: Source = module["SOURCE"]
    return source


def _source_text(name: str, url: str) -> str:
    canonical = canonical_url(url) or url
    parts = urlsplit(canonical)
    form = form_of(parts.path, parts.query)
    if form is None:
        raise ValueError(
            f"{url} holds neither a number nor a headline's words that could tell an article: "
            "take another article's page"
        )
    text = Path(__file__).with_name("skeleton.py.txt").read_text(encoding="utf-8")
    return Template(text).substitute(
        name=name,
        host=parts.netloc,
        site=f"{parts.scheme}://{parts.netloc}",
        pattern=form.pattern,
        keys=json.dumps(form.keys),
        left=f" (here {', '.join(left)})" if (left := left_out(parts.query, form)) else "",
        example=canonical,
    )
