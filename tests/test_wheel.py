"""The wheel, built and run where there is nothing else: what the checkout has must not be missing in it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.commands.program import interruptible
from tests.places import ROOT

UV = Path(sys.executable).with_name("uv")
EXTRAS = ["procrastinate", "psycopg_pool", "fsspec", "s3fs", "dask", "distributed", "datasette", "pyarrow"]
"""What only extras bring: without them none of it is here, and all that follows does without."""
PAGE = ROOT / "tests/pages/daum/2018-05-16-wire-notice-inside/page.html"


def run(*words: str | Path, cwd: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSARCHIVE_", "PYTHONPATH"))}
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=environment, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.proof
def test_the_wheel_runs_in_an_empty_folder(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    run(UV, "build", "--quiet", "--wheel", "--out-dir", tmp_path, ROOT, cwd=tmp_path)
    (wheel,) = tmp_path.glob("newsarchive-*.whl")
    run(UV, "venv", "--quiet", "--python", sys.executable, tmp_path / "venv", cwd=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    run(UV, "pip", "install", "--quiet", "--python", python, wheel, cwd=tmp_path)
    here = f"from importlib.util import find_spec; print([one for one in {EXTRAS} if find_spec(one)])"
    assert run(python, "-c", here, cwd=empty).strip() == "[]"
    newsarchive = python.with_name("newsarchive")
    assert run(newsarchive, "--version", cwd=empty).strip() == f"newsarchive {version('newsarchive')}"
    page = run(newsarchive, "extract", PAGE, "--url", "https://v.daum.net/v/20180516162315753", cwd=empty)
    assert json.loads(page)["publisher"] == "뉴시스"
    assert "source  " not in run(newsarchive, "source", "list", cwd=empty)
    assert "on_both_sites" in run(newsarchive, "demo", cwd=empty)
    without = subprocess.run([newsarchive, "serve"], cwd=empty, text=True, capture_output=True, check=False)
    assert (without.returncode, "newsarchive[serve]" in without.stderr) == (2, True)
    run(UV, "pip", "install", "--quiet", "--python", python, f"{wheel}[serve]", cwd=tmp_path)
    the_reading_room_opens(newsarchive, empty)


def the_reading_room_opens(newsarchive: Path, folder: Path) -> None:
    """With its templates, its files, the dictionary and the recipes; Ctrl-C ends it in order."""
    words = [newsarchive, "serve", "--dir", "demo-archive", "--port", "0"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=folder, stderr=pipe, text=True, preexec_fn=interruptible) as serving:
        try:
            assert serving.stderr is not None
            said = serving.stderr.readline()
            address = said.split()[3]
            for path in ("", "static/room.css", "article/1", "archive/articles.json", "archive/recipe-01"):
                with urlopen(address + path, timeout=30) as answer:
                    assert answer.status == 200
        finally:
            serving.send_signal(signal.SIGINT)
        assert serving.wait(30) == 0
        assert serving.stderr.read() == ""
