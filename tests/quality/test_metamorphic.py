"""What the world does to a page without changing its article changes nothing that is read of it, and what
changes the article is seen: over our own pages, and over other people's where they are."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from crawler.normalise.article_json import as_json
from crawler.quality.corpus import Example, shared_examples, shared_pages
from crawler.stages import read_page
from storage.records import PageKind
from tests.quality.saved import ARTICLES, ROOT, WITH_BODY, name_of, read_text, text_of

Change = Callable[[str], str]
RAW = re.compile(r"(<script\b.*?</script\s*>|<style\b.*?</style\s*>|<!--.*?-->)", re.DOTALL | re.IGNORECASE)
TAG = re.compile(
    r"<([a-zA-Z][\w-]*)((?:\s+[^\s=<>\"'/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))?)*)\s*>"
)
ATTRIBUTE = re.compile(r"[^\s=<>\"'/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))?")
META = re.compile(r"<meta\b[^>]*>", re.IGNORECASE)
BLOCK_END = re.compile(r"(</(?:p|div|section|article|header|footer|ul|li|h[1-6]|figure|table|tr|td)>)")
TEASER = (
    '<article class="card-x1"><h2><a href="/z/1">강변 도서관이 새로 문을 열었다</a></h2><p>책 10만 권이 새로 '
    '들어왔다.</p><span>나가람 기자</span><time datetime="2020-01-01T01:01:01+09:00">2020.01.01 01:01</time>'
    "</article>"
)
TEMPLATE = '<template id="tp-1"><h1>틀에 든 제목</h1><p>틀 안에만 있는 문단이다. 나가람 기자</p></template>'
SCRIPT = (
    '<script>var t = "<h1>글의 제목</h1><p>나가람 기자 na@gasang.example 2020.01.01 01:01</p>";</script>'
    '<style>.x:before { content: "<p>나가람 기자</p>" }</style>'
)


def outside(text: str, change: Change) -> str:
    """The text, changed but in scripts, styles and comments."""
    return "".join(part if i % 2 else change(part) for i, part in enumerate(RAW.split(text)))


def each_tag(change: Callable[[str, list[str]], str]) -> Change:
    return lambda text: outside(text, lambda p: TAG.sub(lambda m: change(m[1], ATTRIBUTE.findall(m[2])), p))


def tag(name: str, attributes: list[str]) -> str:
    return f"<{' '.join([name, *attributes])}>"


def classed(name: str, attributes: list[str]) -> str:
    kept = [re.sub(r"^class\s*=\s*([\"'])", r"class=\1", a) for a in attributes]
    return tag(
        name, [f"{a[:-1]} css-1ab3{a[-1]}" if a.startswith(('class="', "class='")) else a for a in kept]
    )


def metas_first(content: str) -> Change:
    """Every meta element once more in front of the first, with another content."""

    def change(text: str) -> str:
        metas = [m[0] for m in META.finditer(text) if "content=" in m[0] and "charset" not in m[0].lower()]
        empty = (re.sub(r"content\s*=\s*(\"[^\"]*\"|'[^']*')", f'content="{content}"', m) for m in metas)
        return re.sub(r"(?=<meta\b)", lambda _: "".join(empty), text, count=1)

    return change


def into_body(markup: str, *, at_end: bool = False) -> Change:
    """At the top or at the end of the page."""
    if at_end:
        return lambda text: re.sub(r"(?=</body>)", lambda _: markup, text, count=1)
    return lambda text: re.sub(r"<body[^>]*>", lambda m: m[0] + markup, text, count=1)


SAME: dict[str, Change] = {
    "attributes in another order": each_tag(lambda name, a: tag(name, a[::-1])),
    "attributes of frameworks": each_tag(lambda name, a: tag(name, [*a, "data-v-7ba5", 'data-ga="1"'])),
    "upper-case tags": lambda text: outside(
        text, lambda p: re.sub(r"(</?)([a-zA-Z][\w-]*)", lambda m: m[1] + m[2].upper(), p)
    ),
    "one more class": each_tag(classed),
    "white space": lambda text: outside(text, lambda p: re.sub(r">\s*\n\s*<", ">\r\n\t <", p)),
    "comments": lambda text: outside(
        text, lambda p: BLOCK_END.sub(r"\1<!-- <p>나가람 기자</p> 2020.01.01 01:01 -->", p)
    ),
    "numeric references": lambda text: outside(
        text, lambda p: re.sub("[가-힣]", lambda m: f"&#{ord(m[0])};", p)
    ),
    "decomposed letters": lambda text: unicodedata.normalize("NFD", text),
    "a byte order mark": lambda text: f"\ufeff{text}",
    "void elements closed": lambda text: outside(
        text, lambda p: re.sub(r"<(br|img|meta|link)\b([^>]*?)/?>", r"<\1\2 />", p)
    ),
    "no closing of paragraphs": lambda text: outside(text, lambda p: re.sub(r"</p>\s*(?=<p\b)", "", p)),
    "empty metas first": metas_first(""),
    "metas of a failed template first": metas_first("undefined"),
    "a teaser above": into_body(TEASER),
    "a teaser below": into_body(TEASER, at_end=True),
    "a template above": into_body(TEMPLATE),
    "a template below": into_body(TEMPLATE, at_end=True),
    "scripts and styles above": into_body(SCRIPT),
}
SPREAD = ("one more class", "comments", "empty metas first", "a teaser above", "a template above")
"""Those that are asked of other people's pages, of which there are many."""


