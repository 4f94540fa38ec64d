"""Bylines: who wrote an article, read from the header, the opening and the end of the body."""

from __future__ import annotations

from .header import parse_header
from .joining import merge
from .lead import NO_LEAD, Lead, find_lead, parse_lead
from .signature import parse_signature

__all__ = ["NO_LEAD", "Lead", "find_lead", "merge", "parse_header", "parse_lead", "parse_signature"]
