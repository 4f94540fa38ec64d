"""Opening the database, its schema, what it refuses."""
