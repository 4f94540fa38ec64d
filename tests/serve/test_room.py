"""The reading room over real HTTP: its pages on both databases, and what it refuses."""

from __future__ import annotations

import base64
import re
import socket
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from lxml import html
from sqlalchemy import Engine

import crawler.serve
from crawler.configuration.environment import WrongSetting
from crawler.serve import words as room_words
from crawler.serve.server import Serving, check
from storage.likeness import LinkKind
from storage.records import Instant
from tests.serve.room import Open, Page, opened
from tests.storage.samples import Desk, fnnews_article, instant, minutes, unlike

ATOM = "{http://www.w3.org/2005/Atom}"
PASSWORD = "열려라 참깨 2026"  # an invented one, of this test
PAGES = (
    "/",
    f"/?q={quote('은행')}",
    f"/?q={quote('은행')}&order=relevance",
    "/?since=2026-09-24&until=2026-09-24",
    "/article/1",
    "/revision/38",
    "/reporter/1",
    "/changes",
    "/coverage?since=2026-09-20&until=2026-09-28",
    "/runs",
    "/run/1",
    "/quarantine",
)


@pytest.fixture(scope="module")
def here(sqlite_week: Path) -> Iterator[Open]:
    with opened(f"sqlite:///{sqlite_week}", seconds=2.0) as room:
        yield room


@pytest.fixture(scope="module")
def there(postgresql_week: str) -> Iterator[Open]:
    with opened(postgresql_week) as room:
        yield room


@pytest.fixture(scope="module")
def locked(sqlite_week: Path) -> Iterator[Open]:
    with opened(f"sqlite:///{sqlite_week}", password=PASSWORD) as room:
        yield room


def main_of(page: Page) -> str:
    return re.sub(r"\s+", " ", html.fromstring(page.text).find(".//main").text_content())


def test_every_word_is_said_somewhere() -> None:
    """Those for a link's kind and for a permission are looked up by their value."""
    room = Path(room_words.__file__).parent
    pages = [path for path in room.rglob("*.*") if path.suffix in (".py", ".html") and path.stem != "words"]
    said = "".join(path.read_text("utf-8") for path in pages)
    by_value = {*(kind.value for kind in LinkKind), "allowed", "forbidden"}
    assert [word for word in room_words.WORDS if f'"{word}"' not in said and word not in by_value] == []
    assert by_value <= set(room_words.WORDS)


# --- pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_both_databases_show_the_same(here: Open, there: Open, path: str) -> None:
    ours, theirs = here.get(path), there.get(path)
    assert (ours.status, theirs.status) == (200, 200), ours.text
    assert main_of(ours) == main_of(theirs)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_page_can_be_read_by_everybody(here: Open, path: str, language: str) -> None:
    """Landmarks, one heading of the first order, a label for each field, a language, no inline script."""
    given = here.get(path, Cookie=f"lang={language}")
    page = html.fromstring(given.text)
    assert page.get("lang") == language
    for landmark in ("header", "main", "footer", "nav"):
        assert page.findall(f".//{landmark}"), landmark
    assert len(page.findall(".//h1")) == 1
    labelled = {label.get("for") for label in page.findall(".//label")}
    fields = page.xpath("//input|//select|//textarea")
    assert all(field.get("id") in labelled for field in fields)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert set(page.xpath("//@aria-labelledby")) <= set(ids)
    assert all(not script.text for script in page.findall(".//script"))
    assert not page.xpath("//style|//img|//iframe|//@style|//@onclick")
    assert all(link.startswith("/") for link in page.xpath("//link/@href|//script/@src|//form/@action"))
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3")]
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels


def test_search_finds_and_marks(here: Open) -> None:
    page = html.fromstring(here.get(f"/?q={quote('은행 -가람')}").text)
    titles = [link.text_content() for link in page.xpath("//ol[@class='hits']//h3/a")]
    assert len(titles) == 4
    assert {mark.text for mark in page.findall(".//mark")} == {"은행"}
    assert "찾은 기사가 없습니다" in here.get(f"/?q={quote('코끼리열차')}").text


