"""Keep views under a name, share them, and send their figures every week."""

from collections.abc import Mapping

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.db import db, now
from portal.errors import Conflict, Forbidden, Invalid
from portal.saved import outbox, policy, queries
from portal.saved.models import Page, SavedView, Shared, ViewEmail
from portal.saved.rules import changes, is_due


def save(
    *, name: str, asked: str, shared: Shared, by: Actor, page: Page = Page.CROSSTAB
) -> SavedView:
    """Keep a view; Invalid when the name is taken or there is nobody to share it with."""
    if not by.is_signed_in:
        raise Forbidden("Sign in to save views.")
    _check(name, shared, by)
    view = SavedView(
        user_id=by.user_id,
        organisation_id=by.organisation_id,
        name=name,
        page=page,
        asked=asked,
        shared=shared,
    )
    db.session.add(view)
    db.session.flush()
    audit.note(view, "saved", f"saved the view “{name}”", by=by, audience=Audience.PRIVATE)
    return view


def _check(name: str, shared: Shared, by: Actor, but: int | None = None) -> None:
    if queries.is_taken(by.user_id, name, but):
        raise Invalid("Enter a name that no other of your saved views has", field="name")
    if shared is Shared.ORGANISATION and by.organisation_id is None:
        raise Invalid("Select another: you do not act for an organisation", field="shared")


def change(*, view: SavedView, name: str, shared: Shared, version: int, by: Actor) -> None:
    """Rename a view or share it differently."""
    if not policy.is_own(by, view):
        raise Forbidden("Only the person who saved a view may change it.")
    if view.version != version:
        raise Conflict("You changed this view in another window meanwhile. Look at it again.")
    _check(name, shared, by, view.id)
    view.name, view.shared = name, shared
    view.organisation_id = by.organisation_id
    changes = audit.changes_of(view)
    if changes:
        view.changed_at = now()
        said = f"changed the saved view “{name}”"
        audit.note(view, "changed", said, by=by, changes=changes, audience=Audience.PRIVATE)
    db.session.flush()


def delete(*, view: SavedView, by: Actor) -> None:
    """Forget a view; its weekly emails end."""
    if not policy.is_own(by, view):
        raise Forbidden("Only the person who saved a view may delete it.")
    said = f"deleted the saved view “{view.name}”"
    audit.note(view, "deleted", said, by=by, audience=Audience.PRIVATE)
    db.session.delete(view)
    db.session.flush()


def send_weekly(*, view: SavedView, wanted: bool, by: Actor) -> None:
    """Begin or end the actor's weekly email of a view that they may open."""
    if not policy.can_open(by, view):
        raise Forbidden("You may not open this view.")
    email = queries.email_of(by, view)
    if wanted == (email is not None):
        return
    if email is not None:
        db.session.delete(email)
    else:
        db.session.add(
            ViewEmail(saved_view_id=view.id, user_id=by.user_id, membership_id=by.membership_id)
        )
    said = f"{'asked for' if wanted else 'ended'} the weekly email of the view “{view.name}”"
    audit.note(view, "weekly", said, by=by, audience=Audience.PRIVATE)
    db.session.flush()


def tell(*, email: ViewEmail, title: str, figures: Mapping[str, float]) -> bool:
    """Send the figures when a week has passed; returns whether it did.

    `figures` are those that the recipient may know now, by the name of the line.
    """
    if not is_due(email.told_at, now()):
        return False
    outbox.tell_figures(email.user, email.view, title, changes(figures, email.figures))
    email.figures, email.told_at = dict(figures), now()
    db.session.flush()
    return True
