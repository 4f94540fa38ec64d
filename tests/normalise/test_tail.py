"""The end of a body: what goes, what stays, and that nothing is lost."""

from __future__ import annotations

import csv
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from crawler.normalise.byline import find_lead, merge, parse_header, parse_signature
from crawler.normalise.tail import split_tail
from crawler.normalise.tail.promotion import is_promotion
from tests.places import SHARED

PAGES = SHARED

CUTS: list[tuple[list[str], list[str], list[str]]] = [
    (["본문이다.", "홍길동 기자 hong@x.com"], ["본문이다."], ["tail.signature"]),
    (["본문이다.", "☞공감언론 뉴시스 akang@newsis.com"], ["본문이다."], ["tail.signature"]),
    (["그는 이같이 덧붙였다. / 10bird@osen.co.kr"], ["그는 이같이 덧붙였다."], ["tail.signature"]),
    (["그는 밝혔다. 홍길동 기자 hong@x.co.kr"], ["그는 밝혔다."], ["tail.signature"]),
    (["그는 말했다.hong@x.co.kr"], ["그는 말했다."], ["tail.signature"]),
    (["그는 “그렇다”고 했다.” 홍길동 기자"], ["그는 “그렇다”고 했다.”"], ["tail.signature"]),
    (["그는 말했다. [스포츠투데이 이상필 기자 sports@stoo.com]"], ["그는 말했다."], ["tail.signature"]),
    (["전망이 나온다./홍길동 기자 a@b.co.kr"], ["전망이 나온다."], ["tail.signature"]),
    (["전망이다.홍길동 기자"], ["전망이다."], ["tail.signature"]),
    (
        ["그는 말했다. 홍길동 기자 h@x.com <저작권자(c) 연합뉴스, 무단 전재-재배포 금지>"],
        ["그는 말했다."],
        ["tail.signature", "tail.notice"],
    ),
    (["그는 말했다. ▶ 한국경제 구독신청하기"], ["그는 말했다."], ["tail.promotion"]),
    (["그는 말했다. (끝)"], ["그는 말했다."], ["tail.end"]),
    (["본문이다.", "(끝)"], ["본문이다."], ["tail.end"]),
    (["본문이다.", "2023/11/01 09:00 송고"], ["본문이다."], ["tail.end"]),
    (["본문이다.", "fnSurvey"], ["본문이다."], ["tail.promotion"]),
    (["본문이다.", "#코로나19 #백신"], ["본문이다."], ["tail.hashtags"]),
    (["본문이다.", "사진 제공 = WKBL"], ["본문이다."], ["tail.credit"]),
    (["본문이다. 사진 = KBL 제공"], ["본문이다."], ["tail.credit"]),
    (["본문이다.", "▶제보는 카톡 okjebo"], ["본문이다."], ["tail.promotion"]),
    (["▶ 기자와 카톡 채팅하기▶ 노컷뉴스 영상 구독하기", "본문이다."], ["본문이다."], ["tail.promotion"]),
    (["☞한겨레 뉴스레터 H:730 구독하기…", "본문이다."], ["본문이다."], ["tail.promotion"]),
    (["[ⓒ MK스포츠, 무단전재 및 재배포 금지]", "본문이다."], ["본문이다."], ["tail.notice"]),
    (
        ["본문이다.", "hong@x.com", "▶ 관련기사", "- 제목 하나", "- 제목 둘"],
        ["본문이다."],
        ["tail.signature", "tail.related", "tail.related", "tail.related"],
    ),
    (
        [
            "본문이다.",
            "KBS 뉴스 홍길동입니다.",
            "촬영기자:이순신/영상편집:강감찬",
            "■ 제보하기",
            "▷ 전화 : 02-781-1234, 4444",
        ],
        ["본문이다."],
        ["tail.signature", "tail.signature", "tail.promotion", "tail.promotion"],
    ),
    (
        ["본문이다.", "이메일 : jebo@cbs.co.kr", "카카오톡 : @노컷뉴스", "사이트 : https://url.kr/b71afn"],
        ["본문이다."],
        ["tail.promotion"] * 3,
    ),
    (
        ["본문이다.", "홍길동 기자 (h@x.com)", "[주요뉴스]", "삼성전자 52주 신고가", "코스피 상승"],
        ["본문이다."],
        ["tail.signature", "tail.related", "tail.related", "tail.related"],
    ),
    (["본문이다.", "/hong@osen.co.kr", "[사진] 구단 제공"], ["본문이다."], ["tail.signature", "tail.credit"]),
    (
        ["본문이다.", "* YTN star에서는 제보를 받습니다.", "ytnstar@ytn.co.kr로 언제든 연락주시기 바랍니다."],
        ["본문이다."],
        ["tail.promotion"] * 2,
    ),
    (["본문이다.", "MBN뉴스 홍길동입니다. [hong@mbn.co.kr]"], ["본문이다."], ["tail.signature"]),
    (["본문이다.", "/한국 수출입은행장"], ["본문이다."], ["tail.signature"]),
    (["본문이다.", "seoyun@yna.co.kr", "(END)"], ["본문이다."], ["tail.signature", "tail.end"]),
    (["본문이다.", "hong@x.com", "2026.04.01."], ["본문이다."], ["tail.signature", "tail.end"]),
    (["본문이다.", "홍길동 기자 [email protected]"], ["본문이다."], ["tail.signature"]),
    (["본문이다. 2026.04.07 /hong@osen.co.kr"], ["본문이다."], ["tail.signature"]),
    (["본문이다.", "2026. 4. 7. / hong@osen.co.kr"], ["본문이다."], ["tail.signature"]),
    (["본문이다. /hong@osen.co.kr", "[사진] 한빛 제공."], ["본문이다."], ["tail.signature", "tail.credit"]),
    (
        [
            "본문이다.",
            "글=홍길동 기자(hong@x.co.kr)",
            "사진=ⓒgettyImages/게티이미지코리아(무단 전재 및 재배포 금지)",
            "축구의 모든 것 - 한빛 매거진 & 한빛닷컴",
        ],
        ["본문이다."],
        ["tail.signature", "tail.credit", "tail.under the signature"],
    ),
    (["본문이다.", "홍길동 기자 h@x.co.kr / 사진 = ‘가을’ 방송화면 캡처"], ["본문이다."], ["tail.signature"]),
    (
        ["본문이다.", "#글_홍길동 칼럼니스트", "# 사진_한빛 DB(이순신 기자)"],
        ["본문이다."],
        ["tail.signature", "tail.credit"],
    ),
    (["본문이다.", "(사진=연합뉴스)", "홍길동외신캐스터"], ["본문이다."], ["tail.credit", "tail.signature"]),
    (
        ["본문이다.", "홍길동 기자<저작권자 ⓒ 한빛일보, 무단 전재 금지>"],
        ["본문이다."],
        ["tail.signature", "tail.notice"],
    ),
    *(
        (
            ["그는 숨을 거뒀습니다.", "누리TV 한서윤입니다. (han@x.com)", "#누리 #다리", line],
            ["그는 숨을 거뒀습니다."],
            ["tail.signature", "tail.hashtags", "tail.note"],
        )
        for line in (
            "※ 힘든 고민이 있으면 자살예방상담전화 109, 청소년 전화 1388에서 상담받을 수 있습니다.",
            "※우울감 등 힘든 일이 있으면 생명의 전화 ☎1588-9191에서 24시간 상담받을 수 있다.",
        )
    ),
    (["hong@x.com"], [], ["tail.signature"]),
    ([], [], []),
    *(
        (
            ["시는 4일 밝혔다.", "한서윤 기자 han@x.com", line],
            ["시는 4일 밝혔다.", line],
            ["tail.signature"],
        )
        for line in (
            "※ 알립니다: 위 기사의 이용자 수를 정정합니다. 독자 여러분께 사과드립니다.",
            "[반론보도] 가람시는 정해진 것이 없다고 알려왔습니다.",
            "※ 이 기사는 24일 삭제되었다가 26일 복원됐습니다.",
            "[바로잡습니다] 401억 원을 410억 원으로 고쳤습니다.",
            "이 기사는 사실과 다른 부분이 있어 5일 오전 9시에 수정했습니다.",
        )
    ),
    (
        ["시는 4일 밝혔다.", "한서윤 기자 han@x.com", "[정정·반론보도] 청구는 여기로 해 주시기 바랍니다."],
        ["시는 4일 밝혔다."],
        ["tail.signature", "tail.under the signature"],
    ),
    (
        ["시는 4일 밝혔다.", "한서윤 기자 han@x.com", "오류가 있으면 알려 주세요. 바로잡겠습니다."],
        ["시는 4일 밝혔다."],
        ["tail.signature", "tail.under the signature"],
    ),
]

