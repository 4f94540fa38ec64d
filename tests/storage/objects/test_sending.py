"""Closed captures go to a real S3 server, whatever happens on the way, and are read from there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.records import WarcPlace
from storage.warc import sent as sent_module
from storage.warc.at_hand import NotThere, WarcFile
from storage.warc.cdxj import sorted_lines
from storage.warc.cutting import cutting
from storage.warc.manifest import sha256_of, write_manifest
from storage.warc.objects import StoreRefused, check_url, store_at
from storage.warc.reading import CaptureDamaged, CaptureMissing, read_payload, read_record
from storage.warc.removed import is_cut
from storage.warc.sending import Round, send_closed
from storage.warc.sent import SENT, Sent, State, failures, files_sent, keep, point, store_of
from storage.warc.store import WarcWriter
from tests.storage.objects.conftest import Store
from tests.storage.objects.server import Fault, call
from tests.storage.test_warc import AT, REQUEST

PAGES = 3


@dataclass
class Folder:
    """A WARC folder with one closed file."""

    path: Path
    places: list[WarcPlace]

    @property
    def name(self) -> str:
        return self.places[0].file

    @property
    def file(self) -> Path:
        return self.path / self.name


def body(number: int) -> bytes:
    return f"<html><p>{number}번째 기사의 본문입니다.</p></html>".encode() + os.urandom(4000)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    with WarcWriter(tmp_path / "warc", software="newsarchive", contact=None) as warc:
        places = [
            warc.write_exchange(
                url=f"https://v.daum.net/v/2026092709543731{number}",
                fetched_at=AT,
                request=REQUEST,
                http_status=200,
                reason="OK",
                response_headers=[("Content-Type", "text/html")],
                body=body(number),
                facts={"address": f"https://v.daum.net/v/2026092709543731{number}", "hint": "목록의 제목"},
            )
            for number in range(PAGES)
        ]
    return Folder(tmp_path / "warc", places)


def sent(folder: Folder, store: Store) -> Round:
    return send_closed(folder.path, store.url)


def test_what_is_closed_goes_and_is_read_by_ranges(folder: Folder, store: Store) -> None:
    bytes_here, before = folder.file.read_bytes(), [read_payload(folder.path, one) for one in folder.places]
    done = sent(folder, store)
    assert (len(done.sent), done.waiting) == (1, 0)
    assert store.holds(folder.name) == bytes_here
    assert not folder.file.exists()

    store.plan.asked.clear()
    assert [read_payload(folder.path, one) for one in folder.places] == before
    assert store.plan.asked == [f"GET /captures/{store.prefix}/{folder.name}"] * PAGES
    assert [one.fields["offset"] for one in sorted_lines([WarcFile(folder.path, folder.name)])] == [
        str(one.offset) for one in folder.places
    ]
    again = sent(folder, store)
    assert (again.sent, again.failed, again.waiting) == ([], [], 0)


FAULTS = {
    "a 500, once": [Fault("500", "PUT", 1)],
    "five 500s in a row": [Fault("500", "PUT", 5)],
    "a lost answer after the PUT": [Fault("lost", "PUT", 1)],
    "the connection is cut while it goes up": [Fault("cut_body", "PUT", 2)],
    "the connection is cut while it is read back": [Fault("cut", "GET", 2)],
    "an answer without its second half": [Fault("short_answer", "GET", 1)],
    "a byte is another when it arrives": [Fault("corrupt", "PUT", 1)],
    "a byte is another when it comes back": [Fault("corrupt_answer", "GET", 1)],
    "a slow store": [Fault("slow", "PUT", 1), Fault("slow", "GET", 1)],
    "all of it": [
        Fault("500", "HEAD", 1), Fault("lost", "PUT", 1), Fault("corrupt", "PUT", 1), Fault("cut", "GET", 1),
    ],
}  # fmt: skip
SHORT = ("a lost answer after the PUT", "a byte is another when it arrives")


@pytest.mark.parametrize(
    "what", [pytest.param(one, marks=() if one in SHORT else pytest.mark.proof) for one in FAULTS]
)
def test_a_fault_on_the_way_costs_nothing(what: str, folder: Folder, store: Store) -> None:
    """In the same round the store has the file, byte for byte, and the ledger says so."""
    bytes_here = folder.file.read_bytes()
    store.plan.faults += [Fault(one.kind, one.method, one.times) for one in FAULTS[what]]
    assert len(sent(folder, store).sent) == 1, failures(folder.path)
    assert not folder.file.exists()
    assert store.plan.all_came
    assert store.holds(folder.name) == bytes_here
    assert files_sent(folder.path)[folder.name].state is State.SENT
    assert read_payload(folder.path, folder.places[-1])[0] == 200


@pytest.mark.proof
def test_a_store_that_keeps_another_byte_never_gets_the_only_copy(folder: Folder, store: Store) -> None:
    bytes_here = folder.file.read_bytes()
    store.plan.faults.append(Fault("corrupt", "PUT", 99))
    done = sent(folder, store)
    assert (len(done.failed), done.waiting) == (1, 1)
    assert folder.file.read_bytes() == bytes_here
    assert "is not what was put there" in (failures(folder.path)[folder.name].why or "")
    store.plan.faults.clear()
    assert len(sent(folder, store).sent) == 1
    assert failures(folder.path) == {}
    assert store.holds(folder.name) == bytes_here


@pytest.mark.proof
def test_a_store_that_is_down_says_nothing_of_a_capture(folder: Folder, store: Store) -> None:
    store.plan.faults.append(Fault("500", "PUT", 999))
    done = sent(folder, store)
    assert (len(done.failed), done.waiting) == (1, 1)
    assert folder.file.exists()
    store.plan.faults.clear()
    sent(folder, store)
    store.plan.faults.append(Fault("500", "GET", 999))
    with pytest.raises(StoreRefused, match="cannot be read"):
        read_record(folder.path, folder.places[0])
    store.plan.faults.clear()
    assert read_payload(folder.path, folder.places[0])[0] == 200
    store.loses(folder.name)
    with pytest.raises(CaptureMissing, match="and not in s3://"):
        read_record(folder.path, folder.places[0])


def test_a_death_between_any_two_steps_is_made_good(folder: Folder, store: Store) -> None:
    """Put and not proven; proven and not removed; a line of the ledger torn in the middle."""
    bytes_here = folder.file.read_bytes()
    point(folder.path, store.url)
    keep(folder.path, folder.name, State.BEGUN, store.url)
    store.put(folder.name, b"half of i")
    with (folder.path / SENT).open("a") as file:
        file.write('{"file": "newsarch')
    assert len(sent(folder, store).sent) == 1
    assert store.holds(folder.name) == bytes_here
    folder.file.write_bytes(bytes_here)  # as if the process had died before the last step
    assert len(sent(folder, store).sent) == 1
    assert not folder.file.exists()
    whole = [line for line in (folder.path / SENT).read_text().splitlines() if line[-1] == "}"]
    states = [json.loads(line)["state"] for line in whole]
    assert states == ["begun", "begun", "sent", "begun", "sent"]


def test_nothing_is_put_over_what_this_archive_did_not_put_there(folder: Folder, store: Store) -> None:
    store.put(folder.name, b"another archive's")
    for _ in range(2):
        assert "two archives need two prefixes" in (sent(folder, store).failed[0].why or "")
    assert store.holds(folder.name) == b"another archive's"
    assert folder.file.exists()


def test_a_file_that_was_changed_since_it_was_verified_stays(folder: Folder, store: Store) -> None:
    write_manifest(folder.path, {folder.name: sha256_of(folder.file)})
    folder.file.write_bytes(folder.file.read_bytes() + b"x")
    assert "verified before" in (sent(folder, store).failed[0].why or "")
    assert store.holds(folder.name) is None


def test_the_ledger_is_read_on_and_never_believed_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file that was sent or fetched read all of it: 60,000 files took a second each."""
    read: list[str] = []
    kept = sent_module._line

    def line(said: str) -> Sent | None:
        read.append(said)
        return kept(said)

    monkeypatch.setattr(sent_module, "_line", line)
    for number in range(30):
        keep(tmp_path, f"{number}.warc.gz", State.SENT, "s3://b/p")
        assert len(files_sent(tmp_path)) == number + 1
    assert len(read) == 30
    ledger = tmp_path / SENT
    lines = ledger.read_text("utf-8").splitlines(keepends=True)
    with ledger.open("a") as file:
        file.write(lines[0].replace("0.warc", "new.warc")[:-9])
    assert len(files_sent(tmp_path)) == 30, "it is being written"
    with ledger.open("a") as file:
        file.write(lines[0][-9:])
    assert "new.warc.gz" in files_sent(tmp_path)
    for now in (lines[:20], lines[1:], lines[20:] + lines[:19], [], lines[5:] + lines[:5]):
        ledger.write_text("".join(now), "utf-8")  # in place
        assert list(files_sent(tmp_path).values()) == [kept(one) for one in now]
    copy = tmp_path / "copy"
    copy.write_text(lines[3], "utf-8")
    copy.replace(ledger)
    assert list(files_sent(tmp_path)) == ["3.warc.gz"]
    ledger.unlink()
    assert files_sent(tmp_path) == {}


