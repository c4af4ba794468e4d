"""The steps before the preview: sheet, columns, values."""

from collections.abc import Mapping, Sequence

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Conflict
from portal.imports import policy, queries
from portal.imports.forms import SheetForm, ValuesForm, columns_form, values_form
from portal.imports.models import Import
from portal.imports.rules.mapping import (
    CHOSEN,
    LAST_TIME,
    Field,
    Guess,
    guessed,
    said_values,
    standing,
    unknown_values,
    word,
)
from portal.imports.serialise.kept import lines_of, workbook_of
from portal.imports.serialise.kinds import kind_of
from portal.imports.services import files
from portal.imports.views import blueprint
from portal.web.spreadsheets import Line, wrong_with

SAMPLE_ROWS = 300
Answer = str | Response | tuple[str, int]


def open_import(import_id: int) -> Import:
    """Return an import whose columns may be matched; raises Conflict once it was brought in."""
    importing = queries.import_for(current_actor(), import_id)
    if not policy.can_map(importing):
        raise Conflict("This file was brought in, or is at work. Send it again to begin anew.")
    return importing


@blueprint.route("/<int:import_id>/sheet", methods=["GET", "POST"])
def sheet(import_id: int) -> Answer:
    """Ask which sheet, and where its columns are named; one that needs no question is taken."""
    importing = open_import(import_id)
    book = workbook_of(importing)
    form = SheetForm().offer(book.sheets, kind_of(importing.kind).fields())
    if form.is_submitted_and_valid():
        header = book.header(form.name, form.header_row.data)
        wrong = wrong_with(header)
        if not wrong:
            return _chosen(importing, form, header)
        form.refuse(wrong, "header_row")
    page = render_template(
        "imports/sheet.html", form=form, importing=importing, kind=kind_of(importing.kind)
    )
    return page, form.status


def _chosen(importing: Import, form: SheetForm, header: list[str]) -> Response:
    files.choose_sheet(
        importing=importing,
        sheet=form.name,
        header_row=form.header_row.data,
        header=header,
        mapping={},
    )
    db.session.commit()
    return redirect(url_for("imports.columns_of", import_id=importing.id))


@blueprint.route("/<int:import_id>/columns", methods=["GET", "POST"])
def columns_of(import_id: int) -> Answer:
    """Ask what each column means: what was chosen before stays, the others are guessed."""
    importing = open_import(import_id)
    if not importing.header:
        return redirect(url_for("imports.sheet", import_id=importing.id))
    kind = kind_of(importing.kind)
    lines = lines_of(importing)
    with queries.only_reading():  # to guess takes a while, in which others can save
        fields = kind.fields()
        samples = _samples(importing, lines)
        memory = queries.memory_of(importing.organisation_id, importing.kind).get("", {})
        guesses = _guesses(importing, fields, samples, memory)
        left_out = _left_out(importing, memory)
        form = columns_form(importing.header, samples, fields, guesses, left_out)
    if form.is_submitted_and_valid():
        known = [one.name for one in fields]
        files.match_columns(importing=importing, mapping=form.mapping, known=known)
        db.session.commit()
        return redirect(url_for("imports.values", import_id=importing.id))
    remembered = sum(guess.why == LAST_TIME for guess in guesses.values())
    page = render_template(
        "imports/columns.html",
        form=form,
        importing=importing,
        kind=kind,
        count=len(lines),
        remembered=remembered,
    )
    return page, form.status


def _samples(importing: Import, lines: list[Line]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for column in range(len(importing.header)):
        texts = (cells[column] for _, cells in lines[:SAMPLE_ROWS] if column < len(cells))
        found[column] = list(dict.fromkeys(text for text in texts if text))
    return found


def _guesses(
    importing: Import,
    fields: Sequence[Field],
    samples: dict[int, list[str]],
    memory: Mapping[str, str],
) -> dict[str, Guess]:
    if importing.mapping:
        return {name: Guess(n, CHOSEN) for name, n in importing.mapping.items()}
    return guessed(fields, importing.header, samples, memory)


def _left_out(importing: Import, memory: Mapping[str, str]) -> set[int]:
    """Return the columns that a person left out of the last file, while nothing was chosen here."""
    header = enumerate(importing.header)
    return set() if importing.mapping else {n for n, name in header if memory.get(word(name)) == ""}


@blueprint.route("/<int:import_id>/values", methods=["GET", "POST"])
def values(import_id: int) -> Answer:
    """Ask what the values mean that no list has; then the rows are looked at."""
    importing = open_import(import_id)
    if not importing.mapping:
        return redirect(url_for("imports.columns_of", import_id=importing.id))
    kind = kind_of(importing.kind)
    with queries.only_reading():
        fields = kind.fields()
        memory = queries.memory_of(importing.organisation_id, importing.kind)
        form = _values_form(importing, fields, memory)
    if form.is_submitted_and_valid():
        actor = current_actor()
        known = standing(fields, memory)
        files.match_values(importing=importing, chosen=form.meanings, memory=known)
        files.start_check(importing=importing, by=actor)
        db.session.commit()
        return redirect(url_for("imports.show", import_id=importing.id))
    page = render_template("imports/values.html", form=form, importing=importing, kind=kind)
    return page, form.status


def _values_form(
    importing: Import, fields: Sequence[Field], memory: Mapping[str, Mapping[str, str]]
) -> ValuesForm:
    """Return the form that asks of the values of each coded field that nobody said the meaning of,
    and shows what was said of the others."""
    lines = lines_of(importing)
    known = standing(fields, memory)
    unknown: dict[str, tuple[Field, dict[str, str]]] = {}
    said: dict[str, tuple[Field, dict[str, str]]] = {}
    for one in fields:
        column = importing.mapping.get(one.name)
        if column is None or not one.is_coded:
            continue
        cells = (cells[column] for _, cells in lines if column < len(cells))
        texts = [text for text in dict.fromkeys(cells) if text]
        meant = {**known.get(one.name, {}), **importing.meanings.get(one.name, {})}
        before = memory.get(one.name, {})
        asked = {value: before.get(word(value), "") for value in unknown_values(one, texts, meant)}
        unknown |= {one.name: (one, asked)} if asked else {}
        found = said_values(one, texts, meant)
        said |= {one.name: (one, found)} if found else {}
    return values_form(unknown, said)
