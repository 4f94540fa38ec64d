"""Where a redirect leads. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urldefrag, urlsplit, urlunsplit

_PORTS = {"http": ":80", "https": ":443"}


def without_default_port(url: str) -> str:
    """The address without the port that its scheme has anyway, and without the dot that ends a whole name.

    >>> without_default_port("https://v.daum.net.:443/v/1"), without_default_port("http://v.daum.net:8080/")
    ('https://v.daum.net/v/1', 'http://v.daum.net:8080/')
    """
    parts = urlsplit(url)
    return urlunsplit(
        parts._replace(netloc=parts.netloc.removesuffix(_PORTS.get(parts.scheme, "")).rstrip(":."))
    )


def led_in_a_circle(chain: Sequence[str]) -> bool:
    """Whether the last address of a chain of redirects comes for the third time.

    No cookie is kept, so nothing changes by asking. Once more it is asked: some servers redirect to an
    address until what stands there is made.
    """
    asked = [urldefrag(url).url for url in chain]
    return asked.count(asked[-1]) > 2
