"""What SQLite is told of a condition, since its own statistics would have it read a whole table."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeEngine


class rarely(FunctionElement[bool]):  # noqa: N801 (it is called like a function of SQL)
    """A condition that holds for few rows, whatever they hold.

    Where a column is NULL in all rows, or says one thing in most, and somebody gave ANALYZE, SQLite takes its
    index for one that gives every row, and reads the table (0.1 s for each page of 120,000, behind the
    writers' lock; 2026-11-28). PostgreSQL counts what is NULL apart.
    """

    inherit_cache = True
    name = "rarely"
    # Of a truth value SQLAlchemy asks SQLite whether it is 1, which no index answers.
    type: TypeEngine[Any] = NullType()


@compiles(rarely)
def _plain(element: rarely, compiler: SQLCompiler, **how: Any) -> str:
    return str(compiler.process(element.clauses, **how))


@compiles(rarely, "sqlite")
def _told(element: rarely, compiler: SQLCompiler, **how: Any) -> str:
    return f"likelihood({compiler.process(element.clauses, **how)}, 0.0001)"
