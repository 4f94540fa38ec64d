"""Pages of unknown sites with text and without a story; each kind beside an article that looks like it."""

from __future__ import annotations

import pytest

from crawler.extract import extract_page
from storage.records import CapturedPage, PageKind

URL = "https://www.gasang.example/news/1"
TYPED = '<meta property="og:type" content="article"><meta property="og:site_name" content="가상일보">'
CLOCK = "<p>입력 2026.05.12 09:30</p>"
STORIES = [f"나루 {i}호가 아침마다 강을 건너 장터로 사람과 짐을 실어 나른다." for i in range(6)]
TEXT = "".join(f"<p>{line}</p>" for line in STORIES)


def heads(markup: str) -> str:
    """One story for each opening: ``{n}`` its number, ``{text}`` what it says."""
    return "".join(markup.format(n=n, text=text) for n, text in enumerate(STORIES))


def kind(body: str, *, title: str = "새 나루가 열렸다", head: str = "", url: str = URL) -> PageKind:
    html = f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return extract_page(CapturedPage(url=url, body=html.encode()), None).kind


LISTS = [
    heads("<article><h2><a href='/p/{n}'>나루 소식 {n}호</a></h2><p>{text}</p></article>"),
    heads(
        "<article><h2><a href='/p/{n}'>나루 소식 {n}호</a></h2><div class='entry-content'>"
        + TEXT
        + "</div></article>"
    ),
    "<h2>사회</h2><dl>" + heads("<dt><a href='/p/{n}'>나루 소식 {n}호</a></dt><dd>{text}</dd>") + "</dl>",
    "<h1>사회</h1><ul>"
    + heads("<li><a href='/p/{n}'><h3>나루 소식 {n}호</h3><p>{text}</p></a><i>2026.05.1{n} 09:1{n}</i></li>")
    + "</ul>",
    "<h2>한나비 기자</h2><ul>"
    + heads("<li><a href='/p/{n}'>나루 소식 {n}호</a><p>{text}</p><i>2026.05.1{n} 09:1{n}</i></li>")
    + "</ul>",
]


@pytest.mark.parametrize("body", LISTS)
@pytest.mark.parametrize("head", ["", TYPED + '<meta property="og:title" content="사회 소식">'])
def test_a_list_with_openings_is_no_article(body: str, head: str) -> None:
    assert kind(body, head=head) is PageKind.NOT_ARTICLE


@pytest.mark.parametrize(
    "body",
    [
        TEXT + heads("<h3><a href='/p/{n}'>나루 소식 {n}호</a></h3><p>{text} 옛 이야기다.</p>"),
        heads("<h3><a href='https://shop{n}.example/'>가게 {n}번</a></h3><p>{text}</p>"),
        heads("<h3>나루 {n}번</h3><p>{text}</p>"),
        f"<h2><a href='{URL}#top'>새 나루가 열렸다</a></h2>{TEXT}",
    ],
)
def test_headings_of_an_article_make_no_list(body: str) -> None:
    page = f"<h1>새 나루가 열렸다</h1>{CLOCK}<div class='article-body'>{body}</div>"
    assert kind(page, head=TYPED) is PageKind.ARTICLE


TABLE = "<table>" + heads("<tr><td>나루 {n}</td><td>{n},500</td><td>12개월</td></tr>" * 4) + "</table>"


@pytest.mark.parametrize(
    ("title", "body", "url", "expected"),
    [
        ("오늘의 뱃삯", f"<h1>오늘의 뱃삯</h1>{TABLE}", URL, PageKind.NOT_ARTICLE),
        ("오늘의 뱃삯", f"<h1>오늘의 뱃삯</h1>{CLOCK}<div>{TABLE}</div>", URL, PageKind.ARTICLE),
        ("가상일보", f"<h2>오늘의 글</h2>{TEXT}", "https://www.gasang.example/", PageKind.NOT_ARTICLE),
        ("가상일보", f"<h2>새 나루</h2>{CLOCK}{TEXT}", "https://www.gasang.example/?p=12", PageKind.ARTICLE),
        ("이용약관 | 가상일보", f"<h1>이용약관</h1>{TEXT}", URL, PageKind.NOT_ARTICLE),
        ("About Us - Gasang", f"<h1>About Us</h1>{TEXT}", URL, PageKind.NOT_ARTICLE),
        ("이용약관 바꾸는 나루", f"<h1>이용약관 바꾸는 나루</h1>{TEXT}", URL, PageKind.ARTICLE),
    ],
)
def test_fronts_tables_and_imprints(title: str, body: str, url: str, expected: PageKind) -> None:
    assert kind(body, title=title, url=url) is expected


def test_a_template_that_prints_a_role_alone_is_empty() -> None:
    body = "<h3></h3><ul><li> 기자</li></ul><article id='article-view-content-div'></article>"
    assert kind(body, title="가상일보", head=TYPED) is not PageKind.ARTICLE
    assert kind(f"<h2>소식</h2>{body}", title="가상일보") is not PageKind.ARTICLE


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>Whitelabel Error Page</h1><p>This application has no explicit mapping.</p>", "quarantined"),
        ("<h1>Server Error in '/' Application.</h1><h2>Runtime Error</h2>", "quarantined"),
        ("<h1>Server Error in '/' Application.</h1><h2>The resource cannot be found.</h2>", "gone"),
        ("<h1>We're sorry, but something went wrong.</h1><p>Check the logs for more.</p>", "quarantined"),
    ],
)
def test_the_errors_of_four_frameworks(body: str, expected: str) -> None:
    assert kind(body, title="Error").value == expected
