"""Notices: every shape of docs/sites/credits.md 4 with its parts, more of the families, and what is none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalise.rights import is_notice, parse_notice, split_notice, without_buttons
from storage.records import Rights

RE, RD, AI, CO = "no_reproduction", "no_redistribution", "no_ai_training", "no_collection"
Row = tuple[str, str | None, int | None, set[str]]

HAN: list[Row] = [
    ("【版权归纳联社所有，未经授权严禁转载复制】", "纳联社", None, {RE}),
    ("版权所有 ©纳莱日报，未经授权禁止转载", "纳莱日报", None, {RE}),
    ("著作权归纳莱日报所有，未经许可禁止转载、再发布及用于AI学习。", "纳莱日报", None, {RE, RD, AI}),
    ("未经书面授权，请勿转载、抓取本网内容", None, None, {RE, CO}),
    ("（記事・画像の無断転載・複製を禁じます）", None, None, {RE}),
    ("著作権者(c)ナレニュース 無断転載-再配布禁止", "ナレニュース", None, {RE, RD}),
    ("本記事の著作権はナレ新聞にあります。無断転載を禁じます。", "ナレ新聞", None, {RE}),
]

SITES_5_4: list[Row] = [
    ("저작권자(c)연합뉴스. 무단전재-재배포금지", "연합뉴스", None, {RE, RD}),
    ("<저작권자(c) 연합뉴스, 무단 전재-재배포, AI 학습 및 활용 금지>", "연합뉴스", None, {RE, RD, AI}),
    ("ⓒ 공감언론 뉴시스통신사. 무단전재-재배포 금지", "뉴시스", None, {RE, RD}),
    ("저작권자ⓒ CBS 노컷뉴스(www.nocutnews.co.kr) 무단전재 및 재배포 금지", "CBS노컷뉴스", None, {RE, RD}),
    ("저작권자 ⓒ '돈이 보이는 리얼타임 뉴스' 머니투데이", "머니투데이", None, set()),
    ("[저작권자(c) YTN 무단전재, 재배포 및 AI 데이터 활용 금지]", "YTN", None, {RE, RD, AI}),
    ("[저작권자(c) MBC (https://imnews.imbc.com) 무단복제-재배포 금지]", "MBC", None, {RE, RD}),
    ("[ⓒ MK스포츠, 무단전재 및 재배포 금지]", "MK스포츠", None, {RE, RD}),
    ("<저작권자 ⓒ SPOTV NEWS. 무단전재 및 재배포 금지>", "SPOTV NEWS", None, {RE, RD}),
    (
        "기사제보 및 보도자료 newsen@newsen.com copyrightⓒ 뉴스엔. 무단전재 & 재배포 금지",
        "뉴스엔",
        None,
        {RE, RD},
    ),
    ("[게임&게이머, 문화를 전합니다. 포모스게임│무단 전재 및 재배포 금지]", "포모스", None, {RE, RD}),
    (
        "취재문의 sportal@sportalkorea.co.kr | Copyright ⓒ 스포탈코리아. 무단전재 및 재배포 금지",
        "스포탈코리아",
        None,
        {RE, RD},
    ),
    (
        "저작권자 ⓒ(주)베스트 일레븐. 무단 전재/재배포 금지-www.besteleven.com",
        "베스트 일레븐",
        None,
        {RE, RD},
    ),
    ("<Copyright ⓒ 한국일보. All rights reserved. 무단 전재 및 재배포 금지>", "한국일보", None, {RE, RD}),
    (
        "Copyright (c) 매경AX. All rights reserved. 무단 전재, 재배포 및 AI학습 이용 금지",
        "매경AX",
        None,
        {RE, RD, AI},
    ),
    ("Copyright ⓒ 뉴스타파. All rights reserved. 무단 전재 및 재배포 금지.", "뉴스타파", None, {RE, RD}),
    ("Copyright ⓒ 연합뉴스. All rights reserved. 무단 전재 및 재배포 금지.", "연합뉴스", None, {RE, RD}),
    (
        "저작권자 ⓒ '대중문화컨텐츠 전문가그룹' 엔터미디어(www.entermedia.co.kr), 무단전재 및 재배포금지",
        "엔터미디어",
        None,
        {RE, RD},
    ),
    ("COPYRIGHT© Daejonilbo. ALL RIGHTS RESERVED", "대전일보", None, set()),
    ("Copyright © 뉴스1. All rights reserved. 무단 전재 및 재배포 금지.", "뉴스1", None, {RE, RD}),
    (
        "<ⓒ투자가를 위한 경제콘텐츠 플랫폼, 아시아경제(www.asiae.co.kr) 무단전재 배포금지>",
        "아시아경제",
        None,
        {RE, RD},
    ),
    ("<저작권자 ⓒ MBN(www.mbn.co.kr) 무단전재 및 재배포 금지>", "MBN", None, {RE, RD}),
    ("※ 저작권자 ⓒ 파이낸셜뉴스, 무단전재-재배포 금지", "파이낸셜뉴스", None, {RE, RD}),
    ("Copyright © 동아일보. 무단 전재, 재배포 및 AI학습 이용 금지.", "동아일보", None, {RE, RD, AI}),
    ("ⓒ 맛있는 뉴스토마토, 무단 전재 - 재배포 금지", "뉴스토마토", None, {RE, RD}),
    (
        "© 지구촌 소식 신문사 All Rights Reserved. 무단 전재, 재배포, AI 학습 및 활용 금지",
        "지구촌 소식 신문사",
        None,
        {RE, RD, AI},
    ),
]

SAME_FAMILIES: list[Row] = [
    (
        "GoodNews paper ⓒ 국민일보(www.kmib.co.kr), 무단전재 및 수집, 재배포금지",
        "국민일보",
        None,
        {RE, RD, CO},
    ),
    ("<저작권자ⓒ대전일보사. 무단전재-재배포 금지>", "대전일보", None, {RE, RD}),
    ("Copyright ⓒ 파이낸셜뉴스. All rights reserved.", "파이낸셜뉴스", None, set()),
    ("Copyright © 파이낸셜뉴스. 무단전재 및 재배포 금지.", "파이낸셜뉴스", None, {RE, RD}),
    (
        "Copyright © 동아일보. 무단 전재, 재배포 및 AI학습 이용 금지. 해당 언론사로 이동합니다.",
        "동아일보",
        None,
        {RE, RD, AI},
    ),
    ('<저작권자 ⓒ "1등 경제신문 매일경제 & mk.co.kr", 무단전재 및 재배포 금지>', "매일경제", None, {RE, RD}),
    ("[ⓒ 매일경제 & mk.co.kr, 무단 전재, 재배포 및 AI학습 이용 금지]", "매일경제", None, {RE, RD, AI}),
    ("ⓒ '성공을 부르는 습관' 한경닷컴, 무단 전재 및 재배포 금지", "한경닷컴", None, {RE, RD}),
    ("<ⓒ경제를 보는 눈, 세계를 보는 창 아시아경제 무단전재 배포금지>", "아시아경제", None, {RE, RD}),
    ("ⓒ종합 경제정보 미디어 이데일리 - 무단전재 & 재배포 금지", "이데일리", None, {RE, RD}),
    ("<저작권자 ⓒ 1980-2026 ㈜연합뉴스. 무단 전재 재배포 금지>", "연합뉴스", 2026, {RE, RD}),
    ("<저작권자(c) 연합뉴스, 무단 전재-재배포 금지> 2023/11/01 09:00 송고", "연합뉴스", None, {RE, RD}),
    ("Copyright 2026. 조선일보. All rights reserved.", "조선일보", 2026, set()),
    (
        "Copyright ⓒ 2025 한겨레신문사. 무단 전재 및 재배포, AI 학습 및 활용 금지",
        "한겨레",
        2025,
        {RE, RD, AI},
    ),
    ("Copyrights ⓒ 더팩트 & tf.co.kr. 무단전재 및 재배포 금지", "더팩트", None, {RE, RD}),
    ("Copyright ⓒ Entermedia.co.kr. 무단전재 및 재배포 금지", "엔터미디어", None, {RE, RD}),
    ("Ⓒ SBS All rights reserved. 무단 전재, 재배포 및 AI학습 이용 금지", "SBS", None, {RE, RD, AI}),
    ("ⓒ AI타임스. 무단전재 및 재배포 금지", "AI타임스", None, {RE, RD}),
    ("무단전재 및 재배포 금지", None, None, {RE, RD}),
    ("[연합뉴스 무단전재 및 재배포 금지]", "연합뉴스", None, {RE, RD}),
    ("저작권자 © 강원도민일보 무단전재 및 재배포 금지", "강원도민일보", None, {RE, RD}),
    ("<저작권자 ⓒ 강남소식지, 무단 전재 및 재배포 금지>", "강남소식지", None, {RE, RD}),
    (
        "Copyright ⓒ 뉴스1. All rights reserved. 무단 전재 및 재배포, AI학습 이용금지.",
        "뉴스1",
        None,
        {RE, RD, AI},
    ),
    ("ⓒ 뉴스핌, 무단 전재-재배포 및 크롤링 금지", "뉴스핌", None, {RE, RD, CO}),
    ("<저작권자 ⓒ 경향신문, 무단전재 및 재배포, 생성형 AI 활용 금지>", "경향신문", None, {RE, RD, AI}),
    ("저작권자 ⓒ 한국경제, 무단 수집 및 재배포 금지", "한국경제", None, {RD, CO}),
    ("저작권자 ⓒ 서울신문 무단복제 및 무단 배포 금지", "서울신문", None, {RE, RD}),
    ("ⓒ세계일보 & Segye.com, 무단전재 및 재배포 금지", "세계일보", None, {RE, RD}),
    (
        "Copyright © JTBC. All Rights Reserved. 무단 복제 및 배포, AI 학습 이용 금지",
        "JTBC",
        None,
        {RE, RD, AI},
    ),
    ("ⓒ 노컷뉴스 무단 전재·복사·배포 금지", "노컷뉴스", None, {RE, RD}),
    ("<ⓒ디지털타임스 무단 전재-재배포, AI 데이터 학습 금지>", "디지털타임스", None, {RE, RD, AI}),
    ("저작권자 ⓒ 조세일보 무단전재를 금합니다.", "조세일보", None, {RE}),
    (
        "[저작권자 ⓒ 부산일보, 무단 전재 및 수집, 재배포 및 AI학습 이용 금지]",
        "부산일보",
        None,
        {RE, RD, AI, CO},
    ),
    ("ⓒ중앙일보, 무단 전재 및 재배포를 금지합니다.", "중앙일보", None, {RE, RD}),
    (
        "Copyright ⓒ 헤럴드경제 All Rights Reserved. 무단 전재, 재배포, 인공지능 학습 금지",
        "헤럴드경제",
        None,
        {RE, RD, AI},
    ),
    ("저작권자 (C) 스포츠조선, 무단 전재 및 재배포 금지", "스포츠조선", None, {RE, RD}),
    ("Copyright ⓒ OSEN. All rights reserved. 무단 전재 및 재배포 금지.", "OSEN", None, {RE, RD}),
    ("ⓒ 주식회사 동네뉴스, 무단전재 및 재배포 금지", "동네뉴스", None, {RE, RD}),
    ("<저작권자 © 오마이뉴스(시민기자), 무단전재 및 재배포 금지>", "오마이뉴스", None, {RE, RD}),
    ("- Copyright ⓒ 조선비즈 & Chosun.com -", "조선비즈", None, set()),
    ("- Copyrights 헬스조선 & HEALTH.CHOSUN.COM -", "헬스조선", None, set()),
    (
        "저작권ⓒ ‘건강이 궁금할 땐, 하이닥’ (www.hidoc.co.kr) 무단전재 및 재배포 금지",
        "하이닥",
        None,
        {RE, RD},
    ),
    ("＜ⓒ종합 경제정보 미디어 이데일리 - 무단전재 & 재배포 금지＞", "이데일리", None, {RE, RD}),
    ("ⓒ 오센(OSEN), 무단전재 및 재배포 금지", "오센", None, {RE, RD}),
    ("[Copyright © 전자신문 & 전자신문인터넷, 무단전재 및 재배포 금지]", "전자신문", None, {RE, RD}),
    ('ⓒ "영남일보 www.yeongnam.com", 무단전재 및 수집, 재배포금지', "영남일보", None, {RE, RD, CO}),
    ("이 기사의 저작권은 동네뉴스에 있습니다. 무단 전재 및 재배포를 금합니다.", "동네뉴스", None, {RE, RD}),
    ("<저작권자 ⓒ 국내최초 산업전문지 '동네신문', 무단전재 및 재배포 금지>", "동네신문", None, {RE, RD}),
    ("© 1996-2026 YTN. All rights reserved", "YTN", 2026, set()),
    ("※ 본 기사는 저작권법의 보호를 받는 바, 무단 전재 복사 배포 등을 금합니다.", None, None, {RE, RD}),
    ("저작권자ⓒ뉴스핌(www.newspim.com), 무단 전재-재배포 금지", "뉴스핌", None, {RE, RD}),
    ("<© 2026 The Korea Herald. All rights reserved.>", "The Korea Herald", 2026, set()),
]

NOT_A_NOTICE = [
    "사진=ⓒAFPBBNews=뉴스1",
    "사진제공 ⓒ 대한축구협회",
    "ⓒAFPBBNews=뉴스1",
    "ⓒ AFPBBNews=뉴스1",
    "/뉴스1 ⓒ News1 홍길동 기자",
    "© 뉴스1",
    "© News1 DB",
    "▲ 손흥민. ⓒ곽혜미 기자",
    "Copyright © Kakao Corp. All rights reserved.",
    "위 내용에 대한 저작권 및 법적 책임은 자료제공사 또는 글쓴이에 있으며, Kakao의 입장과 다를 수 있습니다.",
    "The copyright belongs to the original writer of the content, and there may be errors in translation.",
    "차량을 무단 주차해 과태료를 물었다.",
    "저작권법 위반 혐의로 기소됐다.",
    "정부는 무단 복제 금지 방침을 밝혔다.",
    "웹툰 무단 복제·배포를 금지하는 법안이 통과됐다.",
    "저작권자와 협의해 사용 금지 조치를 했다고 밝혔다.",
    "방송사는 '무단전재 및 재배포 금지'라는 문구와 ⓒ 표시를 넣어야 한다고 밝혔다.",
    "저작권자 보호를 위한 법률 개정안",
    "AI 학습 데이터 저작권 논란",
    "게티이미지코리아",
    "무단횡단 금지",
    "주차금지",
    "",
    "가" * 500 + " ⓒ 연합뉴스, 무단전재 금지",
]


def flags(rights: Rights) -> set[str]:
    return {name for name in (RE, RD, AI, CO) if getattr(rights, name)}


@pytest.mark.parametrize(("notice", "holder", "year", "forbidden"), [*SITES_5_4, *SAME_FAMILIES, *HAN])
def test_a_notice_gives_its_parts(
    notice: str, holder: str | None, year: int | None, forbidden: set[str]
) -> None:
    assert is_notice(notice)
    rights = parse_notice(notice)
    assert (rights.notice, rights.holder, rights.year, flags(rights)) == (notice, holder, year, forbidden)


@pytest.mark.parametrize(
    "line",
    [
        "Ⓒ한빛일보 무단전재 금지",
        "( C ) HANBIT ILBO. ALL RIGHTS RESERVED",
        "COPYRIGHT HANBIT ILBO, ALL RIGHTS RESERVED",
        "&COPY; Hanbit Ilbo. All rights reserved",
        "UNAUTHORIZED REPRODUCTION OF THIS ARTICLE IS PROHIBITED.",
    ],
)
def test_a_notice_may_be_written_in_capitals(line: str) -> None:
    assert is_notice(line)


@pytest.mark.parametrize("line", NOT_A_NOTICE)
def test_credits_footers_and_prose_are_no_notices(line: str) -> None:
    assert not is_notice(line)
    assert split_notice(line)[1] is None or len(line) > 400


SPLITS = [
    ("그는 덧붙였다. <저작권자(c) 연합뉴스, 무단 전재-재배포 금지>", "그는 덧붙였다."),
    ("그는 덧붙였다.ⓒ 공감언론 뉴시스통신사. 무단전재-재배포 금지", "그는 덧붙였다."),
    ("hong@yna.co.kr저작권자(c)연합뉴스. 무단전재-재배포금지", "hong@yna.co.kr"),
    ("홍길동 기자 [ⓒ MK스포츠, 무단전재 및 재배포 금지]", "홍길동 기자"),
    ("(끝) <저작권자(c) 연합뉴스, 무단 전재-재배포 금지>", "(끝)"),
    ("그는 “그렇다”고 했다. ※ 저작권자 ⓒ 파이낸셜뉴스, 무단전재-재배포 금지", "그는 “그렇다”고 했다."),
]


@pytest.mark.parametrize(("paragraph", "before"), SPLITS)
def test_a_glued_notice_is_split_off_verbatim(paragraph: str, before: str) -> None:
    text, notice = split_notice(paragraph)
    assert text == before
    assert notice is not None
    assert is_notice(notice)
    assert paragraph.replace(" ", "") == (text + notice).replace(" ", "")


@pytest.mark.parametrize("notice", [row[0] for row in SITES_5_4])
def test_a_notice_alone_stays_whole(notice: str) -> None:
    assert split_notice(notice) == ("", notice)
    assert split_notice(f"정부는 이같이 밝혔다. {notice}") == ("정부는 이같이 밝혔다.", notice)


def test_nothing_is_known_without_a_notice() -> None:
    assert parse_notice("") == Rights()
    assert parse_notice("Copyright © Kakao Corp. All rights reserved.") == Rights()


def test_an_act_that_is_named_but_not_forbidden_sets_no_flag() -> None:
    assert flags(parse_notice("저작권자 ⓒ 동네뉴스. 출처를 밝히면 전재와 배포 가능")) == set()
    assert flags(parse_notice("저작권자 ⓒ 동네뉴스. AI 학습 허용, 무단 전재 금지")) == {RE}


@given(
    text=st.text(max_size=200)
    | st.text(alphabet="ⓒ©(c)저작권자무단전재배포금지연합뉴스. ,<>[]'\"12", max_size=80)
)
def test_no_text_raises_and_no_word_is_lost(text: str) -> None:
    before, notice = split_notice(text)
    assert "".join((before + (notice or "")).split()) == "".join(text.split())
    parse_notice(text)
    if notice is not None:
        assert is_notice(notice)


LONG = ["ⓒ" * 100_000, "(c) 저작권자 " * 10_000, "무단 전재 " * 18_000, "'" * 100_000, "가" * 100_000]


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:6])
def test_long_text_takes_no_time(text: str) -> None:
    started = time.process_time()
    is_notice(text)
    split_notice(text)
    parse_notice(text)
    assert time.process_time() - started < 2  # measured: 0.15 s at most


FAMILIES: list[Row] = [
    ("Copyright © 2024 한국일보. All rights reserved. 무단 전재 및 재배포 금지.", "한국일보", 2024, {RE, RD}),
    ("ⓒ2026 문화일보, 무단전재·재배포 금지", "문화일보", 2026, {RE, RD}),
    ("Copyright ⓒ (주)가상뉴스. 무단전재 및 재배포 금지", "가상뉴스", None, {RE, RD}),
    ("저작권자 © ㈜가상미디어 무단전재 및 재배포 금지", "가상미디어", None, {RE, RD}),
    ("Copyright ⓒ 주식회사 가상일보 All rights reserved. 무단 전재, 재배포 금지", "가상일보", None, {RE, RD}),
    ("저작권자 © 가상신문(주) 무단전재 및 재배포 금지", "가상신문", None, {RE, RD}),
    (
        "저작권자 © 가상투데이 (https://www.gasang.co.kr) 무단전재 및 재배포 금지",
        "가상투데이",
        None,
        {RE, RD},
    ),
    ("<저작권자 ⓒ 가상경제TV, 무단 전재 및 재배포, AI 학습 이용 금지>", "가상경제TV", None, {RE, RD, AI}),
    ("ⓒ 가상데일리, AI학습·활용 금지", "가상데일리", None, {AI}),
    ("Copyright ⓒ 가상타임스. 무단전재, 재배포 및 AI학습·활용 금지", "가상타임스", None, {RE, RD, AI}),
    ("저작권자 ⓒ 가상통신, 무단전재-재배포, 생성형 AI 학습 금지", "가상통신", None, {RE, RD, AI}),
    ("저작권자 ⓒ 가상통신, 무단 전재 및 인공지능 학습 금지", "가상통신", None, {RE, AI}),
    ("저작권자 ⓒ 가상통신. 무단전재, 크롤링 금지", "가상통신", None, {RE, CO}),
    ("ⓒ 가상통신. 무단 수집·크롤링 및 TDM 금지", "가상통신", None, {AI, CO}),
    ("ⓒ 가상저널. 무단전재 및 수집, 재배포금지", "가상저널", None, {RE, RD, CO}),
    ("ⓒ 가상저널. 무단 복제 및 전송 금지", "가상저널", None, {RE, RD}),
    (
        "Copyright (C) The Virtual Times. All Rights Reserved. Reproduction or redistribution prohibited.",
        "The Virtual Times",
        None,
        {RE, RD},
    ),
    ("Copyright © 2023-2026 Virtual News Inc. All rights reserved.", "Virtual News", 2026, set()),
    ("ⓒ Virtual Media Group. 무단 전재 및 재배포 금지", "Virtual Media Group", None, {RE, RD}),
    ("저작권자 ⓒ 1997-2026 가상뉴스 무단전재 및 재배포 금지", "가상뉴스", 2026, {RE, RD}),
    ("[저작권자 ⓒ 가상방송(www.gasang.tv) 무단전재 및 재배포 금지]", "가상방송", None, {RE, RD}),
    ("[ⓒ 가상경제 & gasang.com, 무단전재 및 재배포 금지]", "가상경제", None, {RE, RD}),
    ("ⓒ '세상을 보는 눈' 가상일보 / 무단 전재 및 재배포 금지", "가상일보", None, {RE, RD}),
    ("<ⓒ경제를 보는 눈, 가상경제 무단전재 배포금지>", "가상경제", None, {RE, RD}),
    ("※ 이 기사의 저작권은 가상일보에 있습니다. 무단전재 및 재배포를 금합니다.", "가상일보", None, {RE, RD}),
    ("저작권자 © 가상in 무단전재 및 재배포 금지, AI 학습 및 활용 금지", "가상in", None, {RE, RD, AI}),
    ("Copyright by 가상뉴스. 무단전재, 재배포 및 AI 활용 금지", "가상뉴스", None, {RE, RD, AI}),
    (
        "COPYRIGHT ⓒ 가상뉴스24. ALL RIGHTS RESERVED. 무단 전재 및 재배포, AI학습 및 활용 금지.",
        "가상뉴스24",
        None,
        {RE, RD, AI},
    ),
    ("Copyrights ⓒ 가상코리아. 무단 전재·복사·배포 금지", "가상코리아", None, {RE, RD}),
    ("ⓒ 가상스포츠 무단 복사 및 배포 금지", "가상스포츠", None, {RE, RD}),
    ("(c) 가상뉴스, 무단 전재-재배포, 데이터 마이닝 및 AI 학습 금지", "가상뉴스", None, {RE, RD, AI}),
    (
        "저작권자(c) 가상뉴스. 무단전재-재배포, 텍스트 및 데이터 마이닝(TDM) 금지",
        "가상뉴스",
        None,
        {RE, RD, AI},
    ),
    ("저작권자 ⓒ 가상뉴스, 상업적 이용 및 무단전재, 재배포 금지", "가상뉴스", None, {RE, RD}),
    ("ⓒ 가상뉴스. 무단 전재, 재배포, AI 학습을 위한 수집 금지", "가상뉴스", None, {RE, RD, AI, CO}),
    ("ⓒ 가상뉴스. 무단전재 및 재배포, AI 모델 학습용 데이터 이용 금지", "가상뉴스", None, {RE, RD, AI}),
    ("ⓒ 가상뉴스. 무단 전재 및 재배포, LLM 학습 금지", "가상뉴스", None, {RE, RD, AI}),
    ("ⓒ 가상뉴스. 무단전재·재배포·AI학습 금지", "가상뉴스", None, {RE, RD, AI}),
    ("Copyright ⓒ 가상뉴스. 무단 스크래핑 및 재배포, AI 학습 금지", "가상뉴스", None, {RD, AI, CO}),
    (
        "Copyright ⓒ 가상뉴스. 본 콘텐츠의 무단 전재 및 재배포, AI 학습 이용을 금지합니다.",
        "가상뉴스",
        None,
        {RE, RD, AI},
    ),
    ("저작권자 © 가상뉴스 본 기사의 무단 전재·재배포를 금합니다", "가상뉴스", None, {RE, RD}),
    ("본 기사는 가상뉴스의 저작물로 무단전재 및 재배포를 금합니다.", None, None, {RE, RD}),
    ("무단전재 및 재배포 금지", None, None, {RE, RD}),
    ("[가상뉴스 무단 전재 및 재배포 금지]", "가상뉴스", None, {RE, RD}),
    ("- Copyrights ⓒ 가상일보 & gasang.co.kr, 무단 전재 및 재배포 금지 -", "가상일보", None, {RE, RD}),
    ("ⓒ가상일보(gasang.com), 무단전재 및 재배포금지", "가상일보", None, {RE, RD}),
    ("저작권자 ⓒ 가상일보 무단복제 및 재배포 금지, 구독신청 문의 02-123-4567", "가상일보", None, {RE, RD}),
    ("Copyright ⓒ 가상일보. All rights reserved", "가상일보", None, set()),
    ("ⓒ 2025. 가상일보 All rights reserved.", "가상일보", 2025, set()),
    ("©️ 가상일보 무단전재 및 재배포 금지", "가상일보", None, {RE, RD}),
    ("<저작권자 © 가상일보 , 무단 전재 및 재배포 금지>", "가상일보", None, {RE, RD}),
    (
        "저작권자 ⓒ 가상일보 , 무단 전재 및 재배포 금지, 가상일보는 AI 학습을 허용하지 않습니다",
        "가상일보",
        None,
        {RE, RD, AI},
    ),
    ("【ⓒ 가상뉴스통신 무단전재 및 배포금지】", "가상뉴스통신", None, {RE, RD}),
    ("ⓒ 사단법인 가상협회. 무단 전재 및 재배포 금지", "가상협회", None, {RE, RD}),
    (
        "Copyright ⓒ 가상뉴스 Co., Ltd. All Rights Reserved. 무단 전재 및 재배포 금지",
        "가상뉴스",
        None,
        {RE, RD},
    ),
    ("저작권자 ⓒ SBS & SBS i 무단전재-재배포 금지", "SBS", None, {RE, RD}),
    (
        "Copyright ⓒ SBS & SBSi. All rights reserved. 무단 전재, 재배포 및 AI학습 이용 금지",
        "SBS",
        None,
        {RE, RD, AI},
    ),
    (
        "Copyright ⓒ KBS. All rights reserved. 무단 전재, 재배포 및 이용(AI 학습 포함) 금지",
        "KBS",
        None,
        {RE, RD, AI},
    ),
    (
        "Copyright © 조선일보. All rights reserved. 무단전재, 재배포 및 AI학습 이용 금지",
        "조선일보",
        None,
        {RE, RD, AI},
    ),
    (
        "Copyright ⓒ 한겨레신문사 All Rights Reserved. 무단 전재, 재배포, AI 학습 및 활용 금지",
        "한겨레",
        None,
        {RE, RD, AI},
    ),
    ("©경향신문(www.khan.co.kr), 무단전재 및 재배포 금지", "경향신문", None, {RE, RD}),
    ("ⓒ 세계일보 & Segye.com, 무단전재 및 재배포 금지", "세계일보", None, {RE, RD}),
    (
        "GoodNews paper ⓒ 국민일보(www.kmib.co.kr), 무단전재 및 수집, 재배포금지",
        "국민일보",
        None,
        {RE, RD, CO},
    ),
    ("[ⓒ 매일경제 & mk.co.kr, 무단 전재, 재배포 및 AI학습 이용 금지]", "매일경제", None, {RE, RD, AI}),
    (
        "Copyright ⓒ 서울신문. All rights reserved. 무단 전재-재배포, AI 학습 및 활용 금지",
        "서울신문",
        None,
        {RE, RD, AI},
    ),
    ("종합 경제정보 미디어 이데일리 - 상업적 무단전재 & 재배포 금지", "이데일리", None, {RE, RD}),
    ("<ⓒ “글로벌 금융 리더” 가상비즈, 무단전재 및 재배포 금지>", "가상비즈", None, {RE, RD}),
    ("저작권자© 연합뉴스TV 무단전재·재배포 금지", "연합뉴스TV", None, {RE, RD}),
    (
        "(끝) <저작권자(c) 연합뉴스TV, 무단 전재-재배포, AI 학습 및 활용 금지>",
        "연합뉴스TV",
        None,
        {RE, RD, AI},
    ),
]
"""The families of docs/sites/credits.md 4 with other holders, years and clauses."""
OTHER_WORDS: list[Row] = [
    (
        "ⓒ 가상일보의 콘텐츠를 허락 없이 수집·복제·배포하거나 AI 학습에 쓸 수 없습니다.",
        "가상일보",
        None,
        {RE, RD, AI, CO},
    ),
    (
        "저작권자 ⓒ 가상일보. 사전 허락 없는 전재와 재배포, AI 학습을 거부합니다.",
        "가상일보",
        None,
        {RE, RD, AI},
    ),
    ("저작권자 ⓒ 가상일보. 무단 전재·재배포는 불법입니다.", "가상일보", None, {RE, RD}),
    (
        "ⓒ 가상일보. 당사의 동의를 받지 않은 전재 및 재배포는 허용되지 않습니다.",
        "가상일보",
        None,
        {RE, RD},
    ),
    ("ⓒ 가상일보. 동의 없이 퍼 가거나 AI 학습에 쓰면 안 됩니다.", "가상일보", None, {RE, AI}),
    (
        "이 글의 저작권은 가상일보에 있습니다. 허락 없이 옮겨 싣거나 인공지능 학습에 쓸 수 없습니다.",
        "가상일보",
        None,
        {RE, AI},
    ),
    ("저작권자 ⓒ 가상일보. 무단 퍼가기 및 재배포 금지", "가상일보", None, {RE, RD}),
    ("ⓒ 가상일보. 무단 게시 및 유포 금지", "가상일보", None, {RE, RD}),
    ("저작권자 ⓒ 가상일보, 무단 펌 금지", "가상일보", None, {RE}),
    ("ⓒ 가상일보. 동의 없이 다른 곳에 올리거나 나누어 줄 수 없습니다.", "가상일보", None, {RE, RD}),
    ("이 기사를 인공지능에 학습시키는 행위를 금합니다. ⓒ 가상일보", "가상일보", None, {AI}),
    ("ⓒ 가상일보. 이 기사는 AI 학습에 활용될 수 없습니다.", "가상일보", None, {AI}),
    ("ⓒ 가상일보. AI 학습 등에 대한 이용은 별도 계약이 필요합니다.", "가상일보", None, {AI}),
    ("저작권자 ⓒ 가상일보. 전재·배포 시 사전 승인이 필요합니다.", "가상일보", None, {RE, RD}),
    ("ⓒ 가상일보. AI training and text and data mining are expressly reserved.", "가상일보", None, {AI}),
    (
        "© Gasang Daily. You may not copy, redistribute or use this article to train AI.",
        "Gasang Daily",
        None,
        {RE, RD, AI},
    ),
    ("© Gasang Daily. No AI training. No scraping.", "Gasang Daily", None, {AI, CO}),
    (
        "ⓒ 가상오마이. 출처를 밝히면 누구나 재배포하실 수 있습니다. 무단 전재는 금지합니다.",
        "가상오마이",
        None,
        {RE},
    ),
    ("(주)가상미디어 무단 전재·복제 및 인공지능 학습 이용을 금지합니다", "가상미디어", None, {RE, AI}),
]
"""What forbids without the word 금지, and what allows beside it."""

PICTURES = [
    "사진=ⓒ AFPBBNews=뉴스1",
    "손흥민. ⓒ연합뉴스",
    "ⓒ News1 홍길동 기자",
    "ⓒ 게티이미지코리아",
    "사진 ⓒ 가상구단. 무단 사용",
    "▲ 공연 모습 ⓒ 가상극단",
    "ⓒ 뉴시스 2024.01.01",
    "Copyright 2024 가상구단 사진",
    "이미지 ⓒ Netflix. All rights reserved",
    "<사진: ⓒ가상, 무단전재 금지>",
    "ⓒ오마이뉴스",
]
SENTENCES = [
    "版权局表示，未经授权转载的案件增加了三成。",
    "無断転載の被害が増えていると新聞社は明らかにした。",
    "未经许可，任何人不得进入工地。",
    "크롤링을 금지하는 법안이 나왔다.",
    "AI 학습 이용을 금지했다.",
    "저작권자와 협의 없이 AI 학습 금지해야",
    "저작권자의 동의를 받지 않은 복제는 허용되지 않는다고 법원이 판단했다.",
    "인공지능 학습 데이터는 저작권자의 허락이 필요합니다.",
    "그는 AI 학습에 자기 글이 쓰이면 안 됩니다라고 말했다.",
    "ⓒ 가상일보, AI 학습 제한 없음",
]


@pytest.mark.parametrize(("notice", "holder", "year", "flags"), [*FAMILIES, *OTHER_WORDS])
def test_a_notice_of_a_known_family_is_read(
    notice: str, holder: str | None, year: int | None, flags: set[str]
) -> None:
    assert is_notice(notice) or split_notice(notice)[1] is not None
    rights = parse_notice(notice)
    assert (rights.holder, rights.year) == (holder, year)
    assert {flag for flag in (RE, RD, AI, CO) if getattr(rights, flag)} == flags


@pytest.mark.parametrize("line", [*PICTURES, *SENTENCES])
def test_a_picture_s_sign_and_a_sentence_are_no_notice(line: str) -> None:
    assert not is_notice(line)


@pytest.mark.parametrize(
    "behind",
    [" 다른기사 보기", "2026/11/20 14:05 송고", " | 저작권 문의", " 기자의 다른 기사 보기", " 제보하기", ""],
)
def test_what_a_template_prints_behind_a_notice_is_none_of_it(behind: str) -> None:
    notice = "<저작권자(c) 한라통신, 무단 전재-재배포 금지>"
    assert without_buttons(notice + behind) == notice
