"""The project's own saved pages, and ways to change them without changing what they say."""

from __future__ import annotations

import re
from pathlib import Path

from lxml.html import HTMLParser, document_fromstring, tostring

from crawler.quality.corpus import OWN_PAGES, Example, own_examples
from crawler.quality.oracle import likely_encoding
from crawler.stages import read_page
from storage.records import Article, CapturedPage

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = tuple(e for e in own_examples(ROOT) if e.expected.outcome == "article")
WITH_BODY = tuple(e for e in ARTICLES if e.expected.tokens)

__all__ = ["ARTICLES", "OWN_PAGES", "ROOT", "WITH_BODY", "name_of", "read_text", "text_of", "without"]


def name_of(example: Example) -> str:
    return example.name


def text_of(example: Example) -> str:
    """The page as text, declared as UTF-8."""
    text = example.page.body.decode(likely_encoding(example.page.body))
    return re.sub(r"(charset\s*=\s*[\"']?)[\w-]+", r"\1utf-8", text)


def read_text(example: Example, text: str) -> Article:
    """The article of a changed page, sent as UTF-8 from the example's address."""
    page = CapturedPage(url=example.page.url, body=text.encode(), content_type="text/html; charset=utf-8")
    return read_page(page, example.source)


def without(text: str, *selectors: str) -> str:
    """The page less the elements that the selectors name, through one and the same serialiser."""
    tree = document_fromstring(text.encode(), parser=HTMLParser(encoding="utf-8"))
    for css in selectors:
        for element in tree.cssselect(css):
            element.drop_tree()
    return str(tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>"))
