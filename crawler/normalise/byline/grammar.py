"""The grammar of a byline, as a line of pure steps: each is a function over frozen dataclasses.

    line -> lexer -> tokens -> tagging -> terms -> resolving -> resolved terms -> credits -> people

    line    := credit ((mark | blank) credit)*
    credit  := [left "="] before* name between* [role] behind*
    left    := place | house | house place | desk | label            (수원=, 스타뉴스=, 글·사진=)
    before  := house | place | desk | field | label | role | e-mail | affiliation
    between := house | affiliation | desk | field | place | e-mail   (김지원 텐아시아 기자)
    behind  := e-mail | role | place | affiliation, in brackets or not

Several people may share one role that stands behind the last (고은결·신혜원 기자) and one place or house that
stands before the first. What fits nowhere is counted as unknown, and the caller judges: a header may hold
a stray word, a line at the end of a body may not.
"""

from __future__ import annotations

from .credits import read_credits
from .people import Parsed, people_of
from .resolving import resolve
from .tagging import tag
from .terms import line_of


def parse_people(text: str, publisher: str | None, *, bold: bool) -> Parsed:
    """Read ``text`` (at most lexer.LONGEST_LINE characters) as a byline.

    ``bold`` lets words that begin with no family name be a name before a role (라일라 기자, 존 스미스
    특파원): right where the place in the page says that this is a byline, wrong in running text.
    """
    line = line_of(text, publisher, bold=bold)
    return people_of(line, read_credits(line, resolve(tag(line), bold=bold)))
