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

from dataclasses import dataclass, field, replace

from storage.records import Person

from . import lexicon
from .lexer import SEPARATORS, Kind, Token, tokenise

_LONGEST_TERM = 3
"""Words of the longest house name in the list (The Korea Herald)."""
_LONGEST_LEFT = 9
"""Tokens before "=": 남양주 · 양평, 스포츠한국 잠실, 대만 가오슝시 and room for one place more."""
_POSTED = frozenset(["특파원", "통신원", "주재기자", "순회특파원", "주재원"])
"""Roles that a place before them does not narrow: it is where the person is."""


@dataclass(slots=True)
class _Draft:
    name: str | None = None
    role: str | None = None
    email: str | None = None
    org: str | None = None
    place: str | None = None
    desk: str | None = None
    role_desk: str | None = None
    """A desk behind the name: it stands for the role where none is printed (이정현 미디어연구소)."""
    between: list[str] = field(default_factory=list)
    start: int = 0
    end: int = 0
    wrote: bool = True
    closed: bool = False
    """A separator stood behind the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a line holds, read as a byline."""

    people: tuple[Person, ...]
    """Authors in order; an e-mail alone has no name. Photographers and the like are left out."""
    unknown: int
    """Words that have no place in the grammar."""
    houses: tuple[str, ...]
    places: tuple[str, ...]
    labelled: bool
    """A label (글=, 사진=, 영상취재:) stood in the line."""
    has_role: bool
    has_email: bool
    credited: int
    """People named, photographers and the like included."""


def parse_people(line: str, publisher: str | None, *, bold: bool) -> Parsed:
    """Read ``line`` (at most lexer.LONGEST_LINE characters) as a byline.

    ``bold`` lets words that begin with no family name be a name before a role (라일라 기자, 존 스미스
    특파원): right where the place in the page says that this is a byline, wrong in running text.
    """
    return _Assembler(line, publisher, bold=bold).run()


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


