"""Read what was said of one place, and where an innovation is said to be in use."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import contains_eager

from portal.accounts.models import Actor
from portal.adoption.models import EligibleList, EligiblePlace, GroupMember, ProductGroup
from portal.adoption.queries.areas import hin_on
from portal.adoption.queries.lists import is_on_list, readable_lists
from portal.clock import today
from portal.db import by_name, db
from portal.innovations.models import Adoption, AdoptionState, Innovation, Use
from portal.innovations.queries import visible_to
from portal.innovations.queries.adoption import positions_on, rows_at
from portal.innovations.queries.on_day import use_is_in_use_on, used_in_ics
from portal.innovations.rules.adoption import IN_USE, RANK, standing, waiting
from portal.reference.models import Site

USED = RANK[AdoptionState(f"STAGE_{IN_USE}")]


def allowed_hin_id(site: Site) -> int | None:
    """Return the network in whose area a place lies today, which its sheets ask about as well: its
    staff say where it stands."""
    return db.session.scalar(select(hin_on(today())).where(Site.id == site.id))


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A row about a place, and whether it stands or another corrects it."""

    row: Adoption
    is_standing: bool
    is_waiting: bool = False
    """It is a claim of use that waits to be confirmed."""
    is_confirmed: bool = False
    """It is a claim that somebody confirmed."""


def place_rows(innovation_id: int, site_id: int) -> list[PlaceRow]:
    """Return every row of an innovation at a site, the newest first, corrected ones too."""
    rows = rows_at(innovation_id, site_id)
    there = {row.id for row in standing(rows)}
    claims = {row.id for row in waiting(rows, today())}
    confirmed = {row.confirms_id for row in rows}
    found = [PlaceRow(row, row.id in there, row.id in claims, row.id in confirmed) for row in rows]
    return sorted(found, key=lambda one: (one.row.on, one.row.id), reverse=True)


def claim_in(rows: Iterable[PlaceRow]) -> Adoption | None:
    """Return the claim that waits, the one about the place as a whole first; None for none."""
    claims = [one.row for one in rows if one.is_waiting]
    return min(claims, key=lambda row: bool(row.unit), default=None)


@dataclass(frozen=True, slots=True)
class ListSummary:
    """A list with how many of its places use it today."""

    eligible: EligibleList
    places: int
    in_use: int


def summaries(rows: Sequence[EligibleList]) -> list[ListSummary]:
    """Return how many places of some lists use what they are about today: one statement. Of a
    group a place counts once, whichever of its products it uses."""
    numbers = _in_use([row.id for row in rows], today())
    return [ListSummary(row, *numbers.get(row.id, (0, 0))) for row in rows]


def _in_use(list_ids: Sequence[int], on: date) -> dict[int, tuple[int, int]]:
    """Return how many places of each list could use it and how many do, by the list's number."""
    lists = select(EligibleList.id, EligibleList.innovation_id).where(
        EligibleList.id.in_(list_ids), EligibleList.innovation_id.is_not(None)
    )
    members = (
        select(EligibleList.id, GroupMember.innovation_id)
        .join(GroupMember, GroupMember.group_id == EligibleList.group_id)
        .where(EligibleList.id.in_(list_ids), GroupMember.valid_from <= on)
        .where(GroupMember.valid_to.is_(None) | (GroupMember.valid_to >= on))
    )
    of = lists.union_all(members).subquery()
    found = positions_on(on, None, Adoption.innovation_id.in_(select(of.c.innovation_id)))
    used = case((found.c.rank >= USED, EligiblePlace.site_id))
    rows = db.session.execute(
        select(
            EligiblePlace.list_id,
            func.count(EligiblePlace.site_id.distinct()),
            func.count(used.distinct()),
        )
        .join(of, of.c.id == EligiblePlace.list_id)
        .outerjoin(
            found,
            and_(
                found.c.site_id == EligiblePlace.site_id,
                found.c.innovation_id == of.c.innovation_id,
            ),
        )
        .where(EligiblePlace.list_id.in_(list_ids), is_on_list(on))
        .group_by(EligiblePlace.list_id)
    )
    return {list_id: (places, in_use) for list_id, places, in_use in rows}


def lists_named(actor: Actor, words: str) -> Select[EligibleList]:
    """Return the lists that the actor may open, of which the subject or the name has the words."""
    found = (
        readable_lists(actor)
        .outerjoin(EligibleList.innovation)
        .outerjoin(EligibleList.group)
        .options(contains_eager(EligibleList.innovation), contains_eager(EligibleList.group))
    )
    if words:
        like = [
            column.icontains(words, autoescape=True)
            for column in (Innovation.name, EligibleList.name, ProductGroup.name)
        ]
        found = found.where(like[0] | like[1] | like[2])
    return found.order_by(
        by_name(func.coalesce(Innovation.name, ProductGroup.name)), EligibleList.id
    )


@dataclass(frozen=True, slots=True)
class InUse:
    """How many sites of the directory use an innovation, and how many of some area."""

    everywhere: int
    here: int


def in_use_of(innovation_ids: Sequence[int], ics_id: int | None) -> dict[int, InUse]:
    """Return at how many places each innovation is in use today, and at how many of an ICS: one
    statement, from the lines that repeat the dated rows. Places by name count as well."""
    place = func.coalesce(Use.directory_site_id * 2, Use.organisation_id * 2 + 1, -Use.id)
    rows = db.session.execute(
        select(
            Use.innovation_id,
            func.count(place.distinct()),
            func.count(case((_lies_in(ics_id), place)).distinct()),
        )
        .where(Use.innovation_id.in_(innovation_ids), use_is_in_use_on(None))
        .group_by(Use.innovation_id)
    )
    return {number: InUse(everywhere, here) for number, everywhere, here in rows}


def _lies_in(ics_id: int | None) -> Any:
    return used_in_ics() == ics_id


def used_here(actor: Actor, ics_id: int) -> Sequence[tuple[Innovation, int]]:
    """Return what is used in an ICS today, with at how many places, most first."""
    place = func.coalesce(Use.directory_site_id * 2, Use.organisation_id * 2 + 1, -Use.id)
    sites = func.count(place.distinct()).label("sites")
    rows = db.session.execute(
        select(Innovation, sites)
        .join(Use, Use.innovation_id == Innovation.id)
        .where(use_is_in_use_on(None), _lies_in(ics_id), visible_to(actor))
        .group_by(Innovation.id)
        .order_by(sites.desc(), by_name(Innovation.name))
    )
    return [(row, count) for row, count in rows]
