"""Edition marks of Korean headlines: ``(종합)``, ``(종합2보)``, ``[2보]``, ``[속보]``."""

from __future__ import annotations

import re
import unicodedata

_MARK = re.compile(r"[\[(【<〈]\s*(종합\s*\d*\s*보?|\d+\s*보|속보|긴급|\d+\s*신)\s*[\])】>〉]")
_NOT_LETTERS = re.compile(r"[\W_]+")
_TAGS = re.compile(r"[\[(【<〈][^\[\](){}【】<>〈〉]{1,20}[\])】>〉]")


def editions(title: str | None) -> frozenset[str]:
    """The edition marks of a headline.

    >>> sorted(editions("[속보] 기준금리 동결(종합 2보)"))
    ['속보', '종합2보']
    """
    return frozenset("".join(found.split()) for found in _MARK.findall(title or ""))


def plain_title(title: str | None) -> str:
    """Letters and digits of a headline without its tags; of the tags where there is nothing else.

    >>> plain_title("[단독] 기준금리 '동결'(종합)")
    '기준금리동결'
    """
    normal = unicodedata.normalize("NFKC", title or "").casefold()
    return _NOT_LETTERS.sub("", _TAGS.sub(" ", normal)) or _NOT_LETTERS.sub("", normal)
