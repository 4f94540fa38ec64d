"""A page titled by its site's name alone, of the type article: one dated story, or a list of them."""

from __future__ import annotations

import pytest

from storage.records import Article, PageKind
from tests.extract.pages import article

URL = "https://www.hanbit-journal.example/read/202611020001"
LINES = (
    "가상시가 내년 봄 북쪽 강변에 보행교를 새로 놓기로 했다고 20일 밝혔다.",
    "시는 예산 120억 원을 들여 길이 300미터의 다리를 세우고, 밤에도 걸을 수 있게 조명을 단다.",
    "주민 설명회는 다음 달 3일 시청 대강당에서 열리며, 누구나 신청 없이 들을 수 있다.",
)
PROSE = "".join(f"<p>{line}</p>" for line in LINES)
CARELESS = (
    '<meta property="og:title" content="한빛저널"><meta property="og:site_name" content="한빛저널">'
    "<title>보행교 새로 놓는다 - 한빛저널</title>"
)
LOGO = "<header><h1><a href='/'>한빛저널</a></h1></header>"
HEADLINE = "<h2 class='headline'>보행교 새로 놓는다</h2>"
CLOCK = "<p class='date'>입력 2026.11.20 09:30</p>"


def read(body: str, *, head: str = "", kind: str = "article") -> Article:
    typed = f'<meta property="og:type" content="{kind}">'
    top = f'<head><meta charset="utf-8">{CARELESS}{typed}{head}</head>'
    html = f'<html lang="ko">{top}<body>{body}</body></html>'
    return article(html, None, URL)


@pytest.mark.parametrize(
    "body",
    [
        f"{LOGO}<article>{HEADLINE}{CLOCK}{PROSE}</article>",
        f"<div>{HEADLINE}<div>오하늘 기자 2026.11.20 09:30</div><div>{PROSE}</div></div>",
        f"{LOGO}<div><h3>보행교 새로 놓는다</h3>{CLOCK}<div>{PROSE}</div></div>",
        f"{LOGO}<article><h1>보행교 새로 놓는다</h1>{CLOCK}{PROSE}</article>",
        f"{LOGO}<article>{HEADLINE}{CLOCK}<p>{LINES[0]}</p></article>",
        f"{LOGO}<article>{HEADLINE}<p>Published Nov. 20, 2026, 6:22 p.m. KST</p>{PROSE}</article>",
        f"{LOGO}<article>{HEADLINE}{CLOCK}<p>수정 2026.11.20 10:30</p>{PROSE}</article>",
        f"{LOGO}<article><h2><a href='{URL}'>보행교 새로 놓는다</a></h2>{CLOCK}{PROSE}</article>",
        f"{LOGO}<article><b>보행교 새로 놓는다</b><ul><li>오하늘 기자</li><li>승인 2026.11.20 09:30</li>"
        f"</ul><div id='article-view-content-div'>{PROSE}</div></article>",
        f"{LOGO}<article>{HEADLINE}{CLOCK}<figure><img src='/a.jpg' width='600'></figure></article>",
    ],
)
def test_one_dated_story_is_an_article_whatever_its_title(body: str) -> None:
    found = read(body)
    assert found.kind is PageKind.ARTICLE
    assert found.published is not None
    assert read(body, kind="website").kind is PageKind.NOT_ARTICLE  # it does not even say so


@pytest.mark.parametrize("clock", ["2026-11-20T09:30:00+09:00", "20261120093000"])
def test_a_clock_that_a_machine_is_told_dates_it_too(clock: str) -> None:
    body = f"{LOGO}<article>{HEADLINE}{PROSE}</article>"
    assert read(body, head=f'<meta name="pubdate" content="{clock}">').kind is PageKind.ARTICLE
    assert read(body).kind is PageKind.NOT_ARTICLE
    assert read(body, head='<meta name="pubdate" content="2026-11-20">').kind is PageKind.NOT_ARTICLE


def stories(one: str, count: int = 4) -> str:
    return "".join(one.format(n, title=f"보행교 {n}번째 새 소식", lead=LINES[n % 3]) for n in range(count))


NOW = "<p>2026년 11월 20일 14:05</p>"


@pytest.mark.parametrize(
    "body",
    [
        stories("<li><h4><a href='/a/{0}'>{title}</a></h4><p>{lead}</p><em>2026.11.1{0} 10:00</em></li>"),
        stories("<li><h4><a href='/a/{0}'>{title}</a></h4><p>{lead}</p><em>2026.11.1{0} 10:00</em></li>", 2),
        stories("<div><em>2026.11.1{0} 10:00</em><h4><a href='/a/{0}'>{title}</a></h4><p>{lead}</p></div>"),
        stories("<dl><dt><a href='/a/{0}'>{title}</a></dt><dd>2026-11-1{0} 09:30</dd><dd>{lead}</dd></dl>"),
        stories(
            "<article><h3>{title}</h3><p>{lead}</p><time datetime='2026-11-1{0}T09:30'>{0}</time></article>"
        ),
        NOW + stories("<article><h2><a href='/a/{0}'>{title}</a></h2><p>{lead}</p></article>", 2),
        NOW + stories("<li><a href='/a/{0}'><h4>{title}</h4><p>{lead}</p></a></li>"),
        NOW + stories("<li><a href='/a/{0}'><strong>{title}</strong></a><p>{lead}</p></li>"),
        stories("<tr><td><a href='/a/{0}'>{title}</a></td><td>2026.11.1{0} 09:30</td></tr>", 9),
        NOW + f"<h2>회사 소개</h2><ul>{stories('<li><a href=/a/{0}>{title}</a></li>', 9)}</ul>",
    ],
)
def test_a_list_whose_type_says_article_stays_none(body: str) -> None:
    assert read(f"{LOGO}<section>{body}</section>").kind is PageKind.NOT_ARTICLE
