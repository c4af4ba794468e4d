"""What matching one change costs at 10,000 records × 400 challenges, in a fresh and a warm worker.

    DEMO=1 INSTANCE=<a grown demonstration's folder> python -m benchmarks.matching_changes [--only]

The folder is one that `benchmarks.grow` made large. Its copies are given words of their own (by
Zipf's law, from a vocabulary that grows with the collection; seeds are fixed), its challenges are
copied until there are 400, and all is matched once; `--only` leaves that out where it was done.
Then some records and challenges are changed, each in a transaction of its own, and the job of each
is run: seconds of processor, the lists that it wrote, and the most memory that the process held.
"""

import random
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from sqlalchemy import Connection, func, insert, select, update

from benchmarks.matching import SYLLABLES
from portal import create_app
from portal.challenges.models import Challenge, ChallengeState
from portal.clock import now
from portal.db import Base, db
from portal.innovations.models import Innovation
from portal.matching import indexing, tasks

CHALLENGES = 400
GROWN_FROM = 205
"""So many records a demonstration has; the others are copies."""
RECORDS_CHANGED, CHALLENGES_CHANGED = (3000, 6001, 9002, 5005, 777), (50, 150, 250)


def words() -> Callable[[int], str]:
    """Return what draws so many words."""
    draw = random.Random(1)
    known = sorted({"".join(draw.choices(SYLLABLES, k=3)) for _ in range(10_000)})
    draw.shuffle(known)
    chances = np.cumsum([1 / (rank + 2.7) for rank in range(len(known))]).tolist()
    return lambda count: " ".join(draw.choices(known, cum_weights=chances, k=count))


def vary(connection: Connection, made: Callable[[int], str]) -> None:
    """Give the copies of records words of their own, and copy challenges until there are enough."""
    table = Base.metadata.tables["innovation"]
    copies = select(table.c.id, table.c.summary).where(table.c.id > GROWN_FROM)
    for one, summary in connection.execute(copies).all():
        put = {"summary": f"{made(10)} {summary}", "description": made(60)}
        connection.execute(update(table).where(table.c.id == one).values(put))
    challenge = Base.metadata.tables["challenge"]
    is_open = challenge.c.state == ChallengeState.OPEN
    rows = [dict(one) for one in connection.execute(select(challenge).where(is_open)).mappings()]
    last = connection.scalar(select(func.max(challenge.c.id))) or 0
    for number in range(CHALLENGES - len(rows)):
        row = dict(rows[number % len(rows)])
        half = row["problem"][: len(row["problem"]) // 2]
        row |= {"id": last + number + 1, "title": f"{row['title']} {made(2)}"}
        connection.execute(insert(challenge).values({**row, "problem": f"{made(30)} {half}"}))


def timed(name: str, job: Callable[[Any, int], None], one: int) -> None:
    """Run the job of one row, and say what it took."""
    lists, begun = [0], time.process_time()

    def progress(_done: int, total: int, _words: str) -> None:
        lists[0] = total

    job(progress, one)
    took = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {name} | {took:.2f} | {lists[0] or ''} | {peak:.0f} |", flush=True)


def changed(row: Innovation | Challenge, column: str) -> None:
    """Change a text as somebody would, in a transaction of its own."""
    setattr(row, column, f"{getattr(row, column)} falls at night")
    row.changed_at = now()
    db.session.commit()


def main(*arguments: str) -> None:
    """Print a line for each job."""
    with create_app().app_context():
        if "--only" not in arguments:
            with db.engine.begin() as connection:
                vary(connection, words())
            tasks.refresh(lambda *_: None)
            indexing.forget()
        records = list(db.session.scalars(select(Innovation.id).order_by(Innovation.id)))
        is_open = Challenge.state == ChallengeState.OPEN
        asked = list(db.session.scalars(select(Challenge.id).where(is_open).order_by(Challenge.id)))
        db.session.rollback()
        print("| Job | s of processor | Written | Peak MB |\n|---|---:|---:|---:|")
        timed("a challenge, nothing read yet", tasks.match_challenge, asked[100])
        for one in (records[place] for place in RECORDS_CHANGED):
            changed(db.session.get_one(Innovation, one), "summary")
            timed(f"record {one}", tasks.match_innovation, one)
        for one in (asked[place] for place in CHALLENGES_CHANGED):
            changed(db.session.get_one(Challenge, one), "problem")
            timed(f"challenge {one}", tasks.match_challenge, one)


if __name__ == "__main__":
    main(*sys.argv[1:])
