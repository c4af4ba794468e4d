"""What the pages about proving who one is ask."""

from wtforms.validators import Length

from portal.accounts.rules import MAX_PASSWORD_LENGTH
from portal.web.fields import HiddenField, LongTextField, PasswordField, TextField
from portal.web.forms import PortalForm
from portal.web.validators import Required

MAX_CREDENTIAL = 20_000
"""Characters of what a device answers; attestations of usual devices have some 3,000."""


def _code(hint: str) -> TextField:
    return TextField(
        "Security code",
        max_length=40,
        description=hint,
        inputmode="text",
        autocomplete="one-time-code",
        width=10,
        spellcheck=False,
    )


def _credential() -> HiddenField:
    """Return the field that the script fills with what the device answered."""
    return HiddenField("Passkey", [Length(max=MAX_CREDENTIAL, message="Use another passkey")])


class CodeForm(PortalForm):
    """A passkey, or the code that the authenticator app shows."""

    code = _code("The 6 digits that your authenticator app shows now")
    credential = _credential()


class SetUpForm(PortalForm):
    """The first code of an authenticator app."""

    code = TextField(
        "Security code",
        [Required("Enter the 6-digit code that your app shows")],
        max_length=20,
        description="The 6 digits that your authenticator app shows now",
        inputmode="numeric",
        autocomplete="one-time-code",
        width=10,
        spellcheck=False,
    )


class FactorForm(PortalForm):
    """Any factor that somebody has: a passkey, a code of the app, a recovery code."""

    code = _code(
        "The 6 digits that your authenticator app shows now, or one of your recovery codes"
    )
    credential = _credential()


class ProofForm(FactorForm):
    """The password, or any factor."""

    password = PasswordField(
        "Password",
        max_length=MAX_PASSWORD_LENGTH,
        autocomplete="current-password",
    )
    next = HiddenField()


class LiftFactorForm(PortalForm):
    """Why shall somebody's two-factor sign-in be turned off?"""

    reason = LongTextField(
        "Why, and how do you know that it is them?",
        [Required("Enter why, and how you know that it is them")],
        max_length=1000,
        what="Reason",
    )


class PasskeyForm(PortalForm):
    """What a device answered, and nothing else."""

    credential = _credential()
    next = HiddenField(id="passkey-next")  # the page has another form with one


class PasskeyNameForm(PortalForm):
    """What is the passkey called?"""

    name = TextField(
        "Name of the passkey",
        [Required("Enter a name for the passkey")],
        max_length=60,
        description="So that you know it again, for example: Work laptop",
    )


class NewPasskeyForm(PasskeyNameForm):
    """The name of a passkey, and the passkey that the device has made."""

    credential = _credential()
