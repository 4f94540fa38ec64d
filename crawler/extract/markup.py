"""Angle brackets that are text: ``<한겨울의 노래>``, ``<name@house.kr>`` and ``<Parasite>`` as editors leave
them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from crawler.rare import Rare

_NAMES = """
    a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink
    blockquote body br button canvas caption center cite code col colgroup command content data datalist
    dd del details dfn dialog dir div dl dt element em embed fieldset figcaption figure font footer form
    frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins isindex kbd
    keygen label layer legend li link listing main map mark marquee math menu menuitem meta meter
    multicol nav nextid nobr noembed noframes noindex noscript object ol optgroup option output p param
    picture plaintext portal pre progress q rb rbc rp rt rtc ruby s samp script search section select
    shadow slot small source spacer span strike strong style sub summary sup svg table tbody td template
    textarea tfoot th thead time title tr track tt u ul var video wbr xml xmp
"""
_ELEMENTS = frozenset(_NAMES.split())
"""Elements of HTML, obsolete ones included (WHATWG, 2026)."""
_RAW = re.compile(r"<(?:(script|style|svg|math|textarea)\b|!--)", re.IGNORECASE)
_RAW_ENDS = {
    name: re.compile(rf"</{name}\s*>", re.IGNORECASE)
    for name in ("script", "style", "svg", "math", "textarea")
} | {"": re.compile("-->")}
_NAME = re.compile(r"<([A-Za-z][^\s<>/]*)")
_SLIP = Rare(rf"\A(?:{'|'.join(sorted(_ELEMENTS))})[\\;,.'\"]+\Z")
_SLIPPED = re.compile(r"<(/?[A-Za-z][A-Za-z0-9]*)[\\;,.'\"]+(?=[\s/>])")
"""``<br\\>``, ``<p,>``: an element with a slip of the finger behind its name."""
_MARK = re.compile(r"<(/?(?:[aApP][\s>]|[bB][rR][\s/>]))")
_OPENING = re.compile(r"<([A-Za-z][^\s<>/]*+)([^<>]*+)>")


def escape_strays(text: str) -> str:
    """``text`` with the ``<`` of tags that are none escaped; a page without any comes back as it is.

    A tag is none when no element has its name, it carries no attribute, ends in no ``/`` and nothing closes
    it. What scripts, styles, drawings and comments hold is left alone.
    """
    names = _unknown_names(text)
    if any(_SLIP.search(name) for name in names):
        text = _SLIPPED.sub(_mended, text)
        names = _unknown_names(text)
    names = {n for n in names if "-" not in n and ":" not in n}
    if not names:
        return text
    kept = list(raw_spans(text))
    names = _standing_outside(text, kept, names)  # if (i<length) in a script
    strays = names - _beginnings("</", text, names) if names else names
    if not strays:
        return text
    pieces: list[str] = []
    at = 0
    for start, end in [*kept, (len(text), len(text))]:
        pieces += [_escaped(text[at:start], strays), text[start:end]]
        at = end
    return "".join(pieces)


def counted(text: str) -> Counter[str]:
    """How often links, paragraphs and breaks are opened (``a``, ``p``, ``br``) and closed (``/a``).

    One look for all who mend what is not closed.
    """
    counts: Counter[str] = Counter()
    for mark, times in Counter(_MARK.findall(text)).items():
        counts[mark[:-1].lower()] += times
    return counts


def raw_spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of scripts, styles, drawings and comments, in order; what nothing closes is none.

    Linear in the text: what has no end once is not looked for again.
    """
    at, endless = 0, set[str]()
    while (opened := _RAW.search(text, at)) is not None:
        name = (opened[1] or "").lower()
        end = None if name in endless else _RAW_ENDS[name].search(text, opened.end())
        if end is None:
            endless.add(name)
        else:
            yield opened.start(), end.end()
        at = opened.end() if end is None else end.end()


def outside(text: str, kept: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """(start, end) of what stands between these spans, before and behind them."""
    ends = [0, *(end for _, end in kept)]
    starts = [*(start for start, _ in kept), len(text)]
    return zip(ends, starts, strict=True)


def _standing_outside(text: str, kept: list[tuple[int, int]], names: set[str]) -> set[str]:
    """Those of the names that open a tag in what is not left alone."""
    return _beginnings("<", "".join(text[start:end] for start, end in outside(text, kept)), names)


def _beginnings(mark: str, text: str, names: set[str]) -> set[str]:
    """Those of the names that stand behind a mark, or begin what does: the text is gone through once, not
    once for each of the names."""
    said = sorted({name.lower() for name in re.findall(rf"{mark}([^\s<>/]+)", text)})
    return {n for n in names if (at := bisect_left(said, n)) < len(said) and said[at].startswith(n)}


def _unknown_names(text: str) -> set[str]:
    return {name.lower() for name in set(_NAME.findall(text))} - _ELEMENTS


def _mended(match: re.Match[str]) -> str:
    return f"<{match[1]}" if match[1].lstrip("/").lower() in _ELEMENTS else match[0]


def _escaped(text: str, strays: set[str]) -> str:
    def one(match: re.Match[str]) -> str:
        is_stray = match[1].lower() in strays and "=" not in match[2] and not match[2].endswith("/")
        return f"&lt;{match[1]}{match[2]}&gt;" if is_stray else match[0]

    return _OPENING.sub(one, text)


_BREAK = re.compile(r"<br\s*/?>|\\[nrt](?![A-Za-z])", re.IGNORECASE)
_PAIR = re.compile(
    r"<(?P<name>b|strong|i|em|u|s|span|font|a|sup|sub|small|mark|p|div|h[1-6])(?:\s[^<>]*)?>"
    r"(?P<said>(?:(?!</?(?P=name)[\s>]).)*)</(?P=name)\s*>",
    re.IGNORECASE | re.DOTALL,
)
_BLOCKS = ("p", "div", "h")
_DEEPEST = 5


def without_markup(text: str) -> str:
    """``text`` of a page's data with the markup in it read: a break is white space, an element its text.

    ``<U>`` that nothing closes is the name of a work.
    """
    text = _BREAK.sub(" ", text)
    for _ in range(_DEEPEST):
        text, count = _PAIR.subn(_said, text)
        if not count:
            break
    return text


def _said(match: re.Match[str]) -> str:
    is_block = match["name"].lower().startswith(_BLOCKS)
    return f" {match['said']} " if is_block else match["said"]
