"""Figures of a programme: the values as reported, what follows from them, plans and corrections."""

from itertools import pairwise
from typing import Any

from flask import Response, render_template, request, url_for

from portal.accounts.session import current_actor
from portal.clock import today
from portal.errors import Forbidden
from portal.figures.views.strangers import for_strangers
from portal.programmes import charts, policy, queries
from portal.programmes.forms import measuring as forms
from portal.programmes.forms.measuring import as_number
from portal.programmes.models import Programme, ProgrammeValue
from portal.programmes.queries import measuring as found
from portal.programmes.queries.comparing import Comparison, comparisons
from portal.programmes.rules.trajectories import Version, planned_rows
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
from portal.web.paging import PER_PAGE, Address, Page, page_number, page_of
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
@for_strangers
def figures(programme_id: int) -> str:
    """Show the values of a programme with their sources, and what follows from all together.

    The newest first, and England's before those of networks.
    """
    actor = current_actor()
    programme = queries.programme_for(actor, programme_id)
    rows = _readable(found.values_of(programme.id))
    rows.sort(key=lambda row: row.hin.name if row.hin else "")
    rows.sort(key=lambda row: (row.quarter_on is None, row.period), reverse=True)
    number = page_of(len(rows), page_number(request.args))
    shown = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    return render_template(
        "programmes/figures.html",
        programme=programme,
        page=Page(shown, len(rows), number),
        address=Address(request.path, request.args.to_dict()),
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
@for_strangers
def measures() -> str:
    """Show what every measure means."""
    return render_template("programmes/measures.html", measures=found.measures())


@blueprint.get(f"{ONE}/measures/<code>")
@public
@for_strangers
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
        "former": _former(one, {hin.id: hin.name for hin in networks}),
        "league": [
            (hin, row, row.words(is_exact=policy.reads_exact(actor, hin.id)))
            for hin in networks
            for row in one.league
            if row.hin_id == hin.id
        ],
    }


def _former(one: Comparison, names: dict[int, str]) -> list[dict[str, Any]]:
    """Return the versions before the newest, the last one first: until when each held, and what it
    planned for England and for each network by quarter."""
    return [
        {"of": row, "until": after.valid_from, "rows": planned_rows(Version.of(row), names)}
        for row, after in reversed(list(pairwise(one.versions)))
    ]


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
    form.offer(known, found.measures_used(programme.id), programme.products, _quarters())
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
    form, known = forms.TrajectoryForm(data={"seen": "0"}), found.measures()
    form.offer(known, found.measures_used(programme.id), programme.products)
    if form.is_submitted_and_valid():
        product = queries.product_for(programme, form.product.data)
        of = next(one for one in known if one.code == form.measure.data)
        if product is not None:
            about = {"measure": of, "product": product, "part": form.part.data or ""}
            if (answer := _set(programme, form, about)) is not None:
                return answer
            _lead_to_newest(form, programme, about)
    return _plan(form, programme, "Set a trajectory")


def _lead_to_newest(form: forms.PlanForm, programme: Programme, about: dict[str, Any]) -> None:
    """Make a link of the error that says that there is a trajectory already."""
    newest = found.newest_of(programme=programme, **about)
    if newest is not None:
        anew = "programmes.replace_trajectory"
        href = url_for(anew, programme_id=programme.id, trajectory_id=newest.id)
        form.hrefs = {**form.hrefs, **dict.fromkeys(map(str, form.form_errors), href)}


@blueprint.route(f"{ONE}/trajectories/<int:trajectory_id>/replace", methods=BOTH)
def replace_trajectory(programme_id: int, trajectory_id: int) -> Answer:
    """Set a trajectory anew: the form begins with the newest version."""
    programme = edited(programme_id)
    row = found.trajectory_for(programme.id, trajectory_id)
    codes = {hin.id: hin.code for hin in hins()}
    shown = {"plan": forms.plan_lines(Version.of(row).points, codes), "seen": str(row.number)}
    form = forms.RebaseForm(data=shown)
    if form.is_submitted_and_valid():
        about = {"measure": row.measure, "product": row.product, "part": row.part}
        answer = _set(programme, form, about, why=form.why.data)
        if answer is not None:
            return answer
    said = f"{row.measure.name}: {row.product.name}{f', {row.part}' if row.part else ''}."
    return _plan(
        form,
        programme,
        "Set the trajectory anew",
        before=f"{said} Version {row.number} stays to be read, with what was counted against it.",
        measure=row.measure,
    )


def _set(
    programme: Programme, form: forms.PlanForm, about: dict[str, Any], why: str = ""
) -> Answer | None:
    """Set what was typed; None, with the error in the form, where that cannot be."""
    points = form.points(forms.areas_of(hins()))
    if points is None:
        return None
    seen = forms.seen_version(form.seen.data)
    with form.refusals():
        services.set_trajectory(
            programme=programme, points=points, why=why, seen=seen, by=current_actor(), **about
        )
        words = "The trajectory is set." + (" A former version stays." if seen else "")
        return done(programme, words, "programmes.measure", code=about["measure"].code)
    if seen and form.is_outdated:  # who has read the other version may send theirs once more
        form.seen.data = str(found.newest_number(programme=programme, **about))
    return None


def _plan(form: forms.PlanForm, programme: Programme, heading: str, **names: Any) -> Answer:
    return show(form, programme, heading, "Save", networks=list(hins()), **names)
