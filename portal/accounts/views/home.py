"""What accounts contribute to the home page: a second factor to be set up, approvals to give."""

from collections.abc import Sequence

from flask import url_for

from portal.accounts.models import Actor
from portal.accounts.queries.approvals import approvals
from portal.accounts.services.approvals import words_of
from portal.accounts.session import factor_due
from portal.clock import day_of, today
from portal.web.format import plural
from portal.web.home import Ask


def factor(_actor: Actor) -> Sequence[Ask]:
    """Return the ask to set up a second factor, with the days that are left."""
    due = factor_due()
    if due is None:
        return []
    days = max(0, (day_of(due) - today()).days)
    left = plural(days, "day") + " left" if days else "today is the last day"
    title = f"Set up two-factor sign-in: {left}"
    return [Ask(title, url_for("accounts.two_factor"), "Your role asks for it", day_of(due))]


def second_person(actor: Actor) -> Sequence[Ask]:
    """Return what other administrators ask this one to agree to."""
    return [
        Ask(
            f"Agree or refuse: {words_of(row)}",
            url_for("people_admin.approval", approval_id=row.id),
            row.asked_by.name,
            day_of(row.expires_at),
        )
        for row in (approvals(actor, are_open=True) if actor.is_administrator else ())
        if row.asked_by_id != actor.user_id
    ]


ASKS = (factor, second_person)
