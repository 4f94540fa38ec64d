"""Datelines and lead-ins: every shape of docs/sites/credits.md 2, and more of the same families."""

from __future__ import annotations

import pytest

from crawler.normalise.byline import NO_LEAD, find_lead, parse_lead

Who = tuple[str, str | None]
Row = tuple[str, str | None, str | None, list[Who], str]
"""(paragraph, place, agency, [(name, role)], the lead-in as printed)."""

SITES_5_2: list[Row] = [
    ("[파이낸셜뉴스] 오는 11월 국회", None, "파이낸셜뉴스", [], "[파이낸셜뉴스]"),
    (
        "[서울=뉴시스] 백영미 기자 = 일교차가",
        "서울",
        "뉴시스",
        [("백영미", "기자")],
        "[서울=뉴시스] 백영미 기자 =",
    ),
    (
        "(서울=연합뉴스) 김경윤 기자 = 웹툰",
        "서울",
        "연합뉴스",
        [("김경윤", "기자")],
        "(서울=연합뉴스) 김경윤 기자 =",
    ),
    (
        "(포항=연합뉴스) 임상현 기자 = 2010년",
        "포항",
        "연합뉴스",
        [("임상현", "기자")],
        "(포항=연합뉴스) 임상현 기자 =",
    ),
    (
        '(창원=연합뉴스) 이정훈 기자 = "우주항공청',
        "창원",
        "연합뉴스",
        [("이정훈", "기자")],
        "(창원=연합뉴스) 이정훈 기자 =",
    ),
    ("(서울=뉴스1) 공준호 기자 = 전날", "서울", "뉴스1", [("공준호", "기자")], "(서울=뉴스1) 공준호 기자 ="),
    (
        "(지디넷코리아=김미정 기자)엔비디아가",
        None,
        "지디넷코리아",
        [("김미정", "기자")],
        "(지디넷코리아=김미정 기자)",
    ),
    (
        "[헤럴드경제=김광우 기자] 정치권에서",
        None,
        "헤럴드경제",
        [("김광우", "기자")],
        "[헤럴드경제=김광우 기자]",
    ),
    ("[이데일리 김유성 기자] 박주민", None, "이데일리", [("김유성", "기자")], "[이데일리 김유성 기자]"),
    (
        "[이데일리 스타in 김보영 기자] 미야자키",
        None,
        "이데일리",
        [("김보영", "기자")],
        "[이데일리 스타in 김보영 기자]",
    ),
    (
        "[스타뉴스 | 수원=양정웅 기자]",
        "수원",
        "스타뉴스",
        [("양정웅", "기자")],
        "[스타뉴스 | 수원=양정웅 기자]",
    ),
    (
        "[스포츠서울 | 장충=박준범기자] “레이나",
        "장충",
        "스포츠서울",
        [("박준범", "기자")],
        "[스포츠서울 | 장충=박준범기자]",
    ),
    (
        "[점프볼=잠실/최서진 기자] “우리 팀에",
        "잠실",
        "점프볼",
        [("최서진", "기자")],
        "[점프볼=잠실/최서진 기자]",
    ),
    (
        '[스포티비뉴스=이천, 김민경 기자] "나 믿고',
        "이천",
        "스포티비뉴스",
        [("김민경", "기자")],
        "[스포티비뉴스=이천, 김민경 기자]",
    ),
    (
        "(엑스포츠뉴스 이이진 기자) '반짝이는",
        None,
        "엑스포츠뉴스",
        [("이이진", "기자")],
        "(엑스포츠뉴스 이이진 기자)",
    ),
    ("[인터풋볼] 김대식 기자 = 김민재는", None, "인터풋볼", [("김대식", "기자")], "[인터풋볼] 김대식 기자 ="),
    ("[포포투=김환]", None, "포포투", [("김환", None)], "[포포투=김환]"),
    ("[스포츠조선 노재형 기자]오타니", None, "스포츠조선", [("노재형", "기자")], "[스포츠조선 노재형 기자]"),
    ("[서울경제] “우주(갤럭시)의", None, "서울경제", [], "[서울경제]"),
    ("[양형석 기자]", None, None, [("양형석", "기자")], "[양형석 기자]"),
    ("【도쿄=김경민 특파원】 일본", "도쿄", None, [("김경민", "특파원")], "【도쿄=김경민 특파원】"),
    (
        "[마이데일리 = 장충 최병진 기자] 흥국",
        "장충",
        "마이데일리",
        [("최병진", "기자")],
        "[마이데일리 = 장충 최병진 기자]",
    ),
]

