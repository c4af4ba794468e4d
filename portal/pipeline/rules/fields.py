"""The fields of the minimum dataset by which innovations are counted and filtered.

One definition each: the cross-tab, its filters, the list behind a cell, downloads and the page of
definitions all read it here. How a field is found in the database is in `queries.values`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.reference.models import Vocabulary

NONE = "none"
"""The value, in addresses, of records for which the field says nothing."""

ANY = "any"
"""In the address of a cell: whatever the field says. It tells what the number was counted by."""

RECORD = "The innovation record, as submitted"
SUPPORT = "Engagements of Health Innovation Networks, dated"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is known of an innovation."""

    key: str
    """Its name in addresses."""
    label: str
    group: str
    """The heading under which a person looks for it."""
    definition: str
    source: str = RECORD
    vocabulary: Vocabulary | None = None
    """The coded list its values come from, if one of those."""
    is_multiple: bool = False
    """Whether a record can have several values, and so counts once under each."""
    is_dated: bool = False
    """Whether it is answered as at the day asked for; else as the record says today."""
    is_support: bool = False
    """Whether it tells who supports a record: only staff and the record's own people know."""
    none: str = "Not recorded"
    """What a record without a value is shown as."""


_ABOUT, _FOR, _PROOF, _HELP, _WHO, _WHEN = (
    "What it is",
    "Who and what it is for",
    "Proof and use",
    "Support",
    "Who makes it",
    "When it was registered",
)

_ALL = (
    Field(
        "stage",
        "Stage of development",
        _ABOUT,
        "The step of Discover, Develop or Deploy that the innovation had reached: the newest "
        "change of stage up to the end of the day.",
        "Dated changes of stage",
        Vocabulary.DEVELOPMENT_STAGE,
        is_dated=True,
    ),
    Field(
        "proven",
        "Proven",
        _PROOF,
        "Verified by HIN staff against the coded rules, not yet lapsed and not withdrawn by the "
        "end of the day. Never self-declared.",
        "Dated verifications by HIN staff",
        is_dated=True,
    ),
    Field(
        "category",
        "Category",
        _ABOUT,
        "The one kind of product or service that describes it best.",
        vocabulary=Vocabulary.CATEGORY,
    ),
    Field(
        "main_purpose",
        "Main purpose",
        _ABOUT,
        "The one thing it does first of all.",
        vocabulary=Vocabulary.PURPOSE,
    ),
    Field(
        "care_setting",
        "Care setting",
        _FOR,
        "Every setting in which it is, or is meant to be, used.",
        vocabulary=Vocabulary.CARE_SETTING,
        is_multiple=True,
    ),
    Field(
        "condition_group",
        "Condition group",
        _FOR,
        "The groups to which its conditions belong; a record with several conditions of one "
        "group counts once in it.",
        vocabulary=Vocabulary.CONDITION,
        is_multiple=True,
    ),
    Field(
        "condition",
        "Condition",
        _FOR,
        "Every condition for which it is meant.",
        vocabulary=Vocabulary.CONDITION,
        is_multiple=True,
    ),
    Field(
        "area",
        "Area",
        _FOR,
        "Every area of work of the health service to which it belongs.",
        vocabulary=Vocabulary.AREA,
        is_multiple=True,
    ),
    Field(
        "benefit",
        "Benefit",
        _FOR,
        "Every benefit that the innovator claims for patients, staff or the system.",
        vocabulary=Vocabulary.BENEFIT,
        is_multiple=True,
    ),
    Field(
        "inequality",
        "Inequality group",
        _FOR,
        "Every group or clinical area of health inequality that it is meant to help.",
        vocabulary=Vocabulary.INEQUALITY,
        is_multiple=True,
    ),
    Field(
        "evidence_kind",
        "Kind of evidence",
        _PROOF,
        "The kinds of its submitted evidence; several pieces of one kind count once.",
        vocabulary=Vocabulary.EVIDENCE_KIND,
        is_multiple=True,
        none="No evidence",
    ),
    Field(
        "standard",
        "Standard held",
        _PROOF,
        "Every standard that the innovator says it meets, whether or not HIN staff have checked "
        "it. Those worked towards are left out.",
        vocabulary=Vocabulary.STANDARD,
        is_multiple=True,
        none="No standard held",
    ),
    Field(
        "in_use",
        "In use",
        _PROOF,
        "Used by at least one coded organisation on the day: from its first day up to and "
        "including its last. A trial is not use: a record with trials only is a value of its own.",
        "Dated rows of use",
        is_dated=True,
    ),
    Field(
        "level",
        "Support level",
        _HELP,
        "The levels, 1 to 4, at which HINs were supporting it at the end of the day; with "
        "several HINs at different levels it counts under each.",
        SUPPORT,
        Vocabulary.SUPPORT_LEVEL,
        is_multiple=True,
        is_dated=True,
        is_support=True,
        none="No support level",
    ),
    Field(
        "hin",
        "HIN (supporting)",
        _HELP,
        "Every Health Innovation Network with a live engagement at the end of the day: new, "
        "assessing, engaging, waiting or changes requested; not unsuitable and not closed.",
        SUPPORT,
        is_multiple=True,
        is_dated=True,
        is_support=True,
        none="No HIN",
    ),
    Field(
        "hin_count",
        "Number of HINs",
        _HELP,
        "How many Health Innovation Networks had a live engagement at the end of the day.",
        SUPPORT,
        is_dated=True,
        is_support=True,
    ),
    Field(
        "first_hin",
        "HIN that looks at it first",
        _WHO,
        "The Health Innovation Network to whose desk it came when it was submitted.",
        none="No HIN",
    ),
    Field(
        "ics",
        "Integrated care system",
        _WHO,
        "Where the people behind it are based, by the boundary under which it was recorded.",
    ),
    Field(
        "region",
        "NHS region",
        _WHO,
        "The NHS England region of that integrated care system.",
    ),
    Field(
        "organisation_kind",
        "Kind of organisation",
        _WHO,
        "What sort of organisation makes it.",
        "The organisation's own page",
    ),
    Field(
        "organisation_size",
        "Size of organisation",
        _WHO,
        "Its headcount, in the bands of the United Kingdom's statistics of businesses.",
        "The organisation's own page",
    ),
    Field(
        "year",
        "Year of registration",
        _WHEN,
        "The NHS financial year, April to March, in which it was first submitted.",
        "The moment of first submission, in England's time",
    ),
    Field(
        "quarter",
        "Quarter of registration",
        _WHEN,
        "The NHS financial quarter in which it was first submitted: Q1 is April to June.",
        "The moment of first submission, in England's time",
    ),
)

FIELDS: Mapping[str, Field] = {field.key: field for field in _ALL}
"""By name, in the order of forms and pages."""
