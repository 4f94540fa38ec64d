"""Files of an object store that something is removed from: brought here, changed, given back, proven.

The ledger says that a file is changed before a byte of it is. Killed at any moment, the changed file lies
here, where every reader looks first; the next round of sending, or the same command, puts it there.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from storage.warc.at_hand import away, fetch
from storage.warc.file import find_file
from storage.warc.objects import ObjectStore, StoreRefused
from storage.warc.sending import NotTheSame, send
from storage.warc.sent import State, alone, files_sent, keep, store_of

HELD = 4
"""Files that are held at once: retention goes through years of them."""


class AwayFiles:
    """The files that one cutter has brought. Without a store it does nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._url = store_of(folder) if folder.is_dir() else None
        self._lock = ExitStack()
        self._locked = False
        self._brought: dict[str, bool] = {}
        """File -> whether it was changed; in the order in which they came."""
        self._fetched: set[str] = set()
        self.versions: list[str] = []
        """What the store keeps nevertheless of files that were given back, each in a sentence."""
        self._never_sent: set[str] = set()
        """Files that lie here alone, and will while the lock is held: the ledger is asked once for each."""

    def bring(self, name: str) -> None:
        """Have a closed file lie here, and nobody send it meanwhile. Waits for whoever is sending.

        Raises:
            NotThere: it lies nowhere.
            StoreRefused, OSError: the store, the disk.
        """
        if self._url is None or name in self._brought or name in self._never_sent:
            return
        if (path := find_file(self._folder, name)) is not None and path.name != name:
            return  # open, in a living run's hands: nobody sends it
        if not self._locked:
            self._lock.enter_context(alone(self._folder, wait=True))
            self._locked = True
        while len(self._brought) >= HELD:
            self._give_one(next(iter(self._brought)))
        if find_file(self._folder, name) is None:
            fetch(self._folder, name, self._folder / name)
            self._fetched.add(name)
            self._brought[name] = False
        elif name in files_sent(self._folder):
            self._brought[name] = False
        else:
            self._never_sent.add(name)

    def changing(self, name: str) -> None:
        """Something of the file is removed now: what lies in the store is not to stay as it is."""
        if name in self._brought and not self._brought[name]:
            assert self._url is not None
            keep(self._folder, name, State.CHANGED, self._url)
            self._brought[name] = True

    def give_back(self) -> None:
        """Send every file back.

        Raises:
            StoreRefused: one was not; it lies here, and the ledger says so.
        """
        refused: StoreRefused | None = None
        for name in list(self._brought):
            try:
                self._give_one(name)
            except StoreRefused as error:
                refused = error
        if refused is not None:
            raise refused

    def let_go(self) -> None:
        """Let others send."""
        self._lock.close()

    def _give_one(self, name: str) -> None:
        changed = self._brought.pop(name)
        store, path = away(self._folder), self._folder / name
        if store is None or not path.is_file():
            return
        known = files_sent(self._folder).get(name)
        if changed or (known is not None and known.state is not State.SENT):
            self._sent(store, name)
        elif name in self._fetched:
            path.unlink()

    def _sent(self, store: ObjectStore, name: str) -> None:
        try:
            send(self._folder, store, name)
        except (StoreRefused, NotTheSame) as error:
            keep(self._folder, name, State.FAILED, store.url, why=str(error))
            raise StoreRefused(
                f"what was removed from {name} is still in {store.url}: {error}; newsarchive warc upload "
                "removes it there"
            ) from error
        if store.keeps_versions(name):
            self.versions.append(
                f"{store.url} keeps versions: an earlier one of {name} has what was removed; delete it there"
            )
