"""Korean particles, invented names and their e-mail spelling. No news in here."""

from __future__ import annotations

import random
import re

PAIRS = {
    "은": ("은", "는"),
    "이": ("이", "가"),
    "을": ("을", "를"),
    "과": ("과", "와"),
    "으로": ("으로", "로"),
    "이라": ("이라", "라"),
    "이다": ("이다", "다"),
    "이었": ("이었", "였"),
    "이나": ("이나", "나"),
}
_DIGIT_FINALS = dict(zip("0123456789", "ㅇㄹ.ㅁ..ㄱㄹㄹ.", strict=True))  # 영 일 이 삼 사 오 육 칠 팔 구
_LATIN_CONSONANT = frozenset("LMNRlmnr")
_MARK = re.compile(r"\^(으로|이라|이다|이었|이나|은|이|을|과)")

SURNAMES = tuple(
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민진나지엄채원천방공현함변염여추도소석선설마길연위표명기반"
)
_FIRST = tuple("가경규나다도동라명미민보서선성세소수승시아안연예온우원유윤은이인재정주준지진채태하해현호혜희")
_SECOND = tuple(
    "가건결경근나늘담라람래림미민별빈서석선솔수슬아안연영온완우욱원유윤율은인재정주준진찬하한혁현호환훈희"
)

_INITIAL = [
    "g",
    "kk",
    "n",
    "d",
    "tt",
    "r",
    "m",
    "b",
    "pp",
    "s",
    "ss",
    "",
    "j",
    "jj",
    "ch",
    "k",
    "t",
    "p",
    "h",
]
_VOWEL = [
    "a",
    "ae",
    "ya",
    "yae",
    "eo",
    "e",
    "yeo",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "eu",
    "ui",
    "i",
]
_FINAL = [
    "",
    "k",
    "k",
    "k",
    "n",
    "n",
    "n",
    "t",
    "l",
    "k",
    "m",
    "l",
    "l",
    "l",
    "p",
    "l",
    "m",
    "p",
    "p",
    "t",
    "t",
    "ng",
    "t",
    "t",
    "k",
    "t",
    "p",
    "t",
]


def _final(char: str) -> str:
    """'' for an open syllable, 'ㄹ' for ㄹ, '.' for any other final consonant."""
    if "가" <= char <= "힣":
        index = (ord(char) - 0xAC00) % 28
        return "" if index == 0 else "ㄹ" if index == 8 else "."
    if char in _DIGIT_FINALS:
        sound = _DIGIT_FINALS[char]
        return "" if sound == "." else "ㄹ" if sound == "ㄹ" else "."
    return "." if char in _LATIN_CONSONANT else ""


def particle(before: str, pair: str) -> str:
    """The form of a particle after ``before``: ``particle("시장", "은")`` is 은, ``("회사", "은")`` is 는."""
    spoken = next((char for char in reversed(before) if char.isalnum() or char == "%"), "")
    final = "" if spoken == "%" else _final(spoken)
    closed, opened = PAIRS[pair]
    if pair == "으로" and final == "ㄹ":
        return opened
    return closed if final else opened


def settle(text: str) -> str:
    """Replace every ``^은``-like mark by the form that the word before it asks for."""
    parts: list[str] = []
    last = 0
    for match in _MARK.finditer(text):
        parts.append(text[last : match.start()])
        parts.append(particle("".join(parts[-3:]), match.group(1)))
        last = match.end()
    return "".join([*parts, text[last:]])


def person_name(rng: random.Random) -> str:
    """An invented name of three syllables (now and then two or four)."""
    draw = rng.random()
    if draw < 0.03:
        return rng.choice(("남궁", "황보", "제갈", "선우")) + rng.choice(_FIRST) + rng.choice(_SECOND)
    if draw < 0.06:
        return rng.choice(SURNAMES) + rng.choice(("준", "솔", "현", "결", "율", "빈", "훈"))
    first = rng.choice(_FIRST)
    second = rng.choice([syllable for syllable in _SECOND if syllable != first])
    return rng.choice(SURNAMES) + first + second


def romanise(name: str) -> str:
    """Letters for a Korean name, good enough for an e-mail address."""
    letters = []
    for char in name:
        code = ord(char) - 0xAC00
        if 0 <= code < 11172:
            letters.append(_INITIAL[code // 588] + _VOWEL[code % 588 // 28] + _FINAL[code % 28])
    return "".join(letters)


def mailbox(rng: random.Random, name: str, domain: str) -> str:
    """An invented address at the house's real domain: given name, sometimes a number."""
    local = romanise(name[1:]) if rng.random() < 0.6 else romanise(name[1:])[:6] + str(rng.randint(10, 9899))
    return f"{local}@{domain}"
