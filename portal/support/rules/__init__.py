"""What support knows by itself: which outcome may follow which, and when a record is proven.

The rules of *proven* are this product's own, worked out from what adopters ask for before they
take up somebody else's solution: published results, results from a real service, somebody who
uses it already, a finished product, and the approvals that the law demands. No outside scheme is
copied; a change here changes what counts from that day, never what was verified before.
"""

import calendar
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.innovations.models import Evidence, Innovation, StandardHeld, StandardStatus, Use
from portal.innovations.rules.evidence import is_there
from portal.support.models import EngagementState, Validation, ValidationState

LONDON = ZoneInfo("Europe/London")

LIVE = frozenset(set(EngagementState) - {EngagementState.UNSUITABLE, EngagementState.CLOSED})
"""States in which a HIN still works with the innovation, or is about to."""

STATE_WORDS = {
    EngagementState.NEW: "New",
    EngagementState.ASSESSING: "Assessing",
    EngagementState.ENGAGING: "Engaging",
    EngagementState.WAITING: "Waiting",
    EngagementState.CHANGES: "Changes requested",
    EngagementState.UNSUITABLE: "Unsuitable",
    EngagementState.CLOSED: "Closed",
}

VALIDATION_WORDS = {
    ValidationState.PLANNED: "Planned",
    ValidationState.RUNNING: "Running",
    ValidationState.COMPLETED: "Completed",
    ValidationState.STOPPED: "Stopped",
}

PICKED_UP_FROM = frozenset(
    {EngagementState.NEW, EngagementState.UNSUITABLE, EngagementState.CLOSED}
)
"""Who reopens what was ended reads it again before deciding."""

OUTCOMES: dict[EngagementState, tuple[EngagementState, ...]] = {
    EngagementState.NEW: (),
    EngagementState.ASSESSING: (
        EngagementState.ENGAGING,
        EngagementState.WAITING,
        EngagementState.CHANGES,
        EngagementState.UNSUITABLE,
    ),
    EngagementState.ENGAGING: (
        EngagementState.WAITING,
        EngagementState.CHANGES,
        EngagementState.CLOSED,
    ),
    EngagementState.WAITING: (
        EngagementState.ENGAGING,
        EngagementState.WAITING,
        EngagementState.CHANGES,
        EngagementState.UNSUITABLE,
        EngagementState.CLOSED,
    ),
    EngagementState.CHANGES: (
        EngagementState.ENGAGING,
        EngagementState.WAITING,
        EngagementState.UNSUITABLE,
        EngagementState.CLOSED,
    ),
    EngagementState.UNSUITABLE: (),
    EngagementState.CLOSED: (),
}
"""Which outcomes may follow a state. A new case is picked up and read before it is decided."""

LEVELS = (1, 2, 3, 4)
RENEWAL_MONTHS, RENEWAL_MONTHS_MAX = 24, 36


def is_overdue(due_on: date | None, today: date) -> bool:
    """Whether the promised day has passed; the day itself is still in time."""
    return due_on is not None and due_on < today


def due_words(due_on: date | None, today: date) -> str:
    """Return the deadline in words: "Overdue by 3 days", "Due today", "Due in 2 days" or ""."""
    if due_on is None:
        return ""
    days = (due_on - today).days
    if days == 0:
        return "Due today"
    amount = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"Due in {amount}" if days > 0 else f"Overdue by {amount}"


def day_words(day: date) -> str:
    """Return a day as "5 November 2026"."""
    return f"{day.day} {day:%B %Y}"


def moment_words(at: datetime) -> str:
    """Return a moment as "5 November 2026 at 14:30", England's time."""
    moment = at.astimezone(LONDON)
    return f"{moment.day} {moment:%B %Y} at {moment:%H:%M}"


def months_after(start: date, months: int) -> date:
    """Return the same day so many months on, or that month's last day where it is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


# Proven

EFFECT_KINDS = frozenset({"CLINICAL_CARE", "COST_IMPACT"})
PUBLISHED_TYPES = frozenset({"RCT", "COMPARATIVE", "NON_COMPARATIVE", "PUBLISHED"})
DEVICE_MARKS = frozenset(
    {
        "CE_UKCA_NON_MEDICAL",
        "CE_UKCA_CLASS_I",
        "CE_UKCA_CLASS_IIA",
        "CE_UKCA_CLASS_IIB",
        "CE_UKCA_CLASS_III",
        "IVD_GENERAL",
        "IVD_SELF_TEST",
        "IVD_LIST_A",
        "IVD_LIST_B",
    }
)
MEDICINES = frozenset({"MARKETING_AUTHORISATION"})
LEGAL_STANDARDS = DEVICE_MARKS | MEDICINES | {"CQC"}
LEGALLY_NEEDED: dict[str, tuple[str, frozenset[str]]] = {
    "MEDICAL_DEVICE": ("a UKCA or CE mark", DEVICE_MARKS),
    "IN_VITRO_DIAGNOSTIC": ("a UKCA or CE mark", DEVICE_MARKS),
    "PPE": ("a UKCA or CE mark", DEVICE_MARKS),
    "PHARMACEUTICAL": ("a marketing authorisation", MEDICINES),
}
"""What the law asks of a category before it may be sold in Great Britain: the Medical Devices
Regulations 2002, the Human Medicines Regulations 2012 and the assimilated Regulation 2016/425 on
protective equipment. Registration with the Care Quality Commission hangs on the activity, not on
the category: it counts where the innovator named it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule of *proven*, whether it is met, and the row that meets it or what is missing."""

    code: str
    rule: str
    is_met: bool
    because: str

    def as_row(self) -> dict[str, Any]:
        """Return it as stored with the verification."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at: the submitted record, its validations and the day."""

    innovation: Innovation
    validations: Sequence[Validation]
    on: date

    @property
    def evidence(self) -> list[Evidence]:
        """Return the evidence that was published or finished by the day."""
        return [item for item in self.innovation.evidence if is_there(item, self.on)]

    @property
    def supporting(self) -> list[Validation]:
        """Return the validations that count towards proven and had ended by the day."""
        return [
            row
            for row in self.validations
            if counts_towards_proven(row) and (row.to_on is None or row.to_on <= self.on)
        ]


