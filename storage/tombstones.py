"""Tombstones: what was taken down and is not to come back, known by keyed hashes and by nothing else.

They lie in the archive's folder beside ``warc/``: ``tombstones.jsonl``, a line for each takedown, and
``tombstones.key``, without which no line can be compared with anything. Both belong to every backup. Whoever
has both can ask "is this address among them?", and cannot read an address or a sentence out of them.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from storage.keyed_text import SAMPLE_BYTES, Compared, KeyedText, compared, containment, pieces
from storage.likeness import Fingerprint

FILE, KEY = "tombstones.jsonl", "tombstones.key"
LEAST_LETTERS = 30
"""Of a text that is known again: below lie captions and closing lines (``사진=연합뉴스``) that unrelated
articles share. Our choice, twice the shortest sentence that a fingerprint has a key for."""
LEAST_NEAR = 100
"""Letters of a text whose near copies are refused: of less, a template is the most part. Our choice."""
REFUSED = 0.8
"""Containment of the smaller text in the other from which two are one text (measured: docs/identity.md)."""
_LIKELY = 0.5
"""Of the smaller sample, shared, from which two texts are compared though no band and no sentence is equal: a
text in one of eight times its length whose every sentence was edited shares none in one of four pairs."""


class TombstonesUnreadable(OSError):
    """The tombstones cannot be read, so nobody knows what must not be stored; the message is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """One takedown: keyed hashes of everything that it is known by."""

    id: str
    at: str
    """When, ISO 8601."""
    reason: str
    by: str
    addresses: tuple[str, ...]
    texts: tuple[KeyedText, ...] = ()


TOMBSTONE = "tombstone"
"""How the reason of such an outcome begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Which tombstone speaks against a page, and why."""

    stone: Tombstone
    words: str


