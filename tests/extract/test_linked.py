"""JSON-LD: people and houses that an object names, refers to or writes in parts; times that are numbers."""

from __future__ import annotations

import json

import pytest

from crawler.extract.instants import published_instants
from crawler.extract.page import Page
from tests.extract.pages import document

TITLE = "다리를 다시 열다"
BADA = {"@type": "Person", "@id": "#p7", "name": "이바다", "jobTitle": "기자"}
SOL = {"@type": "Person", "@id": "#p8", "name": "박솔"}


def page(*scripts: object) -> Page:
    found = "".join(f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in scripts)
    return Page(document(f"<html><head>{found}</head><body><h1>{TITLE}</h1></body></html>", "https://a.kr/1"))


def story(**said: object) -> dict[str, object]:
    return {"@type": "NewsArticle", "headline": TITLE} | said


@pytest.mark.parametrize(
    ("scripts", "names"),
    [
        ([{"@graph": [story(author={"@id": "#p7"}), BADA]}], ["이바다 기자"]),
        ([BADA, {"@graph": [SOL, story(author=[{"@id": "#p8"}, {"@id": "#p7"}])]}], ["박솔", "이바다 기자"]),
        ([story(author={"@type": "Person", "@id": "#p8"}), SOL], ["박솔"]),
        ([story(author={"@id": "#p8", "name": "박솔잎"}), SOL], ["박솔잎"]),
        ([story(author={"@id": "#p9"}), SOL, {"@id": "#p9"}], []),
        ([story(author={"@id": ["#p8"]}), SOL], []),
        ([story(author={"@type": "Person", "familyName": "이", "givenName": "바다"})], ["이바다"]),
        ([story(author={"name": {"@value": "이바다", "@language": "ko"}})], ["이바다"]),
        ([story(creator=["이바다"])], ["이바다"]),
        ([story(author={"@type": "Organization", "name": "새벽"}, creator=["이바다"])], ["새벽", "이바다"]),
        ([json.dumps(story(author="이바다"))], ["이바다"]),
        (["{ 이바다"], []),
        ([story(author="박솔", creator="이바다")], ["박솔"]),
        ([story(author={"familyName": "Lee", "givenName": "Bada"})], ["Bada Lee"]),
        ([story(author={"familyName": ["이"], "givenName": None})], []),
    ],
)
def test_people_who_are_referred_to_or_written_in_parts(scripts: list[object], names: list[str]) -> None:
    assert [raw.value for raw in page(*scripts).author_hints()] == names


@pytest.mark.parametrize(
    ("said", "raws"),
    [
        ({"@value": "2026-05-12"}, ["2026-05-12"]),
        (1795479120, ["1795479120"]),
        (1795479120000, ["1795479120000"]),
        (True, []),
        (1e400, []),
        ([7], []),
    ],
)
def test_a_time_may_be_a_number(said: object, raws: list[str]) -> None:
    found = page(story(datePublished=said))
    assert [raw.value for raw in published_instants(found.document)] == raws


OTHER = {"@type": "NewsArticle", "headline": "지난해 이야기", "url": "/view/9", "datePublished": "2025-01-01"}
ENTRY = {"@type": "BlogPosting", "headline": "방금", "datePublished": "2026-11-20T11:59:00+09:00"}


@pytest.mark.parametrize(
    "scripts",
    [
        [{"@type": "LiveBlogPosting", "headline": "다리 소식", "liveBlogUpdate": [ENTRY]}],
        [story(comment=[{"@type": "Comment", "datePublished": "2026-11-21"}])],
        [{"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": OTHER}]}],
        [{"@graph": [OTHER, {"@type": "WebSite"}]}],
        [OTHER, story()],
    ],
)
def test_times_of_entries_comments_and_other_stories_are_not_the_articles(scripts: list[object]) -> None:
    assert list(published_instants(page(*scripts).document)) == []


def test_a_time_that_linked_data_says_elsewhere_is_read() -> None:
    site = {"@type": "WebSite", "hasPart": {"@type": "WebPage", "datePublished": "2026-11-20T09:00:00+09:00"}}
    assert [r.value for r in published_instants(page(site).document)] == ["2026-11-20T09:00:00+09:00"]
