"""Kinds of pages that five public sets and pages in the markup of ten systems showed (2026-11-28)."""

from __future__ import annotations

import pytest

from storage.records import Article, PageKind
from tests.extract.pages import article, extraction

URL = "https://www.gasang.example/news/1"
TITLE = "가람시, 낡은 다리 세 곳 새로 놓는다"
LINES = [
    "가람시가 낡은 다리 세 곳을 허물고 예산 420억원을 들여 새로 놓기로 했다고 20일 밝혔다.",
    "새로 놓는 다리는 노을교와 두물교다. 지은 지 40년이 넘어 D등급을 받았다.",
    "시의회는 다음 달 예산안을 심의한다. 통과되면 내년 초 설계 공모가 시작된다고 시는 설명했다.",
]
TEXT = "".join(f"<p>{line}</p>" for line in LINES)
WHEN = "2026-11-20T00:30:00+00:00"


def page(body: str, *, head: str = "", title: str = TITLE, kind: str = "article") -> str:
    told = f'<meta property="og:title" content="{title}"><meta property="og:type" content="{kind}">'
    return (
        f'<html lang="ko"><head><meta charset="utf-8"><title>{title}</title>{told}{head}</head>'
        f"<body>{body}</body></html>"
    )


def read(body: str, *, head: str = "", url: str = URL, **told: str) -> Article:
    return article(page(body, head=head, **told), None, url)


def published(found: Article) -> str | None:
    return found.published.at.isoformat() if found.published is not None else None


# --- what says itself that it is no article ----------------------------------------------------------


@pytest.mark.parametrize("kind", ["product", "product.group", "profile", "restaurant.menu"])
def test_a_page_that_calls_itself_a_product_or_a_profile_is_no_article(kind: str) -> None:
    body = f"<h1>{TITLE}</h1><div>{TEXT}</div>"
    assert extraction(page(body, kind=kind), None, URL).kind is PageKind.NOT_ARTICLE
    assert extraction(page(body), None, URL).kind is PageKind.ARTICLE


@pytest.mark.parametrize("thing", ["Product", "QAPage", "DiscussionForumPosting", "CollectionPage"])
@pytest.mark.parametrize(
    "told", ['<script type="application/ld+json">{"@type": "%s"}</script>', "<i %s></i>"]
)
def test_so_is_one_that_tells_machines_so(thing: str, told: str) -> None:
    said = told % (thing if "script" in told else f'itemscope itemtype="https://schema.org/{thing}"')
    body = f"<h1>{TITLE}</h1><div>{TEXT}</div>"
    assert extraction(page(said + body, kind="website"), None, URL).kind is PageKind.NOT_ARTICLE
    dated = f'<meta property="article:published_time" content="{WHEN}">'
    assert extraction(page(said + body, kind="website", head=dated), None, URL).kind is PageKind.ARTICLE


@pytest.mark.parametrize("thing", ["LocalBusiness", "SoftwareApplication", "Organization", "WebPage"])
def test_what_a_page_tells_of_its_house_says_nothing_of_its_kind(thing: str) -> None:
    said = f'<script type="application/ld+json">{{"@type": "{thing}", "name": "가상일보"}}</script>'
    html = page(f"{said}<h1>{TITLE}</h1><div>{TEXT}</div>", kind="website")
    assert extraction(html, None, URL).kind is PageKind.ARTICLE


@pytest.mark.parametrize(
    ("query", "canonical", "kind"),
    [
        ("?utm_source=x", "https://www.gasang.example/", PageKind.NOT_ARTICLE),
        ("?srsltid=AfmBOo12", "/", PageKind.NOT_ARTICLE),
        ("?p=12", "https://www.gasang.example/?p=12", PageKind.ARTICLE),
        ("?p=12", "", PageKind.ARTICLE),
    ],
)
def test_a_front_with_a_query_gives_itself_without_one(query: str, canonical: str, kind: PageKind) -> None:
    head = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    html = page(f"<h2>{TITLE}</h2><div>{TEXT}</div>", head=head)
    assert extraction(html, None, f"https://www.gasang.example/{query}").kind is kind


