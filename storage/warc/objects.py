"""The object store that closed WARC files go to: any place that fsspec has a driver for. No policy here.

The one module that imports fsspec, and only when a store is asked. What a driver raises is no fact about a
file unless it says "not there": everything else is `StoreRefused`, after a few tries.
"""

from __future__ import annotations

import errno
import hashlib
import time
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
_NO_VERSION = "null"
"""What S3 calls the one version of a bucket that keeps none (any more)."""

EXTRA = "captures in an object store need the extra s3: pip install 'newsarchive[s3]'"
PIECE = 8 * 1024 * 1024
"""Bytes of one ranged read, and of one part of a file that goes up in parts: what is held in memory. S3 takes
10,000 parts of at least 5 MiB, so that a file of the 1 GiB at which ours are closed has 128."""
TRIES = 3
"""Of ours, each of a whole request; the driver itself asks again inside (s3fs 2026.9: five times)."""
WAIT_S = 0.5
"""Before the second try; doubled for the third. A store that is down for longer is told, and asked later."""
CONNECT_S, READ_S = 10, 60
"""Seconds until a silent store is given up, for S3: botocore's own are 60 and 60. Our choice."""


ANSWER_S, SLOWEST, LISTED = 60.0, 32 * 1024, 64 * 1024 * 1024
"""Seconds for an answer, and one more for each so many bytes that come with it; of a list as if it had 64 MiB
(160,000 names). What drips on is never silent, and a crawl that sends its files would not end. Our choice."""


