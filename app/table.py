"""`python -m app.table`: runs every demo at its defaults and prints what it came to. With slugs, only those topics.

A row a demo: CPU seconds, frames, kilobytes on the wire, and how many of the claims that apply held; below it each claim with the
number measured. Ends with status 1 when a claim failed.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from app.frames import read
from app.logs import speak_anywhere
from app.produce import events
from app.topic import Demo
from app.topics import topics

MARKS = {True: "holds", False: "FAILS", None: "does not apply"}


def row(slug: str, demo: Demo) -> tuple[str, list[dict[str, Any]]]:
    """The demo's line, and its claims as the run's `done` told them."""
    began, size = time.process_time(), 0
    for _, sent in events(slug, demo.name, {}):
        size += len(sent)
    seconds, done = time.process_time() - began, read(sent)[1]
    applying = [claim for claim in done["claims"] if claim["applies"]]
    held = f"{sum(claim['holds'] for claim in applying)}/{len(applying)}"
    return f"{slug + '/' + demo.name:44} {seconds:7.2f} {done['frames']:6} {size / 1e3:7.0f} {held:>7}", done["claims"]


def main(chosen: list[str]) -> int:
    """Prints the table; 1 when a claim failed, 2 when a slug is unknown."""
    speak_anywhere()
    if unknown := [slug for slug in chosen if slug not in topics()]:
        sys.stderr.write(f"no topic {unknown[0]!r}; there are {', '.join(topics())}\n")
        return 2
    sys.stdout.write(f"{'demo':44} {'CPU s':>7} {'frames':>6} {'kB':>7} {'claims':>7}\n")
    failed = False
    for slug in chosen or topics():
        for demo in topics()[slug].demos:
            line, claims = row(slug, demo)
            said = [
                f"    {claim['text']}: {claim['measured']} ({claim['expected']}), {MARKS[claim['holds']]}" for claim in claims
            ]
            sys.stdout.write("\n".join([line, *said, ""]))
            failed = failed or any(claim["holds"] is False for claim in claims)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
