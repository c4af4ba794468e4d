"""What the steps of an import ask, and the page that registers for a company."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from portal.accounts.models import Actor
from portal.imports.models import Treatment
from portal.imports.policy import MAKERS
from portal.imports.rules.mapping import NOTHING, Field, Guess, likely_table, meaning_of
from portal.imports.services.rows import OFFERED
from portal.innovations.forms.answers import AnswersForm, form_for
from portal.innovations.sections.questions import ABOUT, NEED, Question
from portal.reference.rules.ods import REPORTS
from portal.web import fields
from portal.web.forms import PortalForm
from portal.web.spreadsheets import ENDINGS, MAX_MEGABYTES, Line
from portal.web.validators import NotInFuture, Required, RequiredChoice

EXAMPLES, EXAMPLE_LENGTH = 3, 60
MAX_VALUES = 60
"""Values of one field that a page asks for."""
SHEETS_OFFERED = 50
HEADERS_OFFERED = 20


class UploadForm(PortalForm):
    """The file, and where its facts come from."""

    file = fields.FileField(
        "Spreadsheet",
        [Required("Select a spreadsheet")],
        allowed=ENDINGS,
        max_megabytes=MAX_MEGABYTES,
        description=f"CSV, XLSX, XLS or ODS, up to {MAX_MEGABYTES}MB and 20,000 rows.",
    )
    source = fields.TextField(
        "Where the facts come from, and under which licence (optional)",
        what="The source",
        description="Kept with every record that is made. For example, “Our CRM, June 2026”.",
    )


class SheetForm(PortalForm):
    """Which sheet, and on which row the names of its columns stand."""

    sheet = fields.SelectField("Sheet", [RequiredChoice("Select a sheet")])
    header_row = fields.SelectField(
        "Row with the names of the columns",
        [RequiredChoice("Select the row with the names of the columns")],
        coerce=int,
    )

    def offer(self, sheets: Mapping[str, Sequence[Line]], targets: Sequence[Field]) -> "SheetForm":
        """Offer the sheets of a file and their first rows; proposed are those that most
        likely name the columns."""
        names = list(sheets)[:SHEETS_OFFERED]
        self.sheet.choices = [(name or "-", name or "The file") for name in names]
        if not self.is_submitted():
            first = {name: sheets[name][:HEADERS_OFFERED] for name in names}
            name, self.header_row.data = likely_table(first, targets)
            self.sheet.data = name or "-"
        lines = {
            number: cells for name in names for number, cells in sheets[name][:HEADERS_OFFERED]
        }
        self.header_row.choices = [
            (number, f"Row {number}: {_example(cells)}") for number, cells in sorted(lines.items())
        ]
        return self

    @property
    def name(self) -> str:
        """The name of the sheet; "" of a file without sheets."""
        return "" if self.sheet.data == "-" else str(self.sheet.data)


def _example(texts: Sequence[str]) -> str:
    found = [text[:EXAMPLE_LENGTH] for text in texts if text][:EXAMPLES]
    return ", ".join(found)


class ColumnsForm(PortalForm):
    """What each column means; `columns_form` hangs a field for each on a class of its own."""

    count = 0
    needed: Sequence[Field] = ()
    keys: Sequence[str] = ()

    @property
    def mapping(self) -> dict[str, int]:
        """Return the column of each field that one was chosen for."""
        chosen = [(self._fields[f"c{n}"].data, n) for n in range(self.count) if f"c{n}" in self]
        return {name: column for name, column in chosen if name}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that no field has two columns, and that what is needed has one: a file
        whose rows say which record they mean may have only what it changes."""
        is_valid = bool(super().validate(extra_validators))
        return self._is_each_once() and self._is_all_there() and is_valid

    def _is_each_once(self) -> bool:
        seen: dict[str, str] = {}
        before = len(self.errors)
        for n in range(self.count):
            field = self._fields.get(f"c{n}")
            if field is None or not field.data:
                continue
            if field.data in seen:
                self.refuse(f"Select this once: {seen[field.data]} has it already", field.name)
            seen.setdefault(field.data, str(field.label.text))
        return len(self.errors) == before

    def _is_all_there(self) -> bool:
        missing = [one.label for one in self.needed if one.name not in self.mapping]
        if not missing or any(name in self.mapping for name in self.keys):
            return True
        self.refuse(f"Select a column for: {', '.join(missing)}")
        return False


def columns_form(
    header: Sequence[str],
    samples: Mapping[int, Sequence[str]],
    targets: Sequence[Field],
    guesses: Mapping[str, Guess],
) -> ColumnsForm:
    """Return the form that asks what each column means, filled in with what is guessed."""
    choices = [(one.name, _called(one)) for one in targets]
    guessed = {guess.column: (name, guess.why) for name, guess in guesses.items()}
    asked: dict[str, Any] = {}
    for n, name in enumerate(header):
        if not name and not samples.get(n):
            continue
        why = f" Matched by {guessed[n][1]}." if n in guessed else ""
        example = _example(samples.get(n, ()))
        words = f"For example: {example}.{why}" if example else f"Empty.{why}"
        asked[f"c{n}"] = fields.SelectField(
            name or f"Column {n + 1}", choices=choices, description=words, prompt="Leave out"
        )
    needed = [one for one in targets if one.needed]
    about = {
        "count": len(header),
        "needed": needed,
        "keys": [one.name for one in targets if one.is_key],
    }
    form_class = type("Columns", (ColumnsForm,), {**asked, **about})
    data = {f"c{column}": name for column, (name, _) in guessed.items()}
    form: ColumnsForm = form_class(data=data)
    return form


