"""The rows of a statement, and the frames that notebooks make of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from newsarchive.errors import NewsarchiveError

if TYPE_CHECKING:
    import pandas
    import polars

SHOWN = 50
"""Rows that a notebook shows of an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """All rows of a statement, in memory."""

    columns: tuple[str, ...]
    """As the database names them; see :meth:`dicts` for names that are there twice."""
    rows: Sequence[tuple[Any, ...]]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.rows)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, of which none is there twice: a second ``url`` is ``url_2``."""
        from storage.query.columns import apart

        return tuple(apart(self.columns))

    def dicts(self) -> list[dict[str, Any]]:
        """A dictionary for each row."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]

    def polars(self) -> polars.DataFrame:
        """As a frame of polars, which must be installed."""
        try:
            import polars
        except ImportError as error:
            raise NewsarchiveError("polars is not installed: pip install polars") from error
        return polars.DataFrame(
            list(self.rows), schema=list(self.names), orient="row", infer_schema_length=None
        )

    def pandas(self) -> pandas.DataFrame:
        """As a frame of pandas, which must be installed."""
        try:
            import pandas
        except ImportError as error:
            raise NewsarchiveError("pandas is not installed: pip install pandas") from error
        return pandas.DataFrame.from_records(list(self.rows), columns=list(self.names))

    def _repr_html_(self) -> str:
        """As a notebook shows it; every letter of a page escaped."""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        lines = ["".join(f"<td>{_shown(value)}</td>" for value in row) for row in self.rows[:SHOWN]]
        body = "".join(f"<tr>{line}</tr>" for line in lines)
        more = f"<p>{len(self)} rows, {SHOWN} shown</p>" if len(self) > SHOWN else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _shown(value: Any) -> str:
    return "" if value is None else escape(str(value))
