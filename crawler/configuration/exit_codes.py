"""What the command line's exit codes mean (DESIGN section 6, docs/operating.md)."""

HEALTHY, BELOW_EXPECTATION, WRONG_USE, LEASE_HELD, REFUSED = range(5)
