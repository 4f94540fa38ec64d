"""The reading room in a real browser: nothing from elsewhere, by keyboard, without scripts, on a phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from sqlalchemy import text

from storage.database.opening import open_database
from tests.serve.browser import chromium, executable
from tests.serve.room import Open, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.proof,
    pytest.mark.skipif(executable() is None, reason="no chromium: apt-get install chromium"),
]
PATHS = (
    *(
        "/",
        f"/?q={quote('은행')}",
        "/article/1",
        "/revision/39",
        "/reporter/1",
        "/changes",
        "/runs",
        "/run/1",
    ),
    *("/coverage?since=2026-09-20&until=2026-09-28", "/quarantine", "/archive", "/archive/articles"),
    *(
        "/archive?sql=select+1",
        "/archive/articles?_facet=publisher",
        "/archive/words",
        "/nothing",
        "/archive/article/1",
    ),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def room(sqlite_week: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    path = tmp_path_factory.mktemp("browser") / "archive.db"
    shutil.copy(sqlite_week, path)
    engine = open_database(f"sqlite:///{path}")
    with engine.begin() as connection:
        hostile = (
            "<script>document.title = 'taken'</script><img src=//elsewhere.example/x.png onerror=alert(1)>"
        )
        connection.execute(
            text("UPDATE article SET title = :it, subtitle = :it WHERE id = 2"), {"it": hostile}
        )
    engine.dispose()
    with opened(f"sqlite:///{path}") as one:
        yield one


def here(room: Open) -> str:
    return f"http://127.0.0.1:{room.port}"


def test_nothing_is_asked_elsewhere_and_nothing_is_complained_of(browser: Browser, room: Open) -> None:
    page = browser.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    page.on("request", lambda request: asked.append(request.url))
    for path in (*PATHS, "/article/2", "/archive/articles?article_id=2"):
        page.goto(here(room) + path)
        assert page.title() != "taken"
    assert all(url.startswith((here(room), "data:")) for url in asked)
    assert [one for one in said if "404" not in one] == []
    page.close()


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_is_wider_than_the_screen(browser: Browser, room: Open, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 640})
    for path in (path for path in PATHS if not path.startswith("/archive")):
        page.goto(here(room) + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.close()


def test_by_keyboard_alone(browser: Browser, room: Open) -> None:
    page = browser.new_page()
    page.goto(here(room))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    page.keyboard.type("은행")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    assert page.locator("ol.hits li").count() == 5
    for _ in range(40):
        page.keyboard.press("Tab")
        if "/article/" in (page.evaluate("document.activeElement.getAttribute('href')") or ""):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/*")
    page.close()


def test_without_scripts(browser: Browser, room: Open) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(here(room))
    page.fill("#q", "은행")
    page.click("button")
    page.click("ol.hits li a")
    assert "한빛은행" in page.locator("h1").inner_text()
    assert page.locator("#citation").input_value()
    page.goto(here(room) + "/archive?sql=select+1")
    page.fill("textarea", "select count(*) as n from articles")
    page.click("input[type=submit]")
    assert page.locator("table td").first.inner_text().strip().isdigit()
    context.close()


def test_a_citation_is_copied(browser: Browser, room: Open) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(here(room) + "/article/1")
    page.click("#citation + button")
    page.wait_for_function("document.querySelector('#citation + button').textContent !== '복사'")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#citation").input_value()
    context.close()


def test_letters_can_be_told_from_the_paper(browser: Browser, room: Open) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1, in light and in dark."""
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
        for path in ("/article/1", "/revision/39", "/runs", "/coverage?since=2026-09-20&until=2026-09-28"):
            page.goto(here(room) + path)
            assert _worst(page) >= 4.5, (scheme, path)
        page.close()


def _worst(page: Page) -> float:
    return float(page.evaluate(_CONTRAST))


_CONTRAST = """() => {
  const channels = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = (colour) => {
    const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = channels(colour).map((c) => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor, parts = channels(colour);
      if (parts.length === 3 || parts[3] > 0) return colour;
    }
    return "rgb(255,255,255)";
  };
  let worst = 21;
  for (const element of document.querySelectorAll("main *, nav *, footer *")) {
    if (![...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    const [a, b] = [light(getComputedStyle(element).color), light(paper(element))].sort((x, y) => y - x);
    worst = Math.min(worst, (a + 0.05) / (b + 0.05));
  }
  return worst;
}"""
