"""Edits of real Korean texts: each is found again, and no two different ones meet.

The pages are other people's and are not in the repository; without them the test is skipped.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from itertools import combinations

import pytest

from crawler.deduplicate.fingerprint import fingerprint
from crawler.deduplicate.match import decide
from crawler.deduplicate.shingle import without_frame
from crawler.extract import extract_page
from crawler.normalise.article import normalise
from crawler.sources import source_of
from storage.records import CapturedPage, PageKind
from tests.places import SHARED
from tests.quality.pairs.labelled import page
from tests.quality.pairs.score import candidate, link_of

PAGES = SHARED
FOLDERS = ("daum_bodies", "daum_raw", "fundus", "aeb", "goose3")
LEAST = 300
"""Letters and more: shorter texts are flash news, in which a changed word is another message."""

Edit = Callable[[random.Random, str], str]


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Headline and body of every saved page that is an article."""
    found = []
    for file in sorted(path for folder in FOLDERS for path in (PAGES / folder).glob("*.html")):
        url = (
            f"https://v.daum.net/v/{file.stem}"
            if "daum" in file.parent.name
            else f"https://{file.stem}.example/"
        )
        saved = CapturedPage(url=url, body=file.read_bytes())
        article = normalise(extract_page(saved, source_of(url)), saved, source_of(url))
        if article.kind is PageKind.ARTICLE and article.title and len(article.body or "") >= LEAST:
            found.append((article.title, article.body or ""))
    return tuple(found)


@pytest.fixture(autouse=True)
def pages_are_there() -> None:
    if not PAGES.is_dir():
        pytest.skip("the saved pages are not in the repository")


def light(share: float) -> Edit:
    def edit(rng: random.Random, text: str) -> str:
        words = text.split(" ")
        for at, word in enumerate(words):
            if rng.random() >= share:
                continue
            words[at] = rng.choice(
                (rng.choice(words), word[:-1] + rng.choice("은는이가을를도에"), "", f"{word} 특히")
            )
        return " ".join(word for word in words if word)

    return edit


def without_a_sentence(rng: random.Random, text: str) -> str:
    sentences = re.split(r"(?<=다\.)\s+", text)
    if len(sentences) > 8:
        sentences.pop(rng.randrange(1, len(sentences)))
    return "\n".join(sentences)


EDITS: dict[str, Edit] = {
    "untouched": lambda _rng, text: text,
    "two words in a hundred": light(0.02),
    "four words in a hundred": light(0.04),
    "a sentence less": without_a_sentence,
    "a signature": lambda _rng, text: f"{text}\n홍길동 기자 hong@example.com",
    "a signature in the last line": lambda _rng, text: f"{text} 홍길동기자 hong@example.com",
    "a notice": lambda _rng, text: f"{text}\n<저작권자 ⓒ 아무신문, 무단전재-재배포 금지>",
    "no lead-in": lambda _rng, text: without_frame(text),
    "another lead-in": lambda _rng, text: f"[서울=아무신문] 홍길동 기자 = {without_frame(text)}",
    "one paragraph": lambda _rng, text: text.replace("\n", " "),
    "other quotes": lambda _rng, text: text.translate(str.maketrans("“”‘’·", "\"\"''ㆍ")).replace("…", "..."),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_copy_is_found_under_the_same_and_another_headline(name: str) -> None:
    rng = random.Random(name)
    found = []
    for title, body in texts():
        for shown in (title, f"{rng.randrange(1000)}번째로 고친 제목"):
            apart = rng.randint(0, 60)
            copy = page(shown, EDITS[name](rng, body), site="daum", minutes=apart)
            found.append(decide(copy, [candidate(page(title, body))]) is not None)
    assert sum(found) / len(found) >= 0.98, f"{sum(found)} of {len(found)}"


def test_different_articles_are_neither_joined_nor_linked() -> None:
    assert len(texts()) >= 40
    for (title, body), (other, other_body) in combinations(texts(), 2):
        one, two = page(title, body), page(other, other_body, site="daum", minutes=5)
        assert decide(two, [candidate(one)]) is None, (title, other)
        assert link_of(one, two) is None, (title, other)


@pytest.mark.parametrize("name", EDITS)
def test_the_keys_lead_to_every_edited_copy(name: str) -> None:
    rng = random.Random(name)
    for title, body in texts():
        ours, theirs = fingerprint(body), fingerprint(EDITS[name](rng, body))
        assert set(ours.keys) & set(theirs.keys), title


def test_the_time_apart_is_bounded() -> None:
    title, body = texts()[0]
    copy = page(title, body, site="daum", minutes=timedelta(days=4).total_seconds() / 60)
    assert decide(copy, [candidate(page(title, body))]) is None
