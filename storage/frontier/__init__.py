"""Addresses, leases, turns, captures and runs: what to fetch next, and what became of it."""
