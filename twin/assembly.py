"""From one story's text to its pages: house style, ids, times, template, pictures, notice."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from twin.credits import ABROAD, Cast, Credits, cast, credits_of
from twin.daum_body import letters
from twin.grammar_file import Voice, load
from twin.model import Appearance, Block, Story
from twin.newsroom import Copy
from twin.pictures import pictures_of
from twin.publishers import FINANCIAL_NEWS, Publisher, publisher

SECTION_NAMES = {
    "politics": "정치",
    "society": "사회",
    "economy": "경제",
    "world": "국제",
    "culture": "문화",
    "tech": "IT/과학",
    "life": "생활",
    "people": "인물",
    "climate": "기후/환경",
    "stock": "증권",
    "estate": "부동산",
    "coin": "가상자산",
}
DRAWN = 1_000
"""Stories whose numbers are drawn: of twenty thousand in a day and a half, two would draw the same."""
SYNONYMS = (
    ("밝혔다", "말했다"),
    ("강조했다", "밝혔다"),
    ("설명했다", "전했다"),
    ("덧붙였다", "말했다"),
    ("내다봤다", "전망했다"),
)


@dataclass(frozen=True, slots=True)
class Assembly:
    """One story on its way to the page. ``when`` is the moment of its first publication."""

    number: int
    rng: random.Random
    house: Publisher
    when: datetime
    now: datetime
    """The twin's clock: nothing was modified later than that."""

    @property
    def story_id(self) -> str:
        return f"s{self.number:04}"

    def on_daum(self, copy: Copy, *, bulletin: bool = False) -> Story:
        """A story that only Daum shows."""
        people = cast(self.rng, self.house)
        page = self._daum(copy, credits_of(self.house, people), self.when)
        return self._story(copy.topic, [page], bulletin=bulletin)

    def on_fnnews(self, copy: Copy) -> Story:
        """A story that only fnnews shows."""
        return self._story(
            copy.topic, [self._fnnews(copy, self._fn_credits(copy, self._fn_cast(copy)), self.when)]
        )

    def on_both(self, copy: Copy) -> Story:
        """A 파이낸셜뉴스 story on both sites: other id, minutes later, a word or a sentence changed."""
        people = self._fn_cast(copy)
        own = self._fnnews(copy, self._fn_credits(copy, people), self.when)
        lead = "correspondent" if people.place in ABROAD else "house"
        plain = credits_of(self.house, people, header="bare", lead=lead, sign="none")
        later = self.when + timedelta(minutes=self.rng.randint(1, 9), seconds=self.rng.randint(3, 50))
        shown = self._daum(self._reworded(copy), plain, later)
        shown.original_url = own.url if self.number % 2 == 0 else None
        return self._story(copy.topic, [shown, own])

    def as_wire(self, copy: Copy, *, both: bool) -> list[Story]:
        """Wire copy shown by fnnews; ``both``: the wire's own Daum page too, as a story of its own."""
        people = cast(self.rng, self.house)
        wire = credits_of(self.house, people)
        on_fn = self._fnnews(copy, wire, self.when)
        mine = self._story(copy.topic, [on_fn], publisher_name=FINANCIAL_NEWS)
        if not both:
            return [mine]
        page = self._daum(copy, wire, self.when - timedelta(minutes=self.rng.randint(2, 25)))
        other = replace(
            self._story(copy.topic, [page]), story_id=f"{self.story_id}w", wire_twin=mine.story_id
        )
        mine.wire_twin = other.story_id
        return [mine, other]

    def _story(
        self,
        topic: str,
        pages: list[Appearance],
        *,
        bulletin: bool = False,
        publisher_name: str | None = None,
    ) -> Story:
        return Story(
            story_id=self.story_id,
            kind="article",
            topic=topic,
            publisher=publisher_name or self.house.name,
            appearances=pages,
            bulletin=bulletin,
        )

    def _fn_cast(self, copy: Copy) -> Cast:
        people = cast(self.rng, publisher(FINANCIAL_NEWS))
        return replace(people, place=self.rng.choice(ABROAD)) if copy.topic == "world" else people

    def _fn_credits(self, copy: Copy, people: Cast) -> Credits:
        if people.place in ABROAD:
            return credits_of(
                self.house, people, header="correspondent", lead="correspondent", sign="fn_abroad"
            )
        lead = "none" if self.number % 4 == 3 else "house"
        return credits_of(self.house, people, header="reporter", lead=lead, sign="fn")

    def _reworded(self, copy: Copy) -> Copy:
        """The text as the portal has it: one word changed, and for every third story one sentence more."""
        blocks = list(copy.blocks)
        for before, after in SYNONYMS:
            index = next(
                (i for i, block in enumerate(blocks) if block.kind == "p" and before in block.text), None
            )
            if index is not None:
                blocks[index] = replace(blocks[index], text=blocks[index].text.replace(before, after, 1))
                break
        if (self.number % 3 == 0 or tuple(blocks) == copy.blocks) and blocks[-1].kind == "p":
            blocks[-1] = replace(blocks[-1], text=f"{copy.spare} {blocks[-1].text}")
        title = copy.title.replace('"', "“", 1).replace('"', "”", 1) if self.number % 5 == 0 else copy.title
        return replace(copy, blocks=tuple(blocks), title=title)

    def _daum(self, copy: Copy, who: Credits, registered: datetime) -> Appearance:
        later = self.rng.randint(0, 6)  # than the time it prints: docs/sites/daum.md 1.1
        received = registered + timedelta(seconds=later)
        site_id = f"{received:%Y%m%d%H%M%S}{self._place(999):03}"
        year = "2022" if registered.year <= 2022 else "2023" if registered.year == 2023 else "2026"
        notice, place = self._daum_notice(year)
        doc_id = letters(site_id + "doc")
        section = self._section(copy)
        page = Appearance(
            site="daum",
            site_id=site_id,
            url=f"https://v.daum.net/v/{site_id}",
            aliases=_daum_aliases(site_id, doc_id),
            template=f"daum/{year}",
            publisher=self.house.name,
            holder=(self.house.holder or self.house.name) if notice else None,
            title=copy.title,
            subtitle=copy.subtitle,
            section=section,
            section_name=SECTION_NAMES[section],
            blocks=(),
            byline_line=who.header,
            bylines=who.people,
            dateline=who.dateline,
            signature=who.signature,
            notice=notice,
            notice_place=place,
            published=registered,
            modified=self._modified(registered),
            touched=registered,
            pictures=pictures_of(copy, self.house, self.rng, "daum", site_id, registered),
            doc_id=doc_id,
            layout=self.house.layout,
            listed_as=(f"https://v.daum.net/v/{site_id}",),
        )
        return self._finish(page, copy, who)

    def _place(self, last: int) -> int:
        """What follows the second in a site's own number. Drawn, until two stories could draw the same."""
        drawn = self.rng.randint(0, last)
        return drawn if self.number <= DRAWN else self.number % (last + 1)

    def _section(self, copy: Copy) -> str:
        try:
            slugs = load(copy.topic).slugs
        except FileNotFoundError:
            slugs = ("society",)
        return slugs[self.number % len(slugs)]

    def _daum_notice(self, year: str) -> tuple[str | None, str | None]:
        """The notice and its place: after the body, as its last block, or in .txt_copyright."""
        printed = self.house.notice
        if self.house.name == FINANCIAL_NEWS:
            printed = self.rng.choice(
                (
                    "Copyright © 파이낸셜뉴스. 무단전재 및 재배포 금지.",
                    "Copyright ⓒ 파이낸셜뉴스. All rights reserved. 무단 전재 및 재배포 금지.",
                )
            )
        if year != "2026":
            return (printed, "after") if printed else (None, None)
        draw = self.rng.random()
        if printed is None:
            portal = f"Copyright © {self.house.name}. All rights reserved. 무단 전재 및 재배포 금지."
            return (portal, "foot") if draw < 0.5 else (None, None)
        return printed, "foot" if draw < 0.5 else "body" if draw < 0.75 else "after"

    def _fnnews(self, copy: Copy, who: Credits, when: datetime) -> Appearance:
        """The publisher's own page; every tenth was written hours before its embargo ended."""
        published = when.replace(second=0, microsecond=0)
        created = when - timedelta(hours=11 if self.number % 10 == 0 else 0, seconds=self.rng.randint(0, 40))
        site_id = f"{created:%Y%m%d%H%M%S}{self._place(9999):04}"
        year = "2021" if published.year <= 2021 else "2022" if published.year <= 2025 else "2026"
        url = f"https://www.fnnews.com/news/{site_id}"
        page = Appearance(
            site="fnnews",
            site_id=site_id,
            url=url,
            aliases=(f"https://www.fnnews.com/ampNews/{site_id}", f"https://m.fnnews.com/news/{site_id}"),
            template=f"fnnews/{year}",
            publisher=FINANCIAL_NEWS,
            holder=self.house.holder,
            title=copy.title,
            subtitle=copy.subtitle,
            section=_fn_section(copy),
            section_name=_fn_section(copy),
            blocks=(),
            byline_line=who.header,
            bylines=who.people,
            dateline=who.dateline,
            signature=who.signature,
            notice=self.house.notice,
            notice_place="after",
            published=published,
            modified=self._modified(published),
            touched=published,
            pictures=pictures_of(copy, self.house, self.rng, "fnnews", site_id, published),
            tags=copy.tags if year != "2021" else (),
            layout="p",
            listed_as=(url,),
        )
        return self._finish(page, copy, who)

    def _modified(self, published: datetime) -> datetime | None:
        if self.rng.random() > 0.25:
            return None
        modified = published.replace(second=0, microsecond=0) + timedelta(minutes=self.rng.randint(3, 50))
        return modified if modified <= self.now else None

    def _finish(self, page: Appearance, copy: Copy, who: Credits) -> Appearance:
        """Put lead-in, promotion lines, signature and notice around the text; then what follows from it."""
        blocks = list(copy.blocks)
        first = next(index for index, block in enumerate(blocks) if block.kind == "p")
        blocks[first] = replace(blocks[first], text=who.lead + blocks[first].text)
        if self.house.lead == "anchor" and page.site == "daum":
            blocks[first:first] = [Block(kind="p", text="[앵커]")]
            blocks[first + 2 : first + 2] = [Block(kind="p", text="[기자]")]
        if who.glued and blocks[-1].kind == "p":
            blocks[-1] = replace(blocks[-1], tail=f" {who.signature}")
        elif who.signature:
            blocks.append(Block(kind="signature", text=who.signature))
        if self.house.promo:
            blocks.append(Block(kind="promo", text=self._promo()))
        if page.notice and page.notice_place == "body":
            blocks.append(Block(kind="notice", text=page.notice))
        page.blocks = tuple(blocks)
        if page.modified and page.modified > page.touched:
            page.touched = page.modified
        if page.template in {"daum/2023", "daum/2026"} and self.rng.random() < 0.8:
            page.summary = " ".join(page.paragraphs[index] for index in (0, len(page.paragraphs) // 2))
        return page

    def _promo(self) -> str:
        voice = Voice(
            load("shared"), self.rng, {"house": self.house.name, "jebo": f"ok{self.house.code.lower()}"}
        )
        return voice.say(voice.pick("promo"))


def _fn_section(copy: Copy) -> str:
    try:
        return load(copy.topic).fnnews
    except FileNotFoundError:
        return "사회"


def _daum_aliases(site_id: str, doc_id: str) -> tuple[str, ...]:
    """The other addresses of a Daum page (docs/sites/daum.md 1.1)."""
    return (
        f"https://v.daum.net/v/{doc_id}",
        f"http://v.daum.net/v/{site_id}",
        f"https://news.v.daum.net/v/{site_id}",
        f"https://news.v.daum.net/v/{doc_id}",
        f"http://v.media.daum.net/v/{site_id}",
        f"https://media.daum.net/v/{site_id}",
    )
