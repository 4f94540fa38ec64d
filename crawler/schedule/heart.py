"""The heart-beat of a slot that is being crawled: it tells other machines that its process lives."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from storage.database.refusal import DatabaseRefused, refusals
from storage.operations.slot_claims import BEAT_S, keep

log = logging.getLogger("newsarchive")


@contextmanager
def kept(engine: Engine, slot_id: int, owner: str, beat_s: float = BEAT_S) -> Iterator[None]:
    """Keep the slot's lease while the block runs, on a thread of its own: no stage of a crawl holds it up.

    A beat that the database refuses is only said: the crawl itself meets what is wrong, and a slot that
    another machine took over meanwhile is not ended by this process any more.
    """
    ends = threading.Event()
    beating = threading.Thread(
        target=_beat, args=(engine, slot_id, owner, beat_s, ends), name="slot", daemon=True
    )
    beating.start()
    try:
        yield
    finally:
        ends.set()
        beating.join(beat_s)


def _beat(engine: Engine, slot_id: int, owner: str, beat_s: float, ends: threading.Event) -> None:
    while not ends.wait(beat_s):
        try:
            with refusals(engine.url):
                held = keep(engine, slot_id, owner)
        except (DatabaseRefused, DBAPIError) as error:
            log.warning("the slot's heart-beat failed: %s", error)
            continue
        if not held:
            log.warning("another process has taken over slot %d", slot_id)
            return
