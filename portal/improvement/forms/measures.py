"""What is asked of a measure, its goals, its marks, its places, and what was counted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from portal.improvement.models import (
    ChartKind,
    ImprovementMeasure,
    MarkKind,
    MeasureKind,
    Rhythm,
)
from portal.improvement.rules.entering import Entry, Part, has_denominator, problem
from portal.innovations.forms.places import SITES_LOOKED_UP
from portal.programmes.forms.measuring import measure_choices
from portal.programmes.models import Direction, Measure, Programme
from portal.web.fields import (
    ChoiceField,
    DateField,
    DecimalField,
    FileField,
    HiddenField,
    HiddenVersion,
    LongTextField,
    LookupField,
    SelectField,
    TextField,
    WholeNumberField,
    YesNoField,
)
from portal.web.forms import PortalForm
from portal.web.lookup_field import is_looking
from portal.web.validators import NotInFuture, Required, RequiredChoice

SMALL_NUMBERS = (
    "Counts only, never anything about one patient. Below England 1 to 7 patients are shown as *,"
    " other counts rounded to the nearest 5, and rates that rest on 1 to 7 not at all; your own"
    " network and the national team see them as they are."
)
NO_MEASURE = (0, "None: it is a measure of its own")


class MeasureForm(PortalForm):
    """The operational definition of a measure, and how it is drawn."""

    programme = SelectField(
        "Which programme is it for?", [RequiredChoice("Select a programme")], coerce=int
    )
    name = TextField("Name of the measure", [Required("Enter the name")], max_length=120)
    kind = ChoiceField(
        "What is it for?",
        [RequiredChoice("Select what it is for")],
        choices=list(MeasureKind),
        coerce=MeasureKind,
    )
    numerator = LongTextField(
        "Who or what is counted?",
        [Required("Enter who or what is counted")],
        description="So exactly that two people would count the same.",
        rows=2,
        max_length=500,
    )
    denominator = LongTextField(
        "Out of whom or what? (optional)",
        description="Needed for shares and rates; leave it empty for a plain number.",
        rows=2,
        max_length=500,
    )
    exclusions = LongTextField("Who or what is left out? (optional)", rows=2, max_length=500)
    data_source = TextField("Where do the counts come from? (optional)")
    rhythm = ChoiceField(
        "How often is there a point?",
        [RequiredChoice("Select how often there is a point")],
        choices=list(Rhythm),
        coerce=Rhythm,
    )
    chart = ChoiceField(
        "How is it drawn?",
        [RequiredChoice("Select how it is drawn")],
        choices=list(ChartKind),
        coerce=ChartKind,
    )
    per = WholeNumberField(
        "Rate per how many? (optional)",
        description="For example 1000 for errors per 1,000 doses. A share is always per 100.",
        minimum=1,
    )
    unit = TextField("Unit (optional)", description="For example: errors per 1,000 doses.")
    direction = ChoiceField(
        "Which way is better?",
        [RequiredChoice("Select which way is better")],
        choices=list(Direction),
        coerce=Direction,
    )
    is_patients = YesNoField(
        "Does it count patients?",
        [RequiredChoice("Select whether it counts patients")],
        description=SMALL_NUMBERS,
    )
    adds_up = YesNoField(
        "Can places be added?",
        [RequiredChoice("Select whether places can be added")],
        description="Counts, shares and rates can: their numerators and denominators are added.",
    )
    run_length = ChoiceField(
        "How many points on one side are a shift?",
        [RequiredChoice("Select how many points")],
        choices=[(7, "7"), (6, "6")],
        coerce=int,
        inline=True,
    )
    screens = YesNoField(
        "Are very large moving ranges left out of the limits?",
        [RequiredChoice("Select whether large moving ranges are left out")],
        description="Once, those of 3.267 times their mean or more. The foot of the chart says it.",
    )
    follows = SelectField(
        "Which national measure does it follow?",
        [RequiredChoice("Select a national measure, or none")],
        coerce=int,
    )

    def offer(self, programmes: Iterable[Programme], measures: Sequence[Measure]) -> None:
        """Offer these to be chosen."""
        self.programme.choices = [(one.id, one.name) for one in programmes]
        self.follows.choices = [NO_MEASURE, *measure_choices(measures, by="id")]

    @property
    def values(self) -> dict[str, Any]:
        """Return the answers as the service takes them."""
        plain = ("name", "kind", "rhythm", "chart", "direction", "is_patients", "adds_up")
        found = {name: self[name].data for name in (*plain, "run_length", "screens")}
        words = ("numerator", "denominator", "exclusions", "data_source", "unit")
        return {
            **found,
            **{name: self[name].data or "" for name in words},
            "per": self.per.data or 1,
        }


NEW = {
    "direction": Direction.HIGHER,
    "is_patients": True,
    "adds_up": True,
    "run_length": 7,
    "screens": True,
    "follows": 0,
}
"""What a new measure is taken to be until somebody says otherwise."""


class ChartForm(PortalForm):
    """Which measure tells of a driver or change idea."""

    measure = SelectField(
        "Which measure tells whether it makes a difference?",
        [RequiredChoice("Select a measure")],
        coerce=int,
    )

    def offer(self, measures: Iterable[ImprovementMeasure]) -> None:
        """Offer these to be chosen, by programme."""
        by_programme = groupby(measures, key=lambda one: one.programme.name)
        self.measure.choices = [
            (name, [(one.id, one.name) for one in found]) for name, found in by_programme
        ]


class EditMeasureForm(MeasureForm):
    """A measure that is there already stays with its programme."""

    programme = None  # type: ignore[assignment]  # WTForms leaves such a field out
    version = HiddenVersion()

    def offer(self, programmes: Iterable[Programme], measures: Sequence[Measure]) -> None:
        """Offer national measures to be chosen."""
        self.follows.choices = [NO_MEASURE, *measure_choices(measures, by="id")]


class TargetForm(PortalForm):
    """A goal from a day on."""

    value = DecimalField(
        "Goal",
        [Required("Enter the goal")],
        description="In the unit of the chart: 95 for 95%.",
        what="The goal",
    )
    from_on = DateField("From which day does it hold?", [Required("Enter the day it holds from")])
    by_on = DateField("By when should it be reached? (optional)", what="The day to reach it by")
    why = TextField("Who set it, or why it changed (optional)")


class MarkForm(PortalForm):
    """A dated remark on the chart."""

    kind = ChoiceField(
        "What is marked?",
        [RequiredChoice("Select what is marked")],
        choices=list(MarkKind),
        coerce=MarkKind,
    )
    on = DateField("On which day?", [Required("Enter the day"), NotInFuture()])
    words = LongTextField(
        "Why, or what was tested?",
        [Required("Enter why, or what was tested")],
        rows=2,
        max_length=500,
    )
    everywhere = ChoiceField(
        "On which charts?",
        [RequiredChoice("Select on which charts")],
        choices=[("here", "On this place's chart"), ("all", "On every chart of the measure")],
    )


class PlaceForm(PortalForm):
    """A site or team that counts."""

    site = LookupField(
        "Place in the national directory (optional)",
        description="Words of its name, its town or postcode, or its code.",
        **SITES_LOOKED_UP,
    )
    team = TextField(
        "Ward or team (optional)",
        description="A name such as Ward 4, never a person's.",
        max_length=80,
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was chosen; whoever only looks has not finished yet."""
        if is_looking() or not super().validate(extra_validators):
            return False
        if self.site.data is None and not self.team.data:
            self.refuse("Enter a place, or a ward or team", "team")
        return not self.errors


