"""Words that the two databases spell differently, and types that SQLite's views have only when told."""

# ruff: noqa: S608 (the statements are put together from the constants of these modules)

from __future__ import annotations


def whole(expression: str, backend: str) -> str:
    """An expression as a whole number: without a cast, a column of a view has no type on SQLite, and programs
    that ask for one (DuckDB, SQLAlchemy) take it for bytes or text."""
    return f"CAST({expression} AS INTEGER)" if backend == "sqlite" else expression


def worded(expression: str, backend: str) -> str:
    """An expression as text; see :func:`whole`."""
    return f"CAST({expression} AS TEXT)" if backend == "sqlite" else expression


def flag(column: str, backend: str) -> str:
    """A truth value as 1, 0 or NULL, under its own name."""
    name = column.split(".")[1]
    return f"{whole(column, backend)} AS {name}" if backend == "sqlite" else f"{column}::integer AS {name}"


def joined(select: str, column: str, backend: str) -> str:
    """The distinct values of a query's column, in order, with commas between."""
    made = (
        f"group_concat({column}, ',')"
        if backend == "sqlite"
        else f"string_agg({column}, ',' ORDER BY {column})"
    )
    return worded(f"(SELECT {made} FROM ({select} ORDER BY {column}) AS listed)", backend)
