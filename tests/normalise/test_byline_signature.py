"""Signatures: every shape of docs/sites/credits.md 3, and more of the same families."""

from __future__ import annotations

import pytest

from crawler.normalise.byline import parse_signature
from storage.records import Person

Parts = tuple[str | None, ...]
"""(name, role, e-mail, organisation, place, desk); shorter tuples end in None."""


def parts(people: tuple[Person, ...] | None) -> list[Parts] | None:
    if people is None:
        return None
    return [(p.name, p.role, p.email, p.organisation, p.place, p.desk) for p in people]


def padded(rows: list[Parts]) -> list[Parts]:
    return [(*row, *[None] * (6 - len(row))) for row in rows]


SITES_5_3: list[tuple[str, list[Parts]]] = [
    ("이상현 기자 ishsy@dt.co.kr", [("이상현", "기자", "ishsy@dt.co.kr")]),
    (
        "남양주·양평=글·사진 최흥수 기자 choissoo@hankookilbo.com",
        [("최흥수", "기자", "choissoo@hankookilbo.com", None, "남양주·양평")],
    ),
    ("조해동·전세원 기자", [("조해동", "기자"), ("전세원", "기자")]),
    ("윤희일 선임기자 yhi@kyunghyang.com", [("윤희일", "선임기자", "yhi@kyunghyang.com")]),
    ("안산 | 김하진 기자 hjkim@kyunghyang.com", [("김하진", "기자", "hjkim@kyunghyang.com", None, "안산")]),
    ("유효정 중국 전문기자(hjyoo@zdnet.co.kr)", [("유효정", "중국 전문기자", "hjyoo@zdnet.co.kr")]),
    ("김보영 (kby5848@edaily.co.kr)", [("김보영", None, "kby5848@edaily.co.kr")]),
    ("김지원 텐아시아 기자 bella@tenasia.co.kr", [("김지원", "기자", "bella@tenasia.co.kr", "텐아시아")]),
    (
        "JIBS 제주방송 김재연(Replaykim@jibs.co.kr) 기자",
        [("김재연", "기자", "Replaykim@jibs.co.kr", "JIBS 제주방송")],
    ),
    ("한나비 기자 nabi@x.example 카카오톡 @nabi 010-0000-0000", [("한나비", "기자", "nabi@x.example")]),
    ("한나비 기자 nabi@x.example 페이스북 fb.example/nabi", [("한나비", "기자", "nabi@x.example")]),
    ("nabi@x.example 한나비 기자 인스타 @nabi.h", [("한나비", "기자", "nabi@x.example")]),
    ("한나비 선임기자 ☎ 02) 0000-0000", [("한나비", "선임기자")]),
    ("Han Na-bi, staff writer", [("Han Na-bi", "staff writer")]),
    ("/ hsjssu@osen.co.kr", [(None, None, "hsjssu@osen.co.kr")]),
    ("heeva@yna.co.kr", [(None, None, "heeva@yna.co.kr")]),
    ("zero@news1.kr", [(None, None, "zero@news1.kr")]),
    ("[스포츠투데이 이상필 기자 sports@stoo.com]", [("이상필", "기자", "sports@stoo.com", "스포츠투데이")]),
    (
        "[김선영 마니아타임즈 기자 / scp2146@maniareport.com]",
        [("김선영", "기자", "scp2146@maniareport.com", "마니아타임즈")],
    ),
    ("글·사진=윤민섭 기자 flame@kmib.co.kr", [("윤민섭", "기자", "flame@kmib.co.kr")]),
    ("글=유지선 기자(jisun22811@soccerbest11.co.kr)", [("유지선", "기자", "jisun22811@soccerbest11.co.kr")]),
    (
        "수원=CBS노컷뉴스 김조휘 기자 startjoy@cbs.co.kr",
        [("김조휘", "기자", "startjoy@cbs.co.kr", "CBS노컷뉴스", "수원")],
    ),
    ("이기환 역사 스토리텔러 Ikh0745@naver.com", [("이기환", "역사 스토리텔러", "Ikh0745@naver.com")]),
    (
        "부산=선수민 기자 sunsoo@sportschosun.com",
        [("선수민", "기자", "sunsoo@sportschosun.com", None, "부산")],
    ),
    ("최윤호 기자 uknow@donga.com", [("최윤호", "기자", "uknow@donga.com")]),
    ("hyuk7179@fnnews.com 이혁 기자", [("이혁", "기자", "hyuk7179@fnnews.com")]),
    ("fnjung@fnnews.com 정기현 기자", [("정기현", "기자", "fnjung@fnnews.com")]),
    (
        "강중모 기자 (vrdw88@fnnews.com) 임상혁 기자 (yimsh0214@fnnews.com)",
        [("강중모", "기자", "vrdw88@fnnews.com"), ("임상혁", "기자", "yimsh0214@fnnews.com")],
    ),
    ("유현태 기자(yht@spotvnews.co.kr)", [("유현태", "기자", "yht@spotvnews.co.kr")]),
    ("배윤경 기자", [("배윤경", "기자")]),
    ("이상현 기자", [("이상현", "기자")]),
    ("한수진 기자", [("한수진", "기자")]),
    ("김혜진 기자", [("김혜진", "기자")]),
    (
        "배윤경 기자 이상현 기자 한수진 기자 김혜진 기자",
        [("배윤경", "기자"), ("이상현", "기자"), ("한수진", "기자"), ("김혜진", "기자")],
    ),
    (
        "워싱턴 황보람 특파원·서울 곽민정 기자",
        [("황보람", "특파원", None, None, "워싱턴"), ("곽민정", "기자", None, None, "서울")],
    ),
    (
        "전주 신동해·봉화 임하늘 기자",
        [("신동해", "기자", None, None, "전주"), ("임하늘", "기자", None, None, "봉화")],
    ),
    ("대만 가오슝시=문지혜기자", [("문지혜", "기자", None, None, "대만 가오슝시")]),
    (
        "[조은별 디지털뉴스부 인턴기자 intern2001@naver.com]]",
        [("조은별", "인턴기자", "intern2001@naver.com", None, None, "디지털뉴스부")],
    ),
    ("동아닷컴 IT전문 윤서준 기자(tech@itdonga.com)", [("윤서준", "기자", "tech@itdonga.com", "동아닷컴")]),
    ("도쿄/정수진 특파원", [("정수진", "특파원", None, None, "도쿄")]),
]

