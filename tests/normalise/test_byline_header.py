"""Header bylines: every shape of docs/sites/credits.md 1, and more of the same families."""

from __future__ import annotations

import pytest

from crawler.normalise.byline import parse_header
from storage.records import Person

Parts = tuple[str | None, ...]
"""(name, role, e-mail, organisation, place, desk); shorter tuples end in None."""


def parts(people: tuple[Person, ...]) -> list[Parts]:
    return [(p.name, p.role, p.email, p.organisation, p.place, p.desk) for p in people]


def padded(rows: list[Parts]) -> list[Parts]:
    return [(*row, *[None] * (6 - len(row))) for row in rows]


SITES_5_1: list[tuple[str, str, list[Parts]]] = [
    ("백수진 기자", "조선일보", [("백수진", "기자")]),
    ("김경민", "파이낸셜뉴스", [("김경민",)]),
    ("세종=주상돈", "아시아경제", [("주상돈", None, None, None, "세종")]),
    ("안양/조영두", "점프볼", [("조영두", None, None, None, "안양")]),
    ("장충 = 최병진 기자", "마이데일리", [("최병진", "기자", None, None, "장충")]),
    ("안양=CBS노컷뉴스 김동욱 기자", "노컷뉴스", [("김동욱", "기자", None, "CBS노컷뉴스", "안양")]),
    (
        "손진아 MK스포츠 기자(jinaaa@mkculture.com)",
        "MK스포츠",
        [("손진아", "기자", "jinaaa@mkculture.com", "MK스포츠")],
    ),
    ("조희형 joyhyeong@mbc.co.kr", "MBC", [("조희형", None, "joyhyeong@mbc.co.kr")]),
    ("유효정 중국 전문기자", "지디넷코리아", [("유효정", "중국 전문기자")]),
    ("이종림 과학전문기자", "주간동아", [("이종림", "과학전문기자")]),
    ("유하경 기상캐스터", "대구MBC", [("유하경", "기상캐스터")]),
    (
        "이정현 미디어연구소",
        "지디넷코리아",
        [("이정현", "미디어연구소", None, None, None, "미디어연구소")],
    ),
    (
        "최지혜 이대서울병원 영양팀 임상영양사",
        "헬스조선",
        [("최지혜", "임상영양사", None, "이대서울병원 영양팀")],
    ),
    ("KBS", "KBS", []),
    ("황덕현 기후환경전문기자", "뉴스1", [("황덕현", "기후환경전문기자")]),
    ("", "문화일보", []),
]

FROM_REAL_PAGES: list[tuple[str, str, list[Parts]]] = [
    ("순천, 광양 구현모 기자", "매일경제", [("구현모", "기자", None, None, "순천, 광양")]),
    ("이정은6 기자", "동아일보", [("이정은6", "기자")]),
    ("이정은6", "동아일보", [("이정은6",)]),
    ("KIM MINSOO 기자", "조선일보", [("KIM MINSOO", "기자")]),
    ("LEE JI HOON", "조선일보", [("LEE JI HOON",)]),
    ("KBS NEWS", "KBS", []),
    ("마이클 브린 칼럼니스트", "조선일보", [("마이클 브린", "칼럼니스트")]),
    ("마이클·브린 칼럼니스트", "조선일보", [("마이클·브린", "칼럼니스트")]),
    ("마이클·김철수 기자", "조선일보", [("마이클", "기자"), ("김철수", "기자")]),
    (
        "마이클 브린 인사이트 커뮤니케이션즈 대표",
        "조선일보",
        [("마이클 브린", "대표", None, "인사이트 커뮤니케이션즈")],
    ),
    ("데이비드 김 기자", "뉴스1", [("데이비드 김", "기자")]),
    ("강산 기자", "뉴스1", [("강산", "기자")]),
    ("안정 기자", "뉴스1", [("안정", "기자")]),
    (
        "배윤경 기자(정치부), 이상현 기자",
        "매일경제",
        [("배윤경", "기자", None, None, None, "정치부"), ("이상현", "기자")],
    ),
    (
        "배윤경 기자(서울), 이상현 기자",
        "매일경제",
        [("배윤경", "기자", None, None, "서울"), ("이상현", "기자")],
    ),
    ("배윤경 기자 및 이상현 기자", "매일경제", [("배윤경", "기자"), ("이상현", "기자")]),
    (
        "배윤경 기자, 이상현 한국대 경영학과 교수",
        "매일경제",
        [("배윤경", "기자"), ("이상현", "교수", None, "한국대 경영학과")],
    ),
    ("이상현 서울대 교수(경제학)", "매일경제", [("이상현", "교수", None, "서울대")]),
    ("실리콘밸리/오로라 특파원", "조선일보", [("오로라", "특파원", None, None, "실리콘밸리")]),
    ("김재현 전문위원", "머니투데이", [("김재현", "전문위원")]),
    ("동아닷컴 조성운 기자", "스포츠동아", [("조성운", "기자", None, "동아닷컴")]),
    ("수원=김우종 기자", "스타뉴스", [("김우종", "기자", None, None, "수원")]),
    ("석원", "대구MBC", [("석원",)]),
    ("CBS 김현정의 뉴스쇼", "노컷뉴스", []),
]