STAYS = [
    "문의 hanbit.forum@hanbit.or.kr",
    "위원회는 참가 신청을 받는다. 문의 hanbit.forum@hanbit.or.kr",
    "도움말 한빛병원 kim.seoyun@hanbit.co.kr",
    "면책 조항이 있는 보험이 팔린다.",
    "선문대 경제학과 교수",
    "정부는 2026년 4월 1일 송고한 문서를 고쳤다.",
    "▶1분기 매출 3조원",
    "▶유튜브 구독자 300만명이 늘었다.",
    "2) 3점슛 성공률 : 25.1% -> (5위)",
    "6. 블록슛 : 1.6개 (5위)",
    "◆ 박지원> 감사합니다.",
    "[정사무엘 / 한문화진흥협회장] 감사합니다.",
    "“정말 감사합니다.”",
    "이 사건을 취재한 홍길동 기자",
    "그는 이렇게 말했다. 이번 행사를 기획한 사람은 신동해 기자",
    "법원은 무단 전재를 금지한 약관이 유효하다고 봤다.",
    "그는 “▶ 구독하기를 눌러 달라”고 말했다.",
    "■ 가람시 예산은 3조 원이다. ▶ 도로 2조 원 ▶ 복지 1조 원",
    "독자들의 PICK은 의외였다.",
    "뉴스레터 구독하기 버튼을 누른 사람은 3만 명이다.",
    "경찰은 상담전화 109를 안내했다.",
    "2026.6.12 개통한 다리다.",
    "차량을 무단 주차해 과태료를 물었다.",
    "저작권법 위반 혐의로 기소됐다.",
    "접수는 이메일 apply@x.go.kr로 하면 된다.",
    "문의는 시청 홍보과(031-123-4567)로 하면 된다.",
    "신청은 홈페이지(www.x.go.kr)에서 가능하다.",
    '그는 "구독하기 버튼을 눌렀다"고 말했다.',
    "#골목 가게를 찾아 걸었다, 사진 한 장으로 남긴 여름 저녁.",
    "◇승진 ▲부장 홍길동 ▲차장 이순신",
    "▲ 홍길동씨 별세, 이순신(연합뉴스 기자)씨 부친상=1일 서울아산병원",
    "스코어는 3-2 (25-20 25-21)",
    "자료=통계청",
    "사진 속 주인공",
    "이 기사는 한국언론진흥재단의 지원을 받아 작성됐습니다.",
    "1일 서울에서 열린 행사에는 홍길동 기자와 이순신 교수가 참석했다.",
    "“기자는 왜 그랬나.” 홍길동 의원은 물었다.",
    "◇ 김현정> 네, 박지원 의원님. 고맙습니다.",
    "△최우수상 홍길동 △우수상 이순신",
    "〈결승 2국〉 ○ 신진서 9단 ● 최정 9단",
    "◆“외교정책 집단 주목해야”",
    "월간 박지원이었습니다.",
]


