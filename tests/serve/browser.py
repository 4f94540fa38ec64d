"""A real browser, where there is one; ``python -m tests.serve.browser`` draws the pictures of docs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from storage.database.opening import open_database
from storage.database.upgrading import upgrade
from tests.places import ROOT
from tests.serve.room import opened
from tests.storage.query.newsroom import fill

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PICTURES = ROOT / "docs" / "pictures"
SHOWN = {
    "search": "/?q=%EC%9D%80%ED%96%89",
    "article": "/article/1",
    "diff": "/revision/39",
    "coverage": "/coverage?since=2026-09-20&until=2026-09-28",
}


def executable() -> str | None:
    """Chromium as the system has it; None: there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Its own sandbox needs a user who is not root; the only pages it opens are ours.
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        yield browser
        browser.close()


def draw() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'archive.db'}"
        upgrade(url)
        engine = open_database(url)
        fill(engine)
        engine.dispose()
        PICTURES.mkdir(exist_ok=True)
        with opened(url) as room, chromium() as browser:
            for name, path in SHOWN.items():
                page = browser.new_page(viewport={"width": 800, "height": 900}, locale="ko-KR")
                page.goto(f"http://127.0.0.1:{room.port}{path}")
                taken = Image.open(BytesIO(page.screenshot(full_page=True)))
                taken.convert("RGB").quantize(32).save(PICTURES / f"serve-{name}.png", optimize=True)


if __name__ == "__main__":
    draw()
