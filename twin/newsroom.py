"""Writing one story's text from its topic's grammar: title, subtitle, blocks, captions, tags."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from twin.grammar_file import Voice, load
from twin.invented import paragraphs, phrase, sentence
from twin.korean import person_name
from twin.model import Block

SHINGLE = 5
OVERLAP_AIM = 0.24
"""A draft that shares more with an earlier one of its topic is written again. Kept under 0.3, well below
the 0.5 at which two texts count as versions of one another (measured on Korean news, November 2026)."""
DRAFTS = 8
GRAMMAR_LASTS = 60
"""Stories of a topic that its grammar is asked for; later ones are of invented words. The largest topic of an
edition of 360 has 36; at 60 every draft repeats too much, and all drafts of 15 topics take four seconds."""


@dataclass(frozen=True, slots=True)
class Copy:
    """The text of one story before a house prints it in its own style."""

    topic: str
    title: str
    subtitle: str | None
    blocks: tuple[Block, ...]
    captions: tuple[str, ...]
    tags: tuple[str, ...]
    organisation: str
    spare: str
    """One more sentence, for a later edit or the other site's copy."""


@lru_cache(maxsize=4096)  # an edition and a few days of publishing
def shingles(text: str) -> frozenset[str]:
    """Five-character shingles of a text without white space."""
    bare = "".join(text.split())
    return frozenset(bare[start : start + SHINGLE] for start in range(max(1, len(bare) - SHINGLE + 1)))


