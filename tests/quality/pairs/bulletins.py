"""Templated bulletins: the same words every day, other numbers and names. Each is its own article."""

# ruff: noqa: E501 (a page of sentences, not of code)

from __future__ import annotations

import random
from collections.abc import Callable

from tests.quality.pairs.grammar import HOUSES, PEOPLE, PLACES

Bulletin = tuple[str, str]
"""Title and body."""


def weather(rng: random.Random) -> Bulletin:
    low, high = rng.randint(-12, 8), rng.randint(9, 24)
    cities = ", ".join(f"{place} {rng.randint(-12, 24)}도" for place in PLACES)
    return (
        f"[내일 날씨] 아침 최저 {low}도… 낮 최고 {high}도",
        f"{rng.randint(1, 28)}일은 전국이 대체로 맑다가 오후부터 구름이 많아지겠다.\n"
        f"아침 최저기온은 {low}∼{low + 5}도, 낮 최고기온은 {high}∼{high + 6}도로 예보됐다.\n"
        f"지역별 낮 최고기온은 {cities} 등이다.\n"
        f"미세먼지 농도는 전 권역에서 '보통' 수준을 보이겠다.\n"
        f"바다의 물결은 앞바다에서 {rng.randint(0, 2)}.{rng.randint(1, 9)}m, "
        f"먼바다에서 {rng.randint(2, 4)}.{rng.randint(1, 9)}m로 일겠다.\n"
        "당분간 아침과 낮의 기온 차가 크겠으니 건강 관리에 유의해야 한다고 예보 당국은 당부했다.",
    )


def stocks(rng: random.Random) -> Bulletin:
    level, change = rng.randint(2100, 3900), rng.randint(1, 60)
    up, down = rng.randint(200, 600), rng.randint(200, 600)
    first, second = rng.sample(HOUSES, 2)
    return (
        f"코스피, {change}.{rng.randint(10, 99)}포인트 오른 {level:,}.{rng.randint(10, 99)} 마감",
        f"{rng.randint(1, 28)}일 코스피는 전 거래일보다 {change}.{rng.randint(10, 99)}포인트"
        f"({rng.randint(0, 2)}.{rng.randint(10, 99)}%) 오른 {level:,}.{rng.randint(10, 99)}에 거래를 마쳤다.\n"
        f"유가증권시장에서 외국인은 {rng.randint(100, 9000):,}억원어치를 사들였고 기관은 {rng.randint(100, 9000):,}억원을 순매도했다.\n"
        f"오른 종목은 {up}개, 내린 종목은 {down}개였다.\n"
        f"시가총액 상위 종목 가운데 {first}는 {rng.randint(0, 5)}.{rng.randint(10, 99)}% 올랐고 "
        f"{second}는 {rng.randint(0, 5)}.{rng.randint(10, 99)}% 내렸다.\n"
        f"코스닥 지수는 {rng.randint(600, 990)}.{rng.randint(10, 99)}로 장을 마쳤다.\n"
        f"서울 외환시장에서 원/달러 환율은 {rng.randint(1180, 1490)}.{rng.randint(0, 9)}원에 마감했다.",
    )


def exchange(rng: random.Random) -> Bulletin:
    rate = rng.randint(1180, 1490)
    return (
        f"원/달러 환율 {rate}.{rng.randint(0, 9)}원 출발",
        f"{rng.randint(1, 28)}일 서울 외환시장에서 원/달러 환율은 전날보다 {rng.randint(1, 12)}.{rng.randint(0, 9)}원 오른 "
        f"{rate}.{rng.randint(0, 9)}원에 거래를 시작했다.\n"
        f"같은 시각 원/엔 재정환율은 100엔당 {rng.randint(850, 990)}.{rng.randint(10, 99)}원에 거래되고 있다.\n"
        f"주요 6개국 통화 대비 달러 가치를 나타내는 달러인덱스는 {rng.randint(96, 107)}.{rng.randint(10, 99)} 수준이다.",
    )


def lottery(rng: random.Random) -> Bulletin:
    drawn = sorted(rng.sample(range(1, 46), 7))
    turn = rng.randint(900, 1400)
    return (
        f"제{turn}회 로또 1등 당첨번호 '{', '.join(map(str, drawn[:6]))}'",
        f"제{turn}회 로또복권 추첨에서 '{', '.join(map(str, drawn[:6]))}'이 1등 당첨번호로 뽑혔다고 복권 운영사가 밝혔다.\n"
        f"2등 보너스 번호는 '{drawn[6]}'이다.\n"
        f"당첨번호 6개를 모두 맞힌 1등 당첨자는 {rng.randint(4, 30)}명으로 {rng.randint(8, 70)}억{rng.randint(1000, 9999)}만원씩 받는다.\n"
        f"당첨번호 5개와 보너스 번호가 일치한 2등은 {rng.randint(40, 130)}명으로 각 {rng.randint(3000, 9000)}만원씩을 받는다.\n"
        f"당첨번호 5개를 맞힌 3등은 {rng.randint(2000, 4200):,}명으로 {rng.randint(100, 190)}만원씩을 받는다.\n"
        f"당첨번호 4개를 맞힌 4등은 고정 당첨금 5만원을 받으며 {rng.randint(120000, 190000):,}명이다.\n"
        "당첨금 지급 기한은 지급 개시일로부터 1년이며 휴일이면 다음 영업일까지 받을 수 있다.",
    )


