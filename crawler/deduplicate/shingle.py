"""What two versions of one Korean text share: its shingles, its numbers, and its names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.deduplicate.kept import kept
from crawler.letters import letters

SHINGLE_LENGTH = 5
"""Characters. Measured on 1,758 real Korean texts: 5-grams tell versions from same-event stories."""
SIGNS_KEPT = 150_000
"""Of the texts whose shape is kept: a shape takes 97 bytes a sign, so 15 MB (2026-11-26). Our choice: some
hundred articles, where a store compares with sixty at most."""

_NUMBER = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)")
_WORD = re.compile(r"[^\W_]+")

# (서울=연합뉴스) 홍길동 기자 = | [파이낸셜뉴스] | 【서울=뉴시스】홍길동 기자 = | [이데일리 홍길동 기자]
_LEAD_IN = re.compile(
    r"\A\s*(?:[\[(【<＜][^\[\](){}【】<>＜＞\n]{1,40}[\])】>＞]\s*)"
    r"(?:[^=\n.]{0,40}(?:기자|특파원|통신원|논설위원)\s*)?=?\s*"
)
_BARE_LEAD_IN = re.compile(r"\A\s*[^=\n.]{0,40}(?:기자|특파원|통신원)\s*=\s*")
_CLOSING_LINE = re.compile(
    r"(?:[\w.+-]@[\w-]+\.[\w.-]+|무단\s*(?:전재|복제)|재배포\s*(?:및|금지)|저작권자|ⓒ|©"
    r"|\A[^.\n]{0,30}(?:기자|특파원|통신원)\s*\Z)"
)
_SENTENCE_LETTERS = 60
"""A closing line that holds an address or a notice is longer than this only when a sentence is in it."""

_TITLES = (
    "씨|양|군|옹|대표|장관|차관|의원|회장|부회장|사장|부사장|부장|차장|과장|국장|실장|교수|감독|선수|대통령|총리|시장|지사|구청장"
    "|군수|위원장|원장|청장|이사장|이사|팀장|본부장|센터장|소장|단장|상무|전무|총장|변호사|판사|검사|작가|배우|가수|기자"
)
_NAME = re.compile(
    rf"([가-힣]{{2,12}})\s?(?:{_TITLES})(?![가-힣]{{3}})"
    r"|([가-힣]{1,6}(?:특별시|광역시|특별자치도|시|군|구|읍|면|동|리|역|항))(?=[\s,.)·은는이가의에서와과로]|$)"
    r"|([a-z]{2,})"
    r"|([가-힣]{1,8}(?:은행|전자|증권|건설|화학|제약|생명|카드|그룹|자동차|중공업|대학교|대|부|청|공사|공단|협회|재단|아파트))"
    r"(?=[\s,.)·은는이가의에서와과로]|$)"
)


@dataclass(frozen=True, slots=True)
class TextShape:
    """What of a text is compared."""

    shingles: frozenset[str]
    numbers: frozenset[str]
    length: int
    """Letters and digits."""
    slots: Mapping[tuple[str, str], frozenset[str]]
    """The letters around a number -> the numbers that stand there."""
    letters: str
    names: frozenset[str]
    """Words that stand where Korean prints names: before a title, as a place, a house or in Latin script."""


def letters_of(text: str) -> str:
    """Letters and digits of any script, in NFC, without case.

    >>> letters_of("KOSPI 2,700선 '회복'")
    'kospi2700선회복'
    """
    return letters(unicodedata.normalize("NFC", text).casefold())


def without_frame(text: str) -> str:
    """The text without what each site prints differently: lead-in, closing signature and notice.

    >>> without_frame("(서울=연합뉴스) 홍길동 기자 = 비가 온다.\\n홍길동 기자 hong@example.com")
    '비가 온다.'
    """
    core = _LEAD_IN.sub("", text, count=1)
    core = _BARE_LEAD_IN.sub("", core, count=1)
    lines = core.rstrip().split("\n")
    while len(lines) > 1 and _is_closing(lines[-1]):
        lines.pop()
    return "\n".join(lines)


def _is_closing(line: str) -> bool:
    length = len(letters_of(line))
    return not length or (length <= _SENTENCE_LETTERS and bool(_CLOSING_LINE.search(line.strip())))


@kept(SIGNS_KEPT)
def shape(text: str) -> TextShape:
    """The shape of a text without its frame.

    >>> shape("금리 3.5%로 동결").length
    7
    """
    normal = unicodedata.normalize("NFC", without_frame(text)).casefold()
    bare = letters(normal)
    shingles = {bare[at : at + SHINGLE_LENGTH] for at in range(len(bare) - SHINGLE_LENGTH + 1)}
    slots = _slots(normal)
    numbers = frozenset(number for values in slots.values() for number in values)
    names = {name for found in _NAME.finditer(normal) for name in found.groups() if name}
    return TextShape(
        shingles=frozenset(shingles or {bare}),
        numbers=numbers,
        length=len(bare),
        slots=slots,
        letters=bare,
        names=frozenset(names),
    )


def _slots(normal: str) -> dict[tuple[str, str], frozenset[str]]:
    """Where numbers stand: four letters before and two behind name the place."""
    parts = _NUMBER.split(normal)
    between = [letters(part) for part in parts[::2]]
    slots: dict[tuple[str, str], set[str]] = {}
    before = ""
    for index, number in enumerate(parts[1::2]):
        before = between[index][-4:] or f"{before[-3:]}#"
        place = (before, between[index + 1][:2])
        slots.setdefault(place, set()).add(number.replace(",", ""))
    return {place: frozenset(values) for place, values in slots.items()}


def containment(a: TextShape, b: TextShape) -> float:
    """Share of the smaller text's shingles that the other has too, 0.0 to 1.0.

    >>> containment(shape("한국은행이 기준금리를 동결했다"), shape("속보다. 한국은행이 기준금리를 동결했다"))
    1.0
    """
    small, large = in_size(a, b)
    if not small.length or not large.length:
        return 0.0
    return len(small.shingles & large.shingles) / len(small.shingles)


def in_size(a: TextShape, b: TextShape) -> tuple[TextShape, TextShape]:
    """The smaller one first; of equal ones always the same one, so that no comparison depends on order."""
    return (a, b) if (len(a.shingles), a.letters) <= (len(b.shingles), b.letters) else (b, a)


def size_ratio(a: TextShape, b: TextShape) -> float:
    """The smaller text's shingles over the larger one's, 0.0 to 1.0."""
    small, large = in_size(a, b)
    return len(small.shingles) / len(large.shingles)


def numbers_agree(a: TextShape, b: TextShape) -> bool:
    """The number guard: templated bulletins have the same words and other numbers.

    Of the smaller text's numbers at most max(1, 40 %) may be missing from the other (measured, with
    containment >= 0.8: recall 97-100 %, no templated bulletin merged).
    """
    return missing_numbers(a, b) <= max(1, int(0.4 * len(in_size(a, b)[0].numbers)))


def missing_numbers(a: TextShape, b: TextShape) -> int:
    """How many of the smaller text's numbers the other does not have."""
    small, large = in_size(a, b)
    return len(small.numbers - large.numbers)


