"""A container -> paragraphs: the furniture goes, with its rule; the article stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.sources.daum import SOURCE as DAUM
from crawler.sources.fnnews import SOURCE as FNNEWS
from storage.records import PageKind
from storage.records.extraction import Extraction

from .pages import SENTENCE, daum_page, extraction

P = "<p dmcf-pid='a' dmcf-ptype='general'>{}</p>"
D = "<div dmcf-pid='a' dmcf-ptype='general'>{}</div>"
FIRST, SECOND = "첫 문단이다. 값은 4.5% 올랐다.", "둘째 문단이다(中略)."


def read(body: str, *, around: str = "") -> Extraction:
    found = extraction(daum_page(body, around=around), DAUM)
    assert found.kind is PageKind.ARTICLE
    return found


@pytest.mark.parametrize(
    "body",
    [
        P.format(FIRST) + P.format(SECOND),
        P.format(FIRST) + D.format(SECOND),
        D.format(FIRST) + P.format(SECOND),
        D.format(f"<br>{FIRST}<br><br>{SECOND}<br>"),
        D.format(f"\n  <p>{FIRST}</p>\n") + D.format(f"<div></div><p>{SECOND}</p>"),
        D.format(f"{FIRST}<div><span>{SECOND}</span></div>"),
        f"<p>{FIRST}</p><p>{SECOND}</p>",
        f"{FIRST}<br>{SECOND}",
        P.format(f"{FIRST}<br>{SECOND}"),
        f"{FIRST}<figure><figcaption>설명</figcaption></figure>{SECOND}",
        f"<b>{FIRST}</b><div class='video_frm'><iframe src='//tv.example/1'></iframe></div>{SECOND}",
        f"<br>{FIRST}<br><div style='display:none'>잡것</div>{SECOND}",
    ],
)
def test_no_paragraph_is_lost_whatever_holds_it(body: str) -> None:
    assert read(body).paragraphs == (FIRST, SECOND)


@pytest.mark.parametrize(
    ("rule", "thing"),
    [
        (
            "caption",
            "<figure dmcf-ptype='figure'><img src='a.jpg'><figcaption>잡것</figcaption></figure>",
        ),
        ("caption", "<table><tr><td><img src='a.jpg'></td></tr><tr><td>잡것</td></tr></table>"),
        (
            "embed",
            "<div class='video_frm' dmcf-ptype='embed'><iframe src='//tv.kakao.com/1'></iframe>잡것</div>",
        ),
        ("widget without dmcf-ptype", "<div class='ad_body2'><p>잡것</p><ins data-ad-unit='x'></ins></div>"),
        ("widget without dmcf-ptype", "<ul class='list_news'><li><a href='/v/1'>잡것</a></li></ul>"),
        (
            "widget without dmcf-ptype",
            "<div class='box'><a href='/v/1'>잡것</a> <a href='/v/2'>잡것 둘</a></div>",
        ),
        ("hidden", P.format("<span style='display:none'>잡것</span>")),
        ("hidden", "<p hidden>잡것</p>"),
        ("notice", "<p data-translation='true'>저작권자ⓒ 잡것. 무단전재 금지</p>"),
        ("automatic summary", P.format("<span class='layer_summary'>잡것</span>")),
        ("font layer", P.format("<span class='set_view'>잡것 이 글자크기로 변경됩니다.</span>")),
        ("box", "<div><p><b>3줄 요약</b></p><p>잡것</p></div>"),
        ("box", "<h3>■ AI 기사 요약</h3><ul><li>잡것</li></ul>"),
        ("box", "<div><strong>AI가 요약한 기사</strong><ul><li>잡것</li></ul></div>"),
        ("box", "<details><summary>🤖 기사 요약</summary><p>잡것</p></details>"),
        ("box", "<div><div><strong>요약봇</strong> 베타</div><p>잡것</p></div>"),
        ("box", "<div><strong>번역 설정</strong><ul><li>English</li><li>잡것</li></ul></div>"),
        ("box", "<div><button>기사 듣기</button><span>잡것</span></div>"),
        ("box", "<div><p>글자크기 설정</p><ul><li>가</li><li>잡것</li></ul></div>"),
        ("button", "<input type='radio' id='slow'><label for='slow'>잡것</label>"),
        ("related links", D.format("관련기사<br><a href='/v/1'>잡것 하나</a><br><a href='/v/2'>잡것 둘</a>")),
    ],
)
def test_what_is_not_the_article_goes_with_its_rule(rule: str, thing: str) -> None:
    found = read(P.format(FIRST) + thing + P.format(SECOND))
    assert found.paragraphs == (FIRST, SECOND)
    assert rule in {r.rule for r in found.removed}
    assert any("잡것" in r.text for r in found.removed)


@pytest.mark.parametrize(
    ("kept", "thing"),
    [
        ("작은 제목", "<h3 dmcf-ptype='h3'>작은 제목</h3>"),
        ("작은 제목", D.format("<div data-mce-desctitle='smtitle'><strong>작은 제목</strong></div>")),
        (
            "1쿼터\t21\t18",
            "<table dmcf-ptype='general'><tr><td>1쿼터</td><td>21</td><td>18</td></tr></table>",
        ),
        ("하나 항목", "<ul dmcf-ptype='general'><li>하나 항목</li></ul>"),
        ("인용한 말", "<blockquote dmcf-ptype='pre'>인용한 말</blockquote>"),
        ("문답의 답", "<dl dmcf-ptype='general'><dt>문답의 문</dt><dd>문답의 답</dd></dl>"),
        ("자세한 자료는 여기에 있다", P.format("자세한 자료는 <a href='https://a.example/'>여기</a>에 있다")),
        ("보통", P.format("보통")),
        ("꼬리 글", "<hr dmcf-ptype='line'>꼬리 글"),
        ("표시 없는 상자의 문장이다.", "<div>표시 없는 상자의 문장이다.</div>"),
    ],
)
def test_what_a_reader_calls_the_article_stays(kept: str, thing: str) -> None:
    assert kept in read(P.format(FIRST) + thing + P.format(SECOND)).paragraphs


@pytest.mark.parametrize(
    "thing",
    [
        "<div><p><b>글자 크기</b></p><p>글자 크기는 열두 단계다.</p></div>",
        "<p>AI 요약</p><p>기계가 줄인 글을 사람이 고쳤다.</p>",
        "<p>기사 요약 서비스가 문을 열었다.</p>",
        "<p>3 11 24 31 40 45</p>",
        "<p>페이스북 트위터 45</p>",
        "<p>관련 기사를 <a href='/v/1'>처음 쓴</a> 것은 이 신문이다.</p>",
        "<p>18:00 / 20:30 두 차례 상영한다.</p>",
    ],
)
def test_what_only_looks_like_a_box_stays(thing: str) -> None:
    found = read(P.format(FIRST) + thing + P.format(SECOND))
    last = [text for text in thing.replace("<", ">").split(">") if "다." in text or "45" in text][-1]
    assert any(text.endswith(last) for text in found.paragraphs)


@pytest.mark.parametrize(
    "thing",
    [
        "<p>00:00 / 03:12</p>",
        "<p>영상 재생시간 02:15</p>",
        "<p>읽는 시간 약 3분</p>",
        "<p>- 광고 -</p>",
        "<p>{{ item.title }}</p><p>{{item.date}} | {{item.by}}</p>",
        "<p>${title}</p><p><%= day %></p>",
        "<p>이미지 크게 보기</p>",
        "<p><strong>[관련기사]</strong> <a href='/v/1'>다른 기사의 제목</a></p>",
        "<div><h4>이 기사도 보세요</h4><ul><li><a href='/v/1'>다른 기사의 제목</a></li></ul></div>",
        "<div><a href='#'>페이스북</a> <a href='#'>카카오톡</a> <a href='#'>URL 복사</a></div>",
        "<div>0:00 / 12:03 1.0x</div>",
        "<div><strong>1</strong> <a href='?p=2'>2</a> <a href='?p=3'>3</a> <a href='?p=2'>다음</a></div>",
    ],
)
def test_what_controls_print_goes(thing: str) -> None:
    assert read(P.format(FIRST) + thing + P.format(SECOND)).paragraphs == (FIRST, SECOND)


def test_a_wrapper_that_is_named_like_an_advertisement_is_a_body() -> None:
    assert read(
        f"<div dmcf-ptype='general' class='main_ad'><p>{FIRST}</p><p>{SECOND}</p></div>"
    ).paragraphs == (
        FIRST,
        SECOND,
    )


def test_a_body_that_a_script_shows_later_is_a_body() -> None:
    body = f"<div dmcf-ptype='general' style='display:none'><p>{FIRST}</p><p>{SECOND}</p></div>"
    assert read(body).paragraphs == (FIRST, SECOND)


@pytest.mark.parametrize("mark", ["\x01", "\x0b", "&#1;", "&#x1F;", "&#0;", "\uffff", "&#xFFFF;", "&#xD800;"])
def test_control_characters_do_no_harm(mark: str) -> None:
    found = read(
        P.format(FIRST) + f"<figure></figure>{mark}<figure></figure>{mark}" + P.format(SECOND + mark)
    )
    shown = [p.replace("\ufffd", "") for p in found.paragraphs]  # what a browser shows for a lone surrogate
    assert [p for p in shown if p] == [FIRST, SECOND]


def test_references_to_letters_stay() -> None:
    assert read(P.format("&#12354;&#x1F600;&#44032;&#10;&#199;")).paragraphs == ("あ😀가 Ç",)


def test_an_ampersand_beside_a_control_character_stays() -> None:
    body = P.format("&\x01a &&#1; AT&T &amp;&\x03&#x1;끝 &#&#2;")
    assert read(body).paragraphs == ("&a & AT&T &&끝 &#",)


def test_links_at_the_very_end_are_promotion() -> None:
    found = read(
        P.format(FIRST) + P.format(SECOND) + P.format("<a href='https://a.example'>지금 바로 보러 가기</a>")
    )
    assert found.paragraphs == (FIRST, SECOND)


LINKED = (
    "시의회는 다음 달 예산을 심사하며, 통과되면 3월에 첫 공사가 시작된다.",
    "주민들은 밤길이 밝아져 이제 마음 놓고 걷겠다며 반겼다고 시는 전했다.",
)
HEAD = "바다 건너온 감귤 첫 출하"


@pytest.mark.parametrize(
    ("links", "kept"),
    [
        (LINKED[:1], LINKED[:1]),
        (LINKED, LINKED),
        ((*LINKED, HEAD, "산골 분교 졸업식"), LINKED),
        ((HEAD, LINKED[0], "산골 분교 졸업식", LINKED[1]), ()),
        ((f"▶ {LINKED[0]}", f"▶ {LINKED[1]}"), ()),
        (("첫 눈 왔다.", "산골 분교 졸업식"), ()),
    ],
)
def test_linked_paragraphs_at_the_end_are_text_and_teasers_are_not(
    links: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    end = "".join(P.format(f"<a href='https://a.example/{n}'>{text}</a>") for n, text in enumerate(links))
    assert read(P.format(FIRST) + P.format(SECOND) + end).paragraphs == (FIRST, SECOND, *kept)


def test_the_rule_says_what_trafilatura_had_lost() -> None:
    found = read("".join(P.format(f"{SENTENCE} {i}") for i in range(5)))
    assert found.body_rule == "section: trafilatura"


CHROME = [
    "<div class='foot_view'><ul class='list_relate'><li><a href='/v/9'>다른 기사 제목</a></li></ul></div>",
    "<div class='layer_summary'><p>자동으로 만든 요약이다.</p></div>",
    "<div class='set_view fs_type1'><p>이 글자크기로 변경됩니다.</p></div>",
    "<div class='cmt_view'><p>댓글 한 줄이다.</p></div>",
    "<p data-translation='true'>저작권자ⓒ 가상일보 무단전재 금지</p>",
    "<aside><h3>많이 본 기사</h3><ol><li>순위 기사</li></ol></aside>",
]
WORDS = st.text(alphabet="가나다라마바사 아자차카.,%()中0123456789", min_size=1, max_size=60).filter(
    lambda t: bool(set(t) - set("가 "))  # 가 가 alone are buttons for the size of letters
)


@settings(max_examples=40, deadline=None)
@given(
    paragraphs=st.lists(WORDS, min_size=1, max_size=6), chrome=st.lists(st.sampled_from(CHROME), max_size=6)
)
def test_chrome_never_changes_the_body(paragraphs: list[str], chrome: list[str]) -> None:
    body = "".join((P if i % 2 else D).format(t) for i, t in enumerate(paragraphs))
    bare, dressed = read(body), read(body, around="".join(chrome))
    assert bare.paragraphs == tuple(" ".join(t.split()) for t in paragraphs)
    assert dressed.paragraphs == bare.paragraphs


@settings(max_examples=25, deadline=None)
@given(paragraphs=st.lists(WORDS, min_size=1, max_size=6))
def test_reading_what_was_read_changes_nothing(paragraphs: list[str]) -> None:
    once = read("".join(P.format(t) for t in paragraphs)).paragraphs
    assert read("".join(P.format(t) for t in once)).paragraphs == once


def test_recommended_stories_inside_the_article_element_stay_out() -> None:
    html = (
        "<html><body><article class='article-view'><h1 class='article-view__title'>제목</h1>"
        f"<div class='article-view__body'><p>{FIRST}</p><p>{SECOND}</p>"
        "<br><div class='article-view__tags'><a>#표</a></div>"
        "<div class='article-view_copyright'>※ 저작권자 ⓒ 파이낸셜뉴스</div></br></div>"
        "<section class='article-list article-list--horizontal'>"
        "<article><h3>추천 기사</h3></article></section>"
        "</article></body></html>"
    )
    found = extraction(html, FNNEWS, "https://www.fnnews.com/news/202607101030112233")
    assert found.paragraphs == (FIRST, SECOND)
    assert [t.value for t in found.tags] == ["표"]
    assert [n.value for n in found.notices] == ["※ 저작권자 ⓒ 파이낸셜뉴스"]


@pytest.mark.parametrize(
    ("box", "body"),
    [
        (
            "<div class='articlePhotoR'><img src='/1.jpg'><span class='t'>홍길동 대표</span></div>",
            [FIRST, SECOND],
        ),
        (
            "<div class='photo'><div class='photo_in'><img src='/1.jpg'></div><b>홍길동 대표</b></div>",
            [FIRST, SECOND],
        ),
        ("<div class='photo'><img src='/1.jpg'><br>셋째 문단이다.</div>", [FIRST, "셋째 문단이다.", SECOND]),
        ("<div class='photo'>셋째 문단이다.</div>", [FIRST, "셋째 문단이다.", SECOND]),
    ],
)
def test_a_box_called_after_its_picture_is_a_caption(box: str, body: list[str]) -> None:
    found = read(f"<div dmcf-ptype='general'>{FIRST}<br>{box}{SECOND}</div>")
    assert list(found.paragraphs) == body
    captions = [r.text for r in found.removed if r.rule == "caption"]
    assert captions == (["홍길동 대표"] if len(body) == 2 else [])


SUMMARY = "<ul><li>다리 세 곳을 새로 놓는다.</li><li>예산은 420억원이다.</li></ul>"


@pytest.mark.parametrize(
    "box",
    [
        f"<div><h4>이 기사 3줄 요약</h4>{SUMMARY}</div>",
        f"<div><h4>한눈에 보는 AI 요약</h4>{SUMMARY}</div>",
        f"<div><h4>기사 요약 (AI)</h4>{SUMMARY}</div>",
        f"<strong>AI 3줄 요약</strong>{SUMMARY}",
        f"<div>{SUMMARY}<p>※ AI가 요약한 내용으로 본문과 다를 수 있습니다.</p></div>",
        f"{SUMMARY}<p>※ AI가 요약한 내용으로 본문과 다를 수 있습니다.</p>",
        f'<div class="view_ai-summary">{SUMMARY}</div>',
        f"<div><h4>AI-generated summary</h4>{SUMMARY}</div>",
    ],
)
def test_a_machines_summary_is_none_of_the_text(box: str) -> None:
    lines = tuple(f"{SENTENCE} {i}번째 다리는 길이가 210m다." for i in range(3))
    text = "".join(f"<p>{line}</p>" for line in lines)
    page = f"<html><body><h1>다리 세 곳 새로 놓는다</h1><div>{box}{text}</div></body></html>"
    assert extraction(page, None, "https://www.gasang.example/news/1").paragraphs == lines


def test_paragraphs_called_captions_on_a_page_without_a_picture_are_text() -> None:
    lines = tuple(f"{SENTENCE} {i}번째 문단이다." for i in range(5))
    text = "".join(f'<p class="txt-caption">{line}</p>' for line in lines)
    page = f"<html><body><h1>다리 세 곳 새로 놓는다</h1><div>{text}</div></body></html>"
    assert extraction(page, None, "https://www.gasang.example/news/1").paragraphs == lines
