"""The room: which page answers which address, and what is said where it cannot."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Engine

from crawler.serve import article, feeds, lists, searching
from crawler.serve.desk import Desk
from crawler.serve.guard import App, Guard, Receive, Scope, Send, give, path_of, plain_request, request_of
from crawler.serve.render import Answer, refused
from crawler.serve.request import Request, WrongRequest
from crawler.serve.words import word
from storage.database.opening import DatabaseRefused
from storage.query.limits import TooLong

log = logging.getLogger("newsarchive.serve")
T = TypeVar("T")

ROUTES: Mapping[str, Callable[[Engine, Request], Answer]] = {
    r"^/$": searching.search_page,
    r"^/article$": article.address_page,
    r"^/article/(?P<number>[^/]+)$": article.article_page,
    r"^/revision/(?P<number>[^/]+)$": article.revision_page,
    r"^/reporter/(?P<number>[^/]+)$": lists.reporter_page,
    r"^/changes$": lists.changes_page,
    r"^/coverage$": lists.coverage_page,
    r"^/runs$": lists.runs_page,
    r"^/run/(?P<number>[^/]+)$": lists.run_page,
    r"^/quarantine$": lists.quarantine_page,
    r"^/feed/search\.atom$": feeds.search_feed,
    r"^/feed/changes\.atom$": feeds.changes_feed,
}
THREADS = 4
"""Pages made at once (our choice): SQLite reads side by side, and a machine has few cores."""
_STATIC = re.compile(r"^/((-/static|static)/[A-Za-z0-9._-]+|favicon\.ico)$")
_COMPILED = [re.compile(route) for route in ROUTES]


@dataclass(frozen=True, slots=True)
class Room:
    """The pages of one archive."""

    desk: Desk
    password: str | None
    tables: str | None
    """The name of the database in Datasette's addresses; None: there are no such pages."""
    _threads: ThreadPoolExecutor = field(default_factory=partial(ThreadPoolExecutor, THREADS, "page"))

    def guarded(self, app: App) -> Guard:
        """Datasette's application behind our door."""
        unknown = "not_found" if self.tables else "no_tables"
        return Guard(self._over_an_archive(app), self.password, self.is_known, unknown)

    def is_known(self, path: str) -> bool:
        """Whether a path leads to a page of ours, a file of the pages, or a table."""
        if any(route.match(path) for route in _COMPILED) or _STATIC.match(path):
            return True
        return self.tables is not None and _is_of(path, self.tables)

    async def answer(self, route: str, scope: Any) -> Answer:
        """The page of a route; whatever goes wrong is a page too."""
        variables = re.match(route, path_of(scope))
        return await self._in_thread(partial(self._answer, route, scope, variables and variables.groupdict()))

    def _answer(self, route: str, scope: Any, variables: dict[str, str] | None) -> Answer:
        request = plain_request(scope)
        try:
            request = request_of(scope, variables)
            return self.desk.answer(lambda engine: ROUTES[route](engine, request))
        except WrongRequest as error:
            return refused(request, error.said[request.language], error.status)
        except DatabaseRefused as error:
            log.warning("serve: %s", error)
            return refused(request, f"{error}.", 503)
        except TooLong:
            return refused(request, word("too_long", request.language), 503)
        except Exception:  # the boundary: it is written down, and the reader is told
            log.exception("serve: %s failed", request.path)
            return refused(request, word("broken", request.language), 500)

    def _over_an_archive(self, app: App) -> App:
        """Datasette is asked only where there is an archive that this program knows."""

        async def checked(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and self.tables and _is_of(path_of(scope), self.tables):
                refusal = await self._in_thread(partial(self._refusal, scope))
                if refusal is not None:
                    await give(refusal, send)
                    return
            await app(scope, receive, send)

        return checked

    def _refusal(self, scope: Scope) -> Answer | None:
        try:
            self.desk.check()
        except DatabaseRefused as error:
            log.warning("serve: %s", error)
            return refused(plain_request(scope), f"{error}.", 503)
        return None

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _is_of(path: str, name: str) -> bool:
    return path in (f"/{name}", f"/{name}.json", f"/{name}.csv") or path.startswith(f"/{name}/")
