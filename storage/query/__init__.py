"""Reading the archive: views, SQL, as of a day, a page's history."""
