"""What is asked of a value, of its correction, and of a trajectory."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from portal.db import id_from
from portal.programmes.models import Measure, ProgrammeProduct, ProgrammeValue, Quality
from portal.programmes.rules.values import Cell, is_share
from portal.reference.models import Hin
from portal.reference.rules import Quarter
from portal.text import folded, without_thousands
from portal.web.fields import (
    ChoiceField,
    DecimalField,
    HiddenField,
    LongTextField,
    SelectField,
    TextField,
)
from portal.web.format import upper_first
from portal.web.forms import PortalForm
from portal.web.validators import Required, RequiredChoice


def as_number(value: Decimal | None) -> float | None:
    """Return what was typed as the tables keep it."""
    return None if value is None else float(value)


def no_choice(items: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return choices with "none" in front, for lists in which that is an answer."""
    return [(0, "The programme as a whole"), *items]


def measure_choices(
    measures: Sequence[Measure], used: Collection[int] = (), *, by: str = "code"
) -> list[tuple[str, list[tuple[Any, str]]]]:
    """Return measures, which come by their group, as choices in groups, each with its unit: those
    that the programme uses come first, because most of what is entered is of these.

    `used` are the ids of these; `by` is the column that is sent, "code" or "id".
    """
    own = [one for one in measures if one.id in used]
    others = groupby((one for one in measures if one.id not in used), key=lambda one: one.group)
    groups = [("Used in this programme", own)]
    groups += [(upper_first(name) or "Other", list(of)) for name, of in others]
    return [
        (name, [(getattr(one, by), _with_unit(one)) for one in of]) for name, of in groups if of
    ]


def _with_unit(measure: Measure) -> str:
    return f"{measure.name} ({measure.unit})" if measure.unit else measure.name


class _OfProduct(PortalForm):
    """What is said of a measure and a product, asked before the fields of the form's other parent:
    WTForms puts those of a parent first."""

    field_order: tuple[str, ...]
    product = SelectField("Of which product?", [RequiredChoice("Select a product")], coerce=int)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        rest = [name for name in self._fields if name not in self.field_order]
        names = (*self.field_order, *rest)
        self._fields = type(self._fields)((name, self._fields[name]) for name in names)


class _CountForm(PortalForm):
    """A number, or how many of how many."""

    value = DecimalField(
        "Number (optional)", description="For anything but a percentage.", what="The number"
    )
    numerator = DecimalField(
        "How many (optional)", description="Of a percentage: it is worked out from these two."
    )
    denominator = DecimalField("Of how many (optional)", what="Of how many")
    quality = ChoiceField(
        "How far can it be relied on?",
        [RequiredChoice("Select how far it can be relied on")],
        choices=list(Quality),
        coerce=Quality,
    )

    @property
    def counts(self) -> dict[str, float | None]:
        """Return the counts as the service takes them."""
        return {
            "numerator": as_number(self.numerator.data),
            "denominator": as_number(self.denominator.data),
        }

    def needs_number(self, of_share: bool) -> bool:
        """Whether a number is missing; the error is said beside its field."""
        if of_share or self.value.data is not None:
            return False
        self.refuse("Enter the number", "value")
        return True


class ValueForm(_OfProduct, _CountForm):
    """A value of a measure for a quarter."""

    measure = SelectField("What was measured?", [RequiredChoice("Select a measure")])
    part = TextField(
        "Which part of the sites, or which group of people? (optional)",
        description="Only where it does not count all of them, in the same words each quarter. Of"
        " people by group: the group, as in “Disabled people”.",
        max_length=150,
    )
    quarter = SelectField("Quarter", [RequiredChoice("Select a quarter")])
    source = TextField("Source (optional)", description="For example: the supplier's data.")
    note = LongTextField("What should people know of it? (optional)", rows=2, max_length=500)

    field_order = ("measure", "product", "part", "quarter", "value", "numerator", "denominator")

    def offer(
        self,
        measures: Sequence[Measure],
        used: Collection[int],
        products: Sequence[ProgrammeProduct],
        quarters: Sequence[Quarter],
    ) -> None:
        """Offer these to be chosen."""
        self.measure.choices = measure_choices(measures, used)
        self.product.choices = no_choice([(one.id, one.name) for one in products])
        self.quarter.choices = [(one.code, one.label) for one in quarters]


class CorrectForm(_CountForm):
    """The right value, and why the former was wrong."""

    why = LongTextField("Why is it corrected?", [Required("Enter why it is corrected")], rows=2)

    def __init__(self, row: ProgrammeValue, **kwargs: Any) -> None:
        super().__init__(
            data={
                "value": None if is_share(row) else row.value,
                "numerator": row.numerator,
                "denominator": row.denominator,
                "quality": row.quality,
            },
            **kwargs,
        )