@pytest.mark.parametrize(
    ("line", "kind"),
    [("2026.11.20 15:30 기준 (장마감)", PageKind.NOT_ARTICLE), ("입력 2026.11.20 15:30", PageKind.ARTICLE)],
)
def test_the_moment_of_a_table_of_rates_dates_no_article(line: str, kind: PageKind) -> None:
    rows = "".join(f"<tr><td>종목{n}</td><td>{n},200</td><td>+{n}.2%</td></tr>" for n in range(1, 20))
    html = page(f"<h3>거래 상위</h3><p>{line}</p><table>{rows}</table>", kind="website", title="거래 상위")
    assert extraction(html, None, URL).kind is kind


# --- when ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("승인 2026.11.20 09:30", "2026-11-20T00:30:00+00:00"),
        ("한나비 기자 | 2026-11-20 09:30", "2026-11-20T00:30:00+00:00"),
        ("한나비 기자", "2019-03-01T15:00:00+00:00"),  # nothing else says when
    ],
)
def test_a_clock_over_the_text_stands_before_the_time_of_the_web_page(printed: str, expected: str) -> None:
    told = '{"@type": "WebPage", "datePublished": "2019-03-02T00:00:00+09:00"}'
    head = f'<script type="application/ld+json">{told}</script>'
    found = read(f"<h3>{TITLE}</h3><p>{printed}</p><div>{TEXT}</div>", head=head)
    assert published(found) == expected


def test_of_two_times_in_the_box_of_the_text_the_one_over_the_headline_is_of_the_look() -> None:
    head = f"<p>2026-11-29 15:20</p><h3>{TITLE}</h3><p>한나비 기자 / 2026.11.20 09:30</p>"
    found = read(f"<div>{head}<div>{TEXT}</div></div>")
    assert (published(found), found.modified) == (WHEN, None)


@pytest.mark.parametrize(
    ("over", "day"),
    [
        ("<p class='date'>2026.11.20</p>", "2026-11-19T15:00:00+00:00"),
        ("<p>사회</p><p>입력 2026.11.20 09:30</p><p>제12호</p>", WHEN),
        ("<p>2026년 11월 20일 금요일</p>", None),
        ("<p>축제는 2026.11.20 막을 올린다.</p>", None),
    ],
)
def test_a_time_alone_over_the_headline_is_the_pages_where_no_other_is_told(
    over: str, day: str | None
) -> None:
    found = read(f"<div><div>{over}<h2>{TITLE}</h2></div><p>한나비 기자</p><section>{TEXT}</section></div>")
    assert published(found) == day


# --- who -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["작성자", "글쓴이", "Written by", "Verfasst von"])
@pytest.mark.parametrize(
    ("name", "people"), [("한나비", ["한나비"]), ("Lena Ahrend", ["Lena Ahrend"]), ("admin", [])]
)
def test_the_card_of_a_page_names_who_wrote(label: str, name: str, people: list[str]) -> None:
    head = f'<meta name="twitter:label1" content="{label}"><meta name="twitter:data1" content="{name}">'
    head += '<meta name="twitter:label2" content="예상 시간"><meta name="twitter:data2" content="2 분">'
    found = read(f"<h1>{TITLE}</h1><div>{TEXT}</div>", head=head)
    assert [person.name for person in found.bylines] == people


@pytest.mark.parametrize(
    ("host", "people"),
    [
        ("lenaahrend.platform.example", ["Lena Ahrend"]),
        ("www.lenaahrend.example", []),
        ("lenaahrend.example", []),
    ],
)
def test_on_a_platform_of_many_the_first_name_of_the_host_is_who_writes(host: str, people: list[str]) -> None:
    head = '<meta name="author" content="Lena Ahrend">'
    found = read(f"<h1>{TITLE}</h1><div>{TEXT}</div>", head=head, url=f"https://{host}/p/1")
    assert [person.name for person in found.bylines] == people


def test_where_a_machine_is_told_a_house_the_printed_name_stands() -> None:
    told = f'{{"@type": "NewsArticle", "headline": "{TITLE}", "author": {{"name": ", GASANG DAILY"}}}}'
    head = f'<script type="application/ld+json">{told}</script>'
    printed = "<p><a rel='author' href='/a'>Lena Ahrend</a></p>"
    found = read(f"<h1>{TITLE}</h1>{printed}<div>{TEXT}</div>", head=head)
    assert [person.name for person in found.bylines] == ["Lena Ahrend"]


def test_a_machine_that_is_told_a_person_is_believed_where_the_site_has_his_name() -> None:
    head = '<meta name="author" content="Lena Ahrend">'
    printed = "<p><a rel='author' href='/a'>Marta Vidal</a></p>"  # who shared it
    found = read(f"<h1>{TITLE}</h1>{printed}<div>{TEXT}</div>", head=head, url="https://lenaahrend.example/1")
    assert found.bylines == ()


