"""What a store and its keys can be: each has its own sentence, and none says that a capture is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.warc import objects
from storage.warc.objects import ObjectStore, StoreRefused, store_at
from storage.warc.reading import CaptureDamaged, CaptureMissing, read_payload
from storage.warc.sending import send_closed
from storage.warc.sent import failures, point
from tests.storage.objects.conftest import Store
from tests.storage.objects.server import BUCKET, Fault
from tests.storage.objects.test_sending import Folder, folder

__all__ = ["folder"]

SAID = {
    "403 AccessDenied": "the keys may not write there",
    "403 InvalidAccessKeyId": "no such key",
    "403 SignatureDoesNotMatch": "a wrong secret",
    "403 RequestTimeTooSkewed": "a clock an hour back",
    "400 ExpiredToken": "keys of yesterday",
    "301 PermanentRedirect": "another region",
    "503 SlowDown": "too many at once",
    "507 InsufficientStorage": "a full store",
    "hang_up": "nobody there in the middle",
    "200 ": "a page of a proxy instead of the store",
}

QUICK = ("403 AccessDenied", "403 RequestTimeTooSkewed")
"""Those that are not tried again."""


@pytest.mark.proof
@pytest.mark.parametrize("kind", SAID)
@pytest.mark.parametrize("method", ["PUT", "HEAD"])
def test_whatever_it_says_the_file_stays_and_goes_later(
    kind: str, method: str, folder: Folder, store: Store
) -> None:
    bytes_here = folder.file.read_bytes()
    store.plan.faults.append(Fault(kind, method, 999))
    done = send_closed(folder.path, store.url)
    assert (len(done.failed), folder.file.read_bytes()) == (1, bytes_here), done
    assert failures(folder.path)[folder.name].why
    store.plan.faults.clear()
    assert len(send_closed(folder.path, store.url).sent) == 1
    assert store.holds(folder.name) == bytes_here


@pytest.mark.parametrize(
    "kind", [pytest.param(one, marks=() if one in QUICK else pytest.mark.proof) for one in SAID]
)
def test_whatever_it_says_no_capture_is_called_lost(kind: str, folder: Folder, store: Store) -> None:
    send_closed(folder.path, store.url)
    store.plan.faults.append(Fault(kind, "GET", 999))
    with pytest.raises((StoreRefused, CaptureDamaged)) as refused:
        read_payload(folder.path, folder.places[0])
    assert isinstance(refused.value, StoreRefused) or kind == "200 "
    store.plan.faults.clear()
    assert read_payload(folder.path, folder.places[0])[0] == 200


def test_an_answer_that_drips_is_not_waited_for(
    folder: Folder, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is never silent: a crawl that sent its files did not end, and its slot was killed after hours."""
    for limit in ("ANSWER_S", "WAIT_S"):
        monkeypatch.setattr(objects, limit, 0.2)
    store.plan.faults.append(Fault("drip", "HEAD", 99))
    done = send_closed(folder.path, store.url)
    assert (len(done.failed), done.waiting, folder.file.exists()) == (1, 1, True)
    assert (failures(folder.path)[folder.name].why or "").endswith("it answers too slowly")


# --- a store that is not there --------------------------------------------------------------------


def test_a_bucket_that_is_not_there_has_lost_no_capture(folder: Folder, store: Store) -> None:
    """Else `verify --repair` would ask the sites for every page again, for a slip in a setting."""
    bytes_here = folder.file.read_bytes()
    none = "s3://nosuchbucket/archive"
    done = send_closed(folder.path, none)
    assert (len(done.failed), folder.file.read_bytes()) == (1, bytes_here)
    send_closed(folder.path, store.url)
    point(folder.path, none)
    with pytest.raises(StoreRefused, match="nosuchbucket"):
        read_payload(folder.path, folder.places[0])
    for url in (none, "s3://nosuchbucket"):  # a store may be a whole bucket
        with pytest.raises(StoreRefused, match="there is no nosuchbucket"):
            store_at(url).size(folder.name)
        with pytest.raises(StoreRefused, match="there is no nosuchbucket"):
            store_at(url).names()


def test_a_disk_that_is_not_mounted_has_lost_no_capture(folder: Folder, tmp_path: Path) -> None:
    url = f"file://{tmp_path}/disk/archive"
    send_closed(folder.path, url)
    (tmp_path / "disk").rename(tmp_path / "elsewhere")
    with pytest.raises(StoreRefused, match=r"there is no .*disk/archive"):
        read_payload(folder.path, folder.places[0])
    (tmp_path / "elsewhere").rename(tmp_path / "disk")
    assert read_payload(folder.path, folder.places[0])[0] == 200
    assert ObjectStore(f"file://{tmp_path}/new").names() == []


def test_a_place_that_cannot_be_made_is_a_try_that_failed(folder: Folder, tmp_path: Path) -> None:
    """As any refusal of the store: whoever asks what waits hears why it was not taken."""
    (tmp_path / "disk").write_bytes(b"a file, not a folder")
    done = send_closed(folder.path, f"file://{tmp_path}/disk/archive")
    assert (len(done.failed), done.waiting, folder.file.exists()) == (1, 1, True)
    assert "it cannot be made" in (failures(folder.path)[folder.name].why or "")
    (tmp_path / "disk").unlink()
    assert len(send_closed(folder.path, f"file://{tmp_path}/disk/archive").sent) == 1


def test_what_somebody_deleted_or_replaced_there_is_told_as_that(folder: Folder, store: Store) -> None:
    send_closed(folder.path, store.url)
    store.put(folder.name, b"<html>something else</html>")
    with pytest.raises(CaptureDamaged):
        read_payload(folder.path, folder.places[0])
    store.put(folder.name, b"")
    with pytest.raises(CaptureDamaged):
        read_payload(folder.path, folder.places[0])
    store.loses(folder.name)
    with pytest.raises(CaptureMissing, match="and not in s3://"):
        read_payload(folder.path, folder.places[0])


# --- names ----------------------------------------------------------------------------------------


@pytest.fixture(
    params=["보관/기사 2026", "a+b", "a%20b", "a b/c", "日本/é", "x" * 200, ".hidden", "a//b", "a=b&c"]
)
def odd(request: pytest.FixtureRequest, store: Store) -> str:
    return f"s3://{BUCKET}/{store.prefix}/{request.param}"


def test_a_prefix_of_any_letters(odd: str, folder: Folder) -> None:
    before = [read_payload(folder.path, one) for one in folder.places]
    assert len(send_closed(folder.path, odd).sent) == 1, failures(folder.path)
    assert not folder.file.exists()
    assert [read_payload(folder.path, one) for one in folder.places] == before
    assert store_at(odd).names() == [folder.name]
