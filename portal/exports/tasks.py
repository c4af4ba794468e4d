"""Make an export when somebody asked, and the open data every night."""

from pathlib import Path
from tempfile import TemporaryDirectory

from portal.accounts.models import Actor, Membership, User
from portal.accounts.policy import is_acting
from portal.accounts.session import actor_of
from portal.db import db
from portal.errors import Forbidden
from portal.exports.policy import can_export_own
from portal.exports.serialise.open_data import contents
from portal.exports.serialise.own import write_own
from portal.exports.serialise.whole import write_whole
from portal.exports.services import asking, publishing
from portal.jobs import Progress, task


@task(asking.TASK)
def make(progress: Progress, by_id: int | None, membership_id: int | None) -> None:
    """Make the export of the whole portal, or with a membership of what that person may see."""
    actor = _network(membership_id) if membership_id else None
    db.session.commit()  # even to have looked holds SQLite's lock until then
    with TemporaryDirectory() as folder:
        path = Path(folder, "export.zip")
        counts = write_whole(path, progress) if actor is None else write_own(path, actor)
        asking.keep_export(
            path=path,
            by=db.session.get(User, by_id) if by_id else None,
            organisation_id=actor.organisation_id if actor else None,
            rows=counts.rows,
            files=counts.files,
        )
        db.session.commit()


def _network(membership_id: int) -> Actor:
    """Return as whom a network's export is made; raises Forbidden when they no longer may."""
    membership = db.session.get(Membership, membership_id)
    if membership is not None and is_acting(membership):
        actor = actor_of(membership.user, membership)
        if can_export_own(actor):
            return actor
    raise Forbidden("Whoever asked for it may no longer do so.")


@task(asking.OPEN_DATA_TASK, schedule="50 3")
def open_data(progress: Progress) -> None:
    """Make the files of the open data anew, and keep those that changed."""
    made = contents()
    changed = publishing.publish(made)
    db.session.commit()
    progress(len(made), len(made), f"{changed} of {len(made)} files changed")
