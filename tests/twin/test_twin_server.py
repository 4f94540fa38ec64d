"""The server: conditional requests, robots, scenarios, changes, controls over HTTP, saved pages, command."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.places import SHARED
from tests.twin.conftest import ask, stories
from twin import SCENARIOS, PagesError, Story, Twin, UnknownStoryError
from twin.command import main

Make = Callable[..., Twin]
RAW = SHARED / "daum_raw"


def calm_pair(twin: Twin) -> Story:
    return next(story for story in stories(twin) if len(story.appearances) == 2 and not story.faults)


def current(twin: Twin, story_id: str) -> Story:
    return next(story for story in twin.truth() if story.story_id == story_id)


# --- conditional requests -----------------------------------------------------------------------


def test_unchanged_pages_answer_304(twin: Twin) -> None:
    for page in calm_pair(twin).appearances:
        first = ask(twin, page.url)
        tag, since = first.headers["etag"], first.headers["last-modified"]
        for headers in ({"If-None-Match": tag}, {"If-Modified-Since": since}):
            again = ask(twin, page.url, headers)
            assert (again.status, again.body) == (304, b"")
            assert again.headers["etag"] == tag
        assert ask(twin, page.url, {"If-None-Match": '"another"', "If-Modified-Since": since}).status == 200
        assert ask(twin, page.url, {"If-Modified-Since": "not a date"}).status == 200


def test_lists_answer_304_until_the_clock_moves(make_twin: Make) -> None:
    twin = make_twin()
    url = "https://news.daum.net/home"
    tag = ask(twin, url).headers["etag"]
    assert ask(twin, url, {"If-None-Match": tag}).status == 304
    twin.advance(timedelta(hours=2))
    assert ask(twin, url, {"If-None-Match": tag}).status == 200


@pytest.mark.parametrize("what", ["body", "headline", "notice", "space"])
def test_an_edit_changes_the_validators(make_twin: Make, what: str) -> None:
    twin = make_twin()
    story = calm_pair(twin)
    before = {page.url: ask(twin, page.url) for page in story.appearances}
    twin.advance(timedelta(minutes=30))
    twin.edit(story.story_id, what)
    after = current(twin, story.story_id)
    for old, new in zip(story.appearances, after.appearances, strict=True):
        answer = ask(twin, new.url, {"If-None-Match": before[new.url].headers["etag"]})
        assert answer.status == 200
        assert (
            ask(twin, new.url, {"If-Modified-Since": before[new.url].headers["last-modified"]}).status == 200
        )
        assert (old.paragraphs == new.paragraphs) is (what != "body")
        assert (old.title == new.title) is (what != "headline")
        assert (old.notice == new.notice) is (what != "notice")
        assert (new.modified == twin.now) is (what in {"body", "headline"})
        if what == "notice":
            assert new.notice is not None
            assert new.notice in answer.text


def test_an_edit_of_one_site_leaves_the_other(make_twin: Make) -> None:
    twin = make_twin()
    story = calm_pair(twin)
    twin.edit(story.story_id, "body", "daum")
    after = current(twin, story.story_id)
    daum, own, old = after.on("daum"), after.on("fnnews"), story.on("fnnews")
    assert daum is not None
    assert own is not None
    assert old is not None
    assert own.paragraphs == old.paragraphs
    assert "고쳤다" in daum.paragraphs[-1]


# --- publishing, deleting, redesigning ------------------------------------------------------------


def test_published_stories_head_the_lists(make_twin: Make) -> None:
    twin = make_twin()
    twin.advance(timedelta(hours=1))
    fresh = twin.publish(4)
    assert [len(story.appearances) for story in fresh] == [2, 1, 1, 2]
    home = ask(twin, "https://news.daum.net/home").text
    for story in fresh:
        daum = story.on("daum")
        assert daum is not None
        if daum.published <= twin.now:
            assert daum.url in home
            assert ask(twin, daum.url).status == 200
    first = fresh[0].on("fnnews")
    assert first is not None
    feed = ask(twin, "https://www.fnnews.com/rss/r20/fn_realnews_all.xml").text
    assert feed.index(first.url) < feed.index("</item>")


def test_delete_and_restore(make_twin: Make) -> None:
    twin = make_twin()
    story = calm_pair(twin)
    twin.delete(story.story_id)
    for page in story.appearances:
        assert ask(twin, page.url).status == 404
        assert page.url not in ask(twin, "https://www.fnnews.com/rss/r20/fn_realnews_all.xml").text
    assert story.story_id not in {each.story_id for each in twin.truth()}
    twin.restore(story.story_id)
    assert ask(twin, story.appearances[0].url).status == 200
    with pytest.raises(UnknownStoryError):
        twin.delete("nobody")
    with pytest.raises(ValueError, match="There is no edit"):
        twin.edit(story.story_id, "everything")


def test_redesign_leaves_no_known_selector(make_twin: Make) -> None:
    twin = make_twin()
    story = calm_pair(twin)
    daum, own = story.on("daum"), story.on("fnnews")
    assert daum is not None
    assert own is not None
    tag = ask(twin, daum.url).headers["etag"]
    twin.redesign("daum")
    answer = ask(twin, daum.url, {"If-None-Match": tag})
    assert answer.status == 200
    for mark in ("tit_view", "article_view", "dmcf-", "og:title", "<section", "txt_info"):
        assert mark not in answer.text
    assert daum.paragraphs[0].split('"')[0] in answer.text
    assert not re.search(r'href="[^"]*/v/', ask(twin, "https://news.daum.net/home").text)
    assert "article-view__body" in ask(twin, own.url).text
    twin.redesign("fnnews")
    assert "article-view__body" not in ask(twin, own.url).text
    assert b"<item>" not in ask(twin, "https://www.fnnews.com/rss/r20/fn_realnews_all.xml").body
    with pytest.raises(ValueError, match="There is no site"):
        twin.redesign("naver")


def test_stories_of_the_future_are_not_there_yet(make_twin: Make) -> None:
    twin = make_twin()
    newest = twin.truth()[0]
    twin.set_now(newest.published - timedelta(hours=1))
    assert newest.story_id not in {story.story_id for story in twin.truth()}
    assert ask(twin, newest.appearances[0].url).status == 404


# --- robots and scenarios -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "status", "line"),
    [
        ("v.daum.net", 200, "Allow: /"),
        ("hades-cerberus.v.daum.net", 200, "Allow: /"),
        ("news.daum.net", 404, "Not Found"),
        ("www.daum.net", 200, "Allow: /$"),
        ("search.daum.net", 200, "Disallow: /"),
        ("www.fnnews.com", 200, "Disallow: /newsPreview/"),
    ],
)
def test_robots_by_host(twin: Twin, host: str, status: int, line: str) -> None:
    answer = ask(twin, f"https://{host}/robots.txt")
    assert answer.status == status
    assert line in answer.text


def test_robots_by_scenario(make_twin: Make) -> None:
    twin = make_twin()
    url = "https://v.daum.net/robots.txt"
    twin.scenario = "robots_closed"
    assert ask(twin, url).text == "User-agent: *\nDisallow: /\n"
    twin.scenario = "robots_unreachable"
    assert ask(twin, url).status == 503
    twin.scenario = "open_search"
    assert "Allow: /" in ask(twin, "https://search.daum.net/robots.txt").text
    twin.scenario = "down"
    assert ask(twin, "https://news.daum.net/home").status == 503
    with pytest.raises(ValueError, match="There is no scenario"):
        twin.scenario = "stormy"


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_starts(make_twin: Make, scenario: str) -> None:
    assert ask(make_twin(scenario=scenario, articles=60), "https://v.daum.net/robots.txt").status in {
        200,
        503,
    }


def test_requests_are_logged(make_twin: Make) -> None:
    twin = make_twin()
    before = time.monotonic()
    ask(twin, "https://v.daum.net/robots.txt?x=1", {"User-Agent": "tester/1"})
    (request,) = twin.requests
    assert (request.host, request.path, request.method) == ("v.daum.net", "/robots.txt?x=1", "GET")
    assert (request.status, request.headers["user-agent"]) == (200, "tester/1")
    assert before <= request.at <= time.monotonic()


def test_connections_are_kept_alive(twin: Twin) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", twin.port, timeout=5)
    try:
        for path in ("/home", "/society"):
            connection.request("GET", path, headers={"Host": "news.daum.net"})
            response = connection.getresponse()
            assert response.status == 200
            assert len(response.read()) > 1000
            assert connection.sock is not None
    finally:
        connection.close()


# --- controls over HTTP -----------------------------------------------------------------------------


def test_controls_over_http(make_twin: Make) -> None:
    twin = make_twin()
    story = calm_pair(twin)

    def control(path: str, method: str = "POST", host: str = "twin.invalid") -> tuple[int, object]:
        answer = ask(twin, f"http://{host}/__twin__/{path}", method=method)
        return answer.status, json.loads(answer.body)

    before = twin.now
    assert control("advance?seconds=90")[0] == 200
    assert {control(f"advance?seconds={no}")[0] for no in ("nan", "1e300", "-1e300", "")} == {400}
    assert twin.now == before + timedelta(seconds=90)
    assert control("now?iso=2026-11-21T09:00%2B09:00")[0] == 200
    assert twin.now == datetime.fromisoformat("2026-11-21T09:00+09:00")
    assert control("scenario?name=rough", host="v.daum.net")[0] == 200
    assert twin.scenario == "rough"
    assert control(f"edit?story={story.story_id}&what=headline")[0] == 200
    assert current(twin, story.story_id).appearances[0].title.endswith("(종합)")
    assert control(f"delete?story={story.story_id}")[0] == 200
    assert control(f"restore?story={story.story_id}")[0] == 200
    assert control("redesign?site=fnnews")[0] == 200
    status, published = control("publish?n=2")
    assert status == 200
    assert isinstance(published, dict)
    assert len(published["published"]) == 2
    status, truth = control("truth", "GET")
    assert isinstance(truth, list)
    assert {"story_id", "appearances", "kind", "publisher"} <= set(truth[0])
    assert truth[0]["appearances"][0]["paragraphs"] is not None
    assert control("requests", "GET") == (200, [])
    assert control("traps", "GET")[0] == 200
    assert control("state", "GET")[0] == 200


def test_wrong_controls_are_refused(make_twin: Make) -> None:
    twin = make_twin(articles=60)
    base = f"{twin.url}/__twin__"
    assert ask(twin, f"{base}/advance?seconds=5").status == 405
    assert ask(twin, f"{base}/advance", method="POST").status == 400
    assert ask(twin, f"{base}/scenario?name=stormy", method="POST").status == 400
    assert ask(twin, f"{base}/edit?story=nobody", method="POST").status == 400
    assert ask(twin, f"{base}/nonsense").status == 404
    assert "controls" in ask(twin, f"{twin.url}/").text


# --- saved pages ----------------------------------------------------------------------------------


def test_saved_pages_are_served_and_listed(tmp_path: Path, make_twin: Make) -> None:
    page = (
        '<html><head><meta property="mccp:docId" content="abcDEF1234">'
        '<meta property="og:title" content="저장한 &quot;기사&quot;"></head></html>'
    )
    (tmp_path / "20200102030405678.html").write_text(page, "utf-8")
    (tmp_path / "202001020304056789.html").write_bytes("<html>한글</html>".encode("cp949"))
    (tmp_path / "notes.txt").write_text("no page", "utf-8")
    twin = make_twin(pages=tmp_path)
    for url in (
        "https://v.daum.net/v/20200102030405678",
        "https://v.daum.net/v/abcDEF1234",
        "https://news.v.daum.net/v/abcDEF1234",
    ):
        assert ask(twin, url).text == page
    assert (
        ask(twin, "https://www.fnnews.com/news/202001020304056789").body.decode("cp949")
        == "<html>한글</html>"
    )
    home = ask(twin, "https://news.daum.net/home").text
    assert home.index("/v/20200102030405678") < home.index(
        'item_newsheadline2" data-tiara-layer="news" data-tiara-ordnum="2"'
    )
    assert '저장한 "기사"' in home
    assert "/news/202001020304056789" in ask(twin, "https://www.fnnews.com/newsflash").text


def test_shared_real_pages(make_twin: Make) -> None:
    if not RAW.is_dir():
        pytest.skip("the shared real pages are not here")
    twin = make_twin(pages=RAW)
    for url in (
        "https://v.daum.net/v/20180516162315753",
        "https://v.daum.net/v/20200522093902880",
        "https://v.daum.net/v/jvTmrluST6",
        "https://news.v.daum.net/v/jvTmrluST6",
    ):
        answer = ask(twin, url)
        assert answer.status == 200
        assert len(answer.body) > 50_000
    home = ask(twin, "https://news.daum.net/home").text
    assert "20180516162315753" in home
    assert "20200522093902880" in home


def test_wrong_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PagesError, match="There is no folder"):
        Twin(pages=tmp_path / "missing")
    with pytest.raises(PagesError, match="holds no page"):
        Twin(pages=tmp_path)


def test_a_clock_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Twin(now=datetime(2026, 11, 20))  # noqa: DTZ001 (this is what is refused)


# --- the command ----------------------------------------------------------------------------------


def test_command_serves_until_sigterm() -> None:
    command = [sys.executable, "-m", "twin", "--port", "0", "--articles", "60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        greeting = process.stdout.readline()
        port = int(re.search(r":(\d+) ", greeting)[1])  # type: ignore[index]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/home", headers={"Host": "news.daum.net"})
        assert connection.getresponse().status == 200
        process.send_signal(signal.SIGTERM)
        assert "--origin daum=" in process.stdout.read()
        connection.close()
    assert process.returncode == 0


def test_command_refuses_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], make_twin: Make
) -> None:
    assert main(["--pages", str(tmp_path / "missing")]) == 2
    assert capsys.readouterr().err.startswith("There is no folder ")
    taken = make_twin(articles=60).port
    assert main(["--port", str(taken), "--articles", "60"]) == 2
    assert "cannot listen" in capsys.readouterr().err
