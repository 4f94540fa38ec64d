"""Headlines of other stories that stand around an article. None of them is a story of the edition.

They are constant, so that a page's bytes change only when its own article does.
"""

from __future__ import annotations

import hashlib

HEADLINES = (
    "“월세 밀렸는데도 웃었다” 다락방 극단의 겨울",
    "[단독] 30년 된 다리 상판, 점검표엔 모두 ‘양호’",
    "붕어빵 세 마리에 담긴 물가 방정식",
    "퇴근길 지하철서 울린 하모니카, 그 주인공은",
    "‘손끝 기억’으로 빚는 옹기, 네 번째 대를 잇다",
    "밤 11시 편의점, 삼각김밥이 먼저 동났다",
    "전세 사기 피해 골목에 다시 켜진 간판",
    "우주에서 돌아온 씨앗, 싹은 달랐을까",
    "“아버지 트럭엔 라디오가 없었다” 독자 수기 당선작",
    "한 표 차로 갈린 마을 이장 선거의 뒷이야기",
    "바다거북 47마리, 그물 대신 손을 만나다",
    "‘반값 택배’ 경쟁에 골목 문구점이 웃은 까닭",
    "고교생이 만든 점자 지도, 역무원이 먼저 알아봤다",
    "낮 기온 21도의 11월, 개나리가 착각했다",
    "이름 없는 조연 40년, 첫 주연상 소감은 한 줄",
    "수도권 철도 막차, 20분 늦춘 뒤 벌어진 일",
    "헌책방 지하에서 나온 악보 한 장의 정체",
    "“기계보다 느려도” 손국수 집의 하루 매출 공개",
    "눈 오는 날만 여는 도서관에 줄 선 아이들",
    "폐교 운동장, 이번엔 별 보는 마당으로",
    "‘월 3만원’ 청년 통장, 은행 창구의 속사정",
    "무인 점포 CCTV에 찍힌 뜻밖의 사과 편지",
    "등대지기가 사라진 섬에 남은 마지막 무전",
    "시장 골목 커피값 1500원, 20년째 그대로인 이유",
)


def around(key: str, count: int) -> list[str]:
    """``count`` headlines for the page with that key, always the same ones."""
    start = int(hashlib.sha256(key.encode()).hexdigest()[:6], 16)
    return [HEADLINES[(start + step * 5) % len(HEADLINES)] for step in range(count)]
