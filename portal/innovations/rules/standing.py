"""What stands on a record: published effects, use on a day, and what the law asks for."""

from datetime import date

from portal.innovations.models import Evidence, StandardHeld, StandardStatus
from portal.proof.rules.proven import Facts, Finding

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


def is_published_effect(item: Evidence) -> bool:
    """Whether an item of evidence is both published and about outcomes or cost."""
    is_published = item.type is not None and item.type.code in PUBLISHED_TYPES
    return is_published and item.kind.code in EFFECT_KINDS


def _evidence_words(item: Evidence) -> str:
    kind = item.type.label if item.type else item.kind.label
    year = f", {item.on.year}" if item.on else ""
    return f"{item.title} ({kind}{year})"


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
