"""Names in letters that have capitals: of people whom a machine is told, and of their houses.

A field that is called author and holds two to five capitalised words names a person, whatever the country:
no list has the family names. What it holds beside people is told by its words (Salzburger Nachrichten), by
its shape (STERN.de, MDR SACHSEN-ANHALT) and by the page's own address (lesechos.fr).
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from crawler.letters import letters
from storage.records import Person

from .data import words
from .lexer import EMAIL

QUALIFIERS = words("qualifiers_latin.txt")
ORGANISATIONS = words("organisations_latin.txt") | {word.casefold() for word in QUALIFIERS}
_ROMAN_SURNAMES = words("surnames_roman.txt")
_LATIN_NAME = re.compile(
    r"(?:[A-Z][’']|Mc|Mac)?[A-Z][a-z]+(?:-[A-Za-z]?[a-z]+)?\.?|[A-Z]-[a-z]+|[A-Z]\.|[A-Z]{2,12}-[A-Z]{2,12}"
)
_LAST_LATIN = "\u024f"
_OWN_LETTERS = str.maketrans("ØøŁłĐđßÆæŒœıÞþ", "OoLlDdsAaOoiTt")
"""Letters that have no accent to be taken off; one for one, so that a word keeps its length."""
_PARTICLES = frozenset(
    """af al av bin da das de del della den der di do dos du e el
    ibn la le ten ter van von y zu zur""".split()  # noqa: SIM905  a column of 27 would be no clearer
)
BUTTONS = frozenset(
    "about click contact e-mail email follow latest log more read see share show sign subscribe view".split()  # noqa: SIM905  as above
)
"""First words of what a byline's box has to press (View All, More Stories)."""
_ARTICLES = frozenset({"the", "der", "die", "das", "les"})
_WORD = re.compile(r"[^\W\d_]{2,}\.?|[^\W\d_]+(?:[’'-][^\W\d_]+)+|(?:[^\W\d_]\.){1,3}|[ey]")
_MOST_WORDS, _LONGEST = 5, 60
"""A Portuguese name with its particles has five words (the author fields of 181 houses, 2026-11)."""
_ACRONYM = range(3, 6)
"""Letters of a first word in capitals beside words that are not: AFP Deutschland. Two are initials (JD)."""
_BY = re.compile(
    r"\A(?:(?:written|reported|story|words)\s)?(?:(?:by|von|par|por|text von)[:\s]\s*)+", re.IGNORECASE
)
_SIGN = re.compile(r"\s*\([a-zß-ÿ]{1,5}\)\Z")
"""Lena Oberfeld (obe): how a paper signs for its writer."""
_PARTS = re.compile(r"\s*[,;&]\s*|\s(?:and|And|AND|und|et|og|och|y|и|[/|·•–—-])\s")
_TWO = 2


def is_latin(word: str) -> bool:
    """True for a word that begins with a capital of the Latin alphabet, accents and all."""
    return word[:1].isupper() and word[:1] <= _LAST_LATIN


def is_latin_name(word: str) -> bool:
    """True for a capitalised Latin word (Smith, Soo-yeon, J., O'Regan, Jørgensen)."""
    if not word.isascii():
        plain = unicodedata.normalize("NFKD", word.translate(_OWN_LETTERS))
        word = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return bool(_LATIN_NAME.fullmatch(word))


def is_upper_name(said: list[str]) -> bool:
    """True for two or three words in capitals, the first or the last a Korean family name (KIM MINSOO)."""
    return (
        1 < len(said) < 4
        and all(re.fullmatch(r"[A-Z]{2,12}(?:-[A-Z]{2,12})?", word) for word in said)
        and (bool(_ROMAN_SURNAMES & {said[0], said[-1]}) or any("-" in word for word in said))
    )


def has_roman_surname(said: list[str]) -> bool:
    """True for capitalised words of which the first or last is a Korean family name, or one is hyphenated.

    Kim Seo-yun and Seo-yun Kim; New York Times is none.
    """
    ends = {said[0].upper(), said[-1].upper()}
    return bool(_ROMAN_SURNAMES & ends) or any("-" in word for word in said)


def declared_people(hint: str, publisher: str | None, url: str) -> tuple[Person, ...]:
    """The people in an author field of a page, where none of our lists knows their names; else its address.

    Args:
        publisher: a name that is the house's is nobody's.
        url: the page's address, for the same reason.

    >>> [p.name for p in declared_people("Marta Vidal Roca and Jens O’Brannagh", None, "https://a.example/1")]
    ['Marta Vidal Roca', 'Jens O’Brannagh']
    >>> declared_people("Hanbit Daily", None, "https://a.example/1")
    ()
    """
    mail = EMAIL.search(hint)
    bare = _BY.sub("", EMAIL.sub("", hint).strip())
    if len(bare) > _LONGEST * 3:
        return ()
    houses = [_letters(publisher or ""), _letters(_domain(urlsplit(url).hostname or ""))]
    parts = [_SIGN.sub("", part).strip() for part in _PARTS.split(bare)]
    names = [part for part in parts if reads_as_person(part) and not _is_of(part, houses)]
    if mail and len(names) < _TWO:
        return (Person(name=next(iter(names), None), role=None, email=mail[0], raw=hint),)
    return tuple(Person(name=name, role=None, raw=hint) for name in names)


def opens_by(line: str) -> bool:
    """By Laura E. Adkins: the line says itself that a name follows."""
    return _BY.match(line) is not None


def reads_as_person(text: str) -> bool:
    """True for two to five words as a person's name has them, in an alphabet with capitals."""
    said = text.split()
    if not _TWO <= len(said) <= _MOST_WORDS or len(text) > _LONGEST or not all(map(_WORD.fullmatch, said)):
        return False
    capitals = [word for word in said if word[0].isupper()]
    if len(capitals) < _TWO or any(w not in _PARTICLES for w in said if not w[0].isupper()):
        return False
    if said[0].casefold() in _ARTICLES | BUTTONS or is_organisation(said):
        return False
    is_shouted = text.isupper()
    if is_shouted:
        return all(_has_vowel(word) for word in said)
    return not (said[0].isupper() and len(said[0]) in _ACRONYM and "." not in said[0])


def is_organisation(said: list[str]) -> bool:
    """True where one of the words, or a part of one, is a house's."""
    return any(part.casefold() in ORGANISATIONS for word in said for part in word.split("-"))


def _has_vowel(word: str) -> bool:
    return "." in word or bool(re.search("[AEIOUYАЕЁИОУЫЭЮЯΑΕΗΙΟΥΩ]", unicodedata.normalize("NFKD", word)))


def _is_of(name: str, houses: list[str]) -> bool:
    said = _letters(" ".join(word for word in name.split() if word.casefold() not in _PARTICLES))
    return any(house and (said in house or _letters(name) in house) for house in houses)


def _domain(host: str) -> str:
    """A host without its first name where it has three: on a platform (a.substack.com) that is who writes,
    at a house one of its editions."""
    first, _, rest = host.partition(".")
    return rest if "." in rest and len(first) > len("www") else host


def _letters(text: str) -> str:
    """Without accents and whatever parts words: a house's name stands so in its address."""
    return letters(unicodedata.normalize("NFKD", text.casefold()))
