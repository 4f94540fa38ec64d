"""A second copy of the archive: made while a crawl runs, checked, put back; and the move to another database.

A backup's folder is laid out as an archive's, so that every command can be asked of it with ``--dir``.
``rows`` copies tables between databases, ``making`` makes and renews a backup, ``checking`` proves it,
``restoring`` puts it back.
"""
