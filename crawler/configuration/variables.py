"""Every NEWSARCHIVE_* variable: its type, its default, what it may be."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from crawler.configuration.durations import DEFAULT_AGES, parse_ages
from crawler.configuration.words import (
    DEFAULT_DELAY_S,
    DEFAULT_FILE,
    MAX_DELAY_S,
    at_home,
    check_line,
    check_place,
    parse_host,
    parse_origin,
)
from storage.sqlite_file import url_of
from storage.warc.objects import check_url

LONGEST_CONTACT = 200
"""Characters: it is sent with every request. Our choice; an e-mail address has 254 bytes at the very most, a
server's own bound for a header is 8 KiB at the least."""

_REACHABLE = re.compile(r"[^\s@/]+@[^\s@/]*[^\s@/.]|https?://[^\s/@:?#]+\S*|mailto:[^\s@/]+@[^\s@/]*[^\s@/.]")
"""Somebody at some host; whether it is answered nobody can see from here."""


PREFIX = "newsarchive_"


def unknown_variables() -> list[str]:
    """Variables that look like settings and are none: a letter too few, and the default holds in silence."""
    known = {PREFIX + name for name in Configuration.model_fields}
    return sorted(
        name for name in os.environ if name.lower().startswith(PREFIX) and name.lower() not in known
    )


NEAR = 0.75
"""Likeness from which a name is taken for a setting's (difflib's ratio, without the prefix): a letter too
few, two exchanged, ``DATABASE`` for ``DATABASE_URL``; ``IMAGE`` and ``MACHINE`` have 0.67."""


def misspelt() -> Iterator[tuple[str, str]]:
    """Variables that are nearly a setting, each with the setting's name."""
    unknown = unknown_variables()
    if unknown:
        from difflib import get_close_matches
    for name in unknown:
        plain = name.lower().removeprefix(PREFIX)
        for meant in get_close_matches(plain, Configuration.model_fields, n=1, cutoff=NEAR):
            yield name, f"{PREFIX}{meant}".upper()


