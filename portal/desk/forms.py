"""What is asked when something is done with many cases: who leads them, what is written."""

from collections.abc import Iterable, Sequence
from typing import Any

from portal.db import id_from
from portal.desk.models import MessageTemplate
from portal.desk.queries.queues import Load
from portal.desk.rules import PLACEHOLDERS, MessageText, placeholder_words
from portal.support.forms import staff_choices
from portal.support.models import Engagement
from portal.support.rules.interactions import hours_words
from portal.web.fields import (
    ChoiceField,
    DateField,
    HiddenField,
    LongTextField,
    MultiChoiceField,
    SelectField,
    TextField,
    WholeNumberField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import NotInPast, Required, RequiredChoice

FILLED = f"Filled in for each innovation: {placeholder_words(PLACEHOLDERS)}."


class ChosenForm(PortalForm):
    """Some of the cases of the actor's HIN."""

    engagements = MultiChoiceField(
        "Innovations", [RequiredChoice("Select at least one innovation")], coerce=int
    )

    def __init__(self, found: Sequence[Engagement], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.engagements.choices = [
            (e.id, e.innovation.name, e.innovation.organisation.name) for e in found
        ]
        if not self.is_submitted():
            self.engagements.data = [engagement.id for engagement in found]


class AssignForm(ChosenForm):
    """Who leads them; `seen` carries the versions that were shown."""

    when_outdated = (
        "Nothing was changed. The list is as it is now: if it should stand after all, send it"
        " again."
    )

    lead = ChoiceField("Lead person", [RequiredChoice("Select a lead person")], coerce=int)
    seen = HiddenField()

    def __init__(self, found: Sequence[Engagement], loads: Iterable[Load], **kwargs: Any) -> None:
        super().__init__(found, **kwargs)
        self.lead.choices = [(one.person.id, one.person.name, load_words(one)) for one in loads]
        if not self.is_submitted():
            self.show_versions(found)

    def show_versions(self, engagements: Iterable[Engagement]) -> None:
        """Carry the versions that the page shows now."""
        self.seen.data = ",".join(f"{e.id}:{e.version}" for e in engagements)

    @property
    def versions(self) -> dict[int, int]:
        """Return the versions that were shown, by the engagement's id."""
        pairs = (part.partition(":") for part in (self.seen.data or "").split(","))
        found = [(id_from(number), id_from(version)) for number, _, version in pairs]
        return {number: version for number, version in found if number and version}


def load_words(load: Load) -> str:
    """Return a person's load in words: "12 of 15 cases, 3 undecided, 1 overdue; …"."""
    full = f" of {load.full}" if load.full is not None else ""
    words = f"{load.cases}{full} cases, {load.undecided} undecided, {load.overdue} overdue"
    left = f"; {hours_words(load.hours_left)} left at levels 1 and 2" if load.hours_left else ""
    return f"{'Full: ' if load.is_full else ''}{words}{left}"


class MessageForm(ChosenForm):
    """A subject and a body with placeholders."""

    subject = TextField("Subject", [Required("Enter a subject")], max_length=150)
    body = LongTextField(
        "Message", [Required("Enter a message")], description=FILLED, rows=10, max_length=4000
    )

    @property
    def words(self) -> MessageText:
        """Return them as the services take them."""
        return MessageText(self.subject.data or "", self.body.data or "")


class TemplateForm(VersionedForm):
    """A message to be used again."""

    name = TextField("Name of the template", [Required("Enter a name")], max_length=80)
    subject = TextField("Subject", [Required("Enter a subject")], max_length=150)
    body = LongTextField(
        "Message", [Required("Enter a message")], description=FILLED, rows=10, max_length=4000
    )

    def __init__(self, template: MessageTemplate | None = None, **kwargs: Any) -> None:
        shown = {"version": 0} if template is None else None
        super().__init__(obj=template, data=shown, **kwargs)

    @property
    def words(self) -> MessageText:
        """Return them as the services take them."""
        return MessageText(self.subject.data or "", self.body.data or "")


class CapacityForm(PortalForm):
    """How many open cases are a full load for a person."""

    person = SelectField("Person", [RequiredChoice("Select a person")], coerce=int)
    cases = WholeNumberField(
        "How many open cases are a full load?",
        [Required("Enter how many open cases are a full load")],
        what="The number of cases",
    )
    valid_from = DateField(
        "From which day? (optional)",
        [NotInPast()],
        description="From today when you leave it empty.",
        what="The day",
    )

    def __init__(self, people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.person.choices = list(people)


class LeadForm(VersionedForm):
    """Another lead person."""

    lead = SelectField("Lead person", [RequiredChoice("Select a lead person")], coerce=int)

    def __init__(self, engagement: Engagement, **kwargs: Any) -> None:
        data = {"version": engagement.version, "lead": engagement.lead_id}
        super().__init__(data=data, **kwargs)
        self.lead.choices = staff_choices(engagement)
