"""What was done, and the work behind the pages."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Select
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.admin import queries, services
from portal.admin.queries.sizes import sizes as sizes_of_tables
from portal.admin.rules import PERIODS, action_words, job_words, noun_words
from portal.admin.views import blueprint
from portal.audit.models import AuditEvent
from portal.clock import today
from portal.db import db
from portal.jobs import Job, JobState
from portal.web.downloads import Cell, list_file
from portal.web.filters import Filter, Filters, Option
from portal.web.paging import page_number, paginate

MAX_ROWS = 20_000
"""Rows of a file, the newest: narrow the list for older ones."""
AUDIT_HEADER = ("When", "Who", "For", "What", "Record", "Page")
JOBS_HEADER = ("Job", "Number", "State", "Attempts", "Asked for", "Started", "Finished", "Message")


@blueprint.get("/audit")
def audit() -> str:
    """Show who did what, newest first. What changed stays on the record's own timeline."""
    filters = _audit_filters()
    events = paginate(db.session, _events(filters), page=page_number(request.args))
    return render_template(
        "admin/audit.html",
        events=events,
        filters=filters,
        subjects=queries.subjects(current_actor(), events),
        action_words=action_words,
    )


@blueprint.get("/audit/download.<kind>")
def download_audit(kind: str) -> Response:
    """Give the trail under the same filters as CSV or XLSX."""
    filters = _audit_filters()
    events = db.session.scalars(_events(filters).limit(MAX_ROWS)).all()
    subjects = queries.subjects(current_actor(), events)
    rows = [_event_row(event, subjects[event.noun, event.noun_id]) for event in events]
    about: dict[str, Cell] = {"List": "Audit log", "Rows at most": MAX_ROWS}
    about |= filters.described()
    return list_file(f"audit-{today().isoformat()}", kind, AUDIT_HEADER, rows, about)


@blueprint.get("/jobs")
def jobs() -> str:
    """Show the work behind the pages: what waits, runs, is done or failed, and why."""
    filters = _job_filters()
    found = paginate(db.session, _jobs(filters), page=page_number(request.args))
    return render_template(
        "admin/jobs.html", jobs=found, filters=filters, job_words=job_words, failed=JobState.FAILED
    )


@blueprint.get("/jobs/download.<kind>")
def download_jobs(kind: str) -> Response:
    """Give the jobs under the same filters as CSV or XLSX."""
    filters = _job_filters()
    rows = [_job_row(job) for job in db.session.scalars(_jobs(filters).limit(MAX_ROWS))]
    about: dict[str, Cell] = {"List": "Jobs", "Rows at most": MAX_ROWS}
    about |= filters.described()
    return list_file(f"jobs-{today().isoformat()}", kind, JOBS_HEADER, rows, about)


@blueprint.get("/jobs/sizes")
def sizes() -> str:
    """Show which tables take the room: what nobody deletes grows here first."""
    return render_template("admin/sizes.html", found=sizes_of_tables())


@blueprint.post("/jobs/<int:job_id>/retry")
def retry_job(job_id: int) -> Response:
    """Let a job that failed be done once more."""
    services.retry_job(job=queries.job(job_id), by=current_actor())
    db.session.commit()
    flash("The job waits to be done once more.", "success")
    return redirect(url_for(".jobs"))


def _audit_filters() -> Filters:
    nouns = [Option(noun, noun_words(noun)) for noun in queries.audit_nouns()]
    periods = [Option(code, words) for code, (words, _) in PERIODS.items()]
    return Filters(
        path=url_for("admin.audit"),
        args=request.args,
        filters=(
            Filter("when", "When", periods, multiple=False),
            Filter("record", "Kind of record", nouns),
        ),
        words="q",
    )


def _events(filters: Filters) -> Select[AuditEvent]:
    return queries.audit_log(filters.text, filters["record"], filters["when"])


def _event_row(event: AuditEvent, subject: queries.Subject) -> tuple[Cell, ...]:
    return (
        event.at,
        event.actor_name,
        event.organisation_name,
        action_words(event.action),
        subject.name,
        subject.address,
    )


def _job_filters() -> Filters:
    states = [Option(state.value, state.value.capitalize()) for state in JobState]
    kinds = [Option(kind, job_words(kind)) for kind in queries.job_kinds()]
    return Filters(
        path=url_for("admin.jobs"),
        args=request.args,
        filters=(Filter("state", "State", states), Filter("kind", "Job", kinds)),
    )


def _jobs(filters: Filters) -> Select[Job]:
    return queries.jobs(filters["state"], filters["kind"])


def _job_row(job: Job) -> tuple[Cell, ...]:
    return (
        job_words(job.kind),
        job.id,
        job.state.value.capitalize(),
        job.attempts,
        job.requested_at,
        job.started_at,
        job.finished_at,
        job.message,
    )
