"""``extract --explain``: every field with its rule, every removal with its rule and text."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from crawler.commands.explain import explain
from crawler.commands.pages import print_explanation
from crawler.quality.corpus import Example, own_examples
from crawler.stages import read_page
from storage.records import Article
from tests.quality.saved import ARTICLES, ROOT, name_of


def shown(article: Article) -> str:
    out = io.StringIO()
    Console(file=out, width=40).print(explain(article), soft_wrap=True)
    return out.getvalue()


@pytest.mark.parametrize("example", ARTICLES, ids=name_of)
def test_everything_is_shown_with_its_rule(example: Example) -> None:
    article = read_page(example.page, example.source)
    lines = shown(article).splitlines()
    unspaced = {"".join(line.split()) for line in lines}  # a terminal shows a tab as several blanks
    for paragraph in (article.body or "").split("\n"):
        assert "".join(paragraph.split()) in unspaced
    for removal in article.removed:
        assert f"  {removal.rule}: {' / '.join(removal.text.split(chr(10)))}" in lines
    for field, rule in article.rules.items():
        assert any(line.endswith(f"<- {rule}") for line in lines), field
    assert any(line.startswith("title ") and article.title in line for line in lines if article.title)


def test_a_page_that_is_no_article_is_explained_by_its_reason() -> None:
    example = next(e for e in own_examples(ROOT) if e.expected.outcome == "gone")
    article = read_page(example.page, example.source)
    assert f"reason            {article.reason}" in shown(article)
    assert "body              0 paragraphs" in shown(article)


def test_markup_and_control_characters_of_a_page_stay_text() -> None:
    article = replace(
        read_page(ARTICLES[0].page, ARTICLES[0].source), title="[bold]\x1b[31m제목\x9b", body="[red]첫 줄"
    )
    text = shown(article)
    assert "[bold][31m제목" in text
    assert "  [red]첫 줄" in text
    assert "\x1b" not in text


def test_a_pipe_gets_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    article = read_page(ARTICLES[0].page, ARTICLES[0].source)
    print_explanation(article)
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert out == shown(article)
