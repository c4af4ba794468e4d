"""Read saved views and who is sent them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.saved.models import SavedView, Shared, ViewEmail
from portal.saved.policy import can_open, is_own


def view_for(actor: Actor, view_id: int) -> SavedView:
    """Return a saved view that the actor may open; raises NotFound otherwise. The only door."""
    view = db.session.get(SavedView, view_id)
    if view is None or not can_open(actor, view):
        raise NotFound("There is no saved view here that you may open.")
    return view


def own_view_for(actor: Actor, view_id: int) -> SavedView:
    """Return a view that the actor saved; raises Forbidden where they may only open it."""
    view = view_for(actor, view_id)
    if not is_own(actor, view):
        raise Forbidden("Only the person who saved a view may change it.")
    return view


def openable_by(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for `policy.can_open`, for somebody who is signed in."""
    ours = and_(
        SavedView.shared == Shared.ORGANISATION,
        SavedView.organisation_id == actor.organisation_id,
    )
    return or_(SavedView.user_id == actor.user_id, SavedView.shared == Shared.NATION, ours)


def listed(actor: Actor) -> Sequence[SavedView]:
    """Return the views that the actor may open, their own first, then by name."""
    return db.session.scalars(
        select(SavedView)
        .where(openable_by(actor))
        .options(joinedload(SavedView.user), joinedload(SavedView.organisation))
        .order_by(SavedView.user_id != actor.user_id, func.lower(SavedView.name), SavedView.id)
    ).all()


def is_taken(user_id: int | None, name: str, but: int | None = None) -> bool:
    """Whether the person has another view of this name."""
    found = select(SavedView.id).where(SavedView.user_id == user_id, SavedView.name == name)
    return any(one != but for one in db.session.scalars(found))


def email_of(actor: Actor, view: SavedView) -> ViewEmail | None:
    """Return the actor's weekly email of a view, if they asked for one."""
    return db.session.get(ViewEmail, (view.id, actor.user_id))


def every_email() -> list[tuple[int, int]]:
    """Return the keys of all weekly emails, in order."""
    rows = db.session.execute(
        select(ViewEmail.saved_view_id, ViewEmail.user_id).order_by(
            ViewEmail.saved_view_id, ViewEmail.user_id
        )
    )
    return [(view_id, user_id) for view_id, user_id in rows]
