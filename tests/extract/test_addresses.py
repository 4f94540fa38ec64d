"""Addresses that Cloudflare protects are read as a browser shows them."""

from __future__ import annotations

import pytest

from crawler.extract.addresses import decoded
from crawler.sources.daum import SOURCE
from tests.extract.pages import article, daum_page

ADDRESS = "ae@x.kr"
CODE = "543531142c7a3f26"


@pytest.mark.parametrize(
    ("code", "address"),
    [
        (CODE, ADDRESS),
        (CODE.upper(), ADDRESS),
        (f" {CODE} ", ADDRESS),
        ("", None),
        ("5", None),
        ("zz", None),
        ("54", None),
        ("5400", None),
        ("54ffff", None),
        ("543531142c7a3f2", None),
        ("가나다", None),
    ],
)
def test_a_code_is_an_address_or_nothing(code: str, address: str | None) -> None:
    assert decoded(code) == address


@pytest.mark.parametrize(
    "line",
    [
        f'김서윤 기자 <a class="__cf_email__" data-cfemail="{CODE}">[email&#160;protected]</a>',
        f'김서윤 기자 <span data-cfemail="{CODE}">[email&#160;protected]</span>',
        f'김서윤 기자 <a href="/cdn-cgi/l/email-protection#{CODE}"><span>[email protected]</span></a>',
        f'김서윤 기자 (<a data-cfemail="{CODE}"><b>[email</b> protected]</a>)',
    ],
)
def test_the_signature_has_its_address(line: str) -> None:
    found = article(daum_page(f"<p>시는 다리 세 곳을 새로 놓는다고 20일 밝혔다.</p><p>{line}</p>"), SOURCE)
    assert [(person.name, person.email) for person in found.bylines] == [("김서윤", ADDRESS)]
    assert found.body == "시는 다리 세 곳을 새로 놓는다고 20일 밝혔다."


def test_a_link_with_words_of_its_own_keeps_them() -> None:
    link = f'<a href="/cdn-cgi/l/email-protection#{CODE}">여기로</a>'
    found = article(daum_page(f"<p>시는 {link} 신청을 받는다고 밝혔다.</p>"), SOURCE)
    assert found.body == "시는 여기로 신청을 받는다고 밝혔다."
