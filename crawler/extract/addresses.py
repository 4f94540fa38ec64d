"""E-mail addresses that Cloudflare keeps from harvesters, as every reader's browser shows them.

The address stands in hexadecimal digits, each byte exclusive-or the first (developers.cloudflare.com, "Email
address obfuscation", 2026): in ``data-cfemail``, or behind ``/cdn-cgi/l/email-protection#`` in a link.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

_LINK = "/cdn-cgi/l/email-protection#"
_ADDRESS = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{3,255}")
_SIGNS = ("data-cfemail", _LINK)


def is_protected(text: str) -> bool:
    """True for a page's text with such an address in it."""
    return any(sign in text for sign in _SIGNS)


def show_addresses(tree: HtmlElement) -> None:
    """Put every address that can be read into its element, in place of ``[email protected]``."""
    for element in list(tree.iter("a", "span", "template")):
        code = element.get("data-cfemail")
        href = element.get("href") or ""
        if code is None and _LINK in href and "protected" in element.text_content():
            code = href.partition(_LINK)[2]
        address = decoded(code) if code else None
        if address is not None:
            for child in list(element):
                element.remove(child)
            element.text = address


def decoded(code: str) -> str | None:
    """The address in ``code``; None where it is none.

    >>> decoded("543531142c7a3f26")
    'ae@x.kr'
    """
    try:
        key, *data = bytes.fromhex(code.strip())
        address = bytes(byte ^ key for byte in data).decode("utf-8")
    except ValueError:  # no hexadecimal digits, or not UTF-8
        return None
    return address if _ADDRESS.fullmatch(address) else None