def test_pages_of_a_search_follow_one_another(here: Open) -> None:
    first = html.fromstring(here.get("/").text)
    (following,) = first.xpath("//a[@rel='next']/@href")
    second = html.fromstring(here.get(following).text)
    numbers = [page.xpath("//ol[@class='hits']//h3/a/@href") for page in (first, second)]
    assert len(numbers[0]) == 20
    assert not set(numbers[0]) & set(numbers[1])
    assert numbers[1]


def test_a_crawl_beside_doubles_and_hides_no_hit(engine: Engine) -> None:
    """Counted from the newest on, the second page would begin with what the first one ended with."""
    desk = Desk(engine)
    for number in range(42):
        desk.store(unlike(number, published=instant(minutes(number))))
    shown: list[str] = []
    path = "/?q=" + quote("소식")
    with opened(engine.url.render_as_string(hide_password=False)) as room:
        for number in range(50, 53):
            page = html.fromstring(room.get(path).text)
            shown += page.xpath("//ol[@class='hits']//h3/a/@href")
            desk.store(unlike(number, published=instant(minutes(number))))
            (path,) = page.xpath("//a[@rel='next']/@href") or [path]
        assert room.get(path.replace("below=", "below=x")).status == 400
    assert shown == [f"/article/{number}" for number in range(42, 0, -1)]


def test_a_day_alone_is_shown_without_its_midnight(engine: Engine) -> None:
    day = Instant(at=minutes(-720), precision="day", raw="2026.09.27")
    Desk(engine).store(fnnews_article(published=day, modified=day))
    with opened(engine.url.render_as_string(hide_password=False)) as room:
        for path in ("/", "/article/1", "/reporter/1"):
            page = room.get(path).text
            assert "2026-09-27" in page
            assert not re.search("[ T]00:00", page), path


def test_an_article_says_everything(here: Open) -> None:
    said = main_of(here.get("/article/1"))
    for words in (
        "김가온",
        "ⓒ 가람일보. 무단전재-재배포 금지",
        "금지",
        "게재본 (2)",
        "sha1:AAAA",
        "captured at",
    ):
        assert words in said, words
    page = html.fromstring(here.get("/article/1").text)
    citation = page.find(".//textarea").text
    assert citation.startswith(
        "가람일보, 「시립 수영장 이용 시간 두 시간 늘어난다 (1)」, 2026-09-21 08:00 (KST), https"
    )


def test_an_article_is_found_by_its_addresses(here: Open, there: Open) -> None:
    for room in (here, there):
        for url in (
            "https://v.daum.net/v/20260921000000000",
            "https://www.fnnews.com/news/202609210900000000",
        ):
            found = room.get(f"/article?url={quote(url, safe='')}")
            assert (found.status, found.headers["Location"]) == (303, "/article/1")
        assert room.get("/article?url=https://example.com/").status == 404


def test_a_change_is_shown_word_by_word(here: Open) -> None:
    page = html.fromstring(here.get("/revision/39").text)
    assert page.xpath("//ins")
    assert page.xpath("//del")
    shown = page.xpath("//section[h2/@id='side-body']//div")[0]
    kept = shown.text_content()
    for gone in shown.xpath(".//del"):
        kept = kept.replace(gone.text_content(), "", 1)
    for new in shown.xpath(".//ins"):
        kept = kept.replace(new.text_content(), new.xpath("string(text())"), 1)
    with closing(sqlite3.connect(f"file:{_file(here)}?mode=ro", uri=True)) as archive, archive:
        (body,) = archive.execute("SELECT body FROM revisions WHERE revision_id = 39").fetchone()
    assert re.sub(r"\s+", "", kept) == re.sub(r"\s+", "", body)


_FILES: dict[int, Path] = {}


@pytest.fixture(autouse=True)
def _remembered(here: Open, sqlite_week: Path) -> None:
    _FILES[here.port] = sqlite_week


def _file(room: Open) -> Path:
    return _FILES[room.port]


