"""The title of any news page, without the site's name."""

from __future__ import annotations

import re

from crawler.extract.blocks import clean, text_of
from crawler.extract.document import Document, unescaped
from storage.records import Raw

_SEPARATOR = re.compile(r"\s*(?:::|<|>|\||│|ㅣ)\s*|\s+[:–—-]\s+|(?<=\S)\s*-\s*(?=[가-힣A-Za-z]+(?:ㅣ|\||$))")
_LONGEST = 500
"""Characters of a title that is taken apart; the longest in the shared pages has 80."""
_SITE_WORDS = re.compile(
    r"(?:네이버 ?뉴스|다음 ?뉴스|Daum(?: 뉴스)?|모바일|홈|기사(?: ?본문| ?상세)?|본문|전체기사|신문|뉴스|종합"
    r"|정치|경제|사회|문화|국제|세계|연예|스포츠|생활|IT|과학|오피니언|칼럼|사설|사람들|전국|지역|라이프"
    r"|포토|영상|부동산|증권|금융|산업"
    r"|.{1,20}(?:뉴스|신문|일보|모바일|닷컴|미디어|방송|매거진|투데이|타임스|저널))",
    re.IGNORECASE,
)


def cleaned_title(document: Document) -> Raw | None:
    """Headline of the JSON-LD, else a meta or title element with the site's name taken off; None without."""
    headline = document.news_data.get("headline")
    if isinstance(headline, str) and clean(headline):
        return _as_printed(unescaped(clean(headline)), document)
    found = document.meta("headline", "og:title", "twitter:title") or _title_element(document)
    if found is None:
        return None
    return Raw(value=_without_site(found.value, document), rule=found.rule)


def _as_printed(headline: str, document: Document) -> Raw:
    """The heading where it says the same: JSON-LD drops quotation marks (hankookilbo.com, 2025-05)."""
    for heading in document.tree.iter("h1", "h2"):
        text = text_of(heading)
        if _letters(text) == _letters(headline):
            return Raw(value=text, rule=heading.tag)
    return Raw(value=headline, rule="JSON-LD headline")


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _title_element(document: Document) -> Raw | None:
    element = document.first("title")
    text = clean(element.text_content()) if element is not None else ""
    return Raw(value=text, rule="title") if text and text.lower() not in {"document", "untitled"} else None


def _without_site(title: str, document: Document) -> str:
    for heading in document.tree.iter("h1", "h2", "h3", "h4"):
        text = text_of(heading)
        if text != title and len(text) >= 6 and len(text) * 2 >= len(title) and text in title:
            return text
    return strip_site(title, _site_names(document))


def _site_names(document: Document) -> set[str]:
    names = [*document.metas.get("og:site_name", []), *document.metas.get("twitter:creator", [])]
    host = re.sub(r"^https?://(?:www\.|m\.)?([^/:]+).*$", r"\1", document.url)
    names += [host, host.split(".")[0]]
    return {n.strip().lower().lstrip("@") for n in names if n.strip()}


def strip_site(title: str, names: set[str]) -> str:
    """Take site names and section words off both ends of ``title``, one separated piece at a time."""
    if len(title) > _LONGEST:
        return title
    while (cut := _last_cut(title)) and _is_site(title[cut[1] :], names):
        title = title[: cut[0]]
    while (head := _SEPARATOR.search(title)) and head.start() > 0 and _is_site(title[: head.start()], names):
        title = title[head.end() :]
    return title.strip()


def _last_cut(title: str) -> tuple[int, int] | None:
    cuts = [m.span() for m in _SEPARATOR.finditer(title) if m.start() > 0 and m.end() < len(title)]
    return cuts[-1] if cuts else None


def _is_site(piece: str, names: set[str]) -> bool:
    piece = piece.strip().lower()
    return piece in names or bool(_SITE_WORDS.fullmatch(piece))
