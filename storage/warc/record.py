"""WARC records as bytes: what one exchange looks like on disk. No files here (see store.py)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from storage.warc.facts import Facts, facts_block
from storage.warc.library import StatusAndHeaders
from storage.warc.written import BUILDER, WARC_VERSION, member, member_of, payload_digest, request_member

TRUNCATED_REASONS = frozenset({"length", "time", "disconnect", "unspecified"})
"""The values that WARC-Truncated may have (ISO 28500, 5.13)."""

FACTS_FIELD = "Newsarchive-Capture"
"""Our own named field (ISO 28500 section 5.1 allows such): what the answer was asked for and what was known
before it came, as JSON in ASCII. With it a row can be made from its record alone, also where a torn file has
lost the ``metadata`` record behind it."""

ROW_FACTS = frozenset(
    {"run", "source", "address", "robots_allowed", "robots_rule", "tdm_reservation", "tdm_policy"}
)
"""The facts that a row needs; the others stand in the ``metadata`` record alone."""

NOT_MODIFIED_PROFILE = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

Headers = Sequence[tuple[str, str]]

# Bodies are stored content-decoded: headers that describe the wire form must not promise it again.
_WIRE_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_SPACE_OR_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_SORTED = json.JSONEncoder(sort_keys=True)
_NOT_IN_A_NAME = re.compile(r"[\x00-\x20\x7f:]")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_LINE_BREAKS = re.compile(r"[\r\n\x00]+")
# What the request's record shares with its answer's.
_SHARED_FIELDS = ("WARC-Date", "WARC-Warcinfo-ID", "WARC-IP-Address")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A server's answer on its way into a record."""

    kind: str
    """``response`` or ``revisit``."""
    url: str
    fields: Mapping[str, str]
    http: StatusAndHeaders
    body: bytes
    facts: Facts
    """All that is known of it, for the ``metadata`` record."""


def exchange_bytes(answer: Answer, request: bytes | None, warcinfo_id: str) -> tuple[bytes, bytes]:
    """The answer's record; and the records beside it: its request's, and what is known of both.

    Each record is one gzip member. ``ValueError``: not an address.
    """
    if not answer.url or _SPACE_OR_CONTROL.search(answer.url):
        raise ValueError(f"{answer.url!r} cannot be a record's address")
    fields = {**answer.fields, **facts_field(answer.facts), "WARC-Warcinfo-ID": warcinfo_id}
    block = answer.http.to_ascii_bytes() + answer.body
    record, number = member(answer.kind, answer.url, fields, block)
    own = {name: fields[name] for name in _SHARED_FIELDS if name in fields}
    own["WARC-Concurrent-To"] = number
    beside = b"" if request is None else request_member(answer.url, own, request)
    if known := facts_block(answer.facts):
        beside += member("metadata", answer.url, own, known, payload_digest(known))[0]
    return record, beside


ROBOTS = "classic (RFC 9309; a robots.txt that cannot be reached means wait)"
"""ISO 28500 section 6.2: ``classic`` says that robots.txt is obeyed."""


def warcinfo_bytes(
    file_name: str, user_agent: str, contact: str | None, about: Mapping[str, str]
) -> tuple[bytes, str]:
    """The record that opens a file, and its id.

    Args:
        user_agent: as it was sent; its first word is the software.
        about: further fields: the robots policy, what the file is part of.
    """
    info = {
        "software": user_agent.partition(" ")[0],
        "operator": contact,
        "http-header-user-agent": user_agent,
        **about,
        "format": f"WARC File Format {WARC_VERSION}",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    }
    told = {name: _LINE_BREAKS.sub(" ", value) for name, value in info.items() if value}
    record = BUILDER.create_warcinfo_record(file_name, told)
    return member_of(record), str(record.rec_headers.get_header("WARC-Record-ID"))


def facts_field(facts: Facts) -> dict[str, str]:
    """The field that carries what a row needs of a capture beside its answer."""
    known = {name: value for name, value in facts.items() if value is not None and name in ROW_FACTS}
    return {FACTS_FIELD: _SORTED.encode(known)} if known else {}


def response_fields(
    fetched_at: datetime, digest: str, *, truncated: str | None, ip: str | None
) -> dict[str, str]:
    """The WARC fields of a response. ``ValueError``: a naive instant or an unknown truncation reason."""
    if truncated is not None and truncated not in TRUNCATED_REASONS:
        raise ValueError(f"{truncated!r} is not a WARC-Truncated reason")
    fields = {"WARC-Date": _warc_date(fetched_at), "WARC-Payload-Digest": digest}
    return fields | _present({"WARC-IP-Address": ip, "WARC-Truncated": truncated})


def revisit_fields(
    fetched_at: datetime, url: str, digest: str | None, date: datetime | None, *, ip: str | None
) -> dict[str, str]:
    """The WARC fields of a 304 answer, which refers to the capture that is still valid."""
    fields = {
        "WARC-Date": _warc_date(fetched_at),
        "WARC-Profile": NOT_MODIFIED_PROFILE,
        "WARC-Refers-To-Target-URI": url,
    }
    refers_to_date = None if date is None else _warc_date(date)
    return fields | _present(
        {"WARC-Refers-To-Date": refers_to_date, "WARC-Payload-Digest": digest, "WARC-IP-Address": ip}
    )


def response_head(status: int, reason: str, headers: Sequence[tuple[str, str]]) -> StatusAndHeaders:
    """The status line and headers. HTTP/1.1 whatever the wire was: WARC readers know no other form."""
    return StatusAndHeaders(f"{status} {_one_line(reason)}".strip(), list(headers), protocol="HTTP/1.1")


def decoded_headers(headers: Headers, length: int) -> list[tuple[str, str]]:
    """Headers that fit a content-decoded body of this length; what they said stays as X-Archive-Orig-."""
    stored = [
        (f"X-Archive-Orig-{name}" if name.lower() in _WIRE_HEADERS else name, value)
        for name, value in printable_headers(headers)
    ]
    return [*stored, ("Content-Length", str(length))]


def printable_headers(headers: Headers) -> list[tuple[str, str]]:
    """Headers that cannot break the record: a line break becomes a space, non-ASCII is percent-encoded."""
    return [(_NOT_IN_A_NAME.sub("", _one_line(name)), _one_line(value)) for name, value in headers]


def _present(fields: Mapping[str, str | None]) -> dict[str, str]:
    return {name: _one_line(value) for name, value in fields.items() if value is not None}


def _warc_date(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("a capture's instant must carry its time zone")
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _one_line(text: str) -> str:
    if text.isascii() and text.isprintable():  # almost all are
        return text
    return _NON_ASCII.sub(lambda found: quote(found[0], errors="surrogatepass"), _LINE_BREAKS.sub(" ", text))
