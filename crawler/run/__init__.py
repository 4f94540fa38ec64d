"""One run: what it is asked to do, its opening, its lease, its turns at hosts, its end."""
