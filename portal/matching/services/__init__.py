"""Store what the matcher found. Old suggestions stay until the new ones are committed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update

from portal.clock import now
from portal.db import db
from portal.jobs import Job, enqueue
from portal.matching.engine import ENGINE_VERSION, Pairing, RematchResult
from portal.matching.models import (
    MatchRun,
    NewMatch,
    Readership,
    SimilarChallenge,
    Suggestion,
)
from portal.matching.queries import REFRESH_KEY, challenge_key, innovation_key
from portal.matching.queries.to_match import Standing
from portal.matching.rules import WORTH_TELLING


def store(*, challenge_id: int, by_readership: Mapping[Readership, Sequence[Pairing]]) -> None:
    """Replace all suggestions of a challenge by these pairings."""
    db.session.execute(delete(Suggestion).where(Suggestion.challenge_id == challenge_id))
    _note_new(challenge_id, by_readership)
    rows = [_row(pairing, whom) for whom, pairings in by_readership.items() for pairing in pairings]
    if rows:
        db.session.execute(insert(Suggestion), rows)
    _note_run(challenge_id)
    db.session.flush()


def place(
    *,
    challenge_id: int,
    whom: Readership,
    standing: Mapping[int, Standing],
    again: RematchResult,
) -> None:
    """Bring one list up to date: what is new on it or moved is written, the others get their
    place."""
    anew = {int(pairing.solution_id) for pairing in again.anew}
    ranks = {int(one): rank for rank, one in enumerate(again.ids, start=1)}
    left = [one for one in standing if one in anew or one not in ranks]
    of_it = (Suggestion.challenge_id == challenge_id) & (Suggestion.readership == whom)
    db.session.execute(delete(Suggestion).where(of_it, Suggestion.innovation_id.in_(left)))
    _note_new(challenge_id, {whom: again.anew})
    if again.anew:
        db.session.execute(insert(Suggestion), [_row(one, whom) for one in again.anew])
    moved = [
        {"id": row.row_id, "rank": ranks[one]}
        for one, row in standing.items()
        if one in ranks and one not in anew and row.rank not in {0, ranks[one]}
    ]
    if moved:
        db.session.execute(update(Suggestion), moved)
    _note_run(challenge_id)


def _note_new(challenge_id: int, by_readership: Mapping[Readership, Sequence[Pairing]]) -> None:
    """Keep which pairs have at least something in common for the first time."""
    close = {
        (int(pairing.solution_id), whom)
        for whom in NEWS
        for pairing in by_readership.get(whom, ())
        if pairing.reasons.likeness >= WORTH_TELLING
    }
    of_it = NewMatch.challenge_id == challenge_id
    known = db.session.execute(
        select(NewMatch.innovation_id, NewMatch.readership).where(of_it)
    ).all()
    fresh = sorted(close - {(one, whom) for one, whom in known})
    rows = [
        {"challenge_id": challenge_id, "innovation_id": one, "readership": whom, "first_at": now()}
        for one, whom in fresh
    ]
    if rows:
        db.session.execute(insert(NewMatch), rows)


NEWS = (Readership.ICS, Readership.STAFF)
"""The readerships that are told what is new: of what is proven, for a challenge of their own."""


def relate(*, challenge_id: int, pairings: Sequence[Pairing], is_open: bool) -> None:
    """Replace the similar challenges of a challenge, on both sides; a draft is on no other's."""
    of_it = SimilarChallenge.challenge_id == challenge_id
    db.session.execute(
        delete(SimilarChallenge).where(of_it | (SimilarChallenge.other_id == challenge_id))
    )
    rows = [_relation(challenge_id, int(pairing.solution_id), pairing) for pairing in pairings]
    if is_open:
        rows += [_relation(int(pairing.solution_id), challenge_id, pairing) for pairing in pairings]
    if rows:
        db.session.execute(insert(SimilarChallenge), rows)
    db.session.flush()


def _relation(challenge_id: int, other_id: int, pairing: Pairing) -> dict[str, Any]:
    words = [shared.need[0] for shared in pairing.reasons.shared]
    return {
        "challenge_id": challenge_id,
        "other_id": other_id,
        "score": pairing.reasons.likeness,
        "words": list(dict.fromkeys(words)),
    }


def ask_for_matches(*, challenge_id: int) -> None:
    """Queue the matching of one challenge, once."""
    enqueue("matching.challenge", key=challenge_key(challenge_id), challenge_id=challenge_id)


def ask_for_challenges(*, innovation_id: int) -> None:
    """Queue the matching of one innovation with every open challenge, once."""
    enqueue(
        "matching.innovation",
        key=innovation_key(innovation_id),
        innovation_id=innovation_id,
    )


def ask_for_refresh() -> Job:
    """Queue the matching of everything, once; returns the job."""
    return enqueue("matching.refresh", key=REFRESH_KEY)


def _row(pairing: Pairing, whom: Readership) -> dict[str, Any]:
    return {
        "challenge_id": pairing.need_id,
        "innovation_id": pairing.solution_id,
        "readership": whom,
        "rank": 0 if whom is Readership.INNOVATOR else pairing.rank,
        "score": pairing.score,
        "reasons": pairing.reasons.as_json(),
        "engine_version": ENGINE_VERSION,
        "matched_at": now(),
    }


def _note_run(challenge_id: int) -> None:
    run = db.session.get(MatchRun, challenge_id) or MatchRun(challenge_id=challenge_id)
    run.matched_at, run.engine_version = now(), ENGINE_VERSION
    db.session.add(run)
