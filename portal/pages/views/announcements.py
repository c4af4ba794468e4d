"""Announce something, and what the pages of lower and higher rooms show of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for

from portal.accounts.session import current_actor
from portal.clock import today
from portal.errors import Conflict, Forbidden
from portal.pages import queries, services
from portal.pages.forms import AnnouncementForm, WithdrawForm
from portal.pages.models import Announcement, Place
from portal.pages.policy import can_announce
from portal.pages.rules import state_on
from portal.pages.views import blueprint
from portal.web.pieces import SIGN_IN
from portal.web.steps import BOTH, Answer, done, show

LIST = "/announcements"
ONE = f"{LIST}/<int:announcement_id>"
SECTION = "Announcements"


@dataclass(frozen=True, slots=True)
class Announced:
    """What the sign-in page shows."""

    announcements: Sequence[Announcement]
    template: str = "pages/_announcements_piece.html"


def at_sign_in(row: Any) -> Announced | None:
    """Return what the sign-in page announces; None for any other page, or where nothing is."""
    if row != SIGN_IN:
        return None
    found = queries.shown_at((Place.SIGN_IN, Place.BOTH), today())
    return Announced(found) if found else None


@blueprint.get(LIST)
def announcement_list() -> str:
    """List what was announced, with what can be done."""
    found = queries.announcements_for(current_actor())
    states = {one.id: state_on(one, today()) for one in found}
    return render_template("pages/announcements.html", found=found, states=states)


@blueprint.route(f"{LIST}/add", methods=BOTH)
def announce() -> Answer:
    """Announce something."""
    actor = current_actor()
    if not can_announce(actor):
        raise Forbidden("The national team and administrators announce.")
    form = AnnouncementForm()
    if form.validate_on_submit():
        with form.refusals():
            services.announce(said=form.said, by=actor)
            return done("It is announced from its first day on.", _list())
    return show(form, "Announce something", "Announce", back=_back(), section=SECTION)


@blueprint.route(f"{ONE}/change", methods=BOTH)
def change_announcement(announcement_id: int) -> Answer:
    """Say it otherwise, or for another time."""
    actor = current_actor()
    found = _standing(announcement_id)
    form = AnnouncementForm(found)
    if form.validate_on_submit():
        with form.refusals():
            services.change(announcement=found, said=form.said, version=form.version.data, by=actor)
            return done("It is changed.", _list())
    return show(form, "Change the announcement", "Save", back=_back(), section=SECTION)


@blueprint.route(f"{ONE}/withdraw", methods=BOTH)
def withdraw_announcement(announcement_id: int) -> Answer:
    """Show it no more."""
    found = _standing(announcement_id)
    form = WithdrawForm(data={"version": found.version})
    if form.validate_on_submit():
        with form.refusals():
            services.withdraw(announcement=found, version=form.version.data, by=current_actor())
            return done("Nobody is shown it any more.", _list())
    heading, before = "Withdraw the announcement", f"“{found.title}”: nobody is shown it any more."
    return show(form, heading, "Withdraw", back=_back(), section=SECTION, before=before)


def _standing(announcement_id: int) -> Announcement:
    found = queries.announcement_for(current_actor(), announcement_id)
    if found.withdrawn_at is not None:
        raise Conflict("It was withdrawn meanwhile.")
    return found


def _list() -> str:
    return url_for("pages.announcement_list")


def _back() -> tuple[str, str]:
    return _list(), "Back to the announcements"
