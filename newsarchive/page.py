"""One page to its article, without an archive."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from newsarchive.errors import WrongQuestion


def extract(html: bytes | str, url: str | None = None) -> dict[str, Any]:
    """The article of a page: the object that ``newsarchive extract`` prints, key for key.

    Args:
        html: the page as it came (bytes, in any encoding), or as text.
        url: its address; None: the one that the page gives itself.

    Returns:
        ``outcome`` is ``article``, or why there is none, with a ``reason`` beside it; no field is invented.

    Raises:
        WrongQuestion: no address is given and none is in the page, or it is no web address.
    """
    from crawler.normalise.article_json import as_json
    from crawler.stages import article_in_file

    body = html.encode("utf-8", "surrogatepass") if isinstance(html, str) else html
    try:
        return as_json(article_in_file(body, url, seen_by=datetime.now(UTC)))
    except ValueError as error:
        raise WrongQuestion(str(error)) from error
