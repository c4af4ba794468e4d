"""Keep questions under a name, of every kind; share views, and send their figures every week."""

from collections.abc import Collection, Mapping

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.clock import now
from portal.db import db, lock
from portal.errors import Forbidden, Invalid
from portal.saved import outbox, policy, queries
from portal.saved.models import Page, Saved, SavedView, Shared, ViewEmail
from portal.saved.rules import Kind, changes, is_due

VIEW = Kind("view", "views")


# For every kind -------------------------------------------------------------------------------


def check_may_save(kind: Kind, by: Actor) -> None:
    """Raise Forbidden for somebody without an account."""
    if not policy.can_save(by):
        raise Forbidden(f"Sign in to save {kind.plural}.")


def check_own(kind: Kind, saved: Saved, by: Actor) -> None:
    """Raise Forbidden for anybody but whoever saved it."""
    if not policy.is_own(by, saved):
        raise Forbidden(f"Only the person who saved a {kind.noun} may change or delete it.")


def check_name(
    kind: Kind, model: type[Saved], name: str, by: Actor, *, but: int | None = None
) -> None:
    """Raise Invalid when the name is another's of this kind, or there are too many already."""
    if queries.is_taken(model, by.user_id, name, but=but):
        raise Invalid(f"Enter a name that no other of your saved {kind.plural} has", field="name")
    if but is None and kind.most and queries.number_of(model, by.user_id) >= kind.most:
        raise Invalid(
            f"You have {kind.most} saved {kind.plural}. Delete one before you add another."
        )


def keep(kind: Kind, saved: Saved, *, by: Actor) -> None:
    """Store what was saved, and write down that it was."""
    db.session.add(saved)
    db.session.flush()
    said = f"saved the {kind.noun} “{saved.name}”"
    audit.note(saved, "saved", said, by=by, audience=Audience.PRIVATE)


def note_change(kind: Kind, saved: Saved, *, by: Actor, but: Collection[str] = ()) -> bool:
    """Write down what changed, apart from the columns `but`; returns whether anything did."""
    found = {key: value for key, value in audit.changes_of(saved).items() if key not in but}
    if found:
        said = f"changed the saved {kind.noun} “{saved.name}”"
        audit.note(saved, "changed", said, by=by, changes=found, audience=Audience.PRIVATE)
    return bool(found)


def forget(kind: Kind, saved: Saved, *, by: Actor) -> None:
    """Delete it, with what hangs on it; its emails end."""
    check_own(kind, saved, by)
    said = f"deleted the saved {kind.noun} “{saved.name}”"
    audit.note(saved, "deleted", said, by=by, audience=Audience.PRIVATE)
    db.session.delete(saved)
    db.session.flush()


# Views ----------------------------------------------------------------------------------------


def save(
    *, name: str, asked: str, shared: Shared, by: Actor, page: Page = Page.CROSSTAB
) -> SavedView:
    """Keep a view; Invalid when the name is taken or there is nobody to share it with."""
    check_may_save(VIEW, by)
    _check(name, shared, by)
    view = SavedView(
        user_id=by.user_id,
        organisation_id=by.organisation_id,
        name=name,
        page=page,
        asked=asked,
        shared=shared,
    )
    keep(VIEW, view, by=by)
    return view


def _check(name: str, shared: Shared, by: Actor, but: int | None = None) -> None:
    check_name(VIEW, SavedView, name, by, but=but)
    if shared is Shared.ORGANISATION and by.organisation_id is None:
        raise Invalid("Select another: you do not act for an organisation", field="shared")


def change(*, view: SavedView, name: str, shared: Shared, version: int, by: Actor) -> None:
    """Rename a view or share it differently."""
    check_own(VIEW, view, by)
    lock(view, seen=version)
    _check(name, shared, by, view.id)
    view.name, view.shared = name, shared
    view.organisation_id = by.organisation_id
    if note_change(VIEW, view, by=by):
        view.changed_at = now()
    db.session.flush()


def delete(*, view: SavedView, by: Actor) -> None:
    """Forget a view; its weekly emails end."""
    forget(VIEW, view, by=by)


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