FROM_REAL_PAGES: list[tuple[str, list[Parts]]] = [
    ("☞공감언론 뉴시스 akang@newsis.com", [(None, None, "akang@newsis.com")]),
    ("YTN 김대근 (kimdaegeun@ytn.co.kr)", [("김대근", None, "kimdaegeun@ytn.co.kr", "YTN")]),
    ("[이천=김근한 MK스포츠 기자]", [("김근한", "기자", None, "MK스포츠", "이천")]),
    ("홍지민 전문기자", [("홍지민", "전문기자")]),
    ("박치문 바둑칼럼니스트", [("박치문", "바둑칼럼니스트")]),
    ("고은결·신혜원 기자", [("고은결", "기자"), ("신혜원", "기자")]),
    ("[CBS 김현정의 뉴스쇼]", []),
    ("/한국 수출입은행장", []),
]

SAME_FAMILIES: list[tuple[str, list[Parts]]] = [
    ("홍길동 기자 blossom@", [("홍길동", "기자")]),
    ("KBS 아레나 | 홍길동 기자 blossom@", [("홍길동", "기자", None, None, "KBS 아레나")]),
    (
        "KBS 아레나=홍길동 기자 b@sportsseoul.com",
        [("홍길동", "기자", "b@sportsseoul.com", None, "KBS 아레나")],
    ),
    ("홍길동기자 hong@x.co.kr", [("홍길동", "기자", "hong@x.co.kr")]),
    ("홍길동 기자hong@x.co.kr", [("홍길동", "기자", "hong@x.co.kr")]),
    ("홍길동 기자 <hong@x.com>", [("홍길동", "기자", "hong@x.com")]),
    ("/홍길동 기자 a@b.co.kr", [("홍길동", "기자", "a@b.co.kr")]),
    ("홍길동 기자/hong@x.com", [("홍길동", "기자", "hong@x.com")]),
    ("hong@x.com | 홍길동 기자", [("홍길동", "기자", "hong@x.com")]),
    (
        "a@x.com 홍길동 기자 b@x.com 이순신 기자",
        [("홍길동", "기자", "a@x.com"), ("이순신", "기자", "b@x.com")],
    ),
    ("a@x.com 홍길동 이순신 기자", [("홍길동", "기자", "a@x.com"), ("이순신", "기자")]),
    ("a@x.com b@x.com 홍길동 이순신 기자", [("홍길동", "기자", "a@x.com"), ("이순신", "기자", "b@x.com")]),
    ("홍길동·이순신 기자 a@x.com b@x.com", [("홍길동", "기자", "a@x.com"), ("이순신", "기자", "b@x.com")]),
    ("홍길동(a@x.com)·이순신(b@x.com) 기자", [("홍길동", "기자", "a@x.com"), ("이순신", "기자", "b@x.com")]),
    ("홍길동 기자 hong@x.co.kr, 이순신 기자", [("홍길동", "기자", "hong@x.co.kr"), ("이순신", "기자")]),
    (
        "서울=홍길동 기자, 부산=이순신 기자",
        [("홍길동", "기자", None, None, "서울"), ("이순신", "기자", None, None, "부산")],
    ),
    ("홍길동 기자·워싱턴=이순신 특파원", [("홍길동", "기자"), ("이순신", "특파원", None, None, "워싱턴")]),
    ("한겨레 홍길동 선임기자 hong@hani.co.kr", [("홍길동", "선임기자", "hong@hani.co.kr", "한겨레")]),
    ("홍길동 동아닷컴 기자", [("홍길동", "기자", None, "동아닷컴")]),
    ("매경닷컴 MK스포츠 홍길동 기자", [("홍길동", "기자", None, "매경닷컴 MK스포츠")]),
    ("MHN스포츠 / 홍길동 인턴기자", [("홍길동", "인턴기자", None, "MHN스포츠")]),
    ("대전=홍길동 충청본부 기자 h@x.com", [("홍길동", "기자", "h@x.com", None, "대전", "충청본부")]),
    ("정리=홍길동 인턴기자", [("홍길동", "인턴기자")]),
    ("글 홍길동 기자·사진 이순신 기자", [("홍길동", "기자"), ("이순신", "사진")]),
    ("사진=이순신 기자, 글=홍길동 기자", [("홍길동", "기자"), ("이순신", "사진")]),
    ("글·사진 홍길동 여행작가", [("홍길동", "여행작가")]),
    ("홍길동 | 소설가", [("홍길동", "소설가")]),
    ("홍길동 (서울대 교수)", [("홍길동", "교수", None, "서울대")]),
    ("홍길동 연세대 의대 교수", [("홍길동", "교수", None, "연세대 의대")]),
    ("온라인뉴스팀 hong@x.com", [("온라인뉴스팀", None, "hong@x.com", None, None, "온라인뉴스팀")]),
    ("[MBN 온라인뉴스팀]", [("온라인뉴스팀", None, None, "MBN", None, "온라인뉴스팀")]),
    ("홍길동 기자 (끝)", [("홍길동", "기자")]),
    ("hong@yna.co.kr (끝)", [(None, None, "hong@yna.co.kr")]),
    ("heeva@yna.co.kr @yonhap", [(None, None, "heeva@yna.co.kr")]),
    (
        "◎공감언론 뉴시스 a@newsis.com, b@newsis.com",
        [(None, None, "a@newsis.com"), (None, None, "b@newsis.com")],
    ),
    ("MBC뉴스 홍길동입니다.", [("홍길동", None, None, "MBC뉴스")]),
    ("KBS 뉴스 홍길동입니다.", [("홍길동", None, None, "KBS 뉴스")]),
    ("YTN 홍길동입니다", [("홍길동", None, None, "YTN")]),
    ("지금까지 국회에서 MBC뉴스 홍길동입니다.", [("홍길동", None, None, "MBC뉴스")]),
    ("YTN 홍길동[hong@ytn.co.kr]입니다.", [("홍길동", None, "hong@ytn.co.kr", "YTN")]),
    ("MBC 뉴스 홍길동입니다. 영상취재: 이순신 / 영상편집: 강감찬", [("홍길동", None, None, "MBC 뉴스")]),
    ("사진=홍길동 기자", []),
    # Who gave a picture, or shows it, took none for the house.
    ("홍길동 기자 hong@x.com 사진=한빛시 제공", [("홍길동", "기자", "hong@x.com")]),
    ("홍길동 기자 hong@x.com 사진=김서윤 인스타그램 캡처", [("홍길동", "기자", "hong@x.com")]),
    ("홍길동 기자 hong@x.com / 사진 제공=김서윤 SNS", [("홍길동", "기자", "hong@x.com")]),
    ("그래픽=이순신 기자", []),
    ("번역 홍길동", []),
    ("영상취재: 홍길동 / 영상편집: 이순신", []),
    ("영상취재 홍길동 영상편집 이순신", []),
]

