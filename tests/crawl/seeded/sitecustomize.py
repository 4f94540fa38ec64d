"""Gives every Python process that has this folder on its path another reader: SEEDED_READER=wrong or mended.

``wrong``: the reader of today with a bug, which takes related headlines into the body and finds no notice.
``mended``: the next reader, without it.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any


def seed_wrong_reader() -> None:
    from lxml.html import fromstring

    from crawler import stages

    extract = stages.extract_page

    def wrong(page: Any, source: Any) -> Any:
        found = extract(page, source)
        if not found.paragraphs:
            return found
        blocks = fromstring(page.body).cssselect(".list_relate a, .article-list a, .ad_wrap p")
        headlines = [" ".join(block.text_content().split()) for block in blocks]
        related = tuple(" ".join(headlines) for _ in range(3))  # enough of it, however long the body is
        return replace(found, paragraphs=(*found.paragraphs, *related), notices=())

    stages.extract_page = wrong


def seed_next_reader() -> None:
    from crawler import reader

    reader.READER += 1


if os.environ.get("SEEDED_READER") == "wrong":
    seed_wrong_reader()
elif os.environ.get("SEEDED_READER") == "mended":
    seed_next_reader()
