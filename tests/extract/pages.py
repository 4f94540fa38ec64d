"""Small pages for the tests, and the way to the shared real ones."""

from __future__ import annotations

import pytest

from crawler.charset import decode
from crawler.extract import extract_page
from crawler.extract.document import Document
from crawler.normalise.article import normalise
from crawler.sources.base import Source
from storage.records import Article, CapturedPage
from storage.records.extraction import Extraction
from tests.places import SHARED

"""Other people's pages: read where they are, never copied into the repository."""

DAUM_URL = "https://v.daum.net/v/20231101070012345"
SENTENCE = "시는 내년 봄까지 공사를 마칠 계획이라고 1일 밝혔다."


def shared(name: str) -> bytes:
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"the shared page {name} is not here")
    return path.read_bytes()


def page(html: str | bytes, url: str = DAUM_URL, content_type: str | None = None) -> CapturedPage:
    return CapturedPage(
        url=url, body=html.encode() if isinstance(html, str) else html, content_type=content_type
    )


def document(html: str | bytes, url: str = DAUM_URL) -> Document:
    captured = page(html, url)
    return Document(captured, decode(captured.body, None))


def extraction(html: str | bytes, source: Source | None, url: str = DAUM_URL) -> Extraction:
    return extract_page(page(html, url), source)


def article(html: str | bytes, source: Source | None, url: str = DAUM_URL) -> Article:
    captured = page(html, url)
    return normalise(extract_page(captured, source), captured, source)


def daum_page(body: str, *, around: str = "", head: str = "") -> str:
    """A page of the 2023 template with ``body`` in its section and ``around`` after the article."""
    return (
        f'<html><head><meta charset="utf-8"><meta property="og:title" content="제목">{head}</head><body>'
        '<div class="head_view"><h3 class="tit_view">제목</h3></div>'
        '<div class="news_view" data-cloud="article_body">'
        '<div class="article_view" data-tiara-layer="article_body">'
        f'<section dmcf-sid="a1">{body}</section></div>{around}</div></body></html>'
    )
