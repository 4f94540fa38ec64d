"""The program's first lines: Ctrl-C while it is still being loaded ends it like any later one."""

from __future__ import annotations

import sys


def main() -> None:
    """The entry point ``newsarchive``."""
    try:
        from crawler.cli import process
    except KeyboardInterrupt:
        sys.exit(130)  # crawler/configuration/exit_codes.py, which may not be loaded yet
    process()
