"""Read what organisations think of suggestions, and what nothing fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.accounts.models import ANONYMOUS, Actor, Organisation, OrganisationKind
from portal.challenges.models import Challenge
from portal.challenges.queries import supporter_ids, visible_to
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.innovations.queries import innovation_for
from portal.matching.models import Feedback, Readership, Suggestion, UnmetNeed, Verdict
from portal.matching.policy import (
    can_judge,
    can_publish_unmet,
    can_see_acceptance,
    can_see_unmet_needs,
    readership,
)
from portal.matching.queries import challenge_with_matches_for
from portal.matching.rules import BEST_RANKS
from portal.reference.models import Hin, Ics, Region

_HinPlace = aliased(Hin)


def own_unmet_need(actor: Actor, challenge: Challenge) -> UnmetNeed | None:
    """Return what the actor's organisation said is missing, if that is not closed."""
    return db.session.scalar(
        select(UnmetNeed).where(
            UnmetNeed.challenge_id == challenge.id,
            UnmetNeed.organisation_id == actor.organisation_id,
            UnmetNeed.closed_at.is_(None),
        )
    )


def challenge_to_judge_for(actor: Actor, challenge_id: int) -> Challenge:
    """Return a challenge whose suggestions the actor may judge; raises NotFound or Forbidden."""
    challenge = challenge_with_matches_for(actor, challenge_id)
    if not can_judge(actor, challenge, supporter_ids(challenge_id)):
        raise Forbidden(
            "Matches are judged by the organisations that have the challenge, while it is open."
        )
    return challenge


def suggestion_to_judge_for(actor: Actor, challenge: Challenge, innovation_id: int) -> Suggestion:
    """Return the suggestion of an innovation that the actor sees; raises NotFound otherwise."""
    innovation_for(actor, innovation_id)
    lists = [readership(actor), readership(actor, promising=True)]
    found = db.session.scalar(
        select(Suggestion)
        .where(
            Suggestion.challenge_id == challenge.id,
            Suggestion.innovation_id == innovation_id,
            Suggestion.readership.in_(lists),
        )
        .options(joinedload(Suggestion.innovation))
        .limit(1)
    )
    if found is None:
        raise NotFound("This innovation is not among the matches.")
    return found


def rank_of(suggestion: Suggestion) -> int:
    """Return the rank to be remembered: 0 for what is promising and not proven."""
    is_proven = suggestion.readership in {Readership.ICS, Readership.STAFF}
    return suggestion.rank if is_proven else 0


# Unmet needs ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WantedNeeds:
    """Which unmet needs are asked for; empty leaves everything in."""

    state: str = "open"
    regions: Sequence[str] = ()
    """Codes of regions."""
    months: Sequence[str] = ()
    """Months of the statement: "2026-11"."""


def unmet_needs_for(actor: Actor, wanted: WantedNeeds) -> Select[UnmetNeed]:
    """Return the unmet needs asked for, newest first; raises Forbidden."""
    if not can_see_unmet_needs(actor):
        raise Forbidden("Unmet needs are read by the HINs and the national team.")
    return (
        _placed(select(UnmetNeed))
        .where(*_narrowed(wanted))
        .options(joinedload(UnmetNeed.challenge), joinedload(UnmetNeed.organisation))
        .order_by(UnmetNeed.at.desc(), UnmetNeed.id.desc())
    )


def unmet_need_for(actor: Actor, unmet_id: int) -> UnmetNeed:
    """Return an unmet need that the actor may read and close; raises Forbidden or NotFound."""
    if not can_see_unmet_needs(actor):
        raise Forbidden("Unmet needs are closed by the HINs and the national team.")
    found = db.session.get(UnmetNeed, unmet_id)
    if found is None:
        raise NotFound("There is no such unmet need.")
    return found


def unmet_to_publish_for(actor: Actor, challenge_id: int) -> UnmetNeed:
    """Return what the actor's own system said is missing for a challenge, to publish it; raises
    NotFound or Forbidden."""
    challenge = challenge_with_matches_for(actor, challenge_id)
    if not can_publish_unmet(actor):
        raise Forbidden("A system publishes its own unmet needs.")
    found = own_unmet_need(actor, challenge)
    if found is None:
        raise NotFound("Your system has no unmet need here.")
    return found


