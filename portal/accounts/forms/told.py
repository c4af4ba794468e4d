"""What people are asked about the messages they get."""

from collections.abc import Mapping
from typing import Any

from portal.notifications.models import Kind, Rhythm
from portal.notifications.queries import Way
from portal.notifications.rules import CHOSEN, is_required, rhythms
from portal.web.choices import choice
from portal.web.fields import MultiChoiceField, SelectField
from portal.web.forms import PortalForm
from portal.web.validators import RequiredChoice

SHOWN = [kind for kind in CHOSEN if kind is not Kind.MONDAY]


def _rhythm_field(kind: Kind) -> SelectField:
    """Ask how often one kind is posted."""
    required = " These are required." if is_required(kind) else ""
    return SelectField(
        f"{kind.label}: by email",
        [RequiredChoice(f"Select how often you get {kind.label.lower()} by email")],
        choices=[choice(one.value, one.label) for one in rhythms(kind)],
        description=f"{kind.hint}.{required}",
    )


class TellingForm(PortalForm):
    """How often each kind of message comes by email, and which stand in the inbox."""

    asked = _rhythm_field(Kind.ASKED)
    answers = _rhythm_field(Kind.ANSWERS)
    messages = _rhythm_field(Kind.MESSAGES)
    changes = _rhythm_field(Kind.CHANGES)
    news = _rhythm_field(Kind.NEWS)
    exchange = _rhythm_field(Kind.EXCHANGE)
    monday = _rhythm_field(Kind.MONDAY)
    shown = MultiChoiceField(
        "Which of them stand among your messages here?",
        choices=[choice(one.value, one.label) for one in SHOWN],
        description=f"“{Kind.ASKED.label}” always does",
    )

    @classmethod
    def of(cls, ways: Mapping[Kind, Way]) -> "TellingForm":
        """Return the form with what holds now."""
        given: dict[str, Any] = {kind.value: way.rhythm.value for kind, way in ways.items()}
        shown = [kind.value for kind in SHOWN if ways[kind].is_shown]
        return cls(data={**given, "shown": shown})

    @property
    def ways(self) -> dict[Kind, Way]:
        """What was chosen."""
        shown = set(self.shown.data or ())
        return {
            kind: Way(Rhythm(self[kind.value].data), kind.value in shown or kind not in SHOWN)
            for kind in CHOSEN
        }
