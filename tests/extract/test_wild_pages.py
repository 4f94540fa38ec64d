"""More pages as the world sends them: old markup, furniture in the text, charsets, walls, lists, captions."""

from __future__ import annotations

import pytest

from tests.extract.test_promises import BODY, LD, SITE, B, P, T, Wanted, misread, o, page

ROWS: list[tuple[str, bytes, Wanted, str]] = []


def row(name: str, html: str | bytes, want: Wanted, url: str = SITE) -> None:
    ROWS.append((name, html.encode() if isinstance(html, str) else html, want, url))


def whole(body: str) -> Wanted:
    return {"outcome": "article", "body": body}


row(
    "figure around all",
    page(art='<figure class="article"><img src=/a.jpg width=500>%s</figure>'),
    whole(BODY),
)
row("br lines", page(body="<br><br>".join(P), art='<div class="view_con">%s</div>'), whole(BODY))
row(
    "br in td",
    page(body="<br/>\n<br/>".join(P), art='<table><tr><td class="newsbody">%s</td></tr></table>'),
    whole(BODY),
)
row("pre", page(body="\n\n".join(P), art="<pre>%s</pre>"), whole(BODY))
row("unclosed p", page(body="<p>" + "<p>".join(P), art='<div id="txt">%s</div>'), whole(BODY))
row(
    "font",
    page(body="".join(f'<p><font size=3><span style="font-family:x">{p}</span></font></p>' for p in P)),
    whole(BODY),
)
row(
    "div paragraphs",
    page(body="".join(f"<div>{p}</div>" for p in P), art='<div class="article_txt">%s</div>'),
    whole(BODY),
)
row(
    "mixed p div",
    page(body=f"<p>{P[0]}</p><div>{P[1]}</div><p>{P[2]}</p>", art='<div class="article_txt">%s</div>'),
    whole(BODY),
)
row(
    "section per p",
    page(body="".join(f'<section><div class="t">{p}</div></section>' for p in P)),
    whole(BODY),
)
row("amp", page().replace("<html", "<html amp"), whole(BODY))
row(
    "ad between",
    page(B.replace("</p><p>", '</p><div class="ad_wrap"><script>x()</script>광고</div><p>', 1)),
    whole(BODY),
)
row("ins ad", page(B.replace("</p><p>", '</p><ins class="adsbygoogle">광고</ins><p>', 1)), whole(BODY))
row("ins text", page(B.replace("내년 봄까지", "<ins>내년 봄까지</ins>")), whole(BODY))
row("del text", page(B.replace("내년 봄까지", "<u>내년 봄까지</u>")), whole(BODY))
row(
    "related list inside",
    page(
        B.replace(
            "</p><p>",
            '</p><div class="related"><strong>관련기사</strong><ul><li><a href=/1>북교'
            " 통행 막은 이유</a></li><li><a href=/2>시 예산 늘어</a></li></ul></div><p>",
            1,
        )
    ),
    whole(BODY),
)
row(
    "related no class",
    page(
        B + "<p>[관련기사]</p><p><a href=/1>북교 통행 막은 이유</a></p><p><a href=/2>시 예산"
        " 늘어 삼십억</a></p>"
    ),
    whole(BODY),
)
cm = "".join(
    f'<div class="cmt_item"><b>누구{i}</b><p>다리가 생기니 정말 좋네요. 오래 기다린 보람이'
    " 있습니다. 다들 고생 많으셨습니다.</p></div>"
    for i in range(12)
)
row("comments longer", page(art='<article>%s</article><div id="commentWrap">' + cm + "</div>"), whole(BODY))
row(
    "comments longer no class",
    page(art='<div class="view">%s</div><div class="reply_list">' + cm + "</div>"),
    whole(BODY),
)
ck = (
    '<div class="cookie-banner"><p>We use cookies and similar technologies on our website'
    " to personalise content and ads, to provide social media features and to analyse our"
    " traffic. By continuing to use our site you accept our cookie policy.</p><button>Accept"
    "</button></div>"
)
row("cookie banner before", page(art=ck + '<div class="view">%s</div>'), whole(BODY))
row(
    "cookie no class",
    page(art=ck.replace('class="cookie-banner"', 'id="x1"') + '<div class="view">%s</div>'),
    whole(BODY),
)
row(
    "login modal hidden",
    page(
        art=(
            '<div style="display:none" class="login_modal"><p>로그인이 필요한 서비스입니다.'
            ' 로그인 하시겠습니까?</p></div><div class="view">%s</div>'
        )
    ),
    whole(BODY),
)
row(
    "noscript msg",
    page(art='<noscript>이 사이트는 자바스크립트를 활성화해야 합니다.</noscript><div class="view">%s</div>'),
    whole(BODY),
)
row(
    "paywall False str",
    page(body=f"<p>{P[0]}</p>", head=LD % o(headline=T, isAccessibleForFree="False")),
    {"outcome": "not_article"},
)
row(
    "paywall full shown",
    page(
        head=LD
        % o(
            headline=T,
            isAccessibleForFree=False,
            hasPart={"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paid"},
        ),
        art='<div class="paid">%s</div>',
    ),
    whole(BODY),
)
row(
    "og title shorter",
    page(head='<meta property="og:title" content="가상시 다리 세 곳">'),
    {"title": lambda t: t in (T, "가상시 다리 세 곳")},
)
row(
    "ld truncated",
    page(head=LD % o(headline=T[:14] + "…", datePublished="2026-11-20")),
    {"title": lambda t: t.startswith(T[:14])},
)
row("site in front", page(title=T).replace(f"<title>{T}", f"<title>가상신문 :: {T}"), {"title": T})
row(
    "ld day and printed clock",
    page(
        head=LD % o(headline=T, datePublished="2026-11-20"),
        art="<div>입력 2026.11.20 09:30</div><article>%s</article>",
    ),
    {"published_at": "2026-11-20T09:30+09:00"},
)
row(
    "meta case",
    page(head='<META NAME="Article:Published_Time" CONTENT="2026-11-20T09:00:00+09:00">'),
    {"published_at": "2026-11-20T09:00:00+09:00"},
)
row(
    "modified",
    page(
        head=(
            '<meta property="article:modified_time" content="2026-11-20T10:00:00+09:00"><meta'
            ' property="article:published_time" content="2026-11-20T09:00:00+09:00">'
        )
    ),
    {"published_at": "2026-11-20T09:00:00+09:00", "modified_at": "2026-11-20T10:00:00+09:00"},
)
row(
    "printed both",
    page(art="<div>입력 2026.11.20 09:30 | 수정 2026.11.20 11:00</div><article>%s</article>"),
    {"published_at": "2026-11-20T09:30+09:00", "modified_at": "2026-11-20T11:00+09:00"},
)
row(
    "printed two bare",
    page(art="<div>2026-11-20 09:30 2026-11-20 11:00</div><article>%s</article>"),
    {"published_at": "2026-11-20T09:30+09:00"},
)
row(
    "half day",
    page(art="<div>입력 2026.11.20. 오후 3:30</div><article>%s</article>"),
    {"published_at": "2026-11-20T15:30+09:00"},
)
e = page()
for name, cs in [
    ("declared euc but utf8", e.replace('charset="utf-8"', 'charset="euc-kr"').encode()),
    ("ks_c", e.replace('charset="utf-8"', 'charset="ks_c_5601-1987"').encode("cp949")),
    ("no charset cp949", e.replace('<meta charset="utf-8">', "").encode("cp949")),
    ("utf16 bom", e.encode("utf-16")),
    ("utf8 bom declared euc", b"\xef\xbb\xbf" + e.replace('charset="utf-8"', 'charset="euc-kr"').encode()),
    (
        "cp949 extended 뷁",
        page(B + "<p>뷁이라는 소리가 났다고 한 주민이 말했다.</p>")
        .replace('charset="utf-8"', 'charset="euc-kr"')
        .encode("cp949"),
    ),
]:
    row("charset " + name, cs, {"outcome": "article", "body": lambda b: b.startswith(BODY)})
