"""What lies between this machine and the sites: who vouches for them, and proxies, which are not used."""

from __future__ import annotations

import os
from collections.abc import Iterator

from crawler.watch.findings import Finding, Level, Surroundings

PROXIES = ("http_proxy", "https_proxy", "all_proxy")
"""Names under which programs look for a proxy, in either case."""


def network(at: Surroundings) -> Iterator[Finding]:
    """Whether sites can be asked from here, as far as it is told without asking one."""
    yield _certificates(at)
    named = sorted(name for name in os.environ if name.lower() in PROXIES and os.environ[name])
    if named:
        said = f"{', '.join(named)} is set, and sites are asked without a proxy all the same"
        todo = "nothing where this machine reaches the sites itself; else crawl from a machine that does"
        yield Finding(check="proxy", level=Level.WARN, said=said, to_do=todo)


def _certificates(at: Surroundings) -> Finding:
    if at.unverified == "*":
        said = "no site has to prove that it is who was asked"
        todo = "unset NEWSARCHIVE_VERIFY_CERTIFICATES; NEWSARCHIVE_UNVERIFIED_HOSTS names single hosts"
        return Finding(check="certificates", level=Level.WARN, said=said, to_do=todo)
    if at.untrusting is not None and at.played.issuperset(at.known_sources):
        return Finding(check="certificates", level=Level.OK, said="all sources are played")
    if at.untrusting is not None:
        said, _, todo = at.untrusting.rpartition(". ")
        return Finding(check="certificates", level=Level.FAIL, said=said, to_do=todo)
    but = f", but for {at.unverified}" if at.unverified else ""
    said = f"every site has to prove that it is who was asked{but}"
    return Finding(check="certificates", level=Level.OK, said=said)
