"""The organisations of the reference data are there from the first load on; and administrators
hear of emails that could not be posted."""

from portal.accounts.queries.acting import administrators
from portal.accounts.services.organisations import make_known
from portal.notifications import outbox
from portal.reference.outbox import loaded


@loaded.connect
def _make_known(_sender: object, told: list[str]) -> None:
    made = make_known()
    if made:
        told.append(f"organisations: {made} added")


@outbox.given_up.connect
def _tell_administrators(count: int) -> None:
    with outbox.without_emails():  # by the way that fails it would not reach them
        outbox.tell(
            administrators(), "accounts/emails/mail_given_up.txt", url="/admin/jobs", count=count
        )
