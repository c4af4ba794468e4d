"""When a record is proven: the coded rules.

They are this product's own, worked out from what adopters ask for before they take up somebody
else's solution: published results, results from a real service, somebody who uses it already, a
finished product, and the approvals that the law demands. No outside scheme is copied; a change
here changes what counts from that day, never what was verified before.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from portal.innovations.models import Evidence, Innovation
from portal.innovations.rules.evidence import is_there
from portal.innovations.rules.on_day import is_in_use_on
from portal.innovations.rules.standing import (
    evidence_words,
    is_published_effect,
    legal_gaps,
    legal_words,
)
from portal.proof.models import Validation, ValidationState
from portal.wording import day_words

RENEWAL_MONTHS, RENEWAL_MONTHS_MAX = 24, 36


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
        evidence_words(found)
        if found
        else "No evidence item is both about outcomes or cost and published",
    )


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
        return Finding("real_world", rule, True, evidence_words(item))
    return Finding("real_world", rule, False, "Neither is recorded")


def counts_towards_proven(validation: Validation) -> bool:
    """Whether a validation is completed with a result that supports the innovation's claim."""
    return validation.state is ValidationState.COMPLETED and validation.is_positive is True


def in_use(facts: Facts) -> Finding:
    """In use today, not only on trial, at one named organisation at least. Source: our rule."""
    found = next((use for use in facts.innovation.uses if is_in_use_on(use, facts.on)), None)
    return Finding(
        "in_use",
        "In use at one named organisation at least",
        found is not None,
        f"{found.place}, since {day_words(found.known_from)}"
        if found
        else "No organisation is named that uses it today",
    )


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
    """Nothing that the law asks for is missing, and HIN staff have checked what there is."""
    gaps = legal_gaps(facts.innovation, facts.on)
    return Finding(
        "standards",
        "Every standard that the law asks for is held, checked by HIN staff and in date",
        not gaps,
        "; ".join(gaps) or legal_words(facts.innovation),
    )


RULES: tuple[Callable[[Facts], Finding], ...] = (
    published_effect,
    real_world,
    in_use,
    deployable,
    lawful,
)
