"""The edition: size, mix, distinct texts, determinism, truth that agrees with the pages."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import combinations

import pytest

from tests.twin.conftest import ask, decoded, patient, stories
from twin import DEFAULT_NOW, Story, Twin
from twin.korean import particle, settle
from twin.newsroom import containment, shingles


def text_of(story: Story) -> str:
    return " ".join(story.appearances[0].paragraphs)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def visible(page: str) -> str:
    """Everything on the page, without tags, entities and white space."""
    return squeezed(html.unescape(re.sub(r"<[^>]*>", "", page)))


def test_edition_has_the_promised_mix(twin: Twin) -> None:
    truth = twin.truth()
    articles = stories(twin)
    assert len(articles) >= 340
    assert len(truth) >= 360
    assert sum(1 for story in truth if len(story.appearances) == 2) >= 60
    assert len({page.publisher for story in truth for page in story.appearances if page.site == "daum"}) >= 40
    assert sum(1 for story in truth if story.wire_twin) >= 10
    assert len({story.topic for story in truth}) >= 16
    assert sum(1 for story in truth if story.bulletin) >= 8
    templates = Counter(page.template for story in truth for page in story.appearances)
    assert all(
        templates[f"{site}/{year}"] >= 2
        for site, years in (("daum", (2022, 2023, 2026)), ("fnnews", (2021, 2022, 2026)))
        for year in years
    )


def test_pairs_differ_a_little_and_half_of_them_link_to_the_original(twin: Twin) -> None:
    pairs = [story for story in stories(twin) if len(story.appearances) == 2]
    linked = 0
    for story in pairs:
        daum, own = story.on("daum"), story.on("fnnews")
        assert daum is not None
        assert own is not None
        assert daum.publisher == own.publisher == "파이낸셜뉴스"
        assert daum.paragraphs != own.paragraphs
        assert containment(shingles(" ".join(daum.paragraphs)), shingles(" ".join(own.paragraphs))) > 0.85
        assert 0 < (daum.published - own.published).total_seconds() <= 11 * 60
        assert own.signature is not None
        assert daum.signature is None
        linked += daum.original_url == own.url
    assert 0.4 <= linked / len(pairs) <= 0.6


def test_no_two_stories_are_near_duplicates(twin: Twin) -> None:
    """Shared five-character shingles of the smaller text: below 0.3 for any two different stories."""
    plain = [story for story in stories(twin) if not story.bulletin]
    sets = {story.story_id: shingles(text_of(story)) for story in plain}
    worst = max(
        (containment(sets[one.story_id], sets[other.story_id]), one.story_id, other.story_id)
        for one, other in combinations(plain, 2)
        if one.wire_twin != other.story_id
    )
    assert worst[0] < 0.3, worst


def test_bulletins_are_alike_and_yet_different(twin: Twin) -> None:
    bulletins = [story for story in stories(twin) if story.bulletin]
    assert len({text_of(story) for story in bulletins}) == len(bulletins)
    weather = [story for story in bulletins if story.topic == "bulletin-weather"]
    assert containment(shingles(text_of(weather[0])), shingles(text_of(weather[1]))) > 0.3


def test_bodies_have_the_length_of_news(twin: Twin) -> None:
    for story in stories(twin):
        if not story.bulletin:
            length = len("\n".join(story.appearances[0].paragraphs))
            assert 350 <= length <= 1500, (story.story_id, length)


def test_no_grammar_mark_reaches_the_text(twin: Twin) -> None:
    for story in twin.truth():
        for page in story.appearances:
            everything = " ".join([page.title, page.subtitle or "", *page.paragraphs])
            assert not re.search(r"[{}^]", everything), everything


def test_ids_and_addresses_are_unique(twin: Twin) -> None:
    addresses = Counter(url for story in twin.truth() for page in story.appearances for url in page.addresses)
    assert [url for url, count in addresses.items() if count > 1] == []
    for story in twin.truth():
        for page in story.appearances:
            assert re.fullmatch(r"\d{17}" if page.site == "daum" else r"\d{18}", page.site_id)
            assert page.published <= twin.now


def test_same_seed_same_bytes() -> None:
    one, other = Twin(articles=80, seed=5), Twin(articles=80, seed=5)
    with one, other:
        for story in one.truth():
            for page in story.appearances:
                if not story.faults:
                    assert ask(one, page.url).body == ask(other, page.url).body
        home = "https://news.daum.net/home"
        assert ask(one, home).body == ask(other, home).body
    third = Twin(articles=80, seed=6)
    assert [story.appearances[0].title for story in third.truth()] != [
        story.appearances[0].title for story in one.truth()
    ]


def test_another_process_makes_the_same_edition() -> None:
    """Nothing depends on the order of a set: Python's hash seed changes nothing."""
    code = (
        "import hashlib; from twin import Twin; twin = Twin(articles=60);"
        "print(hashlib.sha256(repr(twin.truth()).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_truth_agrees_with_every_page(twin: Twin) -> None:
    """Title, every paragraph, byline line, notice and signature stand on the page; gone pages say so."""
    for story in twin.truth():
        for page in story.appearances:
            answer = patient(twin, page.url)
            if story.kind == "gone":
                assert answer.status == page.gone
                continue
            assert answer.status == 200, page.url
            text = visible(decoded(answer))
            expected = [page.title, *page.paragraphs, page.byline_line or "", page.signature or ""]
            if page.notice:
                expected.append(page.notice)
            for line in expected:
                # in a table nothing stands where the truth puts a bar between the cells
                assert squeezed(line) in text or squeezed(line.replace(" | ", "")) in text, (page.url, line)
            for picture in page.pictures:
                assert squeezed(picture.line) in text


def test_times_stand_on_the_page_in_the_templates_form(twin: Twin) -> None:
    for story in stories(twin):
        for page in story.appearances:
            text = decoded(patient(twin, page.url))
            when = page.published
            if page.site == "fnnews":
                assert f"{when:%Y.%m.%d %H:%M}" in text
            else:
                assert f'content="{when:%Y%m%d%H%M%S}"' in text
                printed = (
                    f"{when:%Y. %m. %d. %H:%M}"
                    if page.template == "daum/2022"
                    else f"{when.year}. {when.month}. {when.day}. {when:%H:%M}"
                )
                assert printed in text
            if page.modified:
                assert "수정" in text


def test_every_house_style_is_met(twin: Twin) -> None:
    lines = {page.byline_line for story in stories(twin) for page in story.appearances}
    shapes = {re.sub(r"[가-힣]{2,4}", "가", line or "") for line in lines}
    assert None in lines
    assert len(shapes) >= 12, sorted(shapes)
    signatures = " ".join(page.signature or "" for story in stories(twin) for page in story.appearances)
    for form in ("글·사진", "선임기자", "특파원", "인턴기자", "☞공감언론", "@fnnews.com", "칼럼니스트"):
        assert form in signatures


@pytest.mark.parametrize(
    ("before", "pair", "expected"),
    [
        ("시장", "은", "은"),
        ("회사", "은", "는"),
        ("서울", "으로", "로"),
        ("부산", "으로", "으로"),
        ("제주", "으로", "로"),
        ("3.5%", "이", "가"),
        ("10", "을", "을"),
        ("12", "을", "를"),
        ("7", "으로", "로"),
        ("'늦은 정거장'", "이", "이"),
        ("ETF", "은", "는"),
    ],
)
def test_particles_follow_the_final_consonant(before: str, pair: str, expected: str) -> None:
    assert particle(before, pair) == expected


def test_settle_replaces_marks() -> None:
    assert settle("의회^이 법안^을 부산^으로 보냈다") == "의회가 법안을 부산으로 보냈다"


def test_default_clock() -> None:
    assert Twin(articles=60).now == DEFAULT_NOW
