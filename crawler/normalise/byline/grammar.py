"""The grammar of a byline: tokens in, credited people out.

    line    := credit ((separator | blank) credit)*
    credit  := [left "="] before* name between* [role] after*
    left    := place | house | house place | desk | label            (수원=, 스타뉴스=, 글·사진=)
    before  := house | place | desk | field | label | role | e-mail  (전주 신동해, hong@.. 홍길동)
    between := house | institution | desk | field | place | e-mail   (김지원 텐아시아 기자)
    after   := e-mail | role | place, in brackets or not

Several people may share one role that stands behind the last (고은결·신혜원 기자) and one place or house that
stands before the first. What fits nowhere is counted as unknown, and the caller judges: a header may hold
a stray word, a line at the end of a body may not.
"""

from __future__ import annotations

from dataclasses import replace

from . import lexicon
from .credits import Parsed
from .left import LONGEST_TERM, Left
from .lexer import SEPARATORS, Kind, Token, tokenise
from .naming import POSTED


def parse_people(line: str, publisher: str | None, *, bold: bool) -> Parsed:
    """Read ``line`` (at most lexer.LONGEST_LINE characters) as a byline.

    ``bold`` lets words that begin with no family name be a name before a role (라일라 기자, 존 스미스
    특파원): right where the place in the page says that this is a byline, wrong in running text.
    """
    return _Line(line, _join_desks(tokenise(line), line), publisher, bold=bold).run()


def _join_desks(tokens: list[Token], line: str) -> list[Token]:
    """연예·이슈팀: the dot stands inside the name of one desk."""
    joined: list[Token] = []
    for token in tokens:
        field, dot = joined[-2:] if len(joined) > 1 else (None, None)
        if field is not None and dot is not None and dot.kind is Kind.JOINER and lexicon.is_desk(token.text):
            text = line[field.start : token.end]
            if field.text in lexicon.FIELDS and lexicon.is_desk(text):
                del joined[-2:]
                token = replace(token, text=text, start=field.start)
        joined.append(token)
    return joined


