"""Real pages of other people, read where they are: short facts about them, never their sentences."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml.html import HTMLParser, document_fromstring

from crawler.extract.blocks import walk
from crawler.extract.selectors import select
from crawler.normalise.article_json import as_json
from crawler.sources.daum import SOURCE as DAUM
from crawler.sources.fnnews import SOURCE as FNNEWS
from storage.records import Article, PageKind

from .pages import SHARED, article, shared

DAUM_BODIES = sorted((SHARED / "daum_bodies").glob("*.html"))
FURNITURE = (
    "가나다라마바사",
    "매우 작은 폰트",
    "글자크기",
    "음성 기사",
    "Translated by",
    "주요 뉴스",
    "댓글",
    "자동요약",
)
PROMOTION = ("구독하세요", "제보는", "카톡 채팅", "앱 다운받기", "무단전재", "무단 전재", "재배포")


def read_daum(name: str, ident: str = "20231101070012345") -> Article:
    return article(shared(name), DAUM, f"https://v.daum.net/v/{ident}")


def test_the_wire_page_of_2018() -> None:
    found = read_daum("daum_raw/20180516162315753.html", "20180516162315753")
    record = as_json(found)
    assert found.extractor == "daum/2022"
    assert (found.publisher, found.section) == ("뉴시스", "정치")
    assert record["published_at"] == "2018-05-16T16:23:12+09:00"
    assert record["copyright_notice"] == "ⓒ 공감언론 뉴시스통신사. 무단전재-재배포 금지"
    assert [(p.name, p.role, p.email) for p in found.bylines] == [("이근홍", "기자", "lkh2011@newsis.com")]
    assert found.dateline is not None
    assert (found.dateline.place, found.dateline.agency) == ("서울", "뉴시스")
    assert found.body is not None
    assert len(found.body.split("\n")) == 5
    assert "홍효식" not in found.body  # the photographer, in the caption
    assert "yesphoto@" not in found.body
    assert found.summary is not None
    assert len(found.images) == 1
    assert "https://v.daum.net/v/oU43f89lSh" in found.aliases


def test_the_interview_page_of_2020() -> None:
    found = read_daum("daum_raw/20200522093902880.html", "20200522093902880")
    record = as_json(found)
    assert found.publisher == "노컷뉴스"
    assert record["published_at"] == "2020-05-22T09:39:02+09:00"
    assert record["modified_at"] == "2020-05-22T10:21+09:00"
    assert record["copyright_notice"] == "저작권자ⓒ CBS 노컷뉴스(www.nocutnews.co.kr) 무단전재 및 재배포 금지"
    assert found.byline_line == "CBS 김현정의 뉴스쇼"
    assert found.bylines == ()
    assert found.subtitle is not None
    assert len(found.subtitle.split("\n")) == 4
    assert found.body is not None
    assert found.body.count("◇ 김현정>") > 40
    assert found.body.count("◆ 박지원>") > 40
    assert found.images[0].url.startswith("https://t1.daumcdn.net/news/202005/22/nocut/")


@pytest.mark.parametrize("name", ["20180516162315753", "20200522093902880"])
def test_no_furniture_of_the_page_is_in_a_body(name: str) -> None:
    body = read_daum(f"daum_raw/{name}.html", name).body or ""
    assert [word for word in (*FURNITURE, *PROMOTION) if word in body] == []


def printed_blocks(path: Path) -> list[str]:
    """Every block of the last section but figures, by a walk of its own: what a reader reads."""
    tree = document_fromstring(path.read_bytes(), parser=HTMLParser(encoding="utf-8"))
    section = select(tree, "section[dmcf-sid]")[-1]
    for element in select(section, "figure, .video_frm, script"):
        element.drop_tree()
    return [b.text for b in walk(section)]


def words(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("path", DAUM_BODIES, ids=lambda p: p.stem)
def test_nothing_of_a_real_body_is_lost(path: Path) -> None:
    found = read_daum(f"daum_bodies/{path.name}")
    assert found.kind is PageKind.ARTICLE
    kept = words(found.body or "")
    put_away = words("".join(r.text for r in found.removed))
    missing = [b for b in printed_blocks(path) if words(b) not in kept and words(b) not in put_away]
    missing = [b for b in missing if not all(words(part) in kept + put_away for part in b.split(" / "))]
    assert missing == []
    whole = sum(len(words(b)) for b in printed_blocks(path))
    assert whole - len(kept) <= 250, "more than a tail was taken off"


@pytest.mark.parametrize("path", DAUM_BODIES, ids=lambda p: p.stem)
def test_no_caption_signature_notice_or_promotion_is_in_a_real_body(path: Path) -> None:
    found = read_daum(f"daum_bodies/{path.name}")
    body = found.body or ""
    captions = [i.caption for i in found.images if i.caption and len(i.caption) > 20]
    assert [c for c in captions if c in body] == []
    last = body.split("\n")[-1]
    assert "@" not in last, "a signature"
    assert [word for word in PROMOTION if word in body] == []


def test_the_fragments_of_later_templates() -> None:
    found = read_daum("daum_fragments/news_view_20230518_moneytoday.html")
    assert found.extractor == "daum/2023"
    assert found.rights.notice == "저작권자 ⓒ '돈이 보이는 리얼타임 뉴스' 머니투데이"
    assert [p.email for p in found.bylines] == ["vividhan@mt.co.kr"]
    assert (found.body or "").count("\n") == 3
    test = read_daum("daum_fragments/test_20260927095437316.html", "20260927095437316")
    assert test.publisher == "디지털타임스"
    assert test.summary is not None
    assert test.summary not in (test.body or "")
    assert "제공" not in (test.body or "")
    chrome = read_daum("daum_fragments/portal_chrome_2026_test.html")
    assert chrome.rights.notice == "Copyright © 동아일보. 무단 전재, 재배포 및 AI학습 이용 금지."
    assert chrome.rights.no_ai_training
    assert (chrome.body or "").count("\n") == 2


def test_the_fnnews_fragment() -> None:
    body = shared("fnnews_fragments/test_2026_article-view.html")
    found = article(body, FNNEWS, "https://www.fnnews.com/news/202607110610286257")
    assert (found.extractor, found.publisher) == ("fnnews/2026", "파이낸셜뉴스")
    assert found.title is not None
    assert found.title.startswith("SK하이닉스")
    assert (found.body or "").count("\n") == 2
    assert "유산" not in (found.body or "")  # a recommended story inside the article element


def test_a_search_list_is_no_article() -> None:
    assert read_daum("daum_fragments/search_list_20260903_item1.html").kind is PageKind.NOT_ARTICLE


OTHERS = [
    # file, address, publisher, minute, names, e-mails, paragraphs (least, most)
    (
        "fundus/HankookIlbo_2025_05_15.html",
        "https://www.hankookilbo.com/News/Read/A1",
        "한국일보",
        "2025-05-15T20:00",
        ["구현모"],
        ["ninek@hankookilbo.com"],
        (11, 13),
    ),
    (
        "fundus/HankookIlbo_2026_01_29.html",
        "https://www.hankookilbo.com/news/article/A1",
        "한국일보",
        "2026-01-29T18:40",
        ["신현주"],
        ["spicy@hankookilbo.com"],
        (10, 12),
    ),
    (
        "fundus/MBN_2025_05_27.html",
        "https://www.mk.co.kr/news/sports/1",
        "매일경제",
        "2025-05-28T01:05",
        ["임정우"],
        ["happy23@mk.co.kr"],  # in the reporter's box under the text
        (9, 9),
    ),
    (
        "fundus/MBN_2025_05_29.html",
        "https://www.mk.co.kr/news/stock/1",
        "매일경제",
        "2025-05-30T00:23",
        ["이종화"],
        ["andrewhot12@mk.co.kr"],
        (17, 17),
    ),
    (
        "fundus/MBN_2025_06_03.html",
        "https://www.mk.co.kr/news/politics/1",
        "매일경제",
        "2025-06-04T02:37",
        ["배윤경", "이상현", "한수진", "김혜진"],
        ["bykj@mk.co.kr", "lee.sanghyun@mk.co.kr", "han.sujin@mk.co.kr", "heyjiny@mk.co.kr"],
        (38, 40),
    ),
    (
        "goose3/donga_korean.html",
        "https://news.donga.com/3/all/1",
        "동아일보",
        "2013-10-24T03:00",
        ["최윤호"],
        ["uknow@donga.com"],
        (17, 19),
    ),
    (
        "htmldate/1538026996.html",
        "http://m.daejonilbo.com/mnews.asp?pk_no=1",
        "대전일보",
        "2020-03-04T16:52",
        ["이용민"],
        [],
        (6, 6),
    ),
    (
        "aeb/entermedia_8576.html",
        "http://www.entermedia.co.kr/news/1",
        "엔터미디어",
        "2018-08-25T15:24",
        ["정덕현"],
        ["thekian1@entermedia.co.kr"],
        (10, 12),
    ),
    (
        "derived_euckr/news.naver.com__main__read.naver-0b6fd8.html",
        "https://news.naver.com/main/read.naver",
        "연합뉴스",
        "2017-04-20T15:53",
        ["우영식"],  # .byline, under the text
        [],
        (3, 3),
    ),
]


@pytest.mark.parametrize("row", OTHERS, ids=lambda row: Path(row[0]).stem[:20])
def test_pages_of_other_publishers(
    row: tuple[str, str, str, str, list[str], list[str], tuple[int, int]],
) -> None:
    name, url, publisher, minute, names, mails, (least, most) = row
    found = article(shared(name), None, url)
    record = as_json(found)
    assert (found.kind, found.extractor, found.publisher) == (PageKind.ARTICLE, "generic/1", publisher)
    assert record["published_at"][:16] == minute
    assert [p.name for p in found.bylines] == names
    assert [p.email for p in found.bylines if p.email] == mails
    assert found.title is not None
    assert publisher not in found.title
    body = found.body or ""
    assert least <= len(body.split("\n")) <= most
    assert [w for w in (*PROMOTION, "관심 있을 만한", "$$", "확대보기", "기사입력") if w in body] == []
    assert [i.caption for i in found.images if i.caption and len(i.caption) > 20 and i.caption in body] == []


def test_notices_of_other_publishers() -> None:
    rights = {row[0]: article(shared(row[0]), None, row[1]).rights for row in OTHERS}
    assert rights["htmldate/1538026996.html"].notice == "<저작권자ⓒ대전일보사. 무단전재-재배포 금지>"
    assert rights["aeb/entermedia_8576.html"].holder == "엔터미디어"
    assert rights["fundus/MBN_2025_05_27.html"].no_ai_training
    assert rights["fundus/HankookIlbo_2026_01_29.html"].notice is None


def test_a_page_in_euc_kr_is_its_utf_8_twin() -> None:
    name, url = OTHERS[-1][:2]
    body = shared(name)
    assert article(body, None, url) == article(body.decode("cp949").encode(), None, url)


def test_a_list_page_in_euc_kr_is_no_article() -> None:
    body = shared("derived_euckr/news.naver.com__main__list.naver-ada6ba.html")
    assert article(body, None, "https://news.naver.com/main/list.naver").kind is PageKind.NOT_ARTICLE


def test_the_printed_link_to_the_original() -> None:
    found = read_daum("daum_bodies/po2023111091616987990211.html")
    assert found.original_url == "https://imnews.imbc.com/news/2023/politics/article/6539084_36119.html"
    assert found.rules["original_url"] == "body.original_link"
    assert "imnews.imbc.com" not in (found.body or "")


def test_the_subtitle_that_only_a_script_carries() -> None:
    name, url = next(row[:2] for row in OTHERS if "HankookIlbo_2026" in row[0])
    found = article(shared(name), None, url)
    assert found.rules["subtitle"] == "script subTitle"
    assert len((found.subtitle or "").split("\n")) == 3