NOT_A_SIGNATURE = [
    "피로 누적… 이번 행사를 기획한 사람은 신동해 기자",
    "그는 밝혔다. 홍길동 기자 hong@x.co.kr",
    "전망이 나온다./홍길동 기자 a@b.co.kr",
    "이 사건을 취재한 홍길동 기자",
    "재판부는 홍길동 기자",
    "취재 기자",
    "홍길동",
    "김철수 이영희",
    "부장 홍길동",
    "대통령 노무현",
    "◆ 박지원> 감사합니다.",
    "◇승진 ▲부장 홍길동 ▲차장 이순신",
    "2. 실점 : 70.8점 (4위)",
    "시작=10분",
    "사진 제공 = WKBL",
    "기사제보 및 보도자료 report@maniareport.com",
    "제보는 카톡 okjebo",
    "홍길동 기자의 기사를 더 보고 싶다면",
    "#한복 #한복패션쇼",
    "[앵커]",
    "월간 박지원이었습니다.",
    "문의 한나비 교사 02-0000-0000",
    "강연자 한나비 작가 인스타그램 @nabi.h",
    "참가 신청 한나비 02-0000-0000",
    "",
]


@pytest.mark.parametrize(("line", "expected"), [*SITES_5_3, *FROM_REAL_PAGES, *SAME_FAMILIES])
def test_a_signature_gives_its_parts(line: str, expected: list[Parts]) -> None:
    assert parts(parse_signature(line, None)) == padded(expected)


@pytest.mark.parametrize("line", NOT_A_SIGNATURE)
def test_a_line_of_the_article_is_no_signature(line: str) -> None:
    assert parse_signature(line, "연합뉴스") is None


def test_a_name_never_holds_a_role_a_place_or_a_house() -> None:
    for line, _ in [*SITES_5_3, *FROM_REAL_PAGES, *SAME_FAMILIES]:
        for person in parse_signature(line, None) or ():
            words = (person.name or "").split()
            assert not {"기자", "특파원", "서울", "부산", "YTN", "KBS", "MBC"} & set(words)


def test_a_cut_address_stays_in_the_raw_span_only() -> None:
    people = parse_signature("이소라 기자 blossom@", None)
    assert people is not None
    assert (people[0].email, people[0].raw) == (None, "이소라 기자 blossom@")
