"""Who signed, by the element that is called so: over the text, and in a box under it."""

from __future__ import annotations

import pytest

from tests.extract.pages import article

URL = "https://www.hanbit-journal.example/read/202611020001"
LINES = (
    "가상시가 내년 봄 북쪽 강변에 보행교를 새로 놓기로 했다고 20일 밝혔다.",
    "시는 예산 120억 원을 들여 길이 300미터의 다리를 세우고, 밤에도 걸을 수 있게 조명을 단다.",
    "주민 설명회는 다음 달 3일 시청 대강당에서 열리며, 누구나 신청 없이 들을 수 있다.",
)
TEXT = "".join(f"<p>{line}</p>" for line in LINES)
HEAD = '<meta property="og:type" content="article"><meta property="og:title" content="보행교 새로 놓는다">'


def people(
    around: str, *, below: str = "", head: str = ""
) -> list[tuple[str | None, str | None, str | None]]:
    html = (
        f'<html lang="ko"><head><meta charset="utf-8">{HEAD}{head}</head><body><main><article>'
        f"<h1>보행교 새로 놓는다</h1>{around}<div class='text'>{TEXT}</div></article>{below}</main>"
        "</body></html>"
    )
    found = article(html, None, URL)
    assert found.body == "\n".join(LINES)
    return [(p.name, p.role, p.email) for p in found.bylines]


@pytest.mark.parametrize(
    ("printed", "right"),
    [
        ("<p class='by'><span>金夏潭</span> <time>2026年11月20日</time></p>", [("金夏潭", None, None)]),
        (
            "<p class='author'>Von <a rel='author'>Lena Ahrend</a>, Moorhafen</p>",
            [("Lena Ahrend", None, None)],
        ),
        (
            "<p class='byline'>By <a>Han Seo-jin</a> and Park Do-yun</p>",
            [("Han Seo-jin", None, None), ("Park Do-yun", None, None)],
        ),
        (
            "<div itemprop='author'><span>오하늘</span> <span>과학전문기자</span>"
            " <a href='mailto:ha@b.example'>메일</a></div>",
            [("오하늘", "과학전문기자", "ha@b.example")],
        ),
        ("<p>By Lena E. Ahrend</p>", [("Lena E. Ahrend", None, None)]),
        ("<div>By <span>Lena E. Ahrend</span></div>", [("Lena E. Ahrend", None, None)]),
        (
            "<div class='author-name'><div>By</div> <a href='/people/lena'>Lena Ahrend</a></div>",
            [("Lena Ahrend", None, None)],
        ),
        (
            "<a class='Author-authorName'>Lena Ahrend<i class='Author-authorUnderline'></i></a>",
            [("Lena Ahrend", None, None)],
        ),
        ("<p class='author'>Written by Lena E. Ahrend</p>", [("Lena E. Ahrend", None, None)]),
        ("<a rel='author' href='/p/1'>Lena Ahrendsen</a>", [("Lena Ahrendsen", None, None)]),
        ("<p class='byline'>Lena Ahrendsen Twitter</p>", []),
        ("<div itemprop='author'>Lena Ahrendsen Marta Vidal</div>", []),
        ("<p class='by'>제보는 언제든지 환영합니다</p>", []),
        (
            "<p class='byline'><span>오하늘 기자</span><span>승인 2026-11-20 09:30</span></p>",
            [("오하늘", "기자", None)],
        ),
        ("<p>작성자 <b><span>오하늘</span></b> 조회 12 작성일 26-11-20 09:30</p>", [("오하늘", None, None)]),
        ("<p><b>문화재</b> <em>입력</em> <i>2026.11.20 09:30</i></p>", []),
        ("<p>노출 2026.11.20 09:30</p>", []),
        ("<p>오하늘 2026.11.20 09:30</p>", [("오하늘", None, None)]),
        ("<p>시민기자단 오하늘 2026.11.20 09:30</p>", [("오하늘", None, None)]),
        ("<p>기자명 시민기자단 오하늘</p>", [("오하늘", None, None)]),
        ("<ul><li>기자명 金夏潭 기자</li><li>입력 2026.11.20</li></ul>", [("金夏潭", "기자", None)]),
        ("<ul><li>기자명 마리아 로페스 통신원</li></ul>", [("마리아 로페스", "통신원", None)]),
        ("<ul><li>작성자 : 오하늘 시인</li></ul>", [("오하늘", "시인", None)]),
        ("<ul><li>기자명 ha@b.example</li></ul>", [(None, None, "ha@b.example")]),
        ("<ul><li>기자명 가람봇</li><li>입력 2026.11.20</li></ul>", []),
        ("<p class='byline'>by Lena Ahrend<br>Monday, April 6, 2020</p>", [("Lena Ahrend", None, None)]),
        (
            "<p class='byline'>Monday April 6, 2020 4:05 pm PDT by Lena Ahrend</p>",
            [("Lena Ahrend", None, None)],
        ),
        (
            "<p class='byline'>By Lena Ahrend and Han Seo-jin<br>"
            "Monday, April 06, 2020, 04:05 pm PT (07:05 pm ET)</p>",
            [("Lena Ahrend", None, None), ("Han Seo-jin", None, None)],
        ),
        (
            "<div class='byline'>By Lena Ahrend and Han Seo-jin"
            "<p>Published April 6, 2020</p><p>Share</p></div>",
            [("Lena Ahrend", None, None), ("Han Seo-jin", None, None)],
        ),
        ("<p class='byline'>오하늘 기자<script>var a = 1;</script></p>", [("오하늘", "기자", None)]),
        ("<p class='byline'><style>.x{color:red}</style>오하늘 기자</p>", [("오하늘", "기자", None)]),
        ("<p class='byline'>오하늘 기자<noscript>켜 주세요</noscript></p>", [("오하늘", "기자", None)]),
        (
            "<p class='byline'>오하늘 기자<select><option>가</option></select></p>",
            [("오하늘", "기자", None)],
        ),
    ],
)
def test_the_element_that_is_called_the_byline(printed: str, right: list[tuple[str | None, ...]]) -> None:
    assert people(printed) == right


