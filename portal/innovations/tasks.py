"""Remind of what others ask about a record, and write to the addresses typed into its pages."""

from flask import current_app

from portal.clock import today
from portal.db import db, reading
from portal.innovations.models import Innovation, SharingRequest
from portal.innovations.queries import following as queries
from portal.innovations.queries.requests import to_remind
from portal.innovations.services import finding, letters
from portal.innovations.services import following as services
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


LOOKED_AT_ONCE = 100
"""Records compared between two commits: writing their pairs takes milliseconds."""


@task(finding.FIND, schedule="40 2")
def find_duplicates(progress: Progress) -> None:
    """Compare every record that is new or changed with all others; run again after a stop, it
    goes on with those that are left. Records are read and compared without a lock."""
    with reading():
        numbers, everybody = finding.to_look_at(), finding.crowd()
        db.session.commit()
    for start in range(0, len(numbers), LOOKED_AT_ONCE):
        batch = numbers[start : start + LOOKED_AT_ONCE]
        pairs = {
            (pair.one_id, pair.other_id): pair
            for number in batch
            if number in everybody.records
            for pair in everybody.pairs_of(number)
        }
        finding.keep(batch, pairs.values())
        db.session.commit()
        progress(start + len(batch), len(numbers), "Comparing records")


@task("innovations.follow", schedule="50 *")
def tell_followers(progress: Progress) -> None:
    """Tell who follows a record of what is new in it, and each person of the days that they keep;
    each in its own transaction."""
    is_live = current_app.config["PRODUCTION"]
    every = queries.every_following()
    for number, following_id in enumerate(every, start=1):
        services.look(following_id=following_id, production=is_live)
        db.session.commit()
        progress(number, len(every), "Looking what is new in records")
    for reminder_id in queries.due_reminders(today()):
        services.tell_reminder(reminder_id=reminder_id, production=is_live)
        db.session.commit()


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
