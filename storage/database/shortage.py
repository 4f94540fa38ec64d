"""What this process itself ran short of: memory, threads and processes, open files.

Whatever fails then fails for a reason of this machine's, and says nothing of a site, a page or the archive.
"""

from __future__ import annotations

import errno

SAYS_NOTHING = "so nothing that fails now says anything of a site"
MEMORY = (
    f"No more memory can be had by this process, {SAYS_NOTHING}: raise the limit (ulimit -v, MemoryMax= of a "
    "unit), or make room"
)
TASKS = (
    f"No more threads or processes can be started by this process, {SAYS_NOTHING}: raise the limit "
    "(ulimit -u and -v, TasksMax= of a unit), or make room"
)
FILES = (
    "No more files can be opened by {whose} ({said}), "
    f"{SAYS_NOTHING}: raise the limit (ulimit -n, LimitNOFILE= of a unit)"
)
_NO_THREAD = "can't start new thread"
"""CPython's words of a thread that the system does not give (3.4 to 3.14); it has no class of its own."""


def shortage(error: BaseException) -> str | None:
    """What ran short, in a sentence for the operator, where that is what an error or its cause says."""
    seen: BaseException | None = error
    while seen is not None:
        if (said := _of(seen)) is not None:
            return said
        seen = seen.__cause__
    return None


def _of(error: BaseException) -> str | None:
    if isinstance(error, MemoryError):
        return MEMORY
    if isinstance(error, RuntimeError) and str(error) == _NO_THREAD:
        return TASKS
    return _of_system(error) if isinstance(error, OSError) else None


def _of_system(error: OSError) -> str | None:
    if error.errno == errno.ENOMEM:
        return MEMORY
    # A stream that takes no more just now says the same number, and how much it took.
    if error.errno == errno.EAGAIN and not hasattr(error, "characters_written"):
        return TASKS
    if error.errno == errno.EMFILE:
        return FILES.format(whose="this process", said=error.strerror)
    if error.errno == errno.ENFILE:
        return FILES.format(whose="the system", said=error.strerror)
    return None
