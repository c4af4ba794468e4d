"""What the pipeline contributes to the home page: numbers with the records behind each."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from sqlalchemy import Select, func, select

from portal.accounts.models import Actor
from portal.clock import today
from portal.figures.queries.kept import FigureCache
from portal.pipeline import charts
from portal.pipeline.queries.flow import over_quarters
from portal.pipeline.queries.network import innovators_with_several
from portal.pipeline.queries.records import counted, counted_for_role, own_of_neighbours
from portal.pipeline.rules.days import quarters_until, short
from portal.pipeline.rules.records_query import RecordsQuery
from portal.pipeline.serialise.records_query import records_url
from portal.reference.rules import Quarter
from portal.web.charts import Spark
from portal.web.home import Counts, HomeCard, HomeList

SHOWN_QUARTERS = 8
"""How many the line of the nation tells of."""


def _card(
    code: str,
    label: Callable[[], str] | str,
    may: Callable[[Actor], bool],
    asked: Callable[[], RecordsQuery],
    sub: Callable[[Counts], str] | str = "",
    **more: Callable[[], RecordsQuery],
) -> HomeCard:
    """Return a card whose number and list are the same records."""
    return HomeCard(
        code=code,
        label=label if callable(label) else lambda: label,
        may=may,
        count=lambda actor: counted(actor, asked()),
        href=lambda: records_url(asked()),
        sub=sub if callable(sub) else lambda _: sub,
        also={name: _counts(wanted) for name, wanted in more.items()},
    )


def _counts(asked: Callable[[], RecordsQuery]) -> Callable[[Actor], Select[Any]]:
    return lambda actor: counted(actor, asked())


def _is_innovator(actor: Actor) -> bool:
    return actor.is_innovator


def _is_hin(actor: Actor) -> bool:
    return actor.is_hin


def _is_national(actor: Actor) -> bool:
    return actor.is_national


def _of_ours(counts: Counts) -> str:
    return f"of {counts['records']}"


def _of_neighbours() -> RecordsQuery:
    return RecordsQuery(today(), neighbours=True)


def _growth(_actor: Actor) -> Spark | None:
    """Return the line of the nation: it is the same for all who see it, and counts every record at
    the end of each quarter, so that it is kept until one changes."""
    on = today()
    quarters = quarters_until(on, SHOWN_QUARTERS)
    counts = FigureCache().answer(("growth", on), lambda: over_quarters(quarters, on))
    return charts.growth_spark(counts)


CARDS = (
    _card(
        "records",
        "Our innovations",
        _is_innovator,
        lambda: RecordsQuery(today(), mine=True),
        "on the pipeline",
    ),
    _card(
        "changes",
        "With changes wanted",
        _is_innovator,
        lambda: RecordsQuery(today(), changes=True),
        _of_ours,
    ),
    _card(
        "engaging",
        "A HIN is helping with",
        _is_innovator,
        lambda: RecordsQuery(today(), mine=True, helped=True),
        _of_ours,
    ),
    _card(
        "proven",
        "Verified as proven",
        _is_innovator,
        lambda: RecordsQuery(today(), mine=True, proven=True),
        _of_ours,
    ),
    HomeCard(
        code="neighbours",
        label=lambda: "In use by our neighbours",
        may=lambda actor: actor.is_ics,
        count=lambda actor: counted_for_role(actor, _of_neighbours()),
        own=lambda actor: own_of_neighbours(actor, today()),
        href=lambda: records_url(_of_neighbours()),
        sub=lambda _: "in other ICSs of our region",
    ),
    _card(
        "region",
        "On our region’s pipeline",
        _is_hin,
        lambda: RecordsQuery(today(), our_network=True),
        "they came to us first",
    ),
    _card(
        "beside",
        "Also with another network",
        _is_hin,
        lambda: RecordsQuery(today(), ours_and_others=True),
        lambda counts: f"of what we work with; {counts['beside_in_triage']} in our triage",
        beside_in_triage=lambda: RecordsQuery(today(), also_elsewhere=True),
    ),
    HomeCard(
        code="pipeline",
        label=lambda: "Innovations on the pipeline",
        may=_is_national,
        count=lambda actor: counted(actor, RecordsQuery(today())),
        href=lambda: records_url(RecordsQuery(today())),
        picture=_growth,
    ),
    _card(
        "added",
        lambda: f"Added in {short(Quarter.of(today()))}",
        _is_national,
        lambda: RecordsQuery(today(), added=True),
        lambda counts: f"of {counts['pipeline']}",
    ),
    HomeCard(
        code="several",
        label=lambda: "Innovators with more than one network",
        may=_is_national,
        count=lambda actor: select(func.count()).select_from(
            innovators_with_several(actor, today()).subquery()
        ),
        href=lambda: url_for("pipeline.innovators"),
        sub=lambda _: "over all their innovations",
    ),
)
LISTS = (HomeList("pipeline/_home_flow.html", _is_national, lambda _: {}),)
