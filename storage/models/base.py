"""What every table shares: names of constraints, and types that both databases keep alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from storage.utf8 import is_utf8

# Set before the first migration: without names, a constraint cannot be changed later on SQLite.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

_ON_POSTGRESQL = "postgresql"

BigInt = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on both: SQLite's INTEGER is that already, and only INTEGER may be a row's own key there."""


def storable(value: str) -> str:
    """The text as both databases can keep it.

    PostgreSQL takes no U+0000, and neither takes a lone surrogate; a page can hold both. Each is
    shown as U+FFFD, so that its place stays visible.

    >>> storable("가" + chr(0) + "나")
    '가\ufffd나'
    """
    if "\x00" not in value and is_utf8(value):
        return value
    return value.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def cleaned(value: str | None) -> str | None:
    """A string as the database takes it; None stays None."""
    return None if value is None else storable(value)


def one_of(column: str, words: Iterable[StrEnum]) -> CheckConstraint:
    """The column holds one of these words, or NULL where it may."""
    quoted = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({quoted})", name=column)


class StorableText(TypeDecorator[str]):
    """Text of any length; see :func:`storable`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Make the text storable."""
        return cleaned(value)


class HexDigest(TypeDecorator[str]):
    """A digest: hexadecimal letters to the program, half as many bytes in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Its bytes; ValueError where it is no hexadecimal."""
        return None if value is None else bytes.fromhex(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Its letters."""
        return None if value is None else bytes(value).hex()


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"the time {value.isoformat()} has no zone: store aware values only")
    return value.astimezone(UTC)


_PRINTED = len("2026-11-26 12:00:00.000000")


def printed_utc(value: datetime | None) -> str | None:
    """An instant as SQLite keeps it. SQLAlchemy prints it by seven names, which takes five times as long.

    >>> printed_utc(datetime(2026, 11, 26, 12, tzinfo=UTC))
    '2026-11-26 12:00:00.000000'
    """
    return None if value is None else _in_utc(value).isoformat(" ", "microseconds")[:_PRINTED]


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: stored in UTC, given back aware in UTC, on SQLite too, which knows no zones.

    A naive value is refused with ValueError: whose clock it is cannot be guessed.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive value; turn the others into UTC."""
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the instant its zone back."""
        if value is None:
            return None
        instant: datetime = value
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all tables."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInt,
        str: StorableText(),
        datetime: UtcDateTime(),
    }


def on_postgresql(**options: Any) -> dict[str, Any]:
    """``info`` of an index: what only PostgreSQL does with it, without the prefix ``postgresql_``.

    SQLAlchemy loads that database's dialect for an index that says it where it is declared: 25 ms of every
    program's start (2026-11-26). So it is kept here, and told where tables are made: `whole_metadata`.
    """
    return {_ON_POSTGRESQL: options}


def partial_index(name: str, where: str, *columns: Any, unique: bool = False) -> Index:
    """An index of the rows for which ``where`` holds, on both databases."""
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, info=on_postgresql(where=condition))


def whole_metadata() -> MetaData:
    """All tables with all that is said of their indexes: for whoever makes them, or compares them."""
    for table in Base.metadata.tables.values():
        for index in table.indexes:
            for name, value in index.info.get(_ON_POSTGRESQL, {}).items():
                index.dialect_kwargs[f"postgresql_{name}"] = value
    return Base.metadata


def table_of(row: type[Base]) -> Table:
    """The table of a class of rows, for statements that make no objects."""
    return cast(Table, row.__table__)
