"""A body while its tail is being taken off: what is left, and what was taken, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from storage.records import Removal


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the body and its place in it."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A line, or the end of one, with the rule that took it."""

    number: int
    rule: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One state of the cutting; each step gives a new one."""

    lines: tuple[Line, ...]
    taken: tuple[Taken, ...] = ()
    """In the order of the taking."""
    glued: int = 0
    """Parts cut off inside lines."""

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(line.text for line in self.lines)

    def without_last(self, rules: Sequence[str]) -> Cut:
        """As many lines fewer at the end as there are ``rules``; these are in the order of the page."""
        gone = zip(self.lines[-len(rules) :], rules, strict=True)
        taken = [Taken(number=line.number, rule=rule, text=line.text) for line, rule in gone]
        return replace(self, lines=self.lines[: -len(rules)], taken=(*self.taken, *reversed(taken)))

    def shortened(self, before: str, rule: str, after: str) -> Cut:
        """The last line is ``before`` now; ``after``, its end, is taken."""
        last = self.lines[-1]
        return replace(
            self,
            lines=(*self.lines[:-1], replace(last, text=before)),
            taken=(*self.taken, Taken(number=last.number, rule=rule, text=after)),
            glued=self.glued + 1,
        )

    def without(self, rule_for: Callable[[Line], str | None]) -> Cut:
        """Without every line to which ``rule_for`` gives a rule."""
        ruled = [(line, rule_for(line)) for line in self.lines]
        taken = [Taken(number=line.number, rule=rule, text=line.text) for line, rule in ruled if rule]
        return replace(
            self, lines=tuple(line for line, rule in ruled if not rule), taken=(*self.taken, *taken)
        )


def numbered(texts: Iterable[str]) -> Cut:
    """A body of which nothing has been taken."""
    return Cut(lines=tuple(Line(number=number, text=text) for number, text in enumerate(texts)))


def removals(cut: Cut) -> tuple[Removal, ...]:
    """What was taken, in the order of the page: of one line its end was taken first."""
    order = sorted(enumerate(cut.taken), key=lambda entry: (entry[1].number, -entry[0]))
    return tuple(Removal(rule=f"tail.{taken.rule}", text=taken.text) for _, taken in order)
