"""What is asked before an account is closed or a person erased, and how long things are kept."""

from collections.abc import Iterable
from typing import cast

from portal.accounts.forms import LeavingForm
from portal.accounts.models import User
from portal.accounts.queries.leaving import Question
from portal.privacy.queries.retention import Rule
from portal.web.fields import ChoiceField, PasswordField, TextField, WholeNumberField
from portal.web.forms import VersionedForm
from portal.web.validators import Required, RequiredChoice

CLOSE, ERASE = "close", "erase"


class CloseOwnForm(LeavingForm):
    """Closing one's own account: who takes over, what becomes of the name, the password."""

    then = ChoiceField(
        "What happens to your name and address?",
        [RequiredChoice("Select what happens to your name and address")],
    )

    @classmethod
    def of(cls, user: User, questions: Iterable[Question], days: int) -> "CloseOwnForm":
        """Return the form with its questions; a password is asked of those who have one."""
        asked = {} if not user.password else {"password": _password()}
        made: type[CloseOwnForm] = type(cls.__name__, (cls,), asked)
        form = cast(CloseOwnForm, made.asking(questions))
        form.then.choices = [
            (CLOSE, "They stay", f"For {days} days, so that your account can be opened again"),
            (ERASE, "They are erased now", "For good. Nobody can take it back"),
        ]
        return form


def _password() -> PasswordField:
    return PasswordField("Your password", [Required("Enter your password")])


class EraseForm(LeavingForm):
    """Erasing somebody: who takes over, and their address typed out as a second look."""

    address = TextField(
        "Type their email address to confirm",
        [Required("Enter their email address")],
        max_length=254,
    )


class DaysForm(VersionedForm):
    """How long one kind of thing is kept."""

    days = WholeNumberField(
        "How many days is it kept?", [Required("Enter the number of days")], suffix="days"
    )

    @classmethod
    def of(cls, rule: Rule) -> "DaysForm":
        """Return the form with the days that count now."""
        form, kept = cls(data={"days": rule.days, "version": rule.version}), rule.retention
        form.days.minimum, form.days.maximum = kept.floor, kept.ceiling
        form.days.description = f"Between {kept.floor} and {kept.ceiling}"
        return form
