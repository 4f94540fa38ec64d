"""The program inside the test's own process: for commands whose start would cost more than what they do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.cli import main
from crawler.configuration.environment import configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def inside(
    folder: Path, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    """``run(*words)`` of the program, in an archive of the test's."""
    monkeypatch.setenv("NEWSARCHIVE_DIR", str(folder / "archive"))
    monkeypatch.setenv("NEWSARCHIVE_DATABASE_URL", url)
    monkeypatch.setenv("NEWSARCHIVE_CONTACT", "desk@example.com")
    monkeypatch.chdir(folder)

    def run(*words: str) -> Ended:
        configuration.cache_clear()
        monkeypatch.setattr(sys, "argv", ["newsarchive", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Ended(code=int(ended.value.code or 0), out=said.out, err=said.err)

    return run
