"""Let the archive know of copies of its texts that a command has made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crawler.commands.output import say
from storage.clock import utc_now
from storage.copies import note

if TYPE_CHECKING:
    from crawler.configuration.environment import Configuration


def noted(settings: Configuration, place: Path, manifest: Path | None = None, kind: str = "export") -> None:
    """Keep that a file was made: a takedown names it. A folder that may not be written is said."""
    try:
        note(settings.dir, kind, place, manifest, utc_now())
    except OSError as error:
        say(f"{settings.dir} may not be written ({error.strerror}): a takedown will not name {place}")