@pytest.mark.parametrize("role", ["기자", "선임기자", "특파원"])
def test_a_role_stands_behind_a_name_that_is_a_link(role: str) -> None:
    printed = (
        f"<div><a href='/r/1'>한나비</a>{role}</div><ul><li>등록 <span>2026-11-20 09:30</span></li></ul>"
    )
    found = read(f"<h3>{TITLE}</h3>{printed}<div>{TEXT}</div>")
    assert [(person.name, person.role) for person in found.bylines] == [("한나비", role)]


# --- what ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        "<table><tr><th>제목</th><td>{}</td></tr><tr><td colspan=2>{}</td></tr></table>",
        "<dl><dt>제 목</dt><dd>{}</dd><dt>등록일</dt><dd>2026-11-20</dd></dl><div>{}</div>",
    ],
)
@pytest.mark.parametrize("board", ["보도자료", "가람시 공지사항", "보도자료 상세보기"])
def test_a_page_of_a_board_is_titled_by_the_row_that_is_called_so(row: str, board: str) -> None:
    found = read(f"<h3>{board}</h3>{row.format(TITLE, TEXT)}", title=board, kind="website")
    assert found.title == TITLE


@pytest.mark.parametrize(
    "told",
    [
        "가상일보 - 시민과 함께하는 바른 언론",
        "연예 뉴스 - 가상 연예",
        "뉴스 > 사회 > 가상일보",
        "사회 | 가상일보",
        "GASANG NEWS",
    ],
)
@pytest.mark.parametrize(
    "head", ["<h2 class='tit'>{}</h2>", "<h4>{}</h4>", "<div class='view_subject'>{}</div>"]
)
def test_a_title_element_that_is_the_same_on_each_page_is_no_headline(told: str, head: str) -> None:
    logo = "<h1><a href='/'>가상일보</a></h1>"
    body = f"{logo}<div>{head.format(TITLE)}<p>한나비 기자 승인 2026.11.20 09:30</p><div>{TEXT}</div></div>"
    html = f"<html><head><title>{told}</title></head><body>{body}</body></html>"
    found = article(html, None, URL)
    assert found.title == TITLE
    assert (found.body or "").split("\n") == LINES


@pytest.mark.parametrize("title", ["첫눈", "Go!", "오래된 미래를 찾아서"])
def test_a_headline_in_other_words_than_the_text_stays(title: str) -> None:
    body = f"<div><h3>{title}</h3><h4>가람시 다리 새로 놓는다</h4><div>{TEXT}</div></div>"
    assert read(body, title=title).title == title


def test_the_row_of_a_book_in_a_review_is_no_headline() -> None:
    found = read(f"<h1>{TITLE}</h1><div>{TEXT}<dl><dt>제목</dt><dd>다리 위의 사람들</dd></dl></div>")
    assert found.title == TITLE


@pytest.mark.parametrize(
    "box",
    [
        "<b>가상일보를 응원해 주세요</b><p>여러분의 후원이 기사를 만듭니다.</p><a>정기후원 하기</a>",
        "<p>매일 아침 뉴스레터로 만나는 소식</p><form><input type='email'><button>구독하기</button></form>",
        "<b>후원으로 함께해 주세요</b><a href='/d'>후원하기</a>",
    ],
)
def test_boxes_that_ask_for_support_or_an_address_are_none_of_the_text(box: str) -> None:
    first, *rest = (f"<p>{line}</p>" for line in LINES)
    found = read(f"<h1>{TITLE}</h1><div>{first}<div>{box}</div>{''.join(rest)}</div>")
    assert (found.body or "").split("\n") == LINES


