"""The command line with a lease of two seconds: ``python -m tests.crawl.short_lease COMMAND...``."""

from __future__ import annotations

from crawler.run import crawl_run, lease

if __name__ == "__main__":
    lease.CRAWL_LEASE_S = 2.0
    lease.HEARTBEAT_S = crawl_run.HEARTBEAT_S = 0.5
    from crawler.cli import main

    main()
