"""Jobs in PostgreSQL, by Procrastinate: the hand-over of slots from the scheduler to workers.

Imported by the engine alone: the library is an extra (``newsarchive[cluster]``). Its tables lie in a schema
of their own, ``newsarchive_jobs``, made when the engine is first used. They may be emptied or dropped at any
time: what is owed stands in the table ``slot``, and what waits there is handed over again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, LiteralString, TypeVar, cast

import procrastinate
import psycopg
from procrastinate import PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.schema import SchemaManager
from sqlalchemy import URL, Connection, Engine, make_url, text

from crawler.schedule.slot_job import SlotJob
from storage.database.opening import CHANGE_LOCKS, open_database
from storage.database.reaching import connect_arguments
from storage.database.refusal import DatabaseRefused, refusals

log = logging.getLogger("newsarchive")

SCHEMA = "newsarchive_jobs"
TASK = "newsarchive.crawl"
STALLED_S = 30.0
"""Three of the ten-second heart-beats of Procrastinate's worker: its own measure."""
UNCLAIMED_S = 120.0
"""A job that a worker took and whose slot nobody claimed in that time is dropped, and its slot handed over
again. A crawl claims its slot within seconds of its start; our choice, for a machine that is loaded."""
PAUSE_S = 2.0
"""Between two tries while the server is away; our choice."""

T = TypeVar("T")


# --- its tables -----------------------------------------------------------------------------------


def made_by() -> str:
    """The library's version, kept as the comment of the schema that it made."""
    return f"procrastinate {procrastinate.__version__}"


def make_tables(engine: Engine) -> bool:
    """Make the schema where there is none, or anew where an earlier version of the library made it.

    Nothing is lost with it: jobs are only a hand-over. True when it was made.

    Raises:
        DatabaseRefused: the database cannot be reached, the role may not make a schema in it, or a later
            version made it: two machines would make it anew in turn.
    """
    with refusals(engine.url), engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHANGE_LOCKS[0]})
        made = found(connection)
        if made == made_by():
            return False
        if _version(made) > _version(made_by()):
            raise DatabaseRefused(
                f"The jobs' tables were made by {made}, and this machine has {made_by()}: install the same "
                "version here"
            )
        connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        connection.execute(text(f"SET LOCAL search_path = {SCHEMA}"))
        driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
        driver.execute(SchemaManager.get_schema())
        connection.execute(text(f"COMMENT ON SCHEMA {SCHEMA} IS '{made_by()}'"))
        return True


def _version(made: str | None) -> tuple[int, ...]:
    """The numbers of the version that made a schema; none where it does not say one."""
    said = (made or "").removeprefix("procrastinate ")
    return tuple(int(part) for part in said.split(".") if part.isdecimal())


def found(connection: Connection) -> str | None:
    """Which version of the library made the schema; None: there is none."""
    asked = text(
        "SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace WHERE nspname = :name"
    )
    said: str | None = connection.execute(asked, {"name": SCHEMA}).scalar()
    return said


def renew_tables(url: str) -> bool:
    """Bring the schema to this version of the library where the engine has been used; False: it was so."""
    engine = open_database(url)
    try:
        with refusals(engine.url), engine.connect() as connection:
            made = found(connection)
        return made is not None and make_tables(engine)
    finally:
        engine.dispose()


# --- reaching it ----------------------------------------------------------------------------------


_KNOWN_AGAIN: LiteralString = """
INSERT INTO procrastinate_workers (id) OVERRIDING SYSTEM VALUE VALUES (%(worker_id)s) ON CONFLICT DO NOTHING
"""


class PatientConnector(PsycopgConnector):
    """Waits while the server is away, however long: a worker that crawls does not end of it.

    Nor does it end when it was taken for dead meanwhile: it is made known again under its number, and the end
    of a job that was dropped is no error.
    """

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        said = False
        while True:
            try:
                return await ask()
            except ConnectorException as error:
                if not isinstance(error.__cause__, (psycopg.OperationalError, psycopg.InterfaceError)):
                    raise
                if not said:
                    log.warning("the jobs cannot be reached: %s", in_a_line(error))
                    said = True
            await asyncio.sleep(PAUSE_S)

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """As its base's, until the server answers."""
        ask = super().execute_query_async
        try:
            await self._patiently(lambda: ask(query, **arguments))
        except ConnectorException as error:
            if "job_id" not in arguments or not isinstance(error.__cause__, psycopg.errors.RaiseException):
                raise
            log.info("job %s had been dropped when it ended", arguments["job_id"])

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        """As its base's, until the server answers."""
        ask = super().execute_query_one_async
        try:
            return await self._patiently(lambda: ask(query, **arguments))
        except ConnectorException as error:
            if not isinstance(error.__cause__, psycopg.errors.ForeignKeyViolation):
                raise
            await self.execute_query_async(_KNOWN_AGAIN, worker_id=arguments["worker_id"])
            return await self._patiently(lambda: ask(query, **arguments))

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        """As its base's, until the server answers."""
        ask = super().execute_query_all_async
        return await self._patiently(lambda: ask(query, **arguments))


