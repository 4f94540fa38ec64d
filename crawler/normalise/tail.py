"""The end of a body: signature, notice and promotion come off, every sentence of the article stays.

Lines are judged from the last one up, until a line of the article is met. Two kinds are so plain that
they are taken wherever they stand: promotion with a pointing mark (▶ ... 구독하기), and whole-line notices.
Each rule has a name, kept with what it took.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storage.records import Removal

from .byline import parse_signature
from .byline.lexer import EMAIL
from .byline.lexicon import is_house, is_reporter_role
from .credit import is_credit_line
from .promotion import LONGEST_LINE, PLAIN_PROMOTION, RELATED_HEAD, STATEMENT, is_promotion
from .rights import is_notice, split_notice

_GLUED_REACH = 160
"""Characters at the end of a paragraph in which a glued signature is looked for."""

_MOST_GLUED = 4
"""Parts cut off inside paragraphs: signature, notice, promotion and end mark, once each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """A body without its tail, and the tail's parts verbatim."""

    body: tuple[str, ...]
    signatures: tuple[str, ...]
    """In the order of the page."""
    notice: str | None
    removed: tuple[Removal, ...]


_HASHTAGS = re.compile(r"\s*#[^\s#]{1,40}(?:[\s,]+#[^\s#]{1,40})*\s*")
_END_MARK = re.compile(
    r"\s*[(<\[〈]?\s*(?:끝|END)\s*[)>\]〉]?\.?\s*|\s*[-=~*_─━★☆◆■●]{3,}\s*|\s*\*재판매\s?및\s?DB\s?금지\s*"
)
_DAY = r"(?:\d{4}[./-]\s?\d{1,2}[./-]\s?\d{1,2}\.?|\d{4}년\s?\d{1,2}월\s?\d{1,2}일)\s*"
_CLOCK = r"(?:\d{1,2}:\d{2}(?::\d{2})?\s*|\d{1,2}시\s?\d{1,2}분\s*)?"
_SENT = r"(?:최초|최종|기사|등록)?\s?(?:송고|입력|게재|작성|수정|등록|승인)(?:시간|일시)?"
_DISPATCH = re.compile(
    rf"\s*[(\[]?\s*(?:(?:{_SENT}\s*[:：]?\s*)?{_DAY}{_CLOCK}(?:{_SENT})?\s*[/|,]?\s*){{1,2}}[)\]]?\s*"
    rf"|\s*[\[(]?\s*(?:{_DAY})자?\s*(?:신문\s*)?(?:[A-Z]?\d{{1,3}}면)?\s*[\])]?\s*"
)
"""A day alone, or with what the house did then: 2026.04.01., 2026년04월01일 10시23분 송고."""
_RELATED_REACH = 12
"""Lines at the end in which such a heading is looked for: portals' lists have at most ten headlines."""
_LONGEST_HEADLINE = 70
"""Characters; Korean headlines on portals end at about 50."""

_UNDER = 3
"""Lines under a signature that may go with it; the most seen is one (a slogan, 2023)."""
_LONGEST_FRAGMENT = 60
"""Characters: the slogan seen has 40."""
_REPORTERS = ("기자", "특파원", "통신원", "리포터", "위원")
_LONGEST_PIECE = 60
"""Characters of a signature within the page: a place, a name, a role and an e-mail."""

_BEHIND_NOTICE = re.compile(r"(?<=금지)[)\]>〉》】.]*\s*(?P<sign>[^\s)\]>〉》】.].{4,80})\Z")

_SENTENCE_BREAK = re.compile(r"[.!?…。”\"’'」』)\]】>]+(?=\s*\S)|(?<=[다요죠])\s+(?=\S)|\s+(?=[\[(【</／])")


def split_tail(paragraphs: Sequence[str], publisher: str | None) -> Tail:
    """Take signature, notice, promotion, credit and end marks off the end of ``paragraphs``.

    ``paragraphs`` are the body's in reading order. Nothing is lost: what is not in ``body`` is in
    ``removed`` with the rule that took it, and joined in order both give the input's words.
    """
    return _Cutter(paragraphs, publisher).run()


