"""Articles and all that hangs on them: the writer and its parts."""