class PlanForm(PortalForm):
    """What is planned for each quarter and area, on one line each."""

    plan = LongTextField(
        "The plan",
        [Required("Enter the plan")],
        description="One line for each: the quarter, then England or a network (its code or name),"
        " then the number. For example: 2026-27-Q1 HI-WM 120",
        rows=10,
        max_length=20_000,
    )
    seen = HiddenField()

    def points(self, areas: Mapping[str, int | None]) -> dict[Cell, float] | None:
        """Return the plan by quarter and area; None, with what is wrong with each of the first
        lines beside it, where a line is not understood or a quarter of an area comes twice.
        `areas` are codes and names, folded."""
        found: dict[Cell, float] = {}
        problems: list[str] = []
        for number, line in enumerate((self.plan.data or "").splitlines(), 1):
            if not line.strip():
                continue
            read = _line(line, areas)
            if isinstance(read, str):
                problems.append(f"Line {number}, “{line.strip()[:60]}”: {read}")
            elif read[0] in found:
                problems.append(f"Line {number} plans the same quarter and area again")
            else:
                found[read[0]] = read[1]
        self._refuse_lines(problems)
        return None if problems else found

    def _refuse_lines(self, problems: Sequence[str]) -> None:
        for number, problem in enumerate(problems[:MOST_PROBLEMS]):
            # Beside a field stands one error; the others stand above, and lead to it.
            self.refuse(problem, None if number else "plan", href=f"#{self.plan.id}")
        if (more := len(problems) - MOST_PROBLEMS) > 0:
            words = f"{more} more {'lines are' if more > 1 else 'line is'} wrong"
            self.refuse(words, href=f"#{self.plan.id}")


class TrajectoryForm(_OfProduct, PlanForm):
    """The first version of a trajectory."""

    measure = SelectField("What is planned?", [RequiredChoice("Select a measure")])
    part = TextField(
        "Over which sites? (optional)",
        description="Only values of the same part are compared with it.",
        max_length=150,
    )

    field_order = ("measure", "product", "part", "plan")

    def offer(
        self,
        measures: Sequence[Measure],
        used: Collection[int],
        products: Sequence[ProgrammeProduct],
    ) -> None:
        """Offer these to be chosen."""
        self.measure.choices = measure_choices(measures, used)
        self.product.choices = [(one.id, one.name) for one in products]


class RebaseForm(PlanForm):
    """A new version of a trajectory; what it is about stays."""

    why = LongTextField(
        "Why is it set anew?",
        [Required("Enter why it is set anew")],
        description="Whoever reads the programme reads this beside the new plan.",
        rows=2,
        max_length=500,
    )


MOST_PROBLEMS = 10
"""Of so many lines of a plan is said what is wrong with them."""
MOST = 1_000_000_000
_LINE = re.compile(
    r"(?:Q(?P<first>\d) )?(?P<years>\d{4}[-/]\d{2})(?(first)|[- ]?Q(?P<last>\d))"
    r"[\s,;]+(?P<area>.*\S)[\s;]+(?P<number>\S+)",
    re.IGNORECASE,
)
"""A line of a plan: "2026-27-Q1 HI-WM 120", "Q1 2026/27; England; 1,200"."""


def areas_of(networks: Iterable[Hin]) -> dict[str, int | None]:
    """Return the areas for which one can plan, by what they are called: England has no id."""
    called = {folded(word): hin.id for hin in networks for word in (hin.code, hin.name)}
    return {**called, folded("England"): None}


def _line(line: str, areas: Mapping[str, int | None]) -> tuple[Cell, float] | str:
    """Return what a line plans, or what is wrong with it."""
    parts = _LINE.fullmatch(line.strip())
    if parts is None:
        return "enter a quarter like 2026-27-Q1, an area, and a number"
    area = folded(parts["area"].rstrip(",; "))
    if area not in areas:
        return f"there is no network “{parts['area']}”"
    try:
        years, number = parts["years"].replace("/", "-"), parts["first"] or parts["last"]
        quarter = Quarter.named(f"{years}-Q{number}")
    except ValueError as error:
        return str(error)
    planned = _number(parts["number"])
    if planned is None:
        return f"“{parts['number']}” must be a number of 0 or more"
    return (quarter.first, areas[area]), planned


def _number(typed: str) -> float | None:
    try:
        found = float(without_thousands(typed))
    except ValueError:
        return None
    return found if 0 <= found <= MOST else None


def plan_lines(points: Mapping[Cell, float], codes: Mapping[int, str]) -> str:
    """Return a plan as the form takes it, so that a new version begins with the former."""
    lines = []
    for (quarter_on, hin_id), planned in sorted(points.items(), key=_place):
        area = codes[hin_id] if hin_id is not None else "England"
        lines.append(f"{Quarter.of(quarter_on).code} {area} {planned:g}")
    return "\n".join(lines)


def _place(cell: tuple[Cell, float]) -> tuple[date, int]:
    return cell[0][0], cell[0][1] or 0


def seen_version(typed: object) -> int:
    """Return the version that the page showed, 0 for none."""
    return id_from(str(typed or "")) or 0
