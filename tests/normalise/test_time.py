"""Times as Korean pages print them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalise.time import instant_from_id, parse_instant
from storage.seoul import SEOUL

SEEN = datetime(2026, 11, 22, 12, 0, tzinfo=SEOUL)

ABSOLUTE = [
    ("2020. 05. 22. 09:39", "2020-05-22T09:39:00", "minute"),
    ("2023. 11. 1. 09:29", "2023-11-01T09:29:00", "minute"),
    ("2026. 1. 6. 16:19", "2026-01-06T16:19:00", "minute"),
    ("입력 : 2014.09.20 16:41", "2014-09-20T16:41:00", "minute"),
    ("입력 : 2014.09.20 16:41 | 수정 : 2014.09.20 17:41", "2014-09-20T16:41:00", "minute"),
    ("입력 2000.10.18 05:13", "2000-10-18T05:13:00", "minute"),
    ("2023.01.07 05:00   수정 : 2023.01.07 05:00기사원문", "2023-01-07T05:00:00", "minute"),
    ("2018.05.16 16:23:12", "2018-05-16T16:23:12", "second"),
    ("2018-05-16 16:23:12", "2018-05-16T16:23:12", "second"),
    ("20200522093902", "2020-05-22T09:39:02", "second"),
    ("202005220939", "2020-05-22T09:39:00", "minute"),
    ("20200522", "2020-05-22T00:00:00", "day"),
    ("2025-05-15T20:00:52.000+0900", "2025-05-15T20:00:52", "second"),
    ("2025-05-28T01:05:24+09:00", "2025-05-28T01:05:24", "second"),
    ("2025-05-27T16:05:24Z", "2025-05-28T01:05:24", "second"),
    ("2025-05-27T16:05Z", "2025-05-28T01:05:00", "minute"),
    ("2025-05-28T01:05:24", "2025-05-28T01:05:24", "second"),
    ("20261109T093000+0900", "2026-11-09T09:30:00", "second"),
    ("Fri, 22 May 2020 09:39:02 +0900", "2020-05-22T09:39:02", "second"),
    ("Fri, 22 May 2020 00:39:02 GMT", "2020-05-22T09:39:02", "second"),
    ("Fri, 22 May 2020 09:39:02 KST", "2020-05-22T09:39:02", "second"),
    ("2020-05-22T09:39:02KST", "2020-05-22T09:39:02", "second"),
    ("Fri, 22 May 2020 09:39:02 JST", "2020-05-22T09:39:02", "second"),
    ("Fri, 22 May 2020 00:39:02 UT", "2020-05-22T09:39:02", "second"),
    ("Fri, 22 May 2020 00:39:02 UTC", "2020-05-22T09:39:02", "second"),
    ("Thu, 21 May 2020 20:39:02 EDT", "2020-05-22T09:39:02", "second"),
    ("Thu, 21 May 2020 19:39:02 EST", "2020-05-22T09:39:02", "second"),
    ("Thu, 21 May 2020 19:39:02 CDT", "2020-05-22T09:39:02", "second"),
    ("Thu, 21 May 2020 18:39:02 CST", "2020-05-22T09:39:02", "second"),
    ("Thu, 21 May 2020 18:39:02 MDT", "2020-05-22T09:39:02", "second"),
    ("Thu, 21 May 2020 17:39:02 MST", "2020-05-22T09:39:02", "second"),
    ("Thu, 21 May 2020 17:39:02 PDT", "2020-05-22T09:39:02", "second"),
    ("Thu, 21 May 2020 16:39:02 PST", "2020-05-22T09:39:02", "second"),
    ("22 May 2020 09:39", "2020-05-22T09:39:00", "minute"),
    ("1590107942000", "2020-05-22T09:39:02", "second"),
    ("1590107942", "2020-05-22T09:39:02", "second"),
    ("2026년 1월 6일 오후 4시 19분", "2026-01-06T16:19:00", "minute"),
    ("2026년 1월 6일 오후 4시 19분 5초", "2026-01-06T16:19:05", "second"),
    ("2026.01.06. 오후 4:19", "2026-01-06T16:19:00", "minute"),
    ("입력2023.11.01. 오전 9:30", "2023-11-01T09:30:00", "minute"),
    ("2023.11.1(수) 오전 12:05", "2023-11-01T00:05:00", "minute"),
    ("2023.11.1(수) 오후 12:05", "2023-11-01T12:05:00", "minute"),
    ("2024. 12. 3. PM 10:27", "2024-12-03T22:27:00", "minute"),
    ("2003-10-05 (일) 10:20", "2003-10-05T10:20:00", "minute"),
    ("2023/11/01 09:00 송고", "2023-11-01T09:00:00", "minute"),
    ("2023. 11. 1. 09:30 5개 댓글", "2023-11-01T09:30:00", "minute"),
    ("2026. 1. 6.", "2026-01-06T00:00:00", "day"),
    ("2026년 1월 6일", "2026-01-06T00:00:00", "day"),
]

MACHINES = [
    ("2025-05-15T20:00:52GMT+09:00", "2025-05-15T20:00:52", "second"),  # was stored nine hours late
    ("2025-05-15T20:00:52 GMT+0900", "2025-05-15T20:00:52", "second"),
    ("2025-05-15T20:00:52UTC+9", "2025-05-15T20:00:52", "second"),
    ("2025-05-15 20:00 (UTC+9)", "2025-05-15T20:00:00", "minute"),
    ("2025-05-15T20:00:52+09", "2025-05-15T20:00:52", "second"),
    ("2025-05-15T20:00:52&#43;09:00", "2025-05-15T20:00:52", "second"),
    ("2025-05-15T20:00:52 09:00", "2025-05-15T20:00:52", "second"),
    ("2025-05-15T02:00:52\u221209:00", "2025-05-15T20:00:52", "second"),
    ("2025-05-15T20:00:52+09:00[Asia/Seoul]", "2025-05-15T20:00:52", "second"),
    ("2025-05-15T20:00:52 Asia/Seoul", "2025-05-15T20:00:52", "second"),
    ("2025-05-15 13:00:52 Europe/Berlin", "2025-05-15T20:00:52", "second"),
    ("2025-05-15 11:00:52 +0000 UTC", "2025-05-15T20:00:52", "second"),
    ("2025-05-15 12:00:52 CET", "2025-05-15T20:00:52", "second"),
    ("2025-05-15 19:00:52 HKT", "2025-05-15T20:00:52", "second"),
    ("2026-11-20 24:00", "2026-11-21T00:00:00", "minute"),
    ("2026년 11월 20일 24시", "2026-11-21T00:00:00", "minute"),
    ("2026. 12. 31. 24:00:00", "2027-01-01T00:00:00", "second"),
    ("Fri Nov 20 09:00:00 KST 2026", "2026-11-20T09:00:00", "second"),
    ("Fri Nov 20 00:00:00 UTC 2026", "2026-11-20T09:00:00", "second"),
    ("Fri Nov 20 09:00:00 GMT+09:00 2026", "2026-11-20T09:00:00", "second"),
    ("Fri Nov 20 09:00:00 2026", "2026-11-20T09:00:00", "second"),
    ("Fri Nov 20 2026 09:00:00 GMT+0900 (Korean Standard Time)", "2026-11-20T09:00:00", "second"),
    ("Fri Nov 20 2026 09:00:00 GMT+0900 (대한민국 표준시)", "2026-11-20T09:00:00", "second"),
    ("Fri Nov 20 2026 00:00:00 GMT+0000", "2026-11-20T09:00:00", "second"),
    ("Nov 20, 2026, 9:00:00 AM", "2026-11-20T09:00:00", "second"),
    ("Published : Nov. 20, 2026 - 17:05", "2026-11-20T17:05:00", "minute"),
    ("November 20, 2026 at 5:05 p.m. KST", "2026-11-20T17:05:00", "minute"),
    ("20 November 2026", "2026-11-20T00:00:00", "day"),
    ("20-Nov-2026 09:00:00", "2026-11-20T09:00:00", "second"),
    ("11/20/2026, 9:00:00 AM", "2026-11-20T09:00:00", "second"),
    ("20/11/2026 09:00", "2026-11-20T09:00:00", "minute"),
    ("1795132800.123", "2026-11-20T09:00:00", "second"),
    ("/Date(1795132800000+0900)/", "2026-11-20T09:00:00", "second"),
    ("20261120090000123", "2026-11-20T09:00:00", "second"),
]

ELSEWHERE = [
    ("20. Dezember 2026, 18.22 Uhr", "2026-12-20T18:22:00", "minute"),
    ("Freitag, 20. November 2026 um 18:22", "2026-11-20T18:22:00", "minute"),
    ("3. März 2026", "2026-03-03T00:00:00", "day"),
    ("5 mars 2026 à 18h22", "2026-03-05T18:22:00", "minute"),
    ("1er août 2026", "2026-08-01T00:00:00", "day"),
    ("20 de noviembre de 2026 a las 18:22", "2026-11-20T18:22:00", "minute"),
    ("20 de maio de 2026 às 18h22", "2026-05-20T18:22:00", "minute"),
    ("20 maggio 2026 alle 18:22", "2026-05-20T18:22:00", "minute"),
    ("20 мая 2026 в 18:22", "2026-05-20T18:22:00", "minute"),
    ("20 października 2026, 18:22", "2026-10-20T18:22:00", "minute"),
    ("20.11.2026 18:22", "2026-11-20T18:22:00", "minute"),
    ("05.06.2026, 18:22 Uhr", "2026-06-05T18:22:00", "minute"),
    ("20-11-2026 18:22", "2026-11-20T18:22:00", "minute"),
    ("All News 18:22 November 20, 2026", "2026-11-20T18:22:00", "minute"),
    ("09:30 (KST) Nov. 20, 2026", "2026-11-20T09:30:00", "minute"),
    ("2026年11月20日(金) 午後6時22分", "2026-11-20T18:22:00", "minute"),
    ("2026年11月20日 星期五 上午9:30", "2026-11-20T09:30:00", "minute"),
    ("20261120 18:22", "2026-11-20T18:22:00", "minute"),
]

NO_TIME = [
    "05-06-2026 18:22",
    "20 marching 2026",
    "20. listopada 2026",  # November in Polish, October in Croatian
    "2025-05-15T20:00:52XYZ",
    "2026.11.20 09:05 (현지시간)",
    "2026.11.20 09:05 (뉴욕 현지시간)",
    "2026年11月20日 午前13時05分",
    "2025-05-15T20:00:52IST",
    "2025-05-15T20:00:52+19:00",
    "2025-05-15T20:00:52 Asia/Nowhere",
    "2026-11-20 24:01",
    "10/11/2026 09:00",
    "1970-01-01T00:00:00Z",
    "1970-01-01 09:00:00",
    "0000-00-00 00:00:00",
    "Fri Nov 31 09:00:00 KST 2026",
    "Fri Nov 20 09:00:00 NOWHERE 2026",
    "",
    "입력",
    "20.05.22 09:39",
    "05/22/20 09:39",
    "Sat, 22 May 20 09:39:02 +0900",
    "2023. 2. 30. 09:29",
    "2023. 13. 1.",
    "2023. 11. 1. 25:10",
    "2023. 11. 1. 09:61",
    "2023. 11. 1. 오전 13:10",
    "2026-01-06T16:19:00+99:99",
    "20231301000000",
    "12345678901234567890",
    "02-398-8585",
    "1분기 매출 2023",
]

RELATIVE = [
    ("22분 전", "2026-11-22T11:38:00", "minute"),
    ("30초 전", "2026-11-22T11:59:30", "minute"),
    ("3시간 전", "2026-11-22T09:00:00", "day"),
    ("2일 전", "2026-11-20T12:00:00", "day"),
    ("1주 전", "2026-11-15T12:00:00", "day"),
    ("방금", "2026-11-22T12:00:00", "minute"),
    ("방금 전", "2026-11-22T12:00:00", "minute"),
    ("오늘", "2026-11-22T00:00:00", "day"),
    ("어제", "2026-11-21T00:00:00", "day"),
    ("어제 14:30", "2026-11-21T14:30:00", "minute"),
    ("그저께", "2026-11-20T00:00:00", "day"),
    ("오전 9:30", "2026-11-22T09:30:00", "minute"),
    ("오후 4:19", "2026-11-21T16:19:00", "minute"),
    ("입력 11:59", "2026-11-22T11:59:00", "minute"),
]


@pytest.mark.parametrize(("raw", "expected", "precision"), [*ABSOLUTE, *MACHINES, *ELSEWHERE])
def test_a_printed_time_is_read(raw: str, expected: str, precision: str) -> None:
    for reference in (None, SEEN):
        instant = parse_instant(raw, reference=reference)
        assert instant is not None
        assert instant.at == datetime.fromisoformat(expected).replace(tzinfo=SEOUL)
        assert (instant.at.tzinfo, instant.precision, instant.raw) == (UTC, precision, raw)


@pytest.mark.parametrize("raw", NO_TIME)
def test_what_cannot_be_read_is_no_time(raw: str) -> None:
    assert parse_instant(raw) is None
    assert parse_instant(raw, reference=SEEN) is None


@pytest.mark.parametrize(("raw", "expected", "precision"), RELATIVE)
def test_a_relative_time_needs_the_moment_of_the_page(raw: str, expected: str, precision: str) -> None:
    assert parse_instant(raw) is None
    instant = parse_instant(raw, reference=SEEN)
    assert instant is not None
    assert instant.at == datetime.fromisoformat(expected).replace(tzinfo=SEOUL)
    assert instant.precision == precision


def test_an_id_gives_its_creation_time() -> None:
    daum = instant_from_id("20180516162315753")
    assert daum is not None
    assert daum.at == datetime(2018, 5, 16, 7, 23, 15, tzinfo=UTC)
    fnnews = instant_from_id("202610090610286257")
    assert fnnews is not None
    assert fnnews.at == datetime(2026, 10, 8, 21, 10, 28, tzinfo=UTC)
    assert daum.precision == fnnews.precision == "second"


@pytest.mark.parametrize(
    "site_id", ["", "jvTmrluST6", "20181316162315753", "2018051616231575", "11110516162315753", "２" * 17]
)
def test_an_id_without_a_time_gives_none(site_id: str) -> None:
    assert instant_from_id(site_id) is None


@given(minutes=st.integers(min_value=0, max_value=57_000_000))
def test_every_minute_is_read_back_in_every_form(minutes: int) -> None:
    at = datetime(1990, 1, 1, tzinfo=SEOUL) + timedelta(minutes=minutes)
    half = "오전" if at.hour < 12 else "오후"
    forms = [
        f"{at.year}. {at.month:02}. {at.day:02}. {at:%H:%M}",
        f"{at.year}. {at.month}. {at.day}. {at:%H:%M}",
        f"입력 : {at:%Y.%m.%d %H:%M}",
        f"{at:%Y-%m-%dT%H:%M:%S}+09:00",
        f"{at:%Y%m%d%H%M%S}",
        f"{at.year}년 {at.month}월 {at.day}일 {half} {at.hour % 12 or 12}시 {at.minute}분",
        f"{at:%Y.%m.%d}. {half} {at.hour % 12 or 12}:{at:%M}",
    ]
    for form in forms:
        instant = parse_instant(form)
        assert instant is not None, form
        assert instant.at == at, form


@given(raw=st.text(max_size=60) | st.text(alphabet="0123456789. :-/T오전후년월일시분전Z+", max_size=40))
def test_no_text_raises(raw: str) -> None:
    for reference in (None, SEEN, datetime(1, 1, 1, tzinfo=UTC) + timedelta(hours=1)):
        instant = parse_instant(raw, reference=reference)
        assert instant is None or (instant.at.tzinfo is UTC and instant.raw == raw)
    instant_from_id(raw)


@pytest.mark.parametrize(
    "raw",
    ["2023. " * 20_000, "1:00 " * 40_000, "5 mai " * 40_000, "9" * 100_000, ": " * 50_000, "가" * 100_000],
)
def test_long_text_takes_no_time(raw: str) -> None:
    started = time.process_time()
    parse_instant(raw, reference=SEEN)
    instant_from_id(raw)
    assert time.process_time() - started < 1  # measured: under 0.01 s
