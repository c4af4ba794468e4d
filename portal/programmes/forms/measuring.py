"""What is asked of a value, of its correction, and of a trajectory."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from portal.db import id_from
from portal.programmes.models import Measure, ProgrammeProduct, ProgrammeValue, Quality
from portal.programmes.rules.values import Cell, is_share
from portal.reference.rules import Quarter
from portal.web.fields import (
    ChoiceField,
    DecimalField,
    HiddenField,
    LongTextField,
    SelectField,
    TextField,
)
from portal.web.forms import PortalForm
from portal.web.validators import Required, RequiredChoice


def as_number(value: Decimal | None) -> float | None:
    """Return what was typed as the tables keep it."""
    return None if value is None else float(value)


def no_choice(items: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return choices with "none" in front, for lists in which that is an answer."""
    return [(0, "The programme as a whole"), *items]


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


class ValueForm(_CountForm):
    """A value of a measure for a quarter."""

    measure = SelectField("What was measured?", [RequiredChoice("Select a measure")])
    product = SelectField("Of which product?", [RequiredChoice("Select a product")], coerce=int)
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

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        rest = [name for name in self._fields if name not in self.field_order]
        self._fields = type(self._fields)(
            (name, self._fields[name]) for name in (*self.field_order, *rest)
        )

    def offer(
        self,
        measures: Sequence[Measure],
        products: Sequence[ProgrammeProduct],
        quarters: Sequence[Quarter],
    ) -> None:
        """Offer these to be chosen."""
        self.measure.choices = [(one.code, one.name) for one in measures]
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


class TrajectoryForm(PortalForm):
    """What is planned for each quarter and network, on one line each."""

    measure = SelectField("What is planned?", [RequiredChoice("Select a measure")])
    product = SelectField("Of which product?", [RequiredChoice("Select a product")], coerce=int)
    part = TextField(
        "Over which sites? (optional)",
        description="Only values of the same part are compared with it.",
        max_length=150,
    )
    plan = LongTextField(
        "The plan",
        [Required("Enter the plan")],
        description="One line for each quarter: its code, then England or a network's code, then"
        " the number. For example: 2026-27-Q1 HI-WM 120",
        rows=10,
        max_length=20_000,
    )
    why = LongTextField(
        "Why is it set anew? (needed when a version is there)", rows=2, max_length=500
    )
    seen = HiddenField()

    def offer(self, measures: Sequence[Measure], products: Sequence[ProgrammeProduct]) -> None:
        """Offer these to be chosen."""
        self.measure.choices = [(one.code, one.name) for one in measures]
        self.product.choices = [(one.id, one.name) for one in products]

    def points(self, hins: Mapping[str, int]) -> dict[Cell, float] | None:
        """Return the plan by quarter and area; None, with the error beside it, where a line is not
        understood or a quarter of an area comes twice."""
        found: dict[Cell, float] = {}
        for number, line in enumerate((self.plan.data or "").splitlines(), 1):
            cell = _line(line, hins) if line.strip() else None
            if line.strip() and cell is None:
                self.refuse(f"Line {number} is not understood: {line.strip()[:60]}", "plan")
                return None
            if cell is not None and cell[0] in found:
                self.refuse(f"Line {number} plans the same quarter and area again", "plan")
                return None
            if cell is not None:
                found[cell[0]] = cell[1]
        return found


MOST = 1_000_000_000


def _line(line: str, hins: Mapping[str, int]) -> tuple[Cell, float] | None:
    words = line.replace(",", "").split()
    if len(words) != 3 or not words[2].replace(".", "", 1).isascii():
        return None
    try:
        first, planned = Quarter.named(words[0]).first, float(words[2])
    except ValueError:
        return None
    area = words[1].upper()
    if area not in hins and area != "ENGLAND":
        return None
    return ((first, hins.get(area)), planned) if 0 <= planned <= MOST else None


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
