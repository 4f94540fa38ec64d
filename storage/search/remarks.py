"""What a person who typed a question may not mean. Pure."""

from __future__ import annotations

import re

from storage.search.key import DASHES
from storage.search.question import Field, Token, tokens

_LIKE_A_FIELD = re.compile(
    r"(?:[A-Za-z]+|저자|글쓴이|작성자|필자|바이라인|신문사?|매체|본문|내용|날짜|기간|섹션):(?!//)\S"
)
"""Latin words, and what Korean archives call their fields; other Hangul before a colon is a text's."""
_NOT_OURS = f"!～~{DASHES}－"
"""Before a word: what other languages leave articles out by, and what a text program makes of a hyphen."""


def remarks(text: str) -> list[str]:
    """What a person may not mean: signs of other languages, which are looked for as they stand.

    Raises:
        WrongQuestion: as :func:`parse`.
    """
    return [said for token in tokens(text) if token.kind == "term" and (said := _remark(token)) is not None]


def _remark(token: Token) -> str | None:
    word = token.text
    if token.quoted or token.field is not Field.ANY:
        return None
    if word in ("or", "and", "not"):
        return f"{word} is looked for as a word: {word.upper()} in capitals is the sign"
    if not word.strip("-"):
        return f"{word} is looked for as it stands: a minus written to its word (-중국) leaves articles out"
    if word[0] in _NOT_OURS and len(word) > 1:
        return f"{word} is looked for as it stands: -{word[1:]} leaves articles out"
    if word[0] in "+＋" and len(word) > 1:
        return f"{word} is looked for as it stands: every word must be there as it is"
    if "*" in word and word.strip("*"):
        return f"{word} is looked for as it stands: {word.strip('*')} is found inside longer words as it is"
    if _LIKE_A_FIELD.match(word):
        return f"{word} is looked for as it stands: the fields are title:, byline: and publisher:"
    return None