def proven_findings(facts: Facts) -> list[Finding]:
    """Return every rule with whether it is met, in the order of the page."""
    return [rule(facts) for rule in RULES]


def missing(findings: Iterable[Finding]) -> list[Finding]:
    """Return the rules that are not met."""
    return [finding for finding in findings if not finding.is_met]


def published_effect(facts: Facts) -> Finding:
    """At least one published result about care or about money.

    Source: our rule. "Published" takes in reports outside journals, because much honest NHS
    evaluation appears there; posters and unpublished data do not count.
    """
    found = next((item for item in facts.evidence if is_published_effect(item)), None)
    return Finding(
        "evidence",
        "At least one published result about clinical or care outcomes, or about cost",
        found is not None,
        _evidence_words(found)
        if found
        else "No evidence item is both about outcomes or cost and published",
    )


def is_published_effect(item: Evidence) -> bool:
    """Whether an item of evidence is both published and about outcomes or cost."""
    is_published = item.type is not None and item.type.code in PUBLISHED_TYPES
    return is_published and item.kind.code in EFFECT_KINDS


def _evidence_words(item: Evidence) -> str:
    kind = item.type.label if item.type else item.kind.label
    year = f", {item.on.year}" if item.on else ""
    return f"{item.title} ({kind}{year})"


def real_world(facts: Facts) -> Finding:
    """A real-world validation that ended well, or real-world evidence on the record.

    Source: our rule. A validation counts once completed with a result that supports the claim.
    """
    rule = "A completed real-world validation with a positive result, or real-world evidence"
    done = next(iter(facts.supporting), None)
    if done is not None:
        return Finding("real_world", rule, True, f"Real-world validation: {done.question}")
    item = next((e for e in facts.evidence if e.kind.code == "REAL_WORLD"), None)
    if item is not None:
        return Finding("real_world", rule, True, _evidence_words(item))
    return Finding("real_world", rule, False, "Neither is recorded")


def counts_towards_proven(validation: Validation) -> bool:
    """Whether a validation is completed with a result that supports the innovation's claim."""
    return validation.state is ValidationState.COMPLETED and validation.is_positive is True


def in_use(facts: Facts) -> Finding:
    """In use today, not only on trial, at one named organisation at least. Source: our rule."""
    found = next((use for use in facts.innovation.uses if is_current(use, facts.on)), None)
    return Finding(
        "in_use",
        "In use at one named organisation at least",
        found is not None,
        f"{found.organisation.name}, since {found.from_on.day} {found.from_on:%B %Y}"
        if found
        else "No organisation is named that uses it today",
    )


def is_current(use: Use, on: date) -> bool:
    """Whether the organisation uses it on that day, not only on trial."""
    has_begun = use.from_on <= on and (use.until_on is None or use.until_on >= on)
    return has_begun and not use.is_trial


def deployable(facts: Facts) -> Finding:
    """The stage of development lies in Deploy. Source: our rule."""
    stage = facts.innovation.stage
    return Finding(
        "stage",
        "The stage of development is one of Deploy",
        stage is not None and stage.group == "Deploy",
        f"{stage.label} ({stage.group})" if stage else "No stage is recorded",
    )


def lawful(facts: Facts) -> Finding:
    """Nothing that the law asks for is missing, and HIN staff have checked what there is.

    Source: `LEGALLY_NEEDED` for the category; beyond it, every standard bound by law that the
    innovator lists as theirs must be held. What they declare counts only once checked, and only
    while it is in date.
    """
    listed = [held for held in facts.innovation.standards if is_bound_by_law(held)]
    gaps = [words for held in listed if (words := _gap(held, facts.on))]
    category = facts.innovation.category
    name, codes = LEGALLY_NEEDED.get(category.code if category else "", ("", frozenset[str]()))
    if codes and not any(held.standard.code in codes for held in listed):
        gaps.append(f"{name} is needed and none is recorded")
    held_words = ", ".join(held.standard.label for held in listed)
    met = f"Held and checked: {held_words}" if listed else "The law asks for none here"
    return Finding(
        "standards",
        "Every standard that the law asks for is held, checked by HIN staff and in date",
        not gaps,
        "; ".join(gaps) or met,
    )


def is_bound_by_law(held: StandardHeld) -> bool:
    """Whether the standard is one that the law, not good practice, asks for."""
    return held.standard.code in LEGAL_STANDARDS


def _gap(held: StandardHeld, on: date) -> str:
    label = held.standard.label
    if held.status is not StandardStatus.YES:
        return f"{label} is not held yet"
    if held.checked_on is None:
        return f"{label} has not been checked by HIN staff"
    if held.valid_until is not None and held.valid_until < on:
        return f"{label} ran out on {held.valid_until.day} {held.valid_until:%B %Y}"
    return ""


RULES: tuple[Callable[[Facts], Finding], ...] = (
    published_effect,
    real_world,
    in_use,
    deployable,
    lawful,
)
