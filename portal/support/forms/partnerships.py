"""What is asked of a strategic partnership and of its reviews."""

from typing import Any

from portal.support.forms import SHOWN_TO_INNOVATOR
from portal.support.models import Partnership
from portal.web.fields import ConfirmField, DateField, LongTextField
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import NotInFuture, Required

NAMES = ("aims", "partners", "agreed_on", "ends_on", "review_on")


class PartnershipForm(VersionedForm):
    """Aims, partners and days."""

    aims = LongTextField("Aims", [Required("Enter the aims")], description=SHOWN_TO_INNOVATOR)
    partners = LongTextField(
        "Other partners (optional)", description="One on each line.", rows=3, max_length=2000
    )
    agreed_on = DateField(
        "Agreed on", [Required("Enter the day of the agreement"), NotInFuture()], what="The day"
    )
    ends_on = DateField("Agreed until (optional)", what="The end")
    review_on = DateField("Next review (optional)", what="The next review")

    def __init__(self, row: Partnership | None, **kwargs: Any) -> None:
        shown = (
            {name: getattr(row, name) for name in ("version", *NAMES)} if row else {"version": 0}
        )
        super().__init__(data=shown, **kwargs)

    @property
    def values(self) -> dict[str, Any]:
        """Return the columns as the service takes them."""
        values = {name: self._fields[name].data for name in NAMES}
        return values | {"partners": self.partners.data or ""}


class ReviewForm(PortalForm):
    """What came of it."""

    on = DateField("Day of the review", [Required("Enter the day"), NotInFuture()], what="The day")
    outcomes = LongTextField("What came of it?", [Required("Enter what came of it")])
    is_shared = ConfirmField("Share this with the innovator (otherwise only staff read it)")
    next_on = DateField("Next review (optional)", what="The next review")