class _Cutter:
    def __init__(self, paragraphs: Sequence[str], publisher: str | None) -> None:
        self.publisher = publisher
        self.removed: list[tuple[int, int, Removal]] = []
        """(paragraph, order from its end, what): sorted into reading order at the end."""
        self.signatures: list[str] = []
        self.inner: list[str] = []
        """Signatures of pieces within the page, in order."""
        self.notices: list[str] = []
        self.body = [part for text in paragraphs if text.strip() for part in _parted(text, publisher)]
        self.numbers = list(range(len(self.body)))
        self.glued = 0

    def run(self) -> Tail:
        self._take_anywhere()
        while self.body and (self._take_last() or self._take_related() or self._take_under_signature()):
            pass
        self._take_pieces()
        self.removed.sort(key=lambda entry: (entry[0], -entry[1]))
        return Tail(
            body=tuple(self.body),
            signatures=(*self.inner, *reversed(self.signatures)),
            notice=self.notices[0] if self.notices else None,
            removed=tuple(removal for _, _, removal in self.removed),
        )

    def _record(self, number: int, rule: str, text: str) -> None:
        self.removed.append((number, len(self.removed), Removal(rule=f"tail.{rule}", text=text)))

    def _take_anywhere(self) -> None:
        kept = []
        for number, text in zip(self.numbers, self.body, strict=True):
            if is_promotion(text):
                self._record(number, "promotion", text)
            elif is_notice(text) and split_notice(text)[0] == "":
                self._record(number, "notice", text)
                self.notices.append(text.strip())
            else:
                kept.append((number, text))
        self.numbers = [number for number, _ in kept]
        self.body = [text for _, text in kept]

    def _take_related(self) -> bool:
        """A heading such as 관련기사 in the last lines, and the headlines under it."""
        for index in range(max(1, len(self.body) - _RELATED_REACH), len(self.body)):
            above, below = self.body[:index], self.body[index + 1 :]
            if not RELATED_HEAD.fullmatch(self.body[index]) or not all(map(self._may_be_headline, below)):
                continue
            headlines = [text for text in below if self._rule_of(text) is None]
            is_signed = self._rule_of(above[-1]) is not None or "주요" not in self.body[index]
            if not is_signed and sum(map(len, above)) < sum(map(len, headlines)):
                continue  # a briefing: its headlines are the article
            for number, text in reversed(list(zip(self.numbers, self.body, strict=True))[index:]):
                rule = self._rule_of(text) or "related"
                self._keep(rule, text)
                self._record(number, rule, text)
            del self.body[index:], self.numbers[index:]
            return True
        return False

    def _may_be_headline(self, text: str) -> bool:
        is_short = len(text) <= _LONGEST_HEADLINE and not re.search(r"[다요]\.[”\"’']?\s*\Z", text)
        return is_short or self._rule_of(text) is not None

    def _take_last(self) -> bool:
        number, text = self.numbers[-1], self.body[-1]
        rule = self._rule_of(text)
        if rule is not None:
            self._pop(rule)
            return True
        return self._take_glued(number, text)

    def _pop(self, rule: str) -> None:
        number, text = self.numbers.pop(), self.body.pop()
        self._keep(rule, text)
        self._record(number, rule, text)

    def _take_under_signature(self) -> bool:
        """A short line that is no sentence under the signature (a slogan): the article ended above it."""
        for below in range(1, min(_UNDER, len(self.body) - 1) + 1):
            if not is_fragment(self.body[-below]):
                return False
            if self._is_sure(self.body[-below - 1]):
                for _ in range(below):
                    self._pop(self._rule_of(self.body[-1]) or "under the signature")
                return True
        return False

    def _is_sure(self, text: str) -> bool:
        """A signature beyond doubt: a person with an e-mail."""
        people = parse_signature(text, self.publisher) if "@" in text and len(text) <= LONGEST_LINE else None
        return bool(people) and any(person.email and person.name for person in people or ())

    def _take_pieces(self) -> None:
        """Several short pieces, each signed: where a signature ends the page, its like within are others'."""
        if not self.signatures:
            return
        kept: list[tuple[int, str]] = []
        for number, text in zip(self.numbers, self.body, strict=True):
            if kept and _ends_sentence(kept[-1][1]) and self._signs_piece(text):
                self._record(number, "signature", text)
                self.inner.append(text.strip())
            else:
                kept.append((number, text))
        self.numbers = [number for number, _ in kept]
        self.body = [text for _, text in kept]

    def _signs_piece(self, text: str) -> bool:
        if len(text) > _LONGEST_PIECE or not any(role in text for role in _REPORTERS):
            return False
        if text.lstrip()[:1] in "[<◀◇◆■□●▶【":  # <홍길동 기자>: who speaks now
            return False
        people = parse_signature(text, self.publisher)
        return bool(people) and all(p.name and p.role and is_reporter_role(p.role) for p in people or ())

    def _keep(self, rule: str, text: str) -> None:
        if rule == "signature":
            self.signatures.append(text.strip())
        elif rule == "notice":
            self.notices.append(text.strip())

    def _rule_of(self, text: str) -> str | None:
        """The rule that takes the whole line, or None for a line of the article."""
        if is_notice(text) and split_notice(text)[0] == "":
            return "notice"
        if len(text) > LONGEST_LINE:
            return None
        if PLAIN_PROMOTION.match(text) and not STATEMENT.search(text):
            return "promotion"
        if parse_signature(text, self.publisher) is not None:
            return "signature"
        if _HASHTAGS.fullmatch(text):
            return "hashtags"
        if _END_MARK.fullmatch(text) or _DISPATCH.fullmatch(text) or _is_house_alone(text):
            return "end"
        return "credit" if is_credit_line(text) else None

    def _take_glued(self, number: int, text: str) -> bool:
        """A notice, a signature or promotion behind the last sentence, in the same paragraph."""
        if self.glued >= _MOST_GLUED:
            return False
        before, notice = split_notice(text)
        if notice is not None:
            self._replace_last(number, before, "notice", notice)
            return True
        floor = max(0, len(text) - _GLUED_REACH)
        addresses = [(found.start(), found.end()) for found in EMAIL.finditer(text, floor)]
        for match in _SENTENCE_BREAK.finditer(text, floor):
            end = match.end()
            if any(start < end < stop for start, stop in addresses):
                continue  # an address is never cut at its dot
            before, after = text[:end].rstrip(), text[end:].strip()
            rule = self._glued_rule(before, after)
            if rule is not None:
                self._replace_last(number, before, rule, after)
                return True
        return False

    def _replace_last(self, number: int, before: str, rule: str, after: str) -> None:
        self.glued += 1
        self._keep(rule, after)
        self._record(number, rule, after)
        self.body[-1] = before

    def _glued_rule(self, before: str, after: str) -> str | None:
        if not before or len(after) < 3:
            return None
        if not re.search(r"[다요죠까임음함됨][.!?…]*[\"”’'」』)\]】>]*\Z|[.!?…”\"’]\Z", before):
            return None
        if parse_signature(after, self.publisher) is not None and _signs_behind(after):
            return "signature"
        if is_promotion(after) or (after[0] in "▶☞※" and PLAIN_PROMOTION.match(after)):
            return "promotion"
        if re.fullmatch(r"[(<\[]\s*끝\s*[)>\]]", after):
            return "end"
        return "credit" if after[0] in "([</／사" and is_credit_line(after.lstrip("/／ ")) else None


