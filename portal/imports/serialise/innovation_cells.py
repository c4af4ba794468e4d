"""Records as rows of a sheet, as they are brought in again."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Actor
from portal.clock import day_of
from portal.db import db
from portal.imports.rules.mapping import Field
from portal.imports.serialise.beside import cells_of
from portal.imports.serialise.innovation_fields import RECORD, fields
from portal.imports.serialise.innovations import ONCE
from portal.imports.services.known import known_of, sites_of
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.queries.supporters import confidential_ids
from portal.innovations.sections.answers import answer_of, is_blank
from portal.reference.models import Vocabulary
from portal.reference.queries import labels_of
from portal.support.models import Engagement


def exported(by: Actor) -> list[dict[str, Any]]:
    """Return the submitted records that the actor looks after or works with, by field, as they are
    brought in: those of their HIN, or all for the national team; what is in confidence only where
    they may read it, and beside each what their HIN writes."""
    found = select(Innovation).where(Innovation.status == RecordStatus.SUBMITTED)
    if by.is_hin:
        ours = Engagement.hin_id == by.hin_id, Engagement.replaced_by_id.is_(None)
        helped = Innovation.id.in_(select(Engagement.innovation_id).where(*ours))
        found = found.where((Innovation.hin_id == by.hin_id) | helped)
    whole = found.options(
        joinedload(Innovation.organisation),
        joinedload(Innovation.ics),
        joinedload(Innovation.hin),
        *(joinedload(one) for one in (Innovation.stage, Innovation.category)),
        joinedload(Innovation.main_purpose),
        selectinload(Innovation.terms),
        selectinload(Innovation.collaborators),
    )
    labels = {one.name: one for one in fields()}
    records = db.session.scalars(whole.order_by(Innovation.id)).all()
    beside_them = _beside(records, by)
    open_ids = confidential_ids(by, records)
    return [
        row_of(one, labels, is_open=one.id in open_ids) | beside_them.get(one.id, {})
        for one in records
    ]


def _beside(records: Sequence[Innovation], by: Actor) -> dict[int, dict[str, Any]]:
    """Return the cells beside each record."""
    if not by.is_hin or by.hin_id is None:
        return {}
    known = known_of([one.id for one in records], by.hin_id)
    sites = sites_of(list(known.values()), by.hin_id)
    stages = labels_of(Vocabulary.ADOPTION_STAGE)
    return {number: cells_of(one, sites, stages) for number, one in known.items()}


def row_of(innovation: Innovation, labels: Mapping[str, Field], *, is_open: bool) -> dict[str, Any]:
    """Return a record by field, as it is brought in; `labels` are the fields by name, `is_open`
    whether what is in confidence is among them."""
    row: dict[str, Any] = {
        RECORD: innovation.id,
        "external_key": innovation.external_key,
        "organisation": innovation.organisation.name,
        "organisation_kind": innovation.organisation.kind.label,
        "submitted_on": day_of(innovation.submitted_at) if innovation.submitted_at else None,
        "sharing": innovation.sharing.label,
        "source_note": innovation.source_note,
    }
    for part in ONCE:
        for question in part.questions:
            if is_open or not question.is_confidential:
                answer = answer_of(innovation, question)
                row[question.name] = whole_words(labels[question.name], answer)
    return row


def whole_words(one: Field, answer: Any) -> str:
    """Return an answer in words."""
    codes = answer if isinstance(answer, list) else [answer]
    return "; ".join(one.label_of(str(code)) for code in codes if not is_blank(code))
