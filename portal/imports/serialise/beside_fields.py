"""What a column of a network's list may answer beside the record: its support, its real-world
validations, the sites that use it; and by what other names people call them."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.errors import NotFound
from portal.imports.rules.mapping import Field, word
from portal.imports.serialise.known import Known
from portal.innovations.rules.adoption import STATES as STAGES
from portal.proof.models import ValidationState
from portal.reference.models import Vocabulary
from portal.reference.queries import PlaceNames
from portal.support.models import EngagementState

SUPPORT = (
    *("support_state", "support_level", "support_since", "support_on", "support_lead"),
    *("support_hours", "support_hours_on", "support_kinds"),
)
TRIALS = (
    *("validation_number", "validation_question", "validation_place", "validation_method"),
    *("validation_state", "validation_from", "validation_to", "validation_people"),
    *("validation_supports", "validation_result"),
)
SITES = ("sites", "adoption_stage", "adoption_on", "adoption_reason")
OTHERS = "other_hins"
NAMES = frozenset({*SUPPORT, *TRIALS, *SITES, OTHERS})
UNKNOWN = "unknown"
"""The code of a result of which nobody says yet whether it supports the claim."""

_LINES = "Of several validations one on each line of the cell, “-” for what is not known"
HINTS: Mapping[str, str] = {
    "support_since": "The day on which your network began",
    "support_on": "The day from which the state and level hold; today where it is empty",
    "support_lead": "A colleague who has an account, by email address or name",
    "support_hours": "In all. What the portal has less is logged as a difference",
    "support_hours_on": "The day for which the hours are logged: the last contact",
    "validation_number": "In a file that was exported from here. " + _LINES,
    "validation_question": "What it is to find out. " + _LINES,
    "validation_place": "Organisation and site. " + _LINES,
    "validation_method": "Its kind: before and after, interviews. " + _LINES,
    "validation_from": _LINES,
    "validation_to": _LINES,
    "validation_people": "How many patients or staff took part. " + _LINES,
    "validation_result": "In words. " + _LINES,
    "sites": "Places of your area, by ODS code or whole name, with ; or on a line each",
    "adoption_on": "From which day each stands there; one day, or one for each site, with ;",
}
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "support_state": (
        *("support status", "engagement status", "case status", "status of support"),
        *("our status", "hin status", "pipeline status"),
    ),
    "support_level": ("level", "level of support", "hin support level", "ahsn support level"),
    "support_since": ("support start", "start date", "support began", "start of support"),
    "support_on": ("status date", "level date", "last status change", "date of status"),
    "support_lead": (
        *("lead person", "our lead", "hin lead", "ahsn lead", "case lead", "advisor", "adviser"),
        *("account manager", "innovation lead", "relationship manager"),
    ),
    "support_hours": (
        "hours",
        "hours spent",
        "hours of support",
        "total hours",
        "time spent",
        "hours so far",
        "hours to date",
    ),
    "support_hours_on": ("last contact", "date of last contact", "last contacted", "last meeting"),
    "support_kinds": ("kind of support", "type of support", "support type", "support given"),
    "validation_question": ("rwv question", "rwv", "evaluation question", "rwv title"),
    "validation_place": (
        "rwv site",
        "rwv place",
        "evaluation site",
        "where evaluated",
        "rwv where",
    ),
    "validation_method": ("rwv type", "rwv kind", "rwv method", "type of evaluation"),
    "validation_state": ("rwv status", "rwv state", "evaluation status"),
    "validation_from": ("rwv start", "rwv from", "evaluation start"),
    "validation_to": ("rwv end", "rwv date", "rwv completed", "evaluation end", "evaluation date"),
    "validation_people": ("rwv patients", "rwv people", "rwv participants"),
    "validation_supports": ("rwv positive", "rwv positive?", "rwv supports claim", "rwv outcome"),
    "validation_result": ("rwv result", "rwv results", "evaluation result", "rwv findings"),
    "sites": (
        "site",
        "used at",
        "where used",
        "sites using it",
        "adopting sites",
        "trusts",
        "trusts using",
        "trusts using it",
        "sites using",
        "in use at",
    ),
    "adoption_stage": ("stage of adoption", "site stage", "adoption", "adoption status"),
    "adoption_on": ("adoption date", "date adopted", "adopted on", "live date", "go live date"),
    "adoption_reason": ("why stopped", "reason stopped", "reason"),
    OTHERS: ("other ahsns", "other networks", "also with", "hins involved", "ahsns involved"),
}
WORDS_OF_STATES: Mapping[EngagementState, tuple[str, ...]] = {
    EngagementState.NEW: ("not started", "not yet started", "to triage"),
    EngagementState.ASSESSING: ("in triage", "triage", "under review", "being assessed"),
    EngagementState.ENGAGING: ("active", "engaged", "in progress", "ongoing", "live", "supporting"),
    EngagementState.WAITING: ("on hold", "paused", "parked"),
    EngagementState.UNSUITABLE: ("rejected", "not suitable", "declined", "not supported"),
    EngagementState.CLOSED: ("complete", "completed", "ended", "finished", "done"),
}
WORDS_OF_TRIALS: Mapping[ValidationState, tuple[str, ...]] = {
    ValidationState.PLANNED: ("not started", "in planning"),
    ValidationState.RUNNING: ("in progress", "under way", "underway", "active", "started"),
    ValidationState.COMPLETED: ("complete", "done", "finished"),
    ValidationState.STOPPED: ("abandoned", "cancelled", "ended early"),
}


def beside_fields(known: Known) -> list[Field]:
    """Return what a column may answer beside the record."""
    return [*_support(known), *_trials(), *_sites(known)]


def _support(known: Known) -> list[Field]:
    states = [(one.value, one.label) for one in EngagementState]
    by_state = {one.value: words for one, words in WORDS_OF_STATES.items()}
    levels = [
        (str(t.position), f"{t.position}: {t.label}")
        for t in known.offered(Vocabulary.SUPPORT_LEVEL)
    ]
    also = {code: (f"level {code}", f"l{code}", label[3:]) for code, label in levels}
    kinds = [(term.code, term.label) for term in known.offered(Vocabulary.SUPPORT_KIND)]
    return [
        _coded("support_state", "Your support: state", states, by_state),
        _coded("support_level", "Your support: level", levels, also),
        _plain("support_since", "Your support: began on"),
        _plain("support_on", "Your support: state and level since"),
        _plain("support_lead", "Your support: lead person"),
        _plain("support_hours", "Your support: hours in all"),
        _plain("support_hours_on", "Your support: day of the hours"),
        _coded(
            *("support_kinds", "Your support: kinds of support", kinds),
            were=known.labels(Vocabulary.SUPPORT_KIND),
            is_many=True,
        ),
        _others(known.places),
    ]


def _others(places: PlaceNames) -> Field:
    def resolve(text: str) -> str | None:
        try:
            return places.hin(text).code
        except NotFound:
            return None

    networks = [(one.code, one.name) for one in places.hins]
    hint = "Told to you alone: each network writes its own support"
    return _coded(
        OTHERS, "Other networks involved", networks, is_many=True, resolve=resolve, hint=hint
    )


def _trials() -> list[Field]:
    states = [(one.value, one.label) for one in ValidationState]
    by_state = {one.value: words for one, words in WORDS_OF_TRIALS.items()}
    supports = [("yes", "Yes"), ("no", "No"), (UNKNOWN, "Not known yet")]
    said = {"yes": ("positive", "y"), "no": ("negative", "n"), UNKNOWN: ("unclear", "tbc")}
    return [
        _plain("validation_number", "Validation: number in the portal"),
        _plain("validation_question", "Validation: question"),
        _plain("validation_place", "Validation: where"),
        _plain("validation_method", "Validation: kind and method"),
        _coded("validation_state", "Validation: state", states, by_state, is_many=True),
        _plain("validation_from", "Validation: start"),
        _plain("validation_to", "Validation: end"),
        _plain("validation_people", "Validation: people who took part"),
        _coded(
            "validation_supports", "Validation: supports the claim", supports, said, is_many=True
        ),
        _plain("validation_result", "Validation: result"),
    ]


def _sites(known: Known) -> list[Field]:
    called = {term.code: term.label for term in known.offered(Vocabulary.ADOPTION_STAGE)}
    stages = [(one.value, called[one.value]) for one in STAGES if one.value in called]
    also: dict[str, Sequence[str]] = {
        code: (f"stage {code[-1]}", code[-1]) for code, _ in stages if code[-1].isdigit()
    }
    reasons = [(term.code, term.label) for term in known.offered(Vocabulary.ADOPTION_REASON)]
    return [
        _plain("sites", "Sites"),
        _coded("adoption_stage", "Sites: adoption stage", stages, also, is_many=True),
        _plain("adoption_on", "Sites: at that stage since"),
        _coded(
            *("adoption_reason", "Sites: why it fell, stopped or was declined", reasons),
            were=known.labels(Vocabulary.ADOPTION_REASON),
            is_many=True,
        ),
    ]


def _plain(name: str, label: str) -> Field:
    return Field(name, label, hint=HINTS.get(name, ""), synonyms=SYNONYMS.get(name, ()))


def _coded(
    name: str,
    label: str,
    choices: Sequence[tuple[str, str]],
    also: Mapping[str, Sequence[str]] | None = None,
    **more: Any,
) -> Field:
    known = {word(text): code for code, texts in (also or {}).items() for text in texts}
    known |= {word(text): code for code, label in reversed(choices) for text in (label, code)}
    more = {"hint": HINTS.get(name, ""), "synonyms": SYNONYMS.get(name, ()), **more}
    return Field(name, label, choices=tuple(choices), known=known, is_named=True, **more)
