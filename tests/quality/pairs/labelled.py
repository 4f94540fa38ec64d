"""The labelled pairs: for each, whether it is one article, and what link it makes if any."""

# ruff: noqa: E501 (a page of sentences, not of code)

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from storage.records import Article, Dateline, Instant, PageKind
from tests.quality.pairs.bulletins import BULLETINS
from tests.quality.pairs.grammar import PEOPLE, Story, facts, tell

SEED = 20261122
EACH = 70
"""Pairs of a class; eleven classes make 770."""
NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
OWN = "파이낸셜뉴스"
PAPERS = ("한들일보", "가람신문", "미르경제", "누리타임스", "새벽저널")
WIRES = ("연합뉴스", "뉴스1", "뉴시스")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Two pages, and what they are to each other."""

    label: str
    one: Article
    two: Article
    same: bool
    """They are one article."""
    link: str | None
    """Kind of link as different articles; None: none."""


def page(
    title: str,
    body: str,
    *,
    publisher: str = OWN,
    site: str = "fnnews",
    minutes: float = 0,
    agency: str | None = None,
    number: int = 1,
) -> Article:
    """A page without any declared link: only its text, publisher and time speak."""
    urls = {
        "fnnews": f"https://www.fnnews.com/news/20261120120000{number:04d}",
        "daum": f"https://v.daum.net/v/202611201200{number:05d}",
    }
    at = NOON + timedelta(minutes=minutes)
    return Article(
        url=urls[site],
        source=site,
        extractor="quality/1",
        kind=PageKind.ARTICLE,
        publisher=publisher,
        title=title,
        body=body,
        published=Instant(at=at, precision="minute", raw=at.isoformat()),
        dateline=None if agency is None else Dateline(place="서울", agency=agency, raw=f"[서울={agency}]"),
        syndicated=site == "daum",
    )


# --- what editors do ----------------------------------------------------------------------------

Edit = Callable[[random.Random, Story], tuple[str, str]]
"""Title and body after the edit."""
SYNONYMS = {
    "밝혔다": "전했다", "말했다": "강조했다", "내다본다": "전망한다", "이번": "해당", "다만": "그러나", "모두": "총",
    "미리": "사전에", "새로": "추가로", "계획": "방침", "이어진다": "계속된다", "대부분": "다수", "빠르게": "급속히",
}  # fmt: skip


def light(rng: random.Random, story: Story) -> tuple[str, str]:
    """A few words for others, a particle, a comma."""
    body = story.body
    for old, new in rng.sample(sorted(SYNONYMS.items()), 4):
        body = body.replace(old, new, 1)
    body = body.replace(" 것이", " 게", 1).replace("고 말", "라고 말", 1)
    words = body.split(" ")
    for _ in range(max(1, len(words) // 60)):
        at = rng.randrange(1, len(words))
        words[at] = words[at] + rng.choice((",", " 특히", " 또"))
    return story.title, " ".join(words)


def shorter(rng: random.Random, story: Story) -> tuple[str, str]:
    """One sentence of the background gone."""
    kept = list(story.sentences)
    kept.pop(rng.randrange(2, len(kept)))
    return story.title, "\n".join(kept)


def other_title(rng: random.Random, story: Story) -> tuple[str, str]:
    title = rng.choice(("[단독] {}", "{thing} 들어선다… {place} 주민 기대", "“{voice}”", "{}(사진)"))
    return title.format(story.title, **story.facts), story.body


def lead_in(rng: random.Random, story: Story) -> tuple[str, str]:
    name = rng.choice(PEOPLE)
    opening = rng.choice(
        (
            "[파이낸셜뉴스] ",
            f"【서울=파이낸셜뉴스】{name} 기자 = ",
            f"[파이낸셜뉴스 {name} 기자] ",
            f"(서울=파이낸셜뉴스) {name} 기자 = ",
        )
    )
    return story.title, opening + story.body


def signature(rng: random.Random, story: Story) -> tuple[str, str]:
    name = rng.choice(PEOPLE)
    tail = rng.choice(
        (
            f"\n{name} 기자 abc@example.com",
            f"\nabc@example.com {name} 기자",
            f"\n{name} 기자\nⓒ 무단전재 및 재배포 금지",
        )
    )
    return story.title, story.body + tail


def layout(_rng: random.Random, story: Story) -> tuple[str, str]:
    """Quotes, dots and paragraphs set differently."""
    body = story.body.replace('"', "”").replace(". ", ".\n").replace("\n", " ", 3)
    return story.title.replace("…", "..."), body


def everything(rng: random.Random, story: Story) -> tuple[str, str]:
    """Light edit, other headline, lead-in and signature at once."""
    title, _ = other_title(rng, story)
    _, body = light(rng, story)
    changed = Story(title=title, sentences=tuple(body.split("\n")), facts=story.facts)
    _, body = lead_in(rng, changed)
    return title, signature(rng, Story(title=title, sentences=tuple(body.split("\n")), facts=story.facts))[1]


EDITS: tuple[Edit, ...] = (light, shorter, other_title, lead_in, signature, layout, everything)


# --- classes ------------------------------------------------------------------------------------


def pairs() -> Iterator[Labelled]:
    """All labelled pairs, the same on every machine."""
    rng = random.Random(SEED)
    for index in range(EACH):
        for make in CLASSES:
            yield make(rng, index)


def _story(rng: random.Random, background: int | None = None) -> Story:
    return tell(rng, facts(rng), 0, rng.randint(3, 9) if background is None else background)


def same(rng: random.Random, _index: int) -> Labelled:
    """The portal's copy, untouched."""
    story = _story(rng)
    copy = page(story.title, story.body, site="daum", minutes=rng.randint(0, 30))
    return Labelled(label="same", one=page(story.title, story.body), two=copy, same=True, link=None)


