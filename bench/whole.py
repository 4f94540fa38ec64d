"""``python -m bench.whole COMMAND...``: run it, say the processor seconds of it and of all that it started.

Reading processes are children of a fork server that a crawl does not wait for, so that they are missing in
RUSAGE_CHILDREN of whoever starts the crawl. This process takes them over (a subreaper, Linux 3.4) and waits.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
from contextlib import suppress

PR_SET_CHILD_SUBREAPER = 36
"""<linux/prctl.h>."""


def main() -> None:
    with suppress(AttributeError):  # elsewhere than on Linux the reading processes are left out
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    subprocess.run(sys.argv[1:], check=False, stdout=subprocess.DEVNULL)
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(used.ru_utime + used.ru_stime)


if __name__ == "__main__":
    main()
