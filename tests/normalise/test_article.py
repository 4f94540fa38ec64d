"""Raw strings -> the typed article: which string wins, and that nothing is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.normalise.article import normalise
from crawler.normalise.article_json import as_json, explained, time_text
from crawler.sources.daum import SOURCE as DAUM
from crawler.sources.fnnews import SOURCE as FNNEWS
from storage.records import Article, CapturedPage, Instant, PageKind, Removal
from storage.records.extraction import Extraction, Raw, RawImage

URL = "https://v.daum.net/v/20231101070012345"
PAGE = CapturedPage(url=URL, body=b"", captured_at=datetime(2026, 1, 1, tzinfo=UTC))


def raw(value: str, rule: str = "rule") -> Raw:
    return Raw(value=value, rule=rule)


def made(url: str = URL, source: object = DAUM, page: CapturedPage = PAGE, **fields: object) -> Article:
    name = getattr(source, "name", None)
    defaults = {"extractor": "daum/2023", "kind": PageKind.ARTICLE, "site_id": "20231101070012345"}
    extraction = Extraction(url=url, source=name, **{**defaults, **fields})  # type: ignore[arg-type]
    return normalise(extraction, page, source)  # type: ignore[arg-type]


def test_every_field_carries_the_rule_that_gave_it() -> None:
    article = made(
        title=raw("제목", "h3.tit_view"),
        publisher=raw("뉴시스", "og:article:author"),
        published=raw("2023. 11. 1. 07:00", ".num_date"),
        paragraphs=("[서울=뉴시스] 한가람 기자 = 비가 온다.", "garam@newsis.com"),
        body_rule="section: trafilatura",
        notices=(raw("ⓒ 공감언론 뉴시스통신사. 무단전재-재배포 금지", "p[data-translation]"),),
    )
    assert article.rules["title"] == "h3.tit_view"
    assert article.rules["publisher"] == "og:article:author"
    assert article.rules["published"] == ".num_date"
    assert article.rules["body"] == "section: trafilatura"
    assert article.rules["rights"] == "p[data-translation]"
    assert article.rules["bylines"] == "lead-in+signature"
    filled = {k for k, v in as_json(article).items() if v not in (None, [], False)}
    unruled = filled - {"url", "source", "extractor", "outcome"}
    renamed = {"published_at": "published", "copyright_notice": "rights"}
    assert {renamed.get(f, f) for f in unruled} <= set(article.rules)


def test_the_tail_is_not_the_body_and_is_kept() -> None:
    article = made(
        paragraphs=("비가 온다.", "한가람 기자 garam@newsis.com", "▶ 지금 구독하세요"),
        removed=(Removal(rule="caption", text="설명"),),
    )
    assert article.body == "비가 온다."
    assert [r.text for r in article.removed] == ["설명", "한가람 기자 garam@newsis.com", "▶ 지금 구독하세요"]
    assert [(p.name, p.email) for p in article.bylines] == [("한가람", "garam@newsis.com")]


def test_the_page_s_time_comes_before_the_id_and_never_the_fetch() -> None:
    printed = made(published=raw("2023. 11. 2. 05:00"))
    assert printed.published is not None
    assert printed.published.at == datetime(2023, 11, 1, 20, 0, tzinfo=UTC)
    by_id = made()
    assert by_id.published is not None
    assert by_id.published.at == datetime(2023, 10, 31, 22, 0, 12, tzinfo=UTC)
    assert by_id.rules["published"] == "site id"
    assert made(site_id=None).published is None


@pytest.mark.parametrize(
    ("precision", "expected"),
    [("second", "2023-11-01T07:00:12+09:00"), ("minute", "2023-11-01T07:00+09:00"), ("day", "2023-11-01")],
)
def test_a_time_is_written_as_exactly_as_it_is_known(precision: str, expected: str) -> None:
    at = datetime(2023, 10, 31, 22, 0, 12, tzinfo=UTC)
    assert time_text(Instant(at=at, precision=precision, raw="")) == expected


def test_the_page_s_own_notice_comes_first_and_all_flags_count() -> None:
    article = made(
        paragraphs=("비가 온다.", "[저작권자(c) YTN 무단전재, 재배포 및 AI 데이터 활용 금지]"),
        notices=(raw("번역 안내"), raw("저작권자 ⓒ YTN. 무단전재 금지", "p[data-translation]")),
    )
    assert article.rights.notice == "저작권자 ⓒ YTN. 무단전재 금지"
    assert article.rights.no_ai_training
    assert article.rights.no_redistribution


def test_on_an_unknown_site_the_body_s_notice_comes_before_the_footer() -> None:
    article = made(
        url="https://www.gasang.example/1",
        source=None,
        site_id=None,
        paragraphs=("비가 온다.", "저작권자 ⓒ 가상일보 무단전재 및 재배포 금지"),
        notices=(raw("Copyright ⓒ 가상그룹. All rights reserved. 무단 전재 금지", "notice line"),),
    )
    assert article.rights.notice == "저작권자 ⓒ 가상일보 무단전재 및 재배포 금지"


def test_a_notice_that_is_told_of_the_page_and_of_the_body_keeps_its_place() -> None:
    own, footer = (
        "ⓒ 가상일보 & gasang.example, 무단 전재 및 재배포 금지",
        "Copyright ⓒ 가상그룹. 무단 전재 금지",
    )
    for extractor in ("generic/1", "daum/2022"):
        article = made(
            extractor=extractor,
            paragraphs=("비가 온다.", own),
            notices=(raw(own, "notice line"), raw(footer, "notice line")),
        )
        assert article.rights.notice == own


def test_machine_signals_stand_beside_the_notice() -> None:
    page = CapturedPage(
        url=URL, body=b"", x_robots_tag="noai", tdm_reservation="1", tdm_policy="https://a.example/p"
    )
    rights = made(page=page, robots_meta="noindex", tdm_meta="0").rights
    assert (rights.x_robots_tag, rights.tdm_reservation, rights.tdm_policy) == (
        "noai",
        "1",
        "https://a.example/p",
    )
    assert rights.robots_meta == "noindex"
    assert made(tdm_meta="1").rights.tdm_reservation == "1"
    assert rights.notice is None


def test_wire_copy_has_a_publisher_and_another_rights_holder() -> None:
    article = made(
        url="https://www.fnnews.com/news/202610090610281234",
        source=FNNEWS,
        publisher=raw("파이낸셜뉴스", "source"),
        byline_line=raw("뉴스1"),
        paragraphs=("(안성=뉴스1) 백로운 기자 = 간판이 늘었다.",),
        notices=(raw("Copyright ⓒ 뉴스1. All rights reserved. 무단 전재 및 재배포 금지."),),
    )
    assert (article.publisher, article.rights.holder) == ("파이낸셜뉴스", "뉴스1")
    assert article.syndicated
    assert [p.name for p in article.bylines] == ["백로운"]


def test_a_portal_page_is_syndicated_and_the_portal_is_no_publisher() -> None:
    article = made(publisher=raw("다음 - MBC"))
    assert article.syndicated
    assert article.publisher == "MBC"
    assert made(publisher=raw("다음뉴스")).publisher is None


def test_the_publisher_that_a_source_declares_is_its_pages_where_they_name_none() -> None:
    """It was read nowhere: a page without a name was its notice's, a reprint the agency's."""
    village = replace(FNNEWS, publisher="마을신문")
    agency = {"notices": (raw("ⓒ 연합뉴스. 무단전재-재배포 금지"),), "paragraphs": ("비가 온다.",)}
    url = "http://www.maeul.example/view3.html"
    article = made(url, village, **agency)
    assert (article.publisher, article.rules["publisher"]) == ("마을신문", "declared by the source")
    assert article.rights is not None
    assert article.rights.holder == "연합뉴스"
    assert made(url, village, publisher=raw("이웃일보"), **agency).publisher == "이웃일보"
    assert made(url, replace(village, syndicates=True), **agency).publisher == "연합뉴스"


def test_the_publisher_is_last_of_all_read_from_a_picture_s_path() -> None:
    image = RawImage(url="https://t1.daumcdn.net/news/202311/01/fnnewsi/1.jpg", caption="설명. 사진=뉴시스")
    article = made(images=(image,))
    assert (article.publisher, article.rules["publisher"]) == ("파이낸셜뉴스", "image path")
    assert (article.images[0].caption, article.images[0].credit) == ("설명.", "뉴시스")


@pytest.mark.parametrize(
    ("declared", "body", "expected"),
    [
        ("en", "비가 온다. 내일은 갠다.", "ko"),
        ("ko-KR", "It will rain tomorrow in Seoul.", "ko"),
        ("en", "It will rain tomorrow in Seoul (서울).", "en"),
        (None, "It will rain.", None),
        (None, "비가 온다.", "ko"),
    ],
)
def test_the_language_is_that_of_the_text(declared: str | None, body: str, expected: str | None) -> None:
    article = made(language=raw(declared) if declared else None, paragraphs=(body,))
    assert article.language == expected


def test_addresses_are_canonical_and_never_doubled() -> None:
    article = made(
        canonical_url=URL,
        aliases=("https://v.daum.net/v/oUx1b2c3d4#top", URL, "https://v.daum.net/v/oUx1b2c3d4"),
        original_url=raw("http://www.fnnews.com/news/202311010700123456?utm_source=daum"),
    )
    assert article.url == URL
    assert article.aliases == ("https://v.daum.net/v/oUx1b2c3d4",)
    assert article.original_url == "http://www.fnnews.com/news/202311010700123456"
    assert made(original_url=raw("javascript:void(0)")).original_url is None


def test_a_photo_is_an_article_without_a_body() -> None:
    article = made(title=raw("[포토] 눈"), images=(RawImage(url="https://a.example/1.jpg", caption=None),))
    assert article.kind is PageKind.ARTICLE
    assert article.body is None
    assert "body" not in article.rules


@pytest.mark.parametrize("kind", [PageKind.NOT_ARTICLE, PageKind.GONE, PageKind.QUARANTINED])
def test_what_is_no_article_has_no_fields(kind: PageKind) -> None:
    article = made(
        kind=kind,
        reason="Why.",
        title=raw("제목"),
        publisher=raw("뉴시스"),
        published=raw("2023. 11. 1. 07:00"),
    )
    assert (article.kind, article.reason) == (kind, "Why.")
    assert (article.title, article.publisher, article.published, article.site_id) == (None, None, None, None)
    record = as_json(article)
    assert (record["outcome"], record["reason"]) == (kind.value, "Why.")


def test_the_json_object_has_the_keys_of_the_command() -> None:
    keys = (
        "url source publisher title subtitle body section tags language extractor published_at modified_at"
        " dateline bylines copyright_notice rights images original_url summary outcome"
    )
    article = made(paragraphs=("(포항=연합뉴스) 임새솔 기자 = 비가 온다.", "끝"))
    record = as_json(article)
    assert list(record) == keys.split()
    assert set(record["rights"]) == {
        "holder", "year", "no_reproduction", "no_redistribution", "no_ai_training", "no_collection",
    }  # fmt: skip
    assert record["dateline"] == {"place": "포항", "agency": "연합뉴스", "raw": "(포항=연합뉴스)"}
    assert set(record["bylines"][0]) == {"name", "role", "email", "organisation", "place", "raw"}
    assert set(explained(article)) - set(record) == {"rules", "removed"}


def test_the_same_extraction_gives_the_same_article() -> None:
    fields = {
        "title": raw("제목"),
        "paragraphs": ("(포항=연합뉴스) 임새솔 기자 = 비가 온다.", "saesol@yna.co.kr"),
    }
    assert made(**fields) == made(**fields)  # type: ignore[arg-type]
