"""What is gathered while a byline is read, and how it is dealt out to the people at the end."""

from __future__ import annotations

from dataclasses import dataclass, field

from storage.records import Person

from . import lexicon
from .lexer import Kind, Token


@dataclass(slots=True)
class Draft:
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
    own: bool = False
    """Place or desk stood behind the person: nobody shares them."""


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


class Credits:
    """The state of one reading: people finished, the one in the making, and what waits for the next."""

    def __init__(self, line: str, tokens: list[Token], publisher: str | None, *, bold: bool) -> None:
        self.line = line
        self.publisher = publisher
        self.bold = bold
        self.tokens = tokens
        self.at = 0
        self.drafts: list[Draft] = []
        self.cur: Draft | None = None
        self.pre = Draft()
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
        self.has_cut_mail = False

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

    def _is_complete(self) -> bool:
        return self.cur is not None and (self.cur.role is not None or self.cur.email is not None)

    def _begin(self, token: Token) -> None:
        is_next_person = self.cur is None or self._is_complete() or self.cur.closed
        if self.pre_started is None and is_next_person:
            self.pre_started = token.start

    def _set_label(self, words: list[str]) -> None:
        self.labelled = True
        self.wrote = any(lexicon.LABELS.get(word, True) for word in words)

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

    def _keep_behind(self, ends: int) -> None:
        """홍길동 기자(정치부), 이순신 기자: the desk before the mark is the first one's."""
        if self.cur is None or not self._is_complete() or self.cur.closed:
            return
        if not (self.pre.place or self.pre.desk) or self.pre.email or self.pre.org or self.pre.role:
            return
        self.cur.place = self.cur.place or self.pre.place
        self.cur.desk = self.cur.desk or self.pre.desk
        self.cur.end, self.cur.own = ends, True
        self.pre, self.pre_started = Draft(), None

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

    def _keep_email_alone(self) -> None:
        self.drafts.append(
            Draft(email=self.pre.email, start=self.pre.start, end=self.pre.end, wrote=self.wrote)
        )
        self.pre.email = None

    def _finish(self) -> Parsed:
        leftover = self.pre.email is not None
        self._flush()
        if leftover:
            self._keep_email_alone()
        self.unknown += sum(not lexicon.is_field(token.text) for token in self.loose)
        self._set_apart_shared_email()
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
            has_email=bool(self.mails) or self.has_cut_mail,
            credited=sum(draft.name is not None for draft in self.drafts),
        )

    def _set_apart_shared_email(self) -> None:
        """홍길동·이순신 기자 a@..: one e-mail and one role for several people: whose e-mail it is, the line
        does not say, so that it stands alone.
        """
        named = [draft for draft in self.drafts if draft.name]
        owner = next((draft for draft in named if draft.email), None)
        if owner is None or len(named) < 2 or len(self.mails) != 1 or owner is not named[-1]:
            return
        if any(draft.role for draft in named[:-1]):
            return
        place = self.line.rfind(self.mails[0])
        self.drafts.append(
            Draft(email=owner.email, start=place, end=place + len(self.mails[0]), wrote=owner.wrote)
        )
        owner.email, owner.end = None, min(owner.end, place)

    def _deal_out_emails(self) -> None:
        """홍길동·이순신 기자 a@.. b@..: as many e-mails as people, all behind the last one: in order."""
        named = [draft for draft in self.drafts if draft.name]
        alone = [draft for draft in self.drafts if not draft.name and draft.email]
        if not alone or len(self.mails) != len(named):
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
            role = draft.role = draft.role or role
        first = named[0]
        place = first.place if len(set(self.places)) == 1 and not first.own else None
        org = first.org if len(set(self.houses)) == 1 and first.org in self.houses else None
        desk = first.desk if self.desks == [first.desk] and not first.own else None
        for draft in named:
            draft.role = draft.role or draft.role_desk
            if draft.role != first.role:
                place = None  # 워싱턴=홍길동 특파원, 이순신 기자: only one of them is abroad
            draft.place, draft.org, draft.desk = place or draft.place, org or draft.org, draft.desk or desk
            if draft.email:
                place = None  # 세종=홍길동 기자 hong@../이순신 기자: a new credit begins behind an e-mail

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

    def _person(self, draft: Draft) -> Person:
        return Person(
            name=draft.name,
            role=draft.role,
            email=draft.email,
            organisation=draft.org,
            place=draft.place,
            desk=draft.desk,
            raw=self.line[draft.start : draft.end].rstrip(" (<[").strip(),
        )
