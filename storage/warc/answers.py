"""A record read back as the capture that it was: what a row needs to be made from the WARC file alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from storage.records import Capture, FetchSignals, WarcPlace
from storage.warc.facts import facts_in_field, read_facts
from storage.warc.library import ArchiveLoadFailed, ArcWarcRecord
from storage.warc.parsed import NoRecord, moment, parse
from storage.warc.record import FACTS_FIELD
from storage.warc.written import payload_digest


class NoAnswer(ValueError):
    """The record is no answer of ours; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAnswer:
    """A capture as its record tells it, and what it was made for."""

    capture: Capture
    address: str | None
    """The address of the frontier that the answer was asked for; None: a list, a robots.txt."""
    run_id: int | None = None
    source: str | None = None
    facts: Mapping[str, str | int | bool] = field(default_factory=dict)
    """All that was known of it: of the ``metadata`` record, or what the answer's own record says."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """The JSON of ``FACTS_FIELD``, every value checked: the file may have been edited."""

    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def number(self, name: str) -> int | None:
        value = self.values.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def truth(self, name: str) -> bool | None:
        value = self.values.get(name)
        return value if isinstance(value, bool) else None


def read_answer(record: bytes, file: str, offset: int, metadata: bytes | None = None) -> ReadAnswer:
    """The capture in one gzip member.

    Args:
        record: the member's bytes.
        file, offset: where it lies, as its row has it.
        metadata: the ``metadata`` record's member beside it, where there is one.

    Raises:
        NoAnswer: the record holds no HTTP answer, or not all that a row needs.
    """
    try:
        found = parse(record, check_digests=True)
        if found is None or found.http_headers is None:
            raise NoAnswer("the record holds no HTTP answer")
        body: bytes = found.content_stream().read()
        if found.digest_checker.passed is False:
            raise NoAnswer("the record does not match its own digest")
        place = WarcPlace(file=file, offset=offset, length=len(record))
        return _answer(found, body, place, _metadata(metadata) if metadata else {})
    except NoRecord as problem:
        raise NoAnswer(str(problem)) from problem
    except (ArchiveLoadFailed, EOFError) as problem:  # in its body
        # The library's own words quote the bytes.
        raise NoAnswer(f"the record cannot be read ({type(problem).__name__})") from problem


def _metadata(record: bytes) -> dict[str, str | int | bool]:
    found = parse(record)
    return {} if found is None or found.rec_type != "metadata" else read_facts(found.content_stream().read())


def _answer(
    record: ArcWarcRecord, body: bytes, place: WarcPlace, known: Mapping[str, str | int | bool]
) -> ReadAnswer:
    own, http = record.rec_headers, record.http_headers
    url, at = own.get_header("WARC-Target-URI"), own.get_header("WARC-Date")
    if not url or not at:
        raise NoAnswer("the record names no address or no date")
    facts = _Facts({**facts_in_field(own.get_header(FACTS_FIELD)), **known})
    capture = Capture(
        url=url,
        fetched_at=_instant(at),
        http_status=_status(http.get_statuscode()),
        content_type=_header(http, "Content-Type"),
        etag=_header(http, "ETag"),
        last_modified=_header(http, "Last-Modified"),
        payload_digest=payload_digest(body),
        payload_length=len(body),
        warc=place,
        final_url=_header(http, "Location"),
        truncated=own.get_header("WARC-Truncated"),
        signals=_signals(facts, http),
    )
    return ReadAnswer(
        capture=capture,
        # Records from before the field name no address: an article's own is the address asked for.
        address=facts.text("address") if facts.values else url,
        run_id=facts.number("run"),
        source=facts.text("source"),
        facts=facts.values,
    )


def _signals(facts: _Facts, http: Any) -> FetchSignals:
    return FetchSignals(
        robots_allowed=facts.truth("robots_allowed"),
        robots_rule=facts.text("robots_rule"),
        x_robots_tag=_header(http, "X-Robots-Tag"),
        tdm_reservation=facts.text("tdm_reservation") or _header(http, "tdm-reservation"),
        tdm_policy=facts.text("tdm_policy") or _header(http, "tdm-policy"),
    )


def _header(http: Any, name: str) -> str | None:
    """All values of a header, joined as for the row of a fresh answer; None when absent."""
    values = [str(value) for found, value in http.headers if found.lower() == name.lower()]
    return ", ".join(values) or None


def _status(code: str) -> int:
    if not (code.isascii() and code.isdigit()):
        raise NoAnswer(f"the record's status is {code!r}")
    return int(code)


def _instant(text: str) -> datetime:
    if (at := moment(text)) is None:
        raise NoAnswer(f"the record's date is {text!r}")
    return at
