"""A redesign: the same words in markup that no known selector fits, whole or in one part of the site."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from twin.daum_body import letters
from twin.reply import Reply

_ATTRIBUTE = re.compile(r'\s(class|id)="([^"]*)"')
_DROPPED = re.compile(
    r'\s(?:dmcf-\w+|data-[\w-]+|role|property|name)="[^"]*"'
    r'|<link rel="(?:canonical|amphtml)"[^>]*>|<script>.*?</script>',
    re.DOTALL,
)
_TAGS = re.compile(
    r"<(/?)(?:section|article|figure|figcaption|h1|h2|h3|main|aside|p|ul|ol|li|strong|header|footer)\b"
)
_HREF = re.compile(r'<a [^>]*?href="([^"]*)"')
_FEED_TAGS = {
    "item": "story",
    "title": "headline",
    "link": "where",
    "pubDate": "at",
    "description": "teaser",
    "rss": "wire",
    "channel": "desk",
}

PARTS = ("all", "pages", "lists", "byline")
"""What can be redesigned: everything, article pages alone, everything but article pages, or of article
pages only the markup of the header's byline."""

# Bytes, since the page keeps its character set: a second byte of EUC-KR is never ASCII.
_WRITERS = (
    re.compile(rb'<span class="txt_info">([^<]+)</span>'),  # Daum; the times hold another span
    re.compile(rb'<span class="article-view__reporter">([^<]*)</span>'),  # fnnews 2026
    re.compile(rb'<em class="tit_people">([^<]*)</em>'),  # fnnews 2022
    re.compile(rb'<li class="list_01"><a href="/reporter">([^<]*)</a>.*?</li>', re.DOTALL),  # fnnews 2021
)
_SIGNATURE_CLASS = b'<p class="article-view__byline">'


def touched(parts: Collection[str], *, article: bool) -> str | None:
    """What of an answer is new: ``all`` of it, its ``byline``, or nothing. ``article``: an article's page."""
    if "all" in parts or ("pages" if article else "lists") in parts:
        return "all"
    return "byline" if article and "byline" in parts else None


def without_byline(reply: Reply) -> Reply:
    """An article's page whose header names its writers in an attribute that a script would print.

    The page keeps its class, its other fields, its character set and the signature under the text.
    """
    if reply.status != 200 or not reply.headers.get("Content-Type", "").startswith("text/html"):
        return reply
    body = reply.body.replace(_SIGNATURE_CLASS, b"<p>")
    for pattern in _WRITERS:
        body = pattern.sub(_slot, body)
    return unvalidated(replace(reply, body=body))


def _slot(match: re.Match[bytes]) -> bytes:
    return b'<span class="writer-slot" data-writer="' + match.group(1).replace(b'"', b"&quot;") + b'"></span>'


def unvalidated(reply: Reply) -> Reply:
    """The reply without validators."""
    kept = {name: value for name, value in reply.headers.items() if name not in {"ETag", "Last-Modified"}}
    return replace(reply, headers=kept)


def redesigned(reply: Reply) -> Reply:
    """The reply in the new markup; anything but a page, a feed or a channel's JSON stays as it is."""
    kind = reply.headers.get("Content-Type", "")
    if reply.status != 200:
        return reply
    headers = dict(unvalidated(reply).headers)
    if "rss" in kind:
        return replace(reply, body=_feed(reply.body.decode()).encode(), headers=headers)
    if "json" in kind:
        return replace(
            reply,
            body=reply.body.replace(b'"items"', b'"contents"').replace(b'"pcLink"', b'"target"'),
            headers=headers,
        )
    if kind.startswith("text/html"):
        headers["Content-Type"] = "text/html; charset=utf-8"
        return replace(reply, body=_page(_text(reply.body)).encode(), headers=headers)
    return reply


def _text(body: bytes) -> str:
    """The page's text; EUC-KR pages are the ones that are no UTF-8."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("cp949", "replace")


def _page(text: str) -> str:
    text = _DROPPED.sub("", text)
    text = _ATTRIBUTE.sub(lambda match: f' class="x{letters(match.group(1) + match.group(2), 7)}"', text)
    text = _HREF.sub(lambda match: f'<a data-go="{letters(match.group(1), 12)}"', text)
    return _TAGS.sub(lambda match: f"<{match.group(1)}div", text)


def _feed(text: str) -> str:
    for old, new in _FEED_TAGS.items():
        text = (
            text.replace(f"<{old}>", f"<{new}>")
            .replace(f"</{old}>", f"</{new}>")
            .replace(f"<{old} ", f"<{new} ")
        )
    return text
