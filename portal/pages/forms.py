"""What is asked of who announces something."""

from typing import Any

from portal.pages.models import Announcement, Audience, Place
from portal.pages.services import AnnouncementDetails
from portal.web.fields import (
    ChoiceField,
    ConfirmField,
    DateField,
    LongTextField,
    TextField,
    WebsiteField,
)
from portal.web.forms import VersionedForm
from portal.web.validators import NotInPast, Required, RequiredChoice

ASKED = ("title", "words", "link", "place", "audience", "from_on", "until_on", "is_mailed")


class AnnouncementForm(VersionedForm):
    """Words, where they stand, for whom and for how long."""

    title = TextField("Heading", [Required("Enter a heading")], what="The heading", max_length=120)
    words = LongTextField(
        "What do you announce?", [Required("Enter what you announce")], rows=4, max_length=1000
    )
    link = WebsiteField("Where can one read more? (optional)", what="The web address")
    place = ChoiceField(
        "Where does it stand?",
        [RequiredChoice("Select where it stands")],
        choices=list(Place),
        coerce=Place,
    )
    audience = ChoiceField(
        "For whom is it?",
        [RequiredChoice("Select for whom it is")],
        choices=list(Audience),
        coerce=Audience,
        description="On the sign-in page everybody reads it.",
    )
    from_on = DateField("First day", [Required("Enter the first day")], what="The first day")
    until_on = DateField(
        "Last day", [Required("Enter the last day"), NotInPast()], what="The last day"
    )
    is_mailed = ConfirmField(
        "Tell them by a message, too. Who chose to get news by email gets it by email"
    )

    def __init__(self, announcement: Announcement | None = None, **kwargs: Any) -> None:
        names = ("version", *ASKED)
        shown = {name: getattr(announcement, name) for name in names} if announcement else {}
        super().__init__(data=shown, **kwargs)
        if announcement is None:
            del self.version

    @property
    def said(self) -> AnnouncementDetails:
        """Return what was said."""
        said = {name: self[name].data for name in ASKED}
        return AnnouncementDetails(
            **said | {"link": self.link.data or "", "is_mailed": bool(said["is_mailed"])}
        )


class WithdrawForm(VersionedForm):
    """Nothing but the version that was seen."""
