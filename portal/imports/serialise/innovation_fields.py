"""What a column of a file of innovations may answer: the record's own questions, and what an import
adds; and by what other names people call them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from portal.errors import NotFound
from portal.imports.policy import MAKERS
from portal.imports.rules.mapping import Field, word
from portal.imports.serialise.beside_fields import beside_fields
from portal.imports.serialise.ended import ended_systems, ended_words
from portal.imports.serialise.innovations import ONCE
from portal.imports.serialise.known import Known
from portal.innovations.models import Nation, Sharing
from portal.innovations.sections.questions import Kind, Question
from portal.reference.queries import PlaceNames, icss

RECORD, PROVEN = "record", "proven_claimed"
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "external_key": (
        *("id", "ref", "reference", "our reference", "key", "unique id", "record id"),
        *("crm id", "crm no", "crm number", "crm ref", "crm reference", "ref no"),
    ),
    "organisation": ("company", "company name", "organisation name", "supplier", "innovator"),
    "organisation_kind": ("type of organisation", "organisation type", "company type"),
    "submitted_on": (
        *("date added", "date received", "registered", "date registered", "created"),
        *("date first contact", "first contact", "date of first contact", "date logged"),
    ),
    "patients_a_year": ("patients p a", "patients pa", "patients per year", "number of patients"),
    "cost": ("price", "unit price", "unit cost"),
    "sharing": ("visibility", "who may see it"),
    "source_note": ("source", "data source", "licence"),
    "name": ("innovation", "innovation name", "product", "product name", "title", "solution"),
    "summary": (
        *("one line summary", "short description", "elevator pitch", "overview"),
        *("one liner", "strapline", "in one line"),
    ),
    "description": ("details", "full description", "about"),
    "website": ("url", "web", "web site", "link", "company website"),
    "category": (
        *("type", "innovation type", "type of innovation", "product type"),
        *("kind", "kind of thing", "kind of innovation"),
    ),
    "stage": (
        *("status", "maturity", "development stage", "innovation stage", "readiness"),
        *("current stage", "where is it at", "stage of innovation"),
    ),
    "areas": ("area", "themes", "clinical area"),
    "ics": ("icb", "integrated care board", "system"),
    "hin": ("ahsn", "lead hin", "network", "health innovation network"),
    "need": ("problem", "problem statement", "unmet need", "challenge"),
    "care_settings": ("setting", "settings", "care setting"),
    "conditions": ("condition", "disease", "disease area"),
    "nation": ("country",),
    RECORD: ("portal id", "record number in the portal", "portal number"),
    PROVEN: ("proven", "proven?", "is proven"),
}

LIKELY: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "category": {
        "MEDICAL_DEVICE": ("medtech", "equipment", "hardware"),
        "IN_VITRO_DIAGNOSTIC": ("diagnostic", "diagnostics", "diagnostic test", "test", "ivd"),
        "PHARMACEUTICAL": ("drug", "medicine", "pharma"),
        "DIGITAL": ("app", "apps", "software", "platform", "digital health", "saas"),
        "MODELS_CARE": ("pathway", "pathway service change", "service change", "service redesign"),
        "EDUCATION": ("training", "workforce"),
    },
    "stage": {
        "PROTOTYPE": ("mvp", "in development"),
        "REAL_WORLD_TEST": ("in trial", "trial", "pilot", "piloting", "in pilot", "being tested"),
        "EVALUATED": ("trialled", "piloted", "pilot completed"),
        "READY": ("ce marked", "ready for market", "market ready", "on the market", "launched"),
        "FIRST_SITES": ("early adoption", "early adopters", "live"),
        "SPREADING": ("scaling", "scale", "scale up", "spread", "roll out", "rollout", "adopted"),
    },
    "care_settings": {
        "PRIMARY_CARE": ("gp", "gps", "gp practice", "gp practices", "general practice"),
        "URGENT_EMERGENCY": ("a e", "ed", "emergency department", "uec", "urgent care"),
        "ACUTE_INPATIENT": ("acute", "hospital", "acute hospital", "ward", "secondary care"),
        "ACUTE_OUTPATIENT": ("outpatients", "outpatient", "clinic"),
        "COMMUNITY": ("community", "community nursing", "district nursing"),
        "HOME": ("home", "at home", "patient home", "self care", "remote"),
        "CARE_HOME": ("care home", "care homes", "nursing home", "nursing homes"),
        "AMBULANCE": ("999", "paramedics"),
        "THIRD_SECTOR": ("vcse", "charity", "charities", "voluntary sector"),
    },
}
"""What words that no list has most likely mean, by question and code."""
HOLDS: Mapping[Kind, str] = {
    Kind.LINE: "Up to {} characters",
    Kind.TEXT: "Up to {} characters",
    Kind.WEBSITE: "An address: https://example.org",
    Kind.POSTCODE: "A postcode",
    Kind.POUNDS: "Pounds: 1200.50",
    Kind.WHOLE: "A whole number",
}
"""What an answer of a kind is in a cell."""


def fields() -> list[Field]:
    """Return what a column may answer: the record's own questions, what an import adds, and what a
    network says beside the record."""
    own, known = _own_fields(), Known()
    asked = [_field(q, known) for part in ONCE for q in part.questions]
    return [*own, *asked, *beside_fields(known)]


def _own_fields() -> list[Field]:
    makers = [(kind.value, kind.label) for kind in MAKERS]
    sharing = [(one.value, one.label) for one in Sharing]
    return [
        _key("external_key", "Your number or name for it", hint="The same file again finds it"),
        _plain("organisation", "Organisation", needed="Enter who makes it"),
        _coded("organisation_kind", "Kind of organisation", makers, says_whose=True),
        _plain(
            *("submitted_on", "Day it came on the pipeline"),
            hint="A day: 28/02/2025, 28 Feb 2025; a month its first. Today where it is empty",
        ),
        _coded("sharing", "Who may see it", sharing),
        _plain("source_note", "Source and licence"),
        _key(RECORD, "Number in the portal", hint="In a file that was exported from here"),
        _plain(PROVEN, "Said to be proven", hint="Never set: it goes on a list to verify"),
    ]


def _plain(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, synonyms=SYNONYMS.get(name, ()), **more)


def _key(name: str, label: str, hint: str) -> Field:
    return _plain(name, label, hint=hint, is_key=True)


def _coded(name: str, label: str, choices: Sequence[tuple[str, str]], **more: Any) -> Field:
    known = {word(text): code for code, label in reversed(choices) for text in (label, code)}
    known = {**more.pop("known", {}), **known}
    return Field(
        name, label, choices=tuple(choices), known=known, synonyms=SYNONYMS.get(name, ()), **more
    )


def _field(question: Question, known_names: Known) -> Field:
    more: dict[str, Any] = {"needed": question.needed, "hint": question.hint}
    if question.vocabulary is not None:
        terms, former = known_names.terms[question.vocabulary], known_names.former
        choices = [(t.code, t.label) for t in terms if t.retired_on is None]
        known = {
            word(said): code for (of, said), code in former.items() if of is question.vocabulary
        }
        known |= {word(t.label): t.code for t in terms}
        were = {t.code: t.label for t in terms}
        likely = LIKELY.get(question.name, {})
        more |= {"known": known, "is_many": question.is_many, "were": were}
        more |= {"likely": {said: code for code, words in likely.items() for said in words}}
        return _coded(question.name, question.label, choices, **more)
    if question.kind is Kind.NATION:
        nations = [(one.value, one.label) for one in Nation]
        more |= {"needed": "", "hint": "England where nothing is said"}
        return _coded(question.name, question.label, nations, **more)
    if question.kind in (Kind.ICS, Kind.HIN):
        return _place(question, more, known_names.places)
    holds = HOLDS.get(question.kind, "").format(question.max_length)
    more |= {"hint": ". ".join(filter(None, (holds, question.hint.rstrip("."))))}
    return _plain(question.name, question.label, **more)


def _place(question: Question, more: dict[str, Any], places: PlaceNames) -> Field:
    rows = icss() if question.kind is Kind.ICS else places.hins
    choices = [(row.code, row.name) for row in rows]
    if question.kind is Kind.ICS:
        resolve = _found(lambda text: places.ics(text).ics.code)
        more |= {"ended": ended_words(places), "were": ended_systems()}
    else:
        resolve = _found(lambda text: places.hin(text).code)
        more |= {"says_whose": True}
    # A name that ended is taken by the check itself, which says as what.
    return _coded(question.name, question.label, choices, resolve=resolve, **more)


def _found(find: Callable[[str], str]) -> Callable[[str], str | None]:
    def found(text: str) -> str | None:
        try:
            find(text)
        except NotFound:
            return None
        return text

    return found
