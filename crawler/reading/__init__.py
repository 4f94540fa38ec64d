"""Reading: pages and lists are read in child processes with limits; none of them can end or hold a run.

``question`` is what a process is asked, ``limits`` what it may use, ``worker`` what runs in it, ``process``
the parent's side of one, ``pool`` all of one program, ``extension`` where Scrapy opens and closes them.
"""
