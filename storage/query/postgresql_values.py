"""PostgreSQL's values in Python: what has no form here is given as the server writes it."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.adapt import Buffer, Loader
from psycopg.types import datetime as times


def register(driver: psycopg.Connection[Any]) -> None:
    """Have the connection read them so."""
    driver.adapters.register_loader("numeric", _Number)
    driver.adapters.register_loader("interval", _Interval)
    for name, loader in _TIMES.items():
        driver.adapters.register_loader(name, _or_as_written(loader))


class _Number(Loader):
    """PostgreSQL gives the sum of whole numbers as ``numeric``: as SQLite does, a whole number or a float."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return int(text) if text.lstrip("-").isdigit() else float(text)


class _Interval(times.IntervalLoader):
    """A month has no number of days, which a timedelta would invent."""

    def load(self, data: Buffer) -> Any:
        text = bytes(data).decode()
        return text if "mon" in text or "year" in text else super().load(data)


_TIMES: dict[str, type[Loader]] = {
    "date": times.DateLoader,
    "time": times.TimeLoader,
    "timetz": times.TimetzLoader,
    "timestamp": times.TimestampLoader,
    "timestamptz": times.TimestamptzLoader,
}


def _or_as_written(known: type[Loader]) -> type[Loader]:
    """``infinity``, years before 1 and after 9999, 24:00: Python's types end there."""

    class OrAsWritten(known):  # type: ignore[misc, valid-type]
        def load(self, data: Buffer) -> Any:
            try:
                return super().load(data)
            except psycopg.DataError:
                return bytes(data).decode()

    return OrAsWritten
