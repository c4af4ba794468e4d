"""Enter what was counted: a sheet of many periods, a month of a bundle, or pasted lines."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import IO

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden, Invalid, NotFound
from portal.improvement import policy
from portal.improvement.forms import measures as forms
from portal.improvement.models import ImprovementMeasure, MeasureReading, MeasureSeries, Rhythm
from portal.improvement.queries import measures as found
from portal.improvement.queries.measures_shown import Board, Place, board_of
from portal.improvement.rules.entering import Entry, Pasted, has_denominator, read_lines
from portal.improvement.rules.periods import first_day, moved, named
from portal.improvement.services import measures as setup
from portal.improvement.services import measures_readings as services
from portal.improvement.views import blueprint
from portal.improvement.views.measures import ONE
from portal.programmes.policy import can_write_for
from portal.web.csv_files import FileWrong, lines_of
from portal.web.sent_sheets import read_once
from portal.web.spreadsheets import Line
from portal.web.steps import BOTH, Answer

LINES = 24
"""Periods on one page of a sheet."""


def entered(measure_id: int) -> tuple[ImprovementMeasure, Place]:
    """Return a measure and the place of the address, where the reader may enter counts."""
    actor = current_actor()
    of = found.measure_for(actor, measure_id)
    place = place_of_writer(board_of(of, actor))
    if not policy.can_enter(actor, of) or not can_write_for(actor, place.hin_id):
        raise Forbidden("A network counts in its own area; the national team counts for England.")
    return of, place


def place_of_writer(board: Board) -> Place:
    """Return the place that the address names, else the writer's own area."""
    return board.place_to_write(request.args.get("place", ""))


def series_at(of: ImprovementMeasure, place: Place) -> MeasureSeries:
    """Return the row of a place, made where there is none yet."""
    return setup.series_of_place(measure=of, place=place, by=current_actor())


def _standing(
    of: ImprovementMeasure, place: Place, days: Sequence[date]
) -> dict[date, MeasureReading]:
    """Return what stands for periods of a place; of an element of a bundle by the place's name."""
    row = _row_of(of, place)
    return services.standing_at(row.id, days) if row else {}


def _row_of(of: ImprovementMeasure, place: Place) -> MeasureSeries | None:
    if not place.is_part:
        return found.series_at(of.id, place.hin_id)
    row = db.session.get_one(MeasureSeries, place.series_id)
    return found.series_at(of.id, row.hin_id, row.site_id, row.team)


def _line(
    key: str, name: str, of: ImprovementMeasure, on: date, row: MeasureReading | None
) -> forms.Line:
    stands = Entry(on, row.numerator, row.denominator, row.id) if row else None
    return key, name, of, on, stands


@blueprint.route(f"{ONE}/enter", methods=BOTH)
def enter_readings(measure_id: int) -> Answer:
    """Enter many periods of one place on one page."""
    of, place = entered(measure_id)
    days = _days(of, place)
    standing = _standing(of, place, days)
    lines = [
        _line(day.isoformat(), named(of.rhythm, day), of, day, standing.get(day)) for day in days
    ]
    return _sheet(of, place, [of], lines, heading="Enter what was counted")


def _days(of: ImprovementMeasure, place: Place) -> list[date]:
    """Return the periods of the page, the newest last; of events those that were entered."""
    end = _end(of)
    if of.rhythm is not Rhythm.EVENT:
        return [moved(of.rhythm, end, number - LINES + 1) for number in range(LINES)]
    row = _row_of(of, place)
    rows = [one for one in found.standing_readings([of.id]) if row and one.series_id == row.id]
    return [one.on for one in rows if one.on <= end and one.numerator is not None][-LINES:]


def _end(of: ImprovementMeasure) -> date:
    """Return the last period of the page: the one asked for, at most the running one."""
    latest = first_day(of.rhythm, today())
    try:
        asked = first_day(of.rhythm, date.fromisoformat(request.args.get("to", "")))
    except ValueError:
        return latest
    return max(min(asked, latest), date(2000, 1, 1))


