"""The lists of programmes and of values: what stands in their columns."""

from datetime import date
from typing import Any

from flask import url_for

from portal.db import by_name
from portal.programmes.models import FundApplication, Programme, ProgrammeValue, Trajectory
from portal.programmes.queries import standing_rank
from portal.programmes.rules.values import Planned, number_words
from portal.programmes.rules.years import standing_on, years_words
from portal.reference.rules import Quarter
from portal.web.listing import Column, Listing


def listing(day: date) -> Listing[Programme]:
    """Return the list of programmes on a day: those that run come first."""
    return Listing(
        title="Programmes",
        one="programme",
        many="programmes",
        columns=(
            Column[Programme](
                "Programme",
                lambda row: row.name,
                key="name",
                order=by_name(Programme.name),
                href=lambda row: url_for("programmes.show", programme_id=row.id),
                tags=lambda row: ["Demonstration"] if row.is_demo else [],
            ),
            Column("What it spreads", lambda row: row.spreads, on_page=False),
            Column("Kind", lambda row: row.kind.label, key="kind", order=Programme.kind),
            Column(
                "Part of",
                lambda row: row.parent.name if row.parent else None,
                on_page=False,
            ),
            Column("Years", years_words, key="years", order=Programme.from_year),
            Column(
                "Now",
                lambda row: standing_on(row, day).label,
                key="now",
                order=standing_rank(day),
                is_tag=True,
            ),
            Column("Source", lambda row: row.source, on_page=False),
        ),
        default="now",
        tie=Programme.id,
        file_path="/programmes/download.{kind}",
    )


HEADER = (
    *("Measure", "Product", "Part", "Area", "Kind", "For", "Period", "As at", "Value"),
    *("Qualifier", "Unit", "Number", "Of", "Reliance", "Source", "Note"),
)


def value_cells(row: ProgrammeValue, *, is_exact: bool) -> list[Any]:
    """Return a value as a line of a file; counts of patients as they may be shown."""
    hides = row.measure.is_patients and row.hin_id is not None and not is_exact
    shown: list[Any] = [row.value, row.numerator, row.denominator]
    if hides:
        shown = [number_words(row, is_exact=False), None, None]
    elif row.value is None:
        shown[0] = row.value_text or None
    return [
        row.measure.name,
        row.product.name if row.product else row.products,
        row.part,
        row.hin.name if row.hin else row.area,
        row.kind.label,
        row.basis.label,
        row.period,
        row.as_at,
        shown[0],
        row.qualifier,
        row.unit,
        *shown[1:],
        row.quality.label,
        row.source,
        row.note,
    ]


PLAN_HEADER = (
    *("Product", "Part", "Version", "Quarter", "Area", "Planned", "Counted", "Achievement (%)"),
    "Said",
)


def plan_cells(of: Trajectory, row: Planned, area: str, *, is_exact: bool) -> list[Any]:
    """Return what was counted against what was planned as a line of a file, as it may be shown."""
    share = row.share(is_exact=is_exact)
    return [
        of.product.name,
        of.part,
        of.number,
        Quarter.of(row.quarter_on).code,
        area,
        row.planned,
        share.part if share else None,
        share.percent if share else None,
        row.words(is_exact=is_exact),
    ]


FUND_HEADER = (
    *("Round", "Site", "Network", "Theme", "Asked (£)", "State", "Awarded (£)", "Decided on"),
    *("Why", "Spent (£)", "What came of it"),
)


def fund_cells(row: FundApplication) -> list[Any]:
    """Return an application as a line of a file."""
    return [
        row.round.name,
        row.site,
        row.hin.name,
        row.theme,
        row.asked,
        row.state.label,
        row.awarded,
        row.decided_on,
        row.decided_why,
        row.spent,
        row.outcome,
    ]