def edit(rng: random.Random, index: int) -> Labelled:
    story = _story(rng)
    title, body = EDITS[index % len(EDITS)](rng, story)
    copy = page(title, body, site="daum", minutes=rng.randint(0, 45))
    return Labelled(label="light edit", one=page(story.title, story.body), two=copy, same=True, link=None)


def second_edition(rng: random.Random, index: int) -> Labelled:
    """More background and one more figure; on one site, or across both with the mark in the headline."""
    story = _story(rng, 4)
    told = set(story.sentences)
    more = tell(rng, story.facts, 0, 12).sentences
    added = [sentence for sentence in more if sentence not in told][: rng.randint(4, 7)]
    mark = rng.choice(("(종합)", "(종합2보)", "")) if index % 2 else "(종합)"
    two = page(
        story.title + mark,
        "\n".join((*story.sentences, *added)),
        site="fnnews" if index % 2 else "daum",
        minutes=rng.randint(20, 300),
        number=2,
    )
    return Labelled(
        label="second edition", one=page(story.title, story.body), two=two, same=False, link="second_edition"
    )


def same_event(rng: random.Random, index: int) -> Labelled:
    """The same facts told by another desk, or by the same paper a second time."""
    told = facts(rng)
    one, two = tell(rng, told, 0, 4), tell(rng, told, 1, 3)
    publisher = OWN if index % 3 == 0 else rng.choice(PAPERS)
    other = page(two.title, two.body, publisher=publisher, site="daum", minutes=rng.randint(0, 240))
    return Labelled(label="same event", one=page(one.title, one.body), two=other, same=False, link=None)


def template(rng: random.Random, index: int) -> Labelled:
    """Two bulletins of one kind, of one publisher on two sites or of two publishers."""
    make = BULLETINS[index % len(BULLETINS)]
    title, body = make(rng)
    other_title, other_body = make(rng)
    while other_title == title and other_body == body:
        other_title, other_body = make(rng)
    publisher = OWN if index % 2 else rng.choice(WIRES)
    two = page(
        other_title,
        other_body,
        publisher=publisher,
        site="daum",
        minutes=rng.choice((0, 3, 60, 1440)),
        number=3,
    )
    return Labelled(label="template", one=page(title, body), two=two, same=False, link=None)


def template_story(rng: random.Random, _index: int) -> Labelled:
    """A whole story told with the same sentences about other people and sums: a hard template."""
    first, second = facts(rng), facts(rng)
    one = tell(rng, first, 0, 2)
    two = tell(rng, second, 0, 2)
    other = page(two.title, two.body, site="daum", minutes=rng.randint(0, 60), number=4)
    return Labelled(label="template story", one=page(one.title, one.body), two=other, same=False, link=None)


