"""Our plugin of Datasette: routes, connections, canned queries, error pages. For rooms of ours only."""

from __future__ import annotations

import logging
import re
import sqlite3
import sys
from collections.abc import Callable
from typing import Any

from datasette import Response, hookimpl
from datasette.database import QueryInterrupted
from datasette.plugins import pm
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError
from jinja2 import BaseLoader
from markupsafe import Markup

from crawler.serve.canned import queries
from crawler.serve.guard import NONCE, plain_request
from crawler.serve.render import refused, shown
from crawler.serve.room import ROUTES
from crawler.serve.stream import Streamed
from crawler.serve.tables import NAME, Tables, prepare
from crawler.serve.words import word

log = logging.getLogger("newsarchive.serve")
_DEFAULT_ERRORS = "datasette.handle_exception"


def install() -> None:
    """Let Datasette know of this plugin; its own page of errors, which prints local variables, gives way."""
    module = sys.modules[__name__]
    if not pm.is_registered(module):
        pm.register(module, "newsarchive")
    if pm.has_plugin(_DEFAULT_ERRORS):
        pm.unregister(name=_DEFAULT_ERRORS)


@hookimpl  # type: ignore[untyped-decorator]
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Any]]]:
    return [(route, _view(route)) for route in ROUTES] if isinstance(datasette, Tables) else []


def _view(route: str) -> Callable[..., Any]:
    async def view(datasette: Tables, scope: Any) -> Response:
        given = await datasette.room.answer(route, scope)
        return Response(given.body, given.status, dict(given.headers), given.content_type)

    return view


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    if isinstance(datasette, Tables) and datasette.room is not None:
        room = datasette.room
        return lambda app: room.guarded(Streamed(app, datasette))
    return lambda app: app


@hookimpl  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Any) -> None:
    if isinstance(datasette, Tables) and database == NAME:
        prepare(conn)


@hookimpl  # type: ignore[untyped-decorator]
def canned_queries(datasette: Any, database: str) -> dict[str, Any]:
    return dict(queries()) if isinstance(datasette, Tables) and database == NAME else {}


@hookimpl  # type: ignore[untyped-decorator]
def menu_links(datasette: Any) -> list[dict[str, str]]:
    if not isinstance(datasette, Tables):
        return []
    return [{"href": "/", "label": word("room", "ko")}, {"href": f"/{NAME}", "label": word("tables", "ko")}]


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(value: Any, column: str, database: str, datasette: Any) -> Markup | None:
    """Numbers of articles, revisions, runs and reporters lead to their pages."""
    page = _PAGES.get(column)
    if page is None or not isinstance(datasette, Tables) or database != NAME or not isinstance(value, int):
        return None
    return Markup('<a href="/{}/{}">{}</a>').format(page, value, value)


_PAGES = {
    "article_id": "article",
    "other_article_id": "article",
    "revision_id": "revision",
    "run_id": "run",
    "reporter_id": "reporter",
}


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(datasette: Any, request: Any) -> dict[str, Any]:
    return {"csp_nonce": request.scope.get(NONCE, "")} if request else {}


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    if isinstance(datasette, Tables):
        env.loader = _Strict(env.loader)


@hookimpl  # type: ignore[untyped-decorator]
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Response:
    said, status = _told(exception)
    if status >= 500 or isinstance(exception, _STUMBLED):
        log.error("serve: %s failed", request.path, exc_info=exception)
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "error": said, "status": status}, status=status)
    asked = plain_request(request.scope)
    return Response.html(refused(asked, said, status).body, status=status)


def _told(exception: Exception) -> tuple[str, int]:
    """A sentence and the status; what we did not expect is told by neither its words nor its place."""
    if isinstance(exception, DatasetteError):
        said = str(exception.message)
        # Its 500 is what it says of a wrong word in an address too; what breaks in it is another exception.
        status = 400 if exception.status == 500 else int(exception.status)
        return (_without_tags(said) if exception.message_is_html else shown(said)), status
    if isinstance(exception, Base400):
        return shown(exception.args[0] if exception.args else word("error", "en")), int(exception.status)
    if isinstance(exception, QueryInterrupted):
        return word("too_long", "en"), 400
    if isinstance(exception, (sqlite3.Error, ValueError)):
        return shown(exception), 400
    if isinstance(exception, _STUMBLED):
        return word("not_understood", "en"), 400
    return word("broken", "en"), 500


_STUMBLED = (TypeError, LookupError, ArithmeticError, AttributeError)
"""What Datasette 0.65 lets out where a value of the address is of a shape that it does not expect
(``_through=1``, ``_facet_array={}``, a number beyond 64 bits; seen November 2026). It is logged."""


def _without_tags(said: str) -> str:
    """The words of Datasette's own page about a stopped statement."""
    words = re.sub(r"<(textarea|script)\b.*?</\1>", " ", said, flags=re.DOTALL)
    return shown(" ".join(re.sub(r"<[^>]*>", " ", words).split()))


class _Strict(BaseLoader):
    """Datasette's templates as our content policy takes them: what is inline has the answer's nonce, and the
    coloured editor, which needs inline styles, gives way to a plain one."""

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader

    def get_source(self, environment: Any, template: str) -> Any:
        source, name, fresh = self._loader.get_source(environment, template)
        if "codemirror" in template:
            return "", name, fresh
        source = re.sub(r"<(script|style)\b", r'<\1 nonce="{{ csp_nonce }}"', source)
        source = re.sub(r"""(<h[12]|<div class="page-header"|<svg\b[^>]*?) style="[^"]*?\"""", r"\1", source)
        source = re.sub(r""" style="height: [^}]*}}em\"""", "", source)
        return source.replace("<html>", '<html lang="en">'), name, fresh

    def list_templates(self) -> list[str]:
        return self._loader.list_templates()
