"""Bytes to text: declarations are hints."""

from __future__ import annotations

import re
import time
from base64 import b64encode
from collections.abc import Callable
from urllib.parse import quote

import pytest

from crawler.charset import UndecodableError, declared_charset, decode
from crawler.escapes import still_encoded

TEXT = "<html><head>{meta}</head><body>시장이 “열렸다”. 똠방각하 펲시 42.5%</body></html>"
PLAIN = "<html><head>{meta}</head><body>시장이 열렸다. 새 시대의 개막이다</body></html>"


def meta(charset: str) -> str:
    return f'<meta charset="{charset}">'


@pytest.mark.parametrize("header", [None, "text/html", "text/html; charset=utf-8"])
def test_utf_8_is_utf_8_whatever_the_page_says(header: str | None) -> None:
    decoded = decode(TEXT.format(meta=meta("euc-kr")).encode(), header)
    assert decoded.used == "utf-8"
    assert "“열렸다”" in decoded.text
    assert decoded.declared == ("utf-8" if header and "=" in header else "euc-kr")


@pytest.mark.parametrize(
    "declared", ["euc-kr", "EUC-KR", "ks_c_5601-1987", "cp949", "utf-8", "iso-8859-1", "x-nonsense"]
)
def test_korean_bytes_are_read_as_cp949_whatever_is_declared(declared: str) -> None:
    decoded = decode(TEXT.format(meta=meta(declared)).encode("cp949"), None)
    assert decoded.used == "cp949"
    assert "똠방각하 펲시" in decoded.text  # syllables that EUC-KR itself does not have


def test_nothing_declared_still_decodes() -> None:
    assert "개막이다" in decode(PLAIN.format(meta="").encode("euc-kr"), None).text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_decides(encoding: str) -> None:
    decoded = decode(PLAIN.format(meta=meta("euc-kr")).encode(encoding), "text/html; charset=euc-kr")
    assert decoded.text.startswith("<html>")
    assert "개막이다" in decoded.text


def test_a_cut_character_is_one_replacement_character() -> None:
    body = TEXT.format(meta="").encode().replace("똠".encode(), "똠".encode()[:2])
    decoded = decode(body, None)
    assert decoded.replaced == 1
    assert decoded.text.count("\ufffd") == 1
    assert "방각하 펲시 42.5%" in decoded.text


def test_more_than_a_tiny_share_of_broken_text_is_refused() -> None:
    with pytest.raises(UndecodableError, match="No charset fits"):
        decode(b"<html><body>" + bytes(range(128, 256)) * 50, "text/html; charset=utf-8")


def test_the_header_is_named_before_the_page() -> None:
    assert declared_charset(b'<meta charset="euc-kr">', "text/html; charset=UTF-8") == "utf-8"
    assert declared_charset(b'<meta http-equiv="x" content="text/html; charset=euc-kr">', None) == "euc-kr"
    assert declared_charset(b"<p>charset=euc-kr</p>", "text/html") is None


def test_umlauts_in_utf_8_are_no_hangul() -> None:
    """C3 BC is ü in UTF-8 and 체 in CP949: both decode, and only one reads."""
    for text in ("<p>Die Stadt baut eine Brücke über den Fluß.</p>", "<p>Ça a été décidé à l’école.</p>"):
        for declared in ('<meta charset="utf-8">', ""):
            assert decode((declared + text).encode(), None).text.endswith(text)


@pytest.mark.parametrize("text", ["<p>© 2026 The Hanbit Times.</p>", "<p>A café · 20 °C ® today.</p>"])
def test_a_lone_sign_in_utf_8_is_no_hangul(text: str) -> None:
    """C2 A9 is © in UTF-8 and 짤 in CP949, which would be the only Hangul of an English page."""
    assert decode(text.encode(), None).text == text


def test_a_western_page_that_declares_nothing_is_no_cp949() -> None:
    text = "<p>Die Bootsführerausbildung schließt mit der Prüfung ab.</p>"
    decoded = decode(text.encode("latin-1"), None)
    assert (decoded.used, decoded.text) == ("cp1252", text)


KOREAN = (
    "<html><head><title>가상시 다리</title>{meta}</head><body><script>var a = b +cdef+ghij;</script><p>"
    + "가상시는 새 다리를 열었다고 20일 밝혔다. 다리는 세 곳이고 길이는 “42.5m”다. " * 3
    + "</p></body></html>"
)


@pytest.mark.parametrize(
    ("codec", "declared"),
    [
        ("iso2022_kr", "iso-2022-kr"),
        ("iso2022_kr", "utf-8"),
        ("utf-32", "utf-32"),
        ("utf-32-le", ""),
        ("utf-32-be", ""),
        ("utf-8", "utf-7"),
        ("utf-8", "hz-gb-2312"),
        ("utf-8", "iso-2022-kr"),
        ("utf-8", "utf-32"),
        ("cp949", "utf-7"),
        ("cp949", "johab"),
    ],
)
def test_what_the_bytes_say_goes_before_a_charset_that_no_browser_takes(codec: str, declared: str) -> None:
    text = KOREAN.format(meta=meta(declared)).replace("“", '"').replace("”", '"')
    assert decode(text.encode(codec), f"text/html; charset={declared}").text.lstrip("\ufeff") == text


