"""The plain register (``열렸다.``) tells of others; boxes, forms and dialogs speak to their reader."""

from __future__ import annotations

from crawler.rare import Rare

PLAIN = Rare(r"(?<!니)다[.\"”’]")
"""A sentence's end in it, not the polite one (``합니다.``)."""
