"""The steps that take a tail off, each from one ``Cut`` to the next; None: the step has nothing to take."""

from __future__ import annotations

import re

from .cut import Cut, Line
from .lines import (
    corrects,
    ends_in_notice,
    ends_sentence,
    glued_part,
    is_marked,
    is_plain,
    is_polite,
    is_statement,
    is_sure_signature,
    is_to_be_known,
    is_trailing,
    is_whole_notice,
    names_helpline,
    promotes,
    rule_of,
    signs_piece,
    solicits,
)
from .promotion import RELATED_HEAD

_MOST_GLUED = 8
"""Parts cut off inside lines: a sign-off, crew, signature, notice, end mark and three lines of promotion."""
_RELATED_REACH = 12
"""Lines at the end in which such a heading is looked for: portals' lists have at most ten headlines."""
_LONGEST_HEADLINE = 70
"""Characters; Korean headlines on portals end at about 50."""
_LONGEST_HEADING = 20
"""Characters; the names of houses' own products have under 12."""
_UNDER = 12
"""Lines under a signature that may go with it: a heading, and the ten headlines of a portal's list."""


def take_anywhere(cut: Cut) -> Cut:
    """Promotion with a pointing mark and whole-line notices, wherever they stand: they are so plain."""
    return cut.without(_plain_rule)


def _plain_rule(line: Line) -> str | None:
    if promotes(line.text) and not ends_in_notice(line.text):
        return "promotion"
    return "notice" if is_whole_notice(line.text) else None


def take_last(cut: Cut, publisher: str | None) -> Cut | None:
    """The last line, where it is no line of the article."""
    rule = rule_of(cut.lines[-1].text, publisher)
    return None if rule is None else cut.without_last([rule])


def take_glued(cut: Cut, publisher: str | None) -> Cut | None:
    """A notice, a signature or promotion behind the last sentence, in the same line."""
    if cut.glued >= _MOST_GLUED:
        return None
    parts = glued_part(cut.lines[-1].text, publisher)
    return None if parts is None else cut.shortened(*parts)


def take_heading(cut: Cut, _publisher: str | None) -> Cut | None:
    """■ 한빛플러스: a marked heading over promotion that was taken."""
    last = cut.lines[-1]
    is_heading = (
        len(last.text) <= _LONGEST_HEADING
        and is_marked(last.text)
        and not ends_sentence(last.text.rstrip("])>】〉 "))
    )
    below = next((taken.rule for taken in cut.taken if taken.number == last.number + 1), None)
    return cut.without_last(["promotion"]) if is_heading and below in ("promotion", "note") else None


def take_house_word(cut: Cut, _publisher: str | None) -> Cut | None:
    """※ ... 기사입니다.: a marked last line in the polite register, under an article in the plain one."""
    *article, last = cut.texts
    if not article or is_statement(last) or not is_plain(article) or is_to_be_known(last):
        return None
    if not (is_marked(last) or solicits(last)):
        return None
    return cut.without_last(["note"]) if is_polite(last) else None


def take_related(cut: Cut, publisher: str | None) -> Cut | None:
    """A heading such as 관련기사 in the last lines, and the headlines under it."""
    texts = cut.texts
    for index in range(max(1, len(texts) - _RELATED_REACH), len(texts)):
        if not RELATED_HEAD.fullmatch(texts[index]):
            continue
        rules = [rule_of(text, publisher) for text in texts[index + 1 :]]
        below = list(zip(texts[index + 1 :], rules, strict=True))
        if not all(rule or _is_headline(text) for text, rule in below):
            continue
        is_signed = rule_of(texts[index - 1], publisher) is not None or "주요" not in texts[index]
        headlines = sum(len(text) for text, rule in below if rule is None)
        if not is_signed and sum(map(len, texts[:index])) < headlines:
            continue  # a briefing: its headlines are the article
        return cut.without_last([rule or "related" for rule in (rule_of(texts[index], publisher), *rules)])
    return None


def _is_headline(text: str) -> bool:
    return len(text) <= _LONGEST_HEADLINE and not re.search(r"[다요]\.[”\"’']?\s*\Z", text)


def take_under_signature(cut: Cut, publisher: str | None) -> Cut | None:
    """Lines that are none of an article under a signature (slogans, lists, lines to the reader).

    A correction among them stays, and the signature over it goes.
    """
    texts = cut.texts
    signed = _signed_at(texts, publisher)
    if signed is None:
        return None
    plain = is_plain(texts[:signed])
    below = [line for line in cut.lines[signed + 1 :] if not corrects(line.text)]
    rules = [rule_of(line.text, publisher) for line in below]
    if not all(rule or is_trailing(one.text, plain=plain) for one, rule in zip(below, rules, strict=True)):
        return None
    gone = {one.number: rule or "under the signature" for one, rule in zip(below, rules, strict=True)}
    if len(below) < len(texts) - signed - 1:
        gone[cut.lines[signed].number] = "signature"
    return cut.without(lambda line: gone.get(line.number)) if gone else None


def _signed_at(texts: tuple[str, ...], publisher: str | None) -> int | None:
    """Where the last signature stands, with nothing under it that is plainly of the article."""
    for at in range(len(texts) - 2, max(-1, len(texts) - _UNDER - 2), -1):
        if is_statement(texts[at + 1]) and not names_helpline(texts[at + 1]):
            return None
        if is_sure_signature(texts[at], publisher):
            return at
    return None


def take_under_notice(cut: Cut, publisher: str | None) -> Cut | None:
    """Nothing but pointers and slogans under a notice that was taken: the article ended above it."""
    notices = [taken.number for taken in cut.taken if taken.rule == "notice"]
    under = [line.text for line in cut.lines if notices and line.number > min(notices)]
    if not under or len(under) == len(cut.lines):
        return None
    plain = is_plain(cut.texts[: -len(under)])
    if not all(rule_of(text, publisher) or is_trailing(text, plain=plain) for text in under):
        return None
    return cut.without_last([rule_of(text, publisher) or "under the notice" for text in under])


def take_pieces(cut: Cut, publisher: str | None) -> Cut:
    """Several short pieces, each signed: where a signature ends the page, its like within are others'."""
    if not any(taken.rule == "signature" for taken in cut.taken):
        return cut
    inner, kept = set(), ""
    for line in cut.lines:
        if kept and ends_sentence(kept) and signs_piece(line.text, publisher):
            inner.add(line.number)
        else:
            kept = line.text
    return cut.without(lambda line: "signature" if line.number in inner else None)
