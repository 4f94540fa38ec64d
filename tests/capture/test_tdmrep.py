"""The TDM Reservation Protocol's file: read as the report says, and never an error."""

import pytest

from crawler.capture.tdmrep import parse, reservation_for

FILE = (
    b'[{"location": "/news/*", "tdm-reservation": 1, "tdm-policy": "https://example.org/tdm.json"},'
    b' {"location": "/", "tdm-reservation": 0}]'
)


def test_the_first_rule_that_covers_the_path_holds() -> None:
    rules = parse(FILE)
    reserved = reservation_for(rules, "https://www.fnnews.com/news/202611200900001234?x=1")
    assert reserved is not None
    assert (reserved.reservation, reserved.policy) == ("1", "https://example.org/tdm.json")
    free = reservation_for(rules, "https://www.fnnews.com/section/001001000")
    assert free is not None
    assert (free.reservation, free.policy) == ("0", None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"{}",
        b"[1, null, []]",
        b'[{"location": 1, "tdm-reservation": 1}]',
        b'[{"location": "/", "tdm-reservation": "maybe"}]',
        b'[{"location": "/\\nAllow: /", "tdm-reservation": 1}]',
        b"[" * 100_000,
        b" " * 600_000,
    ],
)
def test_what_is_no_declaration_declares_nothing(body: bytes) -> None:
    assert parse(body) == ()
