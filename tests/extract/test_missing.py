"""Articles' pages without their text: what is left are a standfirst, captions, readers' words."""

from __future__ import annotations

import json

import pytest

from storage.records import PageKind

from .pages import extraction

URL = "https://www.gasang.example/news/1"
TITLE = "가람시, 낡은 다리 세 곳 새로 놓는다…예산 420억 투입"
ABOUT = "가람시가 낡은 다리 세 곳을 허물고 예산 420억원을 들여 2028년까지 새로 놓기로 했다고 20일 밝혔다."
TEXT = (
    f"<p>{ABOUT}</p><p>새로 놓는 다리는 노을교와 두물교다. 지은 지 40년이 넘어 D등급을 받았다.</p>"
    "<p>시의회는 다음 달 예산안을 심의한다. 통과되면 내년 초 설계 공모가 시작된다고 시는 설명했다.</p>"
)
PICTURE = '<figure><img src="/i/1.jpg"><figcaption>{}</figcaption></figure>'


def kind_of(
    inner: str, *, title: str = TITLE, about: str = ABOUT, url: str = URL, **fields: object
) -> PageKind:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": title, **fields}
    html = (
        f'<html><head><title>{title} - 가상일보</title><meta property="og:title" content="{title}">'
        f'<meta property="og:type" content="article"><meta property="og:description" content="{about}">'
        f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script></head>'
        f"<body><main><article><h1>{title}</h1><p class='by'>한나비 기자 2026.11.20 09:30</p>"
        f'<div class="q1">{inner}</div></article></main></body></html>'
    )
    return extraction(html, None, url).kind


def test_the_whole_page_is_an_article() -> None:
    assert kind_of(TEXT) is PageKind.ARTICLE


@pytest.mark.parametrize(
    "left",
    [
        PICTURE.format("노을교의 모습. 가람시 제공"),
        f'<h2 class="dek">{ABOUT}</h2>',
        f"<header><div><p>{ABOUT}</p></div></header>",
        "<ul><li>공유하기를 누르면 이 기사의 주소가 복사됩니다.</li><li>글자 크기를 조절합니다.</li></ul>",
        f'<div class="c-chapo">{ABOUT}</div><span>글</span><span>한나비</span>',
        "<p>한나비 기자는 2003년 입사해 사회부와 경제부를 거쳤다. 지금은 교통을 맡아 취재한다.</p>",
        "<p>이 기사는 정보를 드리려고 쓴 것이며 투자의 판단과 책임은 모두 투자자 본인에게 있다.</p>",
        "<p>다른 집 이야기가 여기 나온다. 한빛구 도서관이 새 단장을 마치고 문을 열었다고 구청이 밝혔다.</p>",
    ],
)
def test_what_is_left_of_a_page_without_its_text_is_no_article(left: str) -> None:
    assert kind_of(left) is PageKind.QUARANTINED


@pytest.mark.parametrize(
    ("title", "about", "inner"),
    [
        (
            "[속보] 가람시 다리 세 곳 새로 놓기로",
            "가람시가 다리 세 곳을 새로 놓기로 했다.",
            "<p>가람시가 다리 세 곳을 새로 놓기로 했다.</p>",
        ),
        (
            "[속보] 가람시 다리 세 곳 새로 놓기로",
            "가상일보는 지역의 소식을 빠르고 바르게 전하는 인터넷 신문입니다.",
            "<p>가람시가 다리 세 곳을 새로 놓기로 했다.</p>",
        ),
        (TITLE, ABOUT, f"<p>{ABOUT}</p>"),
        (
            "[포토] 노을교 지나는 시민들",
            "가람시가 새로 놓기로 한 노을교를 20일 시민들이 지나고 있다.",
            PICTURE.format("가람시가 새로 놓기로 한 노을교를 20일 시민들이 지나고 있다."),
        ),
        ("[만평] 다리 위에서", "가상일보 만평", '<img src="/i/1.jpg">'),
    ],
)
def test_short_articles_are_articles(title: str, about: str, inner: str) -> None:
    assert kind_of(inner, title=title, about=about) is PageKind.ARTICLE


def test_a_films_own_page_may_tell_what_it_shows_to_machines_alone() -> None:
    film = '<iframe src="https://www.youtube.com/embed/x1"></iframe>'
    assert kind_of(film) is PageKind.QUARANTINED
    assert kind_of(film, url="https://www.gasang.example/video/1") is PageKind.ARTICLE


READER = (
    '<li class="k{0}"><b>바람개비{0}</b><i>2026.11.20 12:1{0}</i><p>{1}</p>'
    '<a href="#">답글</a><a href="#">신고</a></li>'
)
SAID = ("드디어 새로 놓는군요. 예산이 잘 쓰였으면 좋겠습니다.", "낡은 다리 세 곳이 다 흔들려서 무서웠어요.")
READERS = [READER.format(i, said) for i, said in enumerate(SAID)]


@pytest.mark.parametrize("readers", [READERS[:1], READERS])
def test_what_readers_say_is_none_of_the_text_whatever_its_list_is_called(readers: list[str]) -> None:
    said = f'<ul class="u4">{"".join(readers)}</ul>'
    assert kind_of(said) is PageKind.QUARANTINED
    html = f"<html><body><h1>{TITLE}</h1><div><div>{TEXT}</div>{said}</div></body></html>"
    assert not any("바람개비" in p or "흔들려서" in p for p in extraction(html, None, URL).paragraphs)


def test_an_article_of_a_board_can_be_answered_too() -> None:
    post = f"<b>{TITLE}</b> 2026.11.20 12:10<div>{TEXT}</div><a href='#'>답글</a>"
    assert len(extraction(f"<html><body><div>{post}</div></body></html>", None, URL).paragraphs) >= 3


def test_a_description_that_is_the_headline_says_nothing_of_the_text() -> None:
    title = "[씨박스] 노을교 지나던 시민들 깜짝…무슨 일이"
    assert kind_of("<p>반갑게 꼬리를 흔드는 강아지</p>", title=title, about=title) is PageKind.ARTICLE


def test_what_a_site_says_of_itself_says_nothing_of_the_text() -> None:
    """The region's name is the headline's, too (two papers' pages of GNE's set)."""
    slogan = "가상일보는 가람시와 두물군의 소식을 빠르고 바르게 전하며 주민의 뜻을 모으는 지역 정론지입니다."
    text = "<p>가람시가 낡은 다리 세 곳을 새로 놓는다. 예산 420억을 들인다고 시는 20일 밝혔다.</p>"
    assert kind_of(text, about=slogan) is PageKind.ARTICLE
    assert (
        kind_of(text, about="가상일보, 가람시 소식, 두물군 소식, 지역 뉴스, 맛집과 여행") is PageKind.ARTICLE
    )


def test_a_video_pages_own_words_may_be_few() -> None:
    film = '<iframe src="https://www.youtube.com/embed/x1"></iframe>'
    said = "<p>가람시가 낡은 다리 세 곳을 새로 놓기로 하고 예산 420억원을 들인다고 밝혔습니다.</p>"
    assert kind_of(said + film) is PageKind.ARTICLE
