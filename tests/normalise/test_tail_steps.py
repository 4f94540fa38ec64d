"""The steps of the tail, each alone: from one state of the cutting to the next."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.normalise.tail.asides import take_asides, take_credits
from crawler.normalise.tail.cut import Cut, numbered, removals
from crawler.normalise.tail.lines import (
    glued_part,
    is_plain,
    is_sure_signature,
    is_trailing,
    parted,
    rule_of,
)
from crawler.normalise.tail.steps import (
    take_anywhere,
    take_glued,
    take_last,
    take_pieces,
    take_related,
    take_under_signature,
)

ASIDES = [
    ("다리가 열렸다. (오후 1:05 업데이트됨)", "다리가 열렸다."),
    ("[기사 수정 : 2026년 11월 20일 오후 3시 20분]", None),
    ("(업데이트 14:05)", None),
    ("[한라신문을 네이버 메인에서 구독하세요]", None),
    ("다리가 열렸다. [네이버에서 구독하세요 ▶] 길이는 삼백 미터다.", "다리가 열렸다. 길이는 삼백 미터다."),
    ("<뉴스레터 ‘강변’ 구독하기>", None),
    ("시는 (3월 수정) 안을 냈다.", "시는 (3월 수정) 안을 냈다."),
    ("값은 올랐다(1월 10일 수정).", "값은 올랐다(1월 10일 수정)."),
    ("단추에는 [채널 구독하기]라고 적혀 있었다.", "단추에는 [채널 구독하기]라고 적혀 있었다."),
    ("※ 이용자 수의 오류를 10일 수정했습니다.", "※ 이용자 수의 오류를 10일 수정했습니다."),
]


@pytest.mark.parametrize(("text", "left"), ASIDES)
def test_what_the_house_says_between_the_paragraphs_goes(text: str, left: str | None) -> None:
    cut = take_asides(numbered([text, "새 길도 열린다."]))
    assert cut.texts == ((left,) if left else ()) + ("새 길도 열린다.",)
    assert sum(map(len, cut.texts)) + sum(len(taken.text) + 1 for taken in cut.taken) >= len(text)


SIGNED = "표하람 기자 haram@news.example.com"

LINES = [
    ("다리는 내년에 열린다.", None),
    (SIGNED, "signature"),
    ("haram@news.example.com", "signature"),
    ("(영상취재 : 표하람, 영상편집 : 우은결)", "signature"),
    ("ⓒ 한라신문, 무단 전재 및 재배포 금지", "notice"),
    ("▷ 카카오톡 : '한라제보' 검색, 채널 추가", "promotion"),
    ("※ 외부 필진의 기고는 본지의 편집 방향과 다를 수 있습니다.", "promotion"),
    ("덧붙이는 글 | 이 글은 필자의 블로그에도 실렸습니다.", "promotion"),
    ("오탈자 신고", "promotion"),
    ("Please direct questions or comments to [desk@x.example]", "promotion"),
    ("#다리 #보행교", "hashtags"),
    ("(끝)", "end"),
    ("(END)", "end"),
    ("2026.11.20. 09:00 송고", "end"),
    ("[사진] 한라시 DB", "credit"),
    ("그는 “구독은 내가 한다”고 말했다.", None),
    ("제보는 곧 힘이 된다는 것이 그의 믿음이었다.", None),
]


@pytest.mark.parametrize(("line", "rule"), LINES)
def test_a_line_has_its_rule(line: str, rule: str | None) -> None:
    assert rule_of(line, "한라신문") == rule


GLUED = [
    ("다리는 열린다. 표하람 기자", ("다리는 열린다.", "signature", "표하람 기자")),
    ("다리는 열린다.haram@news.example.com", ("다리는 열린다.", "signature", "haram@news.example.com")),
    ("다리는 열린다. ▶ 한라신문 구독하기", ("다리는 열린다.", "promotion", "▶ 한라신문 구독하기")),
    ("다리는 열린다. (끝)", ("다리는 열린다.", "end", "(끝)")),
    ("다리는 열린다. 사진=한라시 제공", ("다리는 열린다.", "credit", "사진=한라시 제공")),
    ("문의는 forum.haram@news.example.com", None),
    ("그는 표하람 기자", None),
]


@pytest.mark.parametrize(("line", "parts"), GLUED)
def test_what_is_glued_to_the_last_sentence_comes_off(line: str, parts: tuple[str, str, str] | None) -> None:
    assert glued_part(line, "한라신문") == parts


def test_a_signature_behind_a_notice_is_a_line_of_its_own() -> None:
    notice = "ⓒ 한라신문, 무단 전재 및 재배포 금지"
    assert parted(f"{notice} {SIGNED}", "한라신문") == (notice, SIGNED)
    assert parted("다리는 열린다.", "한라신문") == ("다리는 열린다.",)


TRAILING = [
    ("▶ 매일 한 입, 새 영상이 온다!", True, True),
    ("▶ 시는 다리를 놓았다.", False, False),
    ("다리는 열린다.", False, False),
    ("진실에는 쉼표가 없다", True, True),
    ("진실에는 쉼표가 없다.", False, False),
    ("독자 여러분의 의견을 기다립니다.", True, True),
    ("시장은 이날 새 다리를 건넜습니다.", True, False),
    (
        "궁금하면 한라신문 고충처리인(haram@news.example.com)에게 물을 권리가 있습니다. 전화:02-000-0000",
        True,
        False,
    ),
    ("시장은 “다리가 튼튼합니다”라고 답했다.", False, False),
    ("세상을 잇는 힘 <한라신문>", True, True),
    ("[베스트 기사]", True, True),
]


@pytest.mark.parametrize(("line", "in_plain", "in_polite"), TRAILING)
def test_what_a_line_under_a_signature_is(line: str, in_plain: bool, in_polite: bool) -> None:
    assert (is_trailing(line, plain=True), is_trailing(line, plain=False)) == (in_plain, in_polite)


@pytest.mark.parametrize(
    ("line", "right"),
    [
        (SIGNED, True),
        ("표하람 기자", True),
        ("[표하람 기자]", True),
        ("KBS 뉴스 표하람입니다.", True),
        ("<표하람 기자>", False),
        ("▲ 부장 표하람", False),
    ],
)
def test_a_signature_beyond_doubt(line: str, right: bool) -> None:
    assert is_sure_signature(line, None) is right


@pytest.mark.parametrize(
    ("texts", "plain"),
    [(["다리는 열린다."], True), (["다리가 열립니다.", "눈이 와요."], False), (["다리"], False), ([], False)],
)
def test_the_register_of_an_article(texts: list[str], plain: bool) -> None:
    assert is_plain(texts) is plain


STEPS = [
    (take_last, ["가.", SIGNED], ["가."], ["signature"]),
    (take_last, ["가."], None, []),
    (take_glued, [f"길이 열린다. {SIGNED}"], ["길이 열린다."], ["signature"]),
    (take_glued, ["길이 열린다."], None, []),
    (
        take_related,
        ["길이 열린다.", SIGNED, "[관련기사]", "다리 두 곳 새로", "길 넓힌다"],
        ["길이 열린다.", SIGNED],
        ["related"] * 3,
    ),
    (take_related, ["길.", "[주요뉴스]", "다리 두 곳 새로 놓인다", "길 넓힌다"], None, []),
    (take_under_signature, ["가.", SIGNED, "진실에는 쉼표가 없다"], ["가.", SIGNED], ["under the signature"]),
    (take_under_signature, ["가.", SIGNED, "▶ 새 영상이 온다!"], ["가.", SIGNED], ["under the signature"]),
    (take_under_signature, ["가.", SIGNED, "시는 다리를 놓았다."], None, []),
    (take_under_signature, ["가.", "진실에는 쉼표가 없다"], None, []),
]


@pytest.mark.parametrize(("step", "lines", "left", "rules"), STEPS)
def test_a_step_takes_its_own(
    step: Callable[[Cut, str | None], Cut | None], lines: list[str], left: list[str] | None, rules: list[str]
) -> None:
    before = numbered(lines)
    found = step(before, "한라신문")
    if left is None:
        assert found is None
        return
    assert found is not None
    assert list(found.texts) == left
    assert [taken.rule for taken in found.taken] == rules
    assert before == numbered(lines)  # a step changes nothing


@pytest.mark.parametrize(
    ("line", "is_credit"),
    [
        ("(사진=가온구 제공)", True),
        ("▲사진=가온구 제공", True),
        ("/사진=가온뉴스", True),
        ("사진제공|가온구", True),
        ("<사진의 기억>", False),
        ("(사진 뒤에 적힌 날짜)", False),
        ("영상: 다시 보는 그날의 기록", False),
        ("사진 | 가온 미술관 3층, 5월 30일까지", False),
        ("▲사진관 열두 곳", False),
    ],
)
def test_a_pictures_credit_between_the_paragraphs_is_none_of_them(line: str, is_credit: bool) -> None:
    kept = take_credits(numbered(["다리는 열린다.", line, "강은 흐른다."])).lines
    assert (len(kept) == 2) is is_credit


def test_promotion_and_notices_go_wherever_they_stand() -> None:
    notice = "ⓒ 한라신문, 무단 전재 및 재배포 금지"
    cut = take_anywhere(numbered(["▶ 한라신문 구독하기", "가.", notice, "나."]))
    assert cut.texts == ("가.", "나.")
    assert [(taken.number, taken.rule) for taken in cut.taken] == [(0, "promotion"), (2, "notice")]


def test_pieces_are_signed_where_the_page_is() -> None:
    lines = ["첫 소식이다.", "우은결 기자", "둘째 소식이다."]
    assert take_pieces(numbered(lines), None).texts == tuple(lines)
    signed = take_last(numbered([*lines, SIGNED]), None)
    assert signed is not None
    assert take_pieces(signed, None).texts == ("첫 소식이다.", "둘째 소식이다.")


def test_what_was_taken_is_told_in_the_order_of_the_page() -> None:
    cut = numbered(["가.", "나. 셋 넷", "다섯"]).without_last(["end"])
    cut = cut.shortened("나. 셋", "signature", "넷").shortened("나.", "notice", "셋")
    assert [(part.rule, part.text) for part in removals(cut)] == [
        ("tail.notice", "셋"),
        ("tail.signature", "넷"),
        ("tail.end", "다섯"),
    ]
