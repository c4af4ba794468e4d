"""Change what administrators say of a place."""

from portal.accounts.models import Actor
from portal.admin.policy import can_administer
from portal.audit.services import changes_of, note
from portal.db import db
from portal.errors import Forbidden
from portal.reference.models import Site, SiteKind


def set_kind(*, site: Site, kind: SiteKind, by: Actor) -> None:
    """Say what a place is; files of the directory leave that alone from now on.

    Raises Forbidden for anybody but an administrator.
    """
    if not can_administer(by):
        raise Forbidden("Only administrators say what a place is.")
    site.kind, site.is_kind_edited = kind, True
    changes = changes_of(site)
    note(site, "kind_set", f"said that it is: {kind.label}", by=by, changes=changes)
    db.session.flush()
