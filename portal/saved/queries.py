"""Read what people saved, and who is sent it."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor, Membership, MembershipState, User
from portal.accounts.policy import can_sign_in
from portal.accounts.session import actor_of
from portal.db import by_name, db
from portal.errors import Forbidden, NotFound
from portal.saved.models import Saved, SavedView, Shared, ViewEmail
from portal.saved.policy import can_open, is_own
from portal.text import is_called

S = TypeVar("S", bound=Saved)


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
        .order_by(SavedView.user_id != actor.user_id, by_name(SavedView.name), SavedView.id)
    ).all()


def own(model: type[S], actor: Actor) -> Select[S]:
    """Return what the actor saved of a kind, by name."""
    mine = select(model).where(model.user_id == actor.user_id)
    return mine.order_by(by_name(model.name), model.id)


def number_of(model: type[Saved], user_id: int | None) -> int:
    """Return how many of a kind the person has saved."""
    found = select(func.count()).select_from(model).where(model.user_id == user_id)
    return db.session.scalar(found) or 0


def is_taken(model: type[Saved], user_id: int | None, name: str, *, but: int | None = None) -> bool:
    """Whether the person has another of this kind under the name, or one that only looks so."""
    others = select(model.name).where(model.user_id == user_id, model.id != (but or 0))
    return is_called(name, db.session.scalars(others))


def recipient(user: User, held: Membership | None, *, production: bool) -> Actor | None:
    """Return the person as they are now, in the membership they saved it under, to whom an email
    may be sent: None when their account is closed or that membership has ended."""
    if not can_sign_in(user, production=production):
        return None
    if held is not None and held.state is not MembershipState.ACTIVE:
        return None
    return actor_of(user, held)


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
