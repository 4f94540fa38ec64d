"""What a browser asks, read once: a wrong word is a sentence for whoever typed it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import parse_qsl, urlencode

from crawler.configuration.words import FIRST_DAY, LAST_DAY

Language = Literal["ko", "en"]
LAST_PAGE = 500
"""A later page is read past all before it: who wants more narrows the days (our choice)."""
LONGEST_WORDS = 500
"""Letters of a search (our choice): more than anybody types."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]{1,18}")


class WrongRequest(Exception):
    """What was asked cannot be read; ``said`` by language."""

    def __init__(self, korean: str, english: str, status: int = 400) -> None:
        super().__init__(english)
        self.said: Mapping[str, str] = {"ko": korean, "en": english}
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One page that is asked for."""

    path: str
    host: str
    """As the browser names us; empty where it does not."""
    scheme: str
    language: Language
    values: Mapping[str, str]
    """Of the address behind ``?``; of a doubled one the last."""
    vars: Mapping[str, str]
    """Of the address before ``?``."""

    def text(self, name: str) -> str:
        """A value; empty where it is not given."""
        value = self.values.get(name, "").strip()
        if len(value) > LONGEST_WORDS:
            raise WrongRequest(
                f"{name}: {LONGEST_WORDS}자를 넘습니다. 짧게 적어 주세요.",
                f"{name} is longer than {LONGEST_WORDS} letters: shorten it.",
            )
        return value

    def day(self, name: str) -> date | None:
        """A day in Korea."""
        said = self.text(name)
        if not said:
            return None
        try:
            found = date.fromisoformat(said) if _DAY.fullmatch(said) else None
        except ValueError:
            found = None
        if found is None or not FIRST_DAY <= found <= LAST_DAY:
            raise WrongRequest(
                f"{name}: {FIRST_DAY}부터 {LAST_DAY}까지의 날짜를 2026-11-20처럼 적어 주세요.",
                f"{name} takes a day as 2026-11-20, between {FIRST_DAY} and {LAST_DAY}.",
            )
        return found

    def page(self) -> int:
        """The page of a list, from 1."""
        said = self.text("page") or "1"
        if not _NUMBER.fullmatch(said) or not 1 <= int(said) <= LAST_PAGE:
            raise WrongRequest(
                f"page: 1부터 {LAST_PAGE}까지의 수여야 합니다. 더 오래된 것은 날짜로 좁혀 주세요.",
                f"page is a whole number from 1 to {LAST_PAGE}; for what is older, narrow the days.",
            )
        return int(said)

    def below(self) -> int | None:
        """The place of the last hit that the page before showed; None: no page before is told of."""
        said = self.text("below")
        if said and not _NUMBER.fullmatch(said):
            raise WrongRequest(
                "below: 앞 쪽의 마지막 기사를 가리키는 수여야 합니다.", "below is a whole number."
            )
        return int(said) if said else None

    def number(self) -> int:
        """The number in the address, of an article, a reporter, a run or a revision."""
        said = self.vars.get("number", "")
        if not _NUMBER.fullmatch(said):
            raise WrongRequest("번호가 아닙니다.", "That is no number of this archive.", 404)
        return int(said)

    def here(self, **changed: str | int) -> str:
        """This page's address with other values."""
        values = {**self.values, **{name: str(value) for name, value in changed.items()}}
        return f"{self.path}?{urlencode({k: v for k, v in values.items() if v})}"

    @property
    def base(self) -> str:
        """What feeds put before a path: ``http://127.0.0.1:8001``; empty where we are not named."""
        return f"{self.scheme}://{self.host}" if self.host else ""


def values_of(query: bytes) -> dict[str, str]:
    """The values of a query string; what is no UTF-8 is U+FFFD, and so is U+0000, which no text holds."""
    try:
        pairs = parse_qsl(
            query.decode("latin-1"), keep_blank_values=True, errors="replace", max_num_fields=50
        )
    except ValueError as error:
        raise WrongRequest("주소에 값이 너무 많습니다.", "The address holds too many values.") from error
    return {_storable(name): _storable(value) for name, value in pairs}


def _storable(said: str) -> str:
    return said.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")


def language_of(values: Mapping[str, str], cookies: str) -> Language:
    """What was asked for now, else what the browser remembers, else Korean."""
    asked = values.get("lang")
    if asked in ("ko", "en"):
        return "en" if asked == "en" else "ko"
    remembered = re.search(r"(?:^|;\s*)lang=(ko|en)(?:;|$)", cookies)
    return "en" if remembered and remembered[1] == "en" else "ko"
