"""A text that is shorter than what stands around it: an obituary over a form for comments."""

from __future__ import annotations

import re
from itertools import pairwise

from lxml.html import HtmlElement

from crawler.extract.blocks import walk
from crawler.extract.document import Document
from crawler.extract.follow import SENTENCE, is_signed
from crawler.extract.nature import declares_article, is_typed_article
from crawler.extract.stamps import NOTICE
from crawler.extract.whole import Whole

_LINKED = 0.5
"""Share of linked characters from which a line is no text."""
_BRIEF, _LINE, _SAID = 400, 20, 70
"""Characters of a text that a page's furniture outweighs; of a line that is more than a label; of a sentence
by which a site tells its reader what a button does (the longest of ND Soft's form for comments has 45)."""
POLITE = re.compile(r"(?:니다|세요|시오|니까|you|your)[.?!]?\s*\Z", re.IGNORECASE)
"""How a site speaks to its reader."""


def has_all(element: HtmlElement, document: Document, whole: Whole) -> bool:
    """Whether an element that is called the text is short and has all that the page tells.

    Beside it stands only what a site says to its reader, and labels; ``whole`` is the library's reading.
    """
    inside = [b.text for b in walk(element) if b.link_share < _LINKED]
    if sum(map(len, inside)) > _BRIEF or not any(len(text) >= _LINE for text in inside):
        return False
    return (declares_article(document) or is_typed_article(document)) and _is_alone(
        set(inside), document, whole
    )


def _is_alone(mine: set[str], document: Document, whole: Whole) -> bool:
    every = [b for b in walk(document.tree) if b.link_share < _LINKED]
    if not mine <= {b.text for b in every}:
        return False  # broken markup: the walk of the page has its lines otherwise
    if any(b.text in mine and is_signed(behind) and "@" in behind.text for b, behind in pairwise(every)):
        return False  # who signed stands in the element around
    told = [b.text for b in every if b.text not in mine and SENTENCE.search(b.text)]
    read = [t for t in told if not NOTICE.search(t) and (not whole.lines or whole.knows(t))]
    return all(len(t) <= _SAID and POLITE.search(t) for t in read)
