"""Whether a text can be said in UTF-8, which databases and files want. Pure."""

from __future__ import annotations


def is_utf8(text: str) -> bool:
    """Whether no half of a surrogate pair is in it: the encoder looks faster than we could.

    Python makes such halves of bytes in an argument that are not UTF-8, and JSON can say them.

    >>> is_utf8("금리"), is_utf8(chr(0xDCFF))
    (True, False)
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
