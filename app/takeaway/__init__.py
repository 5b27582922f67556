"""What a visitor takes away: a run as a folder that needs this site no more.

`app.takeaway.page` writes `run.html`, and `app.takeaway.archive` packs `run.zip`. The other modules go into the archive: `replay`
makes the run again and prints it, `drawing` draws it where matplotlib is there, and `params` and `notation` stand in for the
site's modules of those names, which need more than NumPy.
"""
