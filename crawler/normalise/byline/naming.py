"""Names, roles and e-mails: the part of the grammar that makes people of words."""

from __future__ import annotations

import re
from dataclasses import replace

from . import lexicon
from .credits import Credits, Draft
from .lexer import Kind, Token

POSTED = frozenset(["특파원", "통신원", "주재기자", "순회특파원", "주재원"])
"""Roles that a place before them does not narrow: it is where the person is."""


class Naming(Credits):
    """Takes names and roles, Korean and foreign, whole and in halves."""

    def _take_name(self, name: str, start: int, end: int) -> None:
        if self.cur is not None:
            self._flush()
        self.unknown += sum(not lexicon.is_field(token.text) for token in self.loose)
        self.loose.clear()
        self.cur = self.pre
        self.cur.name = name
        self.cur.start = min(start, self.pre_started if self.pre_started is not None else start)
        self.cur.end = end
        self.cur.wrote = self.wrote
        self.pre, self.pre_started = Draft(), None

    def _family_apart(self, token: Token) -> Token:
        """남궁 민: a two-syllable family name printed apart from the given name."""
        given = self._peek()
        if token.text not in lexicon.SURNAMES or given is None or given.kind is not Kind.WORD:
            return token
        if not lexicon.is_hangul_word(given.text) or len(given.text) > 2 or lexicon.is_role(given.text):
            return token
        self.at += 1
        return replace(token, text=f"{token.text} {given.text}", end=given.end)

    def _is_foreign_first(self, word: str) -> bool:
        """제임스 리: a word before a lone family name is a given name."""
        following = self._peek()
        return (
            len(word) > 2
            and following is not None
            and following.kind is Kind.WORD
            and len(following.text) == 1
            and following.text in lexicon.SURNAMES
            and following.text not in lexicon.FIELDS  # 홍길동 전 장관
            and self.bold
        )

    def _take_foreign(self, token: Token) -> bool:
        """마이클 브린, 마이클·브린: a given name of another language and the word behind it."""
        if token.text not in lexicon.FOREIGN:
            return False
        dot = self._peek()
        skip = 1 if dot is not None and dot.kind is Kind.JOINER else 0
        family = self._peek(skip)
        if family is None or family.kind is not Kind.WORD or not self._is_foreign_family(family.text):
            return False
        if skip and lexicon.is_name(family.text):
            return False  # 마이클·김철수 기자: two people
        self.at += skip + 1
        self._take_name(self.line[token.start : family.end], token.start, family.end)
        return True

    def _is_foreign_family(self, word: str) -> bool:
        if not re.fullmatch(r"[가-힣]{1,6}", word) or lexicon.is_role(word) or lexicon.is_field(word):
            return False
        is_other = (
            lexicon.is_house(word, self.publisher) or lexicon.is_desk(word) or lexicon.is_organisation(word)
        )
        return not is_other and word not in lexicon.PLACES and lexicon.split_glued(word) is None

    def _take_glued(self, token: Token, head: str, role: str) -> None:
        middle = token.start + len(head)
        if head in lexicon.PLACES and self.cur is not None and self.cur.role is None:
            self.cur.place = self.cur.place or head
            self.places.append(head)
            self._take_role(replace(token, text=role))
            return
        if lexicon.is_name(head):
            self._take_name(head, token.start, middle)
        self._take_role(replace(token, text=role, start=middle))

    def _take_role(self, token: Token) -> None:
        self.has_role = True
        if self.cur is None and self.loose:
            self._name_from_loose()
        if self.cur is None:
            fields = [word.text for word in self.loose if lexicon.is_field(word.text)]
            self.unknown += len(self.loose) - len(fields)
            self.pre.role = " ".join([*fields, token.text])
            self.loose.clear()
        elif self.cur.role is None:
            if not lexicon.is_reporter_role(token.text):
                self._join_foreign_halves()
            self._settle_between(token)
        elif not self.cur.closed and self.tokens[self.at - 2].text == "겸":
            self.cur.role = f"{self.cur.role} 겸 {token.text}"
            self.cur.end = token.end
            self.pre_started = None
        else:
            self.pre.role = token.text

    def _settle_between(self, token: Token) -> None:
        """Give the words between name and role to the role, or to the institution before it."""
        assert self.cur is not None
        words, self.cur.between = self.cur.between, []
        narrowing: list[str] = []
        while words and (lexicon.is_field(words[-1]) or words[-1] in lexicon.PLACES):
            narrowing.insert(0, words.pop())
        in_institution = self.cur.org is not None and not lexicon.is_house(self.cur.org, self.publisher)
        if narrowing and in_institution and not lexicon.is_reporter_role(token.text):
            words, narrowing = words + narrowing, []  # 법무법인 세종 변호사
        if token.text in POSTED and narrowing and narrowing[-1] in lexicon.PLACES:
            self.cur.place = self.cur.place or narrowing.pop()
        if words and lexicon.is_reporter_role(token.text):
            narrowing, words = words + narrowing, []
        if words:
            self.cur.org = " ".join([*([self.cur.org] if self.cur.org else []), *words])
        self.cur.role = " ".join([*narrowing, token.text])
        self.cur.end = token.end
        self.pre_started = None

    def _join_foreign_halves(self) -> None:
        """안드레이 란코프 국민대 교수: both halves could be names, but no Korean one has four syllables."""
        last = self.drafts[-1] if self.drafts else None
        if self.cur is None or last is None or last.closed or last.role or last.email or not last.name:
            return
        if max(len(last.name), len(self.cur.name or "")) < 4 or last.name[:2] in lexicon.SURNAMES:
            return
        self.drafts.pop()
        self.cur.name = f"{last.name} {self.cur.name}"
        self.cur.start = last.start

    def _name_from_loose(self) -> None:
        """존 스미스 특파원, John Smith 기자, 라일라 기자: the words before the role are the name."""
        tail = self._foreign_tail()
        if not tail:
            return
        del self.loose[len(self.loose) - len(tail) :]
        self._take_name(self.line[tail[0].start : tail[-1].end], tail[0].start, tail[-1].end)

    def _foreign_tail(self) -> list[Token]:
        for count in (3, 2):
            if self.bold and lexicon.is_upper_name([token.text for token in self.loose[-count:]]):
                return self.loose[-count:]
        latin = [token for token in self.loose[-3:] if lexicon.is_latin_name(token.text)]
        if latin and latin == self.loose[-len(latin) :] and (len(latin) > 1 or self.bold):
            return latin
        last = self.loose[-3:]
        if not last or not all(lexicon.is_hangul_word(token.text) for token in last):
            return []
        is_family_last = len(last) == 2 and last[1].text in lexicon.SURNAMES and len(last[1].text) <= 2
        if is_family_last or (self.bold and len("".join(token.text for token in last)) >= 2):
            return last
        return []

    def _end_name_in_latin(self) -> None:
        """A separator or an e-mail behind loose Latin words: they were a name (Kim Soo-yeon, hong@..)."""
        tail = self._foreign_tail() if self.loose else []
        in_latin = [token.text for token in tail if token.text.isascii()]
        if len(tail) > 1 and (in_latin or tail[-1].text in lexicon.SURNAMES):
            self._name_from_loose()

    def _lengthen_foreign_name(self) -> None:
        """안드레이 란코프 국민대: four syllables under a one-syllable family name are a foreign name."""
        assert self.cur is not None
        name, between = self.cur.name or "", self.cur.between
        is_foreign = len(name) == 4 and name[:2] not in lexicon.SURNAMES
        if is_foreign and len(between) == 1 and lexicon.is_hangul_word(between[0]):
            self.cur.name = f"{name} {between.pop()}"

    def _continues_house(self, token: Token) -> bool:
        """법무법인 광장 홍길동: the word between an institution and a name is the institution's."""
        before = self.tokens[self.at - 2] if self.at >= 2 else None
        if before is None or self.cur is not None or not (self.pre.org or "").endswith(before.text):
            return False
        return lexicon.is_organisation(before.text) and self._next_word_is(name=True)

    def _note_loose(self, token: Token) -> None:
        if self._continues_house(token):
            self.pre.org = f"{self.pre.org} {token.text}"
            return
        self.loose.append(token)
        following = self._peek()
        is_last = following is None or following.kind not in (Kind.WORD, Kind.COLON, Kind.EQUALS)
        if is_last and len(self.loose) > 1 and token.text in lexicon.SURNAMES:
            self._name_from_loose()

    def _take_email(self, token: Token) -> None:
        self._begin(token)
        if token.kind is Kind.CUT:
            self.has_cut_mail = True
            if self.cur is not None:
                self.cur.end = token.end
            return
        self._end_name_in_latin()
        self.mails.append(token.text)
        if self.cur is not None and self.cur.email is None:
            self.cur.email = token.text
            closer = self._peek()
            is_enclosed = closer is not None and closer.kind is Kind.CLOSE and closer.start == token.end
            self.cur.end = closer.end if closer is not None and is_enclosed else token.end
            self.pre_started = None
            return
        self._flush()
        if self.pre.email is not None:
            self._keep_email_alone()
        self.pre.email = token.text
        self.pre.start, self.pre.end = token.start, token.end

    def _continues_institution(self, word: str) -> bool:
        """서울아산병원 신경과, 법무법인 세종: a department, or the second half of the name."""
        if self.cur is None or self.cur.org is None or lexicon.is_house(self.cur.org, self.publisher):
            return False
        last = self.cur.org.rpartition(" ")[2]
        is_behind = self.at >= 2 and self.tokens[self.at - 2].text == last
        return is_behind and (
            word.endswith(("과", "부", "팀", "실", "센터", "본부")) or word in lexicon.PLACES
        )

    def _take_organisation(self, token: Token) -> None:
        words = []
        if self.cur is not None and self.cur.org is None and not self.cur.closed:
            self._lengthen_foreign_name()
            words, self.cur.between = self.cur.between, []  # KAIST 문술미래전략대학원
        self._add_org(" ".join([*words, token.text]), ends=token.end)

    def _take_institution(self, token: Token) -> bool:
        """A university's short name before an academic's title, or the second half of an institution."""
        if self._is_college_here(token.text):
            self._take_organisation(token)
            return True
        if self._continues_institution(token.text):
            self._continue_institution(token)
            return True
        return False

    def _is_college_here(self, word: str) -> bool:
        """홍길동 한국대 (경영학과) 교수: 한국대 could be a name."""
        if self.cur is None or self.cur.role is not None or not lexicon.is_college(word):
            return False
        behind = [token.text for token in self.tokens[self.at : self.at + 3]]
        return any(text.endswith(("교수", "총장", "학장", "강사")) for text in behind)

    def _continue_institution(self, token: Token) -> None:
        assert self.cur is not None
        self.cur.org = f"{self.cur.org} {token.text}"
        self.cur.end = token.end
