"""The sources, found by looking: this folder, the operator's own folder, installed packages.

A source is one file that ends in ``SOURCE = Source(...)``; the file's name is the source's name. Any process
that has the operator's environment finds the same sources by ``all_sources()``: a page read in a process of
its own is read by the same rules.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from traceback import extract_tb
from typing import Any

from crawler.configuration.environment import WrongSetting, configuration
from crawler.normalise.url import canonical_url, parts_of
from crawler.sources.base import Source

ENTRY_POINTS = "newsarchive.sources"
"""Group under which an installed package names its sources: ``hanbit = "hanbit_news:SOURCE"``."""
RESERVED = frozenset({"generic"})
"""Names that stand for what is no source: pages of any other site."""

_BUNDLED = tuple(__path__)


def all_sources() -> dict[str, Source]:
    """Name -> Source, by name; where the operator's folder is, is read each time.

    Raises:
        WrongSetting: a source cannot be loaded, or its name says something else than its file, or two
            have one name.
    """
    return _found(configuration().sources)


@cache
def _found(folder: Path | None) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for where, name, source in (*_bundled(), *_of_folder(folder), *_installed()):
        if source.name != name:
            raise WrongSetting(f"{where} declares the source {source.name!r}: a source is named as its file")
        if name in found or name in RESERVED:
            raise WrongSetting(f"{where}: the name {name!r} is taken")
        found[name] = source
    return dict(sorted(found.items()))


@cache
def has_reader(name: str) -> bool:
    """Whether a source's rules have a number (crawler.reader): those of this folder; of one's own nobody
    counts."""
    return any(name == module for _, module, _ in _bundled())


def _bundled() -> Iterator[tuple[str, str, Source]]:
    yield from _modules(_BUNDLED)


def _of_folder(folder: Path | None) -> Iterator[tuple[str, str, Source]]:
    """The sources of the operator's folder, as if their files lay in this one.

    They are modules of this package, so that a file may import its neighbour, and what was made in another
    process (a pickled function) is found again.
    """
    __path__[:] = list(_BUNDLED)
    if folder is None:
        return
    if not folder.is_dir():
        raise WrongSetting(
            f"NEWSARCHIVE_SOURCES: {folder} is no folder: make it (mkdir), or mend the variable"
        )
    ours = {info.name for info in pkgutil.iter_modules(_BUNDLED)}
    for info in pkgutil.iter_modules([str(folder)]):
        if info.name in ours:
            raise WrongSetting(f"{folder / info.name}.py: the name {info.name!r} is taken")
    __path__.append(str(folder.resolve()))
    importlib.invalidate_caches()
    yield from _modules((str(folder.resolve()),))


def _modules(paths: tuple[str, ...]) -> Iterator[tuple[str, str, Source]]:
    for info in sorted(pkgutil.iter_modules(list(paths)), key=lambda module: module.name):
        where = f"{paths[0]}/{info.name}.py"
        source = getattr(_loaded(where, f"{__name__}.{info.name}"), "SOURCE", None)
        if source is not None:
            yield where, info.name, _checked(where, source)


def _loaded(where: str, module: str) -> Any:
    try:
        return importlib.import_module(module)
    except (Exception, SystemExit) as error:  # somebody else's file: whatever it raises is one sentence
        raise WrongSetting(_not_loaded(where, module, error)) from error


def _not_loaded(where: str, module: str, error: BaseException) -> str:
    """The sentence, with the last line of the module's own that was reached; a SyntaxError names its line."""
    own = module.rpartition(".")[2]
    reached = [at.lineno for at in extract_tb(error.__traceback__) if Path(at.filename).stem == own]
    line = f", line {reached[-1]}" if reached else ""
    return f"{where}{line} cannot be loaded: {type(error).__name__}: {error}"


def _installed() -> Iterator[tuple[str, str, Source]]:
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda one: one.name):
        where = f"the package {entry.dist.name if entry.dist else 'unknown'} ({entry.value})"
        try:
            loaded = entry.load()
        except (Exception, SystemExit) as error:  # as above
            raise WrongSetting(_not_loaded(where, entry.module, error)) from error
        yield where, entry.name, _checked(where, getattr(loaded, "SOURCE", loaded))


def _checked(where: str, source: object) -> Source:
    if not isinstance(source, Source):
        raise WrongSetting(f"{where}: SOURCE is no Source but a {type(source).__name__}")
    for host in sorted({*source.hosts, *source.fetch_hosts}):
        meant = _as_addresses_name(host)
        if meant != host:  # no address would ever be of it, and all that it names "outside the source"
            raise WrongSetting(f"{where}: {host!r} is no host{f', {meant!r} is meant' if meant else ''}")
    return source


def _as_addresses_name(host: str) -> str | None:
    """The host as the one spelling of its addresses has it: lower case, IDNA, no scheme, path or last dot."""
    url = canonical_url(host if "://" in host else f"https://{host}/")
    return parts_of(url)[0] if url else None


def source_of(url: str) -> Source | None:
    """The source whose article addresses hold this URL, None for any other site."""
    return next((source for source in all_sources().values() if source.address(url)), None)


def spellings(url: str) -> tuple[str, ...]:
    """An address as it was given, and as the archive may spell it."""
    site = source_of(url)
    address = site.address(url) if site else None
    return tuple(
        dict.fromkeys(one for one in (url, canonical_url(url), address.url if address else None) if one)
    )
