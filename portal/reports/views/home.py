"""What reports contribute to the home page: sections to write, and sections to read."""

from flask import url_for

from portal.accounts.models import Actor
from portal.reports.policy import can_make_any
from portal.reports.queries.asking import to_read, to_write
from portal.web.format import plural
from portal.web.home import AskRow, AskSource


def _approves(actor: Actor) -> bool:
    return can_make_any(actor) and actor.is_lead


def _read(ask: AskRow) -> str:
    return f"Read {plural(int(ask.key), 'section')} of “{ask.name}”: approve, or ask for changes"


ASKS = (
    AskSource(
        may=lambda actor: actor.is_staff,
        rows=to_write,
        title=lambda ask: f"Write “{ask.text}” of “{ask.name}”",
        href=lambda ask: url_for("reports.section", section_id=ask.id),
    ),
    AskSource(
        may=_approves,
        rows=to_read,
        title=_read,
        href=lambda ask: url_for("reports.work", report_id=ask.id),
    ),
)