def test_a_takedown_reaches_the_store_and_moves_nothing(folder: Folder, store: Store) -> None:
    gone, *others = folder.places
    before = [read_record(folder.path, one) for one in others]
    size, record = folder.file.stat().st_size, read_record(folder.path, gone)
    sent(folder, store)
    digest = files_sent(folder.path)[folder.name].sha256
    with cutting(folder.path) as cutter:
        assert cutter.cut(gone, "takedown")
        assert cutter.cut_beside(gone, "takedown") == 1
    there = store.holds(folder.name)
    assert there is not None
    assert len(there) == size
    assert record not in there
    assert is_cut(read_record(folder.path, gone))
    assert [read_record(folder.path, one) for one in others] == before
    assert not folder.file.exists()
    assert files_sent(folder.path)[folder.name].sha256 != digest
    with cutting(folder.path) as cutter:
        assert not cutter.cut(gone, "takedown")
    assert not folder.file.exists()


def test_what_another_machine_removed_is_no_damage(folder: Folder, store: Store, tmp_path: Path) -> None:
    """Its ledger here is that of before: the file is read, and more is removed from it."""
    sent(folder, store)
    point(tmp_path / "other", store.url)
    taken = read_record(folder.path, folder.places[1])
    with cutting(tmp_path / "other") as cutter:
        assert cutter.cut(folder.places[0], "takedown")
    with WarcFile(folder.path, folder.name).at_hand() as path:
        assert path.read_bytes() == store.holds(folder.name)
    with cutting(folder.path) as cutter:
        assert cutter.cut(folder.places[1], "takedown")
    spoilt = bytearray(store.holds(folder.name) or b"")
    assert taken not in spoilt
    spoilt[folder.places[2].offset + 40] ^= 1
    store.put(folder.name, bytes(spoilt))
    with pytest.raises(NotThere, match="sha256"), WarcFile(tmp_path / "other", folder.name).at_hand():
        pass


