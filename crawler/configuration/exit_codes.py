"""What the command line's exit codes mean (docs/operating.md); the scheduler reads them from its crawls."""

HEALTHY, BELOW_EXPECTATION, WRONG_USE, LEASE_HELD, REFUSED = range(5)
INTERRUPTED = 130
"""Ctrl-C ended a command before its work was done: what a shell says of SIGINT (128 + 2)."""
