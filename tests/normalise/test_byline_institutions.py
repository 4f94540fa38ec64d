"""Where somebody works is no person: schools, law firms, hospitals, companies, offices, in every order."""

from __future__ import annotations

import pytest

from crawler.normalise.byline import parse_header
from crawler.normalise.byline.lexicon import is_name

INSTITUTIONS = """
부경대|교수
국립부경대|교수
인하대 행정학과|교수
숙명여대 소비자경제학과|교수
한국외대 국제지역대학원|교수
서울과기대 안전공학과|교수
카이스트 전기및전자공학부|교수
UNIST 신소재공학과|교수
포스텍 기계공학과|교수
광운대 미디어커뮤니케이션학부|교수
동아대 국제학부|교수
경상국립대 농업경제학과|교수
제주대 사회학과|교수
한동대 법학부|교수
가톨릭관동대 의대|교수
한국방송통신대 문화교양학과|교수
명지대 바둑학과|명예교수
이화여대 통번역대학원|초빙교수
하버드대 케네디스쿨|연구원
도쿄대 대학원|교수
법무법인 광장|변호사
법무법인(유) 율촌|변호사
법무법인 대륜|변호사
법무법인 와이케이|변호사
김앤장 법률사무소|변호사
법률사무소 온길|변호사
특허법인 다래|변리사
세무법인 송우|세무사
노무법인 상생|노무사
회계법인 이음|회계사
법무사 한마음합동사무소|법무사
서울성모병원 순환기내과|교수
강북삼성병원 가정의학과|교수
분당차병원|원장
자생한방병원|원장
바른세상병원 척추센터|원장
연세사랑병원|병원장
밝은눈안과|원장
고운결한의원|원장
이든치과의원|대표원장
국립암센터|전문의
경희의료원|교수
네이버클라우드|상무
쿠팡|대표
한화에어로스페이스|부사장
미래에셋증권|연구원
KB증권|이사
NH농협은행|WM전문위원
신한은행|팀장
현대모비스|전무
오늘의집|대표
직방|이사
삼일PwC|파트너
한국투자증권|애널리스트
롯데웰푸드|대표
국립환경과학원|원장
한국소비자원|원장
경기연구원|선임연구위원
대외경제정책연구원|연구위원
한국은행|총재
국토교통부|장관
서울특별시의회|의원
전라남도|도지사
국립중앙박물관|관장
국가인권위원회|위원장
한국수자원공사|사장
대한상공회의소|회장
참여연대|사무처장
녹색연합|사무처장
"""
FORMS = (
    "{where} {name} {role}",
    "{name} {where} {role}",
    "{name} {role}({where})",
    "{name} {role} | {where}",
    "{name} {role}, {where}",
    "{where} {role} {name}",
)
NAMES = ("김서윤", "표하람", "우은결", "민다온", "나예담")
ROWS = [tuple(row.split("|")) for row in INSTITUTIONS.strip().split("\n")]


@pytest.mark.parametrize("form", FORMS)
def test_the_person_is_named_and_the_institution_is_not(form: str) -> None:
    wrong = {}
    for number, (where, role) in enumerate(ROWS):
        name = NAMES[number % len(NAMES)]
        line = form.format(where=where, name=name, role=role)
        found = [(person.name, person.role) for person in parse_header(line, publisher="한라신문")]
        if [said for said, _ in found] != [name] or not str(found[0][1]).endswith(role):
            wrong[line] = found
    assert wrong == {}


def test_there_are_enough_institutions() -> None:
    assert len(ROWS) >= 60
    assert all(is_name(name) for name in NAMES)


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("쿠팡 대표 우은결", "쿠팡"),
        ("오늘의집 대표 나예담", "오늘의집"),
        ("나예담 오늘의집 대표", "오늘의집"),
        ("법무법인(유) 율촌 김서윤 변호사", "법무법인(유) 율촌"),
        ("㈜한빛소재 김서윤 대표", "한빛소재"),
        ("김앤장 법률사무소 김서윤 변호사", "김앤장 법률사무소"),
        ("한빛 노무법인 김서윤 노무사", "한빛 노무법인"),
        ("삼일 회계법인 김서윤 회계사", "삼일 회계법인"),
        ("김서윤 법무법인 세종 변호사", "법무법인 세종"),
    ],
)
def test_where_the_person_works_is_kept(line: str, where: str) -> None:
    (person,) = parse_header(line, publisher=None)
    assert (person.name in {"우은결", "나예담", "김서윤"}, person.organisation) == (True, where)
