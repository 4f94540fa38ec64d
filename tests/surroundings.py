"""What lies around a program that a test starts: an environment without settings, a port that nobody has."""

from __future__ import annotations

import os
import socket


def bare_environment() -> dict[str, str]:
    """The environment without any setting of the program's."""
    return {name: value for name, value in os.environ.items() if not name.startswith("NEWSARCHIVE_")}


def free_port(address: str = "127.0.0.1") -> int:
    """A port that nobody listens at; with an empty address, at none of this machine's."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])
