"""The weekly report as plain text, for a terminal and for mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crawler.counted import counted
from crawler.watch.disk import size
from crawler.watch.gaps import Gap
from crawler.watch.week_fields import LEAST_CHANGE, WEEKS_BEFORE, FieldRate
from crawler.watch.week_report import WeeklyReport
from storage.ledger.unread import HostWeek, UncrawledSlots, UnreadAddresses, UnreadList
from storage.ledger.week import PublisherWeek, SourceWeek
from storage.seoul import day_of, shown

MOST = 20
"""Publishers of a source, lists, or reasons in the text, our choice: how many more there are is said, and
``--format json`` gives all."""


def as_text(report: WeeklyReport) -> str:
    """The report in lines that a mail can hold; counts are of the week, hosts' rests and disks of now."""
    parts = (
        ("What came", _came(report)),
        ("What is missing, and why", _missing(report)),
        ("Fields that drift", _fields(report)),
        ("Hosts that refused", _hosts(report)),
        ("Disk", _disks(report)),
    )
    lines = list(_head(report))
    for title, said in parts:
        lines += ["", title, *(f"  {_in_one_line(line)}" for line in said)]
    return "\n".join(lines)


def _in_one_line(said: str) -> str:
    """Names and reasons are the sites' own words: a line break in one would begin a line of ours."""
    indent = said[: len(said) - len(said.lstrip(" "))]
    return indent + " ".join(said.split())


def _head(report: WeeklyReport) -> Iterator[str]:
    week = report.week
    yield f"Week {week}: Monday {week.monday} to Sunday {week.sunday} (Asia/Seoul)"
    if not report.is_over:
        yield f"The week is not over: this is what had come by {shown(report.made_at)}."
    if report.archive_began is None:
        yield "The archive is empty: no run has ever begun."
    elif report.is_before_the_archive:
        yield f"The archive began later, on {day_of(report.archive_began)}: no crawl was made in this week."


# --- what came ------------------------------------------------------------------------------------


def _came(report: WeeklyReport) -> Iterator[str]:
    if not report.sources:
        yield "no run, no article"
    for source in report.sources:
        yield _source(source)
        ours = [one for one in report.publishers if one.source == source.source]
        yield from _some((f"  {_publisher(one)}" for one in ours), "publishers", "  ")


def _source(one: SourceWeek) -> str:
    verdicts = ", ".join(f"{count:,} {verdict}" for verdict, count in one.runs.most_common())
    runs = f"{counted(one.runs.total(), 'run')} begun" + (f" ({verdicts})" if verdicts else "")
    ends = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(one.outcomes.items()))
    asked = f"{counted(one.requests, 'request')}, {size(one.bytes)}; addresses: {ends or 'none asked'}"
    return f"{one.source}: {runs}, {asked}" + (f", {one.known:,} known" if one.known else "")


def _publisher(one: PublisherWeek) -> str:
    more = one.pages - one.articles
    said = [
        counted(one.articles, "article"),
        *([f"{counted(more, 'page')} of articles known by then"] if more else []),
        *([counted(one.revisions, "revision")] if one.revisions else []),
        *([f"{one.gone:,} gone"] if one.gone else []),
    ]
    return f"{one.publisher or '(publisher unknown)'}: {', '.join(said)}"


# --- what is missing ------------------------------------------------------------------------------


def _missing(report: WeeklyReport) -> Iterator[str]:
    said = [
        *map(_gap, report.gaps),
        *map(_slots, report.slots),
        *_some(map(_addresses, report.addresses), "reasons"),
        *_some(map(_list, report.lists), "lists"),
    ]
    yield from said or ["nothing that is known of"]


def _gap(gap: Gap) -> str:
    filled = (
        "can be filled: newsarchive coverage --fill" if gap.fillable else f"cannot be filled: {gap.why_not}"
    )
    return f"{gap.day} {gap.source}: {'; '.join(gap.reasons)} ({filled})"


def _slots(one: UncrawledSlots) -> str:
    why = one.reason or "no reason kept"
    return f"{one.source} {one.mode}: {counted(one.slots, 'slot')} {one.state}: {why}"


def _addresses(one: UnreadAddresses) -> str:
    still = "all still so" if one.still == one.addresses else f"{one.still:,} still so"
    return f"{one.source}: {counted(one.addresses, 'address')} {one.outcome}, {still}: {one.reason}"


def _list(one: UnreadList) -> str:
    since = "; read since" if one.read_since else ""
    often = f"{one.unread:,} of {counted(one.visits, 'visit')}"
    return f"{one.source}: list {one.seed} not read at {often} ({one.last}){since}"


# --- fields, hosts, disks -------------------------------------------------------------------------


def _fields(report: WeeklyReport) -> Iterator[str]:
    moved = report.fields.moved
    for rate in moved:
        yield _rate(rate)
    for look in report.fields.looks:
        yield f"{look.source}: {look.field} of {look.page_class}: {look.said}"
    if moved or report.fields.looks:
        return
    read = [one for one in report.fields.rates if one.articles]
    if not read:
        yield "no page was read anew"
    elif any(one.articles_before for one in read):
        yield f"none by more than {LEAST_CHANGE:.0%} and chance, against the {WEEKS_BEFORE} weeks before"
    else:
        yield f"nothing was read in the {WEEKS_BEFORE} weeks before to compare with"


def _rate(one: FieldRate) -> str:
    return (
        f"{one.source}: {one.field} of {one.page_class}: in {one.share or 0:.0%} ({one.filled:,} of "
        f"{one.articles:,}), before {one.share_before or 0:.0%} ({one.filled_before:,} of "
        f"{one.articles_before:,} in {WEEKS_BEFORE} weeks)"
    )


def _hosts(report: WeeklyReport) -> Iterator[str]:
    if not report.hosts:
        yield "none"
    yield from map(_host, report.hosts)
    for rest in report.rests:
        yield f"{rest.host} rests now, until {shown(rest.until)}: {rest.reason or 'no reason kept'}"


def _host(one: HostWeek) -> str:
    statuses = ", ".join(f"{count:,} x {status}" for status, count in sorted(one.statuses.items()))
    return f"{one.host}: {counted(one.statuses.total(), 'refusal')} ({statuses})"


def _disks(report: WeeklyReport) -> Iterator[str]:
    if report.disks_unknown:
        yield f"not known: {report.disks_unknown}"
    yield from map(str, report.disks)


def _some(lines: Iterable[str], noun: str, indent: str = "") -> Iterator[str]:
    """The first of them, and how many more there are."""
    said = list(lines)
    yield from said[:MOST]
    if len(said) > MOST:
        yield f"{indent}and {len(said) - MOST:,} {noun} more (--format json names them)"
