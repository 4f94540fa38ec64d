"""Lists of addresses, one a line: nothing is captured of them, the next crawl asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crawler.imports.candidate import Address, FileProblem, Found, Unreadable
from crawler.imports.texts import encoding_of
from crawler.normalise.url import canonical_url


def read_addresses(path: Path) -> Iterator[Found]:
    """Every line that is not empty or a comment (#)."""
    encoding = encoding_of(path)
    if encoding is None:
        yield FileProblem(reason="it is no text")
        return
    with path.open(encoding=encoding, newline=None) as lines:
        for number, line in enumerate(lines, start=1):
            said = line.strip()
            if not said or said.startswith("#"):
                continue
            url = canonical_url(said)
            if url is None:
                yield Unreadable(position=f"line {number}", reason="no web address", url=said[:500])
            else:
                yield Address(position=f"line {number}", url=url)