def test_feeds_are_atom(here: Open, there: Open) -> None:
    for path in (f"/feed/search.atom?q={quote('은행')}", "/feed/changes.atom"):
        ours, theirs = here.get(path), there.get(path)
        assert ours.headers["Content-Type"].startswith("application/atom+xml")
        feed = ElementTree.fromstring(ours.body)
        entries = feed.findall(f"{ATOM}entry")
        assert entries
        names = [entry.findtext(f"{ATOM}id") for entry in entries]
        assert len(set(names)) == len(names)
        for one in (feed, *entries):
            assert all(one.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
        (link,) = {entry.find(f"{ATOM}link").get("href") for entry in entries[:1]}
        assert here.get(link.removeprefix(f"http://127.0.0.1:{here.port}")).status == 200
        assert len(ElementTree.fromstring(theirs.body).findall(f"{ATOM}entry")) == len(entries)


def test_the_language_is_remembered(here: Open) -> None:
    asked = here.get("/?lang=en")
    assert "lang=en;" in asked.headers["Set-Cookie"]
    assert "<h1>Search</h1>" in asked.text
    assert "<h1>검색</h1>" in here.get("/").text
    assert "<h1>Search</h1>" in here.get("/runs?x=1", Cookie="a=b; lang=en").text.replace(
        "Runs", "Search"
    ).replace(' id="runs"', "")


# --- tables and SQL -----------------------------------------------------------------------------------


def asked(room: Open, sql: str) -> Page:
    return room.get(f"/archive.json?_shape=array&sql={quote(sql)}")


def test_datasette_takes_no_template_of_ours_for_its_own() -> None:
    """Beside a plugin's module it looks for ``templates``; from Python 3.12 on it finds them there."""
    assert not (Path(crawler.serve.__file__).parent / "templates").exists()


def test_tables_sql_csv_and_json_come_with_it(here: Open) -> None:
    assert '"title"' in here.get("/archive/articles.json").text
    assert here.get("/archive/articles.csv?_stream=1").text.count("\r\n") > 30
    assert here.get("/archive/articles").status == 200
    assert 'href="/article/1"' in here.get("/archive/articles").text
    for name in re.findall(r'href="/archive/(\w+)"', here.get("/archive").text):
        assert here.get(f"/archive/{name}").status == 200, name


def test_korean_match_is_known_in_sql(here: Open) -> None:
    words = "SELECT count(*) AS n FROM articles WHERE article_id IN (SELECT korean_match('은행 -가람'))"
    assert asked(here, words).text == '[{"n": 4}]'
    assert here.get(f"/archive/words.json?_shape=array&words={quote('은행')}").text.count("article_id") == 5
    wrong = asked(here, "SELECT * FROM articles WHERE article_id IN (SELECT korean_match('('))")
    assert (wrong.status, "korean_match" in wrong.text) == (400, True), wrong.text


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM article",
        "SELECT load_extension('x')",
        "SELECT * FROM pragma_query_only(0)",
        "WITH a AS (SELECT 1) INSERT INTO article DEFAULT VALUES",
        "SELECT writefile('x', 'y')",
        "ATTACH '/tmp/stolen.db' AS other",
        "SELECT zeroblob(2000000000)",
        "WITH a(n) AS (SELECT 1 FROM articles, articles LIMIT 900) SELECT hex(zeroblob(99999)) FROM a",
        f"SELECT {', '.join(['zeroblob(9999999)'] * 101)}",
        "SELECT titel FROM articles",
        "SELECT '",
        "",
        ";",
    ],
)
def test_sql_that_would_write_or_is_wrong_is_a_sentence(here: Open, sql: str) -> None:
    for path in (f"/archive?sql={quote(sql)}", f"/archive.json?sql={quote(sql)}"):
        page = here.get(path)
        assert page.status in (200, 400) if not sql.strip() else page.status == 400, page.text
        assert "Traceback" not in page.text


def test_endless_sql_is_stopped(here: Open) -> None:
    endless = "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a) SELECT count(*) FROM a"
    page = asked(here, endless)
    assert page.status == 400
    assert "SQL" in page.text


def test_on_postgresql_there_are_no_tables_and_it_says_so(there: Open) -> None:
    for path in ("/archive", "/archive/articles", "/_memory", "/_internal"):
        page = there.get(path)
        assert page.status == 404
        assert "PostgreSQL" in page.text


# --- who may ask --------------------------------------------------------------------------------------


