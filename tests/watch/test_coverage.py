"""The ledger: sums, gaps with reasons, what can still be filled, and the pictures of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from sqlalchemy import Engine, text, update

from crawler.commands.coverage import fill_gaps
from crawler.configuration.environment import Configuration, WrongSetting
from crawler.orders.fill import Filled, exit_code, fill_orders, filled
from crawler.sources import all_sources
from crawler.sources.base import lists_of_days
from crawler.watch.calendar import CANNOT, GAP, NOTHING, calendars, picture, terminal, write_picture
from crawler.watch.coverage import coverage_report, gap_rows, section_rows
from crawler.watch.gaps import Gap, Lack, LedgerDay, Lists, Needs, find_gaps
from storage.database.opening import writing
from storage.ledger.days import OUTCOMES, DayFacts, Reading, coverage_rows, unfinished
from storage.ledger.memory import Memory, memory_of
from storage.models import AddressRow, SlotState
from storage.operations.slots import PlannedSlot, write_plan
from storage.seoul import SEOUL
from tests.watch.archive import add_articles, add_list, add_run

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=SEOUL)


def day(offset: int, listed: int = 0, **counts: int) -> LedgerDay:
    return LedgerDay(source="daum", day=TODAY - offset * DAY, listed=listed, counts=counts)


def reasons(days: list[LedgerDay], facts: dict[int, DayFacts] | None = None) -> dict[int, tuple[str, ...]]:
    by_day = {("daum", TODAY - offset * DAY): fact for offset, fact in (facts or {}).items()}
    return {(TODAY - gap.day).days: gap.reasons for gap in find_gaps(days, by_day, {}, TODAY)}


# --- gaps ---------------------------------------------------------------------------------------


def test_whole_days_are_no_gaps_and_today_is_not_over() -> None:
    assert reasons([day(1, 300, stored=300), day(0)]) == {}


def test_a_day_without_anything_says_why() -> None:
    down = DayFacts(slots={"coalesced": 23, "late": 1}, verdicts={"interrupted": 1})
    found = reasons([day(1), day(2)], {2: down})
    assert found == {
        1: ("nothing listed: no run on that day",),
        2: ("nothing listed: 1 run interrupted; 23 slots coalesced, 1 slot late",),
    }


def test_a_thin_day_is_held_against_its_weekday() -> None:
    days = [day(7 * week, 400, stored=400) for week in range(1, 6)]
    days += [day(1, 5, stored=5)]
    assert reasons(days) == {}
    days = [day(7 * week + 1, 400, stored=400) for week in range(1, 6)] + [day(1, 60, stored=60)]
    assert reasons(days) == {1: ("60 listed, usually 400 on a Saturday",)}


def test_what_is_unfinished_is_named() -> None:
    found = reasons([day(1, 9, stored=3, pending=2, failed=1, quarantined=3)], {1: DayFacts(missed_lists=2)})
    assert found == {
        1: (
            "articles were missed between polls (2 lists moved on wholly)",
            "2 pending",
            "1 failed",
            "3 quarantined",
        )
    }


@pytest.mark.parametrize(
    ("counts", "why_not"),
    [
        ({"blocked": 2}, "the site or its robots.txt says no"),
        ({"quarantined": 2}, "mend the extractor"),
        ({"blocked": 1, "failed": 1}, None),
        ({"pending": 2}, None),
    ],
)
def test_what_crawling_cannot_mend_says_so(counts: dict[str, int], why_not: str | None) -> None:
    (gap,) = find_gaps([day(1, 2, **counts)], {}, {}, TODAY)
    assert gap.fillable == (why_not is None)
    assert (why_not or "") in (gap.why_not or "")


def test_days_beyond_the_sources_memory_cannot_be_filled() -> None:
    seen = Memory(run_id=7, seen_on=TODAY - DAY, asked_since=TODAY - 30 * DAY, oldest=TODAY - 11 * DAY)
    gaps = find_gaps([day(10), day(11)], {}, {"daum": seen}, TODAY)
    assert [(gap.fillable, (TODAY - gap.day).days) for gap in gaps] == [(True, 10), (False, 11)]
    assert "went back to 2026-11-11 only, 10 days, when run 7 asked" in (gaps[1].why_not or "")


def test_known_addresses_need_no_lists() -> None:
    """What the lists forgot long ago is asked for all the same where its address is known."""
    seen = Memory(run_id=7, seen_on=TODAY - DAY, asked_since=TODAY - 30 * DAY, oldest=TODAY - 2 * DAY)
    (gap,) = find_gaps([day(20, 9, stored=5, pending=4)], {}, {"daum": seen}, TODAY)
    assert (gap.fillable, gap.can_get(Needs.ADDRESSES), gap.can_get(Needs.LISTS)) == (True, True, False)


def test_open_addresses_of_a_day_before_the_first_run_are_a_gap() -> None:
    early = LedgerDay(source="daum", day=TODAY - DAY, listed=2, counts={"failed": 2}, expected=False)
    empty = LedgerDay(source="daum", day=TODAY - 2 * DAY, expected=False)
    (gap,) = find_gaps([empty, early], {}, {}, TODAY)
    assert (gap.day, gap.reasons) == (TODAY - DAY, ("2 failed",))


def test_each_end_names_its_reasons_the_most_frequent_first() -> None:
    ends: dict[str, dict[str | None, int]] = {"failed": {"answered 503": 1, "no whole answer in time": 2}}
    ends["blocked"] = {"forbidden by robots.txt": 2, "robots.txt unreachable: 503": 1}
    (gap,) = find_gaps([day(1, 6, failed=3, blocked=3)], facts_of(DayFacts(unfinished=ends)), {}, TODAY)
    assert gap.reasons == (
        "3 failed (2 no whole answer in time; 1 answered 503)",
        "1 blocked (robots.txt unreachable: 503)",
        "2 blocked (forbidden by robots.txt)",
    )
    assert [lack.words for lack in gap.beyond] == ["2 blocked (forbidden by robots.txt)"]


@pytest.mark.parametrize(
    ("reason", "why_not"),
    [
        ("tombstone", "it was taken down here"),
        ("tombstone: nearly a text that was taken down (91% of the smaller one)", "it was taken down here"),
        ("outside the source: shop.example", "it leads to a host that is not its source's"),
        ("redirected to https://www.fnnews.com/login", "the site or its robots.txt says no"),
        ("refused (403)", "the site or its robots.txt says no"),
    ],
)
def test_the_site_is_not_said_to_refuse_what_others_decided(reason: str, why_not: str) -> None:
    facts = facts_of(DayFacts(unfinished={"blocked": {reason: 1}}))
    (gap,) = find_gaps([day(1, 1, blocked=1)], facts, {}, TODAY)
    assert gap.why_not == why_not


def facts_of(facts: DayFacts) -> dict[tuple[str, date], DayFacts]:
    return {("daum", TODAY - DAY): facts}


REREAD = Lists(reread={TODAY - DAY: Reading(run_id=9, on=TODAY)})


@pytest.mark.parametrize(
    ("listed", "missed", "lists", "why_not"),
    [
        (0, 0, Lists(), None),
        (0, 0, Lists(refused="its lists are refused"), "its lists are refused"),
        (0, 0, REREAD, "its lists named no more when run 9 on 2026-11-22 read them again"),
        (9, 2, Lists(), None),
        (9, 2, Lists(dated=False), "its lists are not kept by day: what they passed over is named no more"),
    ],
)
def test_what_the_lists_can_still_give(listed: int, missed: int, lists: Lists, why_not: str | None) -> None:
    facts = facts_of(DayFacts(missed_lists=missed))
    (gap,) = find_gaps([day(1, listed, stored=listed)], facts, {}, TODAY, {"daum": lists})
    assert gap.why_not == why_not


def test_articles_missed_between_polls_are_found_by_reading_the_days_lists_again() -> None:
    facts = facts_of(DayFacts(missed_lists=2))
    assert find_gaps([day(1, 9, stored=9)], facts, {}, TODAY, {"daum": REREAD}) == []


# --- filling ------------------------------------------------------------------------------------


def gap_of(*lacks: tuple[str, str | None], offset: int = 1) -> Gap:
    made = tuple(Lack(words=words, needs=Needs.ADDRESSES, why_not=why_not) for words, why_not in lacks)
    return Gap(source="daum", day=TODAY - offset * DAY, lacks=made)


@pytest.mark.parametrize(
    ("left", "said", "code"),
    [
        (None, "daum 2026-11-21 filled (2 stored); cannot be filled: 1 quarantined: mend it", 0),
        (
            gap_of(("1 quarantined", "mend it")),
            "daum 2026-11-21 filled (2 stored); cannot be filled: 1 quarantined: mend it",
            0,
        ),
        (
            gap_of(("1 failed (answered 503)", None), ("1 quarantined", "mend it")),
            "daum 2026-11-21 still open (2 stored): 1 failed (answered 503); "
            "cannot be filled: 1 quarantined: mend it",
            1,
        ),
    ],
)
def test_each_gap_is_told_what_became_of_it(left: Gap | None, said: str, code: int) -> None:
    gap = gap_of(("3 pending", None), ("1 quarantined", "mend it"))
    before, after = day(1, 4, pending=3, quarantined=1), day(1, 4, stored=2, failed=1, quarantined=1)
    (end,) = filled([gap], [before], [after], [left] if left else [])
    assert str(end) == said
    assert exit_code(1, [end]) == code


def test_a_crawl_that_was_kept_away_decides_the_exit_code() -> None:
    beyond = Filled(gap=gap_of(("1 blocked", "no")), gained={}, left=gap_of(("1 blocked", "no")))
    assert str(beyond) == "daum 2026-11-21 cannot be filled: no"
    assert [exit_code(crawled, [beyond]) for crawled in (0, 1, 3, 4)] == [0, 0, 3, 4]


def test_a_month_that_begins_after_the_last_day_is_not_named() -> None:
    october = [LedgerDay(source="daum", day=date(2026, 10, 1) + n * DAY, listed=5) for n in range(30)]
    (calendar,) = calendars(october, [])
    assert "".join(line.plain for line in terminal(calendar)).count("Nov") == 0
    drawn = picture([calendar], date(2026, 10, 1), date(2026, 10, 30))
    assert [mark.text for mark in drawn.marks if mark.text in ("Oct", "Nov")] == ["Oct"]


# --- the archive's rows -------------------------------------------------------------------------


def seeded(engine: Engine) -> None:
    first, second = noon(TODAY - 4 * DAY), noon(TODAY - 2 * DAY)
    run = add_run(engine, first)
    add_articles(engine, run, first, 5)
    later = add_run(engine, second)
    add_articles(engine, later, second, 3)
    add_list(engine, later, ["https://v.daum.net/v/a"], second, outcome="failed", seed="s1", section="정치")
    add_list(engine, later, ["https://v.daum.net/v/b"], second, outcome=None, seed="s2", section="정치")


def test_what_a_later_look_did_not_understand_is_still_there(engine: Engine) -> None:
    at = noon(TODAY - DAY)
    urls = add_articles(engine, add_run(engine, at), at, 3)
    with writing(engine) as session:
        session.execute(
            update(AddressRow).where(AddressRow.url == urls[0]).values(last_outcome="quarantined")
        )
    assert [(one.url, one.kept) for one in unfinished(engine, TODAY - DAY, TODAY)] == [(urls[0], True)]
    assert [row.counts for row in coverage_rows(engine, TODAY - DAY, TODAY)] == [{"stored": 3}]
    assert coverage_report(engine, TODAY - 2 * DAY, TODAY, TODAY).gaps == ()


def test_listed_is_the_sum_of_its_row(engine: Engine) -> None:
    seeded(engine)
    rows = coverage_rows(engine, TODAY - 9 * DAY, TODAY)
    assert [(row.day, row.section, row.listed) for row in rows] == [
        (TODAY - 4 * DAY, "경제", 5),
        (TODAY - 2 * DAY, "경제", 3),
        (TODAY - 2 * DAY, "정치", 2),
    ]
    for row in rows:
        assert row.listed == sum(row.counts.values())
    assert rows[2].counts == {"failed": 1, "pending": 1}
    for shown in section_rows(engine, TODAY - 9 * DAY, TODAY):
        assert shown[3] == sum(shown[4:])
        assert len(shown) == 4 + len(OUTCOMES)


def test_the_report_reads_what_the_view_shows(engine: Engine) -> None:
    seeded(engine)
    late = datetime(2026, 11, 20, 0, 0, tzinfo=SEOUL)
    add_articles(engine, add_run(engine, late, source="fnnews"), late, 2, title=False)
    columns = ", ".join(("source", "day", "section", "listed", *OUTCOMES))
    with engine.connect() as connection:
        view = connection.execute(text(f"SELECT {columns} FROM coverage"))
        shown = sorted(tuple(row) for row in view if row.day >= "2026-11-20")
    assert len(shown) == 2
    assert sorted(section_rows(engine, date(2026, 11, 20), TODAY)) == shown


def test_a_day_is_a_day_in_seoul(engine: Engine) -> None:
    late = datetime(2026, 11, 20, 23, 59, tzinfo=SEOUL)
    add_articles(engine, add_run(engine, late), late, 1)
    assert [row.day for row in coverage_rows(engine, TODAY - 9 * DAY, TODAY)] == [date(2026, 11, 20)]


def test_the_report_names_every_lacking_day(engine: Engine) -> None:
    seeded(engine)
    planned = [PlannedSlot(due_at=noon(TODAY - 3 * DAY), origin="cron x", state=SlotState.ASLEEP, reason="x")]
    planned.append(PlannedSlot(due_at=noon(TODAY - 2 * DAY), origin="cron x"))
    write_plan(engine, "daum", "latest", planned, noon(TODAY))
    report = coverage_report(engine, TODAY - 30 * DAY, TODAY, TODAY)
    assert [one.day for one in report.days] == [TODAY - n * DAY for n in (4, 3, 2, 1, 0)]
    assert [row[:3] for row in gap_rows(report)] == [
        ("2026-11-21", "daum", "nothing listed: no run on that day"),
        ("2026-11-20", "daum", "1 pending; 1 failed"),
        ("2026-11-19", "daum", "nothing listed: no run on that day; 1 slot asleep"),
    ]


def test_filling_asks_for_the_open_addresses_of_open_days_alone(engine: Engine) -> None:
    seeded(engine)
    add_list(engine, add_run(engine, noon(TODAY)), ["https://v.daum.net/v/c"], noon(TODAY), outcome=None)
    report = coverage_report(engine, TODAY - 30 * DAY, TODAY, TODAY)
    (order,) = fill_orders(engine, report.gaps)
    assert sorted(order.urls) == ["https://v.daum.net/v/a", "https://v.daum.net/v/b"]
    assert order.days == {TODAY - DAY, TODAY - 3 * DAY}
    assert str(order) == "daum: the lists of 2 days and 2 known addresses"


def test_filling_asks_no_real_site_without_a_contact(engine: Engine, tmp_path: Path) -> None:
    seeded(engine)
    settings = Configuration(
        dir=tmp_path, database_url=engine.url.render_as_string(hide_password=False), contact=None, origin=""
    )
    days = (TODAY - 30 * DAY, TODAY, TODAY)
    with pytest.raises(WrongSetting, match="NEWSARCHIVE_CONTACT"):
        fill_gaps(settings, coverage_report(engine, *days), *days)


def test_named_addresses_of_another_site_promise_no_days(engine: Engine) -> None:
    add_run(engine, noon(TODAY - 5 * DAY), source="generic", mode="fetch")
    add_run(engine, noon(TODAY - 5 * DAY), mode="fetch")
    assert coverage_report(engine, TODAY - 9 * DAY, TODAY, TODAY).gaps == ()


def test_a_backfill_shows_where_the_sources_memory_ends(engine: Engine) -> None:
    assert memory_of(engine, "daum") is None
    at = noon(TODAY)
    run = add_run(engine, at, mode="backfill", settings={"since": "2026-11-01", "until": "2026-11-20"})
    add_list(engine, run, ["https://v.daum.net/v/1"], noon(TODAY - 6 * DAY))
    add_list(engine, run, ["https://v.daum.net/v/2"], noon(TODAY - 2 * DAY), seed="s2")
    seen = memory_of(engine, "daum")
    assert seen is not None
    assert (seen.oldest, seen.ended, seen.reach) == (TODAY - 6 * DAY, True, 6 * DAY)
    report = coverage_report(engine, TODAY - 30 * DAY, TODAY, TODAY)
    assert list(report.memory_lines()) == [
        f"The lists of daum ended at 2026-11-16, 6 days back (run {run} on 2026-11-22)."
    ]
    assert report.days[0].day == TODAY - 6 * DAY


def search_of(day: date) -> str:
    """The address of Daum's list of one day."""
    daum = all_sources()["daum"]
    return next(seed.url for seed in lists_of_days(daum, [day]) if seed.kind == "channel")


