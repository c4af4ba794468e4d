"""What the steps of an import ask, and the page that registers for a company."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import Any

from portal.accounts.models import Actor
from portal.imports.models import ImportMemory, Treatment
from portal.imports.policy import MAKERS
from portal.imports.rules.mapping import NOTHING, Field, Guess, likely_table, meaning_of
from portal.imports.rules.remembered import ended_words_of
from portal.imports.services.rows import OFFERED, treatment_words
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
        # Each row is told by what it says in the sheet that is chosen, as far as that has it.
        names.sort(key=lambda name: (name or "-") == self.sheet.data)
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
    def lacking(self) -> list[str]:
        """Return what is needed and has no column yet; nothing where a column says which record a
        row means, which may have only what it changes."""
        mapping = self.mapping
        if any(name in mapping for name in self.keys):
            return []
        return [one.label for one in self.needed if one.name not in mapping]

    @property
    def left_out(self) -> list[str]:
        """Return the names of the columns for which nothing is chosen."""
        asked = (self[f"c{n}"] for n in range(self.count) if f"c{n}" in self)
        return [str(field.label.text) for field in asked if not field.data]

    @property
    def mapping(self) -> dict[str, int]:
        """Return the column of each field that one was chosen for."""
        chosen = [(self._fields[f"c{n}"].data, n) for n in range(self.count) if f"c{n}" in self]
        return {name: column for name, column in chosen if name}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that no field has two columns, and that what is needed has one."""
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
        missing = self.lacking
        if missing:
            self.refuse(f"Select a column for: {', '.join(missing)}")
        return not missing


def columns_form(
    header: Sequence[str],
    samples: Mapping[int, Sequence[str]],
    targets: Sequence[Field],
    guesses: Mapping[str, Guess],
    left_out: Container[int] = (),
) -> ColumnsForm:
    """Return the form that asks what each column means, filled in with what is guessed; `left_out`
    are the columns that a person left out of the last file."""
    choices = [(one.name, _called(one)) for one in targets]
    guessed = {guess.column: (name, guess.why) for name, guess in guesses.items()}
    asked: dict[str, Any] = {}
    for n, name in enumerate(header):
        if not name and not samples.get(n):
            continue
        why = f" Matched {guessed[n][1]}." if n in guessed else ""
        why = why or (" Left out as last time." if n in left_out else "")
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


Asked = Mapping[str, tuple[Field, Mapping[str, str]]]
"""Values of each field, as the file writes them, with the code that each had: "" for none."""


class ValuesForm(PortalForm):
    """What values mean that no list has; `values_form` hangs a field for each on a class."""

    asked: Mapping[str, tuple[Field, str]] = {}
    said: frozenset[str] = frozenset()
    """The fields of values of which somebody said before what they mean."""

    @property
    def meanings(self) -> dict[str, dict[str, str]]:
        """Return the code chosen for each value, by field; "" where one had a code and is to be
        wrong again."""
        found: dict[str, dict[str, str]] = {}
        for name, (field, value) in self.asked.items():
            if self._fields[name].data or name in self.said:
                found.setdefault(field.name, {})[value] = self._fields[name].data or ""
        return found


def values_form(unknown: Asked, said: Asked) -> ValuesForm:
    """Return the form that asks what the unknown values of each field mean, and shows what was said
    of others; of an unknown one the code that it had is there no longer."""
    asked: dict[str, tuple[Field, str]] = {}
    made: dict[str, Any] = {}
    data: dict[str, str | None] = {}
    for is_said, values_of in ((False, unknown), (True, said)):
        for name, (one, values) in values_of.items():
            for n, (value, code) in enumerate([*values.items()][:MAX_VALUES]):
                key = f"{name}-{'said-' if is_said else ''}{n}"
                asked[key] = (one, value)
                made[key] = _meaning_field(one, value, "" if is_said else code)
                data[key] = code if is_said else meaning_of(one, value)
    known = frozenset(key for key in asked if "-said-" in key)
    form_class = type("Values", (ValuesForm,), {**made, "asked": asked, "said": known})
    form: ValuesForm = form_class(data=data)
    return form


def _meaning_field(one: Field, value: str, before: str) -> fields.SelectField:
    return fields.SelectField(
        f"{one.label}: “{value[:80]}”",
        choices=[(NOTHING, "Leave it out"), *one.choices],
        prompt="Leave it as wrong",
        description=one.says_ended(value) or (ended_words_of(one, before) if before else ""),
    )


def remembered_form(row: ImportMemory, targets: Sequence[Field]) -> PortalForm:
    """Return the form that asks what a header or value is to mean in the next file."""
    one = next((target for target in targets if target.name == row.field), None)
    if one is None:
        asked: Any = fields.SelectField(
            "It means", choices=[(t.name, t.label) for t in targets], prompt="Leave the column out"
        )
    else:
        asked = fields.SelectField(
            "It means",
            [RequiredChoice("Select what it means")],
            choices=[(NOTHING, "Leave it out"), *one.choices],
        )
    form: PortalForm = type("Remembered", (PortalForm,), {"meaning": asked})(
        data={"meaning": row.meaning}
    )
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
        offered = OFFERED.get(verdict, ())
        self.treatment.choices = [(one, treatment_words(verdict, one)) for one in offered]
        return self


BEHALF: tuple[Question, ...] = (
    *(ABOUT.question(name) for name in ("name", "summary", "website", "category", "stage")),
    replace(ABOUT.question("nation"), label="Where are they based?"),
    replace(ABOUT.question("ics"), hint="Leave it empty if you do not know."),
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
    form = form_for(BEHALF, answers, version=0, is_final=True, more=more)
    # Errors are told in the order in which the page asks.
    first = ["organisation", "organisation_kind", *(question.name for question in BEHALF)]
    asked = [*first, *(name for name in form._fields if name not in first)]
    form._fields = type(form._fields)((name, form._fields[name]) for name in asked)
    return form
