"""A WARC file at hand, wherever it lies: the one in the folder, else what its object store gives.

A record is read by a range; who needs a whole file gets it as a file for as long as it needs it.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.warc.file import find_file, is_name, rename_durably
from storage.warc.objects import NoDriver, ObjectStore, StoreRefused, check_url, store_at
from storage.warc.removed import nothing_but_removed
from storage.warc.sent import STORE, Sent, State, files_sent, store_of


class NotThere(Exception):
    """The file lies neither here nor in the store; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class WarcFile:
    """A closed file by its folder and name."""

    folder: Path
    name: str

    def beginning(self, length: int) -> bytes:
        """Its first bytes, from its folder or its store; none where it lies in neither. Raises OSError."""
        path = find_file(self.folder, self.name) or self.folder / self.name
        if path.is_file():
            with path.open("rb") as file:
                return file.read(length)
        return read_range(self.folder, self.name, 0, length) or b""

    @contextmanager
    def at_hand(self) -> Iterator[Path]:
        """The file under its own name: in its folder, or fetched until the end of the block.

        Raises:
            NotThere: it lies nowhere.
            StoreRefused, OSError: the store, the disk.
        """
        path = find_file(self.folder, self.name) or self.folder / self.name
        if path.is_file():  # whatever its name, where the user has named it
            yield path
            return
        with tempfile.TemporaryDirectory(prefix="newsarchive-") as scratch:
            path = Path(scratch) / self.name
            fetch(self.folder, self.name, path)
            yield path


def away(folder: Path) -> ObjectStore | None:
    """The store of a folder; None: it has none. Raises StoreRefused where it cannot be spoken to."""
    url = store_of(folder)
    if url is None:
        return None
    try:
        return store_at(check_url(url))
    except NoDriver as error:
        raise StoreRefused(str(error)) from error
    except ValueError as error:
        raise StoreRefused(f"{folder / STORE} {error}") from error  # not what it says: that may be a key


def read_range(folder: Path, name: str, start: int, length: int) -> bytes | None:
    """Bytes of a file that does not lie here; None: the store has it neither, or there is none.

    Raises:
        StoreRefused: the store does not answer; nothing is known of the file.
    """
    store = away(folder) if is_name(name) else None
    return None if store is None else store.read(name, start, length)


def sent_names(folder: Path) -> set[str]:
    """Files that may lie in the store alone. Raises OSError."""
    return {one.file for one in files_sent(folder).values() if one.state is State.SENT}


def closed_files(folder: Path) -> list[WarcFile]:
    """Every closed file of a folder, here or sent, in the order of their names. Raises OSError."""
    here = {path.name for path in folder.glob("*.warc.gz")}
    return [WarcFile(folder, name) for name in sorted(here | sent_names(folder))]


def all_files(folder: Path) -> list[WarcFile]:
    """As `closed_files`, and what other machines of the archive have sent. Raises StoreRefused, OSError."""
    store = away(folder)
    there = set() if store is None else {name for name in store.names() if name.endswith(".warc.gz")}
    return [WarcFile(folder, name) for name in sorted({one.name for one in closed_files(folder)} | there)]


def fetch(folder: Path, name: str, target: Path) -> None:
    """Bring a whole file of the store, proven by its digest, to a place. Whole or not at all.

    Raises:
        NotThere: the store does not have it, or what it has is not what was sent.
        StoreRefused, OSError: the store, the disk.
    """
    store = away(folder)
    if store is None or not is_name(name) or (size := store.size(name)) is None:
        raise NotThere(f"{name} is not in {folder}" + ("" if store is None else f", and not in {store.url}"))
    beside = target.with_name(f".{target.name}.coming")
    try:
        digest = _written(beside, store.pieces(name, size))
        if (wrong := _differs(files_sent(folder).get(name), size, digest, beside)) is not None:
            raise NotThere(f"{name} in {store.url} {wrong}")
        rename_durably(beside, target)
    except FileNotFoundError as error:  # it went away between two pieces
        raise NotThere(f"{name} is not in {store.url} any more") from error
    finally:
        beside.unlink(missing_ok=True)


def _written(path: Path, pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _differs(known: Sent | None, size: int, digest: str, path: Path) -> str | None:
    """What is wrong with a fetched file; nothing where another machine has removed records from it since."""
    if known is None or known.sha256 is None or known.sha256 == digest:
        return None
    if known.bytes != size:
        return f"has {size} bytes; {known.bytes} were sent"
    return None if nothing_but_removed(path) else "is not what was sent: its sha256 is another"
