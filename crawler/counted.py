"""A count with its noun, as all that is told to a person says it."""

from __future__ import annotations


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """The count and its noun. ``plural``: of a noun that takes neither s nor, as an address does, es.

    >>> counted(1, "page"), counted(1200, "page"), counted(0, "address"), counted(2, "body", "bodies")
    ('1 page', '1,200 pages', '0 addresses', '2 bodies')
    """
    many = plural or noun + ("es" if noun.endswith("ss") else "s")
    return f"{count:,} {noun if count == 1 else many}"
