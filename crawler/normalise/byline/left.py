"""What stands before "=": a place, a house and a place, a desk or a label (수원=, 글·사진=)."""

from __future__ import annotations

from . import lexicon
from .lexer import Kind
from .naming import Naming

LONGEST_TERM = 3
"""Words of the longest house name in the list (The Korea Herald)."""
_LONGEST_LEFT = 9
"""Tokens before "=": 남양주 · 양평, 스포츠한국 잠실, 대만 가오슝시 and room for one place more."""


class Left(Naming):
    """Takes the left side of an equals sign."""

    def _take_left(self) -> bool:
        start = self.at
        if self.tokens[start].kind is not Kind.WORD:
            return False
        if start and self.tokens[start - 1].kind is Kind.WORD and not self._is_complete():
            return False
        end = start
        while end < len(self.tokens) and end - start <= _LONGEST_LEFT:
            kind = self.tokens[end].kind
            if kind not in (Kind.WORD, Kind.JOINER, Kind.SLASH) and not self._is_aside(start, end):
                break
            end += 1
        if end == start or end >= len(self.tokens) or self.tokens[end].kind is not Kind.EQUALS:
            return False
        words = [token.text for token in self.tokens[start:end] if token.kind is Kind.WORD]
        if any(map(lexicon.is_role, words)) or any(map(lexicon.split_glued, words)):
            return False
        behind = self.tokens[end + 1] if end + 1 < len(self.tokens) else None
        if behind is None or (behind.kind is Kind.EMAIL and len(words) == 1):
            return False
        self._read_left(self.line[self.tokens[start].start : self.tokens[end - 1].end], words)
        self._begin(self.tokens[start])
        self.at = end + 1
        return True

    def _is_aside(self, start: int, at: int) -> bool:
        """도하(카타르)=, 투손(미국 애리조나주)=: a bracket behind a place, or with a place in it."""
        if at == start or self.tokens[at].kind not in (Kind.OPEN, Kind.CLOSE):
            return False
        near = (self.tokens[start], *self.tokens[at : at + 2], *self.tokens[start + 2 : start + 3])
        return any(token.text in lexicon.PLACES for token in near)

    def _read_left(self, text: str, words: list[str]) -> None:
        self._flush()
        if all(word in lexicon.LABELS for word in words) or text in lexicon.LABELS:
            self._set_label(words)
        elif lexicon.is_house(text, self.publisher):
            self._add_org(text)
        elif lexicon.is_desk(text):
            self._add_desk(text)
        else:
            self._read_mixed_left(text, words)

    def _read_mixed_left(self, text: str, words: list[str]) -> None:
        for count in range(min(LONGEST_TERM, len(words) - 1), 0, -1):
            head = " ".join(words[:count])
            rest = text[len(head) :].strip(" ·/")
            if rest.startswith("(") and rest.endswith(")"):
                rest = rest[1:-1].strip()  # 헤럴드경제(부산)=
            if lexicon.is_house(head, self.publisher) and text.startswith(head) and rest:
                if not lexicon.is_place(text):
                    self._add_org(head)
                    text = rest
                break
        if lexicon.is_desk(text):
            self._add_desk(text)
        elif len(words) == 1 and lexicon.looks_like_house(text) and not lexicon.is_place(text):
            self._add_org(text)
        elif len(words) == 1 and lexicon.is_common_word(text):
            self._set_label(words)  # 현장=, 대표집필=: what was done, not where
        elif len(words) <= 4 and len(text) <= 24:
            self._add_place(text)
        else:
            self.unknown += len(words)
