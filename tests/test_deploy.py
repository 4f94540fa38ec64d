"""The files under deploy/ are what systemd and compose take."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.surroundings import bare_environment

DEPLOY = Path(__file__).parents[1] / "deploy"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """Verified as copies whose program exists: the installed path does not exist on a build machine."""
    program = tmp_path / "newsarchive"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in DEPLOY.glob("newsarchive*.*"):
        if unit.suffix in (".service", ".timer"):
            text = unit.read_text().replace("/opt/newsarchive/.venv/bin/newsarchive", f'"{program}"')
            (tmp_path / unit.name.replace("@", "@daum")).write_text(text)
    units = sorted(str(path) for path in tmp_path.glob("*.*"))
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "newsarchive" in line]
    assert ours == []
    assert len(units) == 5


@pytest.mark.parametrize(
    ("file", "service"),
    [
        ("compose.yaml", "scheduler"),
        ("compose.workers.yaml", "scheduler"),
        ("compose.workers.yaml", "worker"),
    ],
)
def test_compose_builds_from_the_dockerfile(file: str, service: str) -> None:
    yaml = pytest.importorskip("yaml")
    services = yaml.safe_load((DEPLOY / file).read_text())["services"]
    build = services[service]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).resolve() == DEPLOY / "Dockerfile"


def composing() -> list[str] | None:
    """Compose itself, where it is installed: the plug-in, or the program that was before it."""
    docker = shutil.which("docker")
    if docker and subprocess.run([docker, "compose", "version"], capture_output=True).returncode == 0:
        return [docker, "compose"]
    return [old] if (old := shutil.which("docker-compose")) else None


@pytest.mark.skipif(composing() is None, reason="neither docker compose nor docker-compose is installed")
@pytest.mark.parametrize("file", ["compose.yaml", "compose.workers.yaml"])
def test_compose_takes_the_files_and_asks_for_what_is_yours(file: str) -> None:
    command = [*(composing() or []), "-f", str(DEPLOY / file), "config"]
    bare = bare_environment()
    said = subprocess.run(command, env=bare, capture_output=True, text=True)
    assert (said.returncode, said.stdout) != (0, "")
    assert "an address at which the sites can reach you" in said.stderr
    yours = {"NEWSARCHIVE_CONTACT": "desk@example.org", "POSTGRES_PASSWORD": "secret"}
    done = subprocess.run(command, env=bare | yours, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "postgresql://newsarchive:secret@database/newsarchive" in done.stdout


@pytest.mark.proof
def test_the_image_has_what_its_steps_build(tmp_path: Path) -> None:
    """Its COPY and `RUN uv` lines, done in a folder: all of it but the base image, where none can be had."""
    uv = Path(sys.executable).with_name("uv")
    environment = bare_environment()
    environment |= {"UV_PYTHON": sys.executable, "UV_LINK_MODE": "copy", "UV_PYTHON_DOWNLOADS": "never"}
    environment.pop("VIRTUAL_ENV", None)
    build = (DEPLOY / "Dockerfile").read_text().split("\nFROM ")[1]
    for line in build.splitlines():
        words = line.split()
        if line.startswith("COPY "):
            for name in words[1:-1]:
                there = DEPLOY.parent / name
                copy = shutil.copytree if there.is_dir() else shutil.copy
                copy(there, tmp_path / words[-1] if there.is_dir() else tmp_path)
        elif line.startswith("RUN uv "):
            done = subprocess.run(
                [uv, *words[2:]], cwd=tmp_path, env=environment, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr[-2000:]
    program, empty = tmp_path / ".venv" / "bin" / "newsarchive", tmp_path / "empty"
    empty.mkdir()
    loads = "import procrastinate, psycopg_pool, s3fs, fsspec, crawler.schedule.worker"
    for words in (
        [str(program), "--version"],
        [str(program), "demo"],
        [str(program.with_name("python")), "-c", loads],
    ):
        done = subprocess.run(words, cwd=empty, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
    alone = subprocess.run([program, "worker"], cwd=empty, env=environment, capture_output=True, text=True)
    assert (alone.returncode, "needs PostgreSQL" in alone.stderr) == (2, True)


def commands_of_units() -> Iterator[list[str]]:
    for unit in DEPLOY.glob("*.service"):
        (start,) = [line for line in unit.read_text().splitlines() if line.startswith("ExecStart=")]
        yield start.partition("/newsarchive ")[2].split()


def commands_of_services() -> Iterator[list[str]]:
    yaml = pytest.importorskip("yaml")
    for file in DEPLOY.glob("compose*.yaml"):
        for service in yaml.safe_load(file.read_text())["services"].values():
            if "command" in service:
                yield service["command"]
            test = service["healthcheck"]["test"] if "healthcheck" in service else []
            if test[:2] == ["CMD", "newsarchive"]:
                yield test[2:]


@pytest.mark.parametrize(("started", "least"), [(commands_of_units, 4), (commands_of_services, 4)])
def test_what_is_started_is_a_command(started: Callable[[], Iterator[list[str]]], least: int) -> None:
    """Its first word has a section of docs/commands.md, and each of its options a row there."""
    text = (DEPLOY.parent / "docs" / "commands.md").read_text(encoding="utf-8")
    sections = {part.partition("\n")[0]: part for part in text.split("\n## newsarchive ")}
    found = list(started())
    assert len(found) >= least
    for words in found:
        options = [word for word in words if word.startswith("--")]
        assert [option for option in options if f"| `{option}" not in sections[words[0]]] == []


def test_the_image_copies_what_there_is() -> None:
    root = DEPLOY.parent
    for line in (DEPLOY / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            *sources, _ = line.split()[1:]
            assert [name for name in sources if not (root / name).exists()] == []
