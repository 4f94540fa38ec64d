"""Captions and credits told apart."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalise.credit import is_credit_line, split_caption

ROWS: list[tuple[str, str | None, str | None]] = [
    ("대통령이 연설하고 있다. /사진=대통령실 제공,뉴시스", "대통령이 연설하고 있다.", "대통령실 제공,뉴시스"),
    ("경기장 전경. 연합뉴스 제공", "경기장 전경.", "연합뉴스 제공"),
    ("경기장 전경 연합뉴스 제공", "경기장 전경", "연합뉴스 제공"),
    ("대통령이 연설하고 있다 [EPA=연합뉴스]", "대통령이 연설하고 있다", "EPA=연합뉴스"),
    ("대통령이 연설하고 있다. [AP/뉴시스]", "대통령이 연설하고 있다.", "AP/뉴시스"),
    ("시상식 모습.[연합뉴스 자료사진]", "시상식 모습.", "연합뉴스 자료사진"),
    ("대통령 (사진=연합뉴스)", "대통령", "연합뉴스"),
    ("회사 전경 [사진=삼성전자]", "회사 전경", "삼성전자"),
    ("경기 장면 (KBL 제공)", "경기 장면", "KBL 제공"),
    ("손흥민. 사진=ⓒAFPBBNews=뉴스1", "손흥민.", "ⓒAFPBBNews=뉴스1"),
    ("선수가 골을 넣고 있다. ⓒ연합뉴스", "선수가 골을 넣고 있다.", "ⓒ연합뉴스"),
    ("▲ 손흥민. ⓒ곽혜미 기자", "▲ 손흥민.", "ⓒ곽혜미 기자"),
    ("청사 전경 2023.11.1/뉴스1 ⓒ News1 홍길동 기자", "청사 전경 2023.11.1", "뉴스1 ⓒ News1 홍길동 기자"),
    ("삼성전자 HBM4. 삼성전자 제공", "삼성전자 HBM4.", "삼성전자 제공"),
    ("연설하고 있다. 고영권 기자", "연설하고 있다.", "고영권 기자"),
    ("골을 넣고 있다. /연합뉴스", "골을 넣고 있다.", "연합뉴스"),
    ("골을 넣고 있다. 연합뉴스", "골을 넣고 있다.", "연합뉴스"),
    (
        "【서울=뉴시스】홍효식 기자 = 후보가 발언하고 있다. 2018.05.16. yesphoto@newsis.com",
        "【서울=뉴시스】홍효식 기자 = 후보가 발언하고 있다. 2018.05.16. yesphoto@newsis.com",
        "뉴시스 홍효식 기자",
    ),
    (
        "[서울=뉴시스] 국악원. (사진=국립국악원 제공) 2023.11.01. photo@newsis.com *재판매 및 DB 금지",
        "[서울=뉴시스] 국악원. 2023.11.01. photo@newsis.com *재판매 및 DB 금지",
        "국립국악원 제공",
    ),
    (
        "[서울=뉴시스] 본회의장. (사진= 뉴시스DB) 2021.02.24. photo@newsis.com",
        "[서울=뉴시스] 본회의장. 2021.02.24. photo@newsis.com",
        "뉴시스DB",
    ),
    ("[서울=뉴시스] 국악원. (사진=국립국악원 제공)", "[서울=뉴시스] 국악원.", "국립국악원 제공"),
    ("[서울=뉴시스] 국악원 전경. 2023.11.01.", "[서울=뉴시스] 국악원 전경. 2023.11.01.", "뉴시스"),
    (
        "(서울=연합뉴스) 홍길동 기자 = 시민이 걷고 있다. 2023.11.1 hong@yna.co.kr",
        "(서울=연합뉴스) 홍길동 기자 = 시민이 걷고 있다. 2023.11.1 hong@yna.co.kr",
        "연합뉴스 홍길동 기자",
    ),
    (
        "[가자지구=AP/뉴시스] 무너진 집. 2023.10.31.",
        "[가자지구=AP/뉴시스] 무너진 집. 2023.10.31.",
        "AP/뉴시스",
    ),
    ("[가자지구=AP/뉴시스]", "가자지구", "AP/뉴시스"),
    ("무너진 집. [가자지구=AP/뉴시스]", "무너진 집. [가자지구]", "AP/뉴시스"),
    ("승객이 나오고 있다. 인천=연합뉴스", "승객이 나오고 있다. 인천", "연합뉴스"),
    ("승객이 나오고 있다. 강진형 기자aymsdream@", "승객이 나오고 있다.", "강진형 기자"),
    ("승객이 나오는 공항 강진형 기자aymsdream@", "승객이 나오는 공항", "강진형 기자"),
    ("승객이 나오고 있다. /강진형 기자 aymsdream@asiae.co.kr", "승객이 나오고 있다.", "강진형 기자"),
    ("공연 모습 [국립국악원 제공. 재판매 및 DB 금지]", "공연 모습", "국립국악원 제공"),
    ("공연 모습. [연합뉴스 자료사진. 재판매 및 DB 금지]", "공연 모습.", "연합뉴스 자료사진"),
    (
        "공연 모습. 2023.11.1 [국립국악원 제공. 재판매 및 DB 금지] hong@yna.co.kr",
        "공연 모습. 2023.11.1 hong@yna.co.kr",
        "국립국악원 제공",
    ),
    ("[서울경제] 반도체 공장", "[서울경제] 반도체 공장", None),
    ("문의 전화는 02-1234-5678, hong@x.com", "문의 전화는 02-1234-5678, hong@x.com", None),
    ("로고./로이터 연합뉴스", "로고.", "로이터 연합뉴스"),
    ("미국 대통령. AFP·AP연합뉴스", "미국 대통령.", "AFP·AP연합뉴스"),
    ("백악관 모습. 신화연합뉴스", "백악관 모습.", "신화연합뉴스"),
    ("연설을 듣고 있다. 공동취재", "연설을 듣고 있다.", "공동취재"),
    ("감독. 한국배구연맹(KOVO)", "감독.", "한국배구연맹(KOVO)"),
    ("감독이 말하고 있다. 사진(이천)=홍길동 기자", "감독이 말하고 있다.", "홍길동 기자"),
    ("문우찬 (제공=라이엇 게임즈)", "문우찬", "라이엇 게임즈"),
    ("제공 | 대한축구협회", None, "대한축구협회"),
    ("사진=연합뉴스", None, "연합뉴스"),
    ("(사진제공-KBL)", None, "KBL"),
    ("사진 제공 = WKBL", None, "WKBL"),
    ("사진제공=대한축구협회", None, "대한축구협회"),
    ("그래픽=이순신 기자", None, "이순신 기자"),
    ("사진 | 이순신 기자 soon@x.com", None, "이순신 기자"),
    ("출처=페이스북 캡처", None, "페이스북 캡처"),
    ("ⓒ AFPBBNews=뉴스1", None, "ⓒ AFPBBNews=뉴스1"),
    ("사진 콘테스트 대상", "사진 콘테스트 대상", None),
    ("사진 연합뉴스", None, "연합뉴스"),
    ("삼성전자 HBM4", "삼성전자 HBM4", None),
    ("무료로 식사 제공", "무료로 식사 제공", None),
    ("기념촬영을 하고 있다(왼쪽부터 김철수, 이영희)", "기념촬영을 하고 있다(왼쪽부터 김철수, 이영희)", None),
    ('그는 "음료를 제공"', '그는 "음료를 제공"', None),
    ("정부는 지원금을 제공한다.", "정부는 지원금을 제공한다.", None),
    ("", None, None),
    ("   ", None, None),
]


CREDIT_ALONE = [
    "사진=연합뉴스",
    "(사진제공-KBL)",
    "사진 제공 = WKBL",
    "[사진=뉴시스]",
    "/사진=뉴시스",
    "[사진] OSEN DB",
]
NO_CREDIT_ALONE = [
    "사진 콘테스트",
    "사진 속 주인공",
    "사진을 보고 있다.",
    "정부는 밝혔다. 사진=뉴시스",
    "자료=통계청",
    "연합뉴스",
    "출처를 밝혔다.",
]
LONG = ["사진=" * 30_000, "제공 " * 40_000, "ⓒ" * 100_000, "[" * 100_000, "/ " * 50_000]


@pytest.mark.parametrize(("line", "caption", "credit"), ROWS)
def test_a_caption_line_is_split(line: str, caption: str | None, credit: str | None) -> None:
    assert split_caption(line) == (caption, credit)


@pytest.mark.parametrize("line", CREDIT_ALONE)
def test_a_line_of_credit_alone_is_told(line: str) -> None:
    assert is_credit_line(line)


@pytest.mark.parametrize("line", NO_CREDIT_ALONE)
def test_a_line_of_the_article_is_no_credit(line: str) -> None:
    assert not is_credit_line(line)


@given(text=st.text(max_size=150) | st.text(alphabet="사진=/ⓒ제공연합뉴스[]() .기자홍길동", max_size=60))
def test_no_text_raises_and_parts_are_in_the_line(text: str) -> None:
    caption, credit = split_caption(text)
    assert caption != ""
    assert credit != ""


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:4])
def test_long_text_takes_no_time(text: str) -> None:
    started = time.process_time()
    split_caption(text)
    assert time.process_time() - started < 1  # measured: under 0.05 s
