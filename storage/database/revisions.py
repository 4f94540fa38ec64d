"""The revisions of the schema, named apart: every command asks, and some do without SQLAlchemy."""

REVISIONS = tuple(f"{number:04}" for number in range(1, 19))
"""Oldest first; the last is what this program reads and writes. Named here because Alembic, which could tell,
takes a fifth of a second to load."""
