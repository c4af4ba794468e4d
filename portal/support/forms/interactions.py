"""What is asked of an interaction: one short form, used to log, to change and to correct."""

from collections.abc import Sequence
from typing import Any

from wtforms.validators import ValidationError

from portal.accounts.models import Actor
from portal.accounts.queries.acting import staff
from portal.clock import now, today
from portal.figures.queries import frozen_by
from portal.reference.models import Vocabulary
from portal.reference.queries import terms
from portal.reference.rules import Quarter
from portal.support.models import Engagement, Interaction, InteractionKind
from portal.support.rules.interactions import (
    MAX_MINUTES,
    MINUTE_STEP,
    USUAL_MINUTES,
    counting_quarter,
    hours_words,
)
from portal.support.services.interactions import InteractionDetails
from portal.web.fields import (
    ChoiceField,
    ConfirmField,
    DateField,
    HiddenField,
    LongTextField,
    MultiChoiceField,
    SelectField,
    TextField,
)
from portal.web.forms import VersionedForm
from portal.web.validators import NotInFuture, Required, RequiredChoice

NETWORK, SIDE = "network", "side"
READERS = [
    (NETWORK, "Only our network", "It still counts in the figures"),
    (SIDE, "The innovator’s side and all staff", "Nobody outside them"),
]
ONE_A_LINE = "One on each line."


class InteractionForm(VersionedForm):
    """An interaction: the first six answers are all that most need."""

    kind = SelectField(
        "Kind of interaction",
        [RequiredChoice("Select the kind of interaction")],
        choices=[(kind.value, kind.label) for kind in InteractionKind],
        coerce=InteractionKind,
    )
    minutes = SelectField(
        "How long",
        [RequiredChoice("Select how long it took")],
        choices=[(n, hours_words(n)) for n in range(MINUTE_STEP, MAX_MINUTES + 1, MINUTE_STEP)],
        coerce=int,
    )
    on = DateField("Day", [Required("Enter the day"), NotInFuture()], what="The day")
    kinds = MultiChoiceField(
        "Kind of support", [RequiredChoice("Select the kind of support")], coerce=int
    )
    note = LongTextField("Note (optional)", rows=3)
    readers = ChoiceField(
        "Who may read it?",
        [RequiredChoice("Select who may read it")],
        choices=READERS,
    )
    next_step = TextField("Next step (optional)")
    next_on = DateField("Day of the next step (optional)", what="The day of the next step")
    colleagues = MultiChoiceField("Colleagues who took part (optional)", coerce=int)
    people = LongTextField(
        "Others who took part (optional)",
        description=f"Names and roles. {ONE_A_LINE}",
        rows=2,
        max_length=1000,
    )
    organisations = LongTextField(
        "Organisations that took part (optional)",
        description=ONE_A_LINE,
        rows=2,
        max_length=1000,
    )
    title = TextField("Name of the event (optional)", what="The name of the event")
    back = HiddenField()
    late_known = HiddenField()
    """The day of which the person was told that it counts as a late entry."""

    MORE = ("next_step", "next_on", "colleagues", "people", "organisations", "title")
    """What is folded away until it is needed."""

    def __init__(self, by: Actor, shown: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(data=shown, **kwargs)
        self.kinds.choices = [(t.id, t.label) for t in terms(Vocabulary.SUPPORT_KIND)]
        others = [person for person in staff(by.hin_id) if person.id != by.user_id]
        self.colleagues.choices = [(person.id, person.name) for person in others]
        if not others:
            del self.colleagues

    def validate_on(self, field: DateField) -> None:
        """Say once, before it is saved, that a day of a frozen quarter makes a late entry."""
        day = field.data
        if day is None or self.late_known.data == day.isoformat():
            return
        quarter = Quarter.of(day)
        if counting_quarter(day, today(), frozen_by(now())) == quarter.first:
            return
        self.late_known.data = day.isoformat()
        raise ValidationError(
            f"The figures of {quarter.label} are frozen. Saved as it is, this counts as a late "
            f"entry in {Quarter.of(today()).label}: save it again, or change the day"
        )

    @property
    def opens(self) -> bool:
        """Whether anything folded away was answered, or has an error."""
        fields = [self._fields[name] for name in self.MORE if name in self._fields]
        return any(field.errors or not field.is_blank for field in fields)

    @property
    def details(self) -> InteractionDetails:
        """Return what was said, as the services take it."""
        colleagues = self.colleagues.data if "colleagues" in self else None
        return InteractionDetails(
            kind=self.kind.data,
            on=self.on.data,
            minutes=self.minutes.data,
            kind_ids=self.kinds.data or [],
            note=self.note.data or "",
            next_step=self.next_step.data or "",
            next_on=self.next_on.data,
            is_private=self.readers.data != SIDE,
            title=self.title.data or "",
            colleague_ids=colleagues or [],
            people=_lines(self.people.data),
            organisations=_lines(self.organisations.data),
        )


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def usual(kind_ids: Sequence[int], back: str) -> dict[str, Any]:
    """Return what the form offers first: a call of half an hour today, for the network only."""
    return {
        "kind": InteractionKind.CALL,
        "minutes": USUAL_MINUTES,
        "on": today(),
        "kinds": list(kind_ids),
        "readers": NETWORK,
        "back": back,
        "version": 0,
    }


def as_logged(interaction: Interaction) -> dict[str, Any]:
    """Return what the form shows of an interaction that is there."""
    names = ("kind", "minutes", "on", "note", "next_step", "next_on", "title", "version")
    return {
        **{name: getattr(interaction, name) for name in names},
        "kinds": [term.id for term in interaction.kinds],
        "readers": NETWORK if interaction.is_private else SIDE,
        "colleagues": [p.user_id for p in interaction.participants if p.user_id],
        "people": "\n".join(
            p.name for p in interaction.participants if not p.user_id and not p.is_organisation
        ),
        "organisations": "\n".join(p.name for p in interaction.participants if p.is_organisation),
        "is_void": interaction.is_void,
    }


class EventForm(InteractionForm):
    """An interaction about several innovations: an event, a workshop, a shared call."""

    find = TextField(
        "Find innovations (optional)",
        description="Part of a name, of the innovation or its organisation. Those that you chose "
        "stay chosen.",
    )
    engagements = MultiChoiceField(
        "Which innovations took part?",
        [RequiredChoice("Select at least one innovation")],
        description="The hours are counted once and shared among them.",
        coerce=int,
    )

    def __init__(
        self, by: Actor, shown: dict[str, Any], found: Sequence[Engagement], **kwargs: Any
    ) -> None:
        super().__init__(by, shown, **kwargs)
        self.engagements.choices = [
            (e.id, e.innovation.name, e.innovation.organisation.name) for e in found
        ]


class EditForm(InteractionForm):
    """Change an interaction, or withdraw it, while its quarter lasts."""

    is_void = ConfirmField("It did not happen: count it nowhere")


class CorrectForm(EditForm):
    """Put another entry in the place of one whose quarter is over."""

    why = LongTextField(
        "Why is it corrected?", [Required("Enter why it is corrected")], rows=2, max_length=1000
    )


class CarryOnForm(VersionedForm):
    """Why it goes on at a level whose hours are spent."""

    why = LongTextField(
        "Why do you carry on at this level?",
        [Required("Enter why you carry on at this level")],
        description="Only staff read this.",
        rows=3,
    )
