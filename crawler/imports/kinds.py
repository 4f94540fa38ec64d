"""What kind of file it is, told by what lies in it and not by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.configuration.environment import WrongSetting
from crawler.imports.addresses import read_addresses
from crawler.imports.candidate import FileProblem, Found
from crawler.imports.saved import MANIFEST, read_saved
from crawler.imports.wacz import read_wacz
from crawler.imports.warc import read_warc
from storage.named_faults import UNREADABLE, raise_the_disks

_WARC_NAMES = (".warc", ".warc.gz", ".warc.zst", ".wacz", ".arc", ".arc.gz")
_PACKED = {
    b"\x28\xb5\x2f\xfd": "zstd -d",
    b"\x5d\x2a\x4d\x18": "zstd -d",  # the dictionary that stands in front of a .warc.zst
    b"\xfd7zXZ\x00": "xz -d",
    b"BZh": "bzip2 -d",
    b"7z\xbc\xaf\x27\x1c": "7z x",
    b"Rar!": "unrar x",
}
"""How files begin that hold what could be read, once unpacked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One file to be read."""

    path: Path
    kind: str
    """``warc``, ``wacz``, ``saved`` or ``addresses``."""
    read: Callable[[Path], Iterator[Found]]


def given(path: Path) -> list[Given]:
    """The files that a name stands for; of a folder its manifest, or the WARC and WACZ files below it.

    Raises:
        WrongSetting: there is no such file, or it is none of these kinds.
        OSError: its disk does not give it.
    """
    try:
        if path.is_dir():
            return _of_folder(path)
        if not path.is_file():
            raise WrongSetting(f"there is no file {path}")
        return [_of_file(path)]
    except OSError as error:
        raise_the_disks(error, path, UNREADABLE)
        raise WrongSetting(f"{path} cannot be read: {error.strerror}") from error


def _of_folder(folder: Path) -> list[Given]:
    if (folder / MANIFEST).is_file():
        return [Given(path=folder / MANIFEST, kind="saved", read=read_saved)]
    found = sorted(
        path for path in folder.rglob("*") if path.name.lower().endswith(_WARC_NAMES) and path.is_file()
    )
    if not found:
        raise WrongSetting(f"{folder} holds neither {MANIFEST} (file,url,fetched_at) nor WARC or WACZ files")
    return [_one_of(path) for path in found]


def _one_of(path: Path) -> Given:
    """A file of a folder: where it is of no use, the others are read, and it is told."""
    try:
        return _of_file(path)
    except WrongSetting as error:
        problem = FileProblem(reason=str(error))
    except OSError as error:
        problem = FileProblem(reason=f"it cannot be read: {error.strerror}")
    return Given(path=path, kind="warc", read=lambda _: iter((problem,)))


def _of_file(path: Path) -> Given:
    with path.open("rb") as stream:
        begin = stream.read(4096)
    if unpack := next((how for magic, how in _PACKED.items() if begin.startswith(magic)), None):
        raise WrongSetting(f"{path} is packed: unpack it first ({unpack}), and import what comes out")
    named_warc = path.name.lower().endswith((".warc", ".warc.gz", ".arc", ".arc.gz"))
    if named_warc or begin.startswith((b"\x1f\x8b", b"WARC/", b"filedesc:")):
        return Given(path=path, kind="warc", read=read_warc)
    if begin.startswith(b"PK") or path.suffix.lower() == ".wacz":
        return Given(path=path, kind="wacz", read=read_wacz)
    if path.suffix.lower() in {".csv", ".tsv"}:
        return Given(path=path, kind="saved", read=read_saved)
    if begin.lstrip().startswith((b"<", b"\xef\xbb\xbf<")):
        raise WrongSetting(f"{path} is a saved page: name a manifest (file,url,fetched_at) that says whose")
    if b"http" in begin.replace(b"\x00", b"").lower() or path.suffix.lower() == ".txt":
        return Given(path=path, kind="addresses", read=read_addresses)
    raise WrongSetting(f"{path} is no WARC, WACZ, manifest (.csv) or list of addresses (.txt)")
