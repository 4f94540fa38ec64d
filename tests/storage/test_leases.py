"""Leases: one holder at a time; a dead one is known."""

from __future__ import annotations

import os
import socket
import subprocess

from sqlalchemy import Engine

from storage.frontier import leases
from tests.storage.processes import Start
from tests.storage.samples import NOON, minutes
from tests.storage.worker import now

ELSEWHERE = "another-host.example/12/boot.space.1"


def test_a_lease_has_one_holder_until_it_ends(engine: Engine) -> None:
    assert leases.acquire(engine, "crawl:daum", ELSEWHERE, NOON, 60) is None
    assert leases.acquire(engine, "crawl:daum", leases.this_process(), NOON, 60) == ELSEWHERE
    assert leases.acquire(engine, "crawl:fnnews", leases.this_process(), NOON, 60) is None
    assert leases.holder(engine, "crawl:daum", NOON) == ELSEWHERE
    assert leases.acquire(engine, "crawl:daum", leases.this_process(), minutes(1), 60) is None
    assert not leases.renew(engine, "crawl:daum", ELSEWHERE, minutes(1), 60)


def test_the_holder_may_take_renew_and_release_it(engine: Engine) -> None:
    me = leases.this_process("daum")
    assert leases.acquire(engine, "x", me, NOON, 60) is None
    assert leases.acquire(engine, "x", me, NOON, 60) is None
    assert leases.renew(engine, "x", me, minutes(0.5), 60)
    assert leases.acquire(engine, "x", ELSEWHERE, minutes(1.2), 60) == me
    leases.release(engine, "x", ELSEWHERE)
    assert leases.holder(engine, "x", NOON) == me
    leases.release(engine, "x", me)
    assert leases.holder(engine, "x", NOON) is None


def test_a_lease_that_does_not_fit_the_clock_is_doubtful(engine: Engine) -> None:
    me = leases.this_process()
    assert leases.doubtful(engine, "x", me, NOON, 60) is None
    assert leases.acquire(engine, "x", ELSEWHERE, NOON, 60) is None
    assert leases.doubtful(engine, "x", me, NOON, 60) is None
    assert leases.doubtful(engine, "x", ELSEWHERE, minutes(2), 60) is None
    assert leases.doubtful(engine, "x", me, minutes(2), 60) == minutes(1)  # put forward, or it hangs
    assert leases.doubtful(engine, "x", me, minutes(-120), 60) == minutes(1)  # put back, or it is gone
    assert leases.acquire(engine, "x", me, minutes(-120), 60, forsaken=minutes(3)) == ELSEWHERE
    assert leases.acquire(engine, "x", me, minutes(-120), 60, forsaken=minutes(1)) is None
    assert leases.holder(engine, "x", minutes(-120)) == me


def test_a_killed_holder_is_followed_at_once(engine: Engine, database_url: str, start: Start) -> None:
    holder = start("hold", database_url, "crawl:daum")
    assert holder.stdout is not None
    owner = holder.stdout.readline().removeprefix("holding ").strip()
    assert leases.acquire(engine, "crawl:daum", leases.this_process(), now(), 60) == owner
    assert not leases.owner_is_dead(owner)
    holder.kill()
    os.waitid(os.P_PID, holder.pid, os.WEXITED | os.WNOWAIT)  # dead, and still a zombie
    assert leases.owner_is_dead(owner)
    assert leases.acquire(engine, "crawl:daum", leases.this_process(), now(), 60) is None
    holder.communicate()
    assert leases.owner_is_dead(owner)


def test_the_living_and_the_unknown_are_not_dead() -> None:
    me = leases.this_process("part/with a slash")
    host, pid, rest = me.split("/", 2)
    assert (host, int(pid)) == (socket.gethostname(), os.getpid())
    assert not leases.owner_is_dead(me)
    boot, space, tick = rest.split("/")[0].split(".")
    assert leases.owner_is_dead(f"{host}/{pid}/{boot}.{space}.{int(tick) - 1}")  # the number was used again
    for owner in (
        ELSEWHERE,
        f"{host}/{pid}/other000.{space}.{tick}",  # another boot, or a machine of the same name
        f"{host}/{pid}/{boot}.1.{tick}",  # another container
        "no owner string",
        "",
    ):
        assert not leases.owner_is_dead(owner), owner


def test_without_proc_the_process_number_decides() -> None:
    process = subprocess.Popen(["true"])
    process.wait()
    host = socket.gethostname()
    assert leases.owner_is_dead(f"{host}/{process.pid}/-")
    assert not leases.owner_is_dead(f"{host}/{os.getpid()}/-")
