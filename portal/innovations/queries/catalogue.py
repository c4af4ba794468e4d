"""The list of innovations that a person may see, narrowed and in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Actor, Organisation
from portal.db import by_name, db
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.queries import own, proven, visible_to
from portal.reference.models import Term, Vocabulary

SORTABLE: Mapping[str, Any] = {
    "name": by_name(Innovation.name),
    "organisation": by_name(Organisation.name),
    "stage": Term.position,
    "submitted": Innovation.submitted_at,
    "changed": Innovation.changed_at,
}


@dataclass(frozen=True)
class CatalogueQuery:
    """What narrows the list; empty means all."""

    words: str = ""
    stages: Sequence[str] = ()
    statuses: Sequence[str] = ()
    is_proven: bool | None = None


def listed(actor: Actor, narrowed: CatalogueQuery, on: date) -> Select[Innovation]:
    """Return the statement of the list: an innovator's own records, others' what they may see."""
    whose = own(actor) if actor.is_innovator else visible_to(actor)
    return (
        select(Innovation)
        .join(Innovation.organisation)
        .outerjoin(Innovation.stage)
        .where(whose, *_conditions(narrowed, on))
        .options(
            contains_eager(Innovation.organisation),
            contains_eager(Innovation.stage),
            joinedload(Innovation.hin),
            joinedload(Innovation.category),
        )
    )


def _conditions(narrowed: CatalogueQuery, on: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowed.words:
        found.append(_has(narrowed.words))
    if narrowed.stages:
        found.append(Term.code.in_(narrowed.stages))
    if narrowed.statuses:
        found.append(Innovation.status.in_([RecordStatus(status) for status in narrowed.statuses]))
    if narrowed.is_proven is not None:
        found.append(proven(on) if narrowed.is_proven else not_(proven(on)))
    return found


def _has(words: str) -> ColumnElement[bool]:
    """Every word stands in the name or in the organisation's name."""
    return and_(
        *(
            or_(
                Innovation.name.icontains(word, autoescape=True),
                Organisation.name.icontains(word, autoescape=True),
            )
            for word in words.split()
        )
    )


def stages() -> Sequence[Term]:
    """Return the stages of development in order, retired ones too: records may hold them."""
    return db.session.scalars(
        select(Term)
        .where(Term.vocabulary == Vocabulary.DEVELOPMENT_STAGE)
        .order_by(Term.position, Term.id)
    ).all()