def missing_names(a: TextShape, b: TextShape) -> int:
    """How many of the smaller text's names the other does not have."""
    small, large = in_size(a, b)
    # Looked for as letters: the other text may print the name with another particle.
    return sum(1 for name in small.names if name not in large.letters)


def changed_slots(a: TextShape, b: TextShape) -> tuple[int, int]:
    """(places where both texts have a number but no common one, places where both have a number).

    Sets of numbers overlap by chance where they are small (temperatures); places do not.
    """
    shared = a.slots.keys() & b.slots.keys()
    changed = sum(1 for place in shared if not a.slots[place] & b.slots[place])
    return changed, len(shared)


def changed_words(a: str, b: str) -> tuple[int, int]:
    """(words that differ between the same two neighbours, all words between neighbours that both have).

    Verbs do not count: "밝혔다" for "말했다" is an edit, "김철수" for "박영희" another person. One verb
    of the two is enough ("밝혔다" for "밝히고"), whichever text is asked first.
    """
    ours, theirs = _between(a), _between(b)
    shared = ours.keys() & theirs.keys()
    others = ((ours[place], theirs[place]) for place in shared if ours[place] != theirs[place])
    return sum(1 for pair in others if not any(word.endswith("다") for word in pair)), len(shared)


@kept(SIGNS_KEPT)
def _between(text: str) -> dict[tuple[str, str], str]:
    words = [word.casefold() for word in _WORD.findall(unicodedata.normalize("NFC", without_frame(text)))]
    found: dict[tuple[str, str], str] = {}
    twice: set[tuple[str, str]] = set()
    for before, word, after in zip(words, words[1:], words[2:], strict=False):
        if (before, after) in found:
            twice.add((before, after))
        found[before, after] = word
    return {place: word for place, word in found.items() if place not in twice}
