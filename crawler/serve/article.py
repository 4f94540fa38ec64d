"""The pages of one article: itself, and what changed in it."""

from __future__ import annotations

from sqlalchemy import Engine

from crawler.serve.citation import citation
from crawler.serve.difference import difference
from crawler.serve.render import Answer, page, refused
from crawler.serve.request import Request
from crawler.serve.words import word
from storage.query.room.article import article_at, article_shown, revision_pair

USES = ("reproduction", "redistribution", "ai_training", "collection")
SIDES = ("title", "subtitle", "byline_line", "body", "notice")
"""What a revision is made of, in the order in which it is shown."""


def article_page(engine: Engine, request: Request) -> Answer:
    """One article with everything that is known of it."""
    found = article_shown(engine, request.number())
    if found is None:
        return refused(request, word("no_article", request.language), 404)
    preferred = next((one for one in found.appearances if one["preferred"]), None)
    return page(
        request,
        "article.html",
        found=found,
        article=found.article,
        preferred=preferred,
        uses=USES,
        citation=citation(found.article, preferred),
    )


def address_page(engine: Engine, request: Request) -> Answer:
    """Where an address leads: to its article."""
    url = request.text("url")
    number = article_at(engine, url) if url else None
    if number is None:
        return refused(request, word("no_article_at", request.language), 404)
    return Answer(body="", status=303, headers={"Location": f"/article/{number}"})


def revision_page(engine: Engine, request: Request) -> Answer:
    """A revision against the one of its page before it, word by word."""
    pair = revision_pair(engine, request.number())
    if pair is None:
        return refused(request, word("no_revision", request.language), 404)
    newer, older = pair
    old = older or newer
    sides = {name: difference(old[name] or "", newer[name] or "") for name in SIDES}
    return page(request, "revision.html", newer=newer, older=older, sides=sides)
