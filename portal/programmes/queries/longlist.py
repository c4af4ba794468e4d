"""The longlist of next programmes, in SQL: the twin of `rules.choosing`.

Matching stands above this room: how many challenges a record matches is contributed in `rooms.py`.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, exists, false, func, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.adoption.queries.reach import use_by_record
from portal.clock import months_after
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.queries import proven, visible_to
from portal.programmes.models import ProgrammeProduct
from portal.programmes.rules.choosing import (
    CHALLENGES_AT_LEAST,
    MORE_SITES_AT_LEAST,
    REGIONS_AT_LEAST,
    Numbers,
    Rule,
)
from portal.reference.models import Term

Source = Callable[[Actor], Subquery]
"""From who asks to pairs of a record and an open challenge, once each: `innovation_id`,
`challenge_id`."""


def no_matches(_actor: Actor) -> Subquery:
    """Return no pair: what holds until a room says otherwise."""
    nothing = select(Innovation.id.label("innovation_id"), Innovation.id.label("challenge_id"))
    return nothing.where(false()).subquery()


_matches: Source = no_matches


def matches_come_from(source: Source) -> None:
    """Ask `source` from now on which records match which open challenges."""
    global _matches  # noqa: PLW0603  # set once, at start
    _matches = source


def matched_challenges(actor: Actor, innovation_id: int) -> Subquery:
    """Return the open challenges that a record matches: `challenge_id`."""
    pairs = _matches(actor)
    return select(pairs.c.challenge_id).where(pairs.c.innovation_id == innovation_id).subquery()


def _counted(actor: Actor) -> Subquery:
    pairs = _matches(actor)
    number = func.count(pairs.c.challenge_id).label("challenges")
    return select(pairs.c.innovation_id, number).group_by(pairs.c.innovation_id).subquery()


class RecordNumbers:
    """The numbers of every record on a day, or of one, as columns of one statement."""

    def __init__(self, actor: Actor, day: date, of: int | None = None) -> None:
        self._use = use_by_record(months_after(day, -12), day, of)
        self._matched = _counted(actor)
        self.columns: dict[str, ColumnElement[Any]] = {
            "is_proven": proven(day),
            "regions": func.coalesce(self._use.c.regions, 0),
            "sites": func.coalesce(self._use.c.sites, 0),
            "sites_before": func.coalesce(self._use.c.sites_before, 0),
            "challenges": func.coalesce(self._matched.c.challenges, 0),
        }
        self.met = _rules(self.columns)

    @property
    def shown(self) -> list[ColumnElement[Any]]:
        """Return the columns under their names, and `in_programme`."""
        named = [column.label(name) for name, column in self.columns.items()]
        inside = exists().where(ProgrammeProduct.innovation_id == Innovation.id)
        return [*named, inside.correlate(Innovation).label("in_programme")]

    @property
    def rules(self) -> ColumnElement[int]:
        """Return SQL for how many rules are met."""
        ones = [case((test, 1), else_=0) for test in self.met.values()]
        return sum(ones[1:], start=ones[0])

    def joined(self, statement: Select[Any]) -> Select[Any]:
        """Return a statement over records with the numbers beside them."""
        for source in (self._use, self._matched):
            statement = statement.outerjoin(source, source.c.innovation_id == Innovation.id)
        return statement


def _rules(known: Mapping[str, ColumnElement[Any]]) -> dict[Rule, ColumnElement[bool]]:
    """Return SQL for each rule of `rules.choosing.rules_met`."""
    return {
        Rule.PROVEN: known["is_proven"],
        Rule.REGIONS: known["regions"] >= REGIONS_AT_LEAST,
        Rule.CHALLENGES: known["challenges"] >= CHALLENGES_AT_LEAST,
        Rule.GROWING: known["sites"] - known["sites_before"] >= MORE_SITES_AT_LEAST,
    }


def numbers_of(row: Any) -> Numbers:
    """Return the numbers of a row of the longlist."""
    return Numbers(
        bool(row.is_proven), row.regions, row.sites, row.sites_before, int(row.challenges)
    )


def longlist(
    actor: Actor,
    known: RecordNumbers,
    *,
    words: str = "",
    rules: Collection[Rule] = (),
    categories: Collection[str] = (),
    hin_ids: Collection[int] = (),
    in_programme: bool | None = None,
) -> Select[Any]:
    """Return the records on the pipeline that meet one rule or more, and each of `rules`, with
    their numbers; of those that the actor sees."""
    found = known.joined(select(Innovation, *known.shown).options(joinedload(Innovation.hin)))
    found = found.where(
        visible_to(actor),
        Innovation.status == RecordStatus.SUBMITTED,
        or_(*known.met.values()),
        *(known.met[rule] for rule in rules),
    )
    if words:
        found = found.where(
            or_(
                Innovation.name.icontains(words, autoescape=True),
                Innovation.summary.icontains(words, autoescape=True),
            )
        )
    if categories:
        chosen = select(Term.id).where(Term.code.in_(categories))
        found = found.where(Innovation.category_id.in_(chosen))
    if hin_ids:
        found = found.where(Innovation.hin_id.in_(hin_ids))
    if in_programme is not None:
        is_in = exists().where(ProgrammeProduct.innovation_id == Innovation.id)
        found = found.where(is_in if in_programme else ~is_in)
    return found


def numbers_for(actor: Actor, innovation: Innovation, day: date) -> Select[Any]:
    """Return the statement that gives the numbers of one record, whether it is on the list."""
    known = RecordNumbers(actor, day, innovation.id)
    return known.joined(select(*known.shown).select_from(Innovation)).where(
        Innovation.id == innovation.id
    )