class StoreRefused(OSError):
    """The store does not do what was asked, now; one sentence. It says nothing of the file."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.strerror = said


class NoStore(Exception):
    """There is no such bucket or folder; a few words."""


class Spoilt(StoreRefused):
    """The driver itself found that what the store gives is not what was put there, at every try."""


class NoDriver(Exception):
    """What speaks to such a store is not installed; the message is one sentence."""


def check_url(url: str) -> str:
    """The address of a store, without a slash at its end.

    Raises:
        ValueError: it cannot be one.
    """
    parts = urlsplit(url)
    if "://" not in url or not parts.scheme:
        raise ValueError("must be the address of an object store, such as s3://bucket/prefix")
    if parts.username or parts.password or "@" in parts.netloc:
        raise ValueError("must not hold a key or password: drivers take them from their own settings")
    if parts.scheme in {"memory", "http", "https", "data"}:
        raise ValueError(f"a store of the kind {parts.scheme}:// keeps nothing that is put there")
    if parts.query or parts.fragment:
        raise ValueError("must be an address without ? and #")
    if not (parts.netloc + parts.path).strip("/"):
        raise ValueError("must name a bucket or folder")
    return url.rstrip("/")


def need_driver(url: str) -> None:
    """Raise NoDriver where the extra is not installed, without loading it."""
    if find_spec("fsspec") is None or (url.startswith("s3") and find_spec("s3fs") is None):
        raise NoDriver(EXTRA)


class ObjectStore:
    """Files by their names under one address. Thread-safe."""

    def __init__(self, url: str) -> None:
        """Raises NoDriver."""
        need_driver(url)
        self.url = url
        self._fs, self._root = _driver(url)
        self._is_folder = self._root.startswith("/")
        self._home = self._root if self._is_folder else self._root.partition("/")[0]
        """The bucket; of a store of files the folder."""

    def size(self, name: str) -> int | None:
        """Bytes of a file as the store says now; None: it has no such file. Raises StoreRefused."""

        def asked() -> int | None:
            try:
                return int(self._fs.info(self._path(name), **self._within())["size"])
            except FileNotFoundError:
                self._must_be()
                return None

        return self._tried(f"{name} cannot be asked for", asked)

    def keeps_versions(self, name: str) -> bool:
        """Whether it keeps what was put over: S3 tells of a bucket with versions. Raises StoreRefused."""

        def asked() -> bool:
            return (
                self._fs.info(self._path(name), **self._within()).get("VersionId") or _NO_VERSION
            ) != _NO_VERSION

        return self._tried(f"{name} cannot be asked for", asked)

    def names(self) -> list[str]:
        """The files there. Raises StoreRefused."""

        def asked() -> list[str]:
            try:
                found = self._fs.ls(self._root, detail=True, **self._within(LISTED))
            except FileNotFoundError:
                if not self._is_folder:
                    self._must_be()
                return []  # of a store of files nothing is there before its first use
            return sorted(one["name"].rpartition("/")[2] for one in found if one["type"] == "file")

        return self._tried("its files cannot be listed", asked)

    def read(self, name: str, start: int, length: int) -> bytes | None:
        """A range of a file; shorter where it ends. None: there is no such file. Raises StoreRefused."""

        def asked() -> bytes | None:
            if start < 0 or length <= 0:  # which the drivers would count from the end
                return b""
            try:
                data: bytes = self._fs.cat_file(
                    self._path(name), start=start, end=start + length, **self._within(length)
                )
            except FileNotFoundError:
                self._must_be()
                return None
            except OSError as error:
                if error.errno == errno.EINVAL:  # HTTP 416: the range lies behind the end of the file
                    return b""
                raise
            return data

        return self._tried(f"{name} cannot be read", asked)

    def pieces(self, name: str, size: int) -> Iterator[bytes]:
        """A whole file of that size, piece by piece. Raises StoreRefused, FileNotFoundError."""
        for start in range(0, size, PIECE):
            wanted = min(PIECE, size - start)
            data = self.read(name, start, wanted)
            if data is None:
                raise FileNotFoundError(errno.ENOENT, f"is not in {self.url}", name)
            if len(data) != wanted:
                raise StoreRefused(f"{self.url}: {name} ends at {start + len(data)} of {size} bytes")
            yield data

    def sha256(self, name: str, size: int) -> str:
        """Of the bytes that the store gives back. Raises as `pieces`."""
        digest = hashlib.sha256()
        for piece in self.pieces(name, size):
            digest.update(piece)
        return digest.hexdigest()

    def prepare(self) -> None:
        """Make the folder that a store of files lies in, at its first use. Raises StoreRefused."""
        if "file" in self._fs.protocol:  # elsewhere there are no folders
            self._tried("it cannot be made", lambda: self._fs.makedirs(self._root, exist_ok=True))

    def put(self, path: Path, name: str) -> None:
        """Put a file there, over one of that name. Raises StoreRefused, and FileNotFoundError of the path."""
        options = {"chunksize": PIECE, "max_concurrency": 2} if self.url.startswith("s3") else {}

        def asked() -> None:
            self._fs.put_file(str(path), self._path(name), **options, **self._within(size))

        size = path.stat().st_size  # what is not here is no fault of the store
        self._tried(f"{name} cannot be put there", asked)

    def _must_be(self) -> None:
        """Raise where a file is missing because all of them are: a bucket misspelt, a disk not mounted.

        Each would be lost to whoever asks, and asked of its site again.
        """
        if not self._fs.exists(self._home, **self._within()):
            raise NoStore(f"there is no {self._home}")

    def _within(self, size: int = 0) -> dict[str, float]:
        """How long one request may take that moves so many bytes, in fsspec's own word."""
        return {"timeout": ANSWER_S + size / SLOWEST} if self.url.startswith("s3") else {}

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _tried(self, what: str, asked: Callable[[], T]) -> T:
        for number in range(1, TRIES + 1):
            try:
                return asked()
            except NoStore as error:
                raise StoreRefused(f"{self.url}: {what}: {error}") from error
            except PermissionError as error:
                raise StoreRefused(f"{self.url}: {what}: {_said(error)}") from error
            except Exception as error:  # drivers raise what their libraries raise
                if number == TRIES:
                    kind = Spoilt if "Checksum" in type(error).__name__ else StoreRefused
                    raise kind(f"{self.url}: {what}: {_said(error)}") from error
                time.sleep(WAIT_S * 2 ** (number - 1))
        raise AssertionError("the last try returns or raises")


@cache
def store_at(url: str) -> ObjectStore:
    """The store of an address, its connections kept. Raises NoDriver."""
    return ObjectStore(url)


def _driver(url: str) -> tuple[Any, str]:
    import fsspec
    from fsspec.config import conf

    options: dict[str, Any] = {"use_listings_cache": False}
    if url.startswith("s3") and "config_kwargs" not in conf.get("s3", {}):
        # botocore's own tries would multiply with the driver's and ours: a minute for a store that is down.
        once = {"max_attempts": 1}
        options["config_kwargs"] = {"connect_timeout": CONNECT_S, "read_timeout": READ_S, "retries": once}
    if url.startswith("file"):
        options = {}
    try:
        fs, root = fsspec.core.url_to_fs(url, **options)
    except (ImportError, ValueError) as error:
        raise NoDriver(f"{url} cannot be used: {error}") from error
    return fs, root.rstrip("/")


def _said(error: Exception) -> str:
    """One line: some of these have no words, some have many."""
    if isinstance(error, TimeoutError) and not str(error):  # fsspec's own, of _within
        return "it answers too slowly"
    words = " ".join(str(error).split())
    return f"{type(error).__name__}{': ' if words else ''}{words[:300]}"
