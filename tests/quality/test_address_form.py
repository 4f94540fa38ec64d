"""What a draft takes for the addresses of a site's articles: of many systems, from one address each."""

from __future__ import annotations

import pytest

from crawler.quality.skeleton import _drafted, _source_text

HOME = "https://www.hanbit.example"

SITES = [
    # the page of the draft, another article, what is none
    ("/the-new-library/", "/another-story-here/", "/about/"),
    ("/2026/11/27/하늘시-도서관/", "/2025/01/02/다른-글/", "/2026/11/27/"),
    ("/?p=12", "/?p=4711", "/?page_id=3"),
    ("/archives/3", "/archives/41234", "/archives/"),
    ("/view3.html", "/view12.html", "/index.html"),
    ("/2026/11/27/12345/", "/2025/01/02/999/", "/2025/01/"),
    ("/court/2026/11/27/ABQ7XKDJFH3LMN2OPQ/", "/court/2026/12/01/ZZQ7XKDJFH3LMN2OP1/", "/court/2026/12/01/"),
    ("/court/2026/11/27/ABQXKDJFHLMNOPQ/", "/court/2026/12/01/ZZQXKDJFHLMNOP/", "/court/list/"),
    ("/news/2026-11-27/news-001", "/news/2025-01-02/news-999", "/news/2025-01-02/"),
    (
        "/news/articleView.html?idxno=10312",
        "/news/articleView.html?idxno=99",
        "/news/articleList.html?page=2",
    ),
    ("/story/mayor-opens-library-12345", "/story/other-words-99912", "/story/other-words"),
    ("/story/plan-2026-opens", "/story/other-words", "/story/"),
    ("/view/?id=20261127-001", "/view/?id=20251127-002", "/view/"),
    ("/news/newsview.php?ncode=1065569123456789", "/news/newsview.php?ncode=1065569123456700", "/news/"),
    ("/article/AKR20261127001", "/article/AKR20250102999", "/article/"),
    ("/news/하늘시-도서관/77812", "/news/다른-글/1999", "/news/하늘시-도서관/"),
    ("/article/014/0005276543?sid=101", "/article/023/0001234567?sid=105", "/article/014/"),
    ("/article/20261127000123?page=2", "/article/20250102000999", "/article/?page=2"),
    ("/view.php?sec=3&idx=9917&page=2", "/view.php?page=1&idx=10023&sec=7", "/view.php?page=2"),
    ("/read2.php?no=12345&mobile=1", "/read2.php?no=12399", "/read2.php"),
    (
        "/bbs/board.php?bo_table=news&wr_id=5003",
        "/bbs/board.php?wr_id=71&bo_table=news&sca=&page=2",
        "/bbs/board.php?bo_table=free&wr_id=71",
    ),
    ("/index.php?mid=news&document_srl=5003", "/index.php?document_srl=71&mid=news", "/index.php?mid=news"),
    ("/news/?mod=document&uid=12", "/news/?pageid=2&mod=document&uid=9", "/news/?mod=editor&uid=9"),
    ("/stories/5003-maru", "/stories/5004-other-words", "/stories/about-us"),
    ("/v/5003_library.html", "/v/12345_%EC%8B%9C%EC%9E%A5.html", "/v/library.html"),
    ("/board.do?bbs=7&no=4", "/board.do?bbs=7&no=11", "/board.do?page=3"),
]


@pytest.mark.parametrize(("drafted", "other", "none"), SITES, ids=[site[0] for site in SITES])
def test_articles_of_the_site_are_known(drafted: str, other: str, none: str) -> None:
    of = _drafted(_source_text("hanbit", HOME + drafted)).address
    first, second = of(HOME + drafted), of(HOME + other)
    assert first is not None
    assert second is not None
    assert first.url != second.url
    assert (of(first.url), of(second.url), of(HOME + none)) == (first, second, None)


@pytest.mark.parametrize(
    ("drafted", "same"),
    [
        ("/article/20261127000123?page=2", "/article/20261127000123"),
        ("/view.php?sec=3&idx=9917", "/view.php?idx=9917&sec=12&page=3#reply"),
        ("/article/023/0001234567?sid=105", "/article/023/0001234567?from=rank&sid=100"),
        ("/board.do?bbs=7&no=4", "/board.do?no=4&search=%B1%E2&bbs=7"),
    ],
)
def test_what_tells_no_article_from_another_is_left_out(drafted: str, same: str) -> None:
    of = _drafted(_source_text("hanbit", HOME + drafted)).address
    known = of(HOME + same)
    assert known is not None
    assert known == of(HOME + drafted) == of((HOME + drafted).replace("https:", "http:"))


def test_a_site_at_a_port_of_its_own_is_asked_there() -> None:
    drafted = _drafted(_source_text("hanbit", "http://localhost:8123/news/articleView.html?idxno=12"))
    known = drafted.address("http://localhost:8123/news/articleView.html?idxno=13")
    assert known is not None
    assert (known.url, drafted.homepage) == (
        "http://localhost:8123/news/articleView.html?idxno=13",
        "http://localhost:8123/",
    )


@pytest.mark.parametrize("path", ["/", "/about/", "/welcome", "/news/society", "", "/list.php?page=3"])
def test_a_page_that_no_address_tells_apart_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="holds neither a number nor"):
        _source_text("hanbit", HOME + path)


@pytest.mark.parametrize(
    ("drafted", "told"),
    [
        ("/view.php?no=12345&menu=life", "the rest of it (here menu) is left out"),
        ("/article/12345?from=top&sid=3", "the rest of it (here from, sid) is left out"),
        ('/view.php?no=12345&"""+\\N=1', "the rest of it (here 2222225CN) is left out"),
        ("/view.php?no=12345", "the rest of it is left out"),
    ],
)
def test_a_draft_says_what_of_the_query_it_leaves_out(drafted: str, told: str) -> None:
    assert told in _source_text("hanbit", HOME + drafted)
