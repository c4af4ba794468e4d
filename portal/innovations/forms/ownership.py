"""What is asked of those who own a record: who sees it, who works on it, whether it is in use."""

from typing import Any

from portal.accounts.models import Role
from portal.innovations.models import Sharing
from portal.innovations.queries.people import reach
from portal.web import fields
from portal.web.choices import choice
from portal.web.format import plural
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import Required, RequiredChoice

LEVELS = (
    (Sharing.HINS.value, "HINs only"),
    (Sharing.HINS_AND_ICSS.value, "HINs and ICSs"),
    (Sharing.PUBLIC.value, "Public on the Exchange"),
)


class SharingForm(VersionedForm):
    """Who may see the submitted record; the view adds what each level means today."""

    sharing = fields.ChoiceField(
        "Who may see this record?",
        [RequiredChoice("Select who may see this record")],
        choices=LEVELS,
    )

    def explained(self) -> "SharingForm":
        """Say under each level who that is now, in numbers."""
        self.sharing.choices = explained_levels()
        return self


def explained_levels() -> list[Any]:
    """Return the levels of sharing as choices, each with who that is today."""
    counted = reach()
    hins, icss = counted[Role.HIN], counted[Role.ICS]
    nation = plural(counted[Role.NATIONAL].people, "person", "people") + " in the national team"
    staff = f"{plural(hins.people, 'person', 'people')} in {plural(hins.organisations, 'HIN')}"
    system = f"{plural(icss.people, 'person', 'people')} in {plural(icss.organisations, 'ICS')}"
    hints = (
        f"Today: {staff} and {nation}.",
        f"Today: these and {system}. Choose this to be found when an ICS looks for solutions.",
        "Anybody, without signing in: other companies and the press too.",
    )
    return [choice(value, label, hint) for (value, label), hint in zip(LEVELS, hints, strict=True)]


class DeleteForm(PortalForm):
    """Deleting a draft: a button."""


class ArchiveForm(VersionedForm):
    """Why the record goes out of use."""

    why = fields.LongTextField(
        "Why do you archive it?",
        [Required("Enter why you archive it")],
        max_length=500,
        rows=3,
        description="It stands on the record; its people and the HINs that support it are told.",
    )


class RestoreForm(PortalForm):
    """Why the record comes back."""

    why = fields.LongTextField(
        "Why do you bring it back? (optional)", max_length=500, rows=3, what="The reason"
    )


class InviteForm(PortalForm):
    """Whom to ask to work on the record."""

    email = fields.EmailField("Their email address", [Required("Enter their email address")])


class TransferForm(PortalForm):
    """Whom to offer the record."""

    email = fields.EmailField(
        "Email address of the new owner", [Required("Enter the email address of the new owner")]
    )


class AnswerForm(PortalForm):
    """Accept or decline what was offered."""

    accept = fields.YesNoField("Do you accept?", [RequiredChoice("Select yes or no")])
