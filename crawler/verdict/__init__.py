"""What a run was worth: against its expectation, its source's history, and chance."""
