"""The walk's lines held against the library's reading of the whole page: what it reads stays, and its gaps
are filled.

The library drops a ``div`` between ``p`` paragraphs, a line beside a break and a signature without a word;
those stand in the same element as what it read. What stands anywhere else is not the article.
"""

from __future__ import annotations

from lxml.html import HtmlElement

from crawler.extract.blocks import Block
from crawler.extract.whole import PIECE, Whole
from crawler.letters import letters
from crawler.rare import Rare
from storage.records import Removal

_PARAGRAPHS = frozenset(
    {"p", "li", "blockquote", "pre", "h2", "h3", "h4", "h5", "h6", "dd", "dt", "tr", "td"}
)
SENTENCE = Rare(
    r"(?:다|요|까|죠)(?<=.{16})[.?!][\"'”’)\]]*$|(?m:^)[^A-Za-z\n]*+[A-Za-z].{30,}[.?!][\"'”’)\]]*$"
)
"""A line that ends like a sentence: text of the article even where all of it is a link. Looked for where a
sentence ends: from each letter on, a line of 8,000 took 0.35 s and one of 80,000 a hundred times that."""
_LINKED = 0.5
"""Share of linked characters from which a line that the library left out is not put back."""
ABOVE = "above the article"
"""The rule of a line that stands in the container before anything that the library reads: the page's head."""
_HOME = 0.2
"""Share of the library's letters that stand in an element before other lines of it are put back: a box with
the heads of other stories repeats one sentence of this one (indiapost.com, 2019)."""


_SIGNED = Rare(
    r"[\[(</／\s]*(?:[가-힣A-Za-z·,=|\s]{2,40}(?:기자|특파원|논설위원|앵커|통신원)(?![가-힣])[)\]>]?\s*)?"
    r"(?:[(<\[|]?\s*[\w.+-]{1,64}@[\w.-]*\s*[)>\]]?)?"
)
"""A reporter, an address or both, and nothing else: who signed, linked to a page of its own."""


def is_signed(block: Block) -> bool:
    return is_signature(block.text)


def is_signature(text: str) -> bool:
    return len(text) > 2 and _SIGNED.fullmatch(text) is not None


def follow(blocks: list[Block], whole: Whole) -> tuple[list[Block], list[Removal], int]:
    """(kept, removed, how many were put back) of a container's blocks."""
    known = [whole.knows(b.text) for b in blocks]
    homes = _homes([b for b, k in zip(blocks, known, strict=True) if k])
    first = known.index(True) if True in known else len(blocks)
    last = len(blocks) - known[::-1].index(True) if True in known else 0
    kept: list[Block] = []
    removed: list[Removal] = []
    for i, block in enumerate(blocks):
        if (
            known[i]
            or _belongs(block, homes, inside=first < i < last)
            or (i == last and _signs(block, homes))
        ):
            kept.append(block)
        else:
            removed.append(Removal(rule=ABOVE if i < first else "outside the article", text=block.text))
    return kept, removed, len(kept) - sum(known)


def span(blocks: list[Block], kept: list[Block]) -> list[Block]:
    """The blocks from the one before the first that was kept to the last: a list has its first link before
    it."""
    places = {id(b) for b in kept}
    at = [i for i, b in enumerate(blocks) if id(b) in places]
    return blocks[max(at[0] - 1, 0) : at[-1] + 1] if at else []


def _belongs(block: Block, homes: set[HtmlElement], *, inside: bool) -> bool:
    """True for a line of an element that the library reads; between its lines also for one in a box of its
    own."""
    home = _home(block)
    if home is None or (block.link_share >= _LINKED and not SENTENCE.search(block.text)):
        return False
    if home in homes:
        return True
    return inside and not block.linked and home.getparent() in homes


def _signs(block: Block, homes: set[HtmlElement]) -> bool:
    """Right under the last line, in a box within the element that holds the text: who wrote it."""
    home = _home(block)
    return home is not None and is_signed(block) and (home in homes or home.getparent() in homes)


def _homes(known: list[Block]) -> set[HtmlElement]:
    """The elements whose paragraphs the library reads, each with a good share of its letters."""
    found: dict[HtmlElement, int] = {}
    for block in known:
        home, length = _home(block), len(letters(block.text))
        if home is not None and length >= 2 * PIECE:
            found[home] = found.get(home, 0) + length
    whole = sum(found.values())
    return {home for home, length in found.items() if length >= _HOME * whole}


def _home(block: Block) -> HtmlElement | None:
    """The element that holds a paragraph, or the one in which a line without one stands."""
    place = block.place
    if place is not None and place.tag in _PARAGRAPHS:
        return place.getparent()
    return place
