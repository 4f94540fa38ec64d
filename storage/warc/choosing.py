"""Answers of some days and sources alone: WARC files with nothing else in them, for others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from storage.records import RunMode
from storage.warc.at_hand import WarcFile
from storage.warc.cdxj import REVISIT, Tell, left_out, log
from storage.warc.file import begun_at, bytes_of
from storage.warc.members import Bytes, Member, beside, member_at, scan
from storage.warc.parsed import facts_of, moment, record_at

_ANSWERS = frozenset({"response", REVISIT})
_WRITTEN_WITHIN = timedelta(days=2)
"""Of a crawl's file since it was begun: its day (UTC), and one more for a clock that was set meanwhile."""
_WRITTEN_LATE = timedelta(days=7)
"""Behind an answer: at once, but a machine may sleep between the two (our choice)."""
_OPENING = 4 * 1024
"""Bytes in which the first record of a file of ours ends: it has some 400."""
_WHOLE, _PART = ".warc.gz", "-part.warc.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which answers: all that is not said is wanted."""

    since: datetime | None = None
    """Fetched at or after."""
    before: datetime | None = None
    """Fetched before."""
    sources: Collection[str] = ()
    """Of one of these; empty: of any."""

    def __bool__(self) -> bool:
        return bool(self.since or self.before or self.sources)

    def has(self, at: datetime, source: str | None) -> bool:
        early = self.since is not None and at < self.since
        late = self.before is not None and at >= self.before
        return not early and not late and (not self.sources or source in self.sources)


def choose(
    files: Sequence[WarcFile], scratch: Path, wanted: Wanted, tell: Tell = log.warning
) -> list[WarcFile]:
    """Files with the wanted answers alone, and what was written beside each.

    A file of which all is wanted is given as it is; of one with other answers a copy is made in ``scratch``,
    its records as they are (each is a gzip member), under a name that says that it is a part.

    Args:
        tell: given a sentence of each piece of a file that may hold an answer, and says not which.

    Raises:
        OSError: a file cannot be read, the copy cannot be written.
        NotThere: a file lies nowhere any more.
    """
    near = (file for file in files if not _of_other_days(file, wanted))
    return [found for file in near if (found := _chosen(file, scratch, wanted, tell)) is not None]


def name_of_whole(name: str) -> str:
    """The name of the file that one from :func:`choose` is, or is a part of."""
    return f"{name.removesuffix(_PART)}{_WHOLE}" if name.endswith(_PART) else name


def _of_other_days(file: WarcFile, wanted: Wanted) -> bool:
    """Whether a crawl of ours wrote it on days so far from the wanted ones that it need not be read."""
    begun = begun_at(file.name)
    if begun is None:
        return False
    early = wanted.since is not None and begun < wanted.since - _WRITTEN_WITHIN
    late = wanted.before is not None and begun >= wanted.before + _WRITTEN_LATE
    return (early or late) and _by_a_crawl(file.beginning(_OPENING))


def _by_a_crawl(opening: bytes) -> bool:
    """Whether a file that begins so holds what was asked when it was written: imports are older."""
    about = member_at(opening, 0)
    info = None if about is None or about.kind != "warcinfo" else record_at(opening, about)
    made_for = None if info is None else _part_of(info.content_stream().read())
    return made_for is not None and made_for.partition(" ")[2] in set(RunMode)


def _chosen(file: WarcFile, scratch: Path, wanted: Wanted, tell: Tell) -> WarcFile | None:
    with file.at_hand() as path, bytes_of(path) as data:
        found = scan(data)
        members = found.members
        about = next((one for one in members if one.kind == "warcinfo"), None)
        info = None if about is None else record_at(data, about)
        maker = None if info is None else _made_for(info.content_stream().read())
        answers = [one for one in members if one.kind in _ANSWERS]
        said = [(one, _said(data, one, maker)) for one in answers]
        kept = [one for one, known in said if known is not None and wanted.has(*known)]
        if kept and len(kept) == len(answers):
            return file
        for sentence in left_out(path.name, found):
            tell(sentence)
        if timeless := sum(known is None for _, known in said):
            tell(f"{path.name}: {timeless:,} of its answers say not when they came, and are left out")
        if not kept:
            return None
        target = scratch / f"{path.name.removesuffix(_WHOLE)}{_PART}"
        with target.open("xb") as part:
            for one in _with_beside(data, about, kept):
                part.write(data[one.start : one.end])
        return WarcFile(scratch, target.name)


def _with_beside(data: Bytes, about: Member | None, answers: Sequence[Member]) -> Iterator[Member]:
    if about is not None:
        yield about
    for one in answers:
        yield one
        yield from beside(data, one)


def _said(data: Bytes, answer: Member, maker: str | None) -> tuple[datetime, str | None] | None:
    """When it came, and of which source it is; None where it does not say when."""
    record = record_at(data, answer)
    at = None if record is None else moment(record.rec_headers.get_header("WARC-Date"))
    if at is None:
        return None
    source = facts_of(data, answer, record).get("source", maker)
    return at, source if isinstance(source, str) else None


def _made_for(warcinfo: bytes) -> str | None:
    """The source that a file says it was written for (``isPartOf: SOURCE MODE``)."""
    said = (_part_of(warcinfo) or "").split()
    return said[0] if said else None


def _part_of(warcinfo: bytes) -> str | None:
    for line in warcinfo.decode("utf-8", "replace").splitlines():
        name, _, said = line.partition(": ")
        if name == "isPartOf" and said:
            return said
    return None
