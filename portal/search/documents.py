"""What of a record is indexed: submitted text that all its readers may read, and its codes.

Nothing that is commercial in confidence (`price_note`, `commercial_plans`), no draft and no
contact is ever here; a record that is a draft or archived has no document at all.
"""

from collections.abc import Sequence
from datetime import date

from portal.clock import LONDON
from portal.innovations.models import Innovation, RecordStatus, StandardStatus, Use
from portal.innovations.policy import is_proven
from portal.innovations.rules.on_day import uses_on
from portal.reference.models import Region, Term, Vocabulary
from portal.search.rules import NEVER, labels_of_record
from search_index.interface import Document

FIELD_LABELS = {
    "name": "name",
    "organisation": "who makes it",
    "summary": "summary",
    "need": "problem it solves",
    "description": "description",
    "who_for": "who it is for",
    "conditions": "conditions",
    "benefits": "benefits",
    "evidence": "evidence",
    "standards": "standards",
    "setting": "category, care settings and areas",
    "used_at": "where it is in use",
}
"""The fields of a document, as a page names them."""

_CODED = {
    Vocabulary.CARE_SETTING: "care_setting",
    Vocabulary.CONDITION: "condition",
    Vocabulary.AREA: "area",
    Vocabulary.PURPOSE: "purpose",
    Vocabulary.BENEFIT: "benefit",
    Vocabulary.INEQUALITY: "inequality",
}


def document(innovation: Innovation, *, today: date, version: int) -> Document | None:
    """Return the document of a record as it stands; None for one that nobody should find.

    `version` is the moment in microseconds at which reading it began: whoever read later wins.
    """
    if innovation.status is not RecordStatus.SUBMITTED:
        return None
    collaborators = [one.user_id for one in innovation.collaborators]
    return Document(
        id=innovation.id,
        fields={name: text for name, text in _fields(innovation, today).items() if text},
        facets={name: values for name, values in _facets(innovation, today).items() if values},
        audience=labels_of_record(
            innovation.sharing,
            innovation.organisation_id,
            [innovation.owner_id, *collaborators],
        ),
        standing=1.0 if is_proven(innovation, today) else 0.0,
        version=version,
    )


def _fields(innovation: Innovation, today: date) -> dict[str, str]:
    return {
        "name": innovation.name,
        "organisation": innovation.organisation.name,
        "summary": innovation.summary,
        "need": innovation.need,
        "description": innovation.description,
        "who_for": innovation.who_for,
        "conditions": _labels(_of(innovation, Vocabulary.CONDITION)),
        "benefits": _lines(
            _labels(_of(innovation, Vocabulary.BENEFIT, Vocabulary.INEQUALITY)),
            innovation.benefits_note,
            innovation.inequalities_note,
        ),
        "evidence": _lines(*(f"{row.title}. {row.result}" for row in innovation.evidence)),
        "standards": _labels(
            [row.standard for row in innovation.standards if row.status is StandardStatus.YES]
        ),
        "setting": _labels(
            [
                *filter(None, [innovation.category]),
                *_of(innovation, Vocabulary.CARE_SETTING, Vocabulary.AREA, Vocabulary.PURPOSE),
            ]
        ),
        "used_at": "; ".join(_place(use) for use in uses_on(innovation.uses, today)),
    }


def _facets(innovation: Innovation, today: date) -> dict[str, list[str]]:
    stage, category, region = innovation.stage, innovation.category, region_of(innovation)
    conditions = _of(innovation, Vocabulary.CONDITION)
    facets = {
        name: [term.code for term in _of(innovation, vocabulary)]
        for vocabulary, name in _CODED.items()
    }
    until = innovation.is_proven_until
    return facets | {
        "proven_until": [until.isoformat() if until else NEVER],
        "stage": [stage.code] if stage else [],
        "stage_group": [stage.group] if stage else [],
        "category": [category.code] if category else [],
        "condition_group": list(dict.fromkeys(term.group for term in conditions)),
        "conditions": [term.label for term in conditions],
        "region": [region.code] if region else [],
        "ics": [innovation.ics.code] if innovation.ics else [],
        "hin": [innovation.hin.code] if innovation.hin else [],
        **_ranges(innovation, today),
    }


def _ranges(innovation: Innovation, today: date) -> dict[str, list[str]]:
    """The numbers and days that a search may ask for from one to another."""
    submitted, patients = innovation.submitted_at, innovation.patients_a_year
    sites = {use.place_key for use in uses_on(innovation.uses, today)}
    return {
        "submitted": [submitted.astimezone(LONDON).date().isoformat()] if submitted else [],
        "patients": [] if patients is None else [str(patients)],
        "sites": [str(len(sites))],
    }


def region_of(innovation: Innovation) -> Region | None:
    """Return the NHS region of its ICS, or else of the HIN that looks after it."""
    place = innovation.ics or innovation.hin
    return place.region if place else None


def _place(use: Use) -> str:
    return f"{use.place}, {use.site}" if use.site else use.place


def _of(innovation: Innovation, *vocabularies: Vocabulary) -> list[Term]:
    return [term for term in innovation.terms if term.vocabulary in vocabularies]


def _labels(terms: Sequence[Term]) -> str:
    return "; ".join(term.label for term in terms)


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
