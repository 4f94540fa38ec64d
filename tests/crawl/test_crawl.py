"""The main job: both sites crawled into an archive, held against what the twin published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.sources import source_of
from crawler.stages import article_of
from storage.records import CapturedPage, WarcPlace
from storage.warc.facts import read_facts
from storage.warc.reading import read_payload
from storage.warc.store import payload_digest
from tests.crawl.conftest import stage_on
from tests.crawl.stage import Stage
from twin import Twin

APPEARANCES = "SELECT a.*, r.notice AS copyright_notice FROM appearances a JOIN rights r ON r.url = a.url"

SEPARATORS = str.maketrans("", "", " \n\t\u00a0")


def letters(text: str | None) -> str:
    return (text or "").translate(SEPARATORS)


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with Twin() as server:
        yield server


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory, twin: Twin) -> Stage:
    """One whole crawl, looked at by all tests of this module."""
    stage = stage_on(tmp_path_factory.mktemp("crawled") / "archive", twin.url)
    done = stage.crawl()
    assert done.code == 0, done.err[-3000:]
    return stage


def test_the_archive_holds_what_the_sites_published(crawled: Stage, twin: Twin) -> None:
    """Every field of every appearance that the twin lists, as its page prints it."""
    stored = {row["url"]: row for row in crawled.rows(APPEARANCES)}
    expected = {page.url: page for page in listed_pages(twin)}
    assert len(expected) > 300
    assert sorted(expected.keys() - stored.keys()) == []
    assert sorted(stored.keys() - expected.keys()) == []
    wrong = [
        (url, field, got, want)
        for url, page in expected.items()
        for field, got, want in differences(stored[url], page)
    ]
    assert wrong == []


def listed_pages(twin: Twin) -> list:
    return [
        page for story in twin.truth() if story.kind != "gone" for page in story.appearances if not page.gone
    ]


def differences(row: dict, page) -> list[tuple[str, object, object]]:
    wanted = {
        "publisher": page.publisher,
        "title": page.title,
        "copyright_notice": page.notice,
        "byline_line": page.byline_line,
        "published_at": page.published.isoformat(timespec="minutes")[:16],
    }
    got = {name: row[name] for name in wanted} | {"published_at": (row["published_at"] or "")[:16]}
    wrong = [(name, got[name], wanted[name]) for name in wanted if got[name] != wanted[name]]
    body = letters("".join(page.paragraphs))
    if letters(row["body"]) != body:
        wrong.append(("body", row["body"], page.paragraphs))
    return wrong


def test_a_story_on_both_sites_is_one_article(crawled: Stage, twin: Twin) -> None:
    """Joined by original link or by text; nothing that is not the same story is joined."""
    article_of = {
        row["url"]: row["article_id"] for row in crawled.rows("SELECT url, article_id FROM appearances")
    }
    pairs = [[page.url for page in story.appearances] for story in twin.truth() if len(story.appearances) > 1]
    assert len(pairs) >= 60
    assert [urls for urls in pairs if len({article_of[url] for url in urls}) != 1] == []
    together = Counter(article_of.values())
    joined = sum(1 for count in together.values() if count > 1)
    assert joined == len(pairs)


def test_listed_is_the_sum_of_the_outcomes(crawled: Stage) -> None:
    for run in crawled.column("SELECT id FROM run"):
        listed, ended = crawled.balance(run)
        assert listed == ended > 50


def test_a_second_crawl_stores_nothing_and_asks_only_what_is_due_and_conditionally(
    crawled: Stage, twin: Twin
) -> None:
    before, sizes, asked = crawled.kept(), crawled.sizes(), len(twin.requests)
    tagged = set(crawled.column("SELECT url FROM address WHERE etag IS NOT NULL"))
    stored = crawled.column("SELECT count(*) FROM address WHERE last_outcome IN ('stored', 'duplicate')")[0]
    assert crawled.crawl().code == 0
    assert crawled.sizes() == sizes
    assert crawled.kept() == before
    last = max(crawled.column("SELECT id FROM run"))
    ends = Counter(crawled.outcomes(last)) + Counter(crawled.outcomes(last - 1))
    assert not set(ends) & {"stored", "revised", "failed", "quarantined"}
    known = sum(crawled.column(f"SELECT known FROM run WHERE id >= {last - 1}"))
    assert known > 300
    assert [crawled.balance(run) for run in (last - 1, last)] == [
        (listed, listed) for listed in crawled.column(f"SELECT listed FROM run WHERE id >= {last - 1}")
    ]
    again = [
        request for request in twin.requests[asked:] if f"https://{request.host}{request.path}" in tagged
    ]
    assert len(again) <= stored - known
    named = sorted(tagged)[:3]
    assert crawled.run("fetch", *named, *crawled.origins(), "--delay", "0").code == 0  # asked, though known
    again = [
        request for request in twin.requests[asked:] if f"https://{request.host}{request.path}" in tagged
    ]
    assert len(again) >= len(named)
    assert [request.path for request in again if "if-none-match" not in request.headers] == []


def test_the_files_say_what_the_rows_know(crawled: Stage) -> None:
    """A metadata record beside each answer; each 304 names the page that it leaves valid."""
    pages = "SELECT url, fetched_at, payload_digest FROM capture WHERE http_status = 200"
    held = {(row["url"], row["payload_digest"]) for row in crawled.rows(pages)}
    kinds: Counter[str] = Counter()
    seeds: set[tuple[str, str]] = set()
    for path in (crawled.folder / "warc").glob("*.warc.gz"):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                kinds[record.rec_type] += 1
                fields = record.rec_headers
                if record.rec_type == "revisit":
                    refers = (fields["WARC-Refers-To-Target-URI"], fields["WARC-Payload-Digest"])
                    assert refers in held
                    assert fields["WARC-Refers-To-Date"] < fields["WARC-Date"]
                elif record.rec_type == "metadata":
                    facts = read_facts(record.content_stream().read())
                    assert {"run", "source", "mode", "run_started", "reader"} <= facts.keys()
                    if "address" in facts and "seed" in facts:
                        seeds.add((str(facts["address"]), str(facts["seed"])))
    assert kinds["metadata"] == kinds["response"] + kinds["revisit"] == kinds["request"]
    assert kinds["revisit"] == crawled.column("SELECT count(*) FROM capture WHERE http_status = 304")[0] > 0
    found = "SELECT url, seed FROM discoveries"
    assert seeds <= {(row["url"], row["seed"]) for row in crawled.rows(found)}
    assert len(seeds) > 300


def test_every_capture_can_be_read_back(crawled: Stage) -> None:
    captures = crawled.rows("SELECT * FROM capture WHERE http_status = 200")
    for row in captures[:: max(1, len(captures) // 50)]:
        place = WarcPlace(file=row["warc_file"], offset=row["warc_offset"], length=row["warc_length"])
        _, _, body = read_payload(crawled.folder / "warc", place)
        assert payload_digest(body) == row["payload_digest"]


def test_re_extraction_gives_what_the_crawl_stored(crawled: Stage) -> None:
    """An extractor's bug costs a re-run, never a re-crawl: the captures are enough, without network."""
    rows = crawled.rows(APPEARANCES.replace("SELECT a.*", "SELECT a.*, c.*, a.url AS shown_at", 1) + CAPTURED)
    assert len(rows) > 300
    differing = [row["shown_at"] for row in rows if not same_again(crawled, row)]
    assert differing == []


