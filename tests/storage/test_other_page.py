"""An address that answers with another article's page, or without the text that is stored."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.archive.partings import part_again
from storage.archive.storing import NotThisPage
from storage.archive.writer import Writer
from storage.records import Article, Outcome
from storage.records.discovery import Discovery
from tests.storage.samples import BODY, FNNEWS, NOON, Desk, daum_article, fnnews_article, minutes

OTHER = FNNEWS[:-1] + "7"
OTHER_BODY = "\n".join(
    (
        "가상군 어항에서 올해 첫 대구 경매가 열렸다. 한 상자 값은 지난해보다 조금 내렸다고 어민들이 전했다.",
        "조합은 이번 철에 위판장을 두 시간 일찍 열고 얼음 40톤을 더 들여놓기로 했다.",
    )
)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    made = Desk(engine)
    made.writer = Writer(engine, decide, LIKENESSES)
    return made


def another(**changes: Any) -> Article:
    """Another article of the paper, under its own address."""
    base: dict[str, Any] = {
        "url": OTHER,
        "site_id": OTHER.rsplit("/", 1)[1],
        "title": "첫 대구 경매 열린 가상군 어항",
        "body": OTHER_BODY,
    }
    return fnnews_article(**(base | changes))


def answered_by_another(**changes: Any) -> Article:
    """The whole page of the other article at the first one's address: it gives the other one's as its own."""
    own = fnnews_article()
    says: dict[str, Any] = {"url": own.url, "site_id": own.site_id, "declared": (OTHER,), "other_url": OTHER}
    return another(**(says | changes))


def titles(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.rows("SELECT url, title FROM appearances ORDER BY url")


@pytest.mark.parametrize("known", [True, False])
def test_a_stored_address_that_answers_with_another_article(desk: Desk, known: bool) -> None:
    """Three articles became two for good, and two changes told of an edit that nobody made."""
    desk.store(fnnews_article())
    if known:
        desk.store(another(), minutes(1))
    before = titles(desk)
    with pytest.raises(NotThisPage, match=f"the page says that it is {OTHER}; what is stored stays"):
        desk.store(answered_by_another(), minutes(2))
    assert desk.store(fnnews_article(), minutes(3)).outcome is Outcome.UNCHANGED
    assert titles(desk) == before
    assert desk.count("article") == len(before)
    assert desk.rows("SELECT count(*) FROM changes") == [(0,)]


def test_another_article_word_for_word_without_an_address_of_its_own(desk: Desk) -> None:
    desk.store(fnnews_article())
    desk.store(another(), minutes(1))
    with pytest.raises(NotThisPage, match=f"shows the article of {OTHER}"):
        desk.store(answered_by_another(declared=(), other_url=None), minutes(2))


def test_an_unknown_sites_page_that_names_a_stored_one(desk: Desk) -> None:
    """Without numbers of the site: another article is stored there, and the page tells that one."""
    home = "https://news.example.kr/view/"
    desk.store(fnnews_article(url=f"{home}a", site_id=None))
    desk.store(another(url=f"{home}b", site_id=None), minutes(1))
    with pytest.raises(NotThisPage):
        desk.store(
            another(url=f"{home}a", site_id=None, declared=(f"{home}b",), body=OTHER_BODY + "\n끝줄."),
            minutes(2),
        )


@pytest.mark.parametrize("known", [True, False])
def test_a_first_look_that_gets_another_article(desk: Desk, known: bool) -> None:
    if known:
        desk.store(another())
    with pytest.raises(NotThisPage, match=f"the page says that it is {OTHER}"):
        desk.store(answered_by_another(), minutes(1))
    desk.store(another(), minutes(2))
    assert desk.store(fnnews_article(), minutes(3)).outcome is Outcome.STORED
    assert desk.count("article") == 2
    assert desk.rows("SELECT count(*) FROM changes") == [(0,)]


def hinted(desk: Desk, title: str) -> None:
    run = desk.runs["fnnews"]
    found = Discovery(url=FNNEWS, title_hint=title)
    desk.frontier.discover(run, "fnnews", "seed:titles", [(found, FNNEWS.rsplit("/", 1)[1])], NOON)


@pytest.mark.parametrize("title", ["첫 대구 경매 열린 가상군 어항", "첫 대구 경매 열린…"])
def test_a_story_that_the_site_lists_under_two_numbers_is_one(desk: Desk, title: str) -> None:
    hinted(desk, title)
    desk.store(another())
    assert desk.store(answered_by_another(), minutes(1)).outcome is Outcome.STORED
    assert desk.count("article") == 1


NOTICE = {
    "title": "가상넷 안내",
    "body": "\n".join(("안내 말씀을 드린다. " * 8, "접속을 마치면 처음 화면으로 돌아간다. " * 8)),
    "site_id": None,
    "published": None,
    "bylines": (),
    "byline_line": None,
}


def notice(name: str, **changes: Any) -> Article:
    """A host's or a network's notice, which comes at every address and names none."""
    return fnnews_article(
        **NOTICE | {"url": f"https://news.example.kr/view/{name}", "names_itself": False} | changes
    )


def listed(desk: Desk, name: str, title: str) -> None:
    found = Discovery(url=f"https://news.example.kr/view/{name}", title_hint=title)
    desk.frontier.discover(desk.runs["fnnews"], "fnnews", "seed:titles", [(found, None)], NOON)


def test_a_notice_that_stands_in_for_every_page_is_stored_at_two_addresses_at_most(desk: Desk) -> None:
    """It was an article at each of a source's new addresses, and hid what stands there."""
    for number, name in enumerate("ab"):
        assert desk.store(notice(name), minutes(number)).outcome is Outcome.STORED
    for name in "cd":
        with pytest.raises(
            NotThisPage, match=r"says nothing of this address, and came word for word at .*/a and .*/b too"
        ):
            desk.store(notice(name), minutes(2))
    assert desk.count("appearance") == 2
    stands = {"title": "가상군 다리가 열렸다", "body": OTHER_BODY}
    assert desk.store(notice("c", **stands), minutes(9)).outcome is Outcome.STORED
    assert desk.store(notice("a", **stands | {"body": BODY}), minutes(9)).outcome is Outcome.REVISED


