"""Pages of others that mean harm, and databases that are not as they should be."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from lxml import html
from sqlalchemy import text

from storage.database.opening import open_database
from storage.records import Article, Image, PageKind, Person, Rights
from tests import postgres
from tests.serve.room import Open, opened
from tests.storage.samples import FNNEWS, Desk, fnnews_article, minutes

SCRIPT = "</title></textarea><script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg/onload=alert(3)>"
TURNED = "앞\u202e끝\u2066\u200f\u061c[안내]\x07\x1b[31m"
TEMPLATE = "{{ 7 * 7 }}{% raw %}${7*7}<%= 7 %>"
LONG = 5_000_000
"""Letters of a text of one word; on PostgreSQL a hundredth, which shows the same."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def hostile_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An archive of hostile pages, made once."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("hostile") / "archive.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
        _fill(url)
        yield url
        return
    server, template = (request.getfixturevalue(f"postgresql_{name}") for name in ("server", "template"))
    with postgres.database(server, template) as made:
        url = made.render_as_string(hide_password=False)
        _fill(url)
        yield url


def _fill(url: str) -> None:
    engine = open_database(url)
    desk = Desk(engine)
    for number, said in enumerate((SCRIPT, TURNED, TEMPLATE)):
        desk.store(_saying(said, number), minutes(number))
        desk.store(_saying(said + " 고침", number), minutes(number + 60))
    desk.store(replace(_saying("긴 글 " + "나" * 100_000, 7), bylines=()), minutes(7))
    desk.store(replace(_saying("긴 글 다시", 7), body="긴 글 다시", bylines=()), minutes(90))
    bare = Article(url=f"{FNNEWS[:-1]}9", source="fnnews", extractor="fnnews/2026", kind=PageKind.ARTICLE)
    desk.store(replace(bare, title="제목뿐", rules={}), minutes(9))
    with engine.begin() as connection:  # as an older reader or another program may have left it
        connection.execute(text("UPDATE appearance SET original_url = 'javascript:alert(4)' WHERE id = 1"))
        # In their place, since to index them takes ten seconds.
        grow = text("UPDATE text SET body = body || :more WHERE body LIKE '긴 글%'")
        connection.execute(grow, {"more": "가" * _letters(url)})
    engine.dispose()


def _letters(url: str) -> int:
    return LONG if url.startswith("sqlite") else LONG // 100


def _saying(said: str, number: int) -> Article:
    return replace(
        fnnews_article(),
        url=f"{FNNEWS[:-1]}{number}",
        site_id=str(number),
        publisher=said[:200],
        title=said,
        subtitle=said,
        body=said + "\n" + f"문단 {number}",
        section=said,
        language=said[:50],
        byline_line=said,
        bylines=(Person(name=said, role=said, email=f"a{number}@example.com", raw=said),),
        rights=Rights(notice=said, holder=said),
        images=(Image(url="javascript:alert(5)", caption=said, credit=said),),
    )


@pytest.fixture(scope="module")
def room(hostile_url: str) -> Iterator[Open]:
    with opened(hostile_url) as one:
        yield one


PATHS = (
    "/",
    "/changes",
    "/article/1",
    "/article/2",
    "/article/3",
    "/article/4",
    "/revision/2",
    "/reporter/1",
)


@pytest.mark.parametrize("path", PATHS)
def test_what_pages_say_is_shown_and_does_nothing(room: Open, path: str) -> None:
    given = room.get(path)
    assert given.status == 200
    page = html.fromstring(given.text)
    assert all(script.get("src", "").startswith("/static/") for script in page.findall(".//script"))
    assert not page.xpath("//img|//svg|//iframe|//object|//*[@onerror or @onload or @style]")
    schemes = {str(link).split(":")[0] for link in page.xpath("//@href|//@src") if ":" in str(link)}
    assert schemes <= {"http", "https"}
    for turning in ("\u202e", "\u2066", "\u200f", "\u061c", "\x07", "\x1b"):
        assert turning not in given.text
    assert "49" not in (page.findtext(".//h1") or "")
    for link in page.xpath("//a[starts-with(@href, 'http')]"):
        assert {"noreferrer", "noopener"} <= set(link.get("rel").split())


def test_a_page_of_which_hardly_anything_is_known(room: Open) -> None:
    for path in (
        "/article/5",
        "/article/5?lang=en",
        "/?q=title:%EC%A0%9C%EB%AA%A9%EB%BF%90",
        "/feed/search.atom",
    ):
        given = room.get(path)
        assert given.status == 200
        assert "None" not in given.text
        assert "제목뿐" in given.text