def obituary(rng: random.Random) -> Bulletin:
    names = rng.sample(PEOPLE, 4)
    house, place = rng.choice(HOUSES), rng.choice(PLACES)
    kin = rng.choice(("부친상", "모친상", "장인상", "빙모상", "조부상"))
    return (
        f"[부고] {names[0]}({house} 부장)씨 {kin}",
        f"▲ {names[1]}씨 별세, {names[0]}({house} 부장)·{names[2]}·{names[3]}씨 {kin}, "
        f"{rng.randint(1, 28)}일, {place} 한마음병원 장례식장 {rng.randint(1, 20)}호실, "
        f"발인 {rng.randint(1, 28)}일 오전 {rng.randint(5, 11)}시. ☎ 02-{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}",
    )


def personnel(rng: random.Random) -> Bulletin:
    names = rng.sample(PEOPLE, 6)
    house = rng.choice(HOUSES)
    return (
        f"[인사] {house}",
        f"◇ 부사장 승진 ▲ 경영지원본부장 {names[0]} ▲ 전략기획실장 {names[1]}\n"
        f"◇ 전무 승진 ▲ 영업총괄 {names[2]} ▲ 생산기술원장 {names[3]}\n"
        f"◇ 상무 승진 ▲ 품질관리팀장 {names[4]} ▲ 해외사업팀장 {names[5]}\n"
        "◇ 전보 ▲ 인재개발원장 ▲ 홍보팀장 ▲ 재무회계팀장",
    )


def quake(rng: random.Random) -> Bulletin:
    place = rng.choice(PLACES)
    side = rng.choice(("동쪽", "서쪽", "남쪽", "북쪽", "남남서쪽", "북동쪽"))
    size = f"{rng.randint(2, 3)}.{rng.randint(0, 9)}"
    return (
        f"{place} {side} {rng.randint(2, 40)}km 지역서 규모 {size} 지진",
        f"{rng.randint(1, 28)}일 오전 {rng.randint(1, 11)}시 {rng.randint(1, 59)}분께 {place} {side} "
        f"{rng.randint(2, 40)}㎞ 지역에서 규모 {size}의 지진이 발생했다고 기상 당국이 밝혔다.\n"
        f"진앙은 북위 {rng.randint(33, 38)}.{rng.randint(10, 99)}도, 동경 {rng.randint(125, 130)}.{rng.randint(10, 99)}도이며 "
        f"발생 깊이는 {rng.randint(5, 25)}㎞다.\n"
        f"기상 당국은 지진 발생 인근 지역에서는 지진동을 느낄 수 있다며 안전에 유의해 달라고 당부했다.",
    )


def fuel(rng: random.Random) -> Bulletin:
    price = rng.randint(1500, 1990)
    return (
        f"주유소 휘발유 가격 {rng.randint(2, 9)}주 연속 하락… {price}원",
        f"국내 주유소 휘발유 판매 가격이 {rng.randint(2, 9)}주 연속 내렸다.\n"
        f"{rng.randint(1, 28)}일 유가 정보 시스템에 따르면 이달 {rng.randint(1, 4)}주 전국 주유소 휘발유 평균 판매 가격은 "
        f"전주보다 {rng.randint(1, 30)}.{rng.randint(0, 9)}원 내린 리터당 {price:,}.{rng.randint(0, 9)}원이었다.\n"
        f"가격이 가장 높은 {rng.choice(PLACES)}는 {price + rng.randint(20, 90):,}.{rng.randint(0, 9)}원, "
        f"가장 낮은 {rng.choice(PLACES)}는 {price - rng.randint(20, 90):,}.{rng.randint(0, 9)}원을 기록했다.\n"
        f"경유 평균 판매 가격은 {rng.randint(1, 30)}.{rng.randint(0, 9)}원 하락한 {price - rng.randint(90, 160):,}.{rng.randint(0, 9)}원으로 집계됐다.\n"
        "국제 유가는 통상 2∼3주가량 차이를 두고 국내 주유소 가격에 반영된다.",
    )


def disclosure(rng: random.Random) -> Bulletin:
    house = rng.choice(HOUSES)
    return (
        f"{house}, {rng.randint(10, 900)}억원 규모 공급계약 체결",
        f"{house}는 {rng.choice(PLACES)} 소재 업체와 {rng.randint(10, 900)}억{rng.randint(1000, 9999)}만원 규모의 공급계약을 체결했다고 "
        f"{rng.randint(1, 28)}일 공시했다.\n"
        f"이는 최근 매출액 대비 {rng.randint(3, 60)}.{rng.randint(10, 99)}%에 해당하는 규모다.\n"
        f"계약 기간은 내년 {rng.randint(1, 12)}월 {rng.randint(1, 28)}일까지다.",
    )


