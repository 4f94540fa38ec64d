"""What was listed and what came of it, by day."""