SAME_FAMILIES: list[Row] = [
    (
        "(서울·세종=뉴스1) 홍길동 이순신 기자 = 정부",
        "서울·세종",
        "뉴스1",
        [("홍길동", "기자"), ("이순신", "기자")],
        "(서울·세종=뉴스1) 홍길동 이순신 기자 =",
    ),
    ("[서울=뉴시스]홍길동 기자= 정부", "서울", "뉴시스", [("홍길동", "기자")], "[서울=뉴시스]홍길동 기자="),
    (
        "[서울=뉴시스] 홍길동 이순신 기자 = 정부",
        "서울",
        "뉴시스",
        [("홍길동", "기자"), ("이순신", "기자")],
        "[서울=뉴시스] 홍길동 이순신 기자 =",
    ),
    (
        "(도쿄=연합뉴스) 박○○ 특파원 = 일본",
        "도쿄",
        "연합뉴스",
        [("박○○", "특파원")],
        "(도쿄=연합뉴스) 박○○ 특파원 =",
    ),
    (
        "(세종=뉴스1) 홍길동 기자, 이순신 인턴기자 = 정부",
        "세종",
        "뉴스1",
        [("홍길동", "기자"), ("이순신", "인턴기자")],
        "(세종=뉴스1) 홍길동 기자, 이순신 인턴기자 =",
    ),
    (
        "[서울=뉴스핌] 홍길동 기자 = 정부",
        "서울",
        "뉴스핌",
        [("홍길동", "기자")],
        "[서울=뉴스핌] 홍길동 기자 =",
    ),
    ("(서울=연합뉴스) 1일 오전", "서울", "연합뉴스", [], "(서울=연합뉴스)"),
    ("[워싱턴=AP/뉴시스] 조 바이든", "워싱턴", "AP/뉴시스", [], "[워싱턴=AP/뉴시스]"),
    ("[OSEN=고척, 한용섭 기자] 키움이", "고척", "OSEN", [("한용섭", "기자")], "[OSEN=고척, 한용섭 기자]"),
    (
        "[마이데일리 = 잠실 김진성 기자] 두산이",
        "잠실",
        "마이데일리",
        [("김진성", "기자")],
        "[마이데일리 = 잠실 김진성 기자]",
    ),
    (
        "[풋볼리스트=서울] 홍길동 기자= 서울이",
        "서울",
        "풋볼리스트",
        [("홍길동", "기자")],
        "[풋볼리스트=서울] 홍길동 기자=",
    ),
    (
        "[골닷컴, 서울월드컵경기장] 홍길동 기자 = 서울이",
        "서울월드컵경기장",
        "골닷컴",
        [("홍길동", "기자")],
        "[골닷컴, 서울월드컵경기장] 홍길동 기자 =",
    ),
    ("[더팩트ㅣ홍길동 기자] 정부", None, "더팩트", [("홍길동", "기자")], "[더팩트ㅣ홍길동 기자]"),
    (
        "[더팩트 | 국회=홍길동 기자] 정부",
        "국회",
        "더팩트",
        [("홍길동", "기자")],
        "[더팩트 | 국회=홍길동 기자]",
    ),
    ("[포포투=정지훈(상암)] 서울이", "상암", "포포투", [("정지훈", None)], "[포포투=정지훈(상암)]"),
    (
        "[수원=스포츠조선 홍길동 기자] 삼성이",
        "수원",
        "스포츠조선",
        [("홍길동", "기자")],
        "[수원=스포츠조선 홍길동 기자]",
    ),
    (
        "[스포츠한국 잠실=홍길동 기자] 두산이",
        "잠실",
        "스포츠한국",
        [("홍길동", "기자")],
        "[스포츠한국 잠실=홍길동 기자]",
    ),
    (
        "(MHN스포츠 고척, 홍길동 기자) 키움이",
        "고척",
        "MHN스포츠",
        [("홍길동", "기자")],
        "(MHN스포츠 고척, 홍길동 기자)",
    ),
    (
        "[머니투데이 뉴욕=홍길동 특파원] 미국",
        "뉴욕",
        "머니투데이",
        [("홍길동", "특파원")],
        "[머니투데이 뉴욕=홍길동 특파원]",
    ),
    (
        "[뉴스엔 글 홍길동/사진 이순신 기자] 배우",
        None,
        "뉴스엔",
        [("홍길동", "기자"), ("이순신", "사진")],
        "[뉴스엔 글 홍길동/사진 이순신 기자]",
    ),
    (
        "[단독] [서울=뉴시스] 홍길동 기자 = 정부",
        "서울",
        "뉴시스",
        [("홍길동", "기자")],
        "[서울=뉴시스] 홍길동 기자 =",
    ),
    ("[동네소식] 홍길동 기자 = 마을", None, "동네소식", [("홍길동", "기자")], "[동네소식] 홍길동 기자 ="),
    (
        "(서울=동네소식) 홍길동 기자 = 마을",
        "서울",
        "동네소식",
        [("홍길동", "기자")],
        "(서울=동네소식) 홍길동 기자 =",
    ),
    ("서울=홍길동 기자 = 정부", "서울", None, [("홍길동", "기자")], "서울=홍길동 기자 ="),
    ("홍길동 기자 = 정부가", None, None, [("홍길동", "기자")], "홍길동 기자 ="),
    ("글·사진=홍길동 기자", None, None, [("홍길동", "기자")], "글·사진=홍길동 기자"),
    ("By Kim Soo-yeon", None, None, [("Kim Soo-yeon", None)], "By Kim Soo-yeon"),
    ("SEOUL, Nov. 1 (Yonhap) -- South Korea", "SEOUL", "Yonhap", [], "SEOUL, Nov. 1 (Yonhap) --"),
    ("WASHINGTON (AP) — The president", "WASHINGTON", "AP", [], "WASHINGTON (AP) —"),
]

