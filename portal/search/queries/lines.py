"""Read what was found as the lines of a file: plain columns, since there may be thousands."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from portal.accounts.models import Actor, Organisation
from portal.db import db
from portal.innovations.models import Innovation, Use, innovation_term
from portal.innovations.queries import proven
from portal.innovations.queries.on_day import use_is_in_use_on
from portal.reference.models import Hin, Site, Term, Vocabulary
from portal.search.queries.finding import findable_by


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A record as a line of a file says it; "" where something is not known."""

    id: int
    name: str
    organisation: str
    summary: str
    proven_until: date | None
    """None where it does not count as proven today."""
    stage: str
    category: str
    network: str
    submitted_at: datetime | None
    care_settings: Sequence[str]
    conditions: Sequence[str]
    places: Sequence[str]
    """Who uses it today, in the order in which that was recorded, each once."""


def lines(actor: Actor, ids: Collection[int], today: date) -> dict[int, ResultLine]:
    """Return, by id, those of these records that the actor may see: three statements."""
    terms, places = _terms(ids), _places(ids, today)
    rows: Any = db.session.execute(
        _records(today).where(Innovation.id.in_(ids), findable_by(actor))
    )
    return {
        row.id: ResultLine(
            **row._mapping,
            care_settings=terms[row.id, Vocabulary.CARE_SETTING],
            conditions=terms[row.id, Vocabulary.CONDITION],
            places=list(dict.fromkeys(places[row.id])),
        )
        for row in rows
    }


def _records(today: date) -> Select[Any]:
    stage, category = aliased(Term), aliased(Term)
    return (
        select(
            Innovation.id,
            Innovation.name,
            Organisation.name.label("organisation"),
            Innovation.summary,
            case((proven(today), Innovation.is_proven_until)).label("proven_until"),
            func.coalesce(stage.label, "").label("stage"),
            func.coalesce(category.label, "").label("category"),
            func.coalesce(Hin.name, "").label("network"),
            Innovation.submitted_at,
        )
        .join(Innovation.organisation)
        .outerjoin(stage, stage.id == Innovation.stage_id)
        .outerjoin(category, category.id == Innovation.category_id)
        .outerjoin(Hin, Hin.id == Innovation.hin_id)
    )


def _terms(ids: Collection[int]) -> dict[tuple[int, Vocabulary], list[str]]:
    link, kinds = innovation_term.c, (Vocabulary.CARE_SETTING, Vocabulary.CONDITION)
    rows = db.session.execute(
        select(link.innovation_id, Term.vocabulary, Term.label)
        .join(Term, Term.id == link.term_id)
        .where(link.innovation_id.in_(ids), Term.vocabulary.in_(kinds))
        .order_by(Term.position, Term.id)
    )
    found: dict[tuple[int, Vocabulary], list[str]] = defaultdict(list)
    for innovation_id, vocabulary, label in rows:
        found[innovation_id, vocabulary].append(label)
    return found


def _places(ids: Collection[int], today: date) -> dict[int, list[str]]:
    place = func.coalesce(Organisation.name, Site.name, Use.organisation_named)
    rows = db.session.execute(
        select(Use.innovation_id, place)
        .outerjoin(Organisation, Organisation.id == Use.organisation_id)
        .outerjoin(Site, Site.id == Use.directory_site_id)
        .where(Use.innovation_id.in_(ids), use_is_in_use_on(today))
        .order_by(Use.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for innovation_id, name in rows:
        found[innovation_id].append(name)
    return found
