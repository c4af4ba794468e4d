"""What the pages of accounts ask."""

import re
from collections.abc import Iterable
from typing import Any

from wtforms import Field, Form
from wtforms.validators import StopValidation

from portal.accounts.models import OrganisationKind, OrganisationSize, Role
from portal.accounts.queries import hins, icss_today
from portal.accounts.queries.leaving import FIELD, Question
from portal.accounts.rules import (
    INNOVATOR_KINDS,
    MAX_PASSWORD_LENGTH,
    MIN_PASSWORD_LENGTH,
    weakness_of,
)
from portal.text import company_key
from portal.web.choices import choice
from portal.web.fields import (
    ChoiceField,
    ConfirmField,
    EmailField,
    HiddenField,
    LongTextField,
    MultiChoiceField,
    PasswordField,
    PostcodeField,
    SelectField,
    TextField,
    WebsiteField,
)
from portal.web.forms import FilterForm, PortalForm, VersionedForm
from portal.web.validators import NoLink, Required, RequiredChoice

COMPANY_NUMBER = re.compile("[0-9]{8}|[A-Z]{2}[0-9]{6}")
PASSWORD_HINT = (
    f"At least {MIN_PASSWORD_LENGTH} characters. Three random words make a strong password that "
    "is easy "
    "to remember. Any characters are allowed, also spaces."
)


class StrongPassword:
    """A new password that is long enough and hard to guess, given what the form tells of them."""

    def __call__(self, form: Form, field: Field) -> None:
        """Stop with the reason when it is weak."""
        if field.errors or not field.data:
            return
        given = (getattr(form, name, None) for name in ("name", "email"))
        about = [str(f.data) for f in given if f is not None and f.data]
        weakness = weakness_of(field.data, [*about, *getattr(form, "about", ())])
        if weakness:
            raise StopValidation(weakness)


class CompanyNumber:
    """A number as Companies House gives them: leading noughts may be left out."""

    def __call__(self, form: Form, field: Field) -> None:
        """Stop with the sentence for anything else."""
        if field.errors or not field.data:
            return
        if not COMPANY_NUMBER.fullmatch(company_key(field.data)):
            raise StopValidation("Enter a Companies House number like 01234567 or SC123456")


def new_password(label: str = "Password") -> PasswordField:
    """Return a field for a password to be set."""
    return PasswordField(
        label,
        [Required("Enter a password"), StrongPassword()],
        max_length=MAX_PASSWORD_LENGTH,
        description=PASSWORD_HINT,
        autocomplete="new-password",
        what="Password",
    )


def known_password(label: str = "Password") -> PasswordField:
    """Return a field for the password that the person has."""
    return PasswordField(
        label,
        [Required("Enter your password")],
        max_length=MAX_PASSWORD_LENGTH,
        autocomplete="current-password",
        what="Password",
    )


def name_field() -> TextField:
    """Return a field for how a person is called."""
    rules = [Required("Enter your full name"), NoLink()]
    return TextField("Full name", rules, autocomplete="name")


def email_field() -> EmailField:
    """Return a field for an address that must be given."""
    return EmailField("Email address", [Required("Enter an email address")])


class SignInForm(PortalForm):
    """Who are you?"""

    email = email_field()
    password = known_password()
    next = HiddenField()


class SignUpForm(PortalForm):
    """A new account for an innovator."""

    name = name_field()
    email = email_field()
    password = new_password()


class EmailForm(PortalForm):
    """To which address shall a link go?"""

    email = email_field()


class AddressForm(EmailForm):
    """A new address to sign in with, and the password, since whoever has it has the account."""

    password = known_password("Your password")


class PasswordForm(PortalForm):
    """The person's password, before something that matters."""

    password = known_password()


class NewPasswordForm(PortalForm):
    """A new password; `about` are words it must not be made of."""

    password = new_password("New password")

    def __init__(self, *args: Any, about: tuple[str, ...] = (), **kwargs: Any) -> None:
        """Take the person's name and address."""
        self.about = about
        super().__init__(*args, **kwargs)


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    current = known_password("Current password")
    password = new_password("New password")  # again, so that its errors come second


class RecoveryCodeForm(PortalForm):
    """One of the recovery codes."""

    code = TextField(
        "Recovery code",
        [Required("Enter one of your recovery codes")],
        max_length=40,
        description="One of the codes that you kept when you set up two-factor sign-in, "
        "like 1a2b-3c4d-5e6f. Each works once.",
        width=20,
        spellcheck=False,
    )


class NameForm(PortalForm):
    """How is the person called?"""

    name = name_field()


class InvitedForm(PortalForm):
    """A new account for somebody invited, whose address is known."""

    name = name_field()
    password = new_password()


class FindOrganisationForm(FilterForm):
    """Words of the organisation's name."""

    q = TextField("Name of your organisation", autocomplete="organization")


