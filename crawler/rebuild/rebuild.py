"""``db rebuild``: rows for every answer in the WARC files, then each judged in the order of the fetches.

Both steps skip what is done: interrupted, the same command goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from crawler.judging.judge import Judge, Judged
from crawler.judging.line import judge_all
from crawler.rebuild.files import PREFIX, Found, answers_of
from crawler.rebuild.place import NOT_OURS
from crawler.sources.base import Source
from storage.frontier import runs
from storage.frontier.filed import Filed, end_past_runs, file_captures, to_judge
from storage.records import Outcome
from storage.tombstones import FILE, KEY, Tombstones
from storage.warc.at_hand import NotThere, WarcFile, all_files
from storage.warc.file import is_ours
from storage.warc.objects import StoreRefused
from storage.warc.recovery import recover

TOLD = 20
"""Problems that are told in full; all are counted."""
_BLOCK = 500
HOW_IT_ENDED = "made anew from WARC files, which do not say how it ended"
NOT_REBUILT = (
    "not rebuilt, because WARC files do not hold it: fetches without an answer, what was listed and not "
    "fetched, discoveries and their seeds, attempts, slots, alarms, verdicts of runs, re-readings, and what "
    "people decided (reporters joined by hand, permissions)"
)


@dataclass(slots=True)
class Report:
    """What a rebuild found and did."""

    files: int = 0
    answers: int = 0
    new: int = 0
    bare: int = 0
    """Answers of files from before there were metadata records."""
    silent: int = 0
    """Answers whose records say nothing of what they were asked for."""
    outcomes: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    """Reason -> pages in quarantine."""
    broken: Counter[str] = field(default_factory=Counter)
    """Reason -> pages that could not be stored."""
    removed: Counter[str] = field(default_factory=Counter)
    """Why -> answers that were removed on purpose, with what was noted beside them."""
    problems: list[str] = field(default_factory=list)
    problem_count: int = 0

    @property
    def undone(self) -> bool:
        """Something could not be read or stored, or is not understood."""
        return bool(self.problem_count or self.unreadable or self.broken)

    def problem(self, said: str) -> None:
        self.problem_count += 1
        if len(self.problems) < TOLD:
            self.problems.append(said)

    def found(self, one: Found) -> None:
        """Count one answer of a file."""
        if one.problem is not None:
            self.problem(one.problem)
            return
        if one.removed is not None:
            self.removed[one.removed] += 1
            return
        self.answers += 1
        self.bare += one.facts < 2
        self.silent += one.facts == 0

    def need_tombstones(self, tombstones: Tombstones) -> None:
        """A takedown that only the files tell of: nothing keeps the page from coming back."""
        if self.removed["takedown"] and not tombstones.all():
            self.problem(
                f"the files tell of takedowns, and {tombstones.folder} has no tombstones: the next crawl "
                f"stores again what was taken down; copy {FILE} and {KEY} there before"
            )

    def judged(self, one: Judged) -> None:
        """Count one capture's end."""
        if one.outcome is None:
            return
        self.outcomes[one.outcome.value] += 1
        if one.broke:
            self.broken[one.reason] += 1
        if one.outcome is Outcome.QUARANTINED:
            self.unreadable[one.reason] += 1

    def lines(self) -> Iterator[str]:
        """The report, what is lacking last."""
        yield f"{self.files:,} WARC files, {self.answers:,} answers, {self.new:,} rows of captures made"
        ended = ", ".join(f"{number:,} {name}" for name, number in sorted(self.outcomes.items()))
        yield f"judged: {ended or 'nothing was left to judge'}"
        yield from self._lacking()
        yield NOT_REBUILT

    def _lacking(self) -> Iterator[str]:
        if self.bare:
            yield (
                f"lacking: {self.bare:,} answers are from before there were metadata records: the mode and "
                "beginning of their runs, their seeds and hints are not known"
            )
        if self.silent:
            yield (
                f"lacking: {self.silent:,} of them do not say what they were asked for: the robots verdict "
                "and the site's TDM reservation are not known; a page's address is what a source knows as one"
            )
        for why, number in sorted(self.removed.items()):
            yield f"not rebuilt: {number:,} records that were removed on purpose ({why})"
        for reason, number in self.unreadable.most_common(TOLD):
            yield f"in quarantine: {number:,} pages: {reason}"
        for reason, number in self.broken.most_common(TOLD):
            yield f"cannot be stored: {number:,} pages: {reason}"
        for said in self.problems:
            yield f"cannot be read: {said}"
        if self.problem_count > len(self.problems):
            yield f"cannot be read: {self.problem_count - len(self.problems):,} more"


class Rebuild:
    """One rebuild of an archive's database from the WARC files of its folder."""

    def __init__(self, engine: Engine, folder: Path, sources: Mapping[str, Source], report: Report) -> None:
        self._engine, self._folder, self._sources, self.report = engine, folder, sources, report

    def file(self, say: Callable[[str], None]) -> None:
        """Make a row for every answer in the files. Blocking.

        Raises:
            OSError: the folder cannot be read.
        """
        for one in recover(self._folder):
            say(str(one))
        for source in self._sources.values():
            runs.register_source(self._engine, source.name, source.title, source.homepage)
        # What lies in the store is asked, not the folder's ledger: a rebuild is for when that is lost.
        for file in all_files(self._folder):
            if is_ours(file.name):
                say(f"reading {file.name}")
                self._file(file)
            else:
                self.report.problem(f"{file.name} {NOT_OURS}")
        for path in sorted(self._folder.glob("*.warc.gz.open")):
            self.report.problem(f"{path.name} is still written by a living process, or is not ours to close")

    def _file(self, file: WarcFile) -> None:
        self.report.files += 1
        try:
            with file.at_hand() as path:
                answers = answers_of(path, self._sources)
                while block := list(islice(answers, _BLOCK)):
                    self._rows(block)
        except StoreRefused:
            raise  # the same command goes on when it answers
        except OSError as error:
            self.report.problem(f"{file.name}: {error.strerror}")
        except NotThere as error:
            self.report.problem(str(error))

    def _rows(self, block: list[Found]) -> None:
        for one in block:
            self.report.found(one)
        filed: list[Filed] = [one.filed for one in block if one.filed is not None]
        self.report.new += file_captures(self._engine, filed)

    async def judge(self, judge: Judge, tell: Callable[[int, int], None]) -> None:
        """Judge what is filed, in the order of the fetches.

        Args:
            tell: told (done, total) after each capture.

        Raises:
            ReadingUnavailable: no process can be started to read pages; the same command goes on.
        """
        numbers = to_judge(self._engine)
        done = 0

        def told(one: Judged) -> None:
            nonlocal done
            done += 1
            self.report.judged(one)
            tell(done, len(numbers))

        await judge_all(self._engine, judge, numbers, told)
        end_past_runs(self._engine, PREFIX, HOW_IT_ENDED)