row(
    "cut utf8 char",
    e.encode().replace("세우기로".encode(), "세우기로".encode()[:-1], 1),
    {"outcome": "article"},
)
row(
    "og:url other",
    page(head='<meta property="og:url" content="https://news.example.kr/">'),
    {"outcome": "article"},
)
row(
    "base href",
    page(B + '<img src="p/a.jpg" width=600>', head='<base href="https://img.example.kr/x/">'),
    {"outcome": "article"},
)
row(
    "list page",
    "<html><head><title>정치</title></head><body><ul>"
    + "".join(f'<li><a href="/view/{i}">{P[i % 3][:40]}</a></li>' for i in range(30))
    + "</ul></body></html>",
    {"outcome": "not_article"},
)
row(
    "list with teasers",
    "<html><head><title>정치</title></head><body>"
    + "".join(
        f'<div class="item"><h3><a href="/view/{i}">제목 {i} {P[i % 3][:20]}</a></h3><p>{P[i % 3][:90]}'
        "</p></div>"
        for i in range(15)
    )
    + "</body></html>",
    {"outcome": "not_article"},
)
row(
    "article with many links list",
    page(
        B
        + "<ul>"
        + "".join(f'<li><a href="/x{i}">북교 {i}구간</a> 길이는 {i}0m이다.</li>' for i in range(1, 9))
        + "</ul>"
    ),
    {"outcome": "article", "body": lambda b: b.startswith(BODY) and "북교 8구간 길이는 80m이다." in b},
)
row(
    "blank page",
    "<html><head><title>x</title></head><body></body></html>",
    {"outcome": lambda x: x in ("not_article", "quarantined")},
)
row(
    "error 500 text",
    "<html><head><title>오류</title></head><body><h1>서비스 점검 중입니다</h1><p>시스템"
    " 점검으로 서비스 이용이 제한됩니다. 잠시 후 다시 이용해 주세요.</p></body></html>",
    {"outcome": lambda x: x != "article"},
)
row(
    "english block",
    "<html><head><title>Attention Required! | Cloudflare</title></head><body><h1>Sorry,"
    " you have been blocked</h1><p>You are unable to access news.example.kr</p><p>This"
    " website is using a security service to protect itself from online attacks.</p></body>"
    "</html>",
    {"outcome": "blocked"},
)
row(
    "js challenge",
    "<html><head><title>Just a moment...</title></head><body><div>Enable JavaScript and"
    " cookies to continue</div></body></html>",
    {"outcome": "blocked"},
)
row(
    "consent wall kr",
    "<html><head><title>개인정보</title></head><body><p>당사는 서비스 제공을 위해 쿠키를"
    " 사용합니다. 계속 이용하시면 쿠키 사용에 동의하는 것으로 간주됩니다.</p><button>동의"
    "</button></body></html>",
    {"outcome": "blocked"},
)
row(
    "age wall",
    "<html><head><title>성인인증</title></head><body><p>이 정보내용은 청소년 유해매체물로서"
    " 19세 미만의 청소년은 이용할 수 없습니다.</p><p>본인 인증 후 이용해 주세요.</p></body>"
    "</html>",
    {"outcome": lambda x: x != "article"},
)
row(
    "news about captcha",
    page(body="<p>자동등록방지 문자를 사람보다 기계가 더 잘 읽는다는 연구 결과가 나왔다.</p>" + B),
    {"outcome": "article"},
)
row(
    "news about blocked access",
    page(
        body="<p>접속이 차단된 누리집이 열 곳에 이른다고 시가 밝혔다.</p>",
        head='<meta property="article:published_time" content="2026-11-20T09:00:00+09:00">',
    ),
    {"outcome": "article"},
)
row(
    "captions two",
    page(
        '<div class="photo"><img src=/a.jpg width=500><p>첫째 다리. 연합뉴스</p></div>'
        + B
        + '<div class="photo"><img src=/b.jpg width=500><p>둘째 다리. /가상시 제공</p></div>'
    ),
    {"body": BODY, "images": [("첫째 다리.", "연합뉴스"), ("둘째 다리.", "가상시 제공")]},
)
row(
    "caption table",
    page(
        '<table class="img"><tr><td><img src=/a.jpg width=500></td></tr><tr><td>첫째 다리.'
        " 연합뉴스</td></tr></table>" + B
    ),
    {"body": BODY, "images": [("첫째 다리.", "연합뉴스")]},
)
row(
    "caption em",
    page(
        '<span class="end_photo_org"><img src=/a.jpg width=500><em class="img_desc">첫째'
        " 다리. 연합뉴스</em></span>" + B
    ),
    {"body": BODY, "images": [("첫째 다리.", "연합뉴스")]},
)
row(
    "caption dl",
    page('<dl class="article_img"><dt><img src=/a.jpg width=500></dt><dd>첫째 다리. 연합뉴스</dd></dl>' + B),
    {"body": BODY, "images": [("첫째 다리.", "연합뉴스")]},
)
row(
    "figure no caption tag",
    page("<figure><img src=/a.jpg width=500><span>첫째 다리. 연합뉴스</span></figure>" + B),
    {"body": BODY, "images": [("첫째 다리.", "연합뉴스")]},
)
row(
    "lead para",
    page(B.replace(P[0], "(가상=가상통신) 김서윤 기자 = " + P[0])),
    {"bylines": [("김서윤", "기자", None)], "dateline.place": lambda x: x in ("가상", None)},
)
row(
    "byline header",
    page(
        art=(
            '<div class="info"><span>김서윤 기자</span><span>2026.11.20 09:00</span></div>'
            "<article>%s</article>"
        )
    ),
    {"bylines": [("김서윤", "기자", None)], "published_at": "2026-11-20T09:00+09:00"},
)
row("author meta", page(head='<meta name="author" content="김서윤">'), {"bylines": [("김서윤", None, None)]})
row(
    "author meta is site",
    page(head='<meta name="author" content="가상신문"><meta property="og:site_name" content="가상신문">'),
    {"bylines": []},
)
row(
    "dable",
    page(head='<meta property="dable:author" content="김서윤">'),
    {"bylines": [("김서윤", None, None)]},
)
row(
    "author ld string",
    page(head=LD % o(headline=T, author="김서윤 기자")),
    {"bylines": [("김서윤", "기자", None)]},
)
row(
    "author ld list str",
    page(head=LD % o(headline=T, author=["김서윤", "박도현"])),
    {"bylines": [("김서윤", None, None), ("박도현", None, None)]},
)
row(
    "author ld org",
    page(
        head=LD
        % o(headline=T, author={"@type": "Organization", "name": "가상신문"}, publisher={"name": "가상신문"})
    ),
    {"bylines": []},
)
row(
    "author ld email",
    page(
        head=LD % o(headline=T, author={"@type": "Person", "name": "김서윤", "email": "ksy@news.example.kr"})
    ),
    {"bylines": lambda b: b and b[0][0] == "김서윤"},
)
row(
    "footer notice",
    page()[:-14] + "<footer><p>등록번호: 서울 아00001 | 발행인: 홍길동 | 편집인: 홍길동</p><p>Copyright"
    " ⓒ 가상신문. All rights reserved. 무단 전재 및 재배포 금지</p></footer></body></html>",
    {"body": BODY, "bylines": [], "rights.holder": "가상신문", "rights.no_reproduction": True},
)
row(
    "publisher by footer",
    page()[:-14] + "<footer><p>Copyright ⓒ 가상신문. All rights reserved. 무단 전재 및 재배포 금지</p>"
    "</footer></body></html>",
    {"publisher": "가상신문"},
)
row(
    "social embed iframe",
    page(B.replace("</p><p>", '</p><iframe src="https://www.youtube.com/embed/x"></iframe><p>', 1)),
    whole(BODY),
)
row("svg text", page(B.replace("</p><p>", "</p><svg><text>그림 글</text></svg><p>", 1)), whole(BODY))
row("audio", page('<div class="tts"><audio></audio><span>기사 듣기</span></div>' + B), whole(BODY))
row(
    "share bar",
    page(
        '<div class="sns_area"><a href="#">페이스북</a><a href="#">트위터</a><button>공유</button></div>' + B
    ),
    whole(BODY),
)
row("font size bar", page('<div class="fontsize">가 가 가 <button>인쇄</button></div>' + B), whole(BODY))
row(
    "summary ai",
    page('<div class="ai_summary"><strong>AI 요약</strong><p>다리 세 곳을 새로 놓는다.</p></div>' + B),
    {"outcome": "article", "body": lambda b: b.endswith(BODY)},
)
row("blockquote", page(f"<p>{P[0]}</p><blockquote><p>{P[1]}</p></blockquote><p>{P[2]}</p>"), whole(BODY))
row(
    "subheads",
    page(f"<p>{P[0]}</p><h3>민원 늘어</h3><p>{P[1]}</p><strong>야간 공사</strong><p>{P[2]}</p>"),
    whole("\n".join([P[0], "민원 늘어", P[1], "야간 공사", P[2]])),
)
row(
    "list in article",
    page(f"<p>{P[0]}</p><ul><li>북교: 20m</li><li>남교: 30m</li></ul><p>{P[2]}</p>"),
    whole("\n".join([P[0], "북교: 20m", "남교: 30m", P[2]])),
)
row(
    "data table",
    page(
        f"<p>{P[0]}</p><table><tr><th>다리</th><th>길이</th></tr><tr><td>북교</td><td>20m"
        f"</td></tr></table><p>{P[2]}</p>"
    ),
    whole("\n".join([P[0], "다리\t길이", "북교\t20m", P[2]])),
)
row(
    "two articles",
    page(
        art=(
            "<article>%s</article><article><h2>다른 소식</h2><p>다른 소식의 첫 문장이 여기에"
            " 있다고 한다. 둘째 문장도 있다.</p></article>"
        )
    ),
    {"outcome": "article", "body": lambda b: b.startswith(P[0]) and P[2] in b},
)
for slip in ("<br\\>", "<br;>", "<br.>", "<br\\/>"):
    row(f"a slip {slip}", page(body=(slip * 2).join(P), art='<div class="view_con">%s</div>'), whole(BODY))
row(
    "a slip that ends in no tag",
    page(body="<br\\>".join(P) + "<p,<br>", art='<div class="view_con">%s</div>'),
    {"outcome": "article", "body": lambda b: b.startswith(P[0]) and P[-1] in b},
)
row(
    "a time in a wrapper called sidebar",
    page(
        art='<div id="sidebar"><h1>다리 세 곳</h1><span class="byline"><time class="entry-date"'
        ' datetime="2026-11-20T09:00:00+09:00">금요일</time></span>%s</div>'
    ),
    {"published_at": "2026-11-20T09:00:00+09:00", "body": BODY},
)


@pytest.mark.parametrize(("html", "want", "url"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_a_page_is_read_as_a_reader_sees_it(html: bytes, want: Wanted, url: str) -> None:
    assert misread(html, want, url) == {}
