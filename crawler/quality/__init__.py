"""The quality gate: what extraction and normalising score, field by field, on every saved page.

``python -m crawler.quality`` (``make quality``) prints the table and fails below a pinned floor. The truth
about the project's own pages is their ``expected.json``; that about shared pages is hashes and short facts
in ``tests/quality/shared``, read by the oracle, never by the extractor. docs/quality.md says what is counted
and how.
"""
