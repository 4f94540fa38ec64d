"""Raw strings of one page -> the typed ``Article``: every field with the rule that gave it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Protocol

from crawler.extract.head_signers import RULE as BESIDE_HEADLINE
from crawler.extract.signers import NAMING
from crawler.normalise.abroad import is_abroad, shares_seouls_clock
from crawler.normalise.byline import Lead, find_lead, merge, parse_header, parse_signature
from crawler.normalise.byline.latin import declared_people, opens_by, reads_as_person
from crawler.normalise.byline.names import is_usual
from crawler.normalise.credit import split_caption
from crawler.normalise.holder import MARK
from crawler.normalise.instants import choose_instant, is_past, sent_line
from crawler.normalise.named import Named, SiteAddress, other_article, told_apart
from crawler.normalise.publisher import (
    is_portal,
    publisher_name,
    publisher_of_daum_image,
    publisher_of_holder,
    publisher_of_url,
)
from crawler.normalise.rights import is_notice, parse_notice, split_notice, without_buttons
from crawler.normalise.tail import Tail, split_tail
from crawler.normalise.text import tidy, tidy_row, visible
from crawler.normalise.time import instant_from_id
from crawler.normalise.told import is_wires, rights_of
from crawler.normalise.url import canonical_url
from storage.records import Article, CapturedPage, Dateline, Image, Instant, PageKind, Person, Rights
from storage.records.extraction import LONE, Extraction, Raw, RawImage

_HANGUL = re.compile("[가-힣]+")
_NAME = 3
"""Words of one name in a printed line: more are two that a stylesheet parts (2022)."""
_HANGUL_SHARE = 0.3
"""Share of Hangul among the letters from which a text is Korean. Our choice: English news has none."""


class Site(Protocol):
    """What normalising needs to know of a source (``crawler.sources.base.Source`` is one)."""

    @property
    def name(self) -> str: ...
    @property
    def publisher(self) -> str | None: ...
    @property
    def syndicates(self) -> bool: ...
    @property
    def address(self) -> Callable[[str], SiteAddress | None]: ...


def normalise(extraction: Extraction, page: CapturedPage, source: Site | None) -> Article:
    """Type the raw strings of one page. Pure: the same extraction gives the same article, always.

    An unknown value is None. The published time is the page's; the site's id (the moment at which the site
    received the story) stands in only where the page prints none, never the moment of the fetch. Rights flags
    are set when any notice of the page sets them; the notice kept is the page's own line, then the body's.
    """
    url = extraction.canonical_url or canonical_url(extraction.url) or extraction.url
    if extraction.kind is not PageKind.ARTICLE:
        return Article(
            url=url,
            source=extraction.source,
            extractor=extraction.extractor,
            kind=extraction.kind,
            reason=extraction.reason,
        )
    return _Assembly(extraction, page, source, url).article()


class _Assembly:
    """One article in the making; every property is one question."""

    def __init__(self, extraction: Extraction, page: CapturedPage, source: Site | None, url: str) -> None:
        self.raw = extraction
        self.page = page
        self.source = source
        self.url = url
        self.rules: dict[str, str] = {}

    def article(self) -> Article:
        raw, body = self.raw, self.body
        if not body and not raw.pictured:
            reason = f"The page looks like {raw.extractor}, but its body is empty."
            return Article(
                url=self.url,
                source=raw.source,
                extractor=raw.extractor,
                kind=PageKind.QUARANTINED,
                reason=reason,
            )
        self._note("body", raw.body_rule if body else None)
        return Article(
            url=self.url,
            source=raw.source,
            extractor=raw.extractor,
            kind=raw.kind,
            site_id=raw.site_id,
            aliases=self.named.own,
            declared=self.named.declared,
            names_itself=not {self.url, *self.named.own}.isdisjoint(map(canonical_url, raw.own_addresses)),
            other_url=other_article(self.raw.url, self.raw.own_addresses, self.source),
            publisher=self.publisher,
            title=self._printed("title", raw.title),
            subtitle=self._text("subtitle", raw.subtitle),
            body=body or None,
            section=self._line("section", raw.section),
            tags=self._tags(),
            language=self.language,
            published=self._published(),
            modified=self._time("modified", raw.modified, raw.modified_also),
            dateline=self._dateline(),
            byline_line=self._line("byline_line", self.header[0]),
            bylines=self._bylines(),
            rights=self.rights,
            images=tuple(_image(i) for i in raw.images),
            original_url=self._original_url(),
            summary=self._text("summary", raw.summary),
            syndicated=self._syndicated(),
            rules=self.rules,
            removed=(*raw.removed, *self.tail.removed),
        )

    # --- text ----------------------------------------------------------------------------------

    @cached_property
    def tail(self) -> Tail:
        return split_tail(self.raw.paragraphs, self.publisher)

    @cached_property
    def body(self) -> str:
        return "\n".join(tidy_row(p) for p in self.tail.body)

    def _text(self, field: str, raw: Raw | None) -> str | None:
        text = tidy(raw.value) if raw else ""
        self._note(field, raw.rule if raw and text else None)
        return text or None

    def _line(self, field: str, raw: Raw | None) -> str | None:
        text = self._text(field, raw)
        return " ".join(text.split("\n")) if text else None

    def _printed(self, field: str, raw: Raw | None) -> str | None:
        """Every letter that is seen, white space around it apart: comparisons use ``title_key``."""
        text = visible(" ".join(raw.value.splitlines())).strip() if raw else ""
        self._note(field, raw.rule if raw and text else None)
        return text or None

    def _tags(self) -> tuple[str, ...]:
        tags = [tidy(t.value) for t in self.raw.tags]
        self._note("tags", self.raw.tags[0].rule if self.raw.tags else None)
        return tuple(dict.fromkeys(t for t in tags if t))

    @cached_property
    def language(self) -> str | None:
        """Of the text where there is enough of it: many Korean templates declare a wrong ``lang``."""
        said = self.body or (self.raw.title.value if self.raw.title else "")
        hangul, enough = sum(map(len, _HANGUL.findall(said))), _HANGUL_SHARE * len(said)
        if hangul and (hangul >= enough or hangul >= _HANGUL_SHARE * sum(map(str.isalpha, said))):
            self._note("language", "share of Hangul")
            return "ko"
        text = self._text("language", self.raw.language)
        return text.split("-")[0].split("_")[0].lower() if text else None

    # --- who and whose -------------------------------------------------------------------------

    @cached_property
    def publisher(self) -> str | None:
        raw = self.raw.publisher
        name = publisher_name(raw.value if raw else None, self.raw.url)
        if name is not None:
            self._note("publisher", raw.rule if raw else "domain")
            return name
        for image in self.raw.images:
            house = publisher_of_daum_image(image.url)
            if house is not None:
                self._note("publisher", "image path")
                return house
        if self.source is not None and self.source.publisher and not self.source.syndicates:
            self._note("publisher", "declared by the source")
            return self.source.publisher
        return self._original_publisher() or self._noticed_publisher()

    def _original_publisher(self) -> str | None:
        """The house where the page says that its article was printed first."""
        raw = self.raw.original_url
        house = publisher_of_url(raw.value) if raw else None
        self._note("publisher", "domain of the original" if house else None)
        return house

    def _noticed_publisher(self) -> str | None:
        """The notice's holder, for a page that names its publisher nowhere else."""
        told = [n.value for n in self.raw.notices]
        printed = split_tail(self.raw.paragraphs, None).notice
        for notice in (*told, printed):
            holder = parse_notice(text).holder if notice and (text := _notice_of(notice)) else None
            if holder is not None and not is_portal(holder):
                self._note("publisher", "holder of the notice")
                return publisher_of_holder(holder) or holder
        return None

    @cached_property
    def lead(self) -> Lead:
        return find_lead(self.tail.body, self.publisher)

    def _dateline(self) -> Dateline | None:
        self._note("dateline", "opening of the body" if self.lead.dateline else None)
        return self.lead.dateline

    @cached_property
    def header(self) -> tuple[Raw | None, tuple[Person, ...]]:
        """The printed byline and its people: of a whole element, or of the line in it that reads by itself
        where the whole misses somebody of it or has a bare word for one more."""
        whole = self.raw.byline_line
        part = whole.part if whole else None
        people, named = self._people_of(whole), self._people_of(part)
        known = {person.name for person in named}
        missed = known - {person.name for person in people}
        more = [p for p in people if p.name not in known and not (p.role or p.email)]
        return (part, named) if known and (missed or more) else (whole, people)

    def _people_of(self, line: Raw | None) -> tuple[Person, ...]:
        """Nobody for a word of the head that may be a section's as well as a name (문화재, 마감후)."""
        if line is None or (line.rule == LONE and not is_usual(line.value)):
            return ()
        return parse_header(line.value, publisher=self.publisher)

    def _bylines(self) -> tuple[Person, ...]:
        header = self.header[1]
        signatures = [parse_signature(s, self.publisher) or () for s in self.tail.signatures]
        signed = tuple(p for people in signatures for p in people)
        hints = self._hints()
        people = merge(header, self.lead, signed, hints, publisher=self.publisher, url=self.url)
        places = {"header": header, "lead-in": self.lead.people, "signature": signed, "hints": tuple(hints)}
        self._note("bylines", "+".join(k for k, v in places.items() if v) if people else None)
        return people

    def _hints(self) -> list[str]:
        """What a machine is told, where that names anybody; else the head's line by its name, or elements
        beside the headline."""
        told = self.raw.author_hints
        beside = [h for h in told if h.rule in (LONE, BESIDE_HEADLINE)]
        if told and not beside:
            values = [h.value for h in told]
            return values if self._names_anybody(values) else [*self._called(), *values]
        names = [h.value for h in beside if h.rule != LONE or is_usual(h.value)]
        return self._called() or [name for name in names if not self._is_glued(name)]

    def _names_anybody(self, hints: list[str]) -> bool:
        if any(map(reads_as_person, hints)):
            return True
        return any(p.name for p in merge((), None, (), hints, publisher=self.publisher, url=self.url))

    def _called(self) -> list[str]:
        """The head's line where it is called a name, as a machine is told one: no list has all names."""
        line, people = self.header
        is_name = line is not None and (line.rule in NAMING or opens_by(line.value))
        if line is None or not is_name or people or self._is_glued(line.value):
            return []
        return [line.value] if declared_people(line.value, self.publisher, self.url) else []

    def _is_glued(self, line: str) -> bool:
        """Whether a name of it has words for two: two names in one element."""
        named = declared_people(line, self.publisher, self.url)
        return any(len((p.name or "").split()) > _NAME for p in named)

    # --- rights --------------------------------------------------------------------------------

    @cached_property
    def rights(self) -> Rights:
        notices = self._notices()
        self._note("rights", notices[0].rule if notices else None)
        return replace(
            rights_of(notices, self._told_holder()),
            robots_meta=self.raw.robots_meta,
            x_robots_tag=self.page.x_robots_tag,
            tdm_reservation=self.page.tdm_reservation or self.raw.tdm_meta,
            tdm_policy=self.page.tdm_policy,
        )

    def _told_holder(self) -> str | None:
        """The holder that only a machine is told, where the printed notice names none; never a portal."""
        raw = self.raw.holder
        name = parse_notice(f"ⓒ {MARK.sub(' ', raw.value)}").holder if raw else None
        if raw is None or name is None or is_portal(name):
            return None
        self._note("rights.holder", raw.rule)
        return publisher_of_holder(name) or name

    def _notices(self) -> list[Raw]:
        """The notices of the page, the article's own first.

        A known template has an element for it. Elsewhere, of a declared site without page classes too, any
        line of the page may be the site's footer, so that the one that ends the body is the article's; so it
        is on every page where the agency that opens the body has its own notice at its end.
        """
        inside = [Raw(value=self.tail.notice, rule="end of the body")] if self.tail.notice else []
        outside = [Raw(value=t, rule=n.rule) for n in self.raw.notices if (t := _notice_of(n.value))]
        generic = self.raw.source is None or self.raw.extractor.startswith("generic/")
        own = generic or is_wires(self.tail.notice, self.lead, self.publisher)
        ordered = [*inside, *outside] if own else [*outside, *inside]
        first: dict[str, Raw] = {}
        for notice in ordered:
            first.setdefault(notice.value, notice)
        return list(first.values())

    def _syndicated(self) -> bool:
        if self.source is not None and self.source.syndicates:
            return True
        holder = publisher_of_holder(self.rights.holder) if self.rights.holder else None
        return bool(holder and self.publisher and holder != self.publisher)

    # --- when and where ------------------------------------------------------------------------

    def _published(self) -> Instant | None:
        found = self._time("published", self.raw.published, self.raw.published_also)
        found = found or self._time("published", sent_line(self.tail.removed), ())
        if found is None and self.raw.site_id:
            told = instant_from_id(self.raw.site_id)
            found = told if told and is_past(told, self.page.captured_at or self.page.seen_by) else None
            self._note("published", "site id" if found else None)
        return found

    def _time(self, field: str, raw: Raw | None, also: tuple[Raw, ...]) -> Instant | None:
        raws = [r for r in (raw, *also) if r]
        abroad = bool(raws) and self._is_abroad
        seouls = not abroad or shares_seouls_clock(self.language)
        page = self.page
        chosen = choose_instant(
            raws, page.captured_at, seen_by=page.seen_by, beside=self._times, abroad=abroad, seouls=seouls
        )
        self._note(field, chosen[1] if chosen else None)
        return chosen[0] if chosen else None

    @cached_property
    def _times(self) -> list[Raw]:
        raw = self.raw
        return [t for t in (raw.published, *raw.published_also, raw.modified, *raw.modified_also) if t]

    @cached_property
    def _is_abroad(self) -> bool:
        if self.source is not None:
            return False
        line = self.raw.byline_line
        signers = [hint.value for hint in (*self.raw.author_hints, *((line,) if line else ()))]
        times = [time.value for time in self._times]
        return is_abroad(self.url, self.publisher, self.language, times, signers)

    @cached_property
    def named(self) -> Named:
        return told_apart(self.url, self.raw.site_id, self.raw.aliases, self.source)

    def _original_url(self) -> str | None:
        raw = self.raw.original_url
        url = canonical_url(raw.value) if raw else None
        if raw is None or url is None or url == self.url:
            return None
        self._note("original_url", raw.rule)
        return url

    def _note(self, field: str, rule: str | None) -> None:
        if rule is not None:
            self.rules[field] = rule


def _notice_of(text: str) -> str | None:
    """``text`` where it is a notice, its last part where only that is one."""
    text = without_buttons(text)
    if is_notice(text):
        return tidy(text)
    return split_notice(text)[1]


def _image(raw: RawImage) -> Image:
    caption, credit = split_caption(raw.caption) if raw.caption else (None, None)
    return Image(url=canonical_url(raw.url) or raw.url, caption=caption, credit=credit)