def basic(password: str, name: str = "desk") -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_a_password_opens_and_nothing_else_does(locked: Open, capfd: pytest.CaptureFixture[str]) -> None:
    for path in ("/", "/archive", "/static/room.css", "/nothing", "/archive/articles.json"):
        refused = locked.get(path)
        assert (refused.status, refused.headers["WWW-Authenticate"][:5]) == (401, "Basic"), path
        assert "가람일보" not in refused.text
    with ThreadPoolExecutor(8) as at_once:  # each waits its second
        tries = (
            "Basic",
            "Basic !!!",
            "Bearer x",
            basic("falsch"),
            basic(""),
            basic(PASSWORD + " "),
            "Basic \xff",
        )
        answers = at_once.map(lambda said: locked.get("/", Authorization=said).status, tries)
        assert set(answers) == {401}
    assert locked.get("/", Authorization=basic(PASSWORD)).status == 200
    broken = locked.get("/archive?sql=SELECT+nothing", Authorization=basic(PASSWORD, "another"))
    assert broken.status == 400
    printed = "".join(capfd.readouterr())
    assert PASSWORD not in printed
    assert basic(PASSWORD).split()[1] not in printed


def test_elsewhere_only_with_a_password() -> None:
    def serving(host: str, password: str | None) -> Serving:
        return Serving(url="sqlite:///x.db", host=host, port=0, password=password, seconds=1)

    for host in ("0.0.0.0", "::", "192.0.2.1", "archive.example", "127.0.0.1.example", ""):
        with pytest.raises(WrongSetting, match="password"):
            check(serving(host, None))
        check(serving(host, PASSWORD))
    with pytest.raises(WrongSetting, match="shorter"):
        check(serving("0.0.0.0", "kurz"))
    for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost"):
        check(serving(host, None))


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "x" * 300]
)
def test_a_name_that_was_made_to_lead_here_is_refused(here: Open, host: str) -> None:
    assert here.get("/article/1", Host=host).status == 421
    assert here.get("/archive/articles.json", Host=host).status == 421


@pytest.mark.parametrize("host", ["localhost:8001", "127.0.0.1", "[::1]:8001", "LOCALHOST"])
def test_this_machine_has_several_names(here: Open, host: str) -> None:
    assert here.get("/", Host=host).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"])
def test_it_only_reads(here: Open, method: str) -> None:
    page = here.get("/archive", method)
    assert (page.status, page.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "path", ["/", "/article/1", "/archive", "/archive/articles", "/feed/changes.atom", "/nothing"]
)
def test_head_is_get_without_the_body(here: Open, path: str) -> None:
    head, whole = here.get(path, "HEAD"), here.get(path)
    assert (head.status, head.body) == (whole.status, b"")
    assert head.headers["Content-Type"] == whole.headers["Content-Type"]


@pytest.mark.parametrize(
    "path",
    ["/", "/article/1", "/archive", "/archive/articles", "/archive?sql=x", "/nothing", "/static/room.css"],
)
def test_every_answer_has_the_headers(here: Open, path: str) -> None:
    page = here.get(path)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in page.headers
    assert "Server" not in page.headers
    if path.startswith("/archive") and page.status == 200:
        nonce = re.search(r"'nonce-([^']+)'", policy)
        inline = html.fromstring(page.text).xpath("//script[not(@src)]|//style")
        assert nonce
        assert all(one.get("nonce") == nonce[1] for one in inline)
        assert not html.fromstring(page.text).xpath("//*[@style]")


# --- what else can be asked ---------------------------------------------------------------------------

