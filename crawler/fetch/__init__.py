"""Fetching: downloader middlewares, robots.txt, the end of a request. No parsing of pages."""
