"""Times of a page's head: which of the printed days is the page's own."""

from __future__ import annotations

import pytest

from crawler.extract.page import Page
from crawler.extract.stamps import Stamps, header_stamps, minute_of
from crawler.normalise.time import parse_instant
from storage.seoul import SEOUL
from tests.extract.pages import document

EVENT = "Teamchef Meier hat die Mannschaft für die Qualifikation am 5. März 2026 in der Stadthalle benannt"


@pytest.mark.parametrize(
    ("lines", "published"),
    [
        (["Von Lena Ahrend, 5. März 2026"], "5. März 2026"),
        (["Published by the newsroom on March 5, 2026"], "March 5, 2026"),
        ([EVENT], None),
        ([EVENT, "4. März 2026"], "4. März 2026"),
        ([f"{EVENT}, 5. März 2026, 12:30 Uhr"], "5. März 2026, 12:30 Uhr"),
    ],
)
def test_a_day_in_a_sentence_is_an_events(lines: list[str], published: str | None) -> None:
    assert header_stamps(lines).published == published


@pytest.mark.parametrize(
    ("lines", "published", "modified"),
    [
        (["등록 24.01.10 14:05"], "2024.01.10 14:05", None),
        (["24.01.10 14:05", "최종 업데이트 24.01.10 15:20"], "2024.01.10 14:05", "2024.01.10 15:20"),
        (["입력 98/01/10 14:05"], "1998/01/10 14:05", None),
        (["입력：2024．01．10　14：05"], "2024.01.10 14:05", None),
        (["발행일 2024-01-11 제12면 | 입력 2024-01-10 14:05"], "2024-01-10 14:05", None),
        (["Updated 24.01.10 14:05"], None, None),
        (["입력", "24.01.10"], None, None),
        (["입력 20240110 14:05"], "20240110 14:05", None),
        (["2024-01-10T05:05:00Z"], "2024-01-10T05:05:00Z", None),
        (["2024-01-10 05:05 (UTC)", "댓글 3"], "2024-01-10 05:05 (UTC)", None),
        (["2024-01-10 14:05:00.000+0900"], "2024-01-10 14:05:00.000+0900", None),
        (["입력 2024.01.10 09:05 (현지시간)"], "2024.01.10 09:05 (현지시간)", None),
        (["2024.01.10 00:05 (뉴욕 현지시간)"], "2024.01.10 00:05 (뉴욕 현지시간)", None),
        (["2024-01-10 14:05-15:00"], "2024-01-10 14:05", None),
        (["公開日 2024年1月10日(水) 午後2時05分"], "2024年1月10日(水) 午後2時05分", None),
        (
            ["2024年01月10日 14:05", "更新 2024年01月10日 15:20"],
            "2024年01月10日 14:05",
            "2024年01月10日 15:20",
        ),
        (["All News 14:05 January 10, 2024"], "14:05 January 10, 2024", None),
    ],
)
def test_times_as_heads_print_them(lines: list[str], published: str | None, modified: str | None) -> None:
    found = header_stamps(lines)
    assert (found.published, found.modified) == (published, modified)


class Plain(Page):
    container_css = ("div",)


@pytest.mark.parametrize(
    ("printed", "first"),
    [("9. Januar 2014", "2013-12-09"), ("9. Januar 2014, 10:30 Uhr", "9. Januar 2014, 10:30 Uhr")],
)
def test_the_day_of_the_address_is_surer_than_any_day_of_the_head(printed: str, first: str) -> None:
    html = f"<html><body><h1>Titel</h1><p>{printed}</p><div>Text des Artikels.</div></body></html>"
    page = Plain(document(html, "https://blog.example/2013/12/09/antipoden/"))
    assert page.published_all()[0].value == first


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("전시 2026.11.20 ~ 2026.12.03", None),
        ("전시 2026.11.20(금) ~ 12.3", None),
        ("접수기간 2026년 11월 20일 ~ 24일", None),
        ("2026-11-20 - 2026-11-26", None),
        ("Bericht 14. - 20. Januar 2026", None),
        ("14-20 January 2026", None),
        ("Woche 31. Dezember 2025 bis 6. Januar 2026", None),
        ("전시 2026.11.20 ~ 2026.12.03 | 2026.11.19 10:20", "2026.11.19 10:20"),
        ("2026.11.20 10:20 ~", "2026.11.20 10:20"),
        ("10:30 - 20. Januar 2026", "20. Januar 2026"),
        ("Ausgabe 5 – 20. Januar 2026", "20. Januar 2026"),
        ("2026-11-20 - 김서윤", "2026-11-20"),
    ],
)
def test_a_span_of_days_is_an_events(line: str, published: str | None) -> None:
    assert header_stamps([line]).published == published