def _called(one: Field) -> str:
    return f"{one.label} (needed)" if one.needed else one.label


class ValuesForm(PortalForm):
    """What values mean that no list has; `values_form` hangs a field for each on a class."""

    asked: Mapping[str, tuple[Field, str]] = {}

    @property
    def meanings(self) -> dict[str, dict[str, str]]:
        """Return the code chosen for each value, by field."""
        found: dict[str, dict[str, str]] = {}
        for name, (field, value) in self.asked.items():
            if self._fields[name].data:
                found.setdefault(field.name, {})[value] = self._fields[name].data
        return found


def values_form(unknown: Mapping[str, tuple[Field, Sequence[str]]]) -> ValuesForm:
    """Return the form that asks what the unknown values of each field mean."""
    asked: dict[str, tuple[Field, str]] = {}
    made: dict[str, Any] = {}
    data: dict[str, str | None] = {}
    for name, (one, values) in unknown.items():
        choices = [(NOTHING, "Leave it out"), *one.choices]
        for n, value in enumerate(values[:MAX_VALUES]):
            key = f"{name}-{n}"
            asked[key] = (one, value)
            words = f"{one.label}: “{value[:80]}”"
            made[key] = fields.SelectField(
                words,
                choices=choices,
                prompt="Leave it as wrong",
                description=one.says_ended(value),
            )
            data[key] = meaning_of(one, value)
    form_class = type("Values", (ValuesForm,), {**made, "asked": asked})
    form: ValuesForm = form_class(data=data)
    return form


class DirectoryForm(PortalForm):
    """What a file of the national directory is, and of which day."""

    report = fields.SelectField(
        "Report",
        choices=[(one.name, f"{one.name}: {one.about}") for one in REPORTS],
        prompt="As the file is called",
        description="A file called ets.csv or epraccur_20260302.csv says it itself.",
    )
    on = fields.DateField(
        "Day whose state it tells",
        [Required("Enter the day whose state it tells"), NotInFuture()],
        what="The day",
        description="The day on which it was downloaded.",
    )
    how = fields.MultiChoiceField(
        "What is special about it (optional)",
        choices=[
            ("part", "It holds only what changed lately"),
            ("smaller", "Far fewer rows than last time are right"),
        ],
    )

    @property
    def said(self) -> dict[str, Any]:
        """Return what is said of how it is read."""
        how = self.how.data or ()
        return {"on": self.on.data, "is_part": "part" in how, "may_shrink": "smaller" in how}


class DirectoryUploadForm(DirectoryForm):
    """A file of the national directory."""

    file = fields.FileField(
        "File of the directory",
        [Required("Select a file of the directory")],
        allowed=ENDINGS,
        max_megabytes=MAX_MEGABYTES,
        description=f"CSV, XLSX, XLS or ODS, up to {MAX_MEGABYTES}MB, as it was downloaded.",
    )


class TreatmentForm(PortalForm):
    """What is done with one row, or all of a verdict."""

    treatment = fields.ChoiceField(
        "What to do with it",
        [RequiredChoice("Select what to do with it")],
        choices=list(Treatment),
        coerce=Treatment,
    )

    def offer(self, verdict: Any) -> "TreatmentForm":
        """Offer what can be done with a row of a verdict."""
        self.treatment.choices = list(OFFERED.get(verdict, ()))
        return self


BEHALF: tuple[Question, ...] = (
    *(ABOUT.question(name) for name in ("name", "summary", "website", "category", "stage")),
    replace(ABOUT.question("nation"), label="Where are they based?"),
    ABOUT.question("ics"),
    *(NEED.question(name) for name in ("need", "care_settings")),
)
"""What is asked about an innovation that staff register for its company."""


def on_behalf_form(by: Actor) -> AnswersForm:
    """Return the form that registers an innovation for its company."""
    more = {
        "organisation": fields.TextField("Who makes it?", [Required("Enter who makes it")]),
        "organisation_kind": fields.ChoiceField(
            "What is it?",
            [RequiredChoice("Select what it is")],
            choices=[(kind.value, kind.label) for kind in MAKERS],
        ),
        "consent": fields.TextField(
            "Who agreed that you register it, and when?",
            [Required("Enter who agreed, and when")],
            description="For example, “Jo Smith, managing director, by email on 3 May 2026”.",
        ),
        "is_another": fields.YesNoField("Is it another one than the record above?"),
        "email": fields.EmailField(
            "Email address of who takes it over (optional)",
            what="The email address",
            description="They are asked to take the record over. Until then "
            f"{by.organisation_name} keeps it.",
        ),
    }
    answers = {"nation": "england"}
    return form_for(BEHALF, answers, version=0, is_final=True, more=more)
