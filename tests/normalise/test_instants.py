"""Which of a page's times is the article's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.normalise.instants import choose_instant
from storage.records import Instant
from storage.records.extraction import Raw
from tests.extract.pages import article

SEEN = datetime(2026, 11, 26, tzinfo=UTC)


TEXT = "<p>시청 앞 다리 세 곳이 여덟 달의 공사를 마치고 다시 열렸다.</p>" * 6


def published_of(above: str) -> Instant | None:
    html = f"<html><body><article>{above}<div>{TEXT}</div></article></body></html>"
    return article(html, None, "https://news.example/a/1").published


def chosen(*raws: tuple[str, str]) -> tuple[str, str] | None:
    found = choose_instant([Raw(value=value, rule=rule) for value, rule in raws], SEEN)
    return (found[0].raw, found[1]) if found else None


@pytest.mark.parametrize(
    ("told", "shown", "raw"),
    [
        ("2026-07-03T10:18:46Z", "29 juin 2026", "29 juin 2026"),
        ("2026-11-24T10:18:46+09:00", "2026.11.20", "2026.11.20"),
        ("2026-11-20T01:20:00Z", "2026.11.20", "2026-11-20T01:20:00Z"),
        ("2026-11-19T23:20:00Z", "2026.11.20", "2026-11-19T23:20:00Z"),
        ("2026-11-20T03:20:00Z", "November 19, 2026", "2026-11-20T03:20:00Z"),
        ("2026-11-24T10:18:46Z", "Updated 20 November 2026", "2026-11-24T10:18:46Z"),
        ("2026-11-24T10:18:46Z", "어제", "2026-11-24T10:18:46Z"),
    ],
)
def test_a_time_element_that_prints_another_day_than_it_tells(told: str, shown: str, raw: str) -> None:
    """Where no zone makes the two one day, the printed one stands; the attribute is often the last change."""
    published = published_of(f'<h1>다리를 다시 열다</h1><time datetime="{told}">{shown}</time>')
    assert published is not None
    assert published.raw == raw


@pytest.mark.parametrize(
    ("raws", "expected"),
    [
        ([("2026-11-15", "dc.date")], None),
        ([("2026-11-15", "dc.date"), ("2026-11-15", "date")], None),
        ([("2026-11-15T10:20:00+09:00", "dc.date")], ("2026-11-15T10:20:00+09:00", "dc.date")),
        ([("2026-11-15", "dc.date"), ("2026.11.13", "header line")], ("2026.11.13", "header line")),
        ([("2026-11-15", "dc.date.issued")], ("2026-11-15", "dc.date.issued")),
        (  # a system that keeps days
            [("2026-11-15T00:00:00+09:00", "article:published_time"), ("2026.11.15 10:20", "header line")],
            ("2026.11.15 10:20", "header line"),
        ),
        (
            [("2026-11-15T00:00:00+09:00", "article:published_time"), ("2026.11.14 10:20", "header line")],
            ("2026-11-15T00:00:00+09:00", "article:published_time"),
        ),
    ],
)
def test_what_says_a_day_alone_gives_no_clock(
    raws: list[tuple[str, str]], expected: tuple[str, str] | None
) -> None:
    assert chosen(*raws) == expected


@pytest.mark.parametrize(
    ("script", "raw"),
    [
        ('var publication_date = "2026-11-20 21:18:11";', "2026-11-20 21:18:11"),
        ("page.article.publication_date = '2026-11-20 21:18:11';", "2026-11-20 21:18:11"),
        ('{"publishDate": "2026-11-20T21:18:11"}', "2026-11-20T21:18:11"),
        ('{"publish_date": "2026-11-20 21:19:40"}', "2026-11-21T02:18:11Z"),
        ('{"publish_date": "2026-11-20 02:18:11"}', "2026-11-21T02:18:11Z"),
        ('{"publish_date": "2026-11-21 02:18:11"}', "2026-11-21T02:18:11Z"),
        ('[{"publish_date": "2026-11-20 21:18:11"}, {"publish_date": "2026-11-19 07:00:00"}]', None),
        ('{"expires": "2026-11-20 21:18:11"}', None),
    ],
)
def test_a_scripts_clock_tells_the_zone_and_never_the_time(script: str, raw: str | None) -> None:
    """The instant stays the one that a machine is told; the day is that of the page's own zone."""
    told = '<meta property="article:published_time" content="2026-11-21T02:18:11Z">'
    published = published_of(f"{told}<script>{script}</script>")
    assert published is not None
    assert published.at == datetime(2026, 11, 21, 2, 18, 11, tzinfo=UTC)
    assert published.raw == (raw or "2026-11-21T02:18:11Z")


