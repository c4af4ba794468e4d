"""What hangs on a person here: the items that they look after."""

from collections.abc import Sequence

from sqlalchemy import Select, literal, select

from portal.accounts.models import Actor, Membership, Role, User
from portal.accounts.queries.leaving import Responsibility
from portal.db import db
from portal.exchange.models import ContentItem, ContentState


def _owned(of: Membership) -> Select[ContentItem]:
    """The items that the member looks after for this organisation."""
    is_own = ContentItem.hin_id == of.organisation.hin_id
    area = is_own if of.role is Role.HIN else ContentItem.hin_id.is_(None)
    return select(ContentItem).where(
        ContentItem.owner_id == of.user_id,
        ContentItem.state != ContentState.RETIRED,
        area,
        literal(of.role in (Role.HIN, Role.NATIONAL)),
    )


def _pass_on(of: Membership, successor: User | None, _by: Actor) -> None:
    """Let the successor look after them; where nobody is named, nobody does."""
    for row in db.session.scalars(_owned(of).order_by(ContentItem.id)).all():
        row.owner_id = successor.id if successor is not None else None


RESPONSIBILITIES: Sequence[Responsibility] = (
    Responsibility(
        "item of the Exchange that they look after",
        "items of the Exchange that they look after",
        _owned,
        _pass_on,
    ),
)