class Configuration(BaseModel):
    """What the operator may set, each as the environment variable NEWSARCHIVE_<NAME>."""

    model_config = ConfigDict(extra="ignore", validate_default=True)

    dir: Path = Path("archive")
    """The archive's folder: the SQLite file and warc/ live in it."""
    warc: str | None = None
    """Object store (``s3://bucket/prefix``, any address that fsspec knows) that closed WARC files go to;
    unset: they stay in ``dir``. Keys are the driver's own settings (AWS_...), never in here."""
    database_url: str | None = None
    """SQLAlchemy URL; unset: SQLite in ``dir``."""
    config: Path = Path(DEFAULT_FILE)
    """The schedule file: crawler/configuration/file.py."""
    contact: str | None = None
    """E-mail or web address of the operator, sent in the user agent. No real crawl without one."""
    origin: str = ""
    """``daum=http://127.0.0.1:8000,fnnews=...``: send a source's requests to another server."""
    delay: float = Field(default=DEFAULT_DELAY_S, ge=0, le=MAX_DELAY_S, allow_inf_nan=False)
    """Seconds between two requests to one host; below 1 only for origins on this machine."""
    verify_certificates: bool = True
    """Whether a host must prove to be who was asked before anything of it is stored."""
    unverified_hosts: str = ""
    """``www.example.kr,...``: hosts whose certificates are not verified, by commas."""
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """``info`` prints a line for each outcome."""

    machine: str = Field(default_factory=socket.gethostname, min_length=1, max_length=253)
    """This machine's name among several: in the table of workers and, where it is set, with every number for
    Prometheus. Unset: the host's name."""

    serve_password: SecretStr | None = None
    """Of the reading room, which only this machine reaches without one."""

    sources: Path | None = None
    """A folder of the operator's own sources: NAME.py each, their saved pages in pages/NAME/."""
    pages: Path = Path("../shared/pages")
    """Saved pages of others, from the repository; never in it. Tests that need them are skipped without."""
    recheck: str = DEFAULT_AGES
    """Ages of a page at which it is asked again without being listed; empty: never."""

    reading_processes: int | None = Field(default=None, ge=1, le=256)
    """Processes that read pages at once; unset: one for each core but one."""
    reading_seconds: float = Field(default=20.0, ge=0.5, le=3600)
    """For one page. The slowest real page of 2026-11 takes 0.2 s, 8 MiB of plain text 9 s, on one core."""
    reading_memory_mb: int = Field(default=512, ge=32, le=1024 * 1024)
    """For one page, in MiB: twice what the largest page that is read takes (8 MiB of text: 270, 2026-11)."""
    reading_pages: int = Field(default=500, ge=1, le=1_000_000)
    """After so many a reading process is renewed, which costs 30 ms: a choice of ours."""

    @model_validator(mode="before")
    @classmethod
    def _over_the_environment(cls, given: dict[str, Any]) -> dict[str, Any]:
        """What is given goes before what the environment says, whose names may be spelled in any case."""
        said = {name.lower(): value for name, value in os.environ.items()}
        return {name: said[PREFIX + name] for name in cls.model_fields if PREFIX + name in said} | given

    @field_validator(
        *(
            "warc",
            "database_url",
            "contact",
            "origin",
            "recheck",
            "machine",
            "serve_password",
            "unverified_hosts",
        ),
        mode="before",
    )
    @classmethod
    def _is_text(cls, value: object) -> object:
        check_line(str(value))
        return value

    @field_validator("dir", "config", "sources", "pages", mode="before")
    @classmethod
    def _names_a_place(cls, value: object) -> object:
        check_place(str(value))
        return value if value is None else at_home(str(value))

    @field_validator("origin")
    @classmethod
    def _origin_can_be_read(cls, value: str) -> str:
        named = [parse_origin(pair)[0] for pair in (value.split(",") if value.strip() else ())]
        if twice := next((name for name in named if named.count(name) > 1), None):
            raise ValueError(f"names two servers for {twice!r}")
        return value

    @field_validator("warc")
    @classmethod
    def _warc_can_be_a_store(cls, value: str | None) -> str | None:
        return check_url(value.strip()) if value is not None and value.strip() else None

    @field_validator("recheck")
    @classmethod
    def _recheck_can_be_read(cls, value: str) -> str:
        parse_ages(value)
        return value

    @field_validator("unverified_hosts")
    @classmethod
    def _hosts_can_be_read(cls, value: str) -> str:
        return ",".join(parse_host(one) for one in value.split(",") if one.strip())

    @property
    def unverified(self) -> str | None:
        """Whose certificates are not verified: hosts, ``*`` for all, None for nobody's."""
        return (self.unverified_hosts or None) if self.verify_certificates else "*"

    def takes_unverified(self, host: str) -> bool:
        return not self.verify_certificates or host in self.unverified_hosts.split(",")

    @property
    def recheck_ages(self) -> tuple[timedelta, ...]:
        return parse_ages(self.recheck)

    @field_validator("contact")
    @classmethod
    def _contact_can_be_answered(cls, value: str | None) -> str | None:
        if value is None or not value.strip():
            return None
        if not _REACHABLE.fullmatch(value.strip()):
            raise ValueError("must be an e-mail address or a web address at which you can be reached")
        if len(value.strip()) > LONGEST_CONTACT:
            raise ValueError(f"has more than {LONGEST_CONTACT} characters, and is sent with every request")
        return value.strip()

    @property
    def url(self) -> str:
        return self.database_url or url_of(self.dir / "newsarchive.db")

    @property
    def warc_folder(self) -> Path:
        return self.dir / "warc"

    @property
    def origins(self) -> dict[str, str]:
        return dict(parse_origin(pair) for pair in self.origin.split(",") if pair.strip())

    def user_agent(self) -> str:
        name = f"newsarchive/{version('newsarchive')}"
        return f"{name} (+{self.contact})" if self.contact else name