WRONG = (
    ("/?page=-1", 400),
    (f"/?page={10**30}", 400),
    ("/?page=0", 400),
    ("/?page=1e3", 400),
    ("/?page=%EF%BC%91", 400),
    ("/?q=%22", 400),
    ("/?q=(", 400),
    ("/?q=-", 200),
    ("/?q=%ff%fe%00", 200),
    ("/?q=%27%22%3Cscript%3E", 400),
    ("/?q=%3Cscript%3Ealert(1)%3C/script%3E", 200),
    ("/?q=" + "a" * 600, 400),
    ("/?since=2026-02-30", 400),
    ("/?since=0000-01-01", 400),
    ("/?since=2026-09-27&until=2026-09-26", 400),
    ("/?" + "&".join(f"a{n}=1" for n in range(200)), 400),
    ("/coverage?since=1900-01-01&until=2199-12-31", 400),
    ("/coverage?since=1900-01-01&until=1900-01-02", 200),
    ("/coverage?since=2199-12-01&until=2199-12-31", 200),
    ("/coverage?until=1900-01-01", 200),
    ("/?since=2199-12-31&until=2199-12-31&q=1", 200),
    ("/?q=" + "(" * 400, 400),
    ("/?q=" + "%EA%B0%80+OR+" * 60 + "x", 400),
    ("/?publisher=%25%27&byline=%27%3B--", 200),
    ("/article/99999", 404),
    (f"/article/{10**17}", 404),
    (f"/article/{10**30}", 404),
    ("/article/-1", 404),
    ("/article/1'--", 404),
    ("/article/%00", 404),
    ("/article/", 404),
    ("/revision/99999", 404),
    ("/reporter/99999", 404),
    ("/run/99999", 404),
    ("/reporter/1?page=77", 200),
    ("/changes?page=500", 200),
    ("//evil.example/", 404),
    ("/-/plugins.json", 404),
    ("/-/settings", 404),
    ("/_internal", 404),
    ("/archive.db", 404),
    ("/archive/nothing", 404),
    ("/archive/../../etc/passwd", 404),
    ("/static/..%2f..%2frender.py", 404),
    ("/static/../render.py", 404),
    ("/archive/articles?_sort=nothing", 400),
    ("/archive/articles?_size=99999999", 400),
    ("/archive/articles?_next=x", 400),
    ("/archive/articles?_facet=publisher", 200),
    ("/archive/articles?_where=1%3D", 400),
    ("/archive?sql=SELECT+1&_timelimit=x", 400),
    ("/archive/articles.json?_through=null", 400),
    ("/archive/articles.json?_through=%7B%22table%22%3A%22x%22%7D", 400),
    ("/archive/articles.json?title=%00%ff", 200),
)


@pytest.mark.parametrize(("path", "status"), WRONG, ids=[path[:40] for path, _ in WRONG])
def test_a_wrong_question_is_a_sentence(here: Open, path: str, status: int) -> None:
    page = here.get(path)
    assert page.status == status
    assert "Traceback" not in page.text
    assert "<script>" not in page.text
    if status >= 400 and not path.startswith("/archive"):
        (said,) = html.fromstring(page.text).xpath("//p[@role='alert']")
        assert said.text_content().strip()


def raw(room: Open, sent: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", room.port), timeout=30) as line:
        line.sendall(sent)
        return b"".join(iter(lambda: line.recv(65536), b""))


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (
            b"GET /?q=" + b"a" * 1_000_000 + b" HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\n\r\n",
            b"414",
        ),
        (b"GET /?q=\xff\xfe HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\n\r\n", b"400"),
        (b"GET /\xec\x9d\x80 HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (
            b"GET / HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\nCookie: \xff\xfe; lang=en\r\n\r\n",
            b"200",
        ),
        (b"\x00\x01\x02\r\n\r\n", b"400"),
        (b"GET http://evil.example/ HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\n\r\n", b"404"),
        (b"OPTIONS * HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\n\r\n", b"405"),
    ],
    ids=[
        "a megabyte",
        "no utf-8",
        "bytes in the path",
        "no host",
        "cookie",
        "noise",
        "proxy",
        "asterisk",
    ],
)
def test_bytes_that_no_browser_sends(here: Open, sent: bytes, status: bytes) -> None:
    answer = raw(here, sent)
    assert answer.startswith(b"HTTP/1.1 " + status), answer[:300]
    assert b"Traceback" not in answer
    assert here.get("/").status == 200


def test_many_at_once(sqlite_week: Path) -> None:
    """With the limit that a room has: 40 questions at once take more than two seconds of a slow machine."""
    paths = [PAGES[number % len(PAGES)] for number in range(60)] + ["/archive/articles.json"] * 20
    with opened(f"sqlite:///{sqlite_week}") as room, ThreadPoolExecutor(40) as at_once:
        assert {page.status for page in at_once.map(room.get, paths)} == {200}
