"""What is asked when a record is verified as proven or a standard is checked."""

from datetime import date
from typing import Any

from portal.proof.rules.proven import RENEWAL_MONTHS
from portal.reference.queries import today
from portal.support.forms import SHOWN_TO_INNOVATOR
from portal.support.rules import months_after
from portal.web.fields import (
    ConfirmField,
    DateField,
    LongTextField,
)
from portal.web.forms import PortalForm
from portal.web.validators import NotInPast, Required


class CheckStandardForm(PortalForm):
    """What HIN staff saw of a standard."""

    is_seen = ConfirmField(
        "I have seen the certificate, register entry or report",
        [Required("Select that you have seen the proof")],
    )
    valid_until = DateField(
        "Valid until (optional)",
        [NotInPast()],
        description="Leave empty when it does not run out.",
        what="The day until which it is valid",
    )


class ProvenForm(PortalForm):
    """Until when it counts as proven."""

    valid_until = DateField(
        "Renewal date",
        [Required("Enter the day until which it counts as proven"), NotInPast()],
        description="At most 36 months from today.",
        what="The renewal date",
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(data={"valid_until": default_renewal()}, **kwargs)


def default_renewal() -> date:
    """Return the day 24 months from today."""
    return months_after(today(), RENEWAL_MONTHS)


class WithdrawForm(PortalForm):
    """Why it no longer counts as proven."""

    why = LongTextField(
        "Why does it no longer count as proven?",
        [Required("Enter why it no longer counts as proven")],
        description=SHOWN_TO_INNOVATOR,
    )
