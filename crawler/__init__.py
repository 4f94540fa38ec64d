"""From a source's seeds to a normalised article."""