SAME_FAMILIES: list[tuple[str, list[Parts]]] = [
    ("홍길동 기자, 이순신 기자", [("홍길동", "기자"), ("이순신", "기자")]),
    ("홍길동·이순신·강감찬 기자", [("홍길동", "기자"), ("이순신", "기자"), ("강감찬", "기자")]),
    ("홍길동, 이순신, 강감찬", [("홍길동",), ("이순신",), ("강감찬",)]),
    ("홍길동/이순신 기자", [("홍길동", "기자"), ("이순신", "기자")]),
    ("홍길동 & 이순신 기자", [("홍길동", "기자"), ("이순신", "기자")]),
    ("홍길동 기자·이순신 인턴기자", [("홍길동", "기자"), ("이순신", "인턴기자")]),
    ("홍길동 이순신 기자", [("홍길동", "기자"), ("이순신", "기자")]),
    (
        "도쿄=홍길동·이순신 특파원",
        [("홍길동", "특파원", None, None, "도쿄"), ("이순신", "특파원", None, None, "도쿄")],
    ),
    ("홍길동 도쿄 특파원", [("홍길동", "특파원", None, None, "도쿄")]),
    ("홍길동 워싱턴특파원", [("홍길동", "특파원", None, None, "워싱턴")]),
    ("도하(카타르)=홍길동 기자", [("홍길동", "기자", None, None, "도하(카타르)")]),
    ("대전·충남 홍길동 기자", [("홍길동", "기자", None, None, "대전·충남")]),
    ("KBS 홍길동", [("홍길동", None, None, "KBS")]),
    ("홍길동 헬스조선 인턴기자", [("홍길동", "인턴기자", None, "헬스조선")]),
    ("홍길동 선임 기자", [("홍길동", "선임 기자")]),
    ("홍길동 음식문화 전문기자", [("홍길동", "음식문화 전문기자")]),
    ("홍길동 교육전문 기자", [("홍길동", "교육전문 기자")]),
    ("홍길동 정치부장", [("홍길동", "정치부장")]),
    ("홍길동 정치부 차장", [("홍길동", "차장", None, None, None, "정치부")]),
    ("홍길동 산업1부 기자", [("홍길동", "기자", None, None, None, "산업1부")]),
    ("정치팀 홍길동 기자", [("홍길동", "기자", None, None, None, "정치팀")]),
    ("홍길동 한경닷컴 연예·이슈팀 기자", [("홍길동", "기자", None, "한경닷컴", None, "연예·이슈팀")]),
    ("홍길동 서울대 경제학부 교수", [("홍길동", "교수", None, "서울대 경제학부")]),
    ("홍길동 서울아산병원 신경과 전문의", [("홍길동", "전문의", None, "서울아산병원 신경과")]),
    ("홍길동 법무법인 세종 변호사", [("홍길동", "변호사", None, "법무법인 세종")]),
    ("홍길동 변호사(법무법인 세종)", [("홍길동", "변호사", None, "법무법인 세종")]),
    ("홍길동 국립과천과학관 연구관", [("홍길동", "연구관", None, "국립과천과학관")]),
    ("홍길동 한국개발연구원 선임연구위원", [("홍길동", "선임연구위원", None, "한국개발연구원")]),
    ("홍길동 자동차 칼럼니스트", [("홍길동", "자동차 칼럼니스트")]),
    ("홍길동 논설위원 겸 특파원", [("홍길동", "논설위원 겸 특파원")]),
    ("대학생 명예기자 홍길동", [("홍길동", "대학생 명예기자")]),
    ("기자 홍길동", [("홍길동", "기자")]),
    ("홍길동기자", [("홍길동", "기자")]),
    ("온라인뉴스팀", [("온라인뉴스팀", None, None, "스포츠한국", None, "온라인뉴스팀")]),
    ("온라인 뉴스팀", [("온라인 뉴스팀", None, None, "스포츠한국", None, "온라인 뉴스팀")]),
    ("이데일리 온라인뉴스팀", [("온라인뉴스팀", None, None, "이데일리", None, "온라인뉴스팀")]),
    ("사회부 사건팀", [("사회부 사건팀", None, None, "스포츠한국", None, "사회부 사건팀")]),
    (
        "특별취재팀 홍길동 이순신 기자",
        [
            ("홍길동", "기자", None, None, None, "특별취재팀"),
            ("이순신", "기자", None, None, None, "특별취재팀"),
        ],
    ),
    ("마이클 김", [("마이클 김",)]),
    ("제임스 리 특파원", [("제임스 리", "특파원")]),
    ("John Smith 기자", [("John Smith", "기자")]),
    ("By Kim Soo-yeon", [("Kim Soo-yeon",)]),
    ("존 스미스 특파원", [("존 스미스", "특파원")]),
    ("안드레이 란코프 국민대 교수", [("안드레이 란코프", "교수", None, "국민대")]),
    ("로버트 켈리 부산대 교수", [("로버트 켈리", "교수", None, "부산대")]),
    ("알파고 시나씨 기자", [("알파고 시나씨", "기자")]),
    ("Kim Min-soo, Lee Ji-young", [("Kim Min-soo",), ("Lee Ji-young",)]),
    ("하버드대 홍길동 교수", [("홍길동", "교수", None, "하버드대")]),
    ("법무법인 광장 홍길동 변호사", [("홍길동", "변호사", None, "법무법인 광장")]),
    ("홍길동 KAIST 문술미래전략대학원 교수", [("홍길동", "교수", None, "KAIST 문술미래전략대학원")]),
    ("홍길동 전 국회의원", [("홍길동", "전 국회의원")]),
    ("박고은 PD, 한소범 기자", [("박고은", "PD"), ("한소범", "기자")]),
    ("홍길동 베이징 특파원·이순신 기자", [("홍길동", "특파원", None, None, "베이징"), ("이순신", "기자")]),
    ("남궁민수 기자", [("남궁민수", "기자")]),
    ("남궁 민 기자", [("남궁 민", "기자")]),
    ("황보라미", [("황보라미",)]),
    ("김하늘빛 기자", [("김하늘빛", "기자")]),
    ("이상 기자", [("이상", "기자")]),
    ("정상 기자", [("정상", "기자")]),
    ("한국인 기자", [("한국인", "기자")]),
    ("고은 기자", [("고은", "기자")]),
    ("정선 기자", [("정선", "기자")]),
    ("이천 기자", [("이천", "기자")]),
    ("김제동", [("김제동",)]),
    ("정상화", [("정상화",)]),
    ("이천시 홍길동 기자", [("홍길동", "기자", None, None, "이천시")]),
    ("박○○ 특파원", [("박○○", "특파원")]),
    ("홍길동 외 2명", [("홍길동",)]),
    ("정지훈(상암)", [("정지훈", None, None, None, "상암")]),
    ("온라인뉴스팀 기자", [("온라인뉴스팀", None, None, "스포츠한국", None, "온라인뉴스팀")]),
    ("편집국 기자", [("편집국", None, None, "스포츠한국", None, "편집국")]),
    ("데이터봇 기자 bot@x.com", [(None, None, "bot@x.com")]),
    ("한빛고 홍길동 학생기자", [("홍길동", "학생기자", None, "한빛고")]),
    ("홍길동 기자(=부산)", [("홍길동", "기자", None, None, "부산")]),
    ("홍길동 기자, 사진 이순신 기자", [("홍길동", "기자"), ("이순신", "사진")]),
    ("[취재파일] 홍길동 기자", [("홍길동", "기자")]),
]

