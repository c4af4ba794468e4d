"""Remind of what others ask about a record, and write to the addresses typed into its pages."""

from portal.clock import today
from portal.db import db
from portal.innovations.models import Innovation, SharingRequest
from portal.innovations.queries.requests import to_remind
from portal.innovations.services import letters
from portal.innovations.services.requests import remind
from portal.jobs import Progress, task


@task("innovations.remind", schedule="25 6")
def remind_of_requests(progress: Progress) -> None:
    """Remind of requests to share a record, each in its own transaction: run twice, it says
    nothing twice."""
    waiting = to_remind(today())
    for number, request_id in enumerate(waiting, start=1):
        remind(request=db.session.get_one(SharingRequest, request_id), on=today())
        db.session.commit()
        progress(number, len(waiting), "Reminding of requests to share")


@task("innovations.write_to", forgets=True)
def write_to(
    _progress: Progress,
    *,
    address: str,
    message: str,
    url: str,
    innovation_id: int,
    by: dict[str, str],
) -> None:
    """Write to one address what it is asked about a record; nothing when that is gone."""
    innovation = db.session.get(Innovation, innovation_id)
    if innovation is not None:
        letters.deliver(address=address, message=message, url=url, innovation=innovation, by=by)
    db.session.commit()
