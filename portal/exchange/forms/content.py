"""What is asked of an item: what is asked of all, then the questions of its kind."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from wtforms.validators import StopValidation

from portal.db import id_from
from portal.exchange.models import ContentItem, ContentKind, Licence
from portal.exchange.queries import about
from portal.exchange.rules.kinds import Question, kind_of
from portal.exchange.rules.writing import ItemDetails, written_last
from portal.innovations.forms.places import SITES_LOOKED_UP
from portal.reference.models import Hin, Ics, Term
from portal.text import without_thousands
from portal.web.fields import (
    ChoiceField,
    DateField,
    DocumentField,
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
from portal.web.validators import (
    FewLinks,
    NoPersonalDetail,
    NotInPast,
    Required,
    RequiredChoice,
)

ZONES = (
    ("Europe/London", "United Kingdom"),
    ("Europe/Paris", "Central Europe"),
    ("America/New_York", "United States, east"),
    ("America/Toronto", "Canada, east"),
    ("Asia/Kolkata", "India"),
    ("Australia/Sydney", "Australia, east"),
    ("UTC", "Coordinated Universal Time"),
)
"""The time zones in which partners abroad hold events."""
_CLOCK = re.compile(r"(?P<hour>[01]?[0-9]|2[0-3])[:.](?P<minute>[0-5][0-9])")
MARKDOWN = "Leave a line between paragraphs. “- ” begins an item of a list, “### ” a heading."
ANSWER = "answer_"
"""What the field of a question begins with."""


class KindForm(PortalForm):
    """What is written?"""

    kind = ChoiceField(
        "What do you want to publish?",
        [RequiredChoice("Select what you want to publish")],
        choices=list(ContentKind),
        coerce=ContentKind,
    )


class ClockField(TextField):
    """A time of day, kept as "14:30"."""

    def check(self) -> None:
        """Accept hours and minutes of the 24-hour clock."""
        found = _CLOCK.fullmatch(self.data)
        if found is None:
            raise StopValidation(f"{self.what} must be a time of day, like 14:30")
        self.data = f"{int(found['hour']):02}:{found['minute']}"


class ContentForm(VersionedForm):
    """What is asked of every item."""

    title = TextField("Title", [Required("Enter the title"), NoPersonalDetail()], max_length=150)
    summary = LongTextField(
        "Summary",
        [NoPersonalDetail()],
        description="Two sentences: what it is, and what a reader gets from it.",
        rows=3,
        max_length=400,
    )
    hin_id = SelectField(
        "Whose is it?", coerce=int, description="Leave it empty for the networks together."
    )
    ics_id = SelectField("Integrated care system (optional)", coerce=int)
    topics = MultiChoiceField("Topics (optional)", coerce=int, small=True)
    innovation = LookupField(
        "Innovation (optional)",
        description="The name of a record that everybody may read.",
        find=about.records_like,
        named=about.record_named,
        known=about.record_name,
        what="Innovation",
    )
    challenge = LookupField(
        "Challenge (optional)",
        description="The title of a challenge that everybody may read.",
        find=about.challenges_like,
        named=about.challenge_named,
        known=about.challenge_title,
        what="Challenge",
    )
    programme_id = SelectField("Programme (optional)", coerce=int)
    licence = SelectField(
        "How may others use it?",
        [RequiredChoice("Select how others may use it")],
        choices=list(Licence),
        coerce=Licence,
    )
    source = TextField(
        "Source (optional)",
        [NoPersonalDetail()],
        description="Where its facts are from.",
        max_length=300,
    )
    review_on = DateField(
        "When is it looked at again? (optional)",
        [NotInPast()],
        description="A year after it is written, if you leave it empty.",
        what="The day",
    )

    def offer(
        self,
        *,
        networks: Sequence[Hin],
        systems: Sequence[Ics],
        terms: Sequence[Term],
        programmes: Sequence[tuple[int, str]],
        own: int | None,
    ) -> None:
        """Name what can be chosen; `own` is the network of who writes, if they are of one."""
        self.hin_id.choices = [
            (one.id, one.name) for one in networks if own is None or own == one.id
        ]
        self.ics_id.choices = [(one.id, one.name) for one in systems]
        self.topics.choices = [(one.id, one.label) for one in terms]
        self.programme_id.choices = list(programmes)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was typed; whoever only looks for a name has not finished yet."""
        return not is_looking() and bool(super().validate(extra_validators))

    def written(self, kind: ContentKind, site_ids: Sequence[int] = ()) -> ItemDetails:
        """Return what was written; `site_ids` are the places, which have a page of their own."""
        begins, ends = self._times()
        return ItemDetails(
            title=self.title.data or "",
            summary=self.summary.data or "",
            answers={
                one.code: str(self[f"{ANSWER}{one.code}"].data or "")
                for one in kind_of(kind).questions
            },
            link=self._of("link") or "",
            opens_on=self._of("opens_on"),
            closes_on=self._of("closes_on"),
            starts_at=begins,
            ends_at=ends,
            time_zone=self._of("time_zone") or "Europe/London",
            hin_id=self.hin_id.data or None,
            ics_id=self.ics_id.data or None,
            innovation_id=id_from(self.innovation.data or ""),
            challenge_id=id_from(self.challenge.data or ""),
            programme_id=self.programme_id.data or None,
            licence=self.licence.data or Licence.OGL,
            source=self.source.data or "",
            review_on=self.review_on.data,
            term_ids=self.topics.data or [],
            site_ids=site_ids,
        )

    def _of(self, name: str) -> Any:
        return self[name].data if name in self else None

    def _times(self) -> tuple[datetime | None, datetime | None]:
        zone = self._of("time_zone") or "Europe/London"
        begins = _moment(self._of("starts_on"), self._of("starts_clock"), zone)
        ends = _moment(self._of("ends_on") or self._of("starts_on"), self._of("ends_clock"), zone)
        return begins, ends if ends and begins and ends > begins else None