def test_a_scripts_clock_alone_is_no_time() -> None:
    assert chosen(("2026-11-20 21:18:11", "script clock")) is None


@pytest.mark.parametrize(
    "printed",
    [
        "<time datetime='2026-11-20T10:20:11+09:00'>3시간 전</time>",
        "<span class='when' title='2026-11-20 10:20:11'>3시간 전</span>",
        "<em data-date='2026.11.20 10:20:11'>어제</em>",
    ],
)
def test_a_time_told_to_the_reader_from_now_is_told_exactly_in_the_markup(printed: str) -> None:
    head = "<meta property='og:title' content='다리를 다시 열다'>"
    above = f"<div><h2>다리를 다시 열다</h2>{printed}</div>"
    html = f"<html><head>{head}</head><body>{above}<div>{TEXT}</div></body></html>"
    published = article(html, None, "https://news.example/a/1").published
    assert published is not None
    assert published.at == datetime(2026, 11, 20, 1, 20, 11, tzinfo=UTC)


OFFSET, SPACED = "2026-11-20T18:11:01+02:00", "2026-11-20 18:11:01.0"
SENTENCES = "<p>The three bridges at the town hall were opened again after eight months of work.</p>" * 6


@pytest.mark.parametrize(
    ("raws", "beside", "abroad", "hour"),
    [
        ((SPACED, OFFSET), (), True, 16),
        ((SPACED, OFFSET), (), False, 16),
        (("2026-11-20T18:11:01Z", OFFSET), (), True, 16),
        (("2026-11-20T18:11:01Z", "2026-11-20T18:11:01+09:00"), (), False, 9),
        (("2026-11-20T18:11:01Z", "November 20, 2026 6:11pm"), (), True, 18),
        (("2026-11-20T18:11:01Z", "November 20, 2026 6:11pm"), (), False, 9),
        (("2026-11-20T18:11:01", "2026-11-20T18:11:01Z"), (), True, 18),
        (("2026-11-20T18:11:01", "2026-11-20T18:11:01Z"), (), False, 9),
        (("2026-11-20 18:11",), ("2026-11-20T18:40:29+02:00",), True, 16),
        (("2026-11-20 18:11",), ("2026-11-22T18:40:29+02:00",), True, 9),
        (("2026-11-20 18:11",), ("2026-11-20T18:40:29+02:00", "2026-11-20T18:40:29-05:00"), True, 9),
        (("2026-11-20 18:11",), ("2026-11-20T18:40:29+02:00",), False, 9),
        ((SPACED, "2026-11-20T18:12:01+02:00"), (), True, 9),
    ],
)
def test_a_clock_without_a_zone_is_in_the_zone_that_the_page_names_for_it(
    raws: tuple[str, ...], beside: tuple[str, ...], abroad: bool, hour: int
) -> None:
    told, others = ([Raw(value=value, rule="r") for value in values] for values in (raws, beside))
    found = choose_instant(told, SEEN, beside=others, abroad=abroad)
    assert found is not None
    assert found[0].at.hour == hour


@pytest.mark.parametrize(
    ("url", "above", "hour"),
    [
        ("https://news.example/a/1", "", 18),
        ("https://news.example/a/1", "<p>Updated : 2026-11-20 20:00 KST</p>", 9),
        ("https://www.koreaherald.com/article/10001", "", 9),
        ("https://english.hanbit.co.kr/article/10001", "", 9),
    ],
)
def test_an_english_page_of_a_house_abroad_means_its_z(url: str, above: str, hour: int) -> None:
    meta = '<meta property="article:published_time" content="2026-11-20T18:11:01Z">'
    head = f"<h1>Bridges opened again</h1><p>November 20, 2026 18:11</p>{above}"
    body = f"<article>{head}<div>{SENTENCES}</div></article>"
    html = f"<html lang=en><head>{meta}</head><body>{body}</body></html>"
    published = article(html, None, url).published
    assert published is not None
    assert published.at.hour == hour


