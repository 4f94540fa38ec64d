"""Captures of others: WARC and WACZ files, saved pages with a manifest, lists of addresses.

``warc``, ``wacz``, ``saved`` and ``addresses`` read files into what ``candidate`` declares, ``kinds`` tells
which of them reads a file, ``body`` takes off what the wire put on; ``intake`` writes what is taken into WARC
files of the archive, and ``importer`` goes through the files, has each page judged, and keeps the ledger.
"""