def _moment(day: date | None, clock: str | None, zone: str) -> datetime | None:
    """Return the moment of a day and a time of day in a zone, in UTC; None where either lacks."""
    if day is None or not clock:
        return None
    hour, _, minute = clock.partition(":")
    local = datetime.combine(day, time(int(hour), int(minute)), ZoneInfo(zone))
    return local.astimezone(UTC)


def _field(one: Question) -> Any:
    label = one.label if one.is_needed else f"{one.label} (optional)"
    if one.is_link:
        return WebsiteField(label, description=one.hint)
    if one.is_number:
        return WholeNumberField(label, description=one.hint)
    rules = [] if one.is_contact else [NoPersonalDetail()]
    told: dict[str, Any] = {"description": one.hint, "max_length": one.max_length}
    if one.is_long:
        told["description"] = f"{one.hint}. {MARKDOWN}".removeprefix(". ").replace("..", ".")
        return LongTextField(label, [*rules, FewLinks(10)], rows=6, **told)
    return TextField(label, rules, **told)


def _dates() -> dict[str, Any]:
    return {
        "opens_on": DateField("First day (optional)"),
        "closes_on": DateField("Last day to apply"),
    }


def _times() -> dict[str, Any]:
    return {
        "starts_on": DateField("Day"),
        "starts_clock": ClockField("Begins at", description="For example: 14:30", width=5),
        "ends_on": DateField("Last day (optional)", description="If it is another one."),
        "ends_clock": ClockField("Ends at (optional)", width=5),
        "time_zone": SelectField("In which time zone?", choices=ZONES),
    }


@cache
def form_class(kind: ContentKind) -> type[ContentForm]:
    """Return the form of a kind: what is asked of all, and its own questions."""
    asked = kind_of(kind)
    fields: dict[str, Any] = {}
    if asked.has_link:
        fields["link"] = WebsiteField(asked.link_label)
    fields |= _dates() if asked.has_dates else {}
    fields |= _times() if asked.has_times else {}
    fields |= {f"{ANSWER}{one.code}": _field(one) for one in asked.questions}
    name = f"{kind.name.title().replace('_', '')}Form"
    return type(name, (ContentForm,), {**fields, "__doc__": f"What is asked of: {kind.label}."})


def form_of(kind: ContentKind, item: ContentItem | None, hin_id: int | None) -> ContentForm:
    """Return the form of a kind, filled in with what an item says, or what waits of it."""
    if item is None:
        data: dict[str, Any] = {"hin_id": hin_id, "licence": Licence.OGL, "review_on": None}
        return form_class(kind)(data=data)
    return form_class(kind)(data=_filled(written_last(item), item))