@pytest.mark.parametrize(
    "beside",
    [
        "<a href='/r/1'>기자페이지</a><span>조회 32</span>",
        "<span>구독</span><span>댓글 3</span><span>조회수 1,204</span>",
        "<em>다리 위의 사람들을 씁니다</em>",
        "<p>경제부 산업 담당, 전 가상방송 앵커</p>",
        "<p>“독자에게 먼저 갑니다”</p>",
        "<p>가상시 강변로 12, 3층</p>",
        "<p>입력 : 2026.11.20 09:30</p><p>글자크기 가+ 가-</p>",
        "<p>승인 2026.11.20 09:30</p><p>호수 1204</p>",
        "<p>공유하기</p><p>인쇄</p>",
        "<br>조회 32 추천 4",
    ],
)
@pytest.mark.parametrize("called", ["class='byline'", "class='writer'"])
def test_what_stands_beside_a_byline_in_its_element_takes_no_author(beside: str, called: str) -> None:
    """Buttons, counters, a self-description: the line with the name reads by itself."""
    assert people(f"<div {called}><span>오하늘 기자</span>{beside}</div>") == [("오하늘", "기자", None)]


def test_the_line_stands_in_only_where_the_whole_element_misses_somebody() -> None:
    whole = "<p class='byline'><b>오하늘 기자</b> <span>ha@b.example</span></p>"
    assert people(whole) == [("오하늘", "기자", "ha@b.example")]
    two = "<p class='byline'><b>오하늘 기자</b>, <b>金夏潭 特派員</b></p>"
    assert [name for name, _, _ in people(two)] == ["오하늘", "金夏潭"]


def test_a_box_that_lists_its_reporters_gives_each() -> None:
    first = "<li><b>오하늘</b> 기자 <a href='mailto:ha@b.example'>메일</a></li>"
    box = f"<div class='reporter_area'><ul>{first}{{}}</ul></div>"
    assert people("", below=box.format("<li><b>민다온</b> 기자 <button>구독</button></li>")) == [
        ("오하늘", "기자", "ha@b.example"),
        ("민다온", "기자", None),
    ]
    assert people("", below=box.format("<li>도서관 기자 간담회</li>"))[1:] == []


def test_a_box_under_the_text_gives_the_address() -> None:
    box = "<div class='writer'><strong>오하늘 기자</strong><a>ha@b.example</a><a>다른기사 보기</a></div>"
    apart = "<div><em class='reporter_nm'>오하늘 기자</em><i class='reporter_mail'>ha@b.example</i></div>"
    named = ("writer", "reporter_card", "account", "article-journalist-x", "newsAuthorBox")
    for one in (*(box.replace("writer", name) for name in named), apart):
        assert people("<p>오하늘 기자 입력 2026.11.20 09:30</p>", below=one) == [
            ("오하늘", "기자", "ha@b.example")
        ]


@pytest.mark.parametrize(
    "box",
    [
        "<div class='hot-reporter-rank'>한도윤 기자 do@b.example</div>",
        "<div class='reporter-jebo'>오하늘 기자에게 제보하기 jebo@b.example</div>",
        "<footer class='site-author'>발행인 오하늘별 pub@b.example</footer>",
    ],
)
def test_what_is_called_like_a_box_only_completes_who_is_named(box: str) -> None:
    assert people("<p>오하늘 기자 입력 2026.11.20 09:30</p>", below=box) == [("오하늘", "기자", None)]
    assert people("<p>입력 2026.11.20 09:30</p>", below=box) == []


@pytest.mark.parametrize(
    ("above", "boxed", "right"),
    [
        ("<p>오하늘 기자 입력 2026.11.20 09:30</p>", "한도윤{n}", [("오하늘", "기자", None)]),
        ("<p>오하늘 기자 입력 2026.11.20 09:30</p>", "오하늘", [("오하늘", "기자", None)]),
        ("<p>입력 2026.11.20 09:30</p>", "한도윤", []),
    ],
)
def test_many_boxes_are_a_list_of_other_stories(
    above: str, boxed: str, right: list[tuple[str | None, ...]]
) -> None:
    boxes = "".join(f"<div class='writer'>{boxed.format(n=n)} 기자 a{n}@b.example</div>" for n in range(9))
    assert people(above, below=f"<div class='most'>{boxes}</div>") == right