class _Line(Left):
    """One walk over the tokens of a line."""

    def run(self) -> Parsed:
        while self.at < len(self.tokens):
            if self._take_left() or self._take_house():
                continue
            token = self.tokens[self.at]
            self.at += 1
            if token.kind is Kind.WORD:
                self._take_word(token)
            elif token.kind in (Kind.EMAIL, Kind.CUT):
                self._take_email(token)
            elif token.kind in SEPARATORS:
                self._end_name_in_latin()
                self._keep_behind(token.start)
                if self.cur is not None:
                    self.cur.closed = True
            elif token.kind is Kind.CLOSE:
                self._keep_behind(token.end)
        self._end_name_in_latin()
        self._keep_behind(len(self.line))
        return self._finish()

    def _take_house(self) -> bool:
        """A house may be several words: the longest listed run wins."""
        for count in range(LONGEST_TERM, 0, -1):
            run = self.tokens[self.at : self.at + count]
            if len(run) < count or any(token.kind is not Kind.WORD for token in run):
                continue
            text = self.line[run[0].start : run[-1].end].strip(".\"'“”‘’*…")
            if lexicon.is_house(text, self.publisher):
                self.at += count
                self._begin(run[0])
                ground = self._peek()
                if ground is not None and lexicon.is_ground(ground.text):  # KBS 아레나
                    self.at += 1
                    self._add_place(self.line[run[0].start : ground.end])
                    return True
                self._add_org(text, ends=run[-1].end)
                return True
        return False

    def _take_word(self, token: Token) -> None:
        word = token.text
        if word in lexicon.IGNORED or word.startswith("@") or self._is_count(word):
            return
        if self._is_label(word):
            self._flush()
            self._take_label(word)
            return
        self._begin(token)
        glued = lexicon.split_glued(word)
        if glued is not None:
            self._take_glued(token, *glued)
        elif lexicon.is_role(word) and not self._narrows_next(word):
            self._take_role(token)
        elif self._take_foreign(token) or self._take_institution(token):
            return
        elif lexicon.is_desk(word):
            self._take_desk(token)
        elif self._is_place_here(word):
            self._take_place(token)
        elif lexicon.is_name(word) and not self._is_foreign_first(word):
            whole = self._family_apart(token)
            self._take_name(whole.text, whole.start, whole.end)
        else:
            self._take_rest(token)

    def _is_count(self, word: str) -> bool:
        return len(word) <= 4 and word[:-1].isdigit() and word[-1] in "명인"

    def _narrows_next(self, word: str) -> bool:
        following = self._peek()
        if word not in lexicon.FIELDS or following is None or following.kind is not Kind.WORD:
            return False
        return lexicon.is_role(following.text)

    def _is_label(self, word: str) -> bool:
        is_open = self.cur is not None and not self._is_complete() and not self.cur.closed
        if word not in lexicon.LABELS or (is_open and not self.labelled):
            return False
        following = self._peek()
        if following is None:
            return False
        if following.kind in (Kind.EQUALS, Kind.COLON, Kind.BAR):
            return True
        if following.kind is Kind.JOINER or following.kind is Kind.SLASH:
            second = self._peek(1)
            return second is not None and second.text in lexicon.LABELS
        return following.kind is Kind.WORD and (
            lexicon.is_name(following.text)
            or lexicon.split_glued(following.text) is not None
            or lexicon.is_latin_name(following.text)
            or lexicon.is_house(following.text, self.publisher)
        )

    def _take_label(self, word: str) -> None:
        words = [word]
        while (joiner := self._peek()) is not None and joiner.kind in (Kind.JOINER, Kind.SLASH):
            second = self._peek(1)
            if second is None or second.text not in lexicon.LABELS:
                break
            words.append(second.text)
            self.at += 2
        self._set_label(words)
        following = self._peek()
        if following is not None and following.kind in (Kind.EQUALS, Kind.COLON, Kind.BAR):
            self.at += 1

    def _is_place_here(self, word: str) -> bool:
        """Whether a word that could be a place is one: not when it is the only name that a role can have."""
        if not lexicon.is_place(word):
            return False
        if not lexicon.is_name(word):
            return True
        if self.cur is not None and not self._is_complete() and not self.cur.closed:
            return True
        following = self._peek()
        if following is not None and following.kind in (Kind.EMAIL, Kind.CUT):
            return False
        return self._next_word_is(name=True) or not self._next_word_is(role=True)

    def _take_desk(self, token: Token) -> None:
        if self.cur is not None and not self._is_complete() and not self.cur.closed:
            self.cur.desk = self.cur.role_desk = token.text
            self.cur.end = token.end
            return
        fields = [loose.text for loose in self.loose if lexicon.is_field(loose.text)]
        if fields and len(fields) == len(self.loose):
            self.loose.clear()
            self._add_desk(" ".join([*fields, token.text]))
        else:
            self._add_desk(token.text)

    def _whole_place(self, token: Token) -> Token:
        """대전·충남 홍길동, 순천, 광양 홍길동: places joined by a mark are one, as printed."""
        while (joiner := self._peek()) is not None and joiner.kind in (Kind.JOINER, Kind.COMMA):
            second = self._peek(1)
            third = self._peek(2)
            if second is None or second.text not in lexicon.PLACES:
                break
            if third is None or third.kind is not Kind.WORD or not lexicon.is_name(third.text):
                break
            self.at += 2
            token = replace(token, text=self.line[token.start : second.end], end=second.end)
        return self._with_country(token)

    def _with_country(self, token: Token) -> Token:
        """라스베이거스(미국): the bracket right behind a place is part of it."""
        run = self.tokens[self.at : self.at + 3]
        if [part.kind for part in run] != [Kind.OPEN, Kind.WORD, Kind.CLOSE] or run[0].start != token.end:
            return token
        if run[1].text not in lexicon.PLACES:
            return token
        self.at += 3
        return replace(token, text=self.line[token.start : run[2].end], end=run[2].end)

    def _take_place(self, token: Token) -> None:
        token = self._whole_place(token)
        if self.cur is not None and self.cur.role is None and not self.cur.closed:
            if self._next_word_is(role=True):
                self.cur.between.append(token.text)
                return
            if not self._next_word_is(name=True):
                self.cur.place = self.cur.place or token.text
                self.places.append(token.text)
                return
        if self.cur is not None and not self._next_word_is(name=True) and self.cur.place is None:
            self.cur.place = token.text
        elif self.cur is None and self._narrows_a_role():
            self.loose.append(token)
            return
        self._add_place(token.text)

    def _narrows_a_role(self) -> bool:
        """북한 전문기자 홍길동: a place before a role and no name yet."""
        following = self._peek()
        if following is None or following.kind is not Kind.WORD:
            return False
        return lexicon.is_role(following.text) and following.text not in POSTED

    def _take_rest(self, token: Token) -> None:
        if token.text.isdigit():  # 홍길동(52·회사원): an age, the mark of a person in the news
            self.unknown += 1
            return
        if lexicon.is_organisation(token.text):
            self._take_organisation(token)
        elif self.cur is not None and not self._is_complete() and not self.cur.closed:
            self.cur.between.append(token.text)
        else:
            self._note_loose(token)
