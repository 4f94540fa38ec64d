"""The reading room: ``newsarchive serve``. Our pages, and Datasette for tables and SQL.

Nothing here is imported unless it is asked for; Datasette comes with the extra ``[serve]``.
"""
