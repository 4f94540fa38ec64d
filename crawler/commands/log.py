"""Log lines on stderr: plain text, or JSON lines for machines."""

from __future__ import annotations

import json
import logging
from datetime import datetime

from storage.database.opening import DatabaseRefused
from storage.seoul import SEOUL


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, message, and the error where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, SEOUL).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class Ours(logging.Filter):
    """Our own lines; of the libraries only what is wrong and not told by an outcome or a sentence of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("newsarchive"):
            return True
        return record.levelno >= logging.ERROR and not told_otherwise(record)


def told_otherwise(record: logging.LogRecord) -> bool:
    """A failed download has its outcome line, a database that refuses its one sentence."""
    error = record.exc_info[1] if record.exc_info else None
    return isinstance(error, DatabaseRefused) or str(record.msg).startswith("Error downloading")


def start(log_format: str, level: int | str) -> None:
    """Send everything from this level up to stderr, in ``text`` or ``json``."""
    handler = logging.StreamHandler()
    text = logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")
    handler.setFormatter(JsonLines() if log_format == "json" else text)
    handler.addFilter(Ours())
    logging.basicConfig(level=level, handlers=[handler], force=True)
