"""Forgetting: takedowns and retention. What goes, where it lies, and how it goes without a trace.

``trace`` tells an article's words in any bytes, ``inventory`` and ``planning`` find what a takedown takes,
``answers`` cuts captures, ``mentions`` and ``rows`` clear the tables, ``takedown`` does it all in an order
that a kill at any step leaves to be done again, ``returned`` finds what is back. ``retention`` removes what
is old.
"""
