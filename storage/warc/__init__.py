"""WARC files: written, recovered, read."""
