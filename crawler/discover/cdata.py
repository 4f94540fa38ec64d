"""CDATA and comments that a feed opens and never closes: to the letter they swallow the items behind them."""

from __future__ import annotations

import re

_CDATA, _COMMENT = "<![CDATA[", "<!--"
_OPENS = re.compile(r"<!--|<!\[CDATA\[")
_ELEMENT = re.compile(r"<([\w:.-]+)(?:\s[^<>]*)?>\s*\Z")
_BEFORE = 200
"""Characters before a section in which its element's tag is looked for; our choice."""
_ITEM = r"</?(?P<item>(?:[\w.-]+:)?(?:item|entry))(?=[\s/>])"


def closed(text: str) -> str:
    """A feed with each such section closed where its element or its item ends, so that its items are read.

    A section is open that never ends, or in which another begins behind the end of its element or item: that
    one's end is not its own. A comment that never ends loses its mark.
    """
    ends = {_COMMENT: _Ends(text, "-->"), _CDATA: _Ends(text, "]]>")}
    parts, done, at = [], 0, 0
    while opens := _OPENS.search(text, at):
        mark, start = opens[0], opens.end()
        end = ends[mark].after(start)
        if mark == _COMMENT:
            if end is None:
                parts.append(text[done : opens.start()])
                done = start
            at = start if end is None else end
            continue
        meant = _meant(text, opens.start(), start, end)
        if meant is None:
            at = len(text) if end is None else end
        else:
            at, ends_missing = meant
            parts += [text[done:at], "]]>", ends_missing]
            done = at
    return "".join([*parts, text[done:]]) if parts else text


class _Ends:
    """Where a mark stands next; each stretch of the text is looked through once."""

    def __init__(self, text: str, mark: str) -> None:
        self._text, self._mark, self._next = text, mark, 0

    def after(self, at: int) -> int | None:
        if 0 <= self._next < at:
            self._next = self._text.find(self._mark, at)
        return None if self._next < 0 else self._next


def _meant(text: str, opens: int, start: int, end: int | None) -> tuple[int, str] | None:
    """Where an open section is to end, and which ends of its element and item are missing there; None for
    one that is closed, or whose end nothing tells."""
    until = len(text) if end is None else text.find(_CDATA, start, end)
    if until < 0:
        return None
    element = _ELEMENT.search(text[max(opens - _BEFORE, 0) : opens])
    own = rf"</{re.escape(element[1])}\s*>|" if element else ""
    closes = re.compile(own + _ITEM, re.IGNORECASE).search(text, start, until)
    if closes is None:
        return None
    missing = ""
    if (item := closes["item"]) is not None:
        missing += f"</{element[1]}>" if element else ""
        missing += "" if closes[0].startswith("</") else f"</{item}>"
    return closes.start(), missing