NOBODY = [
    "연합뉴스",
    "연합뉴스TV",
    "TV조선",
    "채널A",
    "SBS 뉴스",
    "MBC 뉴스데스크",
    "MBC 라디오 시선집중",
    "KBS 최강시사",
    "김어준의 뉴스공장",
    "[앵커]",
    "[편집자주]",
    "단독",
    "종합",
    "전국종합",
    "로봇기자",
    "테크봇 기자",
    "인공지능 기자",
    "관리자 기자",
    "AI 기자",
    "기자",
    "홍 기자",
    "사진=홍길동",
    "그래픽=홍길동 기자",
    "번역=홍길동",
    "영상취재: 홍길동 / 영상편집: 이순신",
    "홍길동의 세상보기",
    "이번 행사를 기획한 사람은 신동해 기자",
]


@pytest.mark.parametrize(("line", "publisher", "expected"), [*SITES_5_1, *FROM_REAL_PAGES])
def test_a_header_seen_on_daum_gives_its_parts(line: str, publisher: str, expected: list[Parts]) -> None:
    assert parts(parse_header(line, publisher=publisher)) == padded(expected)


@pytest.mark.parametrize(("line", "expected"), SAME_FAMILIES)
def test_a_header_of_the_same_family_gives_its_parts(line: str, expected: list[Parts]) -> None:
    assert parts(parse_header(line, publisher="스포츠한국")) == padded(expected)