def test_a_backfill_makes_no_gaps_of_days_before_the_archive_began(engine: Engine) -> None:
    """But for the lists that it asked for and got no answer of: those can be asked again."""
    refused, failed = TODAY - 40 * DAY, TODAY - 39 * DAY
    add_run(engine, noon(TODAY - 2 * DAY))
    settings = {"since": refused.isoformat(), "until": (TODAY - DAY).isoformat()}
    for mode in ("backfill", "backfill"):
        run = add_run(engine, noon(TODAY), mode=mode, settings=settings)
        add_list(engine, run, [], noon(TODAY), seed=search_of(refused), visit="blocked")
        add_list(engine, run, [], noon(TODAY), seed=search_of(failed), visit="failed")
    report = coverage_report(engine, TODAY - 90 * DAY, TODAY, TODAY)
    assert [gap.day for gap in report.gaps] == [TODAY - DAY, TODAY - 2 * DAY, failed]
    again = add_run(engine, noon(TODAY), mode="fill")
    add_list(engine, again, [], noon(TODAY), seed=search_of(failed))
    report = coverage_report(engine, TODAY - 90 * DAY, TODAY, TODAY)
    assert [gap.day for gap in report.gaps] == [TODAY - DAY, TODAY - 2 * DAY]


# --- pictures -----------------------------------------------------------------------------------


