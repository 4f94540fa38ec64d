"""ETag and If-None-Match over real HTTP: what is the same is not sent again, what changed always is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from crawler.serve.unchanged import MOST_HELD, Message, Unchanged, etag_of, names
from tests.serve.room import Open, opened
from tests.storage.samples import FNNEWS, Desk, fnnews_article, minutes

OURS = ("/", "/article/1", "/changes", "/runs", "/feed/changes.atom", "/static/room.css")
TABLES = ("/archive", "/archive/articles", "/archive/articles.json?_size=5", "/archive/articles.csv?_size=5")


@pytest.fixture(scope="module")
def here(sqlite_week: Path) -> Iterator[Open]:
    with opened(f"sqlite:///{sqlite_week}") as room:
        yield room


@pytest.mark.parametrize("path", [*OURS, *TABLES])
def test_what_is_there_already_is_not_sent_again(here: Open, path: str) -> None:
    first = here.get(path)
    etag = first.headers["ETag"]
    again = here.get(path, **{"If-None-Match": f'"other", {etag}'})
    assert (first.status, again.status, again.body) == (200, 304, b"")
    assert again.headers["ETag"] == etag
    assert again.headers["Content-Security-Policy"] is None, "the page that is kept has its own nonce"
    assert "no-cache" in again.headers["Cache-Control"] or "max-age" in again.headers["Cache-Control"]
    assert here.get(path, **{"If-None-Match": '"other"'}).body != b""
    head = here.get(path, "HEAD")
    assert (head.status, head.headers["ETag"], head.body) == (200, etag, b"")
    assert here.get(path, "HEAD", **{"If-None-Match": "*"}).status == 304


def test_only_what_was_found_has_one(here: Open) -> None:
    for path in ("/article/99999", "/nothing", "/archive/nothing.json"):
        missing = here.get(path, **{"If-None-Match": "*"})
        assert (missing.status, missing.headers["ETag"]) == (404, None)


def test_a_language_is_another_page(here: Open) -> None:
    etag = here.get("/article/1").headers["ETag"]
    english = here.get("/article/1", Cookie="lang=en", **{"If-None-Match": etag})
    assert english.status == 200
    assert english.headers["ETag"] != etag


@pytest.mark.parametrize("piece", [10, MOST_HELD])
def test_a_stream_has_none_and_comes_whole(piece: int) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def stream() -> None:
        to = Unchanged(send, "*", "nonce")
        await to({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(3):
            await to({"type": "http.response.body", "body": b"x" * piece, "more_body": True})
        await to({"type": "http.response.body", "body": b""})

    asyncio.run(stream())
    start, *pieces = sent
    if piece == MOST_HELD:
        assert (start["status"], start["headers"]) == (200, [])
        assert sum(len(one["body"]) for one in pieces) == 3 * piece
        assert [one.get("more_body", False) for one in pieces] == [True, True, False]
    else:
        assert (start["status"], [one["body"] for one in pieces]) == (304, [b""])


def test_an_edit_and_the_end_of_a_page_are_never_hidden(engine: Engine) -> None:
    desk = Desk(engine)
    desk.store(fnnews_article(title="도서관 소식"))
    with opened(engine.url.render_as_string(hide_password=False)) as room:
        etag = room.get("/article/1").headers["ETag"]
        assert room.get("/article/1", **{"If-None-Match": etag}).status == 304
        desk.store(fnnews_article(title="도서관의 새 소식"), minutes(60))
        edited = room.get("/article/1", **{"If-None-Match": etag})
        assert (edited.status, "도서관의 새 소식" in edited.text) == (200, True)
        assert room.get(f"/article?url={FNNEWS}", **{"If-None-Match": etag}).status != 304


def test_etags_are_compared_weakly() -> None:
    nonce = b"abc"
    strong, weak = etag_of(b"page", nonce), etag_of(b'page "query_ms": 1.5e-3 abc', nonce)
    assert (strong[:1], weak[:2]) == (b'"', b"W/")
    assert weak == etag_of(b'page "query_ms": 22.5 abc', nonce) != etag_of(b"page abd", nonce)
    assert names(f"W/{strong.decode()}", strong)
    assert names('"x", *', strong)
    assert not any(names(asked, strong) for asked in (None, "", '"x"', strong.decode()[1:-1]))
