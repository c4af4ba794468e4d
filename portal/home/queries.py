"""Count and list what the home pages show: in SQL, with the reader inside the query.

A figure whose list is `/pipeline/records` is counted by the very conditions of that list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.accounts.models import Actor, Organisation
from portal.challenges.models import Challenge, ChallengeState, challenge_term
from portal.challenges.queries import has_joined
from portal.challenges.queries import visible_to as visible_challenges
from portal.db import db
from portal.innovations.models import Innovation, Life, SectionCopy, innovation_term
from portal.innovations.queries import own, proven, visible_to
from portal.matching.models import Readership, Suggestion
from portal.pipeline.queries.as_at import is_live
from portal.pipeline.queries.network import innovators_with_several
from portal.pipeline.queries.records import counted
from portal.pipeline.rules.asked import Asked
from portal.reference.models import Term, Vocabulary
from portal.reference.queries import ics_ids_served, today
from portal.reference.rules import Quarter
from portal.support.models import Engagement, InteractionEvent
from portal.support.queries.figures import in_quarter
from portal.support.queries.matters import unread_matters
from portal.support.rules import LIVE

SHOWN = 5
"""How many rows a home page shows of a list."""


# Figures, one statement for each role


def innovator_figures(actor: Actor, asked: Mapping[str, Asked]) -> dict[str, int]:
    """Return the counts of an innovator's home page."""
    drafts = own(actor) & (Innovation.life == Life.DRAFT)
    return _row(drafts=_innovations(drafts), unread=unread_matters(actor), **_counted(actor, asked))


def ics_figures(actor: Actor, asked: Mapping[str, Asked]) -> dict[str, int]:
    """Return the counts of an ICS's home page."""
    ours = Challenge.organisation_id == actor.organisation_id
    is_open = Challenge.state == ChallengeState.OPEN
    return _row(
        challenges=_challenges(ours),
        ours_open=_challenges(ours, is_open),
        joined=_challenges(visible_challenges(actor), has_joined(actor)),
        proven=_innovations(visible_to(actor), Innovation.life == Life.SUBMITTED, proven(today())),
        all_open=_challenges(visible_challenges(actor), is_open),
        **_counted(actor, asked),
    )


def hin_figures(actor: Actor, asked: Mapping[str, Asked]) -> dict[str, int]:
    """Return the counts of a HIN's home page that are not its desk's; `quarters` are the quarter
    hours that it logged in the NHS quarter of today."""
    logged = select(func.coalesce(func.sum(InteractionEvent.quarters), 0)).where(
        in_quarter(Quarter.of(today())), InteractionEvent.hin_id == actor.hin_id
    )
    return _row(quarters=logged, **_counted(actor, asked))


def national_figures(actor: Actor, asked: Mapping[str, Asked]) -> dict[str, int]:
    """Return the counts of the national team's home page."""
    live = Innovation.life == Life.SUBMITTED
    several = innovators_with_several(actor, today())
    overdue = select(func.count()).where(
        Engagement.due_on < today(), Engagement.state.in_(sorted(LIVE))
    )
    return _row(
        proven=_innovations(live, proven(today())),
        challenges=_challenges(Challenge.state == ChallengeState.OPEN),
        overdue=overdue.select_from(Engagement),
        several=select(func.count()).select_from(several.subquery()),
        **_counted(actor, asked),
    )


def _counted(actor: Actor, asked: Mapping[str, Asked]) -> dict[str, Select[int]]:
    return {name: counted(actor, wanted) for name, wanted in asked.items()}


