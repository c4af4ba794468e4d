"""By what of support innovations are counted and filtered, and its hours (`portal/rooms.py`).

The HIN, the level and the state are facts of one engagement: a cell takes them, and its hours,
from one and the same.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select, true
from sqlalchemy.orm import aliased

from portal.accounts.models import Actor
from portal.clock import today
from portal.figures.dimensions import (
    SUPPORT,
    CellFigure,
    CountQuery,
    Day,
    Dimension,
    DimensionSet,
    Joined,
    Lists,
    Rows,
    Value,
    Values,
    from_list,
    numbered,
    place_of,
)
from portal.figures.rules import Figure, Rhythm
from portal.innovations.models import Innovation
from portal.innovations.queries import own_counted_for
from portal.merging import holder_at, is_of, moment_of
from portal.reference.models import Vocabulary
from portal.support.models import Engagement, EngagementState, Interaction, InteractionShare
from portal.support.queries import on_day
from portal.support.queries.interactions import counted, readable_by
from portal.support.rules import LIVE

SOURCE = "Engagements of Health Innovation Networks, dated"
LIVE_STATES = tuple(state for state in EngagementState if state in LIVE)
MAX_HINS = 15


def _engagements(of: ColumnElement[int], day: Day, _values: Values) -> Joined:
    held = aliased(Engagement)
    mine = is_of(held, "innovation_id", of, moment_of(day)) & on_day.is_live_on(day, held)
    return Joined(held, mine, held.id.expression)


ENGAGEMENTS = Rows("engagement", "engagement", _engagements)


def _levels(lists: Lists) -> Mapping[int, Value]:
    named = enumerate(lists[Vocabulary.SUPPORT_LEVEL.value], 1)
    return numbered((number, one.code, f"{number}: {one.label}") for number, one in named)


def _hin_counts(_lists: Lists) -> Mapping[int, Value]:
    names = {0: "No HIN", 1: "1 HIN"}
    return numbered((n, str(n), names.get(n, f"{n} HINs")) for n in range(MAX_HINS + 1))


def _hin_count(day: Day) -> ColumnElement[Any]:
    found = on_day.supporter_count_on(day)
    return case((found > MAX_HINS, MAX_HINS), else_=found)


def _states(_lists: Lists) -> Mapping[int, Value]:
    named = enumerate(LIVE_STATES)
    return numbered((place, state.value, state.label) for place, state in named)


_DIMENSIONS = (
    Dimension(
        "hin",
        "HIN (supporting)",
        SUPPORT,
        "Every Health Innovation Network with a live engagement at the end of the day: new, "
        "assessing, engaging, waiting or changes requested; not unsuitable and not closed.",
        from_list("hin"),
        SOURCE,
        rows=ENGAGEMENTS,
        value=lambda held, _day, _values: held.hin_id.expression,
        is_dated=True,
        is_support=True,
        none="No HIN",
    ),
    Dimension(
        "level",
        "Support level",
        SUPPORT,
        "The level, 1 to 4, of each live engagement at the end of the day; with several networks "
        "at different levels it counts under each. Beside a network, a state or hours: the level "
        "of that very engagement. No support level: an engagement without one yet, or none.",
        _levels,
        SOURCE,
        Vocabulary.SUPPORT_LEVEL,
        rows=ENGAGEMENTS,
        value=lambda held, day, _values: on_day.level_on(day, held),
        is_unique=False,
        is_dated=True,
        is_support=True,
        none="No support level",
    ),
    Dimension(
        "state",
        "State of support",
        SUPPORT,
        "How each live engagement stood at the end of the day. Beside a network, a level or "
        "hours: the state of that very engagement.",
        _states,
        SOURCE,
        rows=ENGAGEMENTS,
        value=lambda held, day, _values: place_of(on_day.state_on(day, held), LIVE_STATES),
        is_unique=False,
        is_dated=True,
        is_support=True,
        none="No support",
    ),
    Dimension(
        "hin_count",
        "Number of HINs",
        SUPPORT,
        "How many Health Innovation Networks had a live engagement at the end of the day.",
        _hin_counts,
        SOURCE,
        column=_hin_count,
        is_dated=True,
        is_support=True,
        none="",
    ),
)

HOURS = Figure(
    "hours",
    "Support hours",
    "Hours of interactions about these innovations up to the end of the day, an event's shared "
    "among "
    "those it was about; interactions that were withdrawn or corrected are left out. By network, "
    "level "
    "or state: the hours of that very engagement, all of them, at the level and in the state that "
    "it has on the day. HIN staff count their own network's, the national team everybody's, an "
    "innovator's people those that they may read about their own.",
    "Interactions that Health Innovation Networks logged",
    unit="hours",
    rhythm=Rhythm.DAY,
    one="support hour",
    many="support hours",
    parts=60,
    is_support=True,
)


def _hours(query: CountQuery) -> Select[Any]:
    held = holder_at(Engagement, "innovation_id", moment_of(query.day))
    mine = query.cells.c.id == held
    if query.of_rows:
        mine = Engagement.id == query.cells.c.row_id
    found = select(*query.shown, func.sum(InteractionShare.minutes).label("count"))
    return (
        found.join_from(query.cells, Engagement, mine)
        .join(InteractionShare, InteractionShare.engagement_id == Engagement.id)
        .join(Interaction, Interaction.id == InteractionShare.interaction_id)
        .where(Interaction.on <= (query.day or today()), counted(), known_interactions(query.actor))
    )


def known_interactions(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the reader may know how long this interaction took": HIN staff their own
    network's, the national team all, an innovator's people what they may read about their own
    records; nobody else any."""
    if actor.is_national:
        return true()
    if actor.is_hin:
        return Interaction.hin_id == actor.hin_id
    ours = select(Innovation.id).where(own_counted_for(actor))
    return Engagement.innovation_id.in_(ours) & readable_by(actor)


DIMENSIONS = DimensionSet(_DIMENSIONS, [CellFigure(HOURS, _hours, rows=ENGAGEMENTS)])
