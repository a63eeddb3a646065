"""Does drift tell the truth? A loopback web with known changes, watched by the program under test.

`python -m bench.drift` runs it; `python -m bench.drift.broken KIND` runs it against a comparator broken
on purpose, which the bench has to notice. Nothing here knows how the program reads a page.
"""