def in_a_line(error: Exception) -> str:
    """What the server or the way there said, which the library's own error has as its cause."""
    return str(error.__cause__ or error).strip().partition("\n")[0]


def _pool(url: URL, size: int) -> dict[str, Any]:
    arguments = connect_arguments(url)
    arguments["options"] += f" -c search_path={SCHEMA}"
    conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
    # timeout: of one wait for a connection; whoever is patient asks again.
    return {"conninfo": conninfo, "kwargs": arguments, "min_size": 1, "max_size": size, "timeout": 15.0}


def job_app(
    url: str, crawl: Callable[[Mapping[str, Any]], Awaitable[None]] | None = None, *, size: int = 2
) -> procrastinate.App:
    """Procrastinate's application, not yet opened.

    Args:
        crawl: what a worker does with a job's arguments; it waits while the server is away. None: jobs are
            handed over only, and a server that is away is told at once.
        size: connections at most.
    """
    connector = PatientConnector if crawl is not None else PsycopgConnector
    app = procrastinate.App(connector=connector(**_pool(make_url(url), size)))

    @app.task(name=TASK)
    async def crawl_slot(**arguments: Any) -> None:
        assert crawl is not None
        await crawl(arguments)

    return app


# --- handing over ---------------------------------------------------------------------------------


class Jobs:
    """The scheduler's side: slots that are due become jobs, and jobs that came to nothing are dropped."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._taken: dict[int, float] = {}
        """Job -> since when it was seen taken while its slot was not claimed, by time.monotonic()."""

    def hand_over(self, wanted: Sequence[SlotJob]) -> list[SlotJob]:
        """Have a job for each of these slots, and none for any other; gives those handed over just now.

        Raises:
            DatabaseRefused: the server cannot be reached, or its answer was lost; the next look mends it.
        """
        try:
            return asyncio.run(self._handed_over({job.slot: job for job in wanted}))
        except (ConnectorException, psycopg.Error) as error:
            raise DatabaseRefused(f"The jobs could not be handed over: {in_a_line(error)}") from error

    async def _handed_over(self, wanted: Mapping[int, SlotJob]) -> list[SlotJob]:
        await _reach(make_url(self._url))
        async with job_app(self._url).open_async() as app:
            taken = await self._taken_jobs(app, wanted)
            waiting = await self._waiting_jobs(app, wanted)
            return [
                job for slot, job in wanted.items() if slot not in taken | waiting and await _defer(app, job)
            ]

    async def _taken_jobs(self, app: procrastinate.App, wanted: Mapping[int, SlotJob]) -> set[int]:
        """The slots whose jobs a living worker has; of dead workers, and never begun, they are dropped."""
        manager, now = app.job_manager, time.monotonic()
        lost = await manager.get_stalled_jobs(task_name=TASK, seconds_since_heartbeat=STALLED_S)
        stalled = {job.id for job in lost}
        jobs = list(await manager.list_jobs_async(task=TASK, status=Status.DOING.value))
        unclaimed = {number for job in jobs if (number := job.id) is not None and _slot(job) in wanted}
        self._taken = {number: self._taken.get(number, now) for number in unclaimed}
        kept = set()
        for job in jobs:
            assert job.id is not None
            if job.id in stalled or now - self._taken.get(job.id, now) > UNCLAIMED_S:
                log.info("the job of %s came to nothing and is dropped", job.queueing_lock)
                await manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)
            else:
                kept.add(_slot(job))
        return kept

    async def _waiting_jobs(self, app: procrastinate.App, wanted: Mapping[int, SlotJob]) -> set[int]:
        """The slots whose jobs wait in the right queue; a job of a slot that is over is taken back."""
        kept = set()
        for job in await app.job_manager.list_jobs_async(task=TASK, status=Status.TODO.value):
            asked = wanted.get(_slot(job))
            if asked is not None and asked.queue == job.queue:
                kept.add(asked.slot)
            elif job.id is not None:
                await app.job_manager.cancel_job_by_id_async(job.id, delete_job=True)
        return kept


async def _reach(url: URL) -> None:
    """Have a server that is away say so itself, at once: a pool tries again for half a minute, and then only
    says that it did. Raises psycopg.Error."""
    how = _pool(url, 1)
    connection = await psycopg.AsyncConnection.connect(how["conninfo"], **how["kwargs"])
    await connection.close()


async def _defer(app: procrastinate.App, job: SlotJob) -> bool:
    deferrer = app.configure_task(TASK, lock=job.lock, queueing_lock=job.queueing_lock, queue=job.queue)
    try:
        await deferrer.defer_async(**job.arguments())
    except AlreadyEnqueued:  # another scheduler was quicker
        return False
    return True


def _slot(job: Job) -> int:
    """The slot of a job; -1 where its arguments are none of ours."""
    number = job.task_kwargs.get("slot")
    return number if isinstance(number, int) else -1
