"""What is asked to set a programme up."""

from collections.abc import Sequence
from typing import Any

from portal.accounts.models import User
from portal.adoption.models import Cohort, EligibleList
from portal.clock import today
from portal.innovations.forms.records import RECORDS_LOOKED_UP
from portal.programmes.models import ProductRole, Programme, ProgrammeKind
from portal.reference.models import Hin, Term
from portal.web.fields import (
    ChoiceField,
    ConfirmField,
    DateField,
    HiddenField,
    LongTextField,
    LookupField,
    MultiChoiceField,
    SelectField,
    TextField,
    WebsiteField,
    WholeNumberField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.lookup_field import is_looking
from portal.web.validators import Required, RequiredChoice

NAMES = (
    *("name", "kind", "parent_id", "from_year", "to_year", "commissioner", "led_by"),
    *("lead_hin_id", "partners", "spreads", "people_meant", "goal", "cohort", "is_public"),
    "names_sites",
)
FIRST_YEAR = 2013
YEARS_AHEAD = 20


class ProgrammeForm(VersionedForm):
    """The facts of a programme."""

    name = TextField("Name", [Required("Enter the name")], max_length=150)
    kind = SelectField(
        "Kind", [RequiredChoice("Select a kind")], choices=list(ProgrammeKind), coerce=ProgrammeKind
    )
    parent_id = SelectField("Part of (optional)", coerce=int, prompt="Of no other programme")
    from_year = WholeNumberField(
        "First financial year",
        [Required("Enter the first year")],
        minimum=FIRST_YEAR,
        description="The calendar year of its April: 2026 for 2026/27.",
        what="The first year",
    )
    to_year = WholeNumberField(
        "Last financial year (optional)",
        minimum=FIRST_YEAR,
        description="The calendar year of its April. Leave blank while no end is set.",
        what="The last year",
    )
    spreads = LongTextField(
        "What does it spread?",
        [Required("Enter what it spreads")],
        description="In plain words. Products are added on the next page.",
        rows=3,
        max_length=1000,
    )
    people_meant = TextField("For whom? (optional)", description="For example: aged 16 to 25.")
    goal = LongTextField("What is it to reach? (optional)", rows=3, max_length=1000)
    settings = MultiChoiceField("Care settings (optional)", coerce=int)
    commissioner = TextField("Who commissions it? (optional)")
    led_by = TextField("Who leads it nationally? (optional)")
    lead_hin_id = SelectField("Lead network (optional)", coerce=int, prompt="No network leads it")
    partners = TextField("Partners (optional)", max_length=500)
    cohort = TextField(
        "Over which sites are its figures counted? (optional)",
        description="Only where it is not all of them. For example: sites live since April 2026.",
    )
    is_public = ConfirmField(
        "Anybody may read this programme (what each network did is for signed-in people)"
    )

    names_sites = ConfirmField("Whoever reads it may also read which place stands at which stage")

    def __init__(self, row: Programme | None, **kwargs: Any) -> None:
        shown: dict[str, Any] = {"version": 0}
        if row is not None:
            shown = {name: getattr(row, name) for name in ("version", *NAMES)}
            shown["settings"] = [term.id for term in row.settings]
        super().__init__(data=shown, **kwargs)
        last = today().year + YEARS_AHEAD
        self.from_year.maximum = self.to_year.maximum = last

    def offer(
        self, programmes: Sequence[Programme], hins: Sequence[Hin], settings: Sequence[Term]
    ) -> None:
        """Offer these to be chosen."""
        self.parent_id.choices = [(one.id, one.name) for one in programmes]
        self.lead_hin_id.choices = [(one.id, one.name) for one in hins]
        self.settings.choices = [(one.id, one.label) for one in settings]

    @property
    def values(self) -> dict[str, Any]:
        """Return the columns as the service takes them."""
        return {name: self._fields[name].data for name in NAMES}


class ProductForm(PortalForm):
    """A product that a programme spreads, or has another use for."""

    name = TextField(
        "Product", [Required("Enter the name of the product")], description="As sites call it."
    )
    supplier = TextField("Supplier (optional)")
    innovation = LookupField(
        "Its record on the pipeline (optional)",
        description="Words of its name. How far it has spread is counted by the record.",
        what="Record",
        **RECORDS_LOOKED_UP,
    )
    role = ChoiceField(
        "What is it to the programme?",
        [RequiredChoice("Select what it is to the programme")],
        choices=list(ProductRole),
        coerce=ProductRole,
    )
    from_on = DateField("First day in the programme (optional)", what="The first day")
    to_on = DateField("Last day (optional)", what="The last day")
    note = LongTextField("Note (optional)", rows=2, max_length=500)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was chosen; whoever only looks has not finished yet."""
        return not is_looking() and bool(super().validate(extra_validators))


class ResourceForm(PortalForm):
    """A toolkit, guidance, film or dashboard."""

    title = TextField("Title", [Required("Enter the title")], max_length=150)
    maker = TextField("Who made it? (optional)")
    link = WebsiteField("Web address (optional)")
    note = LongTextField("Note (optional)", rows=2, max_length=500)


class ListForm(PortalForm):
    """Over which places the programme counts how far a product has spread."""

    list_id = SelectField(
        "Which places could use it?",
        [RequiredChoice("Select a list of places")],
        coerce=int,
        prompt="Select a list",
        description="Lists of the records that are products here, and of groups they belong to.",
    )
    cohort_id = SelectField(
        "Only a cohort of them? (optional)", coerce=int, prompt="All places of the list"
    )

    def offer(self, lists: Sequence[EligibleList], cohorts: Sequence[Cohort]) -> None:
        """Offer these to be chosen."""
        self.list_id.choices = [(one.id, f"{one.subject_name}: {one.name}") for one in lists]
        self.cohort_id.choices = [(one.id, one.name) for one in cohorts]


class LeadForm(PortalForm):
    """Who leads a programme in the network."""

    user_id = SelectField(
        "Who leads it in your network?", coerce=int, prompt="Nobody for now", what="Lead person"
    )
    seen = HiddenField()

    def offer(self, people: Sequence[User]) -> None:
        """Offer the people of the network."""
        self.user_id.choices = [(one.id, one.name) for one in people]
