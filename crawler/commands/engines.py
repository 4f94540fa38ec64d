"""Where a command has pages read: by processes of this machine, or by the workers of a Dask cluster."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.option_types import OneOf
from crawler.configuration.environment import WrongSetting

if TYPE_CHECKING:
    from crawler.configuration.environment import Configuration
    from crawler.reading.cluster import ClusterPool
    from crawler.reading.pool import ReadingPool

LOCAL, DASK = "local", "dask"

EngineName = Annotated[
    str,
    typer.Option(
        "--engine", parser=OneOf("--engine", LOCAL, DASK), help="Who reads: local, or dask (extra [dask])."
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="tcp://HOST:PORT", help="Of a Dask cluster; without it one on this machine."
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Who reads pages for a command."""

    dask: bool = False
    scheduler: str | None = None

    def pool(self, settings: Configuration, processes: int) -> ReadingPool | ClusterPool:
        """Reading processes of this machine, or a cluster of so many workers, or the one that was named.

        Raises:
            WrongSetting: the extra is not installed, or there is no cluster.
        """
        from crawler.reading.cluster import ClusterPool, NoCluster
        from crawler.reading.extension import limits_of
        from crawler.reading.pool import ReadingPool
        from crawler.reading.server import start_as_fork

        limits = replace(limits_of(settings), processes=processes)
        if not self.dask:
            start_as_fork()
            return ReadingPool(limits)
        try:
            return ClusterPool(replace(limits, processes=1), self.scheduler, processes)
        except NoCluster as error:
            raise WrongSetting(str(error)) from error


def readers(engine: str, scheduler: str | None) -> Readers:
    """What the options mean.

    Raises:
        WrongSetting: a scheduler without Dask, or Dask without its extra.
    """
    from importlib.util import find_spec

    if engine != DASK:
        if scheduler is not None:
            raise WrongSetting("--scheduler goes with --engine dask")
        return Readers()
    if find_spec("distributed") is None:
        from crawler.reading.cluster import EXTRA

        raise WrongSetting(f"--engine dask: {EXTRA}")
    if scheduler is not None and "://" not in scheduler:
        raise WrongSetting(f"--scheduler takes an address such as tcp://10.0.0.5:8786; got {scheduler!r}")
    return Readers(dask=True, scheduler=scheduler)
