"""By what innovations are counted and filtered: what their record says (`portal/rooms.py`)."""

from portal.accounts.models import Organisation, OrganisationKind, OrganisationSize
from portal.figures.dimensions import (
    ABOUT,
    FOR,
    PROOF,
    WHEN,
    WHO,
    Dimension,
    DimensionSet,
    Rows,
    from_list,
    from_members,
    numbered,
)
from portal.innovations.dimensions import columns, figures, rows
from portal.innovations.models import Innovation
from portal.innovations.queries import on_day
from portal.reference.models import Vocabulary

_PAGE = "The organisation's own page"
_SUBMITTED = "The moment of first submission, in England's time"

_DIMENSIONS = (
    Dimension(
        "stage",
        "Stage of development",
        ABOUT,
        "The step of Discover, Develop or Deploy that the innovation had reached: the newest "
        "change of stage up to the end of the day.",
        from_list(Vocabulary.DEVELOPMENT_STAGE.value),
        "Dated changes of stage",
        Vocabulary.DEVELOPMENT_STAGE,
        column=on_day.stage_id_on,
        is_dated=True,
    ),
    Dimension(
        "category",
        "Category",
        ABOUT,
        "The one kind of product or service that describes it best.",
        from_list(Vocabulary.CATEGORY.value),
        vocabulary=Vocabulary.CATEGORY,
        column=lambda _: Innovation.category_id.expression,
    ),
    Dimension(
        "main_purpose",
        "Main purpose",
        ABOUT,
        "The one thing it does first of all.",
        from_list(Vocabulary.PURPOSE.value),
        vocabulary=Vocabulary.PURPOSE,
        column=lambda _: Innovation.main_purpose_id.expression,
    ),
    rows.coded(
        "care_setting",
        "Care setting",
        FOR,
        "Every setting in which it is, or is meant to be, used.",
        Vocabulary.CARE_SETTING,
    ),
    Dimension(
        "condition_group",
        "Condition group",
        FOR,
        "The groups to which its conditions belong; a record with several conditions of one "
        "group counts once in it.",
        rows.condition_groups,
        vocabulary=Vocabulary.CONDITION,
        rows=rows.CONDITIONS,
        value=rows.condition_group,
        is_unique=False,
    ),
    rows.coded(
        "condition",
        "Condition",
        FOR,
        "Every condition for which it is meant.",
        Vocabulary.CONDITION,
    ),
    rows.coded(
        "area",
        "Area",
        FOR,
        "Every area of work of the health service to which it belongs.",
        Vocabulary.AREA,
    ),
    rows.coded(
        "benefit",
        "Benefit",
        FOR,
        "Every benefit that the innovator claims for patients, staff or the system.",
        Vocabulary.BENEFIT,
    ),
    rows.coded(
        "inequality",
        "Inequality group",
        FOR,
        "Every group or clinical area of health inequality that it is meant to help.",
        Vocabulary.INEQUALITY,
    ),
    Dimension(
        "evidence_kind",
        "Kind of evidence",
        PROOF,
        "The kinds of its submitted evidence; several pieces of one kind count once.",
        from_list(Vocabulary.EVIDENCE_KIND.value),
        vocabulary=Vocabulary.EVIDENCE_KIND,
        rows=Rows("evidence", "piece of evidence", rows.evidence),
        value=lambda held, _day, _values: held.kind_id.expression,
        is_unique=False,
        none="No evidence",
    ),
    Dimension(
        "standard",
        "Standard held",
        PROOF,
        "Every standard that the innovator says it meets, whether or not HIN staff have checked "
        "it. Those worked towards are left out.",
        from_list(Vocabulary.STANDARD.value),
        vocabulary=Vocabulary.STANDARD,
        rows=Rows("standard", "standard", rows.standards),
        value=lambda held, _day, _values: held.standard_id.expression,
        none="No standard held",
    ),
    Dimension(
        "in_use",
        "In use",
        PROOF,
        "Used by at least one coded organisation on the day: from its first day up to and "
        "including its last. A trial is not use: a record with trials only is a value of its own.",
        lambda _: numbered(
            [(1, "yes", "In use"), (2, "trial", "On trial only"), (0, "no", "Not in use")]
        ),
        "Dated rows of use",
        column=columns.how_used,
        is_dated=True,
        none="",
    ),
    Dimension(
        "first_hin",
        "HIN that looks at it first",
        WHO,
        "The Health Innovation Network to whose desk it came when it was submitted.",
        from_list("hin"),
        column=lambda _: Innovation.hin_id.expression,
        none="No HIN",
    ),
    Dimension(
        "ics",
        "Integrated care system",
        WHO,
        "Where the people behind it are based, by the boundary under which it was recorded.",
        from_list("ics"),
        column=lambda _: Innovation.ics_id.expression,
    ),
    Dimension(
        "region",
        "NHS region",
        WHO,
        "The NHS England region of that integrated care system.",
        from_list("region"),
        column=columns.region,
    ),
    Dimension(
        "organisation_kind",
        "Kind of organisation",
        WHO,
        "What sort of organisation makes it.",
        from_members(OrganisationKind),
        _PAGE,
        column=columns.organisation(Organisation.kind, OrganisationKind),
    ),
    Dimension(
        "organisation_size",
        "Size of organisation",
        WHO,
        "Its headcount, in the bands of the United Kingdom's statistics of businesses.",
        from_members(OrganisationSize),
        _PAGE,
        column=columns.organisation(Organisation.size, OrganisationSize),
    ),
    Dimension(
        "year",
        "Year of registration",
        WHEN,
        "The NHS financial year, April to March, in which it was first submitted.",
        lambda _: columns.periods(quarter.years for quarter in columns.years()),
        _SUBMITTED,
        column=lambda _: columns.period(columns.years()),
    ),
    Dimension(
        "quarter",
        "Quarter of registration",
        WHEN,
        "The NHS financial quarter in which it was first submitted: Q1 is April to June.",
        lambda _: columns.periods(f"Q{q.number} {q.years}" for q in columns.quarters()),
        _SUBMITTED,
        column=lambda _: columns.period(columns.quarters()),
    ),
)

DIMENSIONS = DimensionSet(_DIMENSIONS, figures.FIGURES)
