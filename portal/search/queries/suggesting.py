"""Let SQL have the last word on what the index suggests."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from portal.accounts.models import Actor, Organisation
from portal.db import db
from portal.innovations.models import Innovation
from portal.search.queries.finding import findable_by


@dataclass(frozen=True, slots=True)
class NameRow:
    """A record that the actor may see, and the names that stand on it today."""

    name: str
    organisation: str


def named(actor: Actor, innovation_ids: Collection[int]) -> dict[int, NameRow]:
    """Return, by id, those of these records that search may show to the actor; one statement."""
    if not innovation_ids:
        return {}
    found = (
        select(Innovation.id, Innovation.name, Organisation.name)
        .join(Innovation.organisation)
        .where(Innovation.id.in_(innovation_ids), findable_by(actor))
    )
    return {one: NameRow(name, maker) for one, name, maker in db.session.execute(found)}
