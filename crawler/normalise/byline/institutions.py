"""Institutions by their endings: universities, hospitals, chambers, companies and their departments.

What ends as they do is no person where a better name stands beside it; the endings are data.
"""

from __future__ import annotations

import re

from .data import endings, words

UNIVERSITIES = words("universities.txt")
_LONG_UNIVERSITY = re.compile(r"[가-힣A-Z]{2,8}(?:대학교|대학원|여대|의대|공대|법대|교대|한의대|과기대|예대)")
ORG_ENDING = endings("affiliation_endings.txt")
_SHORT_ENDING = endings("short_endings.txt")
_INSTITUTION_HEADS = words("institution_heads.txt")
_DEPARTMENT_ENDING = endings("department_endings.txt")


def is_college(word: str) -> bool:
    """True for a word that ends as the short names of universities do (한국대, 가톨릭관동대)."""
    return word in UNIVERSITIES or bool(re.fullmatch(r"[가-힣A-Z]{2,6}대", word))


def is_university(word: str) -> bool:
    """True for a university by its listed short name or its ending."""
    return word in UNIVERSITIES or _LONG_UNIVERSITY.fullmatch(word) is not None


def is_organisation(word: str) -> bool:
    """True for an institution, by its ending (이대서울병원, 서울대, 경제학부)."""
    if is_university(word):
        return True
    return len(word) >= 4 and word.endswith(ORG_ENDING)


def opens_institution(word: str) -> bool:
    """True for a word whose next one is the name's second half (법무법인 세종)."""
    return word in _INSTITUTION_HEADS


def is_department(word: str) -> bool:
    """True for what continues an institution (신경과)."""
    return len(word) >= 2 and word.endswith(_DEPARTMENT_ENDING)


def reads_as_institution(word: str) -> bool:
    """True for a word that could be a name, but ends as institutions do (민병원, 강남대)."""
    return len(word) >= 3 and word.endswith(_SHORT_ENDING)