@pytest.mark.parametrize(
    ("link", "published"),
    [
        ('<a href="/12m/">12M – 12. Mai 2026</a>', None),
        ('<li><a href="/w/"><span>Wochenblick 3. Mai 2026</span></a></li>', None),
        ('<a href="/news/7">[2026.11.19] 다리 세 곳 다시 연다</a>', None),
        ('<a href="/2026/11/20/bridge/">2026.11.20</a>', "2026.11.20"),
        ('<a href="/2026/bruecke/" rel="bookmark"><span>20. November 2026</span></a>', "20. November 2026"),
        ('<a href="/2026/bridge/">Friday, November 20, 2026</a>', "November 20, 2026"),
        ('<a href="/2026/bruecke/">Freitag, 20. November 2026</a>', "20. November 2026"),
        ('<a href="/2026/pont/">vendredi 20 novembre 2026</a>', "20 novembre 2026"),
        ('<a href="/2026/bridge/">2026.11.20 (금)</a>', "2026.11.20"),
        ('<a href="/reporter/3">김서윤 기자 2026.11.20 10:20</a>', "2026.11.20 10:20"),
        ('<a href="/news/8">입력 2026.11.20</a>', "2026.11.20"),
        ('<a href="/news/8">[2026.11.18] 다른 소식</a><p>2026.11.20</p>', "2026.11.20"),
    ],
)
def test_a_day_in_a_links_words_is_what_is_linked(link: str, published: str | None) -> None:
    html = f"<html><body><h1>다리를 다시 열다</h1>{link}<div>사람들이 다리를 건넜다.</div></body></html>"
    assert Plain(document(html, "https://news.example/a/1")).header_stamps.published == published


@pytest.mark.parametrize(
    "half", ["", "오전 ", "오후 ", "새벽 ", "아침 ", "낮 ", "저녁 ", "밤 ", "AM ", "PM "]
)
def test_an_hour_is_the_same_in_the_pages_head_and_in_the_archive(half: str) -> None:
    for hour in range(1, 13):
        printed = f"2026.11.20 {half}{hour}:05"
        read = parse_instant(printed)
        at = read.at.astimezone(SEOUL) if read else None
        assert minute_of(printed) == ((at.year, at.month, at.day, at.hour, at.minute) if at else None), (
            printed
        )


def test_of_two_times_the_later_by_the_clock_is_the_change() -> None:
    both = header_stamps(["2026.11.20 저녁 7:30", "2026.11.20 오후 3:10"])
    assert (both.published, both.modified) == ("2026.11.20 오후 3:10", "2026.11.20 저녁 7:30")


def test_the_day_of_the_paper_is_not_that_of_the_article() -> None:
    assert (
        header_stamps(["지면게재일 2026-11-27 (A12면)", "입력 2026.11.26 18:01"]).published
        == "2026.11.26 18:01"
    )


@pytest.mark.parametrize(
    ("lines", "modified"),
    [
        (["입력 2026.11.26. 11:20 | 수정 11:40"], "2026.11.26. 11:40"),
        (["입력 2026-11-26(목) 11:20", "수정 오후 3:05"], "2026-11-26(목) 오후 3:05"),
        (["2026년 11월 26일 11시 20분 (업데이트 13시 5분)"], "2026년 11월 26일 13시 5분"),
        (["입력 2026.11.26 11:20 수정 2026.11.27 09:10"], "2026.11.27 09:10"),
        (["입력 2026.11.26 23:50 | 수정 00:10"], None),
        (["입력 2026.11.26 | 수정 11:40"], None),
        (["입력 2026.11.26 11:20", "수정 3"], None),
        (["수정 11:40"], None),
    ],
)
def test_a_change_of_which_the_clock_alone_is_printed_is_of_that_day(
    lines: list[str], modified: str | None
) -> None:
    assert header_stamps(lines).modified == modified


@pytest.mark.parametrize(
    "other",
    [
        "현재시각 2026.11.28 14:22",
        "접수 마감 2026.12.31 18:00",
        "오늘: 2026.11.28 14:22",
        "행사 일시 2026-12-05 14:00",
    ],
)
def test_a_label_of_another_time_is_no_change_of_the_page(other: str) -> None:
    assert header_stamps([other, "2026.11.20 09:30"]) == Stamps(published="2026.11.20 09:30")
    assert header_stamps([other]) == Stamps()
