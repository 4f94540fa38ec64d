"""What is wrong with the words of a search, in Korean: the search itself says it in English."""

from __future__ import annotations

import re

_KOREAN = (
    (
        r"the quotation that begins at letter (\d+) does not end: add \"",
        r'\1번째 글자의 따옴표가 닫히지 않았습니다. " 를 더하세요',
    ),
    (
        r"the bracket that begins at letter (\d+) does not end: add \)",
        r"\1번째 글자의 괄호가 닫히지 않았습니다. ) 를 더하세요",
    ),
    (
        r"the bracket that ends at letter (\d+) did not begin",
        r"\1번째 글자의 닫는 괄호에 여는 괄호가 없습니다",
    ),
    (
        r"(\S+) at letter (\d+) stands without a word: .*",
        r"\2번째 글자의 \1 뒤에 낱말이 없습니다. \1금리처럼 붙여 쓰거나 따옴표로 묶으세요",
    ),
    (
        r"(\S+) at letter (\d+) stands where a word should",
        r"\2번째 글자의 \1 자리에 낱말이 와야 합니다",
    ),
    (
        r"there is nothing to look for: .*",
        r"찾을 낱말이 없습니다. 예: 반도체",
    ),
    (
        r"there is nothing to look for behind (\S+) at letter (\d+)",
        r"\2번째 글자의 \1 뒤에 찾을 낱말이 없습니다",
    ),
    (
        r"(.+) at letter (\d+) holds no letter that could be looked for",
        r"\2번째 글자의 \1 안에 찾을 글자가 없습니다",
    ),
    (
        r"publisher (.+) holds no letter that could be looked for",
        r"언론사 \1 안에 찾을 글자가 없습니다",
    ),
    (
        r"byline (.+) holds no letter that could be looked for",
        r"기자 \1 안에 찾을 글자가 없습니다",
    ),
    (
        r"the word at letter (\d+) is no text: its bytes are not UTF-8",
        r"\1번째 글자의 낱말이 UTF-8 글자가 아닙니다",
    ),
    (
        r"the word at letter (\d+) has ([\d,]+) letters, more than ([\d,]+): .*",
        r"\1번째 글자의 낱말이 \2자로 \3자보다 깁니다. 일부만 찾아도 나옵니다",
    ),
    (
        r"more than (\d+) words: .*",
        r"낱말이 \1개보다 많습니다. 줄이거나 일부를 따옴표로 묶으세요",
    ),
    (
        r"(\S+) is looked for as a word: (\S+) in capitals is the sign",
        r"\1: 낱말로 찾습니다. 기호는 대문자 \2입니다",
    ),
    (
        r"(\S+) is looked for as it stands: a minus written to its word \(-중국\) leaves articles out",
        r"\1: 글자 그대로 찾습니다. 빼려면 -중국처럼 낱말에 붙여 쓰세요",
    ),
    (
        r"(\S+) is looked for as it stands: (\S+) leaves articles out",
        r"\1: 글자 그대로 찾습니다. 빼려면 \2처럼 쓰세요",
    ),
    (
        r"(\S+) is looked for as it stands: every word must be there as it is",
        r"\1: 글자 그대로 찾습니다. 낱말은 + 없이도 모두 들어 있어야 합니다",
    ),
    (
        r"(\S+) is looked for as it stands: (\S+) is found inside longer words as it is",
        r"\1: 글자 그대로 찾습니다. \2만 써도 더 긴 낱말 안에서 찾습니다",
    ),
    (
        r"(\S+) is looked for as it stands: the fields are title:, byline: and publisher:",
        r"\1: 글자 그대로 찾습니다. 쓸 수 있는 것은 제목: 기자: 언론사: 입니다",
    ),
    (
        r"other articles write (\S+) apart: (.+) finds them too",
        r"\1: 띄어 쓴 기사도 있습니다. \2로 함께 찾습니다",
    ),
    (
        r"other articles write (\S+) with commas: (.+) finds them too",
        r"\1: 쉼표를 찍어 쓴 기사도 있습니다. \2로 함께 찾습니다",
    ),
    (
        r"other articles write (\S+) without commas: (.+) finds them too",
        r"\1: 쉼표 없이 쓴 기사도 있습니다. \2로 함께 찾습니다",
    ),
    (
        r"nothing holds (\S+): without its particle, (\S+) is found",
        r"\1: 찾은 기사가 없습니다. 조사를 뗀 \2로는 찾습니다",
    ),
    (
        r"brackets more than (\d+) deep",
        r"괄호가 \1겹보다 깊습니다",
    ),
)


def in_korean(said: str) -> str:
    """A sentence of the search in Korean; as it is where it is a new one.

    >>> in_korean("brackets more than 20 deep")
    '괄호가 20겹보다 깊습니다'
    """
    for english, korean in _KOREAN:
        if found := re.fullmatch(english, said, re.DOTALL):
            return found.expand(korean)
    return said
