"""What the doctor says of the object store: does it answer, what waits for it, what must not lie there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from crawler.watch.disk import size
from crawler.watch.findings import Finding, Level, Surroundings
from storage.seoul import shown
from storage.warc.objects import NoDriver, StoreRefused, store_at
from storage.warc.sending import waiting
from storage.warc.sent import Sent, State, failures, files_sent, store_of

CHECK = "object store"
LONG = timedelta(days=2)
"""After so many a store that takes nothing is no bad night any more. Our choice."""
UPLOAD = "run: newsarchive warc upload"


def object_store(at: Surroundings) -> Iterator[Finding]:
    """Nothing where there is no store and never was one."""
    folder = at.warc_folder
    try:
        noted = store_of(folder)
        known = files_sent(folder)
    except OSError as error:
        said = f"what lies in the object store cannot be read: {error.strerror}"
        yield Finding(check=CHECK, level=Level.FAIL, said=said, to_do=f"see to the rights of {folder}")
        return
    if (url := at.warc or noted) is None:
        return
    sent = [one for one in known.values() if one.state is State.SENT]
    yield _asked(url, sent)
    if at.warc is None:
        said = f"NEWSARCHIVE_WARC is not set: captures in {url} are read, and closed ones stay here"
        yield Finding(check=CHECK, level=Level.WARN, said=said, to_do="set it where crawls are started")
    if not folder.is_dir():
        return
    yield from _still_there(url, known)
    if at.warc is not None:
        yield from _waiting(at, url)


def _asked(url: str, sent: list[Sent]) -> Finding:
    """Whether the store answers, and still has the newest file that went there."""
    held = f"{len(sent)} WARC files, {size(sum(one.bytes or 0 for one in sent))}"
    newest = max(sent, key=lambda one: one.at, default=None)
    try:
        store = store_at(url)
        there = store.size(newest.file) if newest is not None else len(store.names())
    except (StoreRefused, NoDriver) as error:
        to_do = "see to the network and the keys; captures wait here meanwhile"
        return Finding(check=CHECK, level=Level.FAIL, said=str(error), to_do=to_do)
    if newest is not None and there != newest.bytes:
        said = f"{newest.file} has {there or 'no'} bytes in {url}; {newest.bytes} were sent to {newest.store}"
        return Finding(check=CHECK, level=Level.FAIL, said=said, to_do="restore it, or set the right store")
    return Finding(check=CHECK, level=Level.OK, said=f"{url} answers; sent there: {held}")


def _still_there(url: str, known: dict[str, Sent]) -> Iterator[Finding]:
    for one in known.values():
        if one.state is State.CHANGED:
            said = f"{one.file}: what was removed from it here is still in {url}"
            yield Finding(check=CHECK, level=Level.FAIL, said=said, to_do=UPLOAD)


def _waiting(at: Surroundings, url: str) -> Iterator[Finding]:
    names = waiting(at.warc_folder)
    if not names:
        return
    failed = failures(at.warc_folder)
    last = max((failed[name] for name in names if name in failed), key=lambda one: one.at, default=None)
    said = f"{len(names)} closed WARC files wait here for {url}"
    if last is None:
        yield Finding(check=CHECK, level=Level.OK, said=f"{said}: the end of the next crawl sends them")
        return
    said += f"; {last.file} was not taken at {shown(datetime.fromisoformat(last.at))}: {last.why}"
    oldest = min((at.warc_folder / name).stat().st_mtime for name in names)
    long = at.now.timestamp() - oldest > LONG.total_seconds()
    yield Finding(check=CHECK, level=Level.FAIL if long else Level.WARN, said=said, to_do=UPLOAD)
