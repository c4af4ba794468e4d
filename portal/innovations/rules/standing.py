"""What stands on a record: published effects, use on a day, and what the law asks for."""

from datetime import date

from portal.innovations.models import Evidence, Innovation, StandardHeld, StandardStatus
from portal.wording import day_words

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


def evidence_words(item: Evidence) -> str:
    """Return an item of evidence with its kind and year, as "Title (Published, 2023)"."""
    kind = item.type.label if item.type else item.kind.label
    year = f", {item.on.year}" if item.on else ""
    return f"{item.title} ({kind}{year})"


def legal_gaps(innovation: Innovation, on: date) -> list[str]:
    """Return in words what the law asks for and the record lacks on a day; empty when nothing.

    Source: `LEGALLY_NEEDED` for the category; beyond it, every standard bound by law that the
    innovator lists as theirs must be held. What they declare counts only once HIN staff checked
    it, and only while it is in date.
    """
    listed = _bound_by_law(innovation)
    gaps = [words for held in listed if (words := _gap(held, on))]
    category = innovation.category
    name, codes = LEGALLY_NEEDED.get(category.code if category else "", ("", frozenset[str]()))
    if codes and not any(held.standard.code in codes for held in listed):
        gaps.append(f"{name} is needed and none is recorded")
    return gaps


def legal_words(innovation: Innovation) -> str:
    """Return in words what of the law's standards is known, where no gap is left.

    A category that is not in `LEGALLY_NEEDED` says nothing of what the product is used for:
    software may be a medical device.
    """
    held = ", ".join(held.standard.label for held in _bound_by_law(innovation))
    if held:
        return f"Held and checked: {held}"
    return "None that the law asks for is recorded, and the category alone asks for none"


def _bound_by_law(innovation: Innovation) -> list[StandardHeld]:
    return [held for held in innovation.standards if is_bound_by_law(held)]


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
        return f"{label} ran out on {day_words(held.valid_until)}"
    return ""