def _filled(written: ItemDetails, item: ContentItem) -> dict[str, Any]:
    zone = ZoneInfo(written.time_zone)
    begins = written.starts_at.astimezone(zone) if written.starts_at else None
    ends = written.ends_at.astimezone(zone) if written.ends_at else None
    same = ("title", "summary", "link", "opens_on", "closes_on", "time_zone", "hin_id", "ics_id")
    also = ("programme_id", "licence", "source", "review_on")
    numbers = {one.code for one in kind_of(item.kind).questions if one.is_number}
    return {
        **{name: getattr(written, name) for name in (*same, *also)},
        **{
            f"{ANSWER}{code}": (id_from(text) if code in numbers else text)
            for code, text in written.answers.items()
        },
        "topics": list(written.term_ids),
        "innovation": str(written.innovation_id or ""),
        "challenge": str(written.challenge_id or ""),
        "starts_on": begins.date() if begins else None,
        "starts_clock": f"{begins:%H:%M}" if begins else "",
        "ends_on": ends.date() if ends and begins and ends.date() != begins.date() else None,
        "ends_clock": f"{ends:%H:%M}" if ends else "",
        "version": item.version,
    }


def _number(typed: str) -> float:
    """Return a number with thousands separators, below 0 too; raises ValueError."""
    return float(without_thousands(typed).replace("−", "-"))


class ResultForm(VersionedForm):
    """A number that a case study claims."""

    what = TextField(
        "What changed?",
        [Required("Enter what changed"), NoPersonalDetail()],
        description="For example: fewer falls a month",
    )
    number = TextField(
        "By how much?", [Required("Enter a number")], width=10, inputmode="decimal", max_length=20
    )
    unit = TextField("In what? (optional)", description="For example: %, days, £", max_length=40)
    period = TextField(
        "Over which time? (optional)", description="For example: April to June 2026", max_length=80
    )
    method = LongTextField(
        "How was it worked out?",
        [Required("Enter how it was worked out"), NoPersonalDetail()],
        description="Counted or estimated, of whom, and against what.",
        rows=4,
        max_length=1_000,
    )

    def validate_number(self, field: TextField) -> None:
        """Accept a number with thousands separators, below 0 too."""
        try:
            value = _number(field.data)
        except ValueError:
            raise StopValidation("Enter a number, like 12.5 or −30") from None
        if not abs(value) < 1e12:
            raise StopValidation("Enter a number below a million million")

    @property
    def value(self) -> float:
        """Return the number."""
        return _number(self.number.data)


class PlaceForm(VersionedForm):
    """A place of the national directory where it was done."""

    site = LookupField(
        "Place in the national directory",
        [Required("Enter the place")],
        description="Words of its name, its town or postcode, or its code.",
        **SITES_LOOKED_UP,
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was chosen; whoever only looks has not finished yet."""
        return not is_looking() and bool(super().validate(extra_validators))


class PictureForm(VersionedForm):
    """A picture, what it shows, and that those in it agreed."""

    file = DocumentField(
        "Picture",
        [Required("Select a picture")],
        description="PNG or JPEG, up to 10MB.",
    )
    alt = TextField(
        "What does it show?",
        [Required("Enter what it shows"), NoPersonalDetail()],
        description="For people who do not see it.",
        what="What it shows",
    )
    credit = TextField("Who made it? (optional)", [NoPersonalDetail()], max_length=150)
    consent = TextField(
        "How did everybody in it agree?",
        [Required("Enter how everybody in it agreed")],
        description="For example: signed forms, kept by the trust. Or: nobody can be recognised.",
        what="How everybody agreed",
    )


class MoveForm(VersionedForm):
    """A step in the life of an item: one button."""


class ReturnForm(VersionedForm):
    """What should change before it is published?"""

    words = LongTextField(
        "What should change?", [Required("Enter what should change")], rows=3, max_length=1_000
    )


class RetireForm(VersionedForm):
    """Why does it no longer hold?"""

    words = TextField("Why is it retired? (optional)", what="The reason", max_length=300)


class PublishForm(VersionedForm):
    """From when on does everybody read it?"""

    day = DateField(
        "From which day? (optional)",
        [NotInPast()],
        description="At once, if you leave it empty.",
        what="The day",
    )
