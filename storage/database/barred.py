"""What bars an SQLite file, where SQLite has no words for it. Looked at from outside, never opened.

Who closes a file gives up all locks that its process holds on it (fcntl(2)), those of SQLite too.
"""

from __future__ import annotations

import errno
import fcntl
import os
import resource
import stat
from pathlib import Path
from tempfile import TemporaryFile

from storage.sqlite_file import BESIDE, LOG, SHARED, with_ends

GROWS_BY = 64 * 1024
"""Bytes: SQLite's largest page; its index of the WAL grows by 32 KiB (sqlite.org/walformat.html)."""
LONGEST_PATH = 504
"""Bytes that SQLite takes (3.40): 512, and eight for the endings of its other files."""
NO_LOCKS = (
    "gives no locks ({said}), without which two programs would write over each other: mount it with them "
    "(NFS: with its lock service), or keep the archive elsewhere"
)


def barred(said: str, file: Path) -> str | None:
    """Why SQLite could not do it, to follow the file's name; None: its own words say it.

    Args:
        said: SQLite's words, in small letters.
    """
    if "unable to open database file" in said:
        return _hidden(file) or _foreign(file) or _only_read(file) or _no_inode(file) or _no_path(file)
    if "readonly database" in said:
        return _foreign(file) or _only_read(file)
    if "disk i/o error" in said:
        return _at_file_limit(file) or _lockless(file)
    return _lockless(file) if "database is locked" in said or "locking protocol" in said else None


def has_no_room(file: Path) -> bool:
    """Whether its file system has no room for what SQLite makes there at once: an index of the WAL."""
    try:
        room = os.statvfs(file.parent)
    except OSError:
        return False
    return room.f_bavail * room.f_frsize < GROWS_BY or no_inode(file.parent)


def file_limit() -> str:
    """Why a file cannot grow, where the system says that it is too large."""
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if limit == resource.RLIM_INFINITY:
        return "the file system takes no larger ones"
    return f"this process may make files of {limit:,} bytes at most (ulimit -f, LimitFSIZE= of a unit)"


def owner_of(file: Path) -> str:
    try:
        return f"user {file.owner()}"
    except KeyError:  # a user of another machine, or of a container
        return f"user {file.stat().st_uid}"


def _hidden(file: Path) -> str | None:
    if not os.access(file.parent, os.F_OK | os.X_OK):
        return "lies in a folder that this user may not enter" if file.parent.is_dir() else None
    return "may not be read by this user" if file.exists() and not os.access(file, os.R_OK) else None


def _foreign(file: Path) -> str | None:
    """The file itself, or what a process of another user (``sudo newsarchive runs``) left beside it."""
    if _only_read(file):
        return None
    for one in with_ends(file, "", LOG, SHARED):
        if one.exists() and not os.access(one, os.R_OK | os.W_OK):
            return f"may not be written: {_said_of(one)}"
    return None


def _said_of(file: Path) -> str:
    """Why this user may not write a file, and what to do."""
    state, me = file.stat(), os.geteuid()
    if me not in (0, state.st_uid):
        return (
            f"{file.name} belongs to {owner_of(file)}. Give it to this user (chown), "
            "or open the archive once as that one (newsarchive runs)"
        )
    if me == 0 or state.st_mode & stat.S_IWUSR:
        return f"{file.name} is marked as unchangeable (lsattr): take the mark away (chattr -i, chattr -a)"
    return f"{file.name} is this user's, and its mode is {stat.S_IMODE(state.st_mode):04o}: chmod u+rw"


def _only_read(file: Path) -> str | None:
    try:
        mounted = os.statvfs(file.parent).f_flag
    except OSError:
        return None
    return "may not be written: its file system is mounted read-only" if mounted & os.ST_RDONLY else None


def _no_inode(file: Path) -> str | None:
    if no_inode(file.parent):
        return "cannot be made: its file system has room for no more files (df -i); remove some"
    return None


def no_inode(folder: Path) -> bool:
    """Whether the folder's file system takes no further file, however much room it has."""
    try:
        room = os.statvfs(folder)
    except OSError:
        return False
    return room.f_files > 0 and room.f_favail == 0


def _no_path(file: Path) -> str | None:
    length = len(os.fsencode(file.absolute()))
    if length > LONGEST_PATH:
        return f"has a path of {length:,} bytes, and SQLite takes {LONGEST_PATH} at most"
    try:
        file.stat()
    except OSError as error:
        return "is a link that leads in a circle" if error.errno == errno.ELOOP else None
    return None


def _at_file_limit(file: Path) -> str | None:
    """Whether a file of the database is as large as this process may make one."""
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if limit == resource.RLIM_INFINITY:
        return None
    files = with_ends(file, "", *BESIDE)
    full = any(one.stat().st_size + GROWS_BY > limit for one in files if one.exists())
    return f"cannot grow: {file_limit()}" if full else None


def _lockless(file: Path) -> str | None:
    """Whether its file system gives no locks, tried on a file of our own beside it."""
    try:
        with TemporaryFile(dir=file.parent) as probe:
            fcntl.lockf(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        none = error.errno in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
        return f"lies on a file system that {NO_LOCKS.format(said=error.strerror)}" if none else None
    return None
