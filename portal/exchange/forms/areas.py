"""What an area's people are asked for its page: one form for each kind of fact."""

from portal.exchange.models.areas import AreaFact, FactKind
from portal.exchange.rules.areas import ASKED, FactText, said_by
from portal.web.fields import DecimalField, LongTextField, PartialDateField, TextField, WebsiteField
from portal.web.forms import VersionedForm
from portal.web.validators import IMPERSONAL, Required


class FactForm(VersionedForm):
    """A fact of any kind; the kinds below ask for less or more."""

    kind: FactKind

    def said(self) -> FactText:
        """Return what was said."""
        typed = {name: self[name].data for name in ASKED[self.kind]}
        return FactText(**{name: value for name, value in typed.items() if value not in (None, "")})


class StrategyForm(FactForm):
    """A strategy with its horizon."""

    kind = FactKind.STRATEGY
    words = TextField(
        "What is the strategy called?",
        [Required("Enter what the strategy is called"), *IMPERSONAL],
        what="Its name",
    )
    more = LongTextField(
        "What is it about? (optional)",
        IMPERSONAL,
        what="What it is about",
        max_length=1_000,
        rows=3,
    )
    state = TextField(
        "Where does it stand? (optional)",
        IMPERSONAL,
        what="Where it stands",
        description="For example, published, under review or running",
    )
    begins = PartialDateField(
        "From when? (optional)", what="The beginning", description="For example, 2026, or 4 2026"
    )
    ends = PartialDateField(
        "Until when? (optional)", what="The end", description="For example, 2030"
    )
    link = WebsiteField("Where is it published? (optional)", what="Where it is published")
    partners = TextField("Who takes part? (optional)", IMPERSONAL, what="Who takes part")
    note = TextField("What is unsure? (optional)", IMPERSONAL, what="What is unsure")


class PriorityForm(FactForm):
    """One priority."""

    kind = FactKind.PRIORITY
    words = TextField(
        "What is the priority?",
        [Required("Enter the priority"), *IMPERSONAL],
        what="The priority",
        description="One line. Each priority stands on its own.",
    )


class ProjectForm(FactForm):
    """A piece of work, with a number where there is one."""

    kind = FactKind.PROJECT
    words = TextField(
        "What is the work called?",
        [Required("Enter what the work is called"), *IMPERSONAL],
        what="Its name",
        description="Several numbers of one work stand together if its name is the same",
    )
    more = LongTextField(
        "What is done? (optional)", IMPERSONAL, what="What is done", max_length=1_000, rows=3
    )
    value = DecimalField("A number that shows how far it has come (optional)", what="The number")
    qualifier = TextField(
        "Is it exact? (optional)",
        IMPERSONAL,
        what="Whether it is exact",
        description="If it is not, for example: about, more than",
    )
    unit = TextField(
        "Its unit (optional)",
        IMPERSONAL,
        what="The unit",
        description="For example, people, practices or %",
    )
    counts = TextField(
        "What does the number count? (optional)",
        IMPERSONAL,
        what="What the number counts",
        description="For example, people admitted",
    )
    period = TextField(
        "Over what period, or as at which day? (optional)", IMPERSONAL, what="The period"
    )
    partners = TextField(
        "Who takes part? (optional)",
        IMPERSONAL,
        what="Who takes part",
        description="Organisations, not people",
    )
    link = WebsiteField("Where can one read more? (optional)", what="The web address")
    note = TextField(
        "What does the number leave out, or what is unsure? (optional)",
        IMPERSONAL,
        what="What is left out",
    )


class WithdrawForm(VersionedForm):
    """Nothing but the version that was seen."""


FORMS: dict[FactKind, type[FactForm]] = {
    form.kind: form for form in (StrategyForm, PriorityForm, ProjectForm)
}


def form_for(kind: FactKind, fact: AreaFact | None = None) -> FactForm:
    """Return the form of a kind, filled in with what a fact says now."""
    if fact is None:
        new = FORMS[kind]()
        del new.version  # there is nothing yet that somebody else may change
        return new
    said = said_by(fact)
    return FORMS[kind](
        data={"version": fact.version, **{name: getattr(said, name) for name in ASKED[kind]}}
    )