@blueprint.route(f"{ONE}/bundle", methods=BOTH)
def enter_bundle(measure_id: int) -> Answer:
    """Enter one month of a bundle: the patients who got all of it, and each element."""
    of, place = entered(measure_id)
    if not of.elements:
        raise NotFound("This measure has no elements.")
    on = _end(of)
    measures = [of, *of.elements]
    lines = [
        _line(str(one.id), one.name, one, on, _standing(one, place, [on]).get(on))
        for one in measures
    ]
    heading = f"Enter the bundle of {named(of.rhythm, on)}"
    return _sheet(of, place, measures, lines, heading=heading, on=on)


def _sheet(
    of: ImprovementMeasure,
    place: Place,
    measures: Sequence[ImprovementMeasure],
    lines: Sequence[forms.Line],
    *,
    heading: str,
    on: date | None = None,
) -> Answer:
    form = forms.sheet_form(lines)
    if form.is_submitted_and_valid():
        with form.refusals():
            told = forms.entries_in(form, lines, today())
            if told is not None:
                return _saved(of, place, _enter_all(form, place, measures, told))
    first = lines[0][3] if lines else today()
    page = render_template(
        "improvement/measures/sheet.html",
        form=form,
        measure=of,
        place=place,
        lines=lines,
        heading=heading,
        is_bundle=on is not None,
        has_denominator=any(has_denominator(one) for one in measures),
        earlier=moved(of.rhythm, on or first, -1),
        later=moved(of.rhythm, on or lines[-1][3], 1 if on else LINES) if lines else today(),
        latest=first_day(of.rhythm, today()),
        shown_to=on or (lines[-1][3] if lines else today()),
    )
    return page, form.status


def _enter_all(
    form: forms.SheetForm,
    place: Place,
    measures: Sequence[ImprovementMeasure],
    told: Mapping[int, list[Entry]],
) -> int:
    return sum(
        services.enter(
            measure=one,
            series=series_at(one, place),
            entries=told.get(one.id, []),
            why=form.why.data or "",
            source=form.source.data or "",
            by=current_actor(),
        )
        for one in measures
    )


def _saved(of: ImprovementMeasure, place: Place, count: int) -> Response:
    db.session.commit()
    words = f"{count} {'number is' if count == 1 else 'numbers are'} saved." if count else ""
    flash(words or "Nothing was changed.", "success")
    return redirect(url_for("improvement.measure", measure_id=of.id, place=place.code))


@blueprint.route(f"{ONE}/paste", methods=BOTH)
def paste_readings(measure_id: int) -> Answer:
    """Enter pasted lines, or those of a CSV or XLSX file."""
    of, place = entered(measure_id)
    form = forms.PasteForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            pasted = _pasted(of, form)
            if not pasted.problems:
                series = series_at(of, place)
                return _saved(of, place, _enter_pasted(of, series, pasted, form))
            for words in pasted.problems[:20]:
                form.refuse(words, "lines")
    page = render_template(
        "improvement/measures/paste.html",
        form=form,
        measure=of,
        place=place,
        has_denominator=has_denominator(of),
    )
    return page, form.status


def _enter_pasted(
    of: ImprovementMeasure, series: MeasureSeries, pasted: Pasted, form: forms.PasteForm
) -> int:
    standing = services.standing_at(series.id, [one.on for one in pasted.entries])
    seen = {day: row.id for day, row in standing.items()}
    return services.enter(
        measure=of,
        series=series,
        entries=[
            Entry(one.on, one.numerator, one.denominator, seen.get(one.on))
            for one in pasted.entries
        ],
        why=form.why.data or "",
        source=form.source.data or "",
        by=current_actor(),
    )


def _pasted(of: ImprovementMeasure, form: forms.PasteForm) -> Pasted:
    """Return what was pasted, or what the file holds; raises Invalid where there is neither."""
    pasted = read_lines(of, _sent_lines(*form.file.sent) if form.file.sent else _typed_lines(form))
    if not pasted.entries and not pasted.problems:
        raise Invalid("Paste a line, or choose a file", field="lines")
    return pasted


def _sent_lines(stream: IO[bytes], name: str) -> list[Line]:
    """Return the lines of a file's last sheet: the first one where there is but one."""
    return list(read_once(stream.read(), name).sheets.values())[-1]


def _typed_lines(form: forms.PasteForm) -> list[Line]:
    try:
        return list(lines_of((form.lines.data or "").encode()))
    except FileWrong as wrong:
        raise Invalid(str(wrong), field="lines") from wrong
