"""What the reading room asks: one article, its people, runs, changes. Rows are dictionaries by column."""