OFFER = (
    '<div class="nl-5"><strong>아침 편지</strong><p>주소를 넣으면 보내 드립니다.</p><form>'
    '<input type="email"><button>구독하기</button></form></div>'
)
LINKS = (
    '<div class="pz-3"><h4>다른 글</h4><ul><li><a href="/a/1">눈길</a></li><li><a href="/a/2">새 버스</a>'
    "</li></ul></div>"
)
BETWEEN = re.compile(r"(?<=</p>)(?=\s*<p[ >])")


def folded(said: Any) -> Any:
    """Compatibility and decomposed forms as one: a title is kept as it is printed."""
    if isinstance(said, str):
        return unicodedata.normalize("NFC", said)
    if isinstance(said, list):
        return [folded(one) for one in said]
    return {key: folded(one) for key, one in said.items()} if isinstance(said, dict) else said


def difference(example: Example, before: str, after: str) -> dict[str, tuple[Any, Any]]:
    was, now = (folded(as_json(read_text(example, text))) for text in (before, after))
    return {key: (was[key], now[key]) for key in was if was[key] != now.get(key)}


@pytest.mark.parametrize("change", SAME)
def test_the_article_is_the_same_whatever_is_done_around_it(change: str) -> None:
    for example in ARTICLES:
        text = text_of(example)
        changed = SAME[change](text)
        found = difference(example, text, changed)
        found.pop("original_url", None)  # which words offer it is not asked of decomposed letters
        assert found == {}, example.name


@pytest.mark.parametrize("change", SPREAD)
def test_other_peoples_articles_are_the_same_too(change: str) -> None:
    if shared_pages(ROOT) is None:
        pytest.skip("the shared pages are not here")
    headed = [e for e in shared_examples(ROOT) if e.expected.outcome == "article" and "_raw" in e.name]
    for example in headed:
        text = text_of(example)
        assert difference(example, text, SAME[change](text)) == {}, example.name
    assert headed


@pytest.mark.parametrize("inserted", [OFFER, LINKS], ids=["an offer", "other stories"])
def test_a_box_of_a_new_name_between_paragraphs_is_none_of_the_text(inserted: str) -> None:
    known = [e for e in WITH_BODY if e.source and BETWEEN.search(text_of(e))]
    for example in known:
        text = text_of(example)
        for place in list(BETWEEN.finditer(text))[:2]:
            changed = text[: place.start()] + inserted + text[place.start() :]
            found = difference(example, text, changed)
            found.pop("summary", None)  # the portal's own paragraphs are paragraphs too
            assert found == {}, example.name
    assert len(known) > 5


@pytest.mark.parametrize("example", WITH_BODY, ids=name_of)
def test_no_meta_is_needed_so_much_that_another_field_stands_in(example: Example) -> None:
    """Each taken away alone: a field is the same, less exact, or unknown."""
    text = text_of(example)
    was = as_json(read_text(example, text))
    for meta in META.finditer(text):
        now = as_json(read_text(example, text[: meta.start()] + text[meta.end() :]))
        for key in ("outcome", "title", "body", "publisher", "bylines", "copyright_notice"):
            assert now[key] in (was[key], None, []), (meta[0], key)
        for key in ("published_at", "modified_at"):
            assert now[key] is None or was[key][:16] == now[key][:16], (meta[0], key)


def replaced(text: str, old: str, new: str) -> str:
    """In the markup and, escaped, in the data of scripts."""
    return text.replace(old, new).replace(json.dumps(old)[1:-1], json.dumps(new)[1:-1])


@pytest.mark.parametrize("example", WITH_BODY, ids=name_of)
def test_a_changed_sentence_and_another_name_are_seen(example: Example) -> None:
    text = text_of(example)
    was = read_page(example.page, example.source)
    lines = [line for line in (was.body or "").split("\n") if text.count(line) == 1]
    for line in lines:
        new = "강변 체육관은 다음 달 다시 문을 연다."
        now = read_text(example, replaced(text, line, new))
        assert now.body == (was.body or "").replace(line, new)
    for person in was.bylines:
        if person.name is not None and re.fullmatch("[가-힣]{3}", person.name) and person.name in text:
            now = read_text(example, replaced(text, person.name, "조하람"))
            assert [p.name for p in now.bylines] == [
                "조하람" if p.name == person.name else p.name for p in was.bylines
            ]


@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_a_page_that_is_cut_is_whole_or_no_article(share: float) -> None:
    for example in WITH_BODY:
        whole = text_of(example)
        was, now = (read_text(example, text) for text in (whole, whole[: int(len(whole) * share)]))
        if now.kind is PageKind.ARTICLE and now.extractor == was.extractor:  # else it is quarantined
            assert now.body == was.body, example.name