def containment(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the smaller set that the other one holds too."""
    return len(one & other) / max(1, min(len(one), len(other)))


@dataclass(slots=True)
class Newsroom:
    """Writes stories one after the other and never nearly the same one twice."""

    seed: int
    tally: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    written: dict[str, list[str]] = field(default_factory=dict)
    """Topic -> the texts so far that its grammar gave."""
    invented: Counter[str] = field(default_factory=Counter)
    """Topic -> stories of invented words."""

    def count(self, topic: str) -> int:
        """Stories of a topic so far."""
        return len(self.written.get(topic, ())) + self.invented[topic]

    def write(self, topic: str, number: int, when: datetime) -> Copy:
        """The story with that number; of several drafts the one that repeats least."""
        earlier = self.written.setdefault(topic, [])
        if len(earlier) >= GRAMMAR_LASTS:
            self.invented[topic] += 1
            return _invented(topic, random.Random(f"{self.seed}/invented/{number}"))
        best: tuple[float, Copy, Voice, str] | None = None
        for draft in range(DRAFTS):
            voice = Voice(load(topic), random.Random(f"{self.seed}/{topic}/{number}/{draft}"))
            copy = _draft(voice, when, self.tally)
            mine = " ".join(line for block in copy.blocks for line in block.lines())
            overlap = max((containment(shingles(mine), shingles(other)) for other in earlier), default=0.0)
            if best is None or overlap < best[0]:
                best = (overlap, copy, voice, mine)
            if overlap <= OVERLAP_AIM:
                break
        assert best is not None
        self.tally.update((topic, block, line) for block, line in best[2].used)
        earlier.append(best[3])
        return best[1]


def _invented(topic: str, rng: random.Random) -> Copy:
    return Copy(
        topic=topic,
        title=phrase(rng, 4, 8),
        subtitle=phrase(rng, 4, 7) if rng.random() < 0.5 else None,
        blocks=tuple(Block(kind="p", text=text) for text in paragraphs(rng)),
        captions=(sentence(rng), sentence(rng)),
        tags=tuple(dict.fromkeys(phrase(rng, 1, 1) for _ in range(3))),
        organisation=phrase(rng, 1, 1),
        spare=sentence(rng),
    )


def _bind(voice: Voice, when: datetime) -> None:
    """Fix who, where and what for the whole story."""
    rng = voice.rng
    voice.bound["p"] = voice.say("{place}")
    voice.bound["hero"] = person_name(rng)
    for word in ("firm", "team"):
        if word in voice.grammar.blocks:
            voice.bound[word] = voice.say(voice.pick(word))
    voice.bound["o"] = voice.say(voice.pick("o"))
    voice.bound["s"] = voice.say(voice.pick("subject"))
    voice.bound["day"] = str(when.day)
    voice.bound["month"] = str(when.month)
    voice.bound["date"] = f"{when:%Y.%m.%d}"
    for key in "ab":
        name = person_name(rng)
        role = voice.say(voice.pick("role"))
        voice.bound[key] = f"{name} {role}"
        family = name[:2] if len(name) == 4 else name[0]
        voice.bound[f"{key}1"] = f"{family} {role.split()[-1]}"
        voice.bound[key.upper()] = f"{name} {role}"


def _speech(voice: Voice, tally: Counter[tuple[str, str, str]]) -> str:
    """One sentence of somebody speaking; who has spoken once is named shortly afterwards."""
    line = voice.pick("say", tally)
    while "{q}" in line:
        line = line.replace("{q}", voice.pick("q", tally), 1)
    said = voice.say(line)
    for key in "ab":
        if voice.bound[key] in said:
            voice.bound[key.upper()] = voice.bound[f"{key}1"]
    return said


def _sentence(voice: Voice, step: str, tally: Counter[tuple[str, str, str]]) -> str:
    voice.bound["hero2"] = person_name(voice.rng)
    return _speech(voice, tally) if step == "say" else voice.say(voice.pick(step, tally))


def _draft(voice: Voice, when: datetime, tally: Counter[tuple[str, str, str]]) -> Copy:
    _bind(voice, when)
    rng = voice.rng
    plan = ["lead", "fact", "say", rng.choice(("fact", "back", "detail")), "say", "fact"]
    plan += ["detail", "back", "say", "detail", "close"]
    for step in ("fact", "detail", "say", "back", "detail")[: rng.randint(0, 5)]:
        plan.insert(rng.randint(3, len(plan) - 1), step)
    sentences = [_sentence(voice, step, tally) for step in plan]
    return Copy(
        topic=voice.grammar.topic,
        title=voice.say(voice.pick("title", tally)),
        subtitle=_subtitle(voice),
        blocks=_with_extras(voice, _paragraphs(rng, sentences)),
        captions=tuple(voice.say(voice.pick("caption", tally)) for _ in range(2)),
        tags=tuple(
            dict.fromkeys(
                [voice.say(voice.pick("tag")), voice.say(voice.pick("tag")), voice.bound["p"].split()[-1]]
            )
        ),
        organisation=voice.bound["o"],
        spare=voice.say(voice.pick("fact", tally)),
    )


def _subtitle(voice: Voice) -> str | None:
    """None, one line or two lines (``\\n`` between them)."""
    count = voice.rng.choice((0, 0, 1, 1, 2))
    return "\n".join(voice.say(voice.pick("sub")) for _ in range(count)) or None


def _paragraphs(rng: random.Random, sentences: list[str]) -> list[str]:
    """Group sentences into paragraphs of one to three; the lead stands alone as often as not."""
    groups: list[str] = []
    rest = list(sentences)
    while rest:
        size = rng.choice((1, 1, 2, 2, 3)) if groups else rng.choice((1, 2))
        groups.append(" ".join(sentence.strip() for sentence in rest[:size]))
        rest = rest[size:]
    while len(groups) > 12:
        groups[-2:] = [f"{groups[-2]} {groups[-1]}"]
    return groups


def _with_extras(voice: Voice, paragraphs: list[str]) -> tuple[Block, ...]:
    """Paragraph blocks, in some stories with subheads, a table, a list, a quotation or an interview."""
    rng = voice.rng
    blocks = [Block(kind="p", text=text) for text in paragraphs]
    draw = rng.random()
    middle = max(2, len(blocks) // 2)
    if draw < 0.18:
        kind = rng.choice(("h3", "strong", "smtitle"))
        blocks.insert(middle, Block(kind=kind, text=voice.say(voice.pick("h"))))
    elif draw < 0.25:
        blocks.insert(middle, _table(voice))
    elif draw < 0.32:
        items = tuple(voice.say(f"{mark} " + voice.pick("sub")) for mark in ("①", "②"))
        blocks.insert(middle, Block(kind="list", items=items))
    elif draw < 0.37:
        blocks.insert(middle, Block(kind="quote", text=voice.say(f'"{voice.pick("q")}"')))
    elif draw < 0.43:
        blocks[middle:middle] = _interview(voice)
    return tuple(blocks)


def _table(voice: Voice) -> Block:
    rng = voice.rng
    years = [str(year) for year in range(2023, 2027)]
    head = ("구분", *years)
    rows = tuple((label, *(f"{rng.randint(11, 999)}" for _ in years)) for label in ("상반기", "하반기"))
    return Block(kind="table", rows=(head, *rows))


def _interview(voice: Voice) -> list[Block]:
    host = person_name(voice.rng)
    guest = voice.bound["a"].split()[0]
    answer = voice.say(f"◆ {guest}> {voice.pick('q')}. {voice.pick('fact')}")
    question = voice.say("◇ " + host + "> {s}, 지금 <어디까지 왔다고|가장 급한 것이 무엇이라고> 보십니까?")
    return [Block(kind="p", text=question), Block(kind="p", text=answer)]
