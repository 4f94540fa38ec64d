"""The views of what was asked for: ``runs``, ``coverage``, ``outcomes``, ``discoveries``, ``seeds`` and
``quarantine``."""

# ruff: noqa: S608 (the statements are put together from constants)

from __future__ import annotations

from storage.query.kst import shown
from storage.query.views.spelling import whole
from storage.records import Outcome

RUN_OUTCOMES = tuple(outcome.value for outcome in Outcome)
"""What became of a run's addresses, in the order of the columns."""
OUTCOMES = (*(word for word in RUN_OUTCOMES if word != Outcome.KNOWN), "pending")
"""What became of an address, in the order of the columns; pending: nothing yet."""


def run_views(backend: str) -> dict[str, str]:
    """Name -> SELECT."""
    return {
        "runs": _runs(backend),
        "coverage": _coverage(backend),
        "outcomes": _outcomes(backend),
        "discoveries": _discoveries(backend),
        "seeds": _seeds(backend),
        "quarantine": _quarantine(backend),
    }


def _runs(backend: str) -> str:
    """Each run counted by itself: an index holds the outcomes of a run by their kind."""
    counted = ", ".join(
        "run.known" if word == Outcome.KNOWN else f"{_counted(word, backend)} AS {word}"
        for word in RUN_OUTCOMES
    )
    return f"""
SELECT run.id AS run_id, run.source, run.mode, {shown("run.started_at", backend)} AS started_at,
  {shown("run.finished_at", backend)} AS finished_at, run.verdict, run.reason,
  run.listed, {counted}, run.requests, run.bytes
FROM run"""


def _counted(word: str, backend: str) -> str:
    ended = f"FROM outcome AS ended WHERE ended.run_id = run.id AND ended.outcome = '{word}'"
    return whole(f"(SELECT count(ended.id) {ended})", backend)


def _discoveries(backend: str) -> str:
    times = {
        name: shown(f"discovery.{name}", backend)
        for name in ("first_seen_at", "last_seen_at", "time_hint", "updated_hint")
    }
    return f"""
SELECT address.url, address.source, seed.url AS seed, discovery.first_run_id, discovery.last_run_id,
  {times["first_seen_at"]} AS first_seen_at, {times["last_seen_at"]} AS last_seen_at, discovery.times,
  discovery.title_hint, {times["time_hint"]} AS time_hint, discovery.time_raw,
  {times["updated_hint"]} AS updated_hint, discovery.updated_raw, discovery.section_hint,
  discovery.publisher_hint, discovery.author_hint, discovery.position
FROM discovery
JOIN address ON address.id = discovery.address_id
JOIN seed ON seed.id = discovery.seed_id"""


def _coverage(backend: str) -> str:
    """By the day and section that the database keeps with each address (storage/query/kept.py)."""
    page = "(SELECT appearance.id FROM appearance WHERE appearance.address_id = address.id)"
    fate = f"CASE WHEN {page} IS NOT NULL THEN 'stored' ELSE coalesce(address.last_outcome, 'pending') END"
    counts = ", ".join(f"{whole(_sum(word), backend)} AS {word}" for word in OUTCOMES)
    return f"""
SELECT source, day, section, {whole("count(number)", backend)} AS listed, {counts}
FROM (
  SELECT address.id AS number, address.source, address.day, address.section, {fate} AS outcome
  FROM address
  WHERE address.alias_of_id IS NULL OR address.last_outcome IS NOT NULL
) AS listed
GROUP BY source, day, section"""


def _sum(word: str) -> str:
    return f"sum(CASE WHEN outcome = '{word}' THEN 1 ELSE 0 END)"


def _outcomes(backend: str) -> str:
    return f"""
SELECT outcome.id AS outcome_id, outcome.run_id, run.source, run.mode, address.url, outcome.outcome,
  outcome.reason, {shown("outcome.at", backend)} AS at, capture.http_status,
  {shown("capture.fetched_at", backend)} AS fetched_at, capture.warc_file, capture.warc_offset
FROM outcome
JOIN run ON run.id = outcome.run_id
JOIN address ON address.id = outcome.address_id
LEFT JOIN capture ON capture.id = outcome.capture_id"""


def _seeds(backend: str) -> str:
    return f"""
SELECT seed_visit.id AS visit_id, seed_visit.run_id, run.source, run.mode, seed_visit.seed, seed_visit.kind,
  seed_visit.section, seed_visit.outcome, seed_visit.reason, seed_visit.listed,
  seed_visit.way, seed_visit.grade,
  {shown("seed_visit.at", backend)} AS at, capture.http_status, capture.warc_file, capture.warc_offset
FROM seed_visit
JOIN run ON run.id = seed_visit.run_id
LEFT JOIN capture ON capture.id = seed_visit.capture_id"""


def _quarantine(backend: str) -> str:
    return f"""
SELECT address.url, address.source, ended.run_id, {shown("ended.at", backend)} AS at, ended.reason,
  appearance.article_id, capture.id AS capture_id, {shown("capture.fetched_at", backend)} AS fetched_at,
  capture.http_status, capture.content_type, capture.warc_file, capture.warc_offset, capture.unreadable,
  capture.read_in_vain_by
FROM address
JOIN outcome AS ended ON ended.id = (
  SELECT max(judged.id) FROM outcome AS judged
  WHERE judged.address_id = address.id AND judged.outcome = 'quarantined'
)
LEFT JOIN appearance ON appearance.address_id = address.id
LEFT JOIN capture ON capture.id = ended.capture_id
WHERE address.last_outcome = 'quarantined'"""
