"""Write to an address that somebody typed: in full to who has confirmed it, else without a word of
theirs."""

from portal.accounts.models import Actor
from portal.db import db
from portal.innovations.models import Innovation
from portal.innovations.queries import people
from portal.jobs import enqueue
from portal.notifications.outbox import full_address, is_quiet, tell, tell_address


def write_to(address: str, message: str, url: str, innovation: Innovation, by: Actor) -> None:
    """Queue what an address is to read of a record: the page does the same work whether it has an
    account. The past that a demonstration loads is written at once, as it is told to nobody."""
    names = {"name": by.name, "organisation_name": by.organisation_name}
    if is_quiet():
        deliver(address=address, message=message, url=url, innovation=innovation, by=names)
        return
    db.session.flush()  # a record just made has its number
    enqueue(
        "innovations.write_to",
        address=address,
        message=message,
        url=url,
        innovation_id=innovation.id,
        by=names,
    )


def deliver(
    *, address: str, message: str, url: str, innovation: Innovation, by: dict[str, str]
) -> None:
    """Write to the address (a job's work). Strangers read no name that others typed: whoever signs
    up could have anything mailed to anybody."""
    person = people.user_with(address)
    if person is not None and person.confirmed_at is not None:
        template = f"innovations/emails/{message}.txt"
        tell([person], template, url=url, innovation=innovation, by=by, email=address)
    elif person is None or person.active:
        template = "innovations/emails/asked_by_email.txt"
        is_withdrawn = message == "transfer_withdrawn"
        link = full_address(url)
        tell_address(address, template, email=address, link=link, is_withdrawn=is_withdrawn)
    db.session.flush()