def _innovations(*clauses: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(Innovation).where(*clauses)


def _challenges(*clauses: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(Challenge).where(*clauses)


def _row(**counts: Select[Any]) -> dict[str, int]:
    columns = [count.scalar_subquery().label(name) for name, count in counts.items()]
    return dict(db.session.execute(select(*columns)).one()._mapping)


# An innovator's lists


def wanted_changes(actor: Actor) -> Sequence[tuple[SectionCopy, Innovation]]:
    """Return the sections of the actor's records that a HIN asked to be changed."""
    rows = db.session.execute(
        select(SectionCopy, Innovation)
        .join(Innovation, Innovation.id == SectionCopy.innovation_id)
        .where(own(actor), Innovation.life == Life.SUBMITTED, SectionCopy.change_wanted != "")
        .order_by(Innovation.name, SectionCopy.id)
    )
    return [(copy, innovation) for copy, innovation in rows]


def helpers(actor: Actor) -> Sequence[Engagement]:
    """Return the live engagements with the actor's records, the newest first."""
    return db.session.scalars(
        select(Engagement)
        .join(Engagement.innovation)
        .where(own(actor), Innovation.life == Life.SUBMITTED, is_live(None))
        .options(
            contains_eager(Engagement.innovation),
            joinedload(Engagement.hin),
            joinedload(Engagement.lead),
        )
        .order_by(Engagement.opened_at.desc(), Engagement.id)
        .limit(SHOWN)
    ).all()


def fitting(actor: Actor) -> Sequence[Suggestion]:
    """Return the open challenges that the actor's records fit best."""
    return db.session.scalars(
        select(Suggestion)
        .join(Suggestion.challenge)
        .join(Suggestion.innovation)
        .where(
            own(actor),
            Innovation.life == Life.SUBMITTED,
            Suggestion.readership == Readership.INNOVATOR,
            Challenge.state == ChallengeState.OPEN,
            visible_challenges(actor),
        )
        .options(contains_eager(Suggestion.challenge), contains_eager(Suggestion.innovation))
        .order_by(Suggestion.score.desc(), Suggestion.id)
        .limit(SHOWN)
    ).all()


# An ICS's lists


def new_matches(actor: Actor) -> Sequence[Suggestion]:
    """Return the newest matches of the open challenges of the actor's organisation."""
    return db.session.scalars(
        select(Suggestion)
        .join(Suggestion.challenge)
        .join(Suggestion.innovation)
        .where(
            Challenge.organisation_id == actor.organisation_id,
            Challenge.state == ChallengeState.OPEN,
            Suggestion.readership == Readership.ICS,
            Innovation.life == Life.SUBMITTED,
            visible_to(actor),
            proven(today()),
        )
        .options(contains_eager(Suggestion.challenge), contains_eager(Suggestion.innovation))
        .order_by(Suggestion.matched_at.desc(), Suggestion.rank, Suggestion.id)
        .limit(SHOWN)
    ).all()


# A HIN's list


def unmet_needs(actor: Actor) -> Sequence[Challenge]:
    """Return the open challenges of the ICSs that the actor's HIN serves which no innovation that
    is proven today matches, the oldest first. Two statements."""
    matched = exists(
        select(Suggestion.id)
        .join(Innovation, Innovation.id == Suggestion.innovation_id)
        .where(
            Suggestion.challenge_id == Challenge.id,
            Suggestion.readership == Readership.STAFF,
            Innovation.life == Life.SUBMITTED,
            proven(today()),
        )
        .correlate(Challenge)
    )
    return db.session.scalars(
        select(Challenge)
        .join(Challenge.organisation)
        .where(
            Challenge.state == ChallengeState.OPEN,
            visible_challenges(actor),
            Organisation.ics_id.in_(ics_ids_served(actor.hin_id or 0)),
            ~matched,
        )
        .options(contains_eager(Challenge.organisation))
        .order_by(Challenge.opened_at, Challenge.id)
    ).all()


# The national team's list


@dataclass(frozen=True, slots=True)
class Gap:
    """A condition group or care setting with open challenges but no proven innovation."""

    filter: str
    """`condition` or `care_setting`: the filter of the list of challenges."""
    value: str
    label: str
    challenges: int


def coverage_gaps(actor: Actor) -> list[Gap]:
    """Return every gap, most open challenges first, in one statement."""
    legs = [
        _gaps(actor, "condition", Term.group, Term.group),
        _gaps(actor, "care_setting", Term.code, Term.label),
    ]
    found = union_all(*legs).subquery()
    order = (found.c.challenges.desc(), found.c.label)
    return [Gap(*row) for row in db.session.execute(select(found).order_by(*order))]


def _gaps(actor: Actor, name: str, value: Any, label: Any) -> Select[str, str, str, int]:
    other = aliased(Term)
    same = other.group == Term.group if name == "condition" else other.id == Term.id
    covered = exists(
        select(innovation_term.c.innovation_id)
        .join(other, other.id == innovation_term.c.term_id)
        .join(Innovation, Innovation.id == innovation_term.c.innovation_id)
        .where(
            same,
            other.vocabulary == Term.vocabulary,
            Innovation.life == Life.SUBMITTED,
            proven(today()),
        )
        .correlate(Term)
    )
    return (
        select(
            literal(name).label("filter"),
            value.label("value"),
            label.label("label"),
            func.count(func.distinct(Challenge.id)).label("challenges"),
        )
        .select_from(Challenge)
        .join(challenge_term, challenge_term.c.challenge_id == Challenge.id)
        .join(Term, Term.id == challenge_term.c.term_id)
        .where(Term.vocabulary == Vocabulary(name), ~covered)
        .where(Challenge.state == ChallengeState.OPEN, visible_challenges(actor))
        .group_by(value, label)
    )