class _Assembler:
    def __init__(self, line: str, publisher: str | None, *, bold: bool) -> None:
        self.line = line
        self.publisher = publisher
        self.bold = bold
        self.tokens = _join_desks(tokenise(line), line)
        self.at = 0
        self.drafts: list[_Draft] = []
        self.cur: _Draft | None = None
        self.pre = _Draft()
        self.pre_started: int | None = None
        self.loose: list[Token] = []
        """Words before a name that have no meaning yet."""
        self.unknown = 0
        self.wrote = True
        self.labelled = False
        self.houses: list[str] = []
        self.places: list[str] = []
        self.desks: list[str] = []
        self.has_role = False
        self.mails: list[str] = []

    # --- the walk ---------------------------------------------------------------------------

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
            elif token.kind in SEPARATORS and self.cur is not None:
                self._end_name_in_latin()
                self.cur.closed = True
        return self._finish()

    def _peek(self, ahead: int = 0) -> Token | None:
        index = self.at + ahead
        return self.tokens[index] if index < len(self.tokens) else None

    def _next_word_is(self, *, name: bool = False, role: bool = False) -> bool:
        """Whether the next word, past separators and brackets, is a name or a role."""
        for token in self.tokens[self.at : self.at + 3]:
            if token.kind is Kind.WORD:
                if lexicon.split_glued(token.text):
                    return name
                return (name and lexicon.is_name(token.text)) or (role and lexicon.is_role(token.text))
            if token.kind in (Kind.EMAIL, Kind.CUT, Kind.EQUALS):
                return False
        return False

    # --- what stands before "=" ---------------------------------------------------------------

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
        """도하(카타르)=: a bracket that opens behind a place."""
        kind = self.tokens[at].kind
        return at > start and kind in (Kind.OPEN, Kind.CLOSE) and self.tokens[start].text in lexicon.PLACES

    def _is_complete(self) -> bool:
        return self.cur is not None and (self.cur.role is not None or self.cur.email is not None)

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
        for count in range(min(_LONGEST_TERM, len(words) - 1), 0, -1):
            head = " ".join(words[:count])
            rest = text[len(head) :].strip(" ·/")
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

    def _set_label(self, words: list[str]) -> None:
        self.labelled = True
        self.wrote = any(lexicon.LABELS.get(word, True) for word in words)

    # --- words --------------------------------------------------------------------------------

    def _take_house(self) -> bool:
        """A house may be several words: the longest listed run wins."""
        for count in range(_LONGEST_TERM, 0, -1):
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
        elif self._continues_institution(word):
            self._continue_institution(token)
        elif lexicon.is_desk(word):
            self._take_desk(token)
        elif self._is_place_here(word):
            self._take_place(token)
        elif lexicon.is_name(word) and not self._is_foreign_first(word):
            whole = self._family_apart(token)
            self._take_name(whole.text, whole.start, whole.end)
        else:
            self._take_rest(token)

    def _continues_institution(self, word: str) -> bool:
        """서울아산병원 신경과, 법무법인 세종: a department, or the second half of the name."""
        if self.cur is None or self.cur.org is None or lexicon.is_house(self.cur.org, self.publisher):
            return False
        last = self.cur.org.rpartition(" ")[2]
        is_behind = self.at >= 2 and self.tokens[self.at - 2].text == last
        return is_behind and (
            word.endswith(("과", "부", "팀", "실", "센터", "본부")) or word in lexicon.PLACES
        )

    def _continue_institution(self, token: Token) -> None:
        assert self.cur is not None
        self.cur.org = f"{self.cur.org} {token.text}"
        self.cur.end = token.end

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

    def _is_foreign_first(self, word: str) -> bool:
        """제임스 리: a word before a lone family name is a given name."""
        following = self._peek()
        return (
            len(word) > 2
            and following is not None
            and following.kind is Kind.WORD
            and len(following.text) == 1
            and following.text in lexicon.SURNAMES
            and self.bold
        )

    def _family_apart(self, token: Token) -> Token:
        """남궁 민: a two-syllable family name printed apart from the given name."""
        given = self._peek()
        if token.text not in lexicon.SURNAMES or given is None or given.kind is not Kind.WORD:
            return token
        if not lexicon.is_hangul_word(given.text) or len(given.text) > 2 or lexicon.is_role(given.text):
            return token
        self.at += 1
        return replace(token, text=f"{token.text} {given.text}", end=given.end)

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
        self.pre, self.pre_started = _Draft(), None

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
        else:
            self.pre.role = token.text

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
        if token.text in _POSTED and narrowing and narrowing[-1] in lexicon.PLACES:
            self.cur.place = self.cur.place or narrowing.pop()
        if words and lexicon.is_reporter_role(token.text):
            narrowing, words = words + narrowing, []
        if words:
            self.cur.org = " ".join([*([self.cur.org] if self.cur.org else []), *words])
        self.cur.role = " ".join([*narrowing, token.text])
        self.cur.end = token.end
        self.pre_started = None

    def _name_from_loose(self) -> None:
        """존 스미스 특파원, John Smith 기자, 라일라 기자: the words before the role are the name."""
        tail = self._foreign_tail()
        if not tail:
            return
        del self.loose[len(self.loose) - len(tail) :]
        self._take_name(self.line[tail[0].start : tail[-1].end], tail[0].start, tail[-1].end)

    def _foreign_tail(self) -> list[Token]:
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
        if len(tail) > 1 and (lexicon.is_latin_name(tail[0].text) or tail[-1].text in lexicon.SURNAMES):
            self._name_from_loose()

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
        """대전·충남 홍길동: places joined by a dot are one."""
        while (joiner := self._peek()) is not None and joiner.kind is Kind.JOINER:
            second = self._peek(1)
            third = self._peek(2)
            if second is None or second.text not in lexicon.PLACES:
                break
            if third is None or third.kind is not Kind.WORD or not lexicon.is_name(third.text):
                break
            self.at += 2
            token = replace(token, text=self.line[token.start : second.end], end=second.end)
        return token

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
        return lexicon.is_role(following.text) and following.text not in _POSTED

    def _take_rest(self, token: Token) -> None:
        if lexicon.is_organisation(token.text):
            self._add_org(token.text, ends=token.end)
        elif self.cur is not None and not self._is_complete() and not self.cur.closed:
            self.cur.between.append(token.text)
        else:
            self._note_loose(token)

    def _note_loose(self, token: Token) -> None:
        self.loose.append(token)
        following = self._peek()
        is_last = following is None or following.kind not in (Kind.WORD, Kind.COLON, Kind.EQUALS)
        if is_last and len(self.loose) > 1 and token.text in lexicon.SURNAMES:
            self._name_from_loose()

    # --- what is gathered -------------------------------------------------------------------------

    def _begin(self, token: Token) -> None:
        is_next_person = self.cur is None or self._is_complete() or self.cur.closed
        if self.pre_started is None and is_next_person:
            self.pre_started = token.start

    def _add_org(self, text: str, *, ends: int = 0) -> None:
        if self.cur is not None and not self._is_complete() and not self.cur.closed:
            self.cur.org = f"{self.cur.org} {text}" if self.cur.org else text
            self.cur.end = max(self.cur.end, ends)
        elif self.cur is not None and not self.cur.org and self._follows_person():
            self.cur.org = text
            self.cur.end = max(self.cur.end, ends)
        else:
            self.pre.org = f"{self.pre.org} {text}" if self.pre.org else text
        if lexicon.is_house(text, self.publisher) or self.cur is None:
            self.houses.append(text)

    def _follows_person(self) -> bool:
        """홍길동 변호사(법무법인 세종), 홍길동 | 연세대 교수: what stands apart behind a person is theirs."""
        opened = any(token.kind is Kind.OPEN for token in self.tokens[max(0, self.at - 3) : self.at - 1])
        return (opened or (self.cur is not None and self.cur.closed)) and not self._next_word_is(name=True)

    def _add_place(self, text: str) -> None:
        self.pre.place = text
        self.places.append(text)

    def _add_desk(self, text: str) -> None:
        self.pre.desk = text
        self.desks.append(text)

    def _take_email(self, token: Token) -> None:
        self._begin(token)
        if token.kind is Kind.CUT:
            if self.cur is not None:
                self.cur.end = token.end
            return
        self._end_name_in_latin()
        self.mails.append(token.text)
        if self.cur is not None and self.cur.email is None:
            self.cur.email = token.text
            self.cur.end = token.end
            self.pre_started = None
            return
        self._flush()
        if self.pre.email is not None:
            self._keep_email_alone()
        self.pre.email = token.text
        self.pre.start, self.pre.end = token.start, token.end

    def _keep_email_alone(self) -> None:
        self.drafts.append(
            _Draft(email=self.pre.email, start=self.pre.start, end=self.pre.end, wrote=self.wrote)
        )
        self.pre.email = None

    def _flush(self) -> None:
        if self.cur is not None:
            if self.cur.org and self.cur.between and self.cur.role is None:
                self._take_title_from_end()
            self.unknown += len(self.cur.between)
            self.drafts.append(self.cur)
            self.cur = None

    def _take_title_from_end(self) -> None:
        """홍길동 국립과천과학관 연구관: behind an institution, the last word is a title, listed or not."""
        assert self.cur is not None
        if len(self.cur.between) == 1 and not lexicon.is_house(self.cur.org or "", self.publisher):
            self.cur.role = self.cur.between.pop()
            self.has_role = True

    # --- the end ------------------------------------------------------------------------------------

    def _finish(self) -> Parsed:
        if self.cur is None:
            self._end_name_in_latin()
        leftover = self.pre.email is not None
        self._flush()
        if leftover:
            self._keep_email_alone()
        self.unknown += sum(not lexicon.is_field(token.text) for token in self.loose)
        self._share()
        self._deal_out_emails()
        people = tuple(self._person(draft) for draft in self.drafts if draft.wrote)
        if not any(draft.name for draft in self.drafts):
            people = self._team() or people
        return Parsed(
            people=people,
            unknown=self.unknown,
            houses=tuple(self.houses),
            places=tuple(self.places),
            labelled=self.labelled,
            has_role=self.has_role,
            has_email=bool(self.mails),
            credited=sum(draft.name is not None for draft in self.drafts),
        )

    def _deal_out_emails(self) -> None:
        """홍길동·이순신 기자 a@.. b@..: as many e-mails as people, all behind the last one: in order."""
        named = [draft for draft in self.drafts if draft.name]
        alone = [draft for draft in self.drafts if not draft.name and draft.email]
        if not alone or len(self.mails) != len(named) or any(draft.email for draft in named[:-1]):
            return
        for draft, email in zip(named, self.mails, strict=True):
            draft.email = email
        self.drafts = named

    def _share(self) -> None:
        """One role behind several people is theirs; one place, house or desk before them too."""
        named = [draft for draft in self.drafts if draft.name]
        if not named:
            return
        role = None
        for draft in reversed(named):
            role = draft.role = draft.role or (role if draft.email is None or draft.closed else None)
        first = named[0]
        place = first.place if len(set(self.places)) == 1 else None
        org = first.org if len(set(self.houses)) == 1 and first.org in self.houses else None
        desk = first.desk if len(self.desks) == 1 and first.desk in self.desks else None
        for draft in named:
            draft.role = draft.role or draft.role_desk
            draft.place, draft.org, draft.desk = place or draft.place, org or draft.org, draft.desk or desk

    def _team(self) -> tuple[Person, ...]:
        if not self.desks or not self.wrote:
            return ()
        email = self.mails[0] if len(self.mails) == 1 else None
        house = " ".join(self.houses) or self.publisher
        return (
            Person(
                name=" ".join(self.desks),
                role=self.pre.role,
                email=email,
                organisation=house,
                raw=self.line.strip(),
            ),
        )

    def _person(self, draft: _Draft) -> Person:
        return Person(
            name=draft.name,
            role=draft.role,
            email=draft.email,
            organisation=draft.org,
            place=draft.place,
            desk=draft.desk,
            raw=self.line[draft.start : draft.end].strip(),
        )