def _escaped(escape: Callable[[str], str]) -> bytes:
    return re.sub("[^\x00-\x7f]+", lambda m: escape(m[0]), KOREAN.format(meta="")).encode("ascii")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (KOREAN.format(meta=meta("utf-7")).encode("utf-7"), "UTF-7"),
        (KOREAN.format(meta="").encode("utf-7"), "UTF-7"),
        (_escaped(lambda s: "+" + b64encode(s.encode("utf-16-be")).decode().rstrip("=") + "-"), "UTF-7"),
        (_escaped(lambda s: "".join(f"={b:02X}" for b in s.encode())), "quoted-printable"),
        (_escaped(quote), "percent escapes"),
        (_escaped(lambda s: s.encode("unicode_escape").decode()), "u escapes"),
        (_escaped(lambda s: "".join(f"\\x{b:02x}" for b in s.encode())), "u escapes"),
        (_escaped(lambda s: "".join(f"&amp;#{ord(c)};" for c in s)), "references to characters"),
        ("<p>城市今天开放了新的桥梁。市长说，桥梁有三座。</p>".encode("hz") * 3, "HZ"),
        (
            KOREAN.format(meta="")
            .replace("“", "")
            .replace("”", "")
            .encode("iso2022_kr")
            .replace(b"\x1b$)C", b""),
            "ISO-2022",
        ),
    ],
)
def test_text_that_is_still_encoded_is_none(body: bytes, name: str) -> None:
    with pytest.raises(UndecodableError, match=f"still encoded, in .*{name}"):
        decode(body, "text/html; charset=utf-7")


@pytest.mark.parametrize(
    "text",
    [
        "<p>The sum is 1+2345+678 and a+bcd+efgh = 9; call +82-2-123-4567 or +8221234567.</p>" * 5,
        "<p>" + "See https://example.com/?q=%EA%B0%80%EC%83%81 for the words of the mayor in full. " * 5,
        "<p>Write +x3izxLEkwtzFRA- in UTF-7, =EC=8B=9C in mail and \\uc2dc\\ub294 in JSON.</p>"
        + "<p>Then. </p>" * 99,
        "<script>x='" + "%EA%B0%80%EC%83%81" * 50 + "'</script><p>A page in English about a bridge.</p>",
        "<SCRIPT async>a<b; x='</b>" + "%EA%B0%80%EC%83%81" * 50 + "'</Script ><p>A page in English.</p>",
        "<p>A page in English about a bridge.</p><style>a</script>" + "=EC=8B=9C" * 50,
        "<p>See HTTPS://example.com/" + "%EA%B0%80%EC%83%81" * 50 + "<b>for all</b> of the words.</p>",
        "<p>Costs ~{ten} to ~{twenty} = 50 % more +vat+duty+shipping.</p>" * 9,
        "<pre>" + b64encode(bytes(range(250)) * 8).decode() + "</pre>",
        KOREAN.format(meta="") + "<code>" + "\\uac00" * 20 + "</code>",
    ],
)
def test_an_article_may_name_an_escape(text: str) -> None:
    assert decode(text.encode(), None).text == text


@pytest.mark.parametrize(
    "opener",
    [
        "<script>+",
        "<!--+",
        "\\\\",
        "~{",
        "~{a",
        "\x0e+",
        "\x1b$B",
        "<a+",
        "+ab",
        "=A",
        "%4",
        "https://",
        "&amp;#1",
    ],
)
def test_openers_without_end_are_looked_through_once(opener: str) -> None:
    """A tenth of a second at most (2026-11); looked through to the end of the page each, minutes."""
    began = time.process_time()
    still_encoded(f"+<p>{opener * 100_000}")
    assert time.process_time() - began < 5


def test_a_control_that_ends_a_line_parts_words() -> None:
    """NEL (U+0085) is a line's end to programs that write it; other controls of its kind are nothing."""
    assert decode("<p>하나\x85둘\x86셋</p>".encode(), None).text == "<p>하나 둘셋</p>"


def test_emoji_in_halves_are_read_and_a_lone_half_is_one_broken_sequence() -> None:
    """CESU-8: what Java and databases without four-byte characters write in a page of UTF-8."""
    halves = "\ud83d\ude00".encode("utf-8", "surrogatepass")
    body = TEXT.format(meta=meta("utf-8")).encode()
    whole = decode(body.replace(b"42.5%", b"42.5% " + halves * 9), None)
    assert (whole.used, whole.replaced, whole.text.count("😀")) == ("utf-8", 0, 9)
    cut = decode(body.replace(b"42.5%", b"42.5% " + halves[:3]), None)
    assert (cut.replaced, "42.5% \ufffd<" in cut.text) == (1, True)
