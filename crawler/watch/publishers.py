"""Whether the publishers that the schedule file chooses are any that the portal names."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine

from crawler.configuration.file import ScheduleFile
from crawler.sources import all_sources
from crawler.watch.findings import Finding, Level
from storage.ledger.channels import unlisted


def unlisted_publishers(engine: Engine, file: ScheduleFile | None) -> Iterator[str]:
    """A sentence for each source whose chosen publishers its list does not name: their lists are not read."""
    for name, source in sorted(all_sources().items()):
        wanted = file.publishers(name) if file else None
        if wanted and (missing := unlisted(engine, name, wanted, source.default_channels)):
            yield f"{name}.publishers: the list of publishers names no {', '.join(map(repr, missing))}"


def publishers(engine: Engine, file: ScheduleFile | None) -> Iterator[Finding]:
    """What the doctor says of it. The list may be of before a new publisher came."""
    todo = "SELECT name, number FROM channel names those that there are; mend [daum] publishers"
    for said in unlisted_publishers(engine, file):
        yield Finding(check="publishers", level=Level.WARN, said=f"{said}: not read", to_do=todo)
