"""Figures of a programme: the values as reported, what follows from them, plans and corrections."""

from typing import Any

from flask import Response, render_template

from portal.accounts.session import current_actor
from portal.clock import today
from portal.errors import Forbidden
from portal.programmes import charts, policy, queries
from portal.programmes.forms import measuring as forms
from portal.programmes.forms.measuring import as_number
from portal.programmes.models import Programme, ProgrammeValue
from portal.programmes.queries import measuring as found
from portal.programmes.queries.comparing import Comparison, comparisons
from portal.programmes.rules.trajectories import Version
from portal.programmes.rules.values import is_share, number_words, standing
from portal.programmes.rules.worked_out import worked_out
from portal.programmes.serialise import HEADER, PLAN_HEADER, plan_cells, value_cells
from portal.programmes.services import measuring as services
from portal.programmes.views import blueprint
from portal.programmes.views.steps import ONE, done, edited, show, written
from portal.reference.queries import hins
from portal.reference.rules import Quarter
from portal.web.access import public
from portal.web.downloads import list_file
from portal.web.steps import BOTH, Answer

QUARTERS_BACK = 12
"""For so many quarters a value can be reported late."""


def _readable(rows: list[ProgrammeValue]) -> list[ProgrammeValue]:
    """Return the values that the reader may see: those of networks are for signed-in people, but
    for what was published with its source."""
    if policy.reads_networks(current_actor()):
        return rows
    return [row for row in rows if row.hin_id is None or row.code is not None]


def _words(row: ProgrammeValue) -> str:
    is_exact = policy.reads_exact(current_actor(), row.hin_id) or row.code is not None
    return number_words(row, is_exact=is_exact)


@blueprint.get(f"{ONE}/figures")
@public
def figures(programme_id: int) -> str:
    """Show every value of a programme with its source, and what follows from them together."""
    actor = current_actor()
    programme = queries.programme_for(actor, programme_id)
    rows = _readable(found.values_of(programme.id))
    rows.sort(key=lambda row: (row.quarter_on is None, row.period), reverse=True)
    return render_template(
        "programmes/figures.html",
        programme=programme,
        rows=rows,
        words=_words,
        lines=worked_out(row for row in rows if row.hin_id is None or row.code is not None),
        compared=_compared(programme),
        quarter_code=lambda day: Quarter.of(day).code,
        may_write=policy.can_write(actor),
        may_edit=policy.can_edit(actor),
        may_correct=lambda row: policy.can_write_for(actor, row.hin_id),
    )


def _compared(programme: Programme) -> list[Comparison]:
    ids = dict.fromkeys(one.measure_id for one in found.trajectories_of(programme.id))
    return [
        one
        for measure_id in ids
        for one in comparisons(
            programme.id, measure_id, found.rows_of(programme.id, measure_id), today()
        )
    ]


@blueprint.get(f"{ONE}/figures/download.csv", defaults={"kind": "csv"})
@blueprint.get(f"{ONE}/figures/download.xlsx", defaults={"kind": "xlsx"})
@public
def download_figures(programme_id: int, kind: str) -> Response:
    """Return the values as a file, as the page shows them."""
    actor = current_actor()
    programme = queries.programme_for(actor, programme_id)
    lines = (
        value_cells(row, is_exact=policy.reads_exact(actor, row.hin_id) or row.code is not None)
        for row in _readable(found.values_of(programme.id))
    )
    about = {"List": f"Figures of {programme.name}"}
    return list_file(f"figures-{programme.code.lower()}", kind, HEADER, lines, about)


@blueprint.get("/programmes/measures")
@public
def measures() -> str:
    """Show what every measure means."""
    return render_template("programmes/measures.html", measures=found.measures())


@blueprint.get(f"{ONE}/measures/<code>")
@public
def measure(programme_id: int, code: str) -> str:
    """Show one measure: against its trajectories, by network, and every row with its history."""
    actor = current_actor()
    programme = queries.programme_for(actor, programme_id)
    of = found.measure_called(code)
    rows = list(found.rows_of(programme.id, of.id))
    networks = list(hins()) if policy.reads_networks(actor) else []
    compared = comparisons(programme.id, of.id, rows, today())
    return render_template(
        "programmes/measure.html",
        programme=programme,
        measure=of,
        compared=[_shown(one, networks) for one in compared],
        rows=_readable(rows),
        standing={row.id for row in standing(rows)},
        words=_words,
        names={hin.id: hin.name for hin in networks},
        quarter=lambda day: Quarter.of(day).code,
        may_correct=lambda row: policy.can_write_for(actor, row.hin_id),
        may_edit=policy.can_edit(actor),
    )


@blueprint.get(f"{ONE}/measures/<code>/download.csv", defaults={"kind": "csv"})
@blueprint.get(f"{ONE}/measures/<code>/download.xlsx", defaults={"kind": "xlsx"})
@public
def download_measure(programme_id: int, code: str, kind: str) -> Response:
    """Return what was counted against what was planned as a file, as the page shows it."""
    actor = current_actor()
    programme = queries.programme_for(actor, programme_id)
    of = found.measure_called(code)
    names: dict[int | None, str] = {None: "England"}
    if policy.reads_networks(actor):
        names |= {hin.id: hin.name for hin in hins()}
    compared = comparisons(programme.id, of.id, found.rows_of(programme.id, of.id), today())
    lines = (
        plan_cells(
            one.newest, row, names[row.hin_id], is_exact=policy.reads_exact(actor, row.hin_id)
        )
        for one in compared
        for row in one.rows
        if row.hin_id in names
    )
    about = {"List": f"{of.name}, {programme.name}"}
    return list_file(f"{of.code}-{programme.code}".lower(), kind, PLAN_HEADER, lines, about)


