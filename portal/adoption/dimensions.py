"""By what of adoption innovations are counted (`portal/rooms.py`)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from portal.clock import today
from portal.figures.dimensions import PROOF, Day, Dimension, DimensionSet, Lists, Value, numbered
from portal.innovations.models import AdoptionState, Innovation
from portal.innovations.queries.adoption import positions_of_record
from portal.innovations.rules.adoption import IN_USE, RANK
from portal.reference.models import Ics, SiteMembership, Vocabulary

SIZES = ((1, "1 site"), (2, "2 to 4 sites"), (5, "5 to 19 sites"), (20, "20 sites or more"))
USED = RANK[AdoptionState(f"STAGE_{IN_USE}")]
FIRST = RANK[AdoptionState.STAGE_1]
SOURCE = "Dated rows of adoption"


def _on(day: Day) -> date:
    return day or today()


def _furthest(day: Day) -> ColumnElement[Any]:
    """Return SQL for the furthest stage that a site has reached, 1 to 7; null where none has."""
    found = positions_of_record(_on(day))
    most = select(func.max(found.c.rank) - FIRST + 1).where(found.c.rank >= FIRST)
    return most.correlate(Innovation).scalar_subquery()


def _sites(day: Day) -> ColumnElement[Any]:
    """Return SQL for how many sites use it, as the smallest number of its class; null for none."""
    found = positions_of_record(_on(day))
    number = (
        select(func.count()).where(found.c.rank >= USED).correlate(Innovation).scalar_subquery()
    )
    return case(*((number >= least, least) for least, _ in reversed(SIZES)))


def _regions(day: Day) -> ColumnElement[Any]:
    """Return SQL for in how many NHS regions sites use it; null for none."""
    on = _on(day)
    found = positions_of_record(on)
    begun = SiteMembership.valid_from.is_(None) | (SiteMembership.valid_from <= on)
    lasts = SiteMembership.valid_to.is_(None) | (SiteMembership.valid_to >= on)
    number = (
        select(func.nullif(func.count(Ics.region_id.distinct()), 0))
        .select_from(found)
        .join(SiteMembership, SiteMembership.site_id == found.c.site_id)
        .join(Ics, Ics.id == SiteMembership.ics_id)
        .where(found.c.rank >= USED, begun, lasts)
    )
    return number.correlate(Innovation).scalar_subquery()


def _stages(lists: Lists) -> Mapping[int, Value]:
    """The stages that are more than unknown, by their number."""
    held = {one.code: one.label for one in lists[Vocabulary.ADOPTION_STAGE.value]}
    return numbered(
        (n, f"stage_{n}", f"{n} {held.get(f'STAGE_{n}', '')}".strip()) for n in range(1, 8)
    )


DIMENSIONS = DimensionSet(
    [
        Dimension(
            "adoption_stage",
            "Furthest adoption stage",
            PROOF,
            "The furthest stage at which any site of the directory stood at the end of the day, as "
            "a network, the site or a survey said. An innovator's own claim does not count.",
            _stages,
            SOURCE,
            vocabulary=Vocabulary.ADOPTION_STAGE,
            column=_furthest,
            is_dated=True,
            none="No site at stage 1 or above",
        ),
        Dimension(
            "adoption_sites",
            "Sites that use it",
            PROOF,
            "How many sites of the directory stood at stage 5 or above at the end of the day.",
            lambda _: numbered((least, f"sites_{least}", label) for least, label in SIZES),
            SOURCE,
            column=_sites,
            is_dated=True,
            none="No site",
        ),
        Dimension(
            "adoption_regions",
            "Regions in which sites use it",
            PROOF,
            "In how many NHS regions sites stood at stage 5 or above at the end of the day.",
            lambda _: numbered(
                (n, f"regions_{n}", "1 region" if n == 1 else f"{n} regions") for n in range(1, 8)
            ),
            SOURCE,
            column=_regions,
            is_dated=True,
            none="No region",
        ),
    ]
)
