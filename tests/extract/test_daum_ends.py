"""How Daum's articles open and end, house by house: who signed, what stays in the body, whose notice it is.

One row for each kind of the situations that real pages gave (2025 and 2026), in wording of our own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from crawler.normalise.article_json import as_json
from crawler.stages import article_in_file

URL = "https://v.daum.net/v/20261120090000456"
FIGURE = "<figure><img src='/a.jpg'><figcaption>{}</figcaption></figure>"
TEXT = ("새 도서관이 20일 문을 열었다. 책 삼만 권을 갖췄다.", "시는 밤 열 시까지 연다고 밝혔다.")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A page by what is printed on it, and what is right; ``people``: name, role, e-mail, place, house."""

    house: str = "매일경제"
    header: str = ""
    end: tuple[str, ...] = ()
    before: str = ""
    inside: str = ""
    notice: str = ""
    people: list[tuple[str | None, ...]] = field(default_factory=list)
    stays: tuple[str, ...] = ()
    others: dict[str, Any] = field(default_factory=dict)


CASES = {
    "an address with a dot is no author": Case(
        end=("참가 문의 book.club@haram.or.kr",), stays=("참가 문의 book.club@haram.or.kr",)
    ),
    "a helper's address is not the author's": Case(
        header="표하람",
        end=("도움말 다솔병원 pyo.haram@mk.example.com",),
        people=[("표하람", None, None, None, None)],
        stays=("도움말 다솔병원 pyo.haram@mk.example.com",),
    ),
    "a university before": Case(
        header="인하대 행정학과 표하람 교수", people=[("표하람", "교수", None, None, "인하대 행정학과")]
    ),
    "a university behind": Case(
        header="표하람 인하대 행정학과 교수", people=[("표하람", "교수", None, None, "인하대 행정학과")]
    ),
    "a university alone": Case(header="인하대 행정학과 교수"),
    "a law firm before": Case(
        header="법무법인 새결 표하람 변호사", people=[("표하람", "변호사", None, None, "법무법인 새결")]
    ),
    "a law firm between": Case(
        header="표하람 법무법인 새결 변호사", people=[("표하람", "변호사", None, None, "법무법인 새결")]
    ),
    "a law firm behind": Case(
        header="표하람 변호사(법무법인 새결)", people=[("표하람", "변호사", None, None, "법무법인 새결")]
    ),
    "a company before": Case(header="직방 표하람 대표", people=[("표하람", "대표", None, None, "직방")]),
    "a company behind": Case(header="표하람 대표(직방)", people=[("표하람", "대표", None, None, "직방")]),
    "a clinic before": Case(
        header="밝은손병원 표하람 원장", people=[("표하람", "원장", None, None, "밝은손병원")]
    ),
    "a house that no list has": Case(
        before="[다온비즈 표하람 기자] ",
        people=[("표하람", "기자", None, None, "다온비즈")],
        others={"dateline.agency": "다온비즈"},
    ),
    "a house of two scripts": Case(
        before="[HR바둑뉴스 표하람 기자] ", people=[("표하람", "기자", None, None, "HR바둑뉴스")]
    ),
    "a wire behind the place": Case(
        house="연합뉴스", before="(파리 AFP=연합뉴스) ", others={"dateline.place": "파리"}
    ),
    "a photographer with a hash": Case(
        house="점프볼",
        header="고양/표하람",
        end=("#사진=우다솔 기자",),
        people=[("표하람", None, None, "고양", None)],
    ),
    "an author with a hash": Case(
        house="점프볼",
        header="표하람",
        end=("#글_표하람 칼럼니스트", "# 사진_점프볼 DB(우다솔 기자)"),
        people=[("표하람", "칼럼니스트", None, None, None)],
    ),
    "a credit with a full stop": Case(
        house="OSEN",
        header="표하람",
        end=("관객은 웃었다. /haram@osen.example.com", "[사진] 다솔기획 제공."),
        people=[("표하람", None, "haram@osen.example.com", None, None)],
        stays=("관객은 웃었다.",),
    ),
    "a picture behind the address": Case(
        house="TV리포트",
        header="표하람",
        end=("표하람 기자 haram@tv.example.com / 사진=채널 다솔 방송화면 캡처",),
        people=[("표하람", "기자", "haram@tv.example.com", None, None)],
    ),
    "a role glued to the name": Case(
        house="한국경제TV",
        header="표하람",
        end=("(사진=연합뉴스)", "표하람외신캐스터"),
        people=[("표하람", "외신캐스터", None, None, None)],
    ),
    "a slogan under the signature": Case(
        house="베스트일레븐",
        header="표하람",
        end=(
            "글=표하람 기자(haram@best.example.com)",
            "사진=ⓒ다솔포토(무단 전재 및 재배포 금지)",
            "온 국민의 축구 잡지 - 베스트 일레븐 &amp; 베스트 일레븐 닷컴",
        ),
        people=[("표하람", "기자", "haram@best.example.com", None, None)],
    ),
    "a name and who gave the picture": Case(
        house="MBC연예",
        header="표하람",
        end=("iMBC연예 표하람 | 사진출처 tvN",),
        people=[("표하람", None, None, None, "iMBC연예")],
    ),
    "an office": Case(header="표하람 산림청장", people=[("표하람", "산림청장", None, None, None)]),
    "a city's office": Case(
        header="표하람 경기도교육감", people=[("표하람", "경기도교육감", None, None, None)]
    ),
    "a role that no list has": Case(
        header="표하람 선임기자, 우다솔 현장실습생",
        people=[("표하람", "선임기자", None, None, None), ("우다솔", "현장실습생", None, None, None)],
    ),
    "labels with a dot": Case(
        header="글·표하람 사진·우다솔",
        people=[("표하람", None, None, None, None), ("우다솔", "사진", None, None, None)],
    ),
    "a craft": Case(header="표하람 목공예가", people=[("표하람", "목공예가", None, None, None)]),
    "a house inside the role": Case(
        header="표하람 새물결 기자", people=[("표하람", "기자", None, None, "새물결")]
    ),
    "reporting and editing": Case(
        house="코리아헤럴드",
        header="Reporting by Pyo Ha-ram; Editing by Woo Da-sol",
        people=[("Pyo Ha-ram", None, None, None, None)],
    ),
    "a protected address": Case(
        house="한겨레",
        header="표하람 기자",
        end=("표하람 기자 [email protected]",),
        people=[("표하람", "기자", None, None, None)],
    ),
    "an end mark": Case(
        house="연합뉴스",
        end=("haram@yna.example.com", "(END)"),
        people=[(None, None, "haram@yna.example.com", None, None)],
    ),
    "who speaks on air": Case(
        house="노컷뉴스",
        header="CBS 아침다솔 제작진",
        end=("■ 진행 : 표하람 앵커", "■ 대담 : 우다솔 기자", "◇ 표하람&gt; 문을 연 첫날입니다."),
        stays=("■ 진행 : 표하람 앵커", "■ 대담 : 우다솔 기자", "◇ 표하람> 문을 연 첫날입니다."),
    ),
    "an English notice": Case(
        house="연합뉴스",
        notice="Copyright ⓒ Yonhap News Agency. Unauthorized copying, redistribution, AI use prohibited.",
        others={"rights.holder": "연합뉴스", "rights.no_ai_training": True, "rights.no_redistribution": True},
    ),
    "whose a talk is": Case(
        house="KBS",
        end=("■ 이 대담의 저작권은 KBS 라디오에 있습니다. 인용할 때는 출처를 밝혀 주시기 바랍니다.",),
        others={"rights.holder": "KBS"},
    ),
    "a place in a sign-off": Case(
        house="KBS",
        end=("마드리드에서 KBS 뉴스 표하람입니다.",),
        people=[("표하람", None, None, "마드리드", "KBS 뉴스")],
    ),
    "the day before an address": Case(
        house="뉴시스",
        before="[서울=뉴시스] 표하람 기자 = ",
        end=("2026.11.20. haram@newsis.example.com",),
        people=[("표하람", "기자", "haram@newsis.example.com", "서울", "뉴시스")],
    ),
    "whom a picture shows": Case(
        inside=FIGURE.format("▲ 책을 고르는 나예담 ⓒ우다솔 기자"),
        others={"images": [("▲ 책을 고르는 나예담", "ⓒ우다솔 기자")]},
    ),
    "a day with dots before the giver": Case(
        inside=FIGURE.format("나예담이 책을 고르고 있다. 2026.11. 20 다솔구 제공"),
        others={"images": [("나예담이 책을 고르고 있다. 2026.11. 20", "다솔구 제공")]},
    ),
    "a giver behind a slash": Case(
        inside=FIGURE.format("나예담이 책을 고르고 있다. /다솔미디어"),
        others={"images": [("나예담이 책을 고르고 있다.", "다솔미디어")]},
    ),
}