@pytest.mark.parametrize(("paragraphs", "body", "rules"), CUTS)
def test_the_tail_comes_off(paragraphs: list[str], body: list[str], rules: list[str]) -> None:
    tail = split_tail(paragraphs, "연합뉴스")
    assert list(tail.body) == body
    assert [removal.rule for removal in tail.removed] == rules


@pytest.mark.parametrize("line", STAYS)
def test_a_line_of_the_article_stays(line: str) -> None:
    paragraphs = ["본문이다.", line]
    assert split_tail(paragraphs, "연합뉴스").body == tuple(paragraphs)
    with_signature = split_tail([*paragraphs, "홍길동 기자 hong@x.com"], "연합뉴스")
    assert with_signature.body == tuple(paragraphs)


def test_the_parts_are_kept_verbatim_and_in_order() -> None:
    tail = split_tail(
        [
            "본문이다.",
            "글=홍길동 기자 a@x.com",
            "사진=이순신 기자",
            "▶제보는 카톡 okjebo",
            "ⓒ 뉴스1. 무단전재-재배포 금지",
        ],
        "뉴스1",
    )
    assert tail.signatures == ("글=홍길동 기자 a@x.com", "사진=이순신 기자")
    assert tail.notice == "ⓒ 뉴스1. 무단전재-재배포 금지"
    assert [removal.text for removal in tail.removed] == [
        "글=홍길동 기자 a@x.com",
        "사진=이순신 기자",
        "▶제보는 카톡 okjebo",
        "ⓒ 뉴스1. 무단전재-재배포 금지",
    ]


