"""Read how far something has spread: everything that a page needs, in few statements."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.adoption.models import EligibleList, Funding
from portal.adoption.queries.areas import Areas
from portal.adoption.queries.lists import Entry, entries_of, sites_of
from portal.adoption.rules.history import History, Position
from portal.adoption.rules.money import money_on
from portal.adoption.rules.spread import Pair, Positions
from portal.db import db
from portal.innovations.models import Adoption, Innovation
from portal.innovations.queries import visible_to
from portal.reference.models import SiteKind, Term, Vocabulary


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Of which places a page tells."""

    hin_id: int | None = None
    ics_id: int | None = None
    kind: SiteKind | None = None
    cohort: frozenset[int] | None = None


EVERYWHERE = Narrowing()


@dataclass
class Spread:
    """The places that could use something, and what is known of them, for any day."""

    innovations: Sequence[int]
    places: Sequence[Entry]
    areas: Areas
    rows: Sequence[Any]
    money_rows: Sequence[Any]
    known: datetime | None = None
    histories: dict[int, History] = field(init=False)
    _positions: dict[tuple[date, Narrowing], Positions] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Put the rows of each innovation in order."""
        mine: dict[int, list[Any]] = {number: [] for number in self.innovations}
        for row in self.rows:
            mine[row.innovation_id].append(row)
        self.histories = {number: History(rows, self.known) for number, rows in mine.items()}

    def eligible(self, on: date, narrowing: Narrowing = EVERYWHERE) -> list[Entry]:
        """Return the places that could use it on a day, of an area, a kind, a cohort."""
        return [
            one
            for one in self.places
            if not one.left_out_why
            and one.holds(on)
            and (narrowing.kind is None or one.kind is narrowing.kind)
            and (narrowing.cohort is None or one.site_id in narrowing.cohort)
            and self._lies(one.site_id, narrowing, on)
        ]

    def _lies(self, site_id: int, narrowing: Narrowing, on: date) -> bool:
        if narrowing.ics_id is not None:
            return self.areas.ics_id(site_id, on) == narrowing.ics_id
        if narrowing.hin_id is not None:
            return self.areas.hin_id(site_id, on) == narrowing.hin_id
        return True

    def positions(self, on: date, narrowing: Narrowing = EVERYWHERE) -> Positions:
        """Return where each pair of eligible place and innovation stood on a day; found once."""
        key = (on, narrowing)
        if key not in self._positions:
            self._positions[key] = self.of(self.eligible(on, narrowing), on)
        return self._positions[key]

    def of(self, places: Iterable[Entry], on: date) -> dict[Pair, Position | None]:
        """Return where each pair of some places and the innovations stood on a day."""
        return {
            (one.site_id, number): history.at(one.site_id, on)
            for one in places
            for number, history in self.histories.items()
        }

    def money(self, on: date) -> dict[Pair, str]:
        """Return the code of the funding status of each pair on a day."""
        return money_on(self.money_rows, on, self.known)


def spread_of(
    eligible: EligibleList, innovations: Sequence[int], known: datetime | None = None
) -> Spread:
    """Return what is known of the places of a list, with these innovations: five statements."""
    return spreads_of({eligible.id: innovations}, known)[eligible.id]


def spreads_of(
    innovations: Mapping[int, Sequence[int]], known: datetime | None = None
) -> dict[int, Spread]:
    """Return what is known of the places of some lists, each with its own innovations, by the
    number of the list: five statements, however many lists there are."""
    places = entries_of(innovations)
    areas = areas_of(places)
    every = list({number for numbers in innovations.values() for number in numbers})
    stages, money = stage_rows(every), money_rows(every)
    return {
        list_id: Spread(
            numbers,
            places[list_id],
            areas,
            [row for row in stages if row.innovation_id in numbers],
            [row for row in money if row.innovation_id in numbers],
            known,
        )
        for list_id, numbers in innovations.items()
    }


def areas_of(places: Mapping[int, Sequence[Entry]]) -> Areas:
    """Return where the places of some lists lay on any day."""
    own = [(one.site_id, one.ics_id) for found in places.values() for one in found]
    return Areas(sites_of(*places), own)


def stage_rows(innovations: Sequence[int], sites: Collection[int] | None = None) -> Sequence[Any]:
    """Return the rows of some innovations about places of the directory, all or some, as plain
    tuples."""
    found = (
        select(
            Adoption.id,
            Adoption.innovation_id,
            Adoption.site_id,
            Adoption.unit,
            Adoption.state,
            Adoption.on,
            Adoption.at,
            Adoption.source,
            Adoption.corrects_id,
            Adoption.confirms_id,
            Adoption.is_indicative,
        )
        .where(Adoption.innovation_id.in_(innovations))
        .where(Adoption.site_id.is_not(None) if sites is None else Adoption.site_id.in_(sites))
    )
    return db.session.execute(found).all()


def money_rows(innovations: Sequence[int], sites: Collection[int] | None = None) -> Sequence[Any]:
    """Return what was said of the money of some innovations, at all places or some, with the code
    of each status."""
    found = (
        select(
            Funding.id,
            Funding.innovation_id,
            Funding.site_id,
            Funding.on,
            Funding.at,
            Funding.corrects_id,
            Term.code,
        )
        .join(Term, Term.id == Funding.status_id)
        .where(Funding.innovation_id.in_(innovations))
    )
    if sites is not None:
        found = found.where(Funding.site_id.in_(sites))
    return db.session.execute(found).all()


def labels() -> dict[str, str]:
    """Return what stages, reasons and statuses of money are called, by code, in their order.

    The three lists share no code but `STOPPED`, which is called the same in both.
    """
    lists = (Vocabulary.FUNDING_STATUS, Vocabulary.ADOPTION_REASON, Vocabulary.ADOPTION_STAGE)
    rows = db.session.execute(
        select(Term.code, Term.label, Term.vocabulary)
        .where(Term.vocabulary.in_(lists))
        .order_by(Term.position)
    ).all()
    return {code: label for wanted in lists for code, label, held in rows if held is wanted}


def readable(actor: Actor, innovations: Iterable[int]) -> list[int]:
    """Return those of some innovations that the actor may open."""
    found = select(Innovation.id).where(Innovation.id.in_(list(innovations)), visible_to(actor))
    return list(db.session.scalars(found))