def test_a_bucket_that_keeps_versions_keeps_what_was_removed(folder: Folder, store: Store) -> None:
    sent(folder, store)
    with cutting(folder.path) as cutter:
        assert cutter.cut(folder.places[0], "takedown")
    assert cutter.versions == []
    enabled = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    assert call(store.port, "PUT", f"/versions{store.prefix.replace('/', '-')}")[0] == 200
    assert call(store.port, "PUT", f"/versions{store.prefix.replace('/', '-')}?versioning", enabled)[0] == 200
    held = store.holds(folder.name) or b""
    there = f"s3://versions{store.prefix.replace('/', '-')}"
    assert call(store.port, "PUT", f"{there.removeprefix('s3:/')}/{folder.name}", held)[0] == 200
    point(folder.path, there)
    with cutting(folder.path) as cutter:
        assert cutter.cut(folder.places[1], "takedown")
    assert [folder.name in said for said in cutter.versions] == [True]


@pytest.mark.proof
def test_a_takedown_that_cannot_reach_the_store_is_not_done_and_goes_on(folder: Folder, store: Store) -> None:
    gone = folder.places[1]
    sent(folder, store)
    store.plan.faults.append(Fault("500", "PUT", 999))
    with pytest.raises(StoreRefused, match="is still in s3://"), cutting(folder.path) as cutter:
        cutter.cut(gone, "takedown")
    assert is_cut(read_record(folder.path, gone)), "what lies here is read, and that is cut"
    assert files_sent(folder.path)[folder.name].state is State.CHANGED
    store.plan.faults.clear()
    assert len(sent(folder, store).sent) == 1
    assert is_cut(read_record(folder.path, gone))
    assert not folder.file.exists()


