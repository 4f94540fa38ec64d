"""Reading a topic's grammar and expanding its lines.

A grammar file has a ``topic`` line and blocks that start with ``@name``; each following line is one
choice. In a line ``{n:10-90}`` is a whole number, ``{f:1.2-9.8}`` a decimal one, ``{word}`` a choice from
block ``word`` (or a word bound for the whole story), ``{word^은}`` the same with its particle, ``<a|b>`` an
alternative and ``^은`` a particle.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from twin.korean import settle

_ALTERNATIVE = re.compile(r"<([^<>]*\|[^<>]*)>")
_SLOT = re.compile(r"\{(\w+)(?::([\d.]+)-([\d.]+))?\}")
_SLOT_WITH_PARTICLE = re.compile(r"\{(\w+)\^(\w+)\}")


@dataclass(frozen=True, slots=True)
class Grammar:
    """One topic: its sections, and its blocks of choices."""

    topic: str
    slugs: tuple[str, ...]
    fnnews: str
    blocks: Mapping[str, tuple[str, ...]]


@cache
def load(topic: str) -> Grammar:
    """The grammar of a topic. Raises KeyError naming a missing block."""
    text = resources.files("twin").joinpath("grammar", f"{topic}.txt").read_text("utf-8")
    head: dict[str, str] = {}
    blocks: dict[str, list[str]] = {}
    block: list[str] | None = None
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("@"):
            block = blocks.setdefault(line[1:].strip(), [])
        elif block is None:
            key, _, value = line.partition(" ")
            head[key] = value
        else:
            block.append(_SLOT_WITH_PARTICLE.sub(r"{\1}^\2", line))
    return Grammar(
        topic=topic,
        slugs=tuple(head["slugs"].split()),
        fnnews=head["fnnews"],
        blocks={name: tuple(lines) for name, lines in blocks.items()},
    )


@cache
def topics() -> tuple[str, ...]:
    """The names of all topics, sorted; ``shared`` is no topic."""
    folder = resources.files("twin").joinpath("grammar")
    names = [entry.name.removesuffix(".txt") for entry in folder.iterdir() if entry.name.endswith(".txt")]
    return tuple(sorted(name for name in names if name != "shared"))


@dataclass(slots=True)
class Voice:
    """Expands the lines of one story: bound words stay the same, the others are drawn afresh."""

    grammar: Grammar
    rng: random.Random
    bound: dict[str, str] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)
    """(block, line): nothing is said twice in one story."""

    def pick(self, block: str, tally: Counter[tuple[str, str, str]] | None = None) -> str:
        """A line of a block that this story has not used, the least used one in the edition first."""
        lines = self.grammar.blocks.get(block) or load("shared").blocks[block]
        fresh = [line for line in lines if (block, line) not in self.used] or list(lines)
        if tally is not None:
            topic = self.grammar.topic
            fewest = min(tally[topic, block, line] for line in fresh)
            fresh = [line for line in fresh if tally[topic, block, line] <= fewest + 1]
        line = self.rng.choice(fresh)
        self.used.add((block, line))
        return line

    def say(self, line: str) -> str:
        """Expand one line completely, particles included."""
        while match := _ALTERNATIVE.search(line):
            choice = self.rng.choice(match.group(1).split("|"))
            line = line[: match.start()] + choice + line[match.end() :]
        while match := _SLOT.search(line):
            line = line[: match.start()] + self._fill(match) + line[match.end() :]
            if _ALTERNATIVE.search(line):
                return self.say(line)
        return settle(line)

    def _fill(self, match: re.Match[str]) -> str:
        name, low, high = match.groups()
        if name == "n":
            number = self.rng.randint(int(low), int(high))
            is_year = int(low) > 1800 and int(high) < 2050
            return str(number) if is_year else f"{number:,}"
        if name == "f":
            return f"{self.rng.uniform(float(low), float(high)):.{len(low.partition('.')[2])}f}"
        if name in self.bound:
            return self.bound[name]
        return self.pick(name)
