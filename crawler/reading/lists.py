"""Reading a list in a reading process: whatever it does to it, a listing comes back that says so."""

from __future__ import annotations

import logging

from crawler.discover.links import unrecognised
from crawler.packing import MAX_LIST
from crawler.reading.pool import ReadingPool, RulesBroke
from crawler.reading.process import ReadingDied
from crawler.reading.question import ReadList
from storage.records.discovery import Listing

log = logging.getLogger("newsarchive")


async def read_list(pool: ReadingPool, question: ReadList) -> Listing:
    """What a list names; not recognised, with the reason, where that cannot be said.

    A list that kills its process is tried once more in a fresh one.

    Raises:
        ReadingUnavailable: nothing can be read here now, which says nothing of the list.
    """
    if len(question.body) > MAX_LIST:
        return unrecognised(f"The list has {len(question.body)} bytes; more than {MAX_LIST} are not read.")
    try:
        listing: Listing = await pool.ask_twice(question, f"the list {question.url}")
    except ReadingDied as death:
        return unrecognised(str(death))
    except RulesBroke as broke:
        log.error("the parser of the list %s broke:\n%s", question.url, broke.trace)
        return unrecognised(f"the list's parser broke: {broke}")
    return listing
