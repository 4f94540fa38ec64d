"""Where Daum's page says that its article was first printed (docs/sites/daum.md 2.2)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extract.blocks import text_of, walk
from crawler.extract.document import Document
from crawler.rare import Rare
from storage.records.extraction import Raw

_ORIGINAL = Rare(
    r"(?:(?:기사\s*)?원문|원본\s*(?:기사|링크)?|기사\s*(?:출처|링크|주소|전문))"
    r"\s*(?:보기|보러\s*가기|링크|출처|주소|바로\s*가기)?\s*[\])】]?\s*[-:–=>▶☞→]*\s*(https?://[^\s<>\"')\]】]+)"
)
_POINTERS = " ▶▷☞※■◆●[【(<*-→"
_LABELS = re.compile(
    r"에서\s*직접\s*(?:확인|보기|읽기)|(?:기사\s*)?원문(?:\s*보기)?|해당\s*언론사로?\s*이동|언론사\s*(?:홈|페이지)에서\s*보기|원본\s*기사"
)
_OWN_HOSTS = ("daum.net", "kakao.com", "kakaocdn.net", "daumcdn.net")


def linked_original(document: Document) -> Raw | None:
    """The first link to another site whose words offer the article there."""
    for link in document.all(
        ".head_view a[href], .news_view a[href], .foot_view a[href], .txt_copyright a[href]"
    ):
        if not _LABELS.search(link.text_content()) or not _LABELS.search(text := text_of(link)):
            continue
        if url := _foreign(document, link.get("href")):
            return Raw(value=url, rule=f"link: {text[:40]}")
    return None


def printed_original(document: Document, container: HtmlElement | None) -> Raw | None:
    """``기사 원문 - https://...`` as a line of the body (MBC, 2023-11), the last such line."""
    if container is None or "http" not in container.text_content():  # cheaper than the walk
        return None
    lines = [block.text for block in walk(container)]
    found = [match for line in lines if (match := _ORIGINAL.match(line.lstrip(_POINTERS)))]
    url = _foreign(document, found[-1].group(1)) if found else None
    return Raw(value=url, rule="body.original_link") if url else None


def _foreign(document: Document, href: str | None) -> str | None:
    """``href`` when it leads to a page of another site, not to its front page."""
    url = document.absolute(href)
    if url is None:
        return None
    parts = urlsplit(url)
    host = parts.hostname or ""
    own = any(host == h or host.endswith("." + h) for h in _OWN_HOSTS)
    return None if own or (parts.path in {"", "/"} and not parts.query) else url