@pytest.mark.parametrize("line", NOBODY)
def test_a_header_without_a_person_gives_nobody(line: str) -> None:
    assert parse_header(line, publisher="스포츠한국") == ()


def test_an_unlisted_publisher_is_a_house_because_the_page_says_so() -> None:
    assert parse_header("강남소식지", publisher="강남소식지") == ()
    assert parts(parse_header("강남소식지 홍길동 기자", publisher="강남소식지")) == [
        ("홍길동", "기자", None, "강남소식지", None, None)
    ]


def test_the_raw_span_is_what_the_line_prints_for_that_person() -> None:
    people = parse_header("워싱턴 황보람 특파원·서울 곽민정 기자", publisher=None)
    assert [person.raw for person in people] == ["워싱턴 황보람 특파원", "서울 곽민정 기자"]


def test_a_line_longer_than_any_byline_is_none() -> None:
    assert parse_header("홍길동 기자 " * 60, publisher=None) == ()


@pytest.mark.parametrize(
    ("line", "raws"),
    [
        ("배윤경 기자, 이상현 기자", ["배윤경 기자", "이상현 기자"]),
        ("배윤경 논설위원 겸 선임기자, 이상현 기자", ["배윤경 논설위원 겸 선임기자", "이상현 기자"]),
        ("배윤경 기자(정치부) 이상현 기자", ["배윤경 기자(정치부)", "이상현 기자"]),
        ("배윤경(a1@x.com) 기자, 이상현(b2@x.com) 기자", ["배윤경(a1@x.com) 기자", "이상현(b2@x.com) 기자"]),
        ("전주 신동해·봉화 임하늘 기자", ["전주 신동해", "봉화 임하늘 기자"]),
    ],
)
def test_the_raw_span_is_the_person_s_own(line: str, raws: list[str]) -> None:
    assert [person.raw for person in parse_header(line, publisher=None)] == raws


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("배윤경·이상현 기자 a1@x.com", [("배윤경", "기자"), ("이상현", "기자"), (None, None, "a1@x.com")]),
        ("배윤경 이상현 기자(a1@x.com)", [("배윤경", "기자"), ("이상현", "기자"), (None, None, "a1@x.com")]),
        ("배윤경 기자·이상현 기자 a1@x.com", [("배윤경", "기자"), ("이상현", "기자", "a1@x.com")]),
        ("a1@x.com 배윤경 이상현 기자", [("배윤경", "기자", "a1@x.com"), ("이상현", "기자")]),
        (
            "배윤경·이상현 기자 a1@x.com b2@x.com",
            [("배윤경", "기자", "a1@x.com"), ("이상현", "기자", "b2@x.com")],
        ),
    ],
)
def test_an_e_mail_behind_a_shared_role_is_nobody_s(line: str, people: list[Parts]) -> None:
    """The line does not say whose it is; before a name it is that name's (fnnews, docs/sites/fnnews.md 3)."""
    assert parts(parse_header(line, publisher=None)) == padded(people)


@pytest.mark.parametrize(
    "button",
    [
        "의 기사 더보기",
        "님의 다른 기사 보기",
        "가 쓴 기사",
        " 기사 모아보기",
        "에게 메일 보내기",
        "의 구독",
        "님 구독하기",
        " 프로필 보기",
    ],
)
def test_a_button_behind_a_reporter_is_no_part_of_who_wrote(button: str) -> None:
    assert parts(parse_header(f"한도윤 기자{button}", publisher="가상일보")) == padded([("한도윤", "기자")])
    assert parts(parse_header(f"한도윤 논설위원{button}", publisher=None)) == padded([("한도윤", "논설위원")])
