"""Times of a page's head: which of the printed days is the page's own."""

from __future__ import annotations

import pytest

from crawler.extract.page import Page
from crawler.extract.stamps import header_stamps
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