def test_linked_data_gives_role_and_address() -> None:
    data = (
        '{"@type":"NewsArticle","headline":"보행교 새로 놓는다","author":'
        '{"@type":"Person","name":"차은결","jobTitle":"기자","email":"mailto:cha@b.example"}}'
    )
    head = f'<script type="application/ld+json">{data}</script>'
    assert people("", head=head) == [("차은결", "기자", "cha@b.example")]


def test_lists_hundreds_deep_name_nobody_and_leave_the_article() -> None:
    deep = "[" * 700 + '"차은결 기자"' + "]" * 700
    data = f'{{"@type":"NewsArticle","headline":"보행교 새로 놓는다","author":{deep}}}'
    assert people("", head=f'<script type="application/ld+json">{data}</script>') == []


@pytest.mark.parametrize(
    ("printed", "right"),
    [
        ("<div class='PostByline__wrap'><a class='x-9'>Lena Ahrend</a></div>", ["Lena Ahrend"]),
        ("<a href='/editors/lena-ahrend'>Lena Ahrend</a>", ["Lena Ahrend"]),
        ("<nav class='story-authors'><span>By</span><span>Lena Ahrend</span></nav>", ["Lena Ahrend"]),
        (
            "<ul><li class='css-1-byline'>Lena Ahrend</li><li class='css-2-byline'>Han Seo-jin</li></ul>",
            ["Lena Ahrend", "Han Seo-jin"],
        ),
        ("<p class='byline'>Lena Ahrend - <time>Aug 10, 2026</time></p>", ["Lena Ahrend"]),
        ("<p class='meta-byline'>Lena Ahrend / HNA / Aug 10, 2026, 11:05</p>", ["Lena Ahrend"]),
        ("<div class='kicker-author'>By Lena Ahrend<br>More stories<br>View All</div>", ["Lena Ahrend"]),
        ("<p itemprop='author creator'><a>Lena Ahrend</a></p>", ["Lena Ahrend"]),
        (
            "<figure><p itemprop='author'>Marta Vidal</p></figure><p class='x-author'>Lena Ahrend</p>",
            ["Lena Ahrend"],
        ),
        ("<div class='author-tools'><a>View All</a><a>Follow Us</a><a>E-mail Lena</a></div>", []),
        ("<div class='x-authors'>Lena Ahrend Marta Vidal</div>", []),
        ("<div class='authorised'>Marta Vidal</div>", []),
        ("<p class='x-reporter'>문화재</p>", []),
        ("<p class='x-reporter'>오하늘 기자</p>", ["오하늘"]),
        ("".join(f"<p class='x-author'>Lena Ahr{end}</p>" for end in "abcdefg"), []),
    ],
)
def test_what_speaks_of_an_author_beside_the_headline(printed: str, right: list[str]) -> None:
    assert [name for name, _, _ in people(printed)] == right


def test_what_is_called_an_author_under_the_text_is_of_others() -> None:
    below = "<section><a href='/author/marta'>Marta Vidal</a><p class='card-byline'>Marta Vidal</p></section>"
    assert people("", below=below) == []


@pytest.mark.parametrize("name", ["parsely-author", "sailthru.author", "DC.creator", "dcterms:creator"])
def test_the_meta_elements_that_name_who_wrote(name: str) -> None:
    assert people("", head=f'<meta name="{name}" content="Lena Ahrend">') == [("Lena Ahrend", None, None)]


def test_of_names_in_pieces_the_page_may_tell_a_machine_more() -> None:
    told = "".join(
        f'{{"@type": "Person", "name": "{name}"}},' for name in ("Lena Ahrend", "Jan Moor", "Ida Bo")
    )
    data = f'{{"@type": "NewsArticle", "headline": "보행교 새로 놓는다", "author": [{told[:-1]}]}}'
    head = f'<script type="application/ld+json">{data}</script>'
    printed = "<div>By <a>Lena Ahrend</a> <i>0</i>, <a>Jan Moor</a> &amp; <i>…</i></div>"
    found = people(printed, head=head)
    assert [name for name, _, _ in found] == ["Lena Ahrend", "Jan Moor", "Ida Bo"]
    assert people(printed) == [("Lena Ahrend", None, None)]


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("<span class='byline'>Par <a>Lena Ahrend</a> <i>Le 7 avril 2026 à 19h37</i></span>", "Lena Ahrend"),
        ("<span class='byline'>By <a>Lena Le</a> <i>April 7, 2026</i></span>", "Lena Le"),
    ],
)
def test_the_word_before_a_french_time_is_no_name(printed: str, name: str) -> None:
    assert [found for found, _, _ in people(printed)] == [name]
