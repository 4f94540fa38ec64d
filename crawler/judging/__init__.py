"""Judging without a crawl: captures that no run made here are read, stored and settled as by one."""
