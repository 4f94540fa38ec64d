"""Bytes to text: declarations are hints."""

from __future__ import annotations

import pytest

from crawler.charset import UndecodableError, declared_charset, decode

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
