"""One whole record as plain data, as far as its reader may see it (`docs/record-export.md`)."""

from datetime import datetime
from typing import Any

from portal.accounts.models import Actor, User
from portal.clock import now
from portal.innovations import policy
from portal.innovations.models import (
    Innovation,
    SectionCopy,
    SharingChange,
    StageChange,
    StatusChange,
)
from portal.innovations.queries import history
from portal.innovations.queries.reading import Reader
from portal.innovations.queries.supporters import may_read_addresses, may_read_confidential
from portal.innovations.sections.answers import Answers, submitted_answers
from portal.innovations.sections.questions import PARTS, Kind, Part, Question

FORMAT = "innovation-record/3"
CODED = frozenset({Kind.TERM, Kind.ICS, Kind.HIN, Kind.ORGANISATION, Kind.SITE, Kind.STATUS})


def exported(actor: Actor, innovation: Innovation) -> dict[str, Any]:
    """Return the record as JSON-ready data; what this reader may not see is left out and, if it
    is commercial in confidence, named under `withheld`."""
    confidential = may_read_confidential(actor, innovation)
    parts = {part: submitted_answers(innovation, part) for part in PARTS.values()}
    drafts = _drafts(innovation) if policy.is_own(actor, innovation) else {}
    reader = _reader([*parts.items(), *drafts.items()])
    found = {
        **_head(innovation),
        "sections": _sections(parts, reader, confidential),
        "standards_checked": _checks(innovation),
        "proven": _verifications(innovation),
        "stages": _stages(innovation),
        "withheld": [] if confidential else _confidential_names(),
    }
    if policy.can_see_people(actor, innovation):
        found["people"] = _people(innovation, with_addresses=may_read_addresses(actor, innovation))
        found["status_changes"] = _statuses(innovation)
        found["sharing_changes"] = _sharings(innovation)
    if policy.is_own(actor, innovation):
        found["drafts"] = _sections(drafts, reader, confidential=True)
    return found


def _head(innovation: Innovation) -> dict[str, Any]:
    organisation = innovation.organisation
    return {
        "format": FORMAT,
        "exported_at": _moment(now()),
        "id": innovation.id,
        "name": innovation.name,
        "organisation": {"name": organisation.name, "kind": organisation.kind.value},
        "status": innovation.status.value,
        "sharing": innovation.sharing.value,
        "registered_at": _moment(innovation.created_at),
        "submitted_at": _moment(innovation.submitted_at),
        "changed_at": _moment(innovation.changed_at),
        "source_note": innovation.source_note,
        "is_demonstration": innovation.is_demo,
    }


def _drafts(innovation: Innovation) -> dict[Part, Answers]:
    waiting: list[SectionCopy] = [c for c in innovation.copies if c.draft and c.section in PARTS]
    return {PARTS[copy.section]: copy.draft or {} for copy in waiting}


def _rows(part: Part, answers: Answers) -> list[Answers]:
    return answers["items"] if part.is_list else [answers]


def _reader(parts: list[tuple[Part, Answers]]) -> Reader:
    return Reader(
        (question, row.get(question.name))
        for part, answers in parts
        for row in _rows(part, answers)
        for question in part.questions
    )


def _sections(parts: dict[Part, Answers], reader: Reader, confidential: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part, answers in parts.items():
        asked = [q for q in part.questions if confidential or not q.is_confidential]
        rows = [
            {q.name: _answer(q, row.get(q.name), reader) for q in asked}
            for row in _rows(part, answers)
        ]
        found[part.section.value] = rows if part.is_list else rows[0]
    return found


def _answer(question: Question, value: Any, reader: Reader) -> Any:
    """A coded answer with its label, as `{"code", "label"}`; any other as it is."""
    if question.is_many:
        labels = reader.shown(question, value).value
        return [
            {"code": code, "label": label} for code, label in zip(value or [], labels, strict=True)
        ]
    if question.kind is Kind.FILES:
        files = reader.shown(question, value).value or []
        return [{"name": f.name, "media_type": f.media_type, "bytes": f.size} for f in files]
    if question.kind in CODED and value not in (None, ""):
        return {"code": value, "label": reader.shown(question, value).value}
    return value


def _confidential_names() -> list[str]:
    return [
        f"{part.section.value}.{question.name}"
        for part in PARTS.values()
        for question in part.questions
        if question.is_confidential
    ]


def _checks(innovation: Innovation) -> list[dict[str, Any]]:
    """The standards that HIN staff checked, apart from what the innovator says of them."""
    return [
        {
            "standard": {"code": held.standard.code, "label": held.standard.label},
            "checked_on": _day(held.checked_on),
            "valid_until": _day(held.valid_until),
        }
        for held in innovation.standards
        if held.checked_on
    ]


def _verifications(innovation: Innovation) -> list[dict[str, Any]]:
    return [
        {
            "hin": row.hin.name,
            "verified_at": _moment(row.verified_at),
            "valid_until": _day(row.valid_until),
            "withdrawn_at": _moment(row.withdrawn_at),
        }
        for row in history.verifications(innovation)
    ]


def _stages(innovation: Innovation) -> list[dict[str, Any]]:
    return [
        {
            "stage": {"code": row.stage.code, "label": row.stage.label},
            "at": _moment(row.at),
            "why": row.why,
        }
        for row in history.changes(StageChange, innovation)
    ]


def _statuses(innovation: Innovation) -> list[dict[str, Any]]:
    rows = history.changes(StatusChange, innovation)
    return [{"status": row.status.value, "at": _moment(row.at), "why": row.why} for row in rows]


def _sharings(innovation: Innovation) -> list[dict[str, Any]]:
    rows = history.changes(SharingChange, innovation)
    return [{"sharing": row.sharing.value, "at": _moment(row.at)} for row in rows]


def _people(innovation: Innovation, *, with_addresses: bool) -> dict[str, Any]:
    owner, others = innovation.owner, innovation.collaborators
    return {
        "owner": _person(owner, with_addresses) if owner else None,
        "collaborators": [_person(one.user, with_addresses) for one in others],
    }


def _person(user: User, with_address: bool) -> dict[str, str | None]:
    return {"name": user.name, "email": user.email if with_address else None}


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat(timespec="seconds")


def _day(value: Any) -> str | None:
    return None if value is None else value.isoformat()
