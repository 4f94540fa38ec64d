"""A text that a page folds behind a button (더 보기): read as it stands after the click.

bastillepost.com (2023) sends the second half of each article so; who reads what is shown alone loses it
without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.extract.blocks import clean
from crawler.rare import Rare

_BUTTON = Rare(
    r"\W*(?:(?:기사|본문|내용|뉴스|글)?\s?(?:전체\s?|전문\s?|계속\s?)?(?:더\s?)?(?:보기|읽기|펼치기|펼쳐\s?보기)"
    r"|閱讀更多|阅读更多|展開全文|展开全文|続きを読む|もっと見る"
    r"|(?:read|show|see) (?:more|full (?:article|story|text))|(?:continue|keep) reading"
    r"|lire la suite|mehr anzeigen|weiterlesen|leer más)\W*",
    re.IGNORECASE,
)
_LONGEST = 30
"""Characters of what such a button says (our choice)."""
_FOLDED = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_ENDS = re.compile(r"[.!?。][\"'”’」』)\]]*\Z")
_SENTENCE, _END = 30, 10
"""Characters of a paragraph that ends like a sentence, which labels in a folded menu do not, and of its
end."""
_BOXES = ("div", "section", "p", "article", "span")


def open_folds(tree: HtmlElement) -> None:
    """Show what stands folded beside such a button, behind paragraphs of the same text; the button goes."""
    found = [e for e in tree.iter(*_BOXES, "summary") if e.tag == "summary" or _is_folded(e)]
    for box in (e for e in found if e.tag != "summary"):
        if (button := fold_button(box)) is not None:
            for name in ("style", "hidden"):
                box.attrib.pop(name, None)
            button.drop_tree()
    for summary in (e for e in found if e.tag == "summary"):
        if _is_button(summary) and _continues(summary.getparent()):
            summary.drop_tree()


def fold_button(box: HtmlElement) -> HtmlElement | None:
    """The button that shows a folded box with more of the text before it; None where there is none."""
    button = next(filter(_is_button, _beside(box)), None)
    return button if button is not None and _continues(box) else None


def _continues(box: HtmlElement | None) -> bool:
    return box is not None and _tells(box) and any(map(_tells, box.itersiblings(preceding=True)))


def _is_button(element: HtmlElement) -> bool:
    said = ""
    for piece in element.itertext():  # what stands beside a folded box may be the page
        said += piece.strip()
        if len(said) > _LONGEST:
            return False
    return _BUTTON.fullmatch(clean(said)) is not None


def _is_folded(element: HtmlElement) -> bool:
    style = element.get("style")
    return bool(style and _FOLDED.search(style)) or element.get("hidden") is not None


def _beside(box: HtmlElement) -> Iterator[HtmlElement]:
    """What stands right before and right behind it, with no bare text between."""
    before, behind = box.getprevious(), box.getnext()
    if before is not None and not (before.tail or "").strip():
        yield before
    if behind is not None and not (box.tail or "").strip():
        yield behind


def _tells(element: HtmlElement) -> bool:
    said = (clean(e.text_content()) for e in (element, *element.iter("p")))
    return any(len(text) >= _SENTENCE and _ENDS.search(text[-_END:]) for text in said)
