"""Write to the addresses that people typed into the pages of a record."""

from portal.db import db
from portal.innovations.models import Innovation
from portal.innovations.services import letters
from portal.jobs import Progress, task


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
