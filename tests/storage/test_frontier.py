"""The frontier: every address handed out once, none lost, each with one outcome."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from storage.records import Outcome
from storage.records.discovery import Discovery
from storage.records.runs import LeasedAddress, Settled
from tests.storage.processes import Start, lines
from tests.storage.samples import FNNEWS, NOON, Desk, fnnews_article, minutes

MANY = 200
ELSEWHERE = "another-host.example/12/boot.space.1"


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def urls(count: int) -> list[str]:
    return [f"https://www.fnnews.com/news/{number:018d}" for number in range(count)]


def discover(desk: Desk, count: int, seed: str = "seed:a", at: float = 0, **kwargs: bool) -> int:
    found = [
        (Discovery(url=url, position=place), url[-18:]) for place, url in enumerate(urls(count), start=1)
    ]
    return desk.frontier.discover(desk.runs["fnnews"], "fnnews", seed, found, minutes(at), **kwargs).new


def lease(desk: Desk, at: float = 0, limit: int = 1000, **kwargs: bool) -> list[LeasedAddress]:
    return desk.frontier.lease(desk.runs["fnnews"], "fnnews", desk.owner, minutes(at), 60, limit, **kwargs)


def end(desk: Desk, address: LeasedAddress, outcome: Outcome, at: float = 0, **kwargs: object) -> None:
    desk.frontier.settle(
        Settled(
            address_id=address.id,
            run_id=desk.runs["fnnews"],
            outcome=outcome,
            reason="because",
            at=minutes(at),
            **kwargs,  # type: ignore[arg-type]
        )
    )


def test_discovering_counts_what_the_run_had_not_seen(desk: Desk) -> None:
    assert discover(desk, 3) == 3
    assert discover(desk, 3) == 0
    assert discover(desk, 4, seed="seed:b") == 1
    assert desk.count("address") == 4
    assert desk.count("discovery") == 3 + 4
    assert desk.frontier.listed(desk.runs["fnnews"]) == desk.frontier.pending(desk.runs["fnnews"]) == 4


def test_a_url_listed_twice_on_one_page_is_one_discovery_at_its_first_place(desk: Desk) -> None:
    found = [(Discovery(url=FNNEWS, position=place), None) for place in (1, 2)]
    assert desk.frontier.discover(desk.runs["fnnews"], "fnnews", "seed", found, NOON).new == 1
    assert desk.rows("SELECT position FROM discovery") == [(1,)]


def test_a_batch_larger_than_one_statement(desk: Desk) -> None:
    assert discover(desk, 1203) == 1203
    assert len(lease(desk, limit=5000)) == 1203


def test_the_newest_discovery_is_leased_first_in_the_order_listed(desk: Desk) -> None:
    discover(desk, 2)
    found = [(Discovery(url=url), None) for url in ("https://www.fnnews.com/news/9", urls(2)[1])]
    desk.frontier.discover(desk.runs["fnnews"], "fnnews", "seed", found, minutes(1))
    assert [a.url[-1] for a in lease(desk, 1)] == ["1", "9", "0"]


def test_what_is_leased_is_not_leased_again_until_the_lease_ends(desk: Desk) -> None:
    discover(desk, 3)
    desk.owner = ELSEWHERE
    first = lease(desk)
    assert [address.attempts for address in first] == [1, 1, 1]
    assert lease(desk) == []
    again = lease(desk, at=1.01)
    assert [address.id for address in again] == [address.id for address in first]
    assert [address.attempts for address in again] == [2, 2, 2]


def test_a_living_process_keeps_its_addresses_whatever_the_clock_says(desk: Desk) -> None:
    discover(desk, 3)
    assert len(lease(desk)) == 3
    assert lease(desk, at=600) == []
    assert lease(desk, at=-600) == []


def test_a_clock_put_back_hides_no_address(desk: Desk) -> None:
    discover(desk, 3)
    desk.owner = ELSEWHERE
    assert len(lease(desk, at=-300, limit=1)) == 1  # listed at noon, and due five hours earlier
    assert len(lease(desk, at=-600)) == 3  # a lease that ends in hours was given out by another clock


def test_released_addresses_are_pending_and_not_counted_as_tried(desk: Desk) -> None:
    discover(desk, 3)
    lease(desk)
    assert desk.frontier.release(desk.owner, minutes(0)) == 3
    assert [address.attempts for address in lease(desk)] == [1, 1, 1]


def test_renewing_keeps_them(desk: Desk) -> None:
    discover(desk, 3)
    lease(desk)
    assert desk.frontier.renew(desk.owner, minutes(0.9), 60) == 3
    assert lease(desk, at=1.5) == []


def test_settled_addresses_are_not_leased_again_in_the_run_nor_listed_anew(desk: Desk) -> None:
    discover(desk, 2)
    for address in lease(desk):
        end(desk, address, Outcome.NOT_ARTICLE)
    discover(desk, 2, seed="seed:b", at=1)
    assert lease(desk, at=2) == []
    assert desk.frontier.outcomes(desk.runs["fnnews"]) == {"not_article": 2}
    later = Desk(desk.engine)
    discover(later, 2, at=10, ask=True)
    assert len(lease(later, at=10)) == 2


def test_what_failed_is_tried_again_by_a_later_run_when_it_is_time(desk: Desk) -> None:
    discover(desk, 2)
    for address in lease(desk):
        end(desk, address, Outcome.FAILED, next_fetch_at=minutes(5))
    assert lease(desk, at=6) == []  # one outcome for each address in one run
    later = Desk(desk.engine)
    assert lease(later, at=4) == []
    again = lease(later, at=6)
    assert [address.attempts for address in again] == [2, 2]
    run = later.runs["fnnews"]
    assert later.frontier.listed(run) == later.frontier.pending(run) == 2
    assert desk.rows("SELECT DISTINCT last_error FROM address") == [("because",)]


def test_a_due_recheck_is_leased_but_not_by_a_run_of_named_addresses(desk: Desk) -> None:
    discover(desk, 1)
    end(desk, lease(desk)[0], Outcome.UNCHANGED, next_fetch_at=minutes(5))
    later = Desk(desk.engine)
    later.address(FNNEWS, "fnnews")
    assert lease(later, at=4, only_listed_in_run=False)[0].url == FNNEWS
    later.frontier.release(later.owner, minutes(6))
    assert [address.url for address in lease(later, at=6, only_listed_in_run=True)] == [FNNEWS]
    assert [address.url for address in lease(later, at=6)] == urls(1)


def test_what_earlier_runs_left_counts_as_listed(desk: Desk) -> None:
    discover(desk, 3)
    later = Desk(desk.engine)
    for address in lease(later):
        end(later, address, Outcome.GONE)
    run = later.runs["fnnews"]
    assert later.frontier.listed(run) == sum(later.frontier.outcomes(run).values()) == 3


def test_the_same_end_twice_is_one_outcome(desk: Desk) -> None:
    discover(desk, 1)
    (address,) = lease(desk)
    end(desk, address, Outcome.FAILED)
    before = desk.rows("SELECT * FROM address"), desk.rows("SELECT * FROM outcome")
    end(desk, address, Outcome.FAILED)
    assert (desk.rows("SELECT * FROM address"), desk.rows("SELECT * FROM outcome")) == before


@pytest.mark.parametrize(
    ("outcome", "changes", "etag"),
    [
        (Outcome.STORED, {}, '"1"'),
        (Outcome.STORED, {"truncated": "length"}, None),
        (Outcome.QUARANTINED, {}, None),
        (Outcome.NOT_ARTICLE, {}, None),  # 304 would be unchanged, of which nothing is stored
        (Outcome.UNCHANGED, {"http_status": 304, "etag": '"x"'}, '"x"'),
        (Outcome.STORED, {"etag": "*"}, None),  # sent back it would be answered 304 whatever is there
        (Outcome.STORED, {"etag": '"' + "x" * 8000 + '"'}, None),  # sent back it would be answered 431
    ],
)
def test_a_conditional_request_is_prepared_only_where_304_loses_nothing(
    desk: Desk, outcome: Outcome, changes: dict[str, object], etag: str | None
) -> None:
    discover(desk, 1)
    (address,) = lease(desk)
    capture = desk.capture(address.url, NOON, address.id, "fnnews", **changes)
    end(desk, address, outcome, capture_id=capture)
    later = Desk(desk.engine)
    discover(later, 1, at=1, ask=True)
    (again,) = lease(later, at=1)
    assert again.etag == etag


def test_a_304_or_an_error_keeps_the_validators(desk: Desk) -> None:
    for number, (outcome, status) in enumerate(
        [(Outcome.STORED, 200), (Outcome.UNCHANGED, 304), (Outcome.FAILED, 503)]
    ):
        step = Desk(desk.engine)
        step._captures = number * 10
        discover(step, 1, at=number, ask=True)
        (address,) = lease(step, at=number)
        etag = '"first"' if status == 200 else None
        capture = step.capture(
            address.url, minutes(number), address.id, "fnnews", http_status=status, etag=etag
        )
        end(step, address, outcome, at=number, capture_id=capture)
    assert desk.rows("SELECT etag, last_outcome FROM address") == [('"first"', "failed")]


def test_a_page_that_never_changes_is_asked_for_whole_now_and_then(desk: Desk) -> None:
    """A server that answered 304 whatever it held hid every later edit of its pages for ever."""
    asked = []
    for number, status in enumerate((200, 304, 304, 304, 503, 200, 304)):
        step = Desk(desk.engine)
        step._captures = number * 10
        discover(step, 1, at=number, ask=True)
        (address,) = lease(step, at=number)
        asked.append((address.etag, address.held is not None))
        outcome = {200: Outcome.STORED, 304: Outcome.UNCHANGED, 503: Outcome.FAILED}[status]
        said = {"http_status": status, "etag": None if status == 503 else '"1"'}
        capture = step.capture(address.url, minutes(number), address.id, "fnnews", **said)
        end(step, address, outcome, at=number, capture_id=capture)
    held, whole = ('"1"', True), (None, False)
    assert asked == [whole, held, held, held, whole, whole, held]


@pytest.mark.parametrize(
    ("status", "kept"), [(412, None), (431, None), (400, None), (403, '"1"'), (404, '"1"')]
)
def test_a_condition_that_a_server_finds_fault_with_is_not_sent_again(
    desk: Desk, status: int, kept: str | None
) -> None:
    """A page whose condition was answered 412 was never seen again: it was sent at every look."""
    for number, answered in enumerate((200, status)):
        step = Desk(desk.engine)
        step._captures = number
        discover(step, 1, at=number, ask=True)
        (address,) = lease(step, at=number)
        capture = step.capture(address.url, minutes(number), address.id, "fnnews", http_status=answered)
        outcome = Outcome.STORED if answered == 200 else Outcome.FAILED
        end(step, address, outcome, at=number, capture_id=capture)
    assert desk.rows("SELECT etag FROM address") == [(kept,)]


@pytest.mark.parametrize(
    ("said", "kept"),
    [("Sat, 16 Nov 2041 19:11:00 GMT", False), ("Thu, 01 Jan 1970 00:00:00 GMT", True), ("yesterday", True)],
)
def test_a_moment_to_come_is_no_condition(desk: Desk, said: str, kept: bool) -> None:
    """Until then some servers answer every such question with 304."""
    discover(desk, 1)
    (address,) = lease(desk)
    capture = desk.capture(address.url, NOON, address.id, "fnnews", last_modified=said)
    end(desk, address, Outcome.STORED, capture_id=capture)
    assert desk.rows("SELECT last_modified FROM address") == [(said if kept else None,)]


def test_captures_that_nobody_judged_are_handed_on(desk: Desk) -> None:
    address = desk.address(FNNEWS, "fnnews")
    lost = desk.capture(FNNEWS, NOON, address, "fnnews")
    desk.capture("https://www.fnnews.com/robots.txt", NOON, None, "fnnews")
    assert desk.count("capture WHERE processed_at IS NULL") == 1  # what has no address waits for nobody
    assert desk.frontier.unprocessed_captures("fnnews") == []  # the run lives and may still judge it
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE run SET finished_at = started_at")
    (found,) = desk.frontier.unprocessed_captures("fnnews")
    assert (found.id, found.address_id, found.capture.url) == (lost, address, FNNEWS)
    later = Desk(desk.engine)
    later.writer.store(
        fnnews_article(),
        run_id=later.runs["fnnews"],
        address_id=address,
        capture_id=found.id,
        seen_at=minutes(50),
    )
    assert later.frontier.unprocessed_captures("fnnews") == []
    run = later.runs["fnnews"]
    assert later.frontier.listed(run) == sum(later.frontier.outcomes(run).values()) == 1


def test_an_address_is_unknown_until_anything_is_known_of_its_page(desk: Desk) -> None:
    """Of an unknown one nothing is read again, and nothing is asked."""
    new, shown, ended, alias, again = (f"{FNNEWS[:-2]}{number:02}" for number in range(5))
    desk.store(fnnews_article(url=shown), fetched=new[:-2] + "77")  # another's page gives it as its own
    for url in (new, shown, ended, alias, again):
        desk.address(url, "fnnews")
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE address SET state = 'pending', next_fetch_at = NULL"))
        settled = "UPDATE address SET last_outcome = 'quarantined' WHERE url = :url"
        connection.execute(text(settled), {"url": ended})
        asked_again = "UPDATE address SET last_fetched_at = '2026-10-01 00:00:00' WHERE url = :url"
        connection.execute(text(asked_again), {"url": again})
        other = "UPDATE address SET alias_of_id = (SELECT id FROM address WHERE url = :of) WHERE url = :url"
        connection.execute(text(other), {"url": alias, "of": shown})
    leased = {one.url: one.unknown for one in lease(desk, at=1)}
    assert {url: leased[url] for url in (new, shown, ended, alias, again)} == {
        new: True,
        shown: False,
        ended: False,
        alias: False,
        again: False,
    }


def test_two_processes_and_a_kill_lose_nothing_and_lease_nothing_twice(
    desk: Desk, database_url: str, start: Start
) -> None:
    discover(desk, MANY)
    run = str(desk.runs["fnnews"])
    one, two = start("drain", database_url, run), start("drain", database_url, run)
    assert one.stdout is not None
    said = []
    while len(said) < 40:
        said.append(one.stdout.readline().split())
    one.kill()
    said += [line.split() for line in one.stdout]  # communicate() would leave out what was read ahead
    other = lines(two) + lines(start("drain", database_url, run))
    leased = [address for words in said if words[:1] == ["leased"] for address in words[1:]]
    settled = {words[1] for words in said if words[:1] == ["settled"]}
    others = [address for words in other if words[0] == "leased" for address in words[1:]]
    assert len(leased) == len(set(leased))
    assert len(others) == len(set(others))
    assert not settled & set(others)
    assert len(settled | set(others)) >= MANY - 1  # the kill may come between an end and its word
    assert desk.frontier.outcomes(desk.runs["fnnews"]) == {"gone": MANY}
    assert desk.frontier.pending(desk.runs["fnnews"]) == 0


def test_two_writers_lease_nothing_twice(desk: Desk, database_url: str, start: Start) -> None:
    discover(desk, MANY)
    workers = [start("drain", database_url, str(desk.runs["fnnews"])) for _ in range(2)]
    said = [words for worker in workers for words in lines(worker)]
    leased = [address for words in said if words[0] == "leased" for address in words[1:]]
    assert len(leased) == len(set(leased)) == MANY
    assert desk.rows("SELECT DISTINCT attempts, state FROM address") == [(1, "settled")]  # gone: no page came
