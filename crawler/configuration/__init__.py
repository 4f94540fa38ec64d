"""What the operator sets: environment and newsarchive.toml, read when asked, never at import."""
