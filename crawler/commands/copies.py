"""Let the archive know of copies of its texts that a command has made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.commands.output import say
from storage.clock import utc_now
from storage.copies import note

if TYPE_CHECKING:
    from crawler.configuration.environment import Configuration


@contextmanager
def noted(
    settings: Configuration, place: Path | str, manifest: Path | None = None, kind: str = "export"
) -> Iterator[None]:
    """Keep that a file is made: a takedown names it. A folder that may not be written is said.

    Before anything is in it: a process that is killed leaves what it wrote. And again when it is whole.
    """
    if _note(settings, place, manifest, kind):
        yield
        _note(settings, place, manifest, kind)
    else:
        yield


def _note(settings: Configuration, place: Path | str, manifest: Path | None, kind: str) -> bool:
    try:
        note(settings.dir, kind, place, manifest, utc_now())
    except OSError as error:
        say(f"{settings.dir} may not be written ({error.strerror}): a takedown will not name {place}")
        return False
    return True
