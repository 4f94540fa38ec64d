"""Scrapy settings, and the one place that reads NEWSARCHIVE_* variables."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from crawler.recheck import DEFAULT_AGES, parse_ages

DEFAULT_DELAY_S = 1.0
"""DESIGN promise: at least one second between two requests to a host."""


class WrongSetting(ValueError):
    """A setting that cannot be used; the message is one sentence for the person who set it."""


class Configuration(BaseSettings):
    """What the operator may set, each as the environment variable NEWSARCHIVE_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="NEWSARCHIVE_", extra="ignore")

    dir: Path = Path("archive")
    """The archive's folder: the SQLite file and warc/ live in it."""
    database_url: str | None = None
    """SQLAlchemy URL; unset: SQLite in ``dir``."""
    config: Path = Path("newsarchive.toml")
    """The schedule file: crawler/schedule/configuration.py."""
    contact: str | None = None
    """E-mail or web address of the operator, sent in the user agent. No real crawl without one."""
    origin: str = ""
    """``daum=http://127.0.0.1:8000,fnnews=...``: send a source's requests to another server."""
    delay: float = Field(default=DEFAULT_DELAY_S, ge=0)
    """Seconds between two requests to one host; below 1 only for origins on this machine."""
    log_format: str = Field(default="text", pattern="^(text|json)$")
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")
    """``info`` prints a line for each outcome."""

    recheck: str = DEFAULT_AGES
    """Ages of a page at which it is asked again without being listed; empty: never."""

    @field_validator("recheck")
    @classmethod
    def _recheck_can_be_read(cls, value: str) -> str:
        parse_ages(value)
        return value

    @property
    def recheck_ages(self) -> tuple[timedelta, ...]:
        return parse_ages(self.recheck)

    @field_validator("contact")
    @classmethod
    def _contact_can_be_answered(cls, value: str | None) -> str | None:
        if value is None or not value.strip():
            return None
        if "@" not in value and not value.startswith(("http://", "https://")):
            raise ValueError("must be an e-mail address or a web address at which you can be reached")
        if any(ord(letter) < 32 for letter in value):
            raise ValueError("must be one line")
        return value.strip()

    @property
    def url(self) -> str:
        return self.database_url or f"sqlite:///{self.dir / 'newsarchive.db'}"

    @property
    def warc_folder(self) -> Path:
        return self.dir / "warc"

    @property
    def origins(self) -> dict[str, str]:
        return dict(parse_origin(pair) for pair in self.origin.split(",") if pair.strip())

    def user_agent(self) -> str:
        name = f"newsarchive/{version('newsarchive')}"
        return f"{name} (+{self.contact})" if self.contact else name


def parse_origin(pair: str) -> tuple[str, str]:
    """``daum=http://127.0.0.1:8000`` -> (source, base URL without a trailing slash).

    Raises:
        WrongSetting: not of that form.
    """
    source, _, url = pair.strip().partition("=")
    parts = urlsplit(url)
    try:
        port_is_whole = parts.port is None or parts.port > 0
    except ValueError:
        port_is_whole = False
    if not source or parts.scheme not in ("http", "https") or not parts.hostname or not port_is_whole:
        raise WrongSetting(f"an origin is SOURCE=URL, for instance daum=http://127.0.0.1:8000; got {pair!r}")
    return source, url.rstrip("/")


def require_contact(configuration: Configuration, source: str) -> None:
    """No real site is asked by a crawler that does not say who runs it.

    Raises:
        WrongSetting: no contact, and the source is not played by another server.
    """
    if configuration.contact is None and source not in configuration.origins:
        raise WrongSetting(
            "set NEWSARCHIVE_CONTACT to an e-mail or web address before crawling a real site: "
            "it is sent in the user agent so that the site can reach you"
        )


def check_delay(configuration: Configuration, source: str) -> None:
    """A delay below one second is for servers on this machine only.

    Raises:
        WrongSetting: the source would be asked faster than the promise.
    """
    origin = configuration.origins.get(source, "")
    if configuration.delay < DEFAULT_DELAY_S and not on_this_machine(origin):
        raise WrongSetting(
            f"a delay below {DEFAULT_DELAY_S:g} s is only for a source whose --origin is on this machine, "
            f"not for {source}"
        )


def on_this_machine(url: str) -> bool:
    """Whether the URL's host is loopback by its name alone (no DNS look-up)."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@cache
def configuration() -> Configuration:
    """The settings as the environment gives them.

    Raises:
        WrongSetting: a variable holds a value that cannot be used.
    """
    try:
        return Configuration()
    except ValidationError as error:
        first = error.errors()[0]
        name = "NEWSARCHIVE_" + "_".join(str(part) for part in first["loc"]).upper()
        raise WrongSetting(f"{name}: {first['msg'].removeprefix('Value error, ')}") from error


# --- Scrapy ---------------------------------------------------------------------------------------

BOT_NAME = "newsarchive"
NEWSARCHIVE = configuration()
"""What our own components read; the command line replaces it with its options applied."""
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# RemoteControl is on by default and runs Python over a local port; telnet likewise (stack.md).
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

USER_AGENT = NEWSARCHIVE.user_agent()
ROBOTSTXT_OBEY = True  # obeyed by RobotsMiddleware below: RFC 9309, an unreachable file means wait
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = max(NEWSARCHIVE.delay, DEFAULT_DELAY_S)
DOWNLOAD_DELAY_JITTER = 0  # the delay is a promise, not a mean
DOWNLOAD_TIMEOUT = 30  # seconds; SIGTERM waits for requests in flight, so not Scrapy's 180
# Bytes. Above the largest page that is still worth keeping as evidence (a 50 MiB page is captured and
# quarantined); the extractor itself refuses pages over 8 MiB.
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # a body that is cut off is captured, then tried again
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the outcome row says it
HTTPPROXY_ENABLED = False  # no evasion, no surprises from http_proxy
COOKIES_ENABLED = False
HTTPERROR_ALLOW_ALL = True  # every status is judged and gets an outcome
REDIRECT_MAX_TIMES = 5  # RFC 9309 section 2.3.1.2 asks for five on robots.txt; pages get the same
REFERRER_POLICY = "no-referrer"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "ko,en;q=0.5",
}
LOG_LEVEL = "INFO"

DOWNLOAD_HANDLERS = {
    "http": "crawler.download.ArchiveDownloadHandler",
    "https": "crawler.download.ArchiveDownloadHandler",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 880,
    "crawler.middlewares.HostMiddleware": 50,
    "crawler.middlewares.RobotsMiddleware": 100,
    "crawler.middlewares.TdmMiddleware": 120,
    "crawler.middlewares.PoliteRetryMiddleware": 550,
    # Outside redirect and retry, inside decompression: every answer is captured before it is judged.
    "crawler.middlewares.CaptureMiddleware": 870,
}
ITEM_PIPELINES = {
    "crawler.pipelines.ExtractPipeline": 300,
    "crawler.pipelines.StorePipeline": 500,
}
EXTENSIONS = {
    "crawler.extensions.RunExtension": 0,
    "crawler.extensions.ProgressExtension": 10,
    "scrapy.extensions.logstats.LogStats": None,
}
