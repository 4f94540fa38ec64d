"""Log lines on stderr: plain text, or JSON lines for machines."""

from __future__ import annotations

import json
import logging
from datetime import datetime

from storage.seoul import SEOUL

SAID = ("run", "source", "url", "outcome")
"""What a line about an address, a list or a run carries beside its words (``extra`` of the logger)."""


class KoreanTime(logging.Formatter):
    """A text line: date and time in Asia/Seoul, level, message."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, SEOUL)
        return f"{at:%Y-%m-%d %H:%M:%S} KST {record.levelname} {super().format(record)}"


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, message; run, source, url and outcome, and the error, where
    there are such."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, SEOUL).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in SAID if hasattr(record, name)}
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
    from storage.database.opening import DatabaseRefused  # SQLAlchemy: a log begins before it is loaded

    error = record.exc_info[1] if record.exc_info else None
    return isinstance(error, DatabaseRefused) or str(record.msg).startswith("Error downloading")


def start(log_format: str, level: int | str) -> None:
    """Send everything from this level up to stderr, in ``text`` or ``json``."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if log_format == "json" else KoreanTime())
    handler.addFilter(Ours())
    logging.basicConfig(level=level, handlers=[handler], force=True)
