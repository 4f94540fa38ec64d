"""Captures: an answer's bytes into the WARC file, and what a dead run captured and never judged."""
