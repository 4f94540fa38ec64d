"""A twin that answers some requests otherwise than its sites would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from twin import Twin
from twin.reply import Reply

Rule = Callable[[str, str], Reply | None]
"""(host, path) -> what is answered instead; None: what the site answers."""


class _World:
    """The twin's world behind a rule."""

    def __init__(self, world: Any, rule: Rule) -> None:
        self._world, self._rule = world, rule

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)

    def answer(self, host: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        reply: Reply = self._rule(host, path) or self._world.answer(host, path, query, headers)
        return reply


def interfere(twin: Twin, rule: Rule) -> None:
    """Answer by the rule from now on."""
    twin.world = _World(twin.world, rule)  # type: ignore[assignment]


def is_fnnews_list(path: str) -> bool:
    return path.startswith(("/rss", "/section")) or path == "/newsflash"
