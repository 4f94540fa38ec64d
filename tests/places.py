"""Where the tests find things: the repository, and the saved pages of others, which may be absent."""

from __future__ import annotations

from pathlib import Path

from crawler.configuration.environment import configuration

ROOT = Path(__file__).resolve().parents[1]
SHARED = (ROOT / configuration().pages).resolve()
"""NEWSARCHIVE_PAGES: other people's pages, never in the repository. Tests skip with a reason without them."""