def test_a_briefing_keeps_the_headlines_that_are_its_text() -> None:
    paragraphs = [
        "오늘 아침입니다.",
        "오늘의 주요 뉴스",
        "정부, 새 대책 발표",
        "여야, 예산안 협상 재개",
        "프로야구 오늘 개막",
    ]
    assert split_tail(paragraphs, None).body == tuple(paragraphs)


def test_every_piece_of_a_page_has_its_author() -> None:
    """Four short pieces, each signed: all are authors, none of the signatures is text."""
    paragraphs = [
        "첫째 소식이다.",
        "홍길동 기자 hong@x.com",
        "둘째 제목",
        "둘째 소식이다.",
        "대전=이순신 기자",
        "셋째 소식이다.",
        "강감찬 기자 kang@x.com",
    ]
    tail = split_tail(paragraphs, "한빛일보")
    assert tail.body == ("첫째 소식이다.", "둘째 제목", "둘째 소식이다.", "셋째 소식이다.")
    assert tail.signatures == ("홍길동 기자 hong@x.com", "대전=이순신 기자", "강감찬 기자 kang@x.com")


def test_a_speaker_within_a_transcript_signs_nothing() -> None:
    paragraphs = ["앵커가 말했다.", "<홍길동 기자>", "현장은 조용합니다.", "한빛뉴스 이순신입니다."]
    assert split_tail(paragraphs, "한빛뉴스").body == tuple(paragraphs[:3])


def test_promotion_needs_a_pointer_and_words_of_promotion() -> None:
    assert is_promotion("▶ 한국경제·모바일한경·WSJ 구독신청하기")
    assert not is_promotion("▶1분기 매출 3조원")
    assert not is_promotion("한국경제 구독신청하기")
    assert not is_promotion("▶구독자가 늘었다고 밝혔다.")


LINES = st.sampled_from(
    [
        "정부는 1일 대책을 발표했다.",
        "▶1분기 매출 3조원",
        "홍길동 기자 hong@x.com",
        "hong@x.com",
        "▶ 기자와 카톡 채팅하기",
        "ⓒ 뉴스1. 무단전재-재배포 금지",
        "그는 말했다. 홍길동 기자 h@x.com",
        "그는 말했다. <저작권자(c) 연합뉴스, 무단 전재-재배포 금지>",
        "(끝)",
        "[관련기사]",
        "#경제 #수출",
        "사진=연합뉴스",
        "MBC뉴스 홍길동입니다.",
    ]
)


@given(paragraphs=st.lists(LINES | st.text(max_size=60), max_size=12))
def test_nothing_is_lost_and_cutting_again_changes_nothing(paragraphs: list[str]) -> None:
    tail = split_tail(paragraphs, "연합뉴스")
    kept = "".join(tail.body) + "".join(removal.text for removal in tail.removed)
    assert sorted("".join(kept.split())) == sorted("".join("".join(paragraphs).split()))
    again = split_tail(tail.body, "연합뉴스")
    assert again.body == tail.body or len(tail.removed) >= 4


