"""What accounts contribute to the home page: a second factor to be set up, approvals to give."""

from typing import Any

from flask import url_for
from sqlalchemy import Date, Select, literal, select

from portal.accounts.models import Actor
from portal.accounts.models.approvals import ApprovalKind
from portal.accounts.queries.approvals import approvals_to_give
from portal.accounts.session import factor_due
from portal.clock import day_of, today
from portal.web.format import plural
from portal.web.home import AskRow, AskSource

WHAT = {
    ApprovalKind.INVITE: "invite {} as administrator",
    ApprovalKind.MEMBERSHIP: "give {} a role",
    ApprovalKind.FACTOR: "turn off two-factor sign-in of {}",
}
"""What is asked, with whom it is about; its page says the rest."""


def _factor(_actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the statement of one row: the last day for setting up a second factor."""
    due = factor_due()
    day = literal(day_of(due) if due else None, Date)
    return select(
        literal(0).label("id"), literal("Your role asks for it").label("who"), day.label("due_on")
    )


def _factor_title(ask: AskRow) -> str:
    days = max(0, (ask.due_on - today()).days) if ask.due_on else 0
    left = plural(days, "day") + " left" if days else "today is the last day"
    return f"Set up two-factor sign-in: {left}"


ASKS = (
    AskSource(
        may=lambda _actor: factor_due() is not None,
        rows=_factor,
        title=_factor_title,
        href=lambda _ask: url_for("accounts.two_factor"),
    ),
    AskSource(
        may=lambda actor: actor.is_administrator,
        rows=approvals_to_give,
        title=lambda ask: f"Agree or refuse: {WHAT[ApprovalKind(ask.key)].format(ask.text)}",
        href=lambda ask: url_for("people_admin.approval", approval_id=ask.id),
    ),
)