def test_a_notice_is_told_at_the_second_address_by_the_headline_that_a_list_gave(desk: Desk) -> None:
    listed(desk, "b", "가상군 다리가 열렸다")
    desk.store(notice("a"))
    with pytest.raises(NotThisPage, match=r"came word for word at .*/a too"):
        desk.store(notice("b"), minutes(1))


@pytest.mark.parametrize(
    "of_its_own",
    [
        {"published": fnnews_article().published},
        {"declared": ("https://news.example.kr/view/a", "https://news.example.kr/view/b")},
    ],
)
def test_a_story_under_three_addresses_is_no_notice(desk: Desk, of_its_own: dict[str, Any]) -> None:
    """It tells its time, or which of them is its own."""
    for number, name in enumerate("abc"):
        assert desk.store(notice(name, **of_its_own), minutes(number)).outcome is Outcome.STORED


def test_one_text_under_numbers_that_each_page_gives_as_its_own_is_articles(desk: Desk) -> None:
    """A press notice, or a column's template, under three numbers: three articles, linked by their text."""
    for number, name in enumerate("abc"):
        listed(desk, name, f"가상군 다리 {number}")
        assert desk.store(notice(name, names_itself=True), minutes(number)).outcome is Outcome.STORED


def test_one_article_at_every_address_is_told_by_the_headlines_that_lists_gave(desk: Desk) -> None:
    """A cache that went wrong: eleven articles with one text, and the true ones known and never asked for."""
    dated = {"published": fnnews_article().published}
    desk.store(notice("a", **dated))
    listed(desk, "b", "가상군 다리가 열렸다")
    with pytest.raises(NotThisPage, match=r"came word for word at .*/a too"):
        desk.store(notice("b", **dated), minutes(1))


@pytest.mark.parametrize(
    ("title", "changes", "is_a_neighbours"),
    [
        ("가상군 다리가 열렸다", {}, True),
        ("[단독] 가상군 다리가 열렸다", {}, True),
        ("가상넷 안내", {}, False),  # its own
        ("가상군 다리가 새로 열렸다", {}, False),  # no list's: the site has edited it since
        ("가상군 다리가 열렸다", {"declared": ("https://news.example.kr/view/b",)}, False),
        ("가상군 다리가 열렸다", {"names_itself": True}, False),
    ],
)
def test_the_page_of_a_neighbour_in_a_list_is_not_this_address_s(
    desk: Desk, title: str, changes: dict[str, Any], is_a_neighbours: bool
) -> None:
    """A cache that answers each address with another's page: all were articles under wrong addresses."""
    for name, headline in (("a", "가상넷 안내"), ("b", "가상군 다리가 열렸다"), ("c", "어항에 첫 대구")):
        listed(desk, name, headline)
    page = notice("a", title=title, published=fnnews_article().published, **changes)
    if not is_a_neighbours:
        assert desk.store(page).outcome is Outcome.STORED
        return
    with pytest.raises(NotThisPage, match=r"lists give its headline to https://news.example.kr/view/b"):
        desk.store(page)


def test_one_article_at_every_address_is_told_at_the_fifth_without(desk: Desk) -> None:
    dated = {"published": fnnews_article().published}
    for number, name in enumerate("abcd"):
        assert desk.store(notice(name, **dated), minutes(number)).outcome is Outcome.STORED
    with pytest.raises(NotThisPage, match=r"came word for word at .*/a and .*/b too"):
        desk.store(notice("e", **dated), minutes(5))


