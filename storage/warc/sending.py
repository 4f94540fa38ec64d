"""Closed WARC files go to the object store, are read back from there, and only then may go here.

What is proven before the local file goes: the store says the size; and every byte that it gives back has the
digest of the file here. A digest of the store's own (S3's ETag) is no proof for us: it is of what the store
took, in a form that differs with the driver, the size and the encryption; what has to be right is what it
*gives*. The read costs one GET of each byte once in the life of a file; captures cannot be made again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from storage.warc.file import is_ours
from storage.warc.manifest import MANIFEST, read_manifest, sha256_of
from storage.warc.objects import ObjectStore, Spoilt, StoreRefused, store_at
from storage.warc.sent import Sent, State, alone, files_sent, keep, point, store_of

PUTS = 3
"""Times that a file is put because what came back was another."""
_OTHERS = (
    "another file of that name lies in the store, which this archive did not put there: two archives need "
    "two prefixes"
)
_OLDER = (
    "the store has it, and otherwise than it lies here: the one here may be older than what was removed from "
    "it since; move it away, or have verify --all look at both"
)


class NotTheSame(Exception):
    """What the store holds, or what lies here, is not the file that it should be; one sentence."""


@dataclass(slots=True)
class Round:
    """What became of the closed files of a folder."""

    sent: list[Sent] = field(default_factory=list)
    failed: list[Sent] = field(default_factory=list)
    waiting: int = 0
    """Closed files that still lie here alone."""
    busy: bool = False
    """Another process is sending: nothing was done."""

    def __str__(self) -> str:
        if self.busy:
            return "another process is sending captures: nothing was done"
        size = sum(one.bytes or 0 for one in self.sent)
        said = f"{len(self.sent)} WARC files of {size:,} bytes sent, read back and removed here"
        return said + (f"; {self.waiting} wait" if self.waiting else "")


def send_closed(
    folder: Path, url: str, say: Callable[[str], None] = lambda _said: None, seconds: float | None = None
) -> Round:
    """Send every closed file that lies here; one that the store has already is only read back.

    A failure is kept in the ledger. The first refusal of the store ends the round: the others would only
    wait for the same time-outs.

    Args:
        say: told of each file.
        seconds: no further file is begun after these; None: all are.

    Raises:
        NoDriver: the extra is not installed.
        StoreRefused: files were sent elsewhere, and the newest of them is not in this store.
        OSError: the disk refused.
    """
    store, done = store_at(url), Round()
    if not folder.is_dir():
        return done
    _need_newest(folder, store)
    point(folder, url)
    with alone(folder, wait=False) as ours:
        if not ours:
            return Round(busy=True)
        is_first = not any(one.store == url for one in files_sent(folder).values())
        names, until = waiting(folder), None if seconds is None else time.monotonic() + seconds
        for number, name in enumerate(names):
            done.waiting = len(names) - number
            if until is not None and time.monotonic() > until:
                return done
            try:
                if is_first and number == 0:
                    store.prepare()
                one = send(folder, store, name)
            except (StoreRefused, NotTheSame) as error:
                one = keep(folder, name, State.FAILED, url, why=str(error))
                done.failed.append(one)
                say(f"{name} was not sent: {error}")
                if isinstance(error, StoreRefused):
                    return done
            else:
                done.sent.append(one)
                say(f"{name}: {one.bytes:,} bytes sent and read back")
        done.waiting = len(done.failed)
    return done


def _need_newest(folder: Path, store: ObjectStore) -> None:
    """A folder is read from one store: a slip in its address would make all that was sent unreadable."""
    if store_of(folder) in (None, store.url):
        return
    sent = [one for one in files_sent(folder).values() if one.state is State.SENT]
    newest = max(sent, key=lambda one: one.at, default=None)
    if newest is not None and store.size(newest.file) != newest.bytes:
        raise StoreRefused(
            f"{newest.file}, which was sent to {newest.store}, is not in {store.url}: name the right store "
            "in NEWSARCHIVE_WARC, or copy what lies in the other one first"
        )


def waiting(folder: Path) -> list[str]:
    """Closed files of the archive that lie here; what was removed from first. Raises OSError."""
    known = files_sent(folder)
    here = [path.name for path in folder.glob("*.warc.gz") if is_ours(path.name)]

    def changed_first(name: str) -> tuple[bool, str]:
        return (name not in known or known[name].state is not State.CHANGED), name

    return sorted(here, key=changed_first)


def send(folder: Path, store: ObjectStore, name: str) -> Sent:
    """Send one closed file and remove it here. To be called with the lock (`sent.alone`).

    Raises:
        StoreRefused: the store does not answer, or not so.
        NotTheSame: the bytes here or there are others than they should be.
        OSError: the disk refused.
    """
    path, before = folder / name, files_sent(folder).get(name)
    size, sha256 = path.stat().st_size, sha256_of(path)
    verified = read_manifest(folder)[0].get(name, sha256)
    if verified != sha256:
        raise NotTheSame(f"it is not the file that was verified before: its sha256 is not that of {MANIFEST}")
    there = store.size(name)
    if there is not None and not _ours(before) and not _is(store, name, size, sha256, there):
        raise NotTheSame(_OTHERS if before is None else _OLDER)
    if before is None or before.state is not State.CHANGED:
        keep(folder, name, State.BEGUN, store.url)
    for _ in range(PUTS):
        if there is not None and _is(store, name, size, sha256, there):
            one = keep(folder, name, State.SENT, store.url, size=size, sha256=sha256)
            path.unlink()
            return one
        store.put(path, name)
        there = store.size(name)
    raise NotTheSame(f"what {store.url} gives back is not what was put there, {PUTS} times")


def _ours(before: Sent | None) -> bool:
    """Whether what lies in the store under the name may be overwritten."""
    return before is not None and before.state in (State.BEGUN, State.CHANGED)


def _is(store: ObjectStore, name: str, size: int, sha256: str, there: int) -> bool:
    """Whether the store holds the file: its size first, which costs nothing, then every byte."""
    try:
        return there == size and store.sha256(name, size) == sha256
    except (FileNotFoundError, Spoilt):
        return False
