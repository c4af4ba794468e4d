"""What the matcher says of answers: how strong each pair is, and why."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from portal.answers.models import Answer
from portal.db import db
from portal.matching.models import Readership, Suggestion


def suggestions_of(challenge_id: int, answers: Iterable[Answer]) -> Mapping[int, Suggestion]:
    """Return the stored pair of each answer, by the id of the innovation.

    They are those made for innovators: each record weighed on its own, shared with ICSs or not.
    """
    ids = [one.innovation_id for one in answers]
    found = db.session.scalars(
        select(Suggestion).where(
            Suggestion.challenge_id == challenge_id,
            Suggestion.innovation_id.in_(ids),
            Suggestion.readership == Readership.INNOVATOR,
        )
    )
    return {one.innovation_id: one for one in found}