def test_a_story_without_a_time_is_none_where_a_list_gives_its_headline(desk: Desk) -> None:
    for number, name in enumerate("abc"):
        listed(desk, name, "가상넷 안내…")
        assert desk.store(notice(name), minutes(number)).outcome is Outcome.STORED


def test_a_template_that_gives_one_address_in_every_page(desk: Desk) -> None:
    """Another story stands there: it is named by mistake, at the first look and at an edit."""
    desk.store(another())
    wrong = {"declared": (OTHER,), "other_url": OTHER}
    assert desk.store(fnnews_article(**wrong), minutes(1)).outcome is Outcome.STORED
    edited = fnnews_article(title="새 제목", body=BODY[::-1], **wrong)
    assert desk.store(edited, minutes(2)).outcome is Outcome.REVISED
    assert desk.count("article") == 2


def test_an_edit_under_a_wrong_address_is_an_edit(desk: Desk) -> None:
    desk.store(fnnews_article())
    edited = fnnews_article(body=BODY + "\n덧붙인 문장이다.", declared=(OTHER,), other_url=OTHER)
    assert desk.store(edited, minutes(1)).outcome is Outcome.REVISED


def test_two_articles_that_a_wrong_page_had_made_one_are_two_again(desk: Desk) -> None:
    """As archives have it from before: what joined them is what neither page says any more."""
    desk.store(another())
    desk.store(answered_by_another(other_url=None), minutes(1))
    assert desk.count("article") == 1
    desk.store(fnnews_article(), minutes(2))
    assert desk.count("article") == 2
    assert desk.rows("SELECT url, appearances FROM articles ORDER BY url") == [(FNNEWS, 1), (OTHER, 1)]


def test_a_wrong_page_that_an_older_archive_has_as_a_revision_is_none_again(desk: Desk) -> None:
    desk.store(answered_by_another(other_url=None, declared=()))
    desk.store(fnnews_article(), minutes(1))
    desk.store(another(), minutes(2))
    with pytest.raises(NotThisPage):
        desk.store(answered_by_another(), minutes(3))


@pytest.mark.parametrize("kept", ["min", "max"])
def test_what_was_joined_before_is_parted_by_relink(desk: Desk, kept: str) -> None:
    desk.store(fnnews_article())
    desk.store(another(), minutes(1))
    desk.store(daum_article(original_url=FNNEWS), minutes(2))
    with desk.engine.begin() as connection:
        one = f"(SELECT {kept}(id) FROM article)"
        for statement in (
            "UPDATE article SET preferred_appearance_id = NULL, byline_appearance_id = NULL",
            f"UPDATE appearance SET article_id = {one}",
            f"DELETE FROM search_entry WHERE article_id <> {one}",
            f"DELETE FROM article WHERE id <> {one}",
        ):
            connection.exec_driver_sql(statement)
    assert part_again(desk.engine, decide, LIKENESSES, minutes(3)) == 1
    assert desk.rows("SELECT url, appearances FROM articles ORDER BY url") == [(FNNEWS, 2), (OTHER, 1)]
    assert part_again(desk.engine, decide, LIKENESSES, minutes(4)) == 0


def test_a_copy_outlives_the_rewriting_of_its_original(desk: Desk) -> None:
    desk.store(fnnews_article())
    desk.store(daum_article(original_url=FNNEWS), minutes(1))
    assert desk.count("article") == 1
    desk.store(fnnews_article(title="아주 다른 제목", body=OTHER_BODY), minutes(2))
    assert desk.count("article") == 1


def test_a_text_that_vanishes_is_no_edit(desk: Desk) -> None:
    desk.store(fnnews_article())
    with pytest.raises(NotThisPage, match="without its text"):
        desk.store(fnnews_article(body=None), minutes(1))
    assert desk.rows("SELECT body FROM articles") == [(BODY,)]
    assert desk.store(fnnews_article(), minutes(2)).outcome is Outcome.UNCHANGED


def test_a_photo_story_without_a_text_is_stored_and_may_get_one(desk: Desk) -> None:
    desk.store(fnnews_article(body=None))
    assert (
        desk.store(fnnews_article(body=None, title="사진: 야간 개관"), minutes(1)).outcome is Outcome.REVISED
    )
    assert desk.store(fnnews_article(), minutes(2)).outcome is Outcome.REVISED


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_title_in_pieces_says_the_same(desk: Desk, form: Any) -> None:
    import unicodedata

    desk.store(fnnews_article())
    printed = unicodedata.normalize(form, str(fnnews_article().title))
    assert desk.store(fnnews_article(title=printed), minutes(1)).outcome is Outcome.UNCHANGED
    assert desk.rows("SELECT title FROM appearances") == [(printed,)]
