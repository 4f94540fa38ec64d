"""The view ``permissions``: what notice and signals say, and that silence is no permission."""

# ruff: noqa: E501 (a table of cases)

from __future__ import annotations

import itertools
from typing import Any

import pytest
from sqlalchemy import Engine

from crawler.normalise.rights import parse_notice
from storage.records import FetchSignals, Rights
from tests.storage.samples import FNNEWS, NOON, Desk, fnnews_article

USES = ("reproduction", "redistribution", "ai_training", "collection")
SILENT = FetchSignals()
NOTICE = "저작권자 ⓒ 파이낸셜뉴스, 무단전재-재배포 금지"
AI_NOTICE = "<저작권자(c) 연합뉴스, 무단 전재-재배포, AI 학습 및 활용 금지>"
NUMBERS = itertools.count(1)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def asked(desk: Desk, rights: Rights, signals: FetchSignals) -> dict[str, tuple[str, str]]:
    """Use -> (answer, why) for one page with these rights."""
    url = f"{FNNEWS}{next(NUMBERS)}"
    address = desk.address(url, "fnnews")
    article = fnnews_article(url=url, site_id=None, title=url, body=url, rights=rights)
    run = desk.runs["fnnews"]
    desk.writer.store(article, run_id=run, address_id=address, seen_at=NOON, signals=signals)
    columns = ", ".join(f"{use}, {use}_why" for use in USES)
    (row,) = desk.rows(f"SELECT {columns} FROM permissions WHERE url = :url", url=url)
    return {use: (row[2 * i], row[2 * i + 1]) for i, use in enumerate(USES)}


F, A, U = "forbidden", "allowed", "unknown"
CASES: list[tuple[str, Rights, FetchSignals, tuple[str, str, str, str]]] = [
    ("nothing at all", Rights(), SILENT, (U, U, U, U)),
    ("a notice", parse_notice(NOTICE), SILENT, (F, F, U, U)),
    ("a notice on AI", parse_notice(AI_NOTICE), SILENT, (F, F, F, U)),
    ("a notice that reserves and names nothing", parse_notice("ⓒ 가일보. All rights reserved."), SILENT, (U, U, U, U)),
    ("TDM reserved", Rights(tdm_reservation="1"), SILENT, (U, U, F, U)),
    ("TDM reserved in a header", Rights(), FetchSignals(tdm_reservation=" 1 "), (U, U, F, U)),
    ("TDM granted", Rights(tdm_reservation="0"), SILENT, (U, U, A, U)),
    ("TDM granted, notice forbids", parse_notice(AI_NOTICE), FetchSignals(tdm_reservation="0"), (F, F, F, U)),
    ("TDM in another word", Rights(tdm_reservation="true"), SILENT, (U, U, U, U)),
    ("a policy alone", Rights(tdm_policy="https://example.com/tdm"), SILENT, (U, U, U, U)),
    ("noai", Rights(robots_meta="index, NoAI,follow"), SILENT, (U, U, F, U)),
    ("noimageai is of pictures", Rights(robots_meta="noimageai"), SILENT, (U, U, U, U)),
    ("noarchive", Rights(), FetchSignals(x_robots_tag="noarchive"), (U, F, F, U)),
    ("for one robot", Rights(), FetchSignals(x_robots_tag="otherbot: noindex,noarchive"), (U, F, F, U)),
    ("all", Rights(robots_meta="all"), SILENT, (U, U, U, U)),
    ("robots.txt allows", Rights(), FetchSignals(robots_allowed=True, robots_rule="allowed"), (U, U, U, A)),
    ("no robots.txt", Rights(), FetchSignals(robots_allowed=True, robots_rule="no robots.txt (404)"), (U, U, U, U)),
    ("robots.txt forbids", Rights(), FetchSignals(robots_allowed=False, robots_rule="Disallow"), (U, U, U, F)),
    (
        "robots.txt allows, notice forbids",
        parse_notice("저작권자 ⓒ 가일보. 무단 전재, 재배포, 크롤링 금지"),
        FetchSignals(robots_allowed=True, robots_rule="allowed"),
        (F, F, U, F),
    ),
]  # fmt: skip


def test_each_use_has_one_answer_with_its_reasons(desk: Desk) -> None:
    for name, rights, signals, expected in CASES:
        found = asked(desk, rights, signals)
        assert tuple(found[use][0] for use in USES) == expected, name
        assert all(why for _, why in found.values()), name


def test_every_reason_is_told(desk: Desk) -> None:
    rights = Rights(
        notice="n", no_ai_training=True, tdm_reservation="1", tdm_policy="https://example.com/tdm", robots_meta="noai"
    )  # fmt: skip
    why = asked(desk, rights, SILENT)["ai_training"][1]
    assert why == (
        "the notice forbids it; rights to text and data mining are reserved; terms at "
        "https://example.com/tdm; robots meta says noai"
    )


@pytest.mark.parametrize(
    ("signals", "why"),
    [
        (FetchSignals(robots_allowed=True, robots_rule="no robots.txt (404)"), "no robots.txt (404); no notice was found"),
        (FetchSignals(robots_allowed=True, robots_rule="permission, Kim, 2026"), "permission, Kim, 2026; no notice was found"),
        (FetchSignals(robots_allowed=False), "robots.txt: forbidden; no notice was found"),
    ],
)  # fmt: skip
def test_the_words_for_robots(desk: Desk, signals: FetchSignals, why: str) -> None:
    assert asked(desk, Rights(), signals)["collection"][1] == why


def test_without_a_notice_the_flags_are_null(desk: Desk) -> None:
    asked(desk, Rights(tdm_reservation="1"), SILENT)
    flags: list[tuple[Any, ...]] = desk.rows(
        "SELECT no_reproduction, no_redistribution, no_ai_training, no_collection FROM rights"
    )
    assert flags == [(None, None, None, None)]