@pytest.mark.parametrize(
    "said",
    [
        "동영상 플레이어를 재생하려면 자바스크립트를 사용하세요.",
        "현재 브라우저는 video 태그를 지원하지 않습니다.",
        "오디오를 재생하려면 최신 브라우저를 이용해 주세요",
    ],
)
def test_what_a_player_says_of_the_browser_is_no_text(said: str) -> None:
    found = read(f"<h1>{TITLE}</h1><div><div><video src='/v'></video><p>{said}</p></div>{TEXT}</div>")
    assert (found.body or "").split("\n") == LINES


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("[인사] 가람시", "◇ 국장급 전보 ▲ 기획조정실장 한나비 ▲ 복지국장 오하늘"),
        (
            "[부고] 한나비(가람시 예산담당관)씨 부친상",
            "▲ 한나비(가람시 예산담당관)씨 부친상=27일 가람의료원, 발인 29일.",
        ),
    ],
)
def test_a_roll_of_people_has_no_sentence_and_no_description_of_its_own(title: str, text: str) -> None:
    about = "가람시 시민의 신문 가상일보, 가람시와 예산과 다리와 도서관과 학교의 소식을 가장 빠르게 전합니다."
    head = f'<meta property="og:description" content="{about}">'
    body = f"<h3>{title}</h3><p>입력 2026.11.20 09:30</p><div id='articleBody'>{text}</div>"
    assert read(body, head=head, title=title).body == text
    left = body.replace(text, "사진을 누르면 크게 볼 수 있다.")
    assert extraction(page(left, head=head, title=title), None, URL).kind is not PageKind.ARTICLE


@pytest.mark.parametrize(
    "other", ["<p>{}</p>", "<div><b>다른 소식</b><p>{}</p></div>", "<p><a href='/n/2'>소식</a> {}</p>"]
)
def test_more_than_a_page_of_other_stories_is_no_text_either(other: str) -> None:
    line = "이웃 고을의 장터가 새 단장을 마치고 문을 열어 손님을 맞았다고 군청이 밝혔다. 주민들은 반겼다."
    head = f'<meta property="og:description" content="{LINES[0]}">'
    left = (
        f"<div><h1>{TITLE}</h1><p>한나비 기자 2026.11.20 09:30</p></div><div>{other.format(line) * 40}</div>"
    )
    assert extraction(page(left, head=head), None, URL).kind is PageKind.QUARANTINED
    assert extraction(page(f"<div>{TEXT * 12}</div>", head=head), None, URL).kind is PageKind.ARTICLE


OPENING = (
    "가람시가 다리를 새로 놓기로 한 것은 지난해 여름 큰물에 노을교의 기둥 하나가 기울었기 때문이다. "
    "그날 밤 다리를 건너던 주민 네 사람이 가까스로 빠져나왔고, 시는 이튿날부터 다리를 막은 채 안전을 살폈다. "
    "점검에는 석 달이 걸렸으며 그 결과를 두고 시와 의회는 봄까지 여러 차례 머리를 맞댔다. "
    "주민들은 그동안 먼 길을 돌아 장을 보러 다녀야 했다고 시 관계자는 말했다."
)


@pytest.mark.parametrize(
    ("over", "is_text"),
    [
        ("<section><p>{}</p></section>", True),
        ("<section><h3>AI 요약</h3><p>{}</p></section>", False),
        ("<section><div>{}</div></section>", False),  # no paragraph
        ("<section class='article-desc'><p>{}</p></section>", False),
        ("<section><img src='/1.jpg'><p>{}</p></section>", False),
    ],
)
@pytest.mark.parametrize("told", [True, False])
def test_a_long_paragraph_in_a_box_over_the_text_opens_it(over: str, is_text: bool, told: bool) -> None:
    head = f'<meta property="og:description" content="{OPENING}">' if told else ""
    text = "".join(f"<p>{n}번째 다리를 두고 {line}</p>" for n in range(2, 60) for line in LINES)
    body = f"<h1>{TITLE}</h1><p>한나비 기자 2026.11.20 09:30</p>{over.format(OPENING)}<hr><div>{text}</div>"
    found = (read(f"<main>{body}</main>", head=head).body or "").split("\n")
    assert (found[0] == OPENING) is (is_text and not told)
    assert found[-1].endswith(LINES[-1])


# --- a title element that names the house alone ------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("<table><tr><td class='tit'><b>{title}</b></td></tr><tr><td>{text}</td></tr></table>", TITLE),
        ("<div class='art_tit'>{title}</div><div>{text}</div>", TITLE),
        ("<div><b>{title}</b></div><div>{text}</div>", None),
        (
            "<table><tr><th>제목</th><td>{title}</td></tr><tr><th>작성자</th><td>한도윤</td></tr></table>"
            "<div>{text}</div>",
            TITLE,
        ),
        ("<div class='title'>오늘 본 상품</div><div>{text}</div>", None),
    ],
)
@pytest.mark.parametrize("house", ["들판뉴스", "가람일보 : 인쇄하기"])
def test_the_houses_name_is_no_headline(printed: str, title: str | None, house: str) -> None:
    body = printed.format(title=TITLE, text=TEXT)
    dated = f'<meta property="article:published_time" content="{WHEN}">'
    head = f'<meta charset="utf-8"><title>{house}</title>{dated}'
    found = article(f'<html lang="ko"><head>{head}</head><body>{body}</body></html>', None, URL)
    assert (found.title, (found.body or "").split("\n")) == (title, LINES)


