"""Templated bulletins: weather, market close, obituary, personnel. They differ in numbers and names only.

They are different articles all the same: the deduplicator must keep them apart.
"""

# ruff: noqa: E501 (whole sentences are easier to read unbroken)

from __future__ import annotations

import random
from datetime import datetime

from twin.korean import person_name, settle
from twin.model import Block
from twin.newsroom import Copy

BULLETINS = ("weather", "close", "obituary", "personnel")


def write_bulletin(kind: str, rng: random.Random, when: datetime) -> Copy:
    """One bulletin of that kind. Raises KeyError for an unknown kind."""
    title, paragraphs, caption = _WRITERS[kind](rng, when)
    return Copy(
        topic=f"bulletin-{kind}",
        title=settle(title),
        subtitle=None,
        blocks=tuple(Block(kind="p", text=settle(text)) for text in paragraphs),
        captions=(caption, caption),
        tags=("단신",),
        organisation="관계 기관",
        spare="",
    )


_Written = tuple[str, list[str], str]


def _weather(rng: random.Random, when: datetime) -> _Written:
    cities = ("서울", "인천", "춘천", "강릉", "청주", "대전", "전주", "광주", "대구", "부산", "제주")
    lows = ", ".join(f"{city} {rng.randint(-6, 11)}도" for city in cities)
    highs = ", ".join(f"{city} {rng.randint(8, 21)}도" for city in cities)
    region = rng.choice(("중부 지방", "남부 지방", "동해안", "서해안", "제주도", "강원 산지"))
    return (
        f"[오늘의 날씨] {when.month}월 {when.day}일 {region} 최대 {rng.randint(5, 60)}㎜",
        [
            f"{when.day}일은 {region}^을 중심으로 {rng.randint(5, 40)}~{rng.randint(41, 90)}㎜의 비가 오겠다.",
            f"아침 최저기온은 {lows}로 예보됐다.",
            f"낮 최고기온은 {highs}로 예상된다.",
            f"바다의 물결은 앞바다에서 0.{rng.randint(3, 9)}~{rng.randint(1, 3)}.{rng.randint(0, 9)}m로 일겠고, 바람은 초속 {rng.randint(4, 15)}m 안팎으로 불겠다.",
            f"미세먼지 농도는 ㎥당 {rng.randint(12, 79)}㎍, 초미세먼지는 {rng.randint(6, 44)}㎍으로 관측됐다.",
        ],
        f"{when.day}일 오전 시민들이 우산을 쓰고 출근하고 있다.",
    )


def _close(rng: random.Random, when: datetime) -> _Written:
    points, change = rng.randint(3100, 4300), rng.randint(2, 60)
    return (
        f"[마감시황] 코스피 {points:,}.{rng.randint(10, 99)} 마감…외국인 {rng.randint(300, 9800):,}억원 순매수",
        [
            f"코스피는 {when.day}일 전 거래일보다 {change}.{rng.randint(10, 99)}포인트(0.{rng.randint(11, 99)}%) 오른 {points:,}.{rng.randint(10, 99)}에 거래를 마쳤다.",
            f"유가증권시장에서 외국인이 {rng.randint(300, 9800):,}억원, 기관이 {rng.randint(100, 4800):,}억원어치를 사들였고 개인은 {rng.randint(900, 9900):,}억원어치를 팔았다.",
            f"코스닥지수는 {rng.randint(1, 14)}.{rng.randint(10, 99)}포인트 오른 {rng.randint(780, 990)}.{rng.randint(10, 99)}에 장을 끝냈다.",
            f"거래량은 {rng.randint(3, 9)}억{rng.randint(1000, 9999)}만주, 거래대금은 {rng.randint(7, 21)}조{rng.randint(1000, 9999)}억원으로 집계됐다.",
            f"서울 외환시장에서 원·달러 환율은 {rng.randint(1, 15)}.{rng.randint(1, 9)}원 내린 {rng.randint(1290, 1460):,}.{rng.randint(1, 9)}원에 마감했다.",
        ],
        f"{when.day}일 서울 한 은행 딜링룸 전광판에 지수가 표시돼 있다.",
    )


def _obituary(rng: random.Random, when: datetime) -> _Written:
    names = [person_name(rng) for _ in range(6)]
    hospital = rng.choice(("한빛대병원", "새봄의료원", "은하병원", "누리성모병원"))
    lines = [
        f"▲ {names[0]}씨 별세, {names[1]}(사업)·{names[2]}({rng.choice(('교사', '회사원', '공무원', '변호사'))})씨 부친상, {names[3]}씨 장인상 = {when.day}일 {rng.randint(1, 23)}시 {rng.randint(1, 59)}분",
        f"{hospital} 장례식장 {rng.randint(1, 30)}호실, 발인 {min(28, when.day + 2)}일 오전 {rng.randint(5, 10)}시 {rng.choice((0, 10, 30, 40))}분",
        f"장지 {rng.choice(('국립묘지', '선영', '추모공원', '하늘공원'))}, 상주 {names[4]}, 호상 {names[5]}. ☎ 02-{rng.randint(300, 999)}-{rng.randint(1000, 9999)}",
    ]
    return f"[부고] {names[0]}씨 별세, {names[1]}씨 부친상", lines, "국화."


def _personnel(rng: random.Random, when: datetime) -> _Written:
    office = rng.choice(("해양수산개발청", "중소도시진흥공단", "국토정보원", "한강물관리공사", "새봄은행"))
    ranks = (
        "기획조정실장",
        "감사담당관",
        "재무과장",
        "국제협력팀장",
        "디지털혁신국장",
        "총무과장",
        "연구관",
        "홍보담당관",
    )
    lines = [
        f"◇ {rank} 전보 ▲ {person_name(rng)} ▲ {person_name(rng)} ▲ {person_name(rng)}"
        for rank in rng.sample(ranks, 5)
    ]
    lines.append(
        f"발령일은 {when.month}월 {min(28, when.day + 3)}일이다. 인사 규모는 {rng.randint(11, 98)}명이다."
    )
    return (
        f"[인사] {office} {when.month}월 {when.day}일자",
        [f"{office}^이 {when.day}일 간부 인사를 했다.", *lines],
        office,
    )


_WRITERS = {"weather": _weather, "close": _close, "obituary": _obituary, "personnel": _personnel}