def published_in_area(ids: frozenset[int]) -> Sequence[UnmetNeed]:
    """Return the open unmet needs that the organisations of some areas chose to publish, newest
    first, as long as anybody may read the challenge. One statement."""
    return db.session.scalars(
        select(UnmetNeed)
        .join(UnmetNeed.organisation)
        .join(UnmetNeed.challenge)
        .where(
            Organisation.kind == OrganisationKind.ICS,
            Organisation.ics_id.in_(ids),
            UnmetNeed.published_at.is_not(None),
            UnmetNeed.closed_at.is_(None),
            visible_to(ANONYMOUS),
        )
        .options(contains_eager(UnmetNeed.organisation), contains_eager(UnmetNeed.challenge))
        .order_by(UnmetNeed.published_at.desc(), UnmetNeed.id.desc())
    ).all()


def months() -> list[str]:
    """Return the months in which anything was found missing, newest first."""
    return sorted({_month_of(at) for at in db.session.scalars(select(UnmetNeed.at))}, reverse=True)


def _placed(statement: Select[Any]) -> Select[Any]:
    """Join the organisation that speaks, and its region."""
    first = statement.column_descriptions[0]["entity"]
    return (
        statement.join(Organisation, Organisation.id == first.organisation_id)
        .outerjoin(Ics, Ics.id == Organisation.ics_id)
        .outerjoin(_HinPlace, _HinPlace.id == Organisation.hin_id)
        .outerjoin(Region, Region.id == func.coalesce(Ics.region_id, _HinPlace.region_id))
    )


def _narrowed(wanted: WantedNeeds) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = [true()]
    if wanted.state == "open":
        tests.append(UnmetNeed.closed_at.is_(None))
    elif wanted.state == "closed":
        tests.append(UnmetNeed.closed_at.is_not(None))
    if wanted.regions:
        tests.append(Region.code.in_(wanted.regions))
    if wanted.months:
        tests.append(or_(*(_within(month) for month in wanted.months)))
    return tests


def _within(month: str) -> ColumnElement[bool]:
    """Return SQL for "was said in this month" ("2026-11", UTC)."""
    first = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    after = (first + timedelta(days=31)).replace(day=1)
    return (UnmetNeed.at >= first) & (UnmetNeed.at < after)


# Acceptance ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AcceptanceRow:
    """How often suggestions were taken up."""

    name: str
    shortlisted: int
    rejected: int
    unmet: int = 0

    @property
    def share(self) -> float | None:
        """The share shortlisted of those judged, 0 to 1; None when none was."""
        total = self.shortlisted + self.rejected
        return self.shortlisted / total if total else None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The national view: counts only, of all organisations together."""

    by_rank: list[AcceptanceRow]
    by_region: list[AcceptanceRow]
    by_month: list[AcceptanceRow]


def acceptance_for(actor: Actor) -> Acceptance:
    """Return how suggestions were taken up; raises Forbidden."""
    if not can_see_acceptance(actor):
        raise Forbidden("How matches are taken up is read by the national team.")
    return acceptance()


def acceptance() -> Acceptance:
    """Count judgements by rank, region and month, and unmet needs by region and month."""
    judgements = [
        (verdict, rank, region or "Nationwide", _month_of(at))
        for verdict, rank, region, at in db.session.execute(
            _placed(select(Feedback)).with_only_columns(
                Feedback.verdict, Feedback.rank, Region.name, Feedback.at
            )
        )
    ]
    unmet = [
        (region or "Nationwide", _month_of(at))
        for region, at in db.session.execute(
            _placed(select(UnmetNeed)).with_only_columns(Region.name, UnmetNeed.at)
        )
    ]
    regions = sorted({one[2] for one in judgements} | {one[0] for one in unmet})
    found = sorted({one[3] for one in judgements} | {one[1] for one in unmet}, reverse=True)
    return Acceptance(
        [_taken(str(rank), [j for j in judgements if j[1] == rank]) for rank in BEST_RANKS],
        [_taken(r, [j for j in judgements if j[2] == r], _count(unmet, 0, r)) for r in regions],
        [_taken(m, [j for j in judgements if j[3] == m], _count(unmet, 1, m)) for m in found],
    )


def _month_of(at: datetime) -> str:
    return at.strftime("%Y-%m")


def _count(rows: Sequence[tuple[str, ...]], place: int, value: str) -> int:
    return sum(row[place] == value for row in rows)


def _taken(name: str, judgements: Sequence[tuple[Any, ...]], unmet: int = 0) -> AcceptanceRow:
    shortlisted = sum(one[0] is Verdict.SHORTLISTED for one in judgements)
    return AcceptanceRow(name, shortlisted, len(judgements) - shortlisted, unmet)
