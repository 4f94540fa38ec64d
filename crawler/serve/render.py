"""Pages from templates. Whatever a page of others said is escaped, and shown as what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crawler.serve.request import Request
from crawler.serve.words import word
from storage import seoul

HERE = Path(__file__).resolve().parent
"""The templates lie in ``layouts``: with Python 3.12 and later Datasette takes what is called ``templates``
beside a plugin for pages of its own, and our ``base.html`` for its."""
STATIC = HERE / "static"
LONGEST_TITLE = 300
"""Letters of a title in a list (our choice); the article shows all."""
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""What moves or turns the letters beside it and is itself not seen."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a browser is given."""

    body: str
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def shown(text: object) -> str:
    """A text of others, with a sign for each letter that would work unseen; None is empty."""
    return "" if text is None else _UNSEEN.sub("\ufffd", str(text))


def short(text: object, longest: int = LONGEST_TITLE) -> str:
    """The beginning of a text, told to be one by ``…``."""
    said = shown(text)
    return said if len(said) <= longest else said[:longest] + "…"


def web(address: object) -> str | None:
    """An address that a browser may follow from here; None: it is none of the web (``javascript:``)."""
    said = str(address or "")
    try:
        parts = urlsplit(said)
    except ValueError:
        return None
    return said if parts.scheme in ("http", "https") and parts.netloc and not _UNSEEN.search(said) else None


def tongue(language: object) -> str:
    """A language code of a page, as the attribute ``lang`` takes it; Korean where it is none."""
    said = str(language or "ko")
    return said if _LANGUAGE.fullmatch(said) else "ko"


def minute(instant: object, precision: str | None = None) -> str:
    """An instant of a view for a person: ``2026-11-22 06:00``; of precision ``day`` the day alone."""
    return str(instant or "")[: 10 if precision == "day" else 16].replace("T", " ")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "layouts"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "shown": shown,
        "short": short,
        "web": web,
        "tongue": tongue,
        "minute": minute,
        "seoul": seoul.shown,
    }
    return made


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> Answer:
    """A page of the room."""
    said: Callable[[str], str] = partial(word, language=request.language)
    made = _environment().get_template(template)
    body = made.render(request=request, t=said, **values)
    return Answer(body=body.encode("utf-8", "replace").decode(), status=status)


def refused(request: Request, sentence: str, status: int) -> Answer:
    """A page with one sentence."""
    return page(request, "refused.html", status=status, sentence=sentence)
