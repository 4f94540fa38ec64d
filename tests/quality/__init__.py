"""Quality: labelled sets and what the stages score on them."""
