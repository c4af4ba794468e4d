"""What is here beside records, as far as one network writes it: its support, its validations and
the sites of its area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.adoption.queries.areas import lies_with
from portal.clock import day_of, today
from portal.db import db
from portal.innovations.models import Adoption
from portal.innovations.rules.adoption import positions
from portal.proof.models import Validation
from portal.reference.models import Site
from portal.support.models import Engagement, EngagementState, Interaction, InteractionShare
from portal.support.queries import engagement_of
from portal.support.queries.interactions import counted
from portal.support.rules import LIVE

AT_ONCE = 500


@dataclass(slots=True)
class ExistingRows:
    """What is here beside a record, as far as one network writes it."""

    engagement: Engagement | None = None
    minutes: int = 0
    hours_on: date | None = None
    kinds: list[str] = field(default_factory=list)
    trials: list[Validation] = field(default_factory=list)
    rows: list[Adoption] = field(default_factory=list)
    """The rows of adoption of whole places."""
    others: list[str] = field(default_factory=list)
    """The names of the other networks that work with it."""

    @property
    def stages(self) -> dict[int, Adoption]:
        """Return the row that tells of each site today."""
        return positions(self.rows, today())

    @property
    def began_on(self) -> date | None:
        """Return the day on which the network began: when it read it, else when it came."""
        changes = self.engagement.changes if self.engagement else []
        read = [one.at for one in changes if one.state is not EngagementState.NEW]
        first = min(read or [one.at for one in changes], default=None)
        return day_of(first) if first else None

    @property
    def stands_since(self) -> date | None:
        """Return the day from which the state and the level hold."""
        one = self.engagement
        moments = [row.at for row in one.changes] if one else []
        moments += [row.at for row in one.levels] if one else []
        return day_of(max(moments)) if moments else None

    @property
    def version(self) -> int:
        """Return a number that another change makes another."""
        own = self.engagement.version if self.engagement else 0
        return own + sum(one.version for one in self.trials) + len(self.rows) + self.minutes


def place_of(one: Validation) -> str:
    """Return where a validation was, as a cell says it."""
    return one.site or (one.organisation.name if one.organisation else "")


def known_of(innovation_ids: Sequence[int], hin_id: int) -> dict[int, ExistingRows]:
    """Return what is here beside some records for a network: six statements for 500 of them."""
    found = {number: ExistingRows() for number in innovation_ids}
    for begin in range(0, len(innovation_ids), AT_ONCE):
        some = innovation_ids[begin : begin + AT_ONCE]
        _engagements(found, some, hin_id)
        _hours(found, hin_id)
        of = Validation.innovation_id.in_(some) & (Validation.hin_id == hin_id)
        trials = select(Validation).where(of).options(joinedload(Validation.organisation))
        for trial in db.session.scalars(trials.order_by(Validation.id)):
            found[trial.innovation_id].trials.append(trial)
        at_sites = Adoption.site_id.is_not(None) & (Adoption.unit == "")
        rows = select(Adoption).where(Adoption.innovation_id.in_(some), at_sites)
        for row in db.session.scalars(
            rows.options(joinedload(Adoption.reason)).order_by(Adoption.id)
        ):
            found[row.innovation_id].rows.append(row)
    return found


def version_beside(innovation_id: int, hin_id: int) -> int:
    """Return `ExistingRows.version` of what is here beside a record. One statement."""
    of_theirs = (Engagement.innovation_id == innovation_id) & (Engagement.hin_id == hin_id)
    own = of_theirs & Engagement.replaced_by_id.is_(None)
    minutes = select(func.sum(InteractionShare.minutes)).join(InteractionShare.interaction)
    tried = (Validation.innovation_id == innovation_id) & (Validation.hin_id == hin_id)
    at_site = Adoption.site_id.is_not(None) & (Adoption.unit == "")
    parts = (
        select(func.sum(Engagement.version)).where(own),
        minutes.join(InteractionShare.engagement).where(own, counted()),
        select(func.sum(Validation.version)).where(tried),
        select(func.count(Adoption.id)).where(Adoption.innovation_id == innovation_id, at_site),
    )
    whole = select(*(part.scalar_subquery() for part in parts))
    return sum(int(number or 0) for number in db.session.execute(whole).one())


def known_of_new(innovation_id: int, hin_id: int) -> ExistingRows:
    """Return what is beside a record that was made a moment ago: the engagement that it opened."""
    return ExistingRows(engagement=engagement_of(innovation_id, hin_id))


def _engagements(found: Mapping[int, ExistingRows], some: Sequence[int], hin_id: int) -> None:
    stand = Engagement.innovation_id.in_(some) & Engagement.replaced_by_id.is_(None)
    whole = (
        joinedload(Engagement.hin),
        joinedload(Engagement.lead),
        selectinload(Engagement.changes),
        selectinload(Engagement.levels),
    )
    for one in db.session.scalars(select(Engagement).where(stand).options(*whole)):
        if one.hin_id == hin_id:
            found[one.innovation_id].engagement = one
        elif one.state in LIVE:
            found[one.innovation_id].others.append(one.hin.name)


def _hours(found: Mapping[int, ExistingRows], hin_id: int) -> None:
    by_engagement = {k.engagement.id: k for k in found.values() if k.engagement}
    shares = (
        select(InteractionShare)
        .join(InteractionShare.interaction)
        .where(InteractionShare.engagement_id.in_(list(by_engagement)), counted())
        .options(joinedload(InteractionShare.interaction).selectinload(Interaction.kinds))
    )
    for known in by_engagement.values():
        known.minutes, known.hours_on, known.kinds = 0, None, []
    for share in db.session.scalars(shares):
        known, one = by_engagement[share.engagement_id], share.interaction
        known.minutes += share.minutes
        known.hours_on = max(known.hours_on or one.on, one.on)
        known.kinds += [kind.label for kind in one.kinds if kind.label not in known.kinds]


def sites_of(known: Sequence[ExistingRows], hin_id: int) -> dict[int, Site]:
    """Return the sites of a network's area of which something is known, by number."""
    numbers = {row.site_id for one in known for row in one.rows if row.site_id}
    found = select(Site).where(Site.id.in_(numbers), lies_with(hin_id, today()))
    return {site.id: site for site in db.session.scalars(found)}


def logged_only_on(innovation_id: int) -> list[int]:
    """Return the interactions that are about this record and no other: they go with it."""
    of = select(InteractionShare.interaction_id).join(InteractionShare.engagement)
    here = of.where(Engagement.innovation_id == innovation_id)
    others = of.where(Engagement.innovation_id != innovation_id)
    numbers = select(Interaction.id).where(Interaction.id.in_(here), Interaction.id.not_in(others))
    return list(db.session.scalars(numbers))