def test_an_older_file_that_came_back_does_not_undo_a_takedown(folder: Folder, store: Store) -> None:
    older = folder.file.read_bytes()
    sent(folder, store)
    with cutting(folder.path) as cutter:
        cutter.cut(folder.places[0], "takedown")
    cut = store.holds(folder.name)
    folder.file.write_bytes(older)  # from a backup
    assert "older" in (sent(folder, store).failed[0].why or "")
    assert store.holds(folder.name) == cut


def test_the_store_moves_and_no_place_changes(folder: Folder, store: Store) -> None:
    before = [read_payload(folder.path, one) for one in folder.places]
    sent(folder, store)
    held = store.holds(folder.name)
    assert held is not None
    moved = Store(store.port, store.plan, f"moved/{store.prefix}")
    with pytest.raises(StoreRefused, match=f"{folder.name}, which was sent to .* is not in "):
        sent(folder, moved)
    assert store_of(folder.path) == store.url
    moved.put(folder.name, held)
    store.loses(folder.name)
    assert str(sent(folder, moved)).startswith("0 WARC files")
    assert store_of(folder.path) == moved.url
    assert [read_payload(folder.path, one) for one in folder.places] == before


def test_what_the_store_spoilt_is_no_capture(folder: Folder, store: Store) -> None:
    sent(folder, store)
    held = bytearray(store.holds(folder.name) or b"")
    held[folder.places[0].offset + 40] ^= 1
    store.put(folder.name, bytes(held))
    with pytest.raises(CaptureDamaged):
        read_payload(folder.path, folder.places[0])
    with pytest.raises(NotThere, match="sha256"), WarcFile(folder.path, folder.name).at_hand():
        pass
    store.put(folder.name, bytes(held[:100]))
    with pytest.raises(NotThere, match="has 100 bytes"), WarcFile(folder.path, folder.name).at_hand():
        pass
    with pytest.raises(CaptureDamaged):
        read_payload(folder.path, folder.places[2])


@pytest.mark.proof
def test_a_large_file_goes_up_in_parts(folder: Folder, store: Store) -> None:
    """Above S3's part size the driver sends parts, each of which may fail."""
    large = folder.path / "newsarchive-1-1-1.warc.gz"
    large.write_bytes(os.urandom(40 * 1024 * 1024))
    digest = sha256_of(large)
    store.plan.faults += [Fault("500", "PUT", 1), Fault("lost", "PUT", 1), Fault("cut", "GET", 1)]
    for _ in range(3):
        if not large.exists():
            break
        sent(folder, store)
    assert store_at(store.url).sha256(large.name, 40 * 1024 * 1024) == digest


@pytest.mark.parametrize(
    "url",
    [
        "captures",
        "/mnt/captures",
        "s3://",
        "s3:///",
        "memory://x",
        "https://x/y",
        "s3://k:s@b/p",
        "s3://b/p?a=1",
    ],
)
def test_what_is_no_store_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"must|keeps"):
        check_url(url)


def test_any_place_that_fsspec_knows_will_do(folder: Folder, tmp_path: Path) -> None:
    before = [read_payload(folder.path, one) for one in folder.places]
    done = send_closed(folder.path, f"file://{tmp_path}/elsewhere")
    assert (len(done.sent), folder.file.exists()) == (1, False)
    assert [read_payload(folder.path, one) for one in folder.places] == before
    assert read_record(folder.path, WarcPlace(file=folder.name, offset=10**9, length=5)) == b""
    assert read_record(folder.path, WarcPlace(file=folder.name, offset=-5, length=5)) == b""


BLOCKED = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"fsspec", "s3fs", "botocore", "dask", "distributed"}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Blocked())
"""


def test_one_machine_needs_nothing_of_it(tmp_path: Path) -> None:
    """The modules of a crawl, a re-reading and the rest, where neither fsspec nor Dask can be imported."""
    program = (
        f"{BLOCKED}\nimport crawler.orders.process, crawler.spiders.source_spider, crawler.rereading.sweep\n"
        "import crawler.imports.importer, crawler.verify.look, crawler.watch.doctor\n"
        "import crawler.rebuild.rebuild\n"
        "import storage.backup.making, storage.forget.takedown, storage.warc.wacz\n"
        "from crawler.cli import main\nsys.argv = ['newsarchive', '--help']\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
