"""Lines that point elsewhere: promotion, buttons, headings of others' headlines (promotions.toml)."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

from crawler.rare import Rare

LONGEST_LINE = 200
"""Characters of a line that may go: a promotion line has under 120, four signatures under 150."""
_PATTERNS: dict[str, list[str]] = tomllib.loads(
    files(__package__).joinpath("promotions.toml").read_text(encoding="utf-8")
)
POINTER = re.compile(r"\A\s*(?:\[?[▶▷►☞☎▣★☆※■◀←→♥❤✔✅📌👉])")
_PROMOTION_WORD = re.compile("|".join(_PATTERNS["words"]))
STATEMENT = Rare(
    r"(?:했다|한다|됐다|된다|였다|이다|있다|없다|왔다|났다|렸다|졌다|[가-힣]었다|[가-힣]았다|다고\s|라고\s)[.”\"’']*(?:\s|\Z)"
)

PLAIN_PROMOTION = re.compile(
    rf"[\s▶▷►☞※■▣◎★◆●○◇\-*·\[(<]*(?:{'|'.join(_PATTERNS['lines'])})[\s\])>]*\Z", re.IGNORECASE
)
RELATED_HEAD = re.compile(
    r"\s*[▶▷☞■●◆\[<(※*]*\s*(?:관련\s?(?:기사|뉴스)|주요\s?(?:기사|뉴스)|인기\s?기사|많이\s?본\s?(?:기사|뉴스)|추천\s?기사|독자들의\s?PICK!?|함께\s?보면\s?좋은\s?기사|핫\s?뉴스|오늘의\s?주요\s?뉴스"
    r"|이\s?시각\s?(?:주요|많이\s?본|추천|인기|핫)?\s?(?:많이\s?본\s?)?(?:뉴스|기사)|[가-힣A-Za-z0-9]{2,10}\s?(?:추천\s?주요|화제의|주요|인기|핫)\s?(?:뉴스|기사)(?:\s?(?:Best|베스트|TOP)\s?\d*)?)\s*[\])>:：▶◀]*\s*"
)


_ASKING = re.compile(
    r"\s*(?:[▶▷►☞☎▣★☆※■◀←→♥❤✔✅📌👉*]|[\[<(【〈](?=.*[\])>】〉]\s*\Z))"
    r".{4,118}(?:세요|십시오|바랍니다|드립니다|기다립니다)[.!~]*\s*[\])>】〉]?\s*(?:\([^()@]{0,20}@[^()]{4,40}\)\s*)?"
)


def asks_the_reader(line: str) -> bool:
    """[한빛일보를 카톡에서 만나보세요.]: a marked or bracketed line that bids the reader do something."""
    return len(line) <= LONGEST_LINE and _ASKING.fullmatch(line) is not None


def is_promotion(line: str) -> bool:
    """True for a line that points elsewhere: a pointing mark (▶ ☞ ...) and words of promotion, no statement.

    A list item of the article that opens with the same mark (``▶1분기 매출 ...``) has no such words.
    """
    text = line.strip()
    if not text or len(text) > LONGEST_LINE or not POINTER.match(text) or RELATED_HEAD.fullmatch(text):
        return False
    return _PROMOTION_WORD.search(text) is not None and STATEMENT.search(text) is None
