"""The tables, typed, one set for SQLite and PostgreSQL. Their words are those of the glossary.

``ledger`` holds what was asked for and what became of it, ``archive`` what the pages said,
``likeness`` which articles resemble each other, ``operations`` what keeps the archive going. Every
change here comes with a migration (a test holds the two against each other) and a line in
docs/data-dictionary.md (another does the same).

The modules do not postpone their annotations (``from __future__ import annotations``): SQLAlchemy would make
each of 362 out of its text again, 15 ms of every program's start (2026-11-26).
"""

from __future__ import annotations

from storage.models.archive import (
    AppearanceRow,
    ArticleRow,
    BylineRow,
    DeclaredAddressRow,
    ImageRow,
    PublisherRow,
    ReporterRow,
    RereadingRow,
    RevisionRow,
    RightsRow,
    RuleSetRow,
    TextRow,
)
from storage.models.base import Base, UtcDateTime, storable
from storage.models.crawl import (
    AddressRow,
    AddressState,
    CaptureRow,
    ChannelRow,
    DiscoveryRow,
    HostRow,
    LeaseRow,
    OutcomeRow,
    RunRow,
    SeedRow,
    SeedVisitRow,
    SourceRow,
    UnendedRow,
)
from storage.models.imports import Fate, ImportEntryRow, ImportFileRow
from storage.models.likeness import (
    ARRAYS_IN_POSTGRESQL,
    ArticleLinkRow,
    FingerprintKeyRow,
    FingerprintRow,
    GroupMemberRow,
    ReporterAliasRow,
)
from storage.models.operations import (
    AlarmRow,
    FieldStatisticRow,
    ListOverlapRow,
    SchedulerRow,
    SlotRow,
    SlotState,
    TakedownRow,
    VerificationRow,
    WorkerRow,
)
from storage.models.search import SearchEntryRow

__all__ = [
    "ARRAYS_IN_POSTGRESQL",
    "AddressRow",
    "AddressState",
    "AlarmRow",
    "AppearanceRow",
    "ArticleLinkRow",
    "ArticleRow",
    "Base",
    "BylineRow",
    "CaptureRow",
    "ChannelRow",
    "DeclaredAddressRow",
    "DiscoveryRow",
    "Fate",
    "FieldStatisticRow",
    "FingerprintKeyRow",
    "FingerprintRow",
    "GroupMemberRow",
    "HostRow",
    "ImageRow",
    "ImportEntryRow",
    "ImportFileRow",
    "LeaseRow",
    "ListOverlapRow",
    "OutcomeRow",
    "PublisherRow",
    "ReporterAliasRow",
    "ReporterRow",
    "RereadingRow",
    "RevisionRow",
    "RightsRow",
    "RuleSetRow",
    "RunRow",
    "SchedulerRow",
    "SearchEntryRow",
    "SeedRow",
    "SeedVisitRow",
    "SlotRow",
    "SlotState",
    "SourceRow",
    "TakedownRow",
    "TextRow",
    "UnendedRow",
    "UtcDateTime",
    "VerificationRow",
    "WorkerRow",
    "storable",
]
