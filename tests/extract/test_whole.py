"""The generic path beside the library that it stands on: never much less, and no other text."""

from __future__ import annotations

import justext.core
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trafilatura import external

from crawler.charset import decode
from crawler.extract.document import Document
from crawler.extract.whole import is_stub, read_whole
from crawler.letters import letters
from storage.records import PageKind
from storage.records.extraction import Extraction

from .pages import document, extraction, page

URL = "https://www.gasang.example/news/1"
LINES = tuple(
    f"{word} 마을은 {i}일 오래된 물길을 다시 잇는 공사를 시작했다고 밝혔다. "
    f"공사비는 {i}억 원이며 주민이 설계에 참여했다."
    for i, word in enumerate(["달빛", "솔밭", "은하", "한들", "가온", "너른"], start=1)
)
BODY = "".join(f"<p>{line}</p>" for line in LINES)
DECLARED = '<meta property="og:type" content="article">'


def read(body: str, *, head: str = DECLARED) -> Extraction:
    html = f"<html><head><title>물길을 다시 잇다</title>{head}</head><body>{body}</body></html>"
    return extraction(html, None, URL)


@pytest.mark.parametrize(
    "wrapper",
    [
        '<div class="content-with-sidebar">{}</div>',
        '<div class="non-ad-column">{}</div>',
        '<div class="story has-caption">{}</div>',
        '<div class="article_added"><div>{}</div></div>',
        '<div class="l-share l-related-wrap"><article>{}</article></div>',
        '<section id="popularTopicArticle">{}</section>',
    ],
)
def test_a_wrapper_is_no_widget_whatever_its_class_contains(wrapper: str) -> None:
    assert read(wrapper.format(BODY)).paragraphs == LINES


def test_the_library_hashes_its_common_words_for_the_first_page_alone() -> None:
    tree = document(BODY, URL).tree
    read_whole(tree)
    lists = justext.core.define_stoplist.cache_info().misses
    read_whole(tree)
    assert isinstance(external.JT_STOPLIST, frozenset)
    assert justext.core.define_stoplist.cache_info().misses == lists