def page(case: Case) -> bytes:
    texts = (case.before + TEXT[0], *TEXT[1:], *case.end)
    body = "".join(f'<p dmcf-pid="p" dmcf-ptype="general">{text}</p>' for text in texts)
    return (
        '<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>새 도서관</title>'
        f'<meta property="og:article:author" content="{case.house}"></head><body>'
        '<div class="head_view"><h3 class="tit_view">새 도서관</h3><div class="info_view">'
        + (f'<span class="txt_info">{case.header}</span>' if case.header else "")
        + '<span class="txt_info">입력 <span class="num_date">2026. 11. 20. 09:00</span></span></div></div>'
        '<div class="news_view"><div class="article_view" data-tiara-layer="article_body">'
        f'<section dmcf-sid="s1">{case.inside}{body}</section></div></div>'
        f'<div class="foot_view"><div class="txt_copyright">{case.notice}</div></div></body></html>'
    ).encode()


@pytest.mark.parametrize("name", CASES)
def test_a_page_gives_its_people_and_its_body(name: str) -> None:
    case = CASES[name]
    found = as_json(article_in_file(page(case), URL))
    people = [
        tuple(p[key] for key in ("name", "role", "email", "place", "organisation")) for p in found["bylines"]
    ]
    assert people == case.people
    assert found["body"].split("\n") == [case.before + TEXT[0], *TEXT[1:], *case.stays]
    found["images"] = [(image["caption"], image["credit"]) for image in found["images"]]
    for path, right in case.others.items():
        value: Any = found
        for key in path.split("."):
            value = value[key]
        assert value == right, path
