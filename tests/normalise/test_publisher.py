from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalise.abroad import is_abroad
from crawler.normalise.publisher import (
    TABLE,
    is_portal,
    publisher_name,
    publisher_of_daum_image,
    publisher_of_holder,
    publisher_of_url,
)

ROWS = tomllib.loads(TABLE.read_text(encoding="utf-8"))["publishers"]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("연합뉴스", "연합뉴스"),
        ("Yonhap", "연합뉴스"),
        ("연합뉴스TV", "연합뉴스TV"),
        ("News1", "뉴스1"),
        ("뉴스1", "뉴스1"),
        ("CBS노컷뉴스", "노컷뉴스"),
        ("CBS 노컷뉴스", "노컷뉴스"),
        ("노컷뉴스", "노컷뉴스"),
        ("매경", "매일경제"),
        ("매일경제", "매일경제"),
        ("Financial News", "파이낸셜뉴스"),
        ("파이낸셜뉴스", "파이낸셜뉴스"),
        ("fnnews.com", "파이낸셜뉴스"),
        ("www.khan.co.kr", "경향신문"),
        ("SPOTV NEWS", "스포티비뉴스"),
        ("(주)베스트 일레븐", "베스트일레븐"),
        ("  조선\n일보 ", "조선일보"),
        ("ＭＢＣ", "ＭＢＣ"),
        ("TV조선", "TV조선"),
        ("MBC", "MBC"),
        ("대구MBC", "대구MBC"),
        ("전국매일신문", "전국매일신문"),
        ("주간동아", "주간동아"),
        ("어느 동네\t신문", "어느 동네 신문"),
        ("다음 - MBC", "MBC"),
        ("다음뉴스 | 뉴시스", "뉴시스"),
        ("뉴스1 - 다음뉴스", "뉴스1"),
        ("Daum - 어느 동네 신문", "어느 동네 신문"),
        ("다음세대신문", "다음세대신문"),
        ("다음뉴스", None),
        ("다음", None),
        ("Daum", None),
        ("네이버", None),
        ("네이버 뉴스", None),
        ("다음 - 네이버", None),
        ("", None),
        (" \n", None),
        (None, None),
    ],
)
def test_names(raw: str | None, name: str | None) -> None:
    assert publisher_name(raw) == name


@pytest.mark.parametrize(
    ("raw", "url", "name"),
    [
        (None, "https://www.fnnews.com/news/202610090610286257", "파이낸셜뉴스"),
        ("네이버뉴스", "https://www.yna.co.kr/view/AKR1", "연합뉴스"),
        (None, "https://weekly.donga.com/3/all", "주간동아"),
        (None, "https://www.donga.com/news/1", "동아일보"),
        (None, "http://biz.heraldcorp.com/x", "헤럴드경제"),
        ("스포츠조선", "https://www.chosun.com/sports/1", "스포츠조선"),
        (None, "https://v.daum.net/v/20260927095437316", None),
        (None, "https://n.news.naver.com/article/1", None),
        (None, "https://unknown.example/1", None),
        (None, "https://notdonga.com/1", None),
        (None, "no address", None),
    ],
)
def test_domains(raw: str | None, url: str, name: str | None) -> None:
    assert publisher_name(raw, url) == name


PORTAL_FIRST = st.builds("{} - {}".format, st.sampled_from(["다음", "MBC", "Daum "]), st.text())


@given(st.text(max_size=40) | PORTAL_FIRST)
def test_idempotent(raw: str) -> None:
    once = publisher_name(raw)
    assert publisher_name(once) == once
    assert once is None or not is_portal(once)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_every_row_answers_to_all_it_declares(row: dict[str, list[str]]) -> None:
    assert set(row) <= {"name", "aliases", "domains", "daum", "holders", "abroad"}
    for name in (row["name"], *row.get("aliases", ())):
        assert publisher_name(name) == row["name"]
    for domain in row.get("domains", ()):
        assert publisher_of_url(f"https://www.{domain}/x") == row["name"]
    for holder in row.get("holders", ()):
        assert publisher_of_holder(holder) == row["name"]
    if "daum" in row:
        url = f"https://t1.daumcdn.net/news/202311/01/{row['daum']}/20231101093000123abcd.jpg"
        assert publisher_of_daum_image(url) == row["name"]


def test_the_table_is_large_enough() -> None:
    assert len(ROWS) >= 120
    assert sum("daum" in row for row in ROWS) == 20  # the codes of docs/sites/daum.md 2.3


@pytest.mark.parametrize(
    ("holder", "name"),
    [
        ("연합뉴스", "연합뉴스"),
        ("공감언론 뉴시스통신사", "뉴시스"),
        ("CBS 노컷뉴스", "노컷뉴스"),
        ("매경AX", "매일경제"),
        ("Daejonilbo", "대전일보"),
        ("어느 동네 신문", None),
        (None, None),
    ],
)
def test_holders(holder: str | None, name: str | None) -> None:
    assert publisher_of_holder(holder) == name


@pytest.mark.parametrize(
    "url",
    [
        "https://t1.daumcdn.net/news/202311/01/nobody/1.jpg",
        "https://evil.example/news/202311/01/mk/1.jpg",
        "",
    ],
)
def test_other_images_tell_nothing(url: str) -> None:
    assert publisher_of_daum_image(url) is None


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("머니투데이방송(MTN)", "머니투데이방송"),
        ("MTN 머니투데이방송", "머니투데이방송"),
        ("오센(OSEN)", "OSEN"),
        ("코리아중앙데일리 (Korea JoongAng Daily)", "코리아중앙데일리"),
        ("공감언론 뉴시스", "뉴시스"),
        ("머니투데이 MTN", "머니투데이 MTN"),  # two houses
        ("연합뉴스 동네", "연합뉴스 동네"),
    ],
)
def test_a_house_by_two_of_its_names(raw: str, name: str) -> None:
    assert publisher_name(raw) == name


def test_a_house_abroad_is_known_and_not_in_korea() -> None:
    assert publisher_of_url("https://www.bbc.com/news/1") == "BBC"
    assert is_abroad("https://www.bbc.com/news/1", "BBC", "en", [])
    assert not is_abroad("https://en.yna.co.kr/view/1", None, "en", [])


@pytest.mark.parametrize(
    ("raw", "url", "name"),
    [
        ("SBS", "https://biz.sbs.co.kr/article/1", "SBS Biz"),
        ("동아닷컴", "https://sports.donga.com/1", "스포츠동아"),
        ("SBS", "https://news.sbs.co.kr/1", "SBS"),
        ("SBS Biz", "https://news.sbs.co.kr/1", "SBS Biz"),
        ("뉴스1", "https://www.fnnews.com/news/1", "뉴스1"),  # another house's story
        ("대한민국 경제뉴스 뉴스1", "https://www.news1.kr/1", "뉴스1"),
        ("연합뉴스 TV - 대한민국 뉴스의 시작", "https://www.yonhapnewstv.co.kr/1", "연합뉴스TV"),
        ("The Korea Herald - English news", "https://www.koreaherald.com/1", "코리아헤럴드"),
        ("서울경제 시그널", "https://paper.example/1", "서울경제 시그널"),
        ("한국경제 매거진", "https://magazine.hankyung.com/1", "한국경제 매거진"),
    ],
)
def test_a_house_at_its_own_address(raw: str, url: str, name: str) -> None:
    """With a slogan, or by its mother's name where the domain is a part's."""
    assert publisher_name(raw, url) == name
