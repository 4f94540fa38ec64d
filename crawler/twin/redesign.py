"""A redesign: the same words in markup that no known selector fits."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.twin.daum_body import letters
from crawler.twin.reply import Reply

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


def redesigned(reply: Reply) -> Reply:
    """The reply in the new markup; anything but a page, a feed or a channel's JSON stays as it is."""
    kind = reply.headers.get("Content-Type", "")
    if reply.status != 200:
        return reply
    headers = {name: value for name, value in reply.headers.items() if name not in {"ETag", "Last-Modified"}}
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
