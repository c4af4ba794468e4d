"""What administrators say of ICSs and networks."""

from typing import Any

from portal.clock import today
from portal.reference.models import Ics
from portal.reference.queries import icss
from portal.reference.services.networks import WHOLE, NewIcs
from portal.web.choices import choice
from portal.web.fields import DateField, HiddenField, SelectField, TextField, WholeNumberField
from portal.web.forms import PortalForm
from portal.web.validators import NoLink, NotInFuture, Required

CODE = "Its board's code in the national directory (optional)"


class SeenForm(PortalForm):
    """What is shown once more, with what it affects, before it is done."""

    seen = HiddenField()

    @property
    def is_seen(self) -> bool:
        """Whether it was sent from the page that shows what it affects."""
        return bool(self.seen.data)

    def show(self) -> None:
        """Let the page that shows what it affects say so when it is sent."""
        self.seen.data = "yes"


class FollowForm(SeenForm):
    """By whom is an ICS followed, when, and how much of it?"""

    successor_id = SelectField(
        "An ICS that there is", prompt="A new one, named below", coerce=int, what="ICS"
    )
    name = TextField(
        "Name of a new ICS",
        [NoLink()],
        max_length=120,
        description="Without “ICS” or “Integrated Care Board”, for example Example and Sample.",
        what="Name",
    )
    ods_code = TextField(CODE, max_length=12, width=10, what="Code")
    on = DateField("From which day?", [Required("Enter the day")], what="Day")
    share = WholeNumberField(
        "How many in 100 of its people go there?",
        [Required("Enter the share")],
        description="100 where all of it goes to one.",
        width=3,
        what="Share",
    )
    part = TextField("What is the part called? (where it is not all)", max_length=80, what="Part")

    def __init__(self, ics: Ics, *args: Any, **kwargs: Any) -> None:
        """Offer every other ICS of today."""
        super().__init__(*args, **kwargs)
        others = [one for one in icss(today()) if one.id != ics.id]
        self.successor_id.choices = [choice(one.id, one.name) for one in others]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that one ICS is named, and one only."""
        is_valid = bool(super().validate(extra_validators))
        if bool(self.successor_id.data) == bool(self.name.data):
            self.refuse("Select an ICS, or enter the name of a new one", "successor_id")
            return False
        return is_valid

    @property
    def new(self) -> NewIcs | None:
        """Return the ICS that is not there yet, if one is named."""
        code = self.ods_code.data or ""
        return NewIcs(self.name.data, code) if self.name.data else None

    def details(self) -> dict[str, Any]:
        """Return what the service takes beside the ICSs."""
        share = self.share.data
        return {"on": self.on.data, "share": share, "part": self.part.data or ""}

    @property
    def is_whole(self) -> bool:
        """Whether all of it goes to one."""
        return bool(self.share.data == WHOLE)


class RenameForm(SeenForm):
    """How is a network called, and since when?"""

    name = TextField("Name", [Required("Enter the name"), NoLink()], max_length=120)
    on = DateField("Since which day?", [Required("Enter the day"), NotInFuture()], what="Day")


class BoardCodeForm(PortalForm):
    """What the directory calls the board."""

    ods_code = TextField(CODE, max_length=12, width=10, what="Code")
