"""A text that a page holds twice: for a wide screen and for a narrow one, of which a style shows one."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.letters import letters

_RUN = 2
"""Lines one behind the other that stand once more in their order; one alone may be a refrain or an oath."""
_LETTERS = 50
"""Letters of such lines together; a questionnaire repeats two short ones (``찬성``, ``반대``)."""


def copied_lines(texts: Sequence[str]) -> set[int]:
    """The places of lines that say again, in order, what stood before them; a text of one line may."""
    first: dict[str, int] = {}
    for at, text in enumerate(texts):
        first.setdefault(text, at)
    found: set[int] = set()
    at = 0
    while at < len(texts):
        run = _run_of(texts, first[texts[at]], at)
        if _is_copy(texts, at, run):
            found.update(range(at, at + run))
        at += max(run, 1)
    return found


def _run_of(texts: Sequence[str], start: int, at: int) -> int:
    """How many lines from ``at`` on are those from ``start`` on."""
    length = 0
    while start + length < at and at + length < len(texts) and texts[start + length] == texts[at + length]:
        length += 1
    return length


def _is_copy(texts: Sequence[str], at: int, run: int) -> bool:
    is_all = run == 1 and at == 1 and len(texts) == _RUN
    return (run >= _RUN or is_all) and sum(len(letters(t)) for t in texts[at : at + run]) >= _LETTERS
