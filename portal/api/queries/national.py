"""Figures as the pages tell them: the nation's for everybody, a reader's own for who has them."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.accounts.models import ANONYMOUS, Actor
from portal.clock import today
from portal.errors import Invalid, NotFound
from portal.figures import queries
from portal.figures.policy import can_see_figures, for_reader
from portal.figures.queries.kept import FigureCache
from portal.figures.rules import Figure, Value
from portal.pipeline.queries.stages import StagesResult, standing
from portal.reference.models import Hin
from portal.reference.queries import hins
from portal.reference.rules import Quarter


@dataclass(frozen=True, slots=True)
class FiguresResult:
    """The figures of a quarter that a reader may know."""

    quarter: Quarter
    frozen_at: datetime | None
    values: list[Value]
    labels: dict[str, str]
    figures: dict[str, Figure]
    hins: dict[int, Hin]


def quarter_named(code: str | None) -> Quarter:
    """Return a quarter by its code, the one that is over by default; raises Invalid."""
    now = Quarter.of(today())
    if not code:
        return now.previous
    try:
        found = Quarter.named(code)
    except ValueError:
        raise Invalid("Send a quarter as 2026-27-Q1", field="quarter") from None
    if found > now:
        raise Invalid("Send a quarter that has begun", field="quarter")
    return found


def frozen_quarters() -> list[Quarter]:
    """Return the quarters whose figures are settled, the newest first."""
    return [Quarter.of(first) for first in sorted(queries.freezes(), reverse=True)]


def national_figures(quarter: Quarter) -> FiguresResult:
    """Return the nation's settled figures of a quarter; raises NotFound while they are not frozen:
    what is still counted is for staff."""
    freeze = queries.freeze_of(quarter)
    if freeze is None:
        raise NotFound("The figures of this quarter are not settled yet.")
    known = for_reader(queries.frozen_values(freeze), ANONYMOUS)
    return _result(quarter, freeze.frozen_at, known)


def own_figures(actor: Actor, quarter: Quarter) -> FiguresResult:
    """Return the figures of a quarter that the actor's pages have: settled ones where it is frozen,
    as the rows stand now otherwise. Raises NotFound for who sees only the nation's settled ones."""
    freeze = queries.freeze_of(quarter)
    if not can_see_figures(actor) and freeze is None:
        raise NotFound("The figures of this quarter are not settled yet.")
    values = (
        FigureCache().live(quarter, today()) if freeze is None else queries.frozen_values(freeze)
    )
    return _result(quarter, freeze.frozen_at if freeze else None, for_reader(values, actor))


def _result(quarter: Quarter, frozen_at: datetime | None, values: list[Value]) -> FiguresResult:
    return FiguresResult(
        quarter=quarter,
        frozen_at=frozen_at,
        values=values,
        labels=queries.group_labels(values, FigureCache().labels()),
        figures={figure.code: figure for figure in queries.codes_in_order()},
        hins={hin.id: hin for hin in hins()},
    )


def pipeline_on(day: date) -> StagesResult:
    """Return the nation's innovations by stage at the end of a day, as the page of the pipeline
    tells everybody."""
    if day > today():
        raise Invalid("Send a day that is today or in the past", field="day")
    return standing(ANONYMOUS, day)
