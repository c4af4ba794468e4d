"""The tests of the funding mandate: which records would qualify, and what is known of each."""

from itertools import groupby
from typing import Any

from flask import Response, render_template, request, url_for

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden
from portal.innovations.models import Innovation
from portal.innovations.queries import innovation_for
from portal.programmes import policy
from portal.programmes.forms.mandate import AnswerForm, NumberForm
from portal.programmes.models import MandateCriterion
from portal.programmes.queries import mandate as found
from portal.programmes.rules import mandate as rules
from portal.programmes.rules.years import year_of, year_words
from portal.programmes.serialise.choosing import mandate_listing
from portal.programmes.services.mandate import record_test
from portal.programmes.views import blueprint
from portal.web import steps
from portal.web.filters import Filter, Filters, Option
from portal.web.steps import BOTH, Answer

OF_RECORD = "/programmes/mandate/<int:innovation_id>"


def _reader() -> None:
    if not policy.can_read_choosing(current_actor()):
        raise Forbidden("Tests of the mandate are for staff of networks and the national team.")


def _this_year() -> int:
    return year_of(today())


class _Page:
    """The list that the address asks for."""

    def __init__(self) -> None:
        _reader()
        every = found.criteria()
        first = min((one.from_year for one in every), default=_this_year())
        years = range(_this_year(), first - 1, -1)
        standings = [Option(one.value, one.label) for one in rules.Standing]
        self.filters = Filters(
            request.path,
            request.args,
            [
                Filter(
                    "year", "Policy year", [Option(str(y), year_words(y)) for y in years], False
                ),
                Filter("standing", "Standing", standings, multiple=False),
            ],
            words="q",
        )
        self.year = int(self.filters.one("year") or _this_year())
        self.tests = rules.in_force(every, self.year)
        known = found.MandateAnswers(self.tests)
        wanted = self.filters.one("standing")
        self.listing = mandate_listing(known, year_words(self.year))
        self.statement = found.records_tested(
            current_actor(),
            known,
            words=self.filters.text,
            standing=rules.Standing(wanted) if wanted else None,
        )


@blueprint.get("/programmes/mandate")
def mandate() -> str:
    """List the records of which a test was recorded, with the answers of a policy year."""
    page = _Page()
    return render_template(
        "programmes/mandate.html",
        found=page.listing.on_page(db.session, page.statement, page.filters),
        year=year_words(page.year),
        tests=page.tests,
        threshold_words=rules.threshold_words,
    )


@blueprint.get("/programmes/mandate/download.csv", defaults={"kind": "csv"})
@blueprint.get("/programmes/mandate/download.xlsx", defaults={"kind": "xlsx"})
def download_mandate(kind: str) -> Response:
    """Return the list as a file."""
    page = _Page()
    return page.listing.file(kind, db.session, page.statement, page.filters, page.listing.title)


def _record(innovation_id: int) -> Innovation:
    _reader()
    return innovation_for(current_actor(), innovation_id)


@blueprint.get(OF_RECORD)
def mandate_of(innovation_id: int) -> str:
    """Show each test of a record with the row that tells, and the rows before it."""
    record = _record(innovation_id)
    rows = found.results_of(record.id)
    of_test = {key: list(group) for key, group in groupby(rows, lambda row: row.criterion_id)}
    tests = rules.in_force(found.criteria(), _this_year())
    answers = {key: group[0].answer for key, group in of_test.items()}
    current = {one.id for one in tests}
    return render_template(
        "programmes/mandate_of.html",
        innovation=record,
        year=year_words(_this_year()),
        tests=[(one, of_test.get(one.id, [])) for one in tests],
        former=[row for row in rows if row.criterion_id not in current],
        standing=rules.standing(tests, answers),
        may_edit=policy.can_edit(current_actor()),
        threshold_words=rules.threshold_words,
        amount_words=rules.amount_words,
    )


@blueprint.route(f"{OF_RECORD}/<code>", methods=BOTH)
def record_mandate(innovation_id: int, code: str) -> Answer:
    """Record what a test found."""
    record = _record(innovation_id)
    if not policy.can_edit(current_actor()):
        raise Forbidden("The national team records tests of the mandate.")
    criterion = found.criterion_called(code)
    form = _form(criterion, record)
    if form.is_submitted_and_valid() and not (isinstance(form, NumberForm) and form.lacks_number()):
        with form.refusals():
            record_test(
                innovation=record,
                criterion=criterion,
                seen=form.version.data,
                source=form.source.data or "",
                note=form.note.data or "",
                by=current_actor(),
                **form.found,
            )
            return steps.done("The test is recorded.", _tests_of(record))
    if form.is_outdated:
        form.version.data = found.last_number(record.id, criterion.id)
    return steps.show(
        form,
        criterion.name,
        "Save",
        back=(_tests_of(record), "Back to its tests"),
        section=record.name,
        template="programmes/mandate_step.html",
        criterion=criterion,
    )


def _tests_of(record: Innovation) -> str:
    return url_for("programmes.mandate_of", innovation_id=record.id)


def _form(criterion: MandateCriterion, record: Innovation) -> Any:
    data = {"version": found.last_number(record.id, criterion.id)}
    if criterion.threshold is None:
        return AnswerForm(data=data)
    return NumberForm(criterion, data=data)