def fortune(rng: random.Random) -> Bulletin:
    """Names no fact and few numbers: only the sentences differ."""
    luck = (
        "뜻밖의 소식이 온다", "서두르면 손해를 본다", "가까운 이의 말을 들어라", "재물이 들어온다", "먼 길은 피하라",
        "오해를 풀 기회다", "건강을 먼저 살펴라", "미뤄 둔 일을 마쳐라", "새 인연이 생긴다", "지출을 줄여라",
        "작은 일에 웃게 된다", "고집을 꺾어야 이롭다",
    )  # fmt: skip
    lines = [
        f"{animal}띠 - {rng.choice(luck)}. {rng.choice(luck)}."
        for animal in ["쥐", "소", "호랑이", "토끼", "용", "뱀", "말", "양", "원숭이", "닭", "개", "돼지"]
    ]
    return f"[오늘의 운세] {rng.randint(1, 12)}월 {rng.randint(1, 28)}일", "\n".join(lines)


def cold_wave(rng: random.Random) -> Bulletin:
    """A page of advice, and one place."""
    place = rng.choice(PLACES)
    return (
        f"{place}에 한파주의보… 밤 9시 발효",
        f"기상 당국은 오늘 밤 9시를 기해 {place}에 한파주의보를 내린다고 밝혔다.\n"
        "한파주의보는 아침 최저기온이 전날보다 10도 이상 떨어져 3도 이하이고 평년값보다 3도가 낮을 것으로 예상될 때 발표된다.\n"
        "당국은 노약자는 외출을 삼가고 수도 계량기의 보온 상태를 살펴 달라고 당부했다.\n"
        "비닐하우스와 축사에서는 난방기를 미리 점검하고 화재가 나지 않도록 전열기를 끄고 자리를 떠야 한다.\n"
        "도로에는 살얼음이 낄 수 있으므로 앞차와 거리를 넉넉히 두고 속도를 줄여 운전해야 한다.",
    )


def dust(rng: random.Random) -> Bulletin:
    """One place and two numbers among fixed advice."""
    place = rng.choice(PLACES)
    return (
        f"{place} 초미세먼지 주의보 발령",
        f"보건연구소는 {rng.randint(1, 28)}일 오후 {rng.randint(1, 11)}시를 기해 {place}에 초미세먼지 주의보를 발령했다.\n"
        f"이 지역의 시간당 평균 농도는 ㎥당 {rng.randint(76, 140)}㎍이다.\n"
        "주의보는 시간당 평균 농도가 두 시간 이상 기준을 넘을 때 내려진다.\n"
        "어린이와 노약자, 호흡기 질환이나 심혈관 질환이 있는 시민은 되도록 실내에 머물러야 한다.\n"
        "바깥에 나갈 때는 보건용 마스크를 쓰고 돌아와서는 손과 얼굴을 깨끗이 씻는 것이 좋다.",
    )


def match_result(rng: random.Random) -> Bulletin:
    """The score and the scorer are the news."""
    first, second = rng.sample(PLACES, 2)
    scorer = rng.choice(PEOPLE)
    ours, theirs = rng.randint(2, 5), rng.randint(0, 1)
    return (
        f"{first} FC, {second}에 {ours}-{theirs} 승리",
        f"{first} FC가 {second} 유나이티드를 꺾고 승점 3점을 챙겼다.\n"
        f"{first} FC는 {rng.randint(1, 28)}일 안방에서 열린 정규리그 {rng.randint(2, 38)}라운드에서 {second} 유나이티드를 "
        f"{ours}-{theirs}로 이겼다.\n"
        f"전반 {rng.randint(1, 44)}분 {scorer} 선수가 오른발로 골문을 열었고 후반에도 공세가 이어졌다.\n"
        f"이날 경기장에는 관중 {rng.randint(3000, 28000):,}명이 들어찼다.\n"
        "두 팀의 다음 경기는 주말에 열린다.",
    )


def road(rng: random.Random) -> Bulletin:
    """One road, one day."""
    place, other = rng.sample(PLACES, 2)
    return (
        f"{place}~{other} 구간 야간 전면 통제",
        f"교통관리공단은 노면 보수를 위해 {place}~{other} 구간의 양방향 통행을 밤사이 전면 통제한다고 밝혔다.\n"
        "통제 시간은 밤 11시부터 다음 날 오전 5시까지다.\n"
        "공단은 통제 구간 앞에 안내 차량을 세우고 우회 도로를 알리는 전광판을 켜기로 했다.\n"
        "운전자는 길 안내 프로그램으로 실시간 교통 상황을 확인하고 우회 도로를 이용해야 한다.\n"
        "비가 오면 작업이 하루씩 미뤄질 수 있다고 공단은 설명했다.",
    )


BULLETINS: tuple[Callable[[random.Random], Bulletin], ...] = (
    weather, stocks, exchange, lottery, obituary, personnel, quake, fuel, disclosure, fortune, cold_wave, dust,
    match_result, road,
)  # fmt: skip
