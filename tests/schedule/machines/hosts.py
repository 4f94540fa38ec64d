"""Hosts on this machine: network namespaces with names, clocks and lines of their own.

Each host has two lines (veth pairs): one to the database, which a test can cut, and one to the sites. A cut
is silent: packets are dropped, neither end is told. The clock of every Python process of the host is moved
(clock/sitecustomize.py); elapsed time stays real.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

CLOCK = Path(__file__).with_name("clock")


def why_not() -> str | None:
    """Why there can be no such hosts on this machine; None: there can."""
    if shutil.which("ip") is None or shutil.which("unshare") is None:
        return "ip (iproute2) or unshare is not installed"
    if os.geteuid() != 0:
        return "network namespaces need root"
    name = f"na{uuid.uuid4().hex[:8]}"
    tried = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        return f"this machine allows no network namespaces: {tried.stderr.strip()}"
    subprocess.run(["ip", "netns", "del", name], check=True)
    return None


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


def _free_net() -> int:
    """The third number of lines that nobody has on this machine: 10.77.N.0/30 (database), 10.78.N.0/30."""
    told = subprocess.run(["ip", "-o", "addr"], capture_output=True, text=True, check=True).stdout
    taken = {int(number) for number in re.findall(r"10\.7[78]\.(\d+)\.", told)}
    return random.choice([number for number in range(1, 255) if number not in taken])


class Host:
    """One host.

    Args:
        number: its name among the hosts of a test.
        clock: seconds that its clock is ahead.
    """

    def __init__(self, number: int, clock: float = 0.0) -> None:
        self.name = f"na{number}-{uuid.uuid4().hex[:6]}"
        self.number, self.clock = number, clock
        self._net = _free_net()
        self.processes: list[subprocess.Popen[bytes]] = []

    @property
    def database(self) -> str:
        """The address at which the host reaches what listens on this machine: its line to the database."""
        return f"10.77.{self._net}.1"

    @property
    def sites(self) -> str:
        return f"10.78.{self._net}.1"

    def __enter__(self) -> Host:
        ip("netns", "add", self.name)
        try:
            for line, net in (("d", 77), ("s", 78)):
                ours, theirs = f"{self.name}{line}", f"{self.name}{line}x"
                ip("link", "add", ours, "type", "veth", "peer", "name", theirs)
                ip("link", "set", theirs, "netns", self.name)
                ip("addr", "add", f"10.{net}.{self._net}.1/30", "dev", ours)
                ip("link", "set", ours, "up")
                ip("-n", self.name, "addr", "add", f"10.{net}.{self._net}.2/30", "dev", theirs)
                ip("-n", self.name, "link", "set", theirs, "up")
            ip("-n", self.name, "link", "set", "lo", "up")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.die()
        for process in self.processes:
            process.wait()
        for line in ("d", "s"):
            subprocess.run(["ip", "link", "del", f"{self.name}{line}"], capture_output=True, check=False)
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True, check=False)

    def start(
        self, command: Sequence[str], environment: Mapping[str, str], log: IO[bytes], folder: Path
    ) -> subprocess.Popen[bytes]:
        """Start a program on the host, in a session of its own."""
        named = ["unshare", "--uts", "sh", "-c", f'hostname {self.name} && exec "$@"', "sh", *command]
        clock = self._moved(environment) if self.clock else {}
        process = subprocess.Popen(
            ["ip", "netns", "exec", self.name, *named],
            env={**environment, **clock},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def _moved(self, environment: Mapping[str, str]) -> dict[str, str]:
        path = os.pathsep.join(filter(None, (str(CLOCK), environment.get("PYTHONPATH"))))
        return {"PYTHONPATH": path, "TEST_CLOCK_AHEAD": str(self.clock)}

    def pids(self) -> list[int]:
        """Every process of the host."""
        told = subprocess.run(["ip", "netns", "pids", self.name], capture_output=True, text=True, check=False)
        return [int(number) for number in told.stdout.split()]

    def die(self) -> None:
        """Every process of the host is gone at once, as by a power cut."""
        for number in self.pids():
            _kill(number)

    def cut(self) -> None:
        """Cut the line to the database."""
        ip("link", "set", f"{self.name}d", "down")

    def mend(self) -> None:
        ip("link", "set", f"{self.name}d", "up")


def _kill(number: int) -> None:
    try:
        os.kill(number, 9)
    except ProcessLookupError:
        return