def _parted(text: str, publisher: str | None) -> tuple[str, ...]:
    """A signature behind a notice in one line, as a line of its own (... 재배포 금지 홍길동 기자)."""
    match = _BEHIND_NOTICE.search(text) if "금지" in text and len(text) <= LONGEST_LINE else None
    if match is None or not is_notice(text[: match.start()]) or not parse_signature(match["sign"], publisher):
        return (text,)
    return text[: match.start()].rstrip(), match["sign"]


def _signs_behind(after: str) -> bool:
    """Behind a sentence: an address, a reporter's role, or a station's reporter with an id cut short."""
    if "@" in after or re.search(r"(?:기자|특파원|위원|리포터|통신원|캐스터)[)\]】.]?\s*\Z", after):
        return True
    return (
        re.search(r"(?:기자|\[)\s?[a-z][a-z0-9._]{2,19}\]?\Z|입니다\.?\Z|[eE]mail\s?protected", after)
        is not None
    )


def _is_house_alone(text: str) -> bool:
    """(Yonhap): the agency closes its copy with its name."""
    match = re.fullmatch(r"\s*[(\[]([^()\[\]]{2,20})[)\]]\s*", text)
    return match is not None and is_house(match[1].strip())


def is_fragment(line: str) -> bool:
    """True for a short line that is no sentence and no speech."""
    text = line.strip()
    return len(text) <= _LONGEST_FRAGMENT and not re.search(
        r"[다요죠까]\s*[.?!”\"'’)]*\Z|[.?!…:”\"]\Z|>", text
    )


def _ends_sentence(text: str) -> bool:
    return re.search(r"[.?!…”\"'’)\]]\s*\Z", text) is not None