@pytest.mark.parametrize(
    "stub",
    [
        "<p>삭제된 기사입니다.</p>",
        "<p>언론사의 요청으로 삭제된 기사입니다.</p><a href=/>홈으로</a>",
        "<script>alert('없는 기사')</script>",
        "<h1>404</h1>Not here. See <b>the list</b>.",
        "<table><tr><td>가<td>나<tr><td>다</table>",
        "",
    ],
)
def test_a_stub_is_read_the_same_without_the_common_words(stub: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = document(
        f"<html><head><title>삭제된 기사 | 달빛신문</title></head><body>{stub}</body></html>"
    ).tree
    read_whole(document(BODY, URL).tree)
    with_words = read_whole(tree)
    monkeypatch.setattr(external, "JT_STOPLIST", None)
    assert read_whole(tree) == with_words
    assert external.JT_STOPLIST is None  # nothing was loaded


@pytest.mark.parametrize("text", ["글" * 50, "글<br>" * 25, "<math alttext='x'></math>"])
def test_what_could_be_counted_is_no_stub(text: str) -> None:
    assert not is_stub(document(f"<body><p>{text}</p></body>").tree)


def test_a_body_element_called_like_a_container_is_the_page() -> None:
    html = (
        f'<html><head>{DECLARED}</head><body id="article_body"><nav>{"<a href=/>메뉴</a> " * 9}</nav>'
        f"<main>{BODY}</main><footer>고객센터 대표전화 이용약관 개인정보처리방침</footer></body></html>"
    )
    assert extraction(html, None, URL).paragraphs == LINES


@pytest.mark.parametrize(
    "notice",
    [
        '<div class="privacy-consent__inner"><p>{}</p></div>',
        '<div class="gprd-law"><p>{}</p></div>',
        '<div id="cookie-law-info-bar"><span>{}</span></div>',
    ],
)
def test_a_cookie_notice_is_never_the_article(notice: str) -> None:
    text = "저희는 이용자의 경험을 높이려고 쿠키를 씁니다. 계속 이용하시면 동의하신 것으로 봅니다. "
    short = "".join(f"<div><p>{line}</p></div>" for line in LINES[:3])
    found = read(f"{notice.format(text * 4)}<div class='story'>{short}</div>")
    assert found.paragraphs == LINES[:3]


def test_several_elements_of_one_body_are_all_read() -> None:
    parts = "".join(f'<div itemprop="articleBody"><p>{line}</p></div>' for line in LINES)
    assert read(f"<article>{parts}</article>").paragraphs == LINES


def test_paragraphs_that_stand_in_a_first_box_of_their_own_are_the_beginning() -> None:
    first = "".join(f"<p>{line}</p>" for line in LINES[:2])
    rest = "".join(f"<p>{line}</p>" for line in LINES[2:])
    found = read(f'<article><div class="lead">{first}</div><div class="rest">{rest}</div></article>')
    assert found.paragraphs == LINES


def test_links_to_a_shop_between_the_paragraphs_make_no_list() -> None:
    mixed = "".join(
        f'<p>{line}</p><p><a href="/buy/{i}">사러 가기 {i}</a></p>' for i, line in enumerate(LINES)
    )
    found = read(f"<article>{mixed}</article>")
    assert found.kind is PageKind.ARTICLE
    assert set(LINES) <= set(found.paragraphs)


def test_a_subhead_in_a_box_of_its_own_stays() -> None:
    body = (
        f"<p>{LINES[0]}</p><p>{LINES[1]}</p><div><h3>물은 어디로</h3></div><p>{LINES[2]}</p><p>{LINES[3]}</p>"
    )
    assert read(f"<div class='story'>{body}</div>").paragraphs == (*LINES[:2], "물은 어디로", *LINES[2:4])


def test_whatever_the_library_throws_is_a_failure_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("comments cannot have children")

    monkeypatch.setattr("trafilatura.bare_extraction", broken)
    captured = page(f"<html><body>{BODY}</body></html>", URL)
    document = Document(captured, decode(captured.body, None))
    assert read_whole(document.tree).failure == "ValueError: comments cannot have children"
    assert read(f"<div>{BODY}</div>").paragraphs == LINES  # the walk alone


def test_a_last_paragraph_that_is_a_link_and_a_sentence_stays() -> None:
    said = "시는 자세한 설계 도면을 누리집에 올려 두었다고 밝혔다."
    found = read(f"<div class='story'>{BODY}<p><a href='https://city.example/plan'>{said}</a></p></div>")
    assert found.paragraphs == (*LINES, said)


@pytest.mark.parametrize(
    "shown",
    [
        "<div class='gallery'><figure><img src='/1.jpg'><figcaption>새 물길</figcaption></figure></div>",
        "<div class='box'><iframe src='https://www.youtube.com/embed/1'></iframe></div>",
        "<div class='box'><video src='/1.mp4'></video></div>",
    ],
)
def test_a_photo_or_a_film_without_text_is_an_article(shown: str) -> None:
    found = read(f"<h1>[포토] 물길</h1>{shown}")
    assert found.kind is PageKind.ARTICLE
    assert found.paragraphs == ()


def test_a_page_that_calls_itself_an_article_and_shows_nothing_is_quarantined() -> None:
    assert (
        read("<h1>물길</h1><div class='story'></div><footer>고객센터</footer>").kind is PageKind.QUARANTINED
    )


def test_a_table_in_a_figure_is_text() -> None:
    table = "<table><tr><th>해</th><th>값</th></tr><tr><td>2025</td><td>3</td></tr></table>"
    found = read(f"<div>{BODY}<figure>{table}<figcaption>표의 설명</figcaption></figure>{BODY[:0]}</div>")
    assert found.paragraphs == (*LINES, "해\t값", "2025\t3")


@given(text=st.text(alphabet=st.one_of(st.characters(), st.sampled_from(" .,_\n가A1²①"))))
def test_letters_are_what_unicode_calls_letters_and_digits(text: str) -> None:
    assert letters(text) == "".join(filter(str.isalnum, text))