# --- rows over a text --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "people"),
    [
        (
            "<div><span>글 한도윤</span><span>사진 오하늘</span><em>2026.11.20 09:30</em></div>",
            ["한도윤", "오하늘"],
        ),
        ("<p><b>글 한도윤</b> <b>사진 오하늘</b> 2026.11.20 09:30</p>", ["한도윤", "오하늘"]),
        ("<div>취재 한도윤 · 정리 오하늘 | 2026.11.20 09:30</div>", ["한도윤", "오하늘"]),
        ("<div>26.11.20 09:30 | 한도윤 기자</div>", ["한도윤"]),
        ("<ul><li>한도윤 기자</li><li>26-11-20 09:30</li><li>조회 17</li></ul>", ["한도윤"]),
    ],
)
def test_who_and_when_are_read_from_a_row(row: str, people: list[str]) -> None:
    for body in (
        f"<div><h1>{TITLE}</h1>{row}{TEXT}</div>",
        f"<h1>{TITLE}</h1>{row}<div class='txt'>{TEXT}</div>",
    ):
        found = read(body)
        assert ([b.name for b in found.bylines], published(found)) == (people, WHEN)
        assert (found.body or "").split("\n") == LINES


def test_a_text_for_those_without_scripts_has_the_head_of_its_page() -> None:
    head = f"<h1>{TITLE}</h1><div>2026.11.20 09:30 한도윤 기자</div><div id=app></div>"
    found = read(f"{head}<noscript><div>{TEXT}</div></noscript>")
    assert ([b.name for b in found.bylines], published(found)) == (["한도윤"], WHEN)


@pytest.mark.parametrize("flag", ["<span class='flag'>단독</span>", "<em>LIVE</em>", ""])
def test_a_flag_in_a_box_of_its_own_is_no_word_of_the_headline(flag: str) -> None:
    body = f"<h1>{flag}{TITLE}</h1><div>2026.11.20 09:30 한도윤 기자</div><div class='txt'>{TEXT}</div>"
    head = f'<meta charset="utf-8"><title>{TITLE} - 가상일보</title>'
    found = article(f'<html lang="ko"><head>{head}</head><body>{body}</body></html>', None, URL)
    assert found.title == TITLE


@pytest.mark.parametrize(
    "notice",
    [
        "<footer><p>Copyright © 가상일보 무단전재·재배포·AI 학습 이용을 금합니다</p></footer>",
        "<div><img src='c.gif' alt='저작권자 ⓒ 가상일보. 무단 전재와 재배포를 금합니다'></div>",
        "<p>ⓒ 가상일보. 무단 전재 및 재배포 불허</p>",
    ],
)
def test_a_notice_that_forbids_by_another_word_than_the_usual_is_one(notice: str) -> None:
    found = read(f"<h1>{TITLE}</h1><div class='txt'>{TEXT}</div>{notice}")
    assert (found.rights.holder, found.rights.no_reproduction, found.rights.no_redistribution) == (
        "가상일보",
        True,
        True,
    )


@pytest.mark.parametrize("name", ["dek", "standfirst"])
def test_a_standfirst_is_no_part_of_the_text(name: str) -> None:
    head = f"<h1>{TITLE}</h1><p class='{name}'>낡은 다리 셋, 예산 420억원</p>"
    found = read(f"<div class='story'>{head}{TEXT}</div>")
    assert (found.subtitle, (found.body or "").split("\n")) == ("낡은 다리 셋, 예산 420억원", LINES)


@pytest.mark.parametrize(
    "printed",
    [
        '가람시<span class="is-hidden">, </span>낡은 다리 세 곳 새로 놓는다',
        "<span>가람시</span><span>낡은 다리 세 곳 새로 놓는다</span>",
        "가람시 – 낡은 다리 세 곳 새로 놓는다",
    ],
)
def test_a_headline_over_the_text_is_none_of_it_whatever_signs_it_sets(printed: str) -> None:
    found = read(f'<article><div class="text"><h2>{printed}</h2>{TEXT}</div></article>')
    assert (found.title, found.body) == (TITLE, "\n".join(LINES))
