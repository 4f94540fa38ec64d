"""The twin's controls over HTTP: ``/__twin__/...`` on any host, or any path of the host twin.invalid."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from twin.model import Story
from twin.playing import Playing
from twin.reply import Reply, text_reply

HOST = "twin.invalid"
PREFIX = "/__twin__/"

_LOOPBACK = frozenset({"127.0.0.1", "localhost", ""})


def is_control(host: str, path: str) -> bool:
    """True for requests that drive the twin; a bare loopback host gets the list of controls."""
    return host == HOST or host in _LOOPBACK or path.startswith(PREFIX)


def answer(twin: Playing, method: str, path: str, query: Mapping[str, str]) -> Reply:
    """Run one control: 404 for an unknown one, 405 for a change asked by GET, 400 for a wrong value."""
    name = path.removeprefix(PREFIX).strip("/")
    if name in _READS:
        return _json(_READS[name](twin))
    if name not in _WRITES:
        return _json(
            {"controls": {"GET": sorted(_READS), "POST": sorted(_WRITES)}}, status=200 if name == "" else 404
        )
    if method != "POST":
        return _json({"error": f"{name} changes the twin: use POST."}, status=405)
    try:
        return _json(_WRITES[name](twin, query))
    except (KeyError, ValueError, OverflowError) as error:
        return _json({"error": f"{type(error).__name__}: {error}"}, status=400)


def story_json(story: Story) -> dict[str, Any]:
    """A story as JSON-ready values: times in ISO 8601, every appearance with its paragraphs and addresses."""
    data: dict[str, Any] = asdict(story)
    for page, plain in zip(story.appearances, data["appearances"], strict=True):
        plain["paragraphs"] = list(page.paragraphs)
        plain["addresses"] = list(page.addresses)
        for key in ("published", "modified", "touched"):
            plain[key] = plain[key] and plain[key].isoformat()
    return data


def _state(twin: Playing) -> dict[str, Any]:
    return {
        "now": twin.now.isoformat(),
        "scenario": twin.scenario,
        "stories": len(twin.world.edition.stories),
        "url": twin.url,
    }


def _advance(twin: Playing, query: Mapping[str, str]) -> dict[str, Any]:
    twin.advance(timedelta(seconds=float(query["seconds"])))
    return _state(twin)


def _now(twin: Playing, query: Mapping[str, str]) -> dict[str, Any]:
    # "+" of a time zone arrives as a blank when the caller did not quote it
    twin.set_now(datetime.fromisoformat(query["iso"].replace(" ", "+")))
    return _state(twin)


def _scenario(twin: Playing, query: Mapping[str, str]) -> dict[str, Any]:
    twin.scenario = query["name"]
    return _state(twin)


def _publish(twin: Playing, query: Mapping[str, str]) -> dict[str, Any]:
    return {"published": [story_json(story) for story in twin.publish(int(query.get("n", "1")))]}


def _edit(twin: Playing, query: Mapping[str, str]) -> dict[str, Any]:
    twin.edit(query["story"], query.get("what", "body"), query.get("site"))
    return _state(twin)


def _delete(twin: Playing, query: Mapping[str, str]) -> dict[str, Any]:
    twin.delete(query["story"])
    return _state(twin)


def _restore(twin: Playing, query: Mapping[str, str]) -> dict[str, Any]:
    twin.restore(query["story"])
    return _state(twin)


def _redesign(twin: Playing, query: Mapping[str, str]) -> dict[str, Any]:
    twin.redesign(query["site"], query.get("part", "all"))
    return _state(twin)


_READS: dict[str, Callable[[Playing], Any]] = {
    "state": _state,
    "requests": lambda twin: [asdict(request) for request in list(twin.requests)],
    "truth": lambda twin: [story_json(story) for story in twin.truth()],
    "traps": lambda twin: twin.traps(),
}
_WRITES: dict[str, Callable[[Playing, Mapping[str, str]], Any]] = {
    "advance": _advance,
    "now": _now,
    "scenario": _scenario,
    "publish": _publish,
    "edit": _edit,
    "delete": _delete,
    "restore": _restore,
    "redesign": _redesign,
}


def _json(value: object, status: int = 200) -> Reply:
    return text_reply(
        json.dumps(value, ensure_ascii=False), status=status, kind="application/json; charset=utf-8"
    )
