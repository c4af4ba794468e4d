"""Read across: challenges that ask for much the same, and innovations side by side."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.accounts.models import Actor, Organisation
from portal.challenges.models import Challenge, ChallengeState, challenge_term
from portal.challenges.queries import visible_to as challenge_visible_to
from portal.db import db
from portal.errors import NotFound
from portal.innovations.models import Innovation, Use
from portal.innovations.queries import visible_to as innovation_visible_to
from portal.matching.models import SimilarChallenge
from portal.matching.rules import MAX_COMPARED_INNOVATIONS, Share
from portal.reference.models import Site, Term, Vocabulary


def similar_challenges(actor: Actor, challenge: Challenge) -> Sequence[SimilarChallenge]:
    """Return the open challenges of others that ask for much the same, most alike first."""
    return db.session.scalars(
        select(SimilarChallenge)
        .join(SimilarChallenge.other)
        .where(
            SimilarChallenge.challenge_id == challenge.id,
            Challenge.state == ChallengeState.OPEN,
            challenge_visible_to(actor),
        )
        .options(contains_eager(SimilarChallenge.other).joinedload(Challenge.organisation))
        .order_by(SimilarChallenge.score.desc(), SimilarChallenge.other_id)
    ).all()


def similar_ids(actor: Actor, challenge: Challenge) -> list[int]:
    """Return the ids of the open challenges of others that ask for much the same."""
    return [one.other_id for one in similar_challenges(actor, challenge)]


def compared(actor: Actor, ids: Sequence[int]) -> list[Innovation]:
    """Return innovations to stand side by side, in the order asked for.

    Each is asked for by itself: one that the actor may not see is left out as if it did not exist.
    Raises NotFound when none is left.
    """
    rows = db.session.scalars(
        select(Innovation)
        .where(Innovation.id.in_(ids), innovation_visible_to(actor))
        .options(
            joinedload(Innovation.organisation),
            joinedload(Innovation.category),
            selectinload(Innovation.terms),
            selectinload(Innovation.evidence),
            selectinload(Innovation.uses).joinedload(Use.organisation).load_only(Organisation.name),
            selectinload(Innovation.uses).joinedload(Use.directory_site).load_only(Site.name),
        )
    )
    by_id = {row.id: row for row in rows}
    found = [by_id[one] for one in dict.fromkeys(ids) if one in by_id][:MAX_COMPARED_INNOVATIONS]
    if not found:
        raise NotFound("There is no innovation here that you may see.")
    return found


def habits(actor: Actor, besides: int | None = None) -> dict[Vocabulary, Share]:
    """Return how many of the open challenges that the actor may see name a care setting, a
    condition and an area; what the challenge with the id `besides` names too is left out."""
    seen = (Challenge.state == ChallengeState.OPEN) & challenge_visible_to(actor)
    total = select(func.count()).select_from(Challenge).where(seen).scalar_subquery()
    named = (
        select(Term.vocabulary).join(challenge_term).where(challenge_term.c.challenge_id == besides)
    )
    naming = db.session.execute(
        select(Term.vocabulary, func.count(func.distinct(Challenge.id)), total)
        .join(Challenge.terms)
        .where(seen, Term.vocabulary.not_in(named))
        .group_by(Term.vocabulary)
    )
    return {vocabulary: Share(count, of) for vocabulary, count, of in naming}