def drawn() -> tuple[list[LedgerDay], list[Gap]]:
    days = [day(n, 0 if n % 9 == 0 else 50 * (n % 7) + 10) for n in range(100, -1, -1)]
    gaps = [
        gap_of(("nothing listed", None), offset=9),
        gap_of(("<lost> & gone", "too old"), offset=90),
    ]
    return days, gaps


def test_the_svg_holds_every_day_with_its_numbers(tmp_path: Path) -> None:
    days, gaps = drawn()
    write_picture(picture(calendars(days, gaps), days[0].day, TODAY), tmp_path / "a.svg", "svg")
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    titles = {one.text: one for one in root.iter("{http://www.w3.org/2000/svg}title") if one.text}
    assert len(titles) == len(days)
    rects = {
        rect.get("fill"): rect[0].text
        for rect in root.iter("{http://www.w3.org/2000/svg}rect")
        if len(rect) and rect[0].text
    }
    assert "<lost> & gone; cannot be filled: too old" in rects[CANNOT]
    assert "nothing listed" in rects[GAP]
    assert NOTHING in rects


def test_the_png_shows_the_same_colours(tmp_path: Path) -> None:
    days, gaps = drawn()
    write_picture(picture(calendars(days, gaps), days[0].day, TODAY), tmp_path / "a.png", "png")
    with Image.open(tmp_path / "a.png") as image:
        colours = {f"#{r:02x}{g:02x}{b:02x}" for _, (r, g, b) in image.getcolors(10**6) or ()}
    assert {CANNOT, GAP, NOTHING} <= colours


