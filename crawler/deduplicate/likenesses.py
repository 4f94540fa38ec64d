"""The pure decisions about near-duplicates, as the archive's writer is given them."""

from __future__ import annotations

from crawler.deduplicate.fingerprint import fingerprint, resembles
from crawler.deduplicate.link import compare, name_kinds
from storage.likeness import Likenesses

LIKENESSES = Likenesses(fingerprint=fingerprint, resembles=resembles, compare=compare, name_kinds=name_kinds)
