"""Real bodies in every Daum template: the frame around a body changes nothing in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from crawler.quality.corpus import Example, own_examples, shared_examples, shared_group, shared_pages
from crawler.stages import read_page
from storage.records import CapturedPage
from tests.quality.saved import ROOT, text_of

SECTION = re.compile(r"<section dmcf-sid=.*?</section>", re.DOTALL)
FRAMES = tuple(
    e for e in own_examples(ROOT) if e.source == "daum" and e.expected.tokens and SECTION.search(text_of(e))
)


def bodies() -> Iterator[tuple[Example, str]]:
    """The shared Daum bodies, each with the markup of its last section."""
    for example in shared_examples(ROOT):
        found = SECTION.findall(example.page.body.decode("utf-8", "replace"))
        if example.group == shared_group("daum") and found:
            # The shell of the shared bodies opens an outer section before the article's own.
            yield example, found[-1][found[-1].rindex("<section dmcf-sid=") :]


@pytest.mark.parametrize("frame", FRAMES, ids=lambda e: e.name)
def test_a_real_body_is_the_same_in_every_template(frame: Example) -> None:
    if shared_pages(ROOT) is None:
        pytest.skip("the shared pages are not here")
    text = text_of(frame)
    count = 0
    for count, (example, section) in enumerate(bodies(), start=1):  # noqa: B007
        made = SECTION.sub(lambda _, section=section: section, text, count=1)
        page = CapturedPage(url=frame.page.url, body=made.encode(), content_type="text/html; charset=utf-8")
        article, alone = read_page(page), read_page(example.page)
        assert article.extractor == frame_extractor(frame)
        assert article.body == alone.body, example.name
        signed = {p.email for p in alone.bylines if p.email and p.email in section}
        assert signed <= {p.email for p in article.bylines}, example.name
    assert count >= 35


def frame_extractor(frame: Example) -> str:
    return read_page(frame.page, frame.source).extractor