class Tombstones:
    """The tombstones of one archive's folder. What another process adds is seen at the next question."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.proven = 0
        """The newest takedown of the database up to which each was found to stand here."""
        self._seen: tuple[int, ...] | None = None
        self._key = b""
        self._all: tuple[Tombstone, ...] = ()
        self._addresses: dict[str, Tombstone] = {}
        self._letters: dict[str, Tombstone] = {}
        self._bands: dict[str, list[tuple[Tombstone, KeyedText]]] = {}
        self._samples: dict[bytes, list[tuple[Tombstone, KeyedText]]] = {}

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self._folder

    # --- asking -----------------------------------------------------------------------------------

    def all(self) -> tuple[Tombstone, ...]:
        """Every tombstone, oldest first. Raises TombstonesUnreadable."""
        self._read()
        return self._all

    def at(self, url: str) -> Tombstone | None:
        """The tombstone of an address, spelled as the archive spells it. Raises TombstonesUnreadable."""
        self._read()
        return self._addresses.get(self._hash("address", url)) if self._all else None

    def among(self, urls: Iterable[str]) -> set[str]:
        """Those of the addresses, spelled so, that have a tombstone: one look for all. Raises as `at`."""
        self._read()
        return {url for url in urls if self._hash("address", url) in self._addresses} if self._all else set()

    def of(self, urls: Iterable[str], text: str | None, fingerprint: Fingerprint | None) -> Refusal | None:
        """Why a page must not be stored; None: nothing speaks against it.

        Args:
            urls: every address that it is known by.
            text: its body.
            fingerprint: of the body; None: near copies are not looked for.

        Raises:
            TombstonesUnreadable: they cannot be read.
        """
        self._read()
        if not self._all:
            return None
        for url in urls:
            if (found := self._addresses.get(self._hash("address", url))) is not None:
                return Refusal(stone=found, words=TOMBSTONE)
        if text is not None and (found := self._letters.get(self.letters(text))) is not None:
            return Refusal(stone=found, words=f"{TOMBSTONE}: its text was taken down")
        return None if fingerprint is None else self._near(fingerprint)

    def _near(self, fingerprint: Fingerprint) -> Refusal | None:
        if fingerprint.letters < LEAST_NEAR:
            return None
        page = Compared(
            shingles=fingerprint.shingles,
            slots=bytes.fromhex(self._slots(fingerprint)),
            sample=frozenset(pieces(self._sample(fingerprint))),
        )
        for stone, text in self._candidates(fingerprint, page.sample):
            if text.version == fingerprint.version:
                likely, most = containment(page, compared(text))
                if most >= REFUSED:
                    words = (
                        f"{TOMBSTONE}: nearly a text that was taken down ({likely:.0%} of the smaller one)"
                    )
                    return Refusal(stone=stone, words=words)
        return None

    def _candidates(
        self, fingerprint: Fingerprint, sample: frozenset[bytes]
    ) -> Iterable[tuple[Tombstone, KeyedText]]:
        """The texts with a band or a sentence of it, or with half of the smaller sample."""
        hashes = (self._hash("band", str(key)) for key in fingerprint.keys)
        found = {id(text): (stone, text) for one in hashes for stone, text in self._bands.get(one, ())}
        sharing = [one for piece in sample for one in self._samples.get(piece, ())]
        shared = Counter(id(text) for _, text in sharing)
        for number, (stone, text) in {id(text): (stone, text) for stone, text in sharing}.items():
            least = min(len(sample), len(text.sample) // (2 * SAMPLE_BYTES))
            if shared[number] >= _LIKELY * least:
                found[number] = (stone, text)
        return found.values()

    # --- adding -----------------------------------------------------------------------------------

    def keyed(self, text: str, fingerprint: Fingerprint) -> KeyedText:
        """The hashes of a text. Raises TombstonesUnreadable."""
        self._need_key()
        near = fingerprint.letters >= LEAST_NEAR
        return KeyedText(
            letters=self.letters(text),
            version=fingerprint.version,
            shingles=fingerprint.shingles,
            bands=tuple(self._hash("band", str(key)) for key in fingerprint.keys) if near else (),
            slots=self._slots(fingerprint) if near else "",
            sample=self._sample(fingerprint).hex() if near else "",
        )

    def address(self, url: str) -> str:
        """The hash of an address. Raises TombstonesUnreadable."""
        self._need_key()
        return self._hash("address", url)

    def bury(self, stone: Tombstone) -> None:
        """Add a tombstone, or put it in the place of the one of its number; on the disk when this returns.

        Raises:
            TombstonesUnreadable: what is there cannot be read; nothing was changed.
            OSError: the disk refused.
        """
        self._need_key()
        with self._locked():
            self._replace(stone)

    def also(self, number: str, urls: Iterable[str]) -> None:
        """Let a tombstone stand for these addresses too: nearly its text was found there. As `bury`."""
        self._need_key()
        with self._locked():
            stone = next((one for one in self.all() if one.id == number), None)
            hashes = [self._hash("address", url) for url in urls]
            if stone is not None and not set(hashes) <= set(stone.addresses):
                known = tuple(dict.fromkeys((*stone.addresses, *hashes)))
                self._replace(replace(stone, addresses=known))

    def _replace(self, stone: Tombstone) -> None:
        kept = [one for one in self.all() if one.id != stone.id]
        mark = _mark(self._key)
        lines = [json.dumps({"key": mark} | asdict(one), ensure_ascii=False) for one in (*kept, stone)]
        _write(self._folder / FILE, "".join(f"{line}\n" for line in lines).encode())

    # --- files ------------------------------------------------------------------------------------

    def _read(self) -> None:
        path = self._folder / FILE
        try:
            state = path.stat()
        except FileNotFoundError:
            self._take(None, ())
            return
        except OSError as error:
            raise TombstonesUnreadable(f"{path} cannot be read: {error.strerror}") from error
        seen = (state.st_ino, state.st_mtime_ns, state.st_size)
        if seen == self._seen:
            return
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise TombstonesUnreadable(f"{path} cannot be read: {error}; restore it from a backup") from error
        self._load_key()
        self._take(seen, tuple(self._stone(line, number) for number, line in enumerate(lines, start=1)))

    def _take(self, seen: tuple[int, ...] | None, stones: tuple[Tombstone, ...]) -> None:
        if not {one.id for one in self._all} <= {one.id for one in stones}:
            self.proven = 0
        self._seen, self._all = seen, stones
        self._addresses = {one: stone for stone in stones for one in stone.addresses}
        texts = [(stone, text) for stone in stones for text in stone.texts]
        self._letters = {text.letters: stone for stone, text in texts if text.letters}
        self._bands, self._samples = {}, {}
        for stone, text in texts:
            for band in text.bands:
                self._bands.setdefault(band, []).append((stone, text))
            for piece in pieces(bytes.fromhex(text.sample)):
                self._samples.setdefault(piece, []).append((stone, text))

    def _stone(self, line: str, number: int) -> Tombstone:
        path = self._folder / FILE
        try:
            found: dict[str, Any] = json.loads(line)
            mark = found.pop("key")
            texts = tuple(KeyedText(**one | {"bands": tuple(one["bands"])}) for one in found.pop("texts"))
            for text in texts:
                compared(text)
            stone = Tombstone(**found | {"addresses": tuple(found["addresses"])}, texts=texts)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            where = f"line {number} of {path} is no tombstone"
            raise TombstonesUnreadable(f"{where}: restore the file from a backup") from error
        if mark != _mark(self._key):
            where = f"line {number} of {path} was made with another key than that of {KEY}"
            raise TombstonesUnreadable(f"{where}: restore both files from one backup")
        return stone

    def _load_key(self) -> None:
        path = self._folder / KEY
        try:
            self._key = bytes.fromhex(path.read_text("ascii").strip())
        except (OSError, ValueError) as error:
            raise TombstonesUnreadable(
                f"{path}, without which {FILE} says nothing, cannot be read: restore it from a backup"
            ) from error

    def _need_key(self) -> None:
        """The key, made where there are neither a key nor tombstones."""
        if not (self._folder / FILE).exists() and not (self._folder / KEY).exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(self._folder / KEY, secrets.token_hex(32).encode() + b"\n")
        self._load_key()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._folder / KEY).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    # --- hashes -----------------------------------------------------------------------------------

    def _hash(self, kind: str, value: str) -> str:
        said = f"{kind}\0{value}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, said, "sha256")[:16].hex()

    def letters(self, text: str) -> str:
        """The hash of a text's letters and digits; ``""`` for one that is too short to be known again."""
        plain = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
        return self._hash("text", plain) if len(plain) >= LEAST_LETTERS else ""

    def _sample(self, fingerprint: Fingerprint) -> bytes:
        """In the order of the keyed values: that of the text is nobody's."""
        hashes = (value.to_bytes(8, "little") for value in fingerprint.sample)
        keyed = {hmac.digest(self._key, b"sample" + one, "sha256")[:SAMPLE_BYTES] for one in hashes}
        return b"".join(sorted(keyed))

    def _slots(self, fingerprint: Fingerprint) -> str:
        values = fingerprint.signature
        return bytes(
            hmac.digest(self._key, b"slot" + at.to_bytes(2, "little") + values[at : at + 2], "sha256")[0]
            for at in range(0, len(values), 2)
        ).hex()


def _mark(key: bytes) -> str:
    """What tells one key from another, and is no help in guessing it."""
    return hashlib.sha256(b"newsarchive tombstones\0" + key).hexdigest()[:16]


def _write(path: Path, data: bytes) -> None:
    """The file whole or not at all, readable by its owner alone, on the disk when this returns."""
    beside = path.with_name(f".{path.name}.new")
    fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