@pytest.mark.parametrize(
    ("printed", "hour"),
    [
        ("Fri Nov 20 2026 18:11:01 GMT+0000 (UTC)", 18),
        ("Fri Nov 20 2026 18:11:01 GMT+0900 (KST)", 9),
        ("Fri Nov 20 2026 18:11:01 GMT-0500 (Eastern Standard Time)", 23),
        ("2026-11-20 18:11:01 EST", 23),
        ("2026-11-20 18:11:01 (CET)", 17),
        ("2026-11-20T18:11:01.123+09:00[Asia/Seoul]", 9),
    ],
)
def test_a_clock_with_a_zone_of_its_own_stays_in_it(printed: str, hour: int) -> None:
    others = [Raw(value=f"2026-11-20T{clock}", rule="r") for clock in (OFFSET[11:], "18:40:00+02:00")]
    told = Raw(value=printed, rule="r")
    for abroad in (True, False):
        found = choose_instant([told, *others], SEEN, beside=others, abroad=abroad)
        assert found is not None
        assert found[0].at.hour == hour
        assert choose_instant([*others, told], SEEN, beside=[told], abroad=abroad) is not None


@pytest.mark.parametrize(
    "printed", ["2026.11.20 18:11 {}", "November 20, 2026 18:11 {}", "18:11 {} November 20, 2026"]
)
@pytest.mark.parametrize(
    ("zone", "at"),
    [
        ("KST", "09:11"),
        ("HKT", "10:11"),
        ("SGT", "10:11"),
        ("ICT", "11:11"),
        ("PKT", "13:11"),
        ("EEST", "15:11"),
        ("AEDT", "07:11"),
        ("AET", "07:11"),
        ("PT", "02:11"),
        ("IST", None),
    ],
)
def test_a_zone_is_read_alike_wherever_it_stands(printed: str, zone: str, at: str | None) -> None:
    published = published_of(f"<h1>다리를 다시 열다</h1><p>입력 {printed.format(zone)}</p>")
    assert (f"{published.at:%H:%M}" if published else None) == at


@pytest.mark.parametrize(
    ("url", "lang", "printed", "precision"),
    [
        ("https://www.moorhafener-bote.example/a/1", "de", "20. November 2026, 18:11 Uhr", "day"),
        ("https://www.moorhafener-bote.example/a/1", "en", "November 20, 2026 18:11", "day"),
        ("https://www.moorhafener-bote.example/a/1", "en", "November 20, 2026 18:11 ET", "minute"),
        (
            "https://www.moorhafener-bote.example/a/1",
            "en",
            "Posted 6:11 PM EST, Fri November 20, 2026",
            "minute",
        ),
        (
            "https://www.moorhafener-bote.example/a/1",
            "en",
            "By Han Seo-jin | November 20, 2026 18:11",
            "minute",
        ),
        ("https://www.moorhafener-bote.example/a/1", "de", "20. November 2026, 18:11 CET", "minute"),
        ("https://german.hanbit.co.kr/a/1", "de", "20. November 2026, 18:11 Uhr", "minute"),
    ],
)
def test_a_clock_whose_zone_nobody_knows_is_no_clock(
    url: str, lang: str, printed: str, precision: str
) -> None:
    head = f"<h1>Brücken wieder offen</h1><p>{printed}</p>"
    body = f"<article>{head}<div>{SENTENCES.replace('The', 'Die')}</div></article>"
    published = article(f"<html lang={lang}><body>{body}</body></html>", None, url).published
    assert published is not None
    assert published.precision == precision
    assert "November" in published.raw


def test_an_instant_whose_zone_is_told_keeps_its_clock_where_the_page_prints_none() -> None:
    told = [Raw(value=v, rule="r") for v in ("2026-11-20T11:32:00Z", "2026-11-20 17:02:00")]
    found = choose_instant(told, SEEN, abroad=True, seouls=False)
    assert found is not None
    assert (found[0].at, found[0].precision) == (datetime(2026, 11, 20, 11, 32, tzinfo=UTC), "second")
    found = choose_instant(told[1:], SEEN, abroad=True, seouls=False)
    assert found is not None
    assert found[0].precision == "day"