def unrelated(rng: random.Random, _index: int) -> Labelled:
    one, two = _story(rng), tell(rng, facts(rng), 1, 6)
    other = page(
        two.title, two.body, publisher=rng.choice(PAPERS), site="daum", minutes=rng.randint(-600, 600)
    )
    return Labelled(label="unrelated", one=page(one.title, one.body), two=other, same=False, link=None)


def syndication(rng: random.Random, index: int) -> Labelled:
    """A wire story and its reprint: cut from the end, lightly edited, its own lead-in."""
    story = _story(rng, 6)
    wire = WIRES[index % 3]
    name = rng.choice(PEOPLE)
    original = page(
        story.title, f"(서울={wire}) {name} 기자 = {story.body}", publisher=wire, site="daum", agency=wire
    )
    _, body = light(rng, story)
    kept = body.split("\n")[: -rng.randint(1, 4)]
    opening = f"[서울={wire}] {name} 기자 = " if index % 2 else ""
    reprint = page(
        story.title,
        opening + "\n".join(kept),
        publisher=rng.choice(PAPERS),
        minutes=rng.randint(10, 300),
        agency=wire if opening else None,
    )
    return Labelled(label="syndication", one=original, two=reprint, same=False, link="syndication")


def press_release(rng: random.Random, _index: int) -> Labelled:
    """Two papers that print one release, each with its own headline and its own cuts."""
    story = _story(rng, 8)
    _, body = light(rng, story)
    cut = [sentence for index, sentence in enumerate(body.split("\n")) if index not in {3, 7}]
    one_paper, other_paper = rng.sample(PAPERS, 2)
    title, _ = other_title(rng, story)
    return Labelled(
        label="press release",
        one=page(story.title, story.body, publisher=one_paper),
        two=page(title, "\n".join(cut), publisher=other_paper, site="daum", minutes=rng.randint(-200, 200)),
        same=False,
        link="near_duplicate",
    )


FLASHES = (
    "{place} {office}은 {day}일 {thing} {count}곳의 운영을 잠정 중단한다고 밝혔다.",
    "{house}는 {day}일 이사회를 열고 {name} 부사장을 새 대표로 선임했다고 공시했다. 임기는 {weeks}개월이다.",
    "{place}에서 {day}일 오후 {month}시께 불이 나 {count}명이 다쳤다. 소방 당국은 장비 {weeks}대를 보내 불길을 잡고 있다.",
    "물관리위원회는 {day}일 회의를 열어 기준 요금을 {share}% 올리기로 했다.",
)  # fmt: skip


def flash_same(rng: random.Random, index: int) -> Labelled:
    """A flash and the portal's copy of it: a lead-in, a final dot, a mark in the headline."""
    told = facts(rng)
    body = FLASHES[index % len(FLASHES)].format(**told)
    title = "[속보] " + " ".join(body.split()[:5])
    copied = rng.choice((body, "[파이낸셜뉴스] " + body, body + "\nabc@example.com 홍길동 기자"))
    copy = page(
        rng.choice((title, title.removeprefix("[속보] "))), copied, site="daum", minutes=rng.randint(0, 9)
    )
    return Labelled(label="flash, same", one=page(title, body), two=copy, same=True, link=None)


def flash_other(rng: random.Random, index: int) -> Labelled:
    """Two flashes of one form: another number, another name, or another place."""
    told = facts(rng)
    form = FLASHES[index % len(FLASHES)]
    if index % 2:
        other = facts(rng)
    else:  # one word alone differs: that word is the news
        field = re.findall(r"{(\w+)}", form)[-1]
        other = dict(told, **{field: facts(rng)[field]})
    bodies = form.format(**told), form.format(**other)
    if bodies[0] == bodies[1]:
        return flash_other(rng, index)
    titles = ["[속보] " + " ".join(body.split()[:5]) for body in bodies]
    two = page(titles[1], bodies[1], site="daum", minutes=rng.randint(0, 30), number=5)
    return Labelled(label="flash, other", one=page(titles[0], bodies[0]), two=two, same=False, link=None)


CLASSES: tuple[Callable[[random.Random, int], Labelled], ...] = (
    same, edit, second_edition, same_event, template, template_story, unrelated, syndication, press_release,
    flash_same, flash_other,
)  # fmt: skip
