"""Read suggestions, and what there is to match."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select
from sqlalchemy.orm import contains_eager, joinedload, load_only, selectinload

from portal.accounts.models import Actor, Organisation
from portal.challenges.models import Challenge, ChallengeState
from portal.challenges.queries import challenge_for
from portal.challenges.queries import visible_to as challenge_visible_to
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.innovations.models import Evidence, Innovation, RecordStatus, Sharing, Use
from portal.innovations.policy import is_hidden_from_icss
from portal.innovations.queries import innovation_for, proven
from portal.innovations.queries import visible_to as innovation_visible_to
from portal.innovations.queries.requests import asked_ids
from portal.matching.documents import need_of
from portal.matching.engine import Need
from portal.matching.models import Feedback, Readership, Suggestion
from portal.matching.policy import can_read_fitting_challenges, can_read_matches, readership
from portal.reference.models import Hin, Site

SHARED_WITH_ICSS = frozenset({Sharing.PUBLIC, Sharing.HINS_AND_ICSS})


# What there is to match ----------------------------------------------------------------------


def need(challenge_id: int) -> Need:
    """Return one challenge, in whatever state, as the engine takes it; raises NotFound."""
    challenge = db.session.get(Challenge, challenge_id)
    if challenge is None:
        raise NotFound(f"There is no challenge {challenge_id}.")
    return need_of(challenge)


# What was found ------------------------------------------------------------------------------


def challenge_with_matches_for(actor: Actor, challenge_id: int) -> Challenge:
    """Return a challenge whose matches the actor may read; raises NotFound or Forbidden."""
    challenge = challenge_for(actor, challenge_id)
    if not can_read_matches(actor):
        raise Forbidden("Matches are for the staff of ICSs, HINs and the national team.")
    return challenge


def innovation_with_challenges_for(actor: Actor, innovation_id: int) -> Innovation:
    """Return an innovation whose fitting challenges the actor may read; raises NotFound or
    Forbidden."""
    innovation = innovation_for(actor, innovation_id)
    if not can_read_fitting_challenges(actor, innovation):
        raise Forbidden(
            "The challenges that an innovation may fit are for its own people and HINs."
        )
    return innovation


@dataclass(frozen=True, slots=True)
class SuggestionsResult:
    """The suggestions of a challenge that a reader may see, best first."""

    proven: list[Suggestion]
    promising: list[Suggestion]
    """Not yet proven."""
    judged: dict[int, Feedback]
    """What the reader's own organisation thinks of them, by innovation. Never another's."""


def suggestions(actor: Actor, challenge: Challenge) -> SuggestionsResult:
    """Return the suggestions of a challenge with all that their cards say of the innovations.

    Whether each may be seen and is proven today is asked anew, however old the suggestion is.
    """
    whom, also = readership(actor), readership(actor, promising=True)
    is_proven = func.coalesce(proven(today()), false())
    wanted = or_(
        (Suggestion.readership == whom) & is_proven,
        (Suggestion.readership == also) & not_(is_proven),
    )
    own = and_(
        Feedback.challenge_id == Suggestion.challenge_id,
        Feedback.innovation_id == Suggestion.innovation_id,
        Feedback.organisation_id == actor.organisation_id,
    )
    rows = db.session.execute(
        select(Suggestion, Feedback)
        .join(Suggestion.innovation)
        .outerjoin(Feedback, own)
        .where(
            Suggestion.challenge_id == challenge.id,
            wanted,
            Innovation.status == RecordStatus.SUBMITTED,
            listed_for(whom),
            innovation_visible_to(actor),
        )
        .options(
            contains_eager(Suggestion.innovation).options(*_CARD),
        )
        .order_by(Suggestion.rank, Suggestion.innovation_id)
    ).all()
    return SuggestionsResult(
        [row for row, _ in rows if row.readership is whom],
        [row for row, _ in rows if row.readership is also],
        {row.innovation_id: verdict for row, verdict in rows if verdict is not None},
    )


_USES = selectinload(Innovation.uses)
# What a card says of a record, and no more.
_CARD = (
    load_only(
        Innovation.name,
        Innovation.status,
        Innovation.sharing,
        Innovation.summary,
        Innovation.is_proven_until,
        Innovation.is_demo,
        Innovation.hin_id,
    ),
    joinedload(Innovation.organisation).load_only(Organisation.name),
    joinedload(Innovation.hin).load_only(Hin.name),
    selectinload(Innovation.evidence).load_only(Evidence.title),
    _USES.joinedload(Use.organisation).load_only(Organisation.name, Organisation.ics_id),
    _USES.joinedload(Use.directory_site).load_only(
        Site.name, Site.geography_ics_id, Site.commissioner_ics_id
    ),
)


def hidden_from_icss(actor: Actor, suggestions: Sequence[Suggestion]) -> dict[int, bool]:
    """Return the suggested innovations that ICSs cannot see, by id, each with whether its owner is
    asked to share it already. Empty for whoever is no HIN or national staff."""
    ids = [row.innovation_id for row in suggestions if is_hidden_from_icss(row.innovation)]
    if not ids or not actor.is_staff:
        return {}
    asked = asked_ids(ids)
    return {one: one in asked for one in ids}


def listed_for(whom: Readership) -> ColumnElement[bool]:
    """Return SQL for "may stand on this readership's list today"."""
    every = Innovation.status == RecordStatus.SUBMITTED
    return every & Innovation.sharing.in_(SHARED_WITH_ICSS) if whom is Readership.ICS else every


def comparable(actor: Actor) -> dict[int, bool]:
    """Return the ids of all submitted innovations that may stand on a list of the actor's, each
    with whether it is proven today."""
    rows = db.session.execute(
        select(Innovation.id, func.coalesce(proven(today()), false())).where(
            listed_for(readership(actor)), innovation_visible_to(actor)
        )
    )
    return {innovation_id: bool(is_proven) for innovation_id, is_proven in rows}


def named(ids: Sequence[int]) -> list[Innovation]:
    """Return innovations with who makes them, in the order of their ids as given."""
    rows = db.session.scalars(
        select(Innovation)
        .where(Innovation.id.in_(ids))
        .options(joinedload(Innovation.organisation))
    )
    by_id = {row.id: row for row in rows}
    return [by_id[one] for one in ids if one in by_id]


def fitting_challenges(actor: Actor, innovation: Innovation) -> Sequence[Suggestion]:
    """Return the open challenges that the innovation may fit and the actor may see, best first."""
    return db.session.scalars(
        select(Suggestion)
        .join(Suggestion.challenge)
        .where(
            Suggestion.innovation_id == innovation.id,
            Suggestion.readership == Readership.INNOVATOR,
            Challenge.state == ChallengeState.OPEN,
            challenge_visible_to(actor),
        )
        .options(contains_eager(Suggestion.challenge).joinedload(Challenge.organisation))
        .order_by(Suggestion.score.desc(), Suggestion.challenge_id)
    ).all()


def challenge_key(challenge_id: int) -> str:
    """Return the key under which the matching of one challenge is queued once."""
    return f"matching:challenge:{challenge_id}"


def innovation_named(actor: Actor, name: str) -> Innovation | None:
    """Return the record on the pipeline that has this name, if the actor may open it."""
    return db.session.scalar(
        select(Innovation)
        .where(func.lower(Innovation.name) == name.strip().lower())
        .where(Innovation.status == RecordStatus.SUBMITTED, innovation_visible_to(actor))
        .order_by(Innovation.id)
        .limit(1)
    )


def innovation_key(innovation_id: int) -> str:
    """Return the key under which the matching of one innovation is queued once."""
    return f"matching:innovation:{innovation_id}"


REFRESH_KEY = "schedule:matching.refresh"
"""Under which the matching of everything is queued once: by hand and every night alike."""
