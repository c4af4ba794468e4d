"""Match in the worker: one challenge, one innovation, or everything every night.

Reading and scoring hold no lock; what was found is then written in one short transaction, so that
a worker killed at any moment leaves the old suggestions whole.
"""

from dataclasses import dataclass

from portal.db import db, reading
from portal.jobs import Progress, task
from portal.matching.engine import Matcher, Need
from portal.matching.indexing import Matchers, keep_words, likenesses, matchers, similar
from portal.matching.queries import needs_to_match
from portal.matching.services import place, relate, store


@task("matching.challenge")
def match_challenge(progress: Progress, challenge_id: int) -> None:
    """Match one challenge with the innovations that each readership may see."""
    ready = _read()
    for need in ready.needs:
        if need.id == challenge_id:
            _match(need, ready)


@task("matching.innovation")
def match_innovation(progress: Progress, innovation_id: int) -> None:
    """Put one changed innovation in its place on every challenge, or take it out."""
    ready = _read()
    for number, need in enumerate(ready.needs, start=1):
        found = ready.solutions.pair(need, innovation_id)
        place(challenge_id=int(need.id), innovation_id=innovation_id, found=found)
        progress(number, len(ready.needs), "Matching with challenges")
        db.session.commit()


@task("matching.refresh", schedule="30 2")
def refresh(progress: Progress) -> None:
    """Match every challenge again: what lapsed, what moved a little, what was missed."""
    ready = _read()
    for number, need in enumerate(ready.needs, start=1):
        _match(need, ready)
        progress(number, len(ready.needs), "Matching challenges")
        db.session.commit()


@dataclass(frozen=True)
class _Ready:
    """What a job matches."""

    needs: list[Need]
    open_ids: set[int | str]
    solutions: Matchers
    others: Matcher


def _match(need: Need, ready: _Ready) -> None:
    """Find everything for one challenge, then write it in one transaction."""
    found, alike = ready.solutions.match(need), similar(need, ready.others)
    store(challenge_id=int(need.id), found=found)
    relate(challenge_id=int(need.id), found=alike, is_open=need.id in ready.open_ids)
    db.session.commit()


def _read() -> _Ready:
    """Read the challenges to match and every candidate, in a transaction that only reads."""
    db.session.commit()
    with reading():
        drafts, out = needs_to_match(is_open=False), needs_to_match(is_open=True)
        solutions = matchers()
        db.session.rollback()
    keep_words(solutions.every)
    return _Ready([*out, *drafts], {need.id for need in out}, solutions, likenesses(out))
