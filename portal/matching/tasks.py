"""Match in the worker: one challenge, one innovation, or everything every night.

Reading and scoring hold no lock; what was found is then written in one short transaction, so that
a worker killed at any moment leaves the old suggestions whole.
"""

from portal.db import db, reading
from portal.jobs import Progress, task
from portal.matching.engine import Need
from portal.matching.indexing import Matchers, matchers
from portal.matching.queries import open_needs
from portal.matching.services import place, store


@task("matching.challenge")
def match_challenge(progress: Progress, challenge_id: int) -> None:
    """Match one challenge with the proven innovations that each readership may see."""
    needs, ready = _read(challenge_id)
    for need in needs:
        found = ready.match(need)
        store(challenge_id=challenge_id, found=found)
        db.session.commit()


@task("matching.innovation")
def match_innovation(progress: Progress, innovation_id: int) -> None:
    """Put one changed innovation in its place on every open challenge, or take it out."""
    needs, ready = _read()
    for number, need in enumerate(needs, start=1):
        found = ready.pair(need, innovation_id)
        place(challenge_id=int(need.id), innovation_id=innovation_id, found=found)
        progress(number, len(needs), "Matching with open challenges")
        db.session.commit()


@task("matching.refresh", schedule="30 2")
def refresh(progress: Progress) -> None:
    """Match every open challenge again: what lapsed, what moved a little, what was missed."""
    needs, ready = _read()
    for number, need in enumerate(needs, start=1):
        store(challenge_id=int(need.id), found=ready.match(need))
        progress(number, len(needs), "Matching open challenges")
        db.session.commit()


def _read(challenge_id: int | None = None) -> tuple[list[Need], Matchers]:
    """Read the open challenges (or one) and every candidate, in a transaction that only reads."""
    db.session.commit()
    with reading():
        needs, ready = open_needs(challenge_id), matchers()
        db.session.rollback()
    return needs, ready