NOT_A_LEAD = [
    "[편집자주]정부가 노동개혁에",
    "[앵커]",
    "[기자] 네, 저는 지금",
    "[단독] 정부가",
    "[인터뷰] 그는",
    "[속보] 정부",
    "[정사무엘 / 한문화진흥협회장] 감사합니다.",
    "[김철수 / 서울대 교수] 그렇습니다.",
    "■ 진행 : 김현정 앵커",
    "■ 대담 : 박지원 의원",
    "■ 대담 : 홍길동 기자",
    "◎ 진행 : 홍길동 기자, 이순신 기자",
    "(사진) 정부가",
    "By Friday Seoul will be cold again.",
    "정부가 a=b 라고 말했다.",
    "피로 누적… 이번 행사를 기획한 사람은 신동해 기자",
    "[오늘의 날씨] 맑음",
    "",
]


@pytest.mark.parametrize(("text", "place", "agency", "people", "raw"), [*SITES_5_2, *SAME_FAMILIES])
def test_a_lead_in_gives_its_parts(
    text: str, place: str | None, agency: str | None, people: list[Who], raw: str
) -> None:
    lead = parse_lead(text, None)
    found = (lead.dateline.place, lead.dateline.agency) if lead.dateline else (None, None)
    assert found == (place, agency)
    assert [(person.name, person.role) for person in lead.people] == people
    assert lead.raw == raw


@pytest.mark.parametrize("text", NOT_A_LEAD)
def test_tags_and_prose_open_nothing(text: str) -> None:
    assert parse_lead(text, "뉴시스") == NO_LEAD


def test_people_of_a_lead_in_have_its_place_and_house() -> None:
    (person,) = parse_lead("(서울=연합뉴스) 김경윤 기자 = 웹툰", "연합뉴스").people
    assert (person.place, person.organisation, person.desk) == ("서울", "연합뉴스", None)
    (person,) = parse_lead("[이데일리 스타in 김보영 기자] 미야자키", "이데일리").people
    assert (person.place, person.organisation, person.desk) == (None, "이데일리", "스타in")
    (person,) = parse_lead("[워싱턴=AP/뉴시스]홍길동 기자 = 조", "뉴시스").people
    assert (person.place, person.organisation) == ("워싱턴", "뉴시스")


def test_a_photo_caption_names_no_author() -> None:
    """docs/sites/credits.md 2: the photographer is credited in the form of a lead-in."""
    lead = parse_lead(
        "【서울=뉴시스】홍효식 기자 = 후보가 말하고 있다. 2018.05.16. yesphoto@newsis.com", "뉴시스"
    )
    assert lead.people == ()
    assert lead.dateline is not None
    assert lead.dateline.place == "서울"


def test_a_publisher_that_no_list_has_opens_the_body_with_its_name() -> None:
    dateline = parse_lead("[강남소식지] 구청은", "강남소식지").dateline
    assert dateline is not None
    assert dateline.agency == "강남소식지"
    assert parse_lead("[강남소식지] 구청은", "뉴시스").dateline is None


def test_the_lead_in_may_open_the_second_paragraph() -> None:
    paragraphs = ["[단독]", "[서울=뉴시스] 홍길동 기자 = 정부는 밝혔다.", "이어 말했다."]
    assert [person.name for person in find_lead(paragraphs, "뉴시스").people] == ["홍길동"]
    dateline = find_lead(paragraphs, "뉴시스").dateline
    assert dateline is not None
    assert dateline.raw == "[서울=뉴시스]"
    assert find_lead(["정부는 밝혔다."], "뉴시스").dateline is None


def test_a_lead_in_with_people_wins_over_one_without() -> None:
    paragraphs = ["[동아닷컴]", "[동아닷컴 홍길동 기자] 선수가"]
    assert [person.name for person in find_lead(paragraphs, "스포츠동아").people] == ["홍길동"]
