"""What the pages of adoption ask."""

from collections.abc import Sequence
from typing import Any, Self

from portal.adoption.queries.places import PlaceRow, claim_in
from portal.adoption.services.saying import SiteUpdate
from portal.clock import today
from portal.db import id_from
from portal.innovations.forms.places import SITES_LOOKED_UP
from portal.innovations.forms.records import RECORDS_LOOKED_UP
from portal.innovations.models import AdoptionSource, AdoptionState
from portal.reference.models import SiteKind, Vocabulary
from portal.reference.queries import labels_of, terms
from portal.web.fields import (
    ChoiceField,
    DateField,
    FileField,
    LongTextField,
    LookupField,
    MultiChoiceField,
    SelectField,
    TextField,
    YesNoField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.lookup_field import is_looking
from portal.web.validators import NotInFuture, Required, RequiredChoice
from portal.wording import day_words

MAX_MEGABYTES = 2
SAYING = tuple(one for one in AdoptionSource if one is not AdoptionSource.INNOVATOR)


class SayForm(PortalForm):
    """Where does the site stand?"""

    state = SelectField("Stage", [RequiredChoice("Select where the site stands")])
    on = DateField("Since when?", [Required("Enter the day"), NotInFuture()])
    source = SelectField(
        "Who says so?", [RequiredChoice("Select who says so")], choices=list(SAYING)
    )
    reason = SelectField(
        "Why it fell, stopped or was declined (if it did)",
        coerce=int,
    )
    corrects = SelectField(
        "Does this correct a row? (optional)",
        description="The row that was wrong stays in the list, marked as corrected.",
        coerce=int,
    )
    note = LongTextField("Note", rows=2, max_length=500, description="Needed for a correction.")
    is_indicative = YesNoField("Is it still to be checked?", default=False)

    @classmethod
    def for_rows(cls, rows: Sequence[PlaceRow]) -> Self:
        """Return the form, filled in as the innovator says where that waits to be confirmed of the
        place as a whole; what can be corrected are the rows that stand."""
        claim = claim_in(rows)
        said: dict[str, Any] = {"on": today()}
        if claim is not None and not claim.unit:
            said = {"state": claim.state.value, "on": claim.on}
        form = cls(data={"source": AdoptionSource.HIN.value, **said})
        states = terms(Vocabulary.ADOPTION_STAGE)
        labels = labels_of(Vocabulary.ADOPTION_STAGE)
        form.state.choices = [(term.code, label_of(term.code, term.label)) for term in states]
        form.reason.choices = [(t.id, t.label) for t in terms(Vocabulary.ADOPTION_REASON)]
        form.corrects.choices = [
            (one.row.id, f"{labels[one.row.state]}, {day_words(one.row.on)}")
            for one in rows
            if one.is_standing
        ]
        return form

    @property
    def said(self) -> SiteUpdate:
        """Return what was typed."""
        return SiteUpdate(
            state=AdoptionState(self.state.data),
            on=self.on.data,
            source=AdoptionSource(self.source.data),
            reason_id=self.reason.data,
            note=self.note.data,
            is_indicative=bool(self.is_indicative.data),
            corrects_id=self.corrects.data,
        )


def label_of(code: str, label: str) -> str:
    """Return a stage with its number in front, as people say it: "5 Adopted"."""
    return f"{code[-1]} {label}" if code.startswith("STAGE_") else label


class ListForm(PortalForm):
    """Which places could use it?"""

    name = TextField(
        "What are these places?",
        [Required("Enter what these places are")],
        description="For example, trusts with a maternity unit.",
    )
    basis = LongTextField("By which rule were they chosen? (optional)", rows=2, max_length=1000)


class AddKindForm(PortalForm):
    """Add every place of a kind."""

    kind = SelectField(
        "Kind of place", [RequiredChoice("Select a kind of place")], choices=list(SiteKind)
    )
    icss = MultiChoiceField("Only in these ICSs (none means all of England)", coerce=int)
    since = DateField("From", [Required("Enter the day from which they are eligible")])


class AddPlaceForm(PortalForm):
    """Add one place."""

    site = LookupField(
        "Place in the national directory",
        [Required("Enter the place")],
        description="Words of its name, its town or postcode, or its code.",
        **SITES_LOOKED_UP,
    )
    since = DateField("From", [Required("Enter the day from which it is eligible")])

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was chosen; whoever only looks has not finished yet."""
        return not is_looking() and bool(super().validate(extra_validators))


class LeaveOutForm(PortalForm):
    """Say why a place is not eligible."""

    why = TextField("Why can it not use it?", [Required("Enter why it cannot use it")])
    since = DateField("From", [Required("Enter the day from which it is left out")])


class BringBackForm(PortalForm):
    """Say from when a place that was left out is eligible again."""

    since = DateField("From", [Required("Enter the day from which it is eligible again")])


def _product(label: str, *validators: Any) -> LookupField:
    return LookupField(label, list(validators), what=label, **RECORDS_LOOKED_UP)


class GroupForm(PortalForm):
    """Products that do the same."""

    name = TextField("Name of the group", [Required("Enter the name of the group")])
    definition = LongTextField("What do they have in common? (optional)", rows=2, max_length=1000)
    product_1 = _product("First product", Required("Enter the first product"))
    product_2 = _product("Second product", Required("Enter the second product"))
    product_3 = _product("Third product (optional)")
    product_4 = _product("Fourth product (optional)")
    product_5 = _product("Fifth product (optional)")
    product_6 = _product("Sixth product (optional)")
    since = DateField("Since", [Required("Enter the day since which they belong together")])

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was chosen; whoever only looks has not finished yet."""
        return not is_looking() and bool(super().validate(extra_validators))

    @property
    def products(self) -> list[LookupField]:
        """Return the fields of the products."""
        return [self._fields[f"product_{number}"] for number in range(1, 7)]

    @property
    def members(self) -> list[int]:
        """Return the numbers of the records that were chosen, each once."""
        chosen = (id_from(field.data or "") for field in self.products)
        return list(dict.fromkeys(number for number in chosen if number is not None))


class CohortForm(PortalForm):
    """Keep the sites of a number under a name."""

    name = TextField("Name of the cohort", [Required("Enter the name of the cohort")])
    definition = LongTextField("Which sites are they? (optional)", rows=2, max_length=1000)


class SheetForm(PortalForm):
    """The frame of a sheet: its rows are fields of their own names."""


class SendForm(VersionedForm):
    """Send a sheet."""


class ReviewForm(VersionedForm):
    """Accept a sheet, or ask about it."""

    verdict = ChoiceField(
        "What do you decide?",
        [RequiredChoice("Select what you decide")],
        choices=[("accept", "Accept it"), ("ask", "Ask the network to look again")],
    )
    words = LongTextField("What should they look at? (if you ask)", rows=3, max_length=1000)


class UploadForm(PortalForm):
    """The sheet as a workbook."""

    file = FileField(
        "The filled-in workbook",
        [Required("Select the filled-in workbook")],
        description=f"XLSX, up to {MAX_MEGABYTES}MB: the file that this page gives.",
        allowed=("xlsx",),
        max_megabytes=MAX_MEGABYTES,
    )
