"""What others make of the WARC files, in an environment of their own: FastWARC reads, pywb replays."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.records import WarcPlace
from storage.warc.reading import read_payload
from tests.crawl.conftest import stage_on
from tests.crawl.stage import Stage
from tests.crawl.test_revisions import stories, urls
from tests.surroundings import free_port
from twin import Twin

UV = Path(sys.executable).with_name("uv")
TOOLS = ("pywb>=2.10,<3", "fastwarc>=2,<3")


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of others."""
    if not UV.exists():
        pytest.skip("uv is not here: the other programs cannot be installed")
    home = tmp_path_factory.mktemp("tools") / "env"
    made = subprocess.run(
        [UV, "venv", "-q", "--python", sys.executable, home], capture_output=True, text=True
    )
    command = [UV, "pip", "install", "-q", "--python", home / "bin" / "python", *TOOLS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if made.returncode or done.returncode:
        pytest.skip(f"pywb and FastWARC cannot be installed here: {(made.stderr + done.stderr)[-300:]}")
    return home / "bin"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """A small crawl, and the same pages asked again."""
    with Twin(articles=60) as twin:
        stage = stage_on(tmp_path_factory.mktemp("replay") / "archive", twin.url)
        stage.crawl_all()
        stage.run("fetch", *urls(stories(twin)[:3]), *stage.origins(), "--delay", "0")
    return stage


@pytest.mark.proof
def test_fastwarc_and_warcio_accept_every_file(tools: Path, crawled: Stage) -> None:
    for path in sorted((crawled.folder / "warc").glob("*.warc.gz")):
        for command in (["fastwarc", "check", "-q", path], ["warcio", "check", path]):
            done = subprocess.run(
                [tools / command[0], *command[1:]], capture_output=True, text=True, timeout=60
            )
            assert done.returncode == 0, (command, done.stdout[-500:], done.stderr[-500:])


@contextmanager
def replay(tools: Path, folder: Path) -> Iterator[str]:
    """pywb on a port of its own, over the collections of a folder."""
    port = free_port()
    command = [tools / "wayback", "-p", str(port), "-b", "127.0.0.1"]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as server,
    ):
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


def page(address: str) -> bytes:
    """What is shown there, once the server answers."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.read()
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.1)
    raise AssertionError("pywb does not answer")


@pytest.mark.proof
def test_a_page_replays_in_pywb(tools: Path, crawled: Stage, tmp_path: Path) -> None:
    """By our own index; the 304 shows the page that it leaves valid."""
    home = tmp_path / "collections" / "ours"
    (home / "indexes").mkdir(parents=True)
    (home / "archive").symlink_to(crawled.folder / "warc")
    index = crawled.run("warc", "index", "--no-revisits")
    assert index.code == 0, index.err
    (home / "indexes" / "index.cdxj").write_text(index.out)
    shown = "SELECT capture.* FROM capture JOIN appearance ON appearance.capture_id = capture.id ORDER BY 1"
    rows = crawled.rows(shown)[:5]
    unchanged = crawled.rows("SELECT * FROM capture WHERE http_status = 304 ORDER BY id")[:2]
    assert unchanged
    with replay(tools, tmp_path) as server:
        for row in (*rows, *unchanged):
            stamp = "".join(filter(str.isdigit, str(row["fetched_at"])))[:14]
            held = row
            if row["http_status"] == 304:
                same = f"SELECT * FROM capture WHERE url = '{row['url']}' AND http_status = 200"
                held = crawled.rows(same)[-1]
            place = WarcPlace(file=held["warc_file"], offset=held["warc_offset"], length=held["warc_length"])
            _, _, body = read_payload(crawled.folder / "warc", place)
            assert page(f"{server}/ours/{stamp}id_/{row['url']}") == body
            assert b"wombat" in page(f"{server}/ours/{stamp}mp_/{row['url']}"), "rewritten for a browser"
