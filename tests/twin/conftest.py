"""A twin for reading, twins of their own for tests that change them, and a plain client."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from twin import Story, Twin


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


Ask = Callable[..., Answer]


def ask(twin: Twin, url: str, headers: dict[str, str] | None = None, method: str = "GET") -> Answer:
    """One request for a real address, sent to the twin under its Host header. Truncated bodies raise."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", twin.port, timeout=20)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, headers={"Host": parts.netloc, **(headers or {})})
        response = connection.getresponse()
        received = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, received, response.read())
    finally:
        connection.close()


def patient(twin: Twin, url: str) -> Answer:
    """The same, tried again as a polite crawler would: after a cut, a 429 or a 503."""
    for _ in range(3):
        try:
            answer = ask(twin, url)
        except http.client.IncompleteRead:
            continue
        if answer.status not in {429, 503}:
            return answer
    raise AssertionError(f"{url} stays broken")


def decoded(answer: Answer) -> str:
    """The page as a reader sees it: UTF-8 where the bytes are, otherwise EUC-KR."""
    try:
        return answer.body.decode()
    except UnicodeDecodeError:
        return answer.body.decode("cp949")


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    """The calm twin in full size. Tests must not change it."""
    with Twin() as running:
        yield running


@pytest.fixture
def make_twin() -> Iterator[Callable[..., Twin]]:
    """Start twins of the test's own, small unless told; all are stopped afterwards."""
    running: list[Twin] = []

    def make(**options: Any) -> Twin:
        running.append(Twin(**{"articles": 150, **options}).start())
        return running[-1]

    yield make
    for each in running:
        each.stop()


def stories(twin: Twin, kind: str = "article") -> list[Story]:
    return [story for story in twin.truth() if story.kind == kind]
