"""Benchmarks: printed for people, never asserted in tests."""
