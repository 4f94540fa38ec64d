"""What can go wrong, in two words: the archive refuses, or the question is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class NewsarchiveError(Exception):
    """The message is a sentence for a person."""


class ArchiveRefused(NewsarchiveError):
    """There is no such archive, or it cannot be read, or it is of another version."""


class WrongQuestion(NewsarchiveError):
    """The database did not take the statement, or the words cannot be looked for."""


@contextmanager
def told() -> Iterator[None]:
    """The errors of the rooms below in these words."""
    from storage.database.opening import DatabaseRefused, WrongUrl
    from storage.query.parameters import WrongParameter
    from storage.query.reader import WrongStatement
    from storage.search.question import WrongQuestion as WrongWords

    try:
        yield
    except (DatabaseRefused, WrongUrl) as error:
        raise ArchiveRefused(str(error)) from error
    except (WrongStatement, WrongParameter, WrongWords) as error:
        raise WrongQuestion(str(error)) from error