class InnovatorKind:
    """The kind of an organisation that innovators set up. Stands first on its pages."""

    kind = ChoiceField(
        "What kind of organisation is it?",
        [RequiredChoice("Select the kind of organisation")],
        choices=INNOVATOR_KINDS,
    )


class AnyKind:
    """The kind of an organisation that administrators set up."""

    kind = ChoiceField(
        "What kind of organisation is it?",
        [RequiredChoice("Select the kind of organisation")],
        choices=list(OrganisationKind),
    )


class OrganisationFields:
    """What is known of an organisation."""

    name = TextField(
        "Name of the organisation",
        [Required("Enter the name of the organisation"), NoLink()],
        autocomplete="organization",
        what="Name",
    )
    size = SelectField(
        "How many people work there? (optional)", choices=list(OrganisationSize), what="Size"
    )
    website = WebsiteField("Website (optional)")
    postcode = PostcodeField("Postcode (optional)")
    company_number = TextField(
        "Companies House number (optional)",
        [CompanyNumber()],
        max_length=8,
        description="Eight figures, or two letters and six figures. Companies only.",
        what="Companies House number",
    )
    ics_id = SelectField(
        "Integrated care system where it is based (optional)",
        choices=lambda: [choice(ics.id, ics.ics_name) for ics in icss_today()],
        coerce=int,
        what="Integrated care system",
    )

    def details(self) -> dict[str, Any]:
        """Return what a service takes of it."""
        size = self.size.data
        return {
            "name": self.name.data,
            "size": OrganisationSize(size) if size else None,
            "website": self.website.data or "",
            "postcode": self.postcode.data or "",
            "company_number": company_key(self.company_number.data) or None,
            "ics_id": self.ics_id.data,
        }


class NewOrganisationForm(InnovatorKind, OrganisationFields, PortalForm):
    """A new organisation of somebody who signed up."""


class AnyOrganisationForm(AnyKind, OrganisationFields, PortalForm):
    """A new organisation of any kind, set up by an administrator."""

    hin_id = SelectField(
        "Which Health Innovation Network is it? (HINs only)",
        choices=lambda: [choice(hin.id, hin.name) for hin in hins()],
        coerce=int,
        what="Health Innovation Network",
    )

    def details(self) -> dict[str, Any]:
        """Return what a service takes of it; only a HIN is one."""
        is_hin = self.kind.data == OrganisationKind.HIN.value
        return {**super().details(), "hin_id": self.hin_id.data if is_hin else None}


class OrganisationForm(OrganisationFields, VersionedForm):
    """The details of an organisation that there is."""


class MergeOrganisationsForm(PortalForm):
    """Why two organisations are the same one."""

    why = LongTextField(
        "Why are they the same organisation?",
        [Required("Enter why they are the same organisation")],
        max_length=500,
        description="It stays on the page of the merge.",
    )


class PartOrganisationsForm(PortalForm):
    """Why they are two again, and what of what came since goes with the other one."""

    why = LongTextField(
        "Why is it taken back?", [Required("Enter why it is taken back")], max_length=500
    )
    also = MultiChoiceField("What goes with the other organisation")


class InviteForm(PortalForm):
    """Who shall come, and as what?"""

    email = email_field()
    role = ChoiceField("Role", [RequiredChoice("Select a role")])
    is_lead = ConfirmField("They lead the organisation: they decide who else acts for it")


class AddMemberForm(PortalForm):
    """A person to act for an organisation at once, by an administrator."""

    organisation = TextField(
        "Name of the organisation",
        [Required("Enter the name of the organisation")],
        description="The whole name, as in the list of organisations",
        what="Name",
    )
    role = SelectField(
        "Role",
        [RequiredChoice("Select a role")],
        choices=list(Role),
    )
    is_lead = ConfirmField("They lead the organisation")


NOBODY_YET = "Nobody yet: tell the lead"


class LeavingForm(PortalForm):
    """Who takes over what hangs on somebody who leaves: one question for each membership."""

    @classmethod
    def asking(cls, questions: Iterable[Question]) -> "LeavingForm":
        """Return the form with a question for every membership from which something passes on."""
        asked = {question.field: _successor_field(question) for question in questions}
        form: LeavingForm = type(cls.__name__, (cls,), asked)()
        return form

    def chosen(self) -> dict[int, int | None]:
        """Return who takes over, by membership; None where nobody was named."""
        return {
            int(name.removeprefix(FIELD)): field.data
            for name, field in self._fields.items()
            if name.startswith(FIELD)
        }


def _successor_field(question: Question) -> SelectField:
    choices = [(person.id, person.name or person.email) for person in question.candidates]
    must = [RequiredChoice(question.required)] if question.required else []
    return SelectField(
        question.label,
        must,
        choices=choices,
        coerce=int,
        prompt="Select a person" if question.required else NOBODY_YET,
    )


class DeclineForm(PortalForm):
    """Why not?"""

    message = LongTextField(
        "Message to the person",
        [Required("Enter a message that says why")],
        max_length=1000,
        description="They get this by email.",
    )
