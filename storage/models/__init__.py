"""The tables, typed, one set for SQLite and PostgreSQL. Their words are those of the glossary.

``ledger`` holds what was asked for and what became of it, ``archive`` what the pages said. Every
change here comes with a migration (a test holds the two against each other) and a line in
docs/data-dictionary.md (another does the same).
"""

from __future__ import annotations

from storage.models.archive import (
    AppearanceRow,
    ArticleRow,
    BylineRow,
    ImageRow,
    PublisherRow,
    ReporterRow,
    RevisionRow,
    RightsRow,
    TextRow,
)
from storage.models.base import Base, UtcDateTime, storable
from storage.models.ledger import (
    AddressRow,
    AddressState,
    CaptureRow,
    DiscoveryRow,
    HostRow,
    LeaseRow,
    OutcomeRow,
    RunRow,
    SeedVisitRow,
    SourceRow,
)

__all__ = [
    "AddressRow",
    "AddressState",
    "AppearanceRow",
    "ArticleRow",
    "Base",
    "BylineRow",
    "CaptureRow",
    "DiscoveryRow",
    "HostRow",
    "ImageRow",
    "LeaseRow",
    "OutcomeRow",
    "PublisherRow",
    "ReporterRow",
    "RevisionRow",
    "RightsRow",
    "RunRow",
    "SeedVisitRow",
    "SourceRow",
    "TextRow",
    "UtcDateTime",
    "storable",
]
