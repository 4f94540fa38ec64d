"""Invented news: a story is a set of facts, and each fact can be told in two or three ways.

Two tellings of one story share names and numbers and no sentence (same event); the same telling with
other facts is a template. Everything is invented; the agencies are the real wire services' names.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

Facts = Mapping[str, str]

PLACES = [
    "한들시",
    "새벽시",
    "물빛군",
    "가람시",
    "누리군",
    "미르시",
    "단비구",
    "햇살구",
    "솔내군",
    "은하시",
    "참샘시",
    "늘봄구",
]
HOUSES = [
    "한빛전자",
    "누리제약",
    "가온건설",
    "미르화학",
    "단비카드",
    "온새미은행",
    "라온자동차",
    "도담생명",
    "새론증권",
    "마루그룹",
    "이든중공업",
    "다솜식품",
    "하람통신",
    "비롯물산",
]
OFFICES = [
    "시민안전국",
    "항만개발청",
    "농업진흥원",
    "산림보호청",
    "교통관리공단",
    "문화재연구원",
    "청년정책과",
    "물관리위원회",
    "해양조사원",
    "에너지전환청",
    "보건연구소",
    "지역경제과",
]
PEOPLE = [
    "김도현",
    "이서윤",
    "박지호",
    "최하은",
    "정우진",
    "강민서",
    "조예린",
    "윤태오",
    "장수아",
    "임건우",
    "한지유",
    "오다결",
    "서다온",
    "신라희",
]
THINGS = [
    "스마트 가로등",
    "수소 버스",
    "공동 물류센터",
    "마을 도서관",
    "해상 풍력 단지",
    "빗물 저장 시설",
    "반도체 검사 장비",
    "전기차 충전소",
    "치매 안심센터",
    "청년 임대주택",
    "공공 배달앱",
    "폐배터리 재활용 공장",
    "무인 순찰 로봇",
    "농산물 직거래 장터",
    "수직 농장",
    "인공 습지",
]
AIMS = [
    "출퇴근 시간을 줄이고",
    "겨울철 사고를 막고",
    "물가 부담을 덜고",
    "지역 일자리를 늘리고",
    "에너지 사용을 낮추고",
    "고령 주민의 이동을 돕고",
    "하천 수질을 되살리고",
    "중소 협력사의 비용을 나누고",
    "관광객 발길을 붙잡고",
    "농가 소득을 높이고",
]
DOUBTS = [
    "예산이 제때 배정될지 불투명하다",
    "주변 상인들의 반발이 남아 있다",
    "운영 인력이 부족하다는 지적이 나온다",
    "환경 영향 평가가 아직 끝나지 않았다",
    "비슷한 사업이 몇 해 전 중단된 적이 있다",
    "민간 참여가 저조할 수 있다",
    "유지비를 누가 낼지 정해지지 않았다",
    "안전 인증 절차가 길어질 수 있다",
]
VOICES = [
    "현장에서 체감할 변화를 만들겠다",
    "주민과 한 약속을 지키는 첫걸음이다",
    "속도보다 방향이 중요하다고 본다",
    "내년 봄이면 결과를 보여 드릴 수 있다",
    "작은 불편도 놓치지 않고 살피겠다",
    "다른 지역의 본보기가 되도록 하겠다",
    "전문가 의견을 계속 듣고 고쳐 가겠다",
    "세금 한 푼도 헛되이 쓰지 않겠다",
]
BACKGROUND = [
    "앞서 이 지역에서는 오래된 시설이 잇따라 고장 나면서 이용자 불만이 쌓여 왔다",
    "지난해 조사에서 응답자 대부분은 지금의 방식이 불편하다고 답했다",
    "업계는 관련 시장이 빠르게 커지고 있어 선점 효과가 클 것으로 내다본다",
    "학계에서는 효과를 따지려면 적어도 두 해는 지켜봐야 한다는 신중론도 있다",
    "이웃 도시도 비슷한 계획을 세우고 담당자를 보내 현장을 둘러봤다",
    "정부는 성과가 확인되면 지원 대상을 전국으로 넓힐 방침이다",
    "시민단체는 결정 과정이 공개되지 않았다며 회의록을 요구하고 나섰다",
    "공사가 진행되는 동안 일부 도로에서는 차량 통행이 제한된다",
    "입찰에는 지역 업체가 우선 참여할 수 있도록 가점을 주기로 했다",
    "담당 부서는 주민 설명회를 권역마다 따로 열기로 했다",
    "관련 조례는 다음 회기에 상정돼 표결을 거칠 예정이다",
    "연구진은 표본이 작아 결과를 일반화하기는 어렵다고 선을 그었다",
    "현장에는 이른 아침부터 구경하려는 사람들이 줄을 섰다",
    "온라인에서는 기대와 걱정이 엇갈리는 반응이 이어졌다",
    "비가 오는 날에는 운영 시간을 탄력적으로 바꾸기로 했다",
    "장애인 이용자를 위한 안내 장치도 함께 마련된다",
    "협약식에는 지역 대표와 시공사 관계자가 나란히 참석했다",
    "첫 삽을 뜨기까지 걸린 시간은 처음 예상보다 두 배 길었다",
]

TELLINGS = (
    (
        "{place} {office}은 {thing} {count}곳을 내년까지 새로 만든다고 {day}일 밝혔다.",
        "내년 말이면 {place}에 {thing} {count}곳이 들어선다. {office}이 {day}일 내놓은 계획이다.",
    ),
    (
        "이번 사업에는 모두 {money}억원이 들어가며 {house}가 시공을 맡는다.",
        "{house}가 공사를 따냈고 사업비는 {money}억원으로 잡혔다.",
    ),
    (
        "{aim} 방문객을 한 해 {people}명까지 끌어올리는 것이 목표다.",
        "목표는 연간 {people}명이다. {aim} 새 손님을 부르겠다는 구상이다.",
    ),
    (
        "{name} 본부장은 \"{voice}\"고 말했다.",
        "사업을 이끄는 {name} 본부장의 설명도 다르지 않았다. \"{voice}\"는 것이다.",
    ),
    (
        "다만 {doubt}.",
        "걸림돌도 있다. {doubt}는 점이 그렇다.",
    ),
    (
        "{office}이 미리 벌인 조사에서는 주민 {share}%가 찬성했고 반대는 {against}%에 그쳤다.",
        "주민 여론은 나쁘지 않다. 찬성이 {share}%로 반대 {against}%를 크게 앞섰다.",
    ),
    (
        "1단계 공사는 {month}월에 시작해 {weeks}주 동안 이어진다.",
        "첫 공사 기간은 {weeks}주, 착공은 {month}월로 잡혔다.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One invented story told in one way."""

    title: str
    sentences: tuple[str, ...]
    facts: Facts

    @property
    def body(self) -> str:
        return "\n".join(self.sentences)


