"""Keys, bigrams and questions: tables."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable

import pytest

from crawler.commands.output import harmless
from storage.search.expression import is_slow, match_expression
from storage.search.key import (
    JOINT,
    MOST_GRAMS,
    TITLE,
    Printed,
    bigrams,
    grams,
    key_of,
    number,
    wanted_bigrams,
    wanted_grams,
)
from storage.search.question import Document, WrongQuestion, parse
from storage.search.remarks import remarks
from storage.search.snippet import snippet, title_pieces

PAGE = Document(
    title=Printed("[속보] 가람시, 반도체 단지 착공"),
    texts=(
        Printed("2,700억 들여"),
        Printed("“낡은” 공장을 헐고\nＡＩ 연구동을 짓는다. 金 시장은 3% 성장을 말했다."),
    ),
    people=(key_of("김서윤"), key_of("Seo@garam.example")),
    publisher=key_of("가람일보"),
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ＬＧ전자", "lg전자"),
        ("각".encode().decode(), "각"),
        ("\u1100\u1161\u11a8", "각"),
        ("가\u00a0나\n\t다", "가 나 다"),
        ("반\u200b도\u00ad체", "반도체"),
        ("\uf90a 시장", "金 시장"),
        ("“인용”과 ‘말’", "\"인용\"과 '말'"),
        ("㎏ ① Straße", "kg 1 strasse"),
        ("한ㆍ미 한・미 한･미 한‧미 한•미 한⋅미", "한·미 한·미 한·미 한·미 한·미 한·미"),
        ("코로나–19 코로나‑19 −2도 ―", "코로나-19 코로나-19 -2도 -"),
        ("3∼5% 3〜5％ 3～5%", "3~5% 3~5% 3~5%"),
        ("끝⋯ 끝…", "끝... 끝..."),
        ("", ""),
        ("\u202e가나\u202c", "가나"),
    ],
)
def test_a_key_is_what_spellings_share(text: str, key: str) -> None:
    assert key_of(text) == key
    assert key_of(key) == key


def test_bigrams() -> None:
    assert told(bigrams("3월 반도체 체감 및")) == "3월 월+반 반도 도체 체+체 체감 감+및 및"
    assert told(wanted_bigrams("그 반도체 및 체감 사")) == "그+반 반도 도체 체+및 및 및+체 체감 감+사"
    assert told(wanted_bigrams("그 이")) == "그+이"
    assert told(wanted_bigrams("그, (이정")) == "그+이 이정"
    numbers = [number(one) & 0xFFFF_FFFF for one in bigrams("가나 가a 나")]
    assert numbers == [0xAC00_B098, 0x3098_AC00, 0xAC00_0061, 0x8061_B098, 0xB098_0000]
    assert -(1 << 31) <= number("\U00020000\U0002a6df") < 1 << 31
    assert wanted_bigrams("가") == wanted_bigrams("% !") == wanted_bigrams("") == []


LETTERS = "가나다은는로" * 3 + "ab7金- .,\"'" + " " * 6


def test_a_text_has_every_gram_of_what_it_holds() -> None:
    chance = random.Random(7)
    for _ in range(3_000):
        key = key_of("".join(chance.choices(LETTERS, k=30)))
        start = chance.randrange(len(key))
        part = key[start : start + chance.randint(1, 14)]
        assert all(is_one_of(wanted, grams(key)) for wanted in wanted_grams(part)), (key, part)
        assert bool(wanted_grams(part)) == bool(wanted_bigrams(part)), part


def is_one_of(wanted: str, there: set[str]) -> bool:
    if wanted.endswith("*"):
        return any(one.startswith(wanted[:-1]) for one in there)
    return wanted in there


def test_what_is_long_is_asked_for_in_part() -> None:
    sentence = " ".join(f"낱말{number}은" for number in range(200))
    assert 1 < len(wanted_grams(sentence)) <= MOST_GRAMS
    assert {*wanted_grams(sentence)} <= grams(sentence)


def told(found: Iterable[str]) -> str:
    return " ".join(found).replace(JOINT, "+")


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("반도체", True),
        ("도체", True),
        ("반도체 착공", True),
        ("반도체 준공", False),
        ("반도체 -착공", False),
        ("반도체 -준공", True),
        ("반도체 NOT 준공", True),
        ("준공 OR 착공", True),
        ("준공 | 착공", True),
        ("(준공 OR 착공) -단지", False),
        ("준공 OR 착공 AND 없다", False),
        ('"반도체 단지"', True),
        ('"단지 반도체"', False),
        ("“단지 착공”", True),
        ("title:반도체", True),
        ("제목:연구동", False),
        ("연구동", True),
        ("byline:김서윤", True),
        ("기자:김서", False),
        ("byline:seo@garam.example", True),
        ("publisher:가람", True),
        ("언론사:나래", False),
        ("2,700억", True),
        ("3%", True),
        ("金", True),
        ("ai", True),
        ('"공장을 헐고 ai"', True),
        ("'낡은'", False),
        ("--반도체", True),
        ("--", False),
        ("---", False),
        ("반도체 --", False),
        ("time:반도체", False),
        ("TITLE:반도체", True),
        ("준공 || 착공 && 단지", True),
    ],
)
def test_questions(words: str, holds: bool) -> None:
    assert parse(words).holds(PAGE) is holds


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "nothing to look for"),
        ("   ", "nothing to look for"),
        ('가나 "다라', "begins at letter 4 does not end"),
        ("가나 (다라", "bracket that begins at letter 4 does not end"),
        ("가나)", "bracket that ends at letter 3 did not begin"),
        ("()", r"\) at letter 2 stands where a word should"),
        ("OR 가나", "OR at letter 1 stands where a word should"),
        ("가나 OR", "nothing to look for behind OR at letter 4"),
        ("NOT", "nothing to look for behind NOT at letter 1"),
        ("가나 title: 다라", "title: at letter 4 stands without a word"),
        ("제목:", "제목: at letter 1 stands without a word"),
        ("title:(가나 OR 다라)", "title: at letter 1 stands without a word"),
        ("가" * 5_000_000, "has 5,000,000 letters, more than 1,000"),
        ('""', "no letter that could be looked for"),
        ("(" * 100 + "가나" + ")" * 100, "more than"),
        ("가 " * 100, "more than 64 words"),
        ("\u200b", "no letter"),
        ("가나 \udcff\udcfe", "letter 4 is no text"),
    ],
)
def test_a_wrong_question_is_a_sentence(words: str, said: str) -> None:
    with pytest.raises(WrongQuestion, match=said):
        parse(words)


MEANT_OTHERWISE = [
    ("반도체 or 금리", "or is looked for as a word"),
    ("반도체* 금리", "반도체 is found inside longer words"),
    ("!중국 금리", "-중국 leaves articles out"),
    ("–중국 금리", "-중국 leaves articles out"),
    ("~중국 금리", "-중국 leaves articles out"),
    ("+중국 금리", "every word must be there"),
    ("저자:김서윤", "the fields are title:"),
    ("날짜:2026-11-20 금리", "the fields are title:"),
    ("반도체 - 중국", "-중국"),
    ("반도체 --", "-- is looked for as it stands"),
    ("author:김서윤", "the fields are title:"),
    ('"or" "반도체*" https://a.example 3:1 C++ 3.5% -중국 * OR 금리 + ~ – 대변인:말', None),
]
"""Words, and what is told of them."""


@pytest.mark.parametrize(("words", "said"), MEANT_OTHERWISE)
def test_signs_of_other_languages_are_told(words: str, said: str | None) -> None:
    told = remarks(words)
    assert [said in one for one in told] == [True] if said else told == []


def test_what_the_index_is_asked_never_leaves_a_hit_out() -> None:
    assert match_expression(parse("반도체 -중국")) == '"반도체"'
    assert match_expression(parse("가 OR 반도체")) is None
    assert match_expression(parse("-중국")) is None
    expression = match_expression(parse('title:금리 (가나 OR "다라 및 마바")')) or ""
    assert expression.replace(JOINT, "+").replace(TITLE, "title ") == (
        '("title 금리") AND '
        '(("가나") OR ("다라" AND "다라+및" AND "라+및" AND "및+마" AND "및+마바" AND "마바"))'
    )
    assert (match_expression(parse('"그 이"')) or "").replace(JOINT, "+") == '"그+이"*'
    assert [is_slow(parse(words)) for words in ("가", "-중국", "가 반도체")] == [True, True, False]


def marked(text: str, words: str) -> str:
    return "".join(
        f"<{piece.text}>" if piece.marked else piece.text for piece in snippet(text, parse(words), 20)
    )


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("한국 e\u0301 금리", "금리", "한국 e\u0301 <금리>"),
        ("나\u11ab말 난말", "난말", "<나\u11ab말> <난말>"),  # the same syllable in jamo
        ("a\u0301b ab", "ab", "a\u0301b <ab>"),
        ("㎏당 5원 ＬＧ전자  값", "kg당 OR lg전자", "<㎏당> 5원 <ＬＧ전자> 값"),
        ("금\u200b리 ‘금리’…", "금리", "<금\u200b리> ‘<금리>’…"),
        ("ABC가나 abc 가나", '"c가" OR 가나', "AB<C가나> abc <가나>"),
    ],
)
def test_letters_are_found_again_however_they_are_printed(text: str, words: str, shown: str) -> None:
    pieces = snippet(text, parse(words))
    assert "".join(f"<{one.text}>" if one.marked else one.text for one in pieces) == shown


def test_snippets_mark_the_letters_as_printed() -> None:
    long = "첫 문장이 길게 이어지고 또 이어진다. ＬＧ전\u200b자가 새 공장을 짓는다고 밝혔다."
    assert "<ＬＧ전\u200b자>" in marked(long, "lg전자")
    assert marked(long, "lg전자").startswith("…")
    assert marked("\u1100\u1161\u11a8하 소식", "각하") == "<\u1100\u1161\u11a8하> 소식"
    assert marked("가나다라", "가나 나다") == "<가나다>라"
    assert marked("가나\n\n  다라", '"나 다"') == "가<나 다>라"
    assert [piece.text for piece in title_pieces("제목", None)] == ["제목"]


@pytest.mark.parametrize(
    "text",
    [
        "가나다라" * 1_250_000,
        "가 " * 2_000_000,
        "\u202e<script>alert(1)</script>\x00\x1b[2J" * 150_000,
        "\u1100\u1161" * 500_000,
        "a\u0301" * 500_000,
    ],
    ids=["one word", "blanks", "hostile", "jamo", "accents"],
)
def test_a_text_of_megabytes_is_shown_at_once(text: str) -> None:
    began = time.process_time()
    pieces = snippet(text + " 반도체 공장", parse("반도체"))
    assert time.process_time() - began < 5, "letter by letter it takes a minute"
    assert [piece.text for piece in pieces if piece.marked] == ["반도체"]
    shown = "".join(harmless(piece.text) for piece in pieces)
    assert len(shown) < 500
    assert not set(shown) & set("\x00\x1b\u202e")


@pytest.mark.parametrize(
    "beside", ["", "은", "X", " ", "\n", "”", "\u11bc", "\u0301", "\u200b\u11bc", "\u3099", "\u200b은"]
)
@pytest.mark.parametrize("word", ["가", "강가", "ai", "e", "か", "12", "金", "도 체"])
def test_what_is_shown_letter_for_letter_is_in_the_key(word: str, beside: str) -> None:
    text = f"{beside}{word}{beside}"
    assert not Printed(text).shows(word) or word in key_of(text)
    assert Printed(f"앞 {word} 뒤").shows(word)
    assert Printed(f"앞{word}").shows(word)
