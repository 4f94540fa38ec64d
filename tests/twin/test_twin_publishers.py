"""The twin's outlets are those that the archive knows, by the names that it keeps."""

from __future__ import annotations

import pytest

from crawler.normalise.publisher import publisher_name
from crawler.normalise.rights import parse_notice
from twin.publishers import Publisher, publishers


@pytest.mark.parametrize("house", publishers(), ids=lambda house: house.name)
def test_a_page_s_publisher_is_the_truth_s(house: Publisher) -> None:
    """베스트일레븐 prints 베스트 일레븐 in its notice alone: publisher and holder each keep a spelling."""
    assert publisher_name(house.name, "https://v.daum.net/v/20261001090000000") == house.name
    if house.notice:
        assert parse_notice(house.notice).holder == house.holder