def facts(rng: random.Random) -> dict[str, str]:
    """What happened, drawn anew."""
    share = rng.randint(51, 84)
    return {
        "place": rng.choice(PLACES),
        "office": rng.choice(OFFICES),
        "house": rng.choice(HOUSES),
        "thing": rng.choice(THINGS),
        "aim": rng.choice(AIMS),
        "doubt": rng.choice(DOUBTS),
        "voice": rng.choice(VOICES),
        "name": rng.choice(PEOPLE),
        "count": str(rng.randint(3, 98)),
        "day": str(rng.randint(1, 28)),
        "money": f"{rng.randint(11, 4900):,}",
        "people": f"{rng.randint(3, 90) * 1000 + rng.randint(0, 9) * 100:,}",
        "share": f"{share}.{rng.randint(1, 9)}",
        "against": f"{rng.randint(5, 100 - share - 1)}.{rng.randint(1, 9)}",
        "month": str(rng.randint(1, 12)),
        "weeks": str(rng.randint(5, 60)),
    }


def tell(rng: random.Random, told: Facts, way: int = 0, background: int = 5) -> Story:
    """Tell a story; ``way`` 0 or 1 chooses the sentences, ``background`` how many of the common kind."""
    core = [ways[way % len(ways)].format(**told) for ways in TELLINGS]
    around = [f"{sentence}." for sentence in rng.sample(BACKGROUND, background)]
    if way:
        core = [core[0], *rng.sample(core[1:], len(core) - 1)]
    sentences = [core[0]]
    rest = core[1:]
    while rest or around:
        source = rest if rest and (not around or rng.random() < 0.55) else around
        sentences.append(source.pop(0))
    titles = ("{place}, {thing} {count}곳 새로 짓는다", "{money}억 들여 {thing}… {house} 시공")
    return Story(title=titles[way % 2].format(**told), sentences=tuple(sentences), facts=told)