class PasteForm(PortalForm):
    """Lines of a spreadsheet, or the file itself."""

    lines = LongTextField(
        "Paste lines (optional)",
        description="One line for each period: its day or month, then the numbers.",
        rows=10,
        max_length=40_000,
    )
    file = FileField("Or choose a CSV or XLSX file (optional)", allowed=("csv", "xlsx"))
    why = TextField("Why are numbers changed? (needed when some were entered before)")
    source = TextField("Source (optional)")


class SheetForm(PortalForm):
    """What was counted, many lines at once; `sheet_form` gives it its lines."""

    when_outdated = (
        "What you typed is still here and was not saved. Look at the chart, and open this page"
        " anew."
    )

    why = TextField("Why are numbers changed? (needed when one was entered before)")
    source = TextField("Source (optional)")


Line = tuple[str, str, ImprovementMeasure, date, Entry | None]
"""(key, what the line is called, its measure, its period, what stands)."""


def sheet_form(lines: Sequence[Line]) -> SheetForm:
    """Return the form with a field for each number of each line, filled with what stands."""
    fields: dict[str, Any] = {}
    for key, name, measure, _, _stands_now in lines:
        counted = DecimalField(f"{name}: counted", what=f"{name}, counted")
        fields[f"n-{key}"] = counted
        if has_denominator(measure):
            fields[f"d-{key}"] = DecimalField(f"{name}: out of", what=f"{name}, out of")
        fields[f"s-{key}"] = HiddenField()
    made = type("SheetForm", (SheetForm,), fields)
    form: SheetForm = made(
        data={name: value for line in lines for name, value in _stands(line).items()}
    )
    return form


def _stands(line: Line) -> dict[str, Any]:
    key, _, _, _, standing = line
    if standing is None:
        return {f"s-{key}": "0"}
    return {
        f"n-{key}": _plain(standing.numerator),
        f"d-{key}": _plain(standing.denominator),
        f"s-{key}": str(standing.seen_id),
    }


def _plain(value: float | None) -> Decimal | None:
    """Return a number as its field holds it, without needless places."""
    return None if value is None else Decimal(f"{value:.4f}".rstrip("0").rstrip("."))


def entries_in(
    form: SheetForm, lines: Sequence[Line], today: date
) -> Mapping[int, list[Entry]] | None:
    """Return what was typed by measure; None, with the errors beside the fields, where a line
    cannot stand."""
    found: dict[int, list[Entry]] = {}
    wrong = False
    for key, _, measure, on, _ in lines:
        entry = Entry(on, _typed(form, f"n-{key}"), _typed(form, f"d-{key}"), _seen(form, key))
        if told := problem(measure, entry, today):
            part, words = told
            form.refuse(words, f"{'n' if part is Part.NUMERATOR else 'd'}-{key}")
            wrong = True
        found.setdefault(measure.id, []).append(entry)
    return None if wrong else found


def _typed(form: SheetForm, name: str) -> float | None:
    value = form[name].data if name in form else None
    return None if value is None else float(value)


def _seen(form: SheetForm, key: str) -> int | None:
    typed = str(form[f"s-{key}"].data or "0")
    return int(typed) if typed.isdigit() and len(typed) < 10 and int(typed) else None
