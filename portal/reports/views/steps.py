"""What the pages of reports share: forms on a page of their own, and where they lead."""

from typing import Any

from flask import Response, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Conflict, Forbidden
from portal.reports import policy
from portal.reports.models import Report
from portal.reports.queries.reports import report_for
from portal.web.forms import PortalForm

BOTH = ("GET", "POST")
REPORT = "/reports/<int:report_id>"
SECTION = "/reports/sections/<int:section_id>"
Answer = Response | AnyResponse | str | tuple[str, int]


def edited(report_id: int) -> Report:
    """Return a report that the reader may edit; raises NotFound, Forbidden."""
    report = report_for(current_actor(), report_id)
    refuse_unless(policy.can_edit(current_actor(), report), "You read this report only.")
    return report


def refuse_unless(may: bool, words: str) -> None:
    """Raise Forbidden with these words unless it may be done."""
    if not may:
        raise Forbidden(words)


def show(
    form: PortalForm, heading: str, act: str, *, back: tuple[str, str], **names: Any
) -> Answer:
    """Show a form on a page of its own; `back` is where it leads back to, and in which words."""
    page = render_template(
        "reports/step.html", form=form, heading=heading, act=act, back=back, **names
    )
    return page, form.status


def done(words: str, address: str) -> Answer:
    """Commit, say what was done, and lead to a page."""
    db.session.commit()
    flash(words, "success")
    return redirect(address)


def refused(form: PortalForm, address: str) -> Answer:
    """Lead back to a page from which a button was pressed, with why nothing was done; raises
    Conflict where somebody else was first."""
    if form.is_outdated:
        raise Conflict(" ".join(problem["text"] or "" for problem in form.problems))
    for problem in form.problems:
        flash(problem["text"] or "", "warning")
    return redirect(address)