def _shown(one: Comparison, networks: list[Any]) -> dict[str, Any]:
    """Return a comparison with its pictures: England, and each network that has a plan."""
    actor = current_actor()
    multiples = [
        charts.over_quarters(
            hin.name, one.of_network(hin.id), is_exact=policy.reads_exact(actor, hin.id)
        )
        for hin in networks
    ]
    return {
        "of": one,
        "nation": charts.over_quarters("England", one.nation, is_exact=True),
        "multiples": [picture for picture in multiples if picture],
        "league": [
            (hin, row, row.words(is_exact=policy.reads_exact(actor, hin.id)))
            for hin in networks
            for row in one.league
            if row.hin_id == hin.id
        ],
    }


def _quarters() -> list[Quarter]:
    """Return the quarters of which something can be reported, this one first."""
    quarters = [Quarter.of(today())]
    while len(quarters) <= QUARTERS_BACK:
        quarters.append(quarters[-1].previous)
    return quarters


@blueprint.route(f"{ONE}/values/new", methods=BOTH)
def report_value(programme_id: int) -> Answer:
    """Report a value of one's own network, or of England."""
    actor = current_actor()
    programme = written(programme_id)
    form, known = forms.ValueForm(), found.measures()
    form.offer(known, programme.products, _quarters())
    if form.is_submitted_and_valid():
        of = next(one for one in known if one.code == form.measure.data)
        with form.refusals():
            if not form.needs_number(of.unit.startswith("percent")):
                services.report_value(
                    programme=programme,
                    measure=of,
                    product=queries.product_for(programme, form.product.data or None),
                    part=form.part.data or "",
                    quarter=Quarter.named(form.quarter.data),
                    hin_id=policy.area_of(actor),
                    value=as_number(form.value.data),
                    quality=form.quality.data,
                    source=form.source.data or "",
                    note=form.note.data or "",
                    by=actor,
                    **form.counts,
                )
                return done(programme, "The value is reported.", "programmes.figures")
    area = "your network" if actor.is_hin else "England"
    return show(form, programme, f"Report a value of {area}", "Report")


@blueprint.route(f"{ONE}/values/<int:value_id>/correct", methods=BOTH)
def correct_value(programme_id: int, value_id: int) -> Answer:
    """Correct a value by a new row."""
    actor = current_actor()
    programme = written(programme_id)
    row = found.value_for(programme.id, value_id)
    if not policy.can_write_for(actor, row.hin_id):
        raise Forbidden("A network corrects its own values; the national team those of England.")
    form = forms.CorrectForm(row)
    if form.is_submitted_and_valid() and not form.needs_number(is_share(row)):
        with form.refusals():
            services.correct_value(
                value=row,
                new=as_number(form.value.data),
                why=form.why.data,
                quality=form.quality.data,
                by=actor,
                **form.counts,
            )
            return done(
                programme,
                "The value is corrected. The former stays in its history.",
                "programmes.measure",
                code=row.measure.code,
            )
    said = f"{row.measure.name}, {row.period}: {_words(row)}"
    return show(form, programme, "Correct a value", "Correct", before=said)


@blueprint.route(f"{ONE}/trajectories/new", methods=BOTH)
def set_trajectory(programme_id: int) -> Answer:
    """Set a trajectory."""
    programme = edited(programme_id)
    form = forms.TrajectoryForm(data={"seen": "0"})
    return _trajectory(programme, form, "Set a trajectory")


@blueprint.route(f"{ONE}/trajectories/<int:trajectory_id>/replace", methods=BOTH)
def replace_trajectory(programme_id: int, trajectory_id: int) -> Answer:
    """Set a trajectory anew: the form begins with the newest version."""
    programme = edited(programme_id)
    row = found.trajectory_for(programme.id, trajectory_id)
    codes = {hin.id: hin.code for hin in hins()}
    shown = {
        "measure": row.measure.code,
        "product": row.product_id,
        "part": row.part,
        "plan": forms.plan_lines(Version.of(row).points, codes),
        "seen": str(row.number),
    }
    return _trajectory(programme, forms.TrajectoryForm(data=shown), "Set the trajectory anew")


def _trajectory(programme: Programme, form: forms.TrajectoryForm, heading: str) -> Answer:
    known = found.measures()
    form.offer(known, programme.products)
    if form.is_submitted_and_valid():
        points = form.points({hin.code: hin.id for hin in hins()})
        product = queries.product_for(programme, form.product.data)
        of = next(one for one in known if one.code == form.measure.data)
        with form.refusals():
            if points is not None and product is not None:
                services.set_trajectory(
                    programme=programme,
                    measure=of,
                    product=product,
                    part=form.part.data or "",
                    points=points,
                    why=form.why.data or "",
                    seen=forms.seen_version(form.seen.data),
                    by=current_actor(),
                )
                words = "The trajectory is set. A former version stays."
                return done(programme, words, "programmes.measure", code=of.code)
    return show(form, programme, heading, "Save")