def test_the_terminals_calendar_has_a_column_for_each_week() -> None:
    days, gaps = drawn()
    (calendar,) = calendars(days, gaps)
    lines = [line.plain for line in terminal(calendar)]
    assert lines[0] == f"daum: {sum(one.listed for one in days):,} listed, at most 310 a day"
    assert len(lines) == 9
    signs = "".join(lines[2:])
    assert (signs.count("!"), signs.count("x")) == (1, 1)
    assert "Nov" in lines[1]


def test_a_long_calendar_goes_on_below_where_the_terminal_ends() -> None:
    days = [day(n, 50) for n in range(400, -1, -1)]
    (calendar,) = calendars(days, [])
    lines = [line.plain for line in terminal(calendar, 80)]
    assert len(lines) == 1 + 2 * 8
    assert max(map(len, lines)) <= 80
    assert sum(line.count("█") for line in lines) == len(days)
    assert "".join(lines[1].split()) == "NovDecJan'26FebMarAprMayJun"


def test_days_that_lack_something_differ_in_more_than_colour(tmp_path: Path) -> None:
    days, gaps = drawn()
    write_picture(picture(calendars(days, gaps), days[0].day, TODAY), tmp_path / "a.svg", "svg")
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    signs = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text") if one.get("text-anchor")]
    assert sorted(sign or "" for sign in signs) == ["!", "!", "x", "x"]  # one day and one in the legend
