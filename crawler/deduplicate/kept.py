"""Answers about texts, kept for whoever asks again, within a bound of memory and not of number.

What is made of a text is as large as the text: of 256 of the twin's it took 25 MB, of 256 interviews it would
have taken 250 MB.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import update_wrapper
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

EACH = 100
"""Signs that every text counts besides its own: what is made of the shortest one takes some room too."""


class Kept(Generic[T]):
    """A function of a text, whose answers are kept; those asked for longest ago go first.

    Args:
        function: its answer depends on the text alone and is not changed by who gets it.
        signs: of the texts whose answers are kept, all together at most.
    """

    def __init__(self, function: Callable[[str], T], signs: int) -> None:
        self._function, self._signs = function, signs
        self._answers: OrderedDict[str, T] = OrderedDict()
        self._lock = Lock()  # the runs of a crawl ask from a thread each
        self.held = 0
        """Signs that the texts count whose answers are kept now."""
        update_wrapper(self, function)

    def __call__(self, text: str) -> T:
        with self._lock:
            if text in self._answers:
                self._answers.move_to_end(text)
                return self._answers[text]
        answer = self._function(text)
        if _weight(text) <= self._signs:
            with self._lock:
                self._keep(text, answer)
        return answer

    def _keep(self, text: str, answer: T) -> None:
        if text not in self._answers:
            self.held += _weight(text)
        self._answers[text] = answer
        while self.held > self._signs:
            gone, _ = self._answers.popitem(last=False)
            self.held -= _weight(gone)


def _weight(text: str) -> int:
    return EACH + len(text)


def kept(signs: int) -> Callable[[Callable[[str], T]], Kept[T]]:
    """Decorator of `Kept`."""
    return lambda function: Kept(function, signs)