CAPTURED = " JOIN capture c ON c.warc_file = a.warc_file AND c.warc_offset = a.warc_offset"


def same_again(stage: Stage, row: dict) -> bool:
    place = WarcPlace(file=row["warc_file"], offset=row["warc_offset"], length=row["warc_length"])
    _, _, body = read_payload(stage.folder / "warc", place)
    page = CapturedPage(url=row["url"], body=body, content_type=row["content_type"])
    article = article_of(page, source_of(row["shown_at"]))
    stored = (row["title"], row["body"], row["copyright_notice"], row["byline_line"])
    return stored == (article.title, article.body, article.rights.notice, article.byline_line)


def test_no_way_in_is_asked_that_robots_forbids_and_unproven_ones_are_named(
    crawled: Stage, twin: Twin
) -> None:
    assert [request.path for request in twin.requests if request.host == "search.daum.net"] == []
    ways = crawled.rows("SELECT DISTINCT way, grade FROM seeds WHERE way IS NOT NULL")
    assert {"way": "channels", "grade": "B 2026-05-17"} in ways
    reasons = crawled.column("SELECT reason FROM runs WHERE source = 'daum' AND mode = 'latest'")
    assert [one for one in reasons if "unproven: channels (B 2026-05-17)" not in one] == []
    channels = crawled.rows("SELECT name, chosen FROM channel WHERE chosen ORDER BY id")
    assert len(channels) == 9
    assert channels[-1]["name"] == "파이낸셜뉴스"  # the list of publishers named its number


def test_a_backfill_goes_by_channels_and_by_the_search_of_each_day(crawled: Stage, twin: Twin) -> None:
    asked = len(twin.requests)
    days = ("--since", "2026-11-18", "--until", "2026-11-19")
    assert crawled.crawl(*days).code == 0
    visits = crawled.rows("SELECT kind, outcome, way, listed FROM seeds WHERE mode = 'backfill'")
    channels = [visit for visit in visits if visit["way"] == "channels by cursor"]
    assert len(channels) == 9 * 2
    searches = [visit for visit in visits if visit["way"] == "search by day"]
    assert len(searches) == 2 * 2
    assert {visit["outcome"] for visit in channels + searches} == {"stored"}
    of_days = {
        page.url
        for story in twin.truth()
        for page in story.appearances
        if page.site == "fnnews" and page.published.isoformat()[:10] in days
    }
    assert sum(visit["listed"] for visit in searches) == 2 * len(of_days) > 0
    assert {"/search"} <= {request.path.partition("?")[0] for request in twin.requests[asked:]}
    twin.scenario = "ways_closed"  # the answers do not go by cursor and day any more
    crawled.crawl(*days)
    twin.scenario = "calm"
    last = crawled.column("SELECT max(run_id) FROM runs")[0]
    ends = crawled.rows(f"SELECT outcome, reason FROM seeds WHERE way IS NOT NULL AND run_id >= {last - 1}")
    of_ways = [end for end in ends if "asked for" in end["reason"]]
    assert {end["outcome"] for end in of_ways} == {"quarantined"}
    assert len(of_ways) > 10
