"""What is asked for the support directory, and of who points an innovation to others."""

from typing import Any

from portal.support.forms import SHOWN_TO_INNOVATOR
from portal.support.forms.entries import EntryField
from portal.support.models import DirectoryEntry, HelperKind
from portal.support.services.directory import HelpDetails
from portal.web.fields import (
    ChoiceField,
    LongTextField,
    TextField,
    WebsiteField,
)
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import Required, RequiredChoice


class PointForm(PortalForm):
    """To whom, and what the innovator should ask them."""

    entries = EntryField("Who can help?", [RequiredChoice("Select who can help")])
    words = LongTextField(
        "What should the innovator ask them?",
        [Required("Enter what the innovator should ask them")],
        description=f"How one comes to them is added by itself. {SHOWN_TO_INNOVATOR}",
        rows=4,
    )


class EntryForm(VersionedForm):
    """What an entry says; of a network that is here its name is not asked."""

    kind = ChoiceField(
        "What kind of help is it?",
        [RequiredChoice("Select what kind of help it is")],
        choices=[HelperKind.NATIONAL, HelperKind.OTHER],
        coerce=HelperKind,
    )
    name = TextField("What is it called?", [Required("Enter what it is called")], what="The name")
    takes_on = LongTextField(
        "What does it take on?",
        [Required("Enter what it takes on")],
        rows=4,
        max_length=1000,
    )
    not_for = LongTextField(
        "What does it not take on? (optional)",
        description="It saves people a way for nothing.",
        rows=2,
        max_length=1000,
    )
    refer = LongTextField(
        "How does one come to it?",
        [Required("Enter how one comes to it")],
        description="For example, by a form, through a network, by an application",
        rows=3,
        max_length=1000,
    )
    link = WebsiteField("Web address (optional)", what="The web address")

    def __init__(self, entry: DirectoryEntry | None = None, **kwargs: Any) -> None:
        names = ("version", "name", "takes_on", "not_for", "refer", "link")
        shown = {name: getattr(entry, name) for name in names} if entry else {}
        super().__init__(data=shown, **kwargs)
        self.known = entry.name if entry else ""
        if entry is None:
            del self.version
            return
        del self.kind
        if entry.hin_id is not None:
            del self.name

    @property
    def said(self) -> HelpDetails:
        """Return what was said."""
        return HelpDetails(
            name=self.name.data if "name" in self else self.known,
            takes_on=self.takes_on.data,
            not_for=self.not_for.data or "",
            refer=self.refer.data,
            link=self.link.data or "",
        )


class RetireForm(VersionedForm):
    """Nothing but the version that was seen."""
