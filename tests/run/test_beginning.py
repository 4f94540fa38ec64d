"""An archive does not begin beside the captures of another, nor under a disk that is not mounted."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from crawler.configuration.environment import read_configuration
from crawler.run import beginning
from crawler.run.beginning import prepare_archive, refuse_remains, unmounted
from storage.database.opening import DatabaseRefused
from storage.warc.sent import State, keep

OURS = "newsarchive-20261126070823150019-10130-00000.warc.gz"
FSTAB = (
    "# <file system> <mount point>\nUUID=1 / ext4 defaults 0 1\nUUID=2 none swap sw 0 0\n\n"
    "UUID=3 /mnt ext4 nofail 0 2\nnas:/news /mnt/my\\040news nfs noauto 0 0\nbroken\n"
)
ROOT, MNT = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n", "23 22 8:2 / /mnt rw shared:1 - ext4 /dev/sdb rw\n"
NEWS = "24 23 0:9 / /mnt/my\\040news rw - nfs nas:/news rw\n"

UNIT = "[Unit]\nDescription=news\n[Mount]\nWhat=/dev/sdc\nWhere=/data/news \n#Where=/archive\n"


@pytest.mark.parametrize(
    ("folder", "mounted", "missing"),
    [
        ("/home/me/archive", ROOT, None),
        ("/mnt/archive", ROOT, "/mnt"),
        ("/mnt/archive", ROOT + MNT, None),
        ("/mnt/my news/archive", ROOT + MNT, "/mnt/my news"),
        ("/mnt/my news", ROOT + MNT, "/mnt/my news"),
        ("/mnt/my news/archive", ROOT + MNT + NEWS, None),
        ("/mnt/my newspaper", ROOT + MNT, None),
        ("/mntother/archive", ROOT, None),
        ("/archive", ROOT, None),
        ("/data/news/archive", ROOT, "/data/news"),  # a unit of systemd names it
        ("/media/disk/archive", ROOT, "/media/disk"),  # where the system itself has nothing but disks
        ("/media/disk/archive", ROOT + MNT.replace("/mnt", "/media/disk"), None),
        ("/media", ROOT, "/media"),
        ("/mediatheque/archive", ROOT, None),
        ("/media/archive", "", None),
        ("/archive", "", None),  # within a chroot its root is no mount point
    ],
)
def test_a_disk_that_is_not_there(folder: str, mounted: str, missing: str | None) -> None:
    assert unmounted(Path(folder), FSTAB, mounted, UNIT) == (Path(missing) if missing else None)


def test_where_an_archive_may_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("NEWSARCHIVE_DATABASE_URL", raising=False)
    monkeypatch.setattr(beginning, "FSTAB", tmp_path / "fstab")
    monkeypatch.setattr(beginning, "MOUNTED", tmp_path / "mounted")
    named = str(tmp_path / "nas").replace(" ", r"\040")
    (tmp_path / "fstab").write_text(f"nas:/news {named} nfs\n")
    (tmp_path / "mounted").write_text(ROOT)
    away = read_configuration({"dir": tmp_path / "nas" / "archive"})
    with pytest.raises(
        DatabaseRefused,
        match=rf"{re.escape(str(tmp_path))}/nas, where no disk is mounted",
    ):
        prepare_archive(away)
    assert not (tmp_path / "nas").exists()

    here = read_configuration({"dir": tmp_path / "here"})
    database = here.dir / "newsarchive.db"
    prepare_archive(here, attended=False)
    (told,) = caplog.messages  # by cron, which sends warnings on: the archive was to be there
    assert told.startswith(f"a new archive begins in {here.dir}")
    here.warc_folder.mkdir()
    (here.warc_folder / OURS).touch()
    prepare_archive(here)  # it has its tables
    for spoil in (database.unlink, database.touch, lambda: sqlite3.connect(database).close()):
        spoil()
        for begin in (prepare_archive, refuse_remains):
            with pytest.raises(DatabaseRefused, match=r"is empty, and .* holds the captures of an archive"):
                begin(here)
    (here.warc_folder / OURS).rename(here.warc_folder / "CC-NEWS-1.warc.gz")
    refuse_remains(here)
    keep(here.warc_folder, OURS, State.SENT, "s3://captures/news", size=1, sha256="0" * 64)
    with pytest.raises(DatabaseRefused, match="holds the captures of an archive, or says where they lie"):
        prepare_archive(here)
