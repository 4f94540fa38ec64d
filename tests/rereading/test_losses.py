"""What of a page that is read again is a loss."""

from __future__ import annotations

import pytest

from crawler.rereading.report import Report, losses
from storage.archive.rereader import NO_ARTICLE, Applied, Page


@pytest.mark.parametrize(("quarantined", "worse"), [(False, 1), (True, 0)])
def test_what_stays_in_quarantine_does_not_get_worse(quarantined: bool, worse: int) -> None:
    page = Page(id=1, address_id=1, url="https://a.kr/1", source="a", captures=(1,), quarantined=quarantined)
    read = Applied(page=page, left=(f"{NO_ARTICLE}: nothing on the page was recognised.",))
    assert len(losses(read)) == worse
    report = Report()
    report.add(read)
    assert (report.worse, report.left_pages) == (worse, 1)