def test_the_letters_themselves_are_there(room: Open) -> None:
    assert html.fromstring(room.get("/article/1").text).xpath("//h1")[0].text_content() == SCRIPT + " 고침"
    assert html.fromstring(room.get("/article/3").text).xpath("//h1")[0].text_content() == TEMPLATE + " 고침"


def test_a_text_of_one_word_of_five_million_letters(room: Open, hostile_url: str) -> None:
    began = time.monotonic()
    assert len(
        html.fromstring(room.get("/article/4").text, parser=_huge()).xpath("string(//article)")
    ) > _letters(hostile_url)
    (change,) = html.fromstring(room.get("/article/4").text, parser=_huge()).xpath(
        "//a[starts-with(@href, '/revision/')]/@href"
    )
    assert room.get(change).status == 200
    found = room.get(f"/?q={quote('다시')}")
    assert (found.status, len(found.body) < 30_000) == (200, True)
    listed = room.get("/")
    assert len(listed.body) < 100_000
    assert time.monotonic() - began < 30


def _huge() -> html.HTMLParser:
    return html.HTMLParser(huge_tree=True, encoding="utf-8")


def test_feeds_of_hostile_pages_are_xml(room: Open) -> None:
    for path in ("/feed/search.atom", "/feed/changes.atom"):
        feed = ElementTree.fromstring(room.get(path).body)
        titles = [title.text for title in feed.iter("{http://www.w3.org/2005/Atom}title")]
        assert any(SCRIPT in (title or "") for title in titles)


# --- databases ----------------------------------------------------------------------------------------


@pytest.fixture
def own(sqlite_week: Path, tmp_path: Path) -> Iterator[tuple[Path, Open]]:
    """An archive of the test's own, and a room over it."""
    path = tmp_path / "archive.db"
    shutil.copy(sqlite_week, path)
    with opened(f"sqlite:///{path}") as one:
        yield path, one


BOTH = ("/", "/article/1", "/feed/changes.atom", "/archive", "/archive/articles.json")


def test_an_archive_that_goes_and_comes_back(own: tuple[Path, Open]) -> None:
    path, room = own
    assert {room.get(one).status for one in BOTH} == {200}
    path.rename(path.with_suffix(".away"))
    for one in BOTH:
        page = room.get(one)
        assert page.status == 503
        assert html.fromstring(page.text).xpath("//p[@role='alert']")[0].text_content().strip()
        assert "Traceback" not in page.text
    assert not path.exists(), "to look is not to make"
    shutil.copy(path.with_suffix(".away"), path)
    with closing(sqlite3.connect(path)) as archive, archive:
        archive.execute("UPDATE article SET title = '새 파일' WHERE id = 1")
    assert {room.get(one).status for one in BOTH} == {200}
    (shown,) = json.loads(room.get("/archive/articles.json?_shape=array&article_id=1").text)
    assert shown["title"] == "새 파일"
    assert "새 파일" in room.get("/article/1").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer"),
        ("UPDATE alembic_version SET version_num = '0003'", "upgrade"),
        ("DROP TABLE alembic_version", "does not know"),
    ],
)
def test_an_archive_of_another_version_is_told(own: tuple[Path, Open], change: str, said: str) -> None:
    path, room = own
    assert room.get("/").status == 200
    with closing(sqlite3.connect(path)) as archive, archive:
        archive.execute(change)
    for one in BOTH:
        page = room.get(one)
        assert (page.status, said in page.text) == (503, True), one


def test_a_file_that_is_no_database_is_told(own: tuple[Path, Open]) -> None:
    path, room = own
    path.unlink()
    path.write_bytes(b"no database" * 1000)
    for one in BOTH:
        assert room.get(one).status == 503


def test_an_archive_that_is_being_written_is_read(own: tuple[Path, Open]) -> None:
    """While a writer holds the file, and between its transactions: every page is whole, and the newest."""
    path, room = own
    engine = open_database(f"sqlite:///{path}")
    enough = threading.Event()

    def write() -> None:
        while not enough.is_set():
            with engine.begin() as connection:
                connection.execute(text("UPDATE article SET title = title || '.' WHERE id = 1"))
                time.sleep(0.005)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        statuses = {room.get(one).status for _ in range(4) for one in BOTH}
    finally:
        enough.set()
        writer.join()
        engine.dispose()
    assert statuses == {200}
    with closing(sqlite3.connect(path)) as archive, archive:
        (title,) = archive.execute("SELECT title FROM article WHERE id = 1").fetchone()
    assert title in room.get("/article/1").text
    archive.close()


def test_nothing_is_written(own: tuple[Path, Open]) -> None:
    path, room = own
    before = path.read_bytes()
    for one in BOTH:
        room.get(one)
    assert path.read_bytes() == before
