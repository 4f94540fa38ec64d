"""Labelled pairs of invented Korean articles: which are one, which are linked, which only look alike."""
