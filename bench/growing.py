"""``python -m bench.growing crawl ...``: the program, and at every 2,000th page what has grown, by line.

Started by ``bench.memory --tracing``. tracemalloc makes it several times slower.
"""

from __future__ import annotations

import sys
import tracemalloc

from crawler.run.addresses import RunAddresses

STEP, LINES, FRAMES = 2_000, 25, 6


def main() -> None:
    from crawler.cli import main as program

    tracemalloc.start(FRAMES)
    seen: list[tracemalloc.Snapshot] = []
    ends, lease = [0], RunAddresses.lease

    async def counted(self, in_flight):  # type: ignore[no-untyped-def]
        leased = await lease(self, in_flight)
        ends[0] += len(leased)
        if ends[0] // STEP > len(seen):
            seen.append(tracemalloc.take_snapshot())
            if len(seen) > 2:
                print(f"--- {ends[0]} addresses, against {(len(seen) - 1) * STEP}", file=sys.stderr)
                for line in seen[-1].compare_to(seen[-2], "lineno")[:LINES]:
                    print(line, file=sys.stderr)
        return leased

    RunAddresses.lease = counted  # type: ignore[method-assign]
    program()


if __name__ == "__main__":
    main()
