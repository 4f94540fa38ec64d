"""After a crawl or an import: closed captures go to the object store, where one is set."""

from __future__ import annotations

import logging

from crawler.configuration.environment import Configuration
from storage.warc.objects import NoDriver

log = logging.getLogger("newsarchive")

SECONDS = 600.0
"""No further file is begun after these: a slot has an end, and the next one sends the rest. Our choice."""


def send_captures(configuration: Configuration) -> None:
    """Send what lies closed in the WARC folder. What is not sent stays, and is sent by the next run: a run is
    worth what it captured, so that its verdict does not hang on this; the log and ``doctor`` tell it."""
    if configuration.warc is None:
        return
    from storage.warc.sending import send_closed

    try:
        done = send_closed(configuration.warc_folder, configuration.warc, log.info, SECONDS)
    except (OSError, NoDriver) as error:
        log.error("captures were not sent to %s: %s", configuration.warc, error)
        return
    for one in done.failed:
        log.error("%s was not sent to %s: %s", one.file, one.store, one.why)
    log.info("captures: %s", done)
