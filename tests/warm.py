"""The program in a process of its own that has loaded it already: a short command's cost is its imports.

A server loads the program once and forks for each command; what forks is a process like any other, with its
own folder, environment, standard streams, exit code and end. Tests of signals, of kills and of the start
itself start the program anew (``tests/crawl/stage.py: Stage.start``).
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import pkgutil
import runpy
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from scrapy.settings import Settings
from scrapy.utils.misc import load_object

from crawler.commands.program import make_program

LOADED = (
    "crawler.cli",
    "crawler.commands.archive_rows",
    "crawler.commands.asking",
    "crawler.commands.exporting",
    "crawler.commands.log",
    "crawler.configuration.scrapy_addon",
    "crawler.orders.slot",
    "crawler.spiders.fill_spider",
    "crawler.spiders.generic_spider",
    "migrations.whole",
    "newsarchive",
    "psycopg",
    "pyarrow.parquet",
    "rich.table",
    "scrapy.core.engine",
    "scrapy.core.scheduler",
    "scrapy.core.scraper",
    "scrapy.dupefilters",
    "scrapy.logformatter",
    "scrapy.pqueues",
    "scrapy.squeues",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite",
    "storage.database.keeping",
    "storage.query.reader",
    "storage.query.views",
    "storage.search.find",
    "storage.search.remarks",
    "trafilatura",
    "typer._adapters",
    "typer.rich_utils",
)
ROOT = Path(__file__).parents[1]
SEEDED = ROOT / "tests" / "crawl" / "seeded"
"""Its ``sitecustomize.py`` changes modules: run when they are loaded, it does the same."""
OURS = dict(os.environ)
"""Before any test changes it."""
COMPONENTS = ("EXTENSIONS", "DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "ITEM_PIPELINES")


def load() -> None:
    """What the program imports, once for all forks; none of it starts a thread or a reactor."""
    for name in LOADED:
        pkgutil.resolve_name(name)
    make_program()
    settings = Settings()
    settings.setmodule("crawler.settings")
    for group in COMPONENTS:
        for path, order in settings.get_component_priority_dict_with_base(group).items():
            if order is not None:
                load_object(path)
    for path in settings["DOWNLOAD_HANDLERS"].values():
        if path is not None:
            load_object(path)
    assert "twisted.internet.reactor" not in sys.modules
    gc.collect()
    gc.freeze()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command to be run: its words, its whole environment, its folder, and files for its three streams."""

    module: str
    """Whose ``main`` it is."""
    words: list[str]
    environment: dict[str, str]
    folder: str
    streams: list[str]


def serve() -> None:
    """For each order on standard input: fork, say the child's number, wait, say its exit code."""
    load()
    # Python 3.12 warns where libraries began threads of their own (pyarrow's): they hold no lock of ours.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    for line in sys.stdin:
        order = Order(**json.loads(line))
        child = os.fork()
        if not child:
            become(order)
            return
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def become(order: Order) -> None:
    """Be the program, to its end."""
    for stream, path in enumerate(order.streams):
        opened = os.open(path, os.O_RDONLY if stream == 0 else os.O_WRONLY)
        os.dup2(opened, stream)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  the program's to its end
    os.environ.clear()
    os.environ.update(order.environment)
    os.chdir(order.folder)
    sys.argv = ["newsarchive", *order.words]
    from crawler.configuration.environment import configuration

    configuration.cache_clear()
    if order.environment.get("PYTHONPATH") == str(SEEDED):
        runpy.run_path(str(SEEDED / "sitecustomize.py"))
    pkgutil.resolve_name(f"{order.module}:main")()


# --- the test's side ------------------------------------------------------------------------------------


@cache
def server() -> subprocess.Popen[str]:
    """One for each worker of the tests; it ends when its input closes."""
    command = [sys.executable, "-m", "tests.warm"]
    pipe = subprocess.PIPE
    started = subprocess.Popen(command, env=OURS, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
    atexit.register(_end, started)
    return started


def _end(started: subprocess.Popen[str]) -> None:
    started.kill()
    started.communicate()


def run(
    words: Sequence[str],
    environment: dict[str, str],
    folder: Path,
    typed: str,
    timeout: float,
    module: str = "crawler.cli",
) -> subprocess.CompletedProcess[str]:
    """``newsarchive WORDS`` with exactly this environment; anew where Python's own start depends on it.

    Args:
        module: whose ``main`` is run.

    Raises:
        subprocess.TimeoutExpired: it did not end within ``timeout`` seconds, and was killed.
    """
    if _at_start(environment) != _at_start(OURS):
        command = [sys.executable, "-m", module, *words]
        return subprocess.run(
            command, env=environment, cwd=folder, input=typed, capture_output=True, text=True, timeout=timeout
        )
    with tempfile.TemporaryDirectory(prefix="streams-") as place:
        streams = [Path(place, name) for name in ("in", "out", "err")]
        for stream in streams:
            stream.write_text(typed if stream.name == "in" else "", encoding="utf-8")
        order = Order(
            module=module,
            words=list(words),
            environment=environment,
            folder=str(folder),
            streams=[*map(str, streams)],
        )
        code = _ended(order, timeout)
        out, err = (stream.read_text(encoding="utf-8") for stream in streams[1:])
    return subprocess.CompletedProcess(list(words), code, out, err)


def _at_start(environment: dict[str, str]) -> dict[str, str]:
    """What the interpreter reads once, when it starts; the program's own folder is no matter."""
    read = {name: value for name, value in environment.items() if name.startswith("PYTHON")}
    if read.get("PYTHONPATH") in (str(ROOT), str(SEEDED)):
        del read["PYTHONPATH"]
    return read


def _ended(order: Order, timeout: float) -> int:
    process = server()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(asdict(order)) + "\n")
    process.stdin.flush()
    child = int(process.stdout.readline())
    with _Deadline(child, timeout) as deadline:
        code = int(process.stdout.readline())
    if deadline.passed:
        raise subprocess.TimeoutExpired(order.words, timeout)
    return code


class _Deadline:
    """Kills the child when its time is over."""

    def __init__(self, child: int, seconds: float) -> None:
        self.passed = False
        self._child = child
        self._timer = threading.Timer(seconds, self._kill)

    def _kill(self) -> None:
        self.passed = True
        os.kill(self._child, 9)

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


if __name__ == "__main__":
    serve()