LONG = [
    "다. " * 33_000,
    "(c) 저작권자 " * 10_000,
    "▶구독 " * 20_000,
    "a." * 50_000,
    "https://a " * 10_000,
    "#a " * 30_000,
]


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:6])
def test_long_paragraphs_take_no_time(text: str) -> None:
    started = time.process_time()
    split_tail([text, text], None)
    assert time.process_time() - started < 3  # measured: 0.3 s at most


# --- real bodies of 2023-11-01 ------------------------------------------------------------------

_BLOCKS = frozenset(["p", "div", "h1", "h2", "h3", "h4", "li", "td", "th", "blockquote", "dd", "dt", "br"])


def body_lines(path: Path) -> list[str]:
    """The lines of the page's article body, figures left out: what extraction hands on, near enough."""
    section = html.fromstring(path.read_text(encoding="utf-8")).xpath("//section[@dmcf-sid]")[-1]
    lines: list[list[str]] = [[]]

    def walk(element: html.HtmlElement) -> None:
        if not isinstance(element.tag, str) or element.tag in ("figure", "script", "style"):
            return
        if element.tag in _BLOCKS:
            lines.append([])
        lines[-1].append(element.text or "")
        for child in element:
            walk(child)
            lines[-1].append(child.tail or "")
        if element.tag in _BLOCKS:
            lines.append([])

    walk(section)
    texts = (" ".join("".join(line).split()) for line in lines)
    return [text for text in texts if text]


def real_pages() -> list[tuple[str, str, str]]:
    """(path, header byline, publisher) of the saved Daum bodies, where they are present."""
    index = PAGES / "INDEX.tsv"
    if not index.exists():
        return []
    with index.open(encoding="utf-8") as rows:
        return [
            (row["path"], row["byline"], row["note"].removeprefix("publisher="))
            for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row["path"].startswith("daum_bodies/")
        ]


NO_SIGNATURE = 8
"""Of the 35 bodies, those that end without one (counted by eye on 2026-11-22)."""


@pytest.mark.skipif(not real_pages(), reason="the saved pages are not here: set NEWSARCHIVE_PAGES")
def test_tails_of_real_bodies_are_cut_right() -> None:
    unsigned = 0
    for path, byline, publisher in real_pages():
        lines = body_lines(PAGES / path)
        tail = split_tail(lines, publisher)
        assert "".join(tail.body + tuple(r.text for r in tail.removed)).replace(" ", "")
        assert len(lines) - len(tail.body) <= 8, path
        for line in tail.body[-3:]:
            assert not re.search(r"@[a-z.]+\.(?:com|kr)|무단\s?전재|구독하|제보", line), (path, line)
        assert re.search(r"[.!?”\"’)\]]\Z", tail.body[-1]), (path, tail.body[-1])
        signed = [p for line in tail.signatures for p in parse_signature(line, publisher) or ()]
        unsigned += not signed
        header = parse_header(byline, publisher=publisher)
        people = merge(header, find_lead(tail.body, publisher), signed, publisher=publisher)
        assert all(person.name for person in people), path
        assert len(people) == 1, (path, people)
    assert unsigned == NO_SIGNATURE


@pytest.mark.parametrize(
    "line",
    [
        "ⓒ 한빛일보 / 홍길동 기자 hong@hanbit.kr",
        "© 한빛일보, 홍길동 기자 hong@hanbit.kr",
        "홍길동 기자 hong@hanbit.kr ⓒ 한빛일보",
    ],
)
def test_who_signs_beside_the_house_s_sign_is_no_picture_s_credit(line: str) -> None:
    tail = split_tail(["다리가 놓인다.", line], "한빛일보")
    assert (tail.body, tail.signatures) == (("다리가 놓인다.",), ("홍길동 기자 hong@hanbit.kr",))


def test_a_notice_keeps_its_bracket_before_who_signs() -> None:
    tail = split_tail(["다리가 놓인다.", "<ⓒ 한빛일보 무단전재 금지> 홍길동 기자 hong@hanbit.kr"], "한빛일보")
    assert tail.notice == "<ⓒ 한빛일보 무단전재 금지>"
    assert tail.signatures == ("홍길동 기자 hong@hanbit.kr",)
