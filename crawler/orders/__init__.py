"""What a command or a slot asks for: the newest, gaps, named addresses."""
