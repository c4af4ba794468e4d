"""What `benchmarks.faults` lays into a portal: `python -m benchmarks.faults_fill WHAT`.

`tables` makes them with a record and a token, and prints the two; `emails NAME…` lets one email
wait for each name; `job KIND` queues a job that cannot be done.
"""

import sys

from portal import create_app
from portal.accounts.models.tokens import TokenScope
from portal.db import Base, db
from portal.innovations.models import Sharing
from portal.jobs import enqueue
from portal.notifications import outbox
from portal.reference import services as reference
from tests import makers
from tests.api.conftest import token_of
from tests.cast import Cast


def _tables() -> None:
    Base.metadata.create_all(db.engine)
    reference.load()
    cast = Cast()
    record = makers.innovation("A record", of=cast.innovator, sharing=Sharing.PUBLIC)
    db.session.commit()
    token = token_of(cast.hin, TokenScope.INTERACTIONS, TokenScope.READ)
    db.session.commit()
    print(token, record.id)


def _emails(*names: str) -> None:
    for name in names:
        outbox.post(f"{name}@example.org", f"To {name}", "What it says")
    db.session.commit()


def _job(kind: str) -> None:
    enqueue(kind, nonsense="nothing takes this")
    db.session.commit()


if __name__ == "__main__":
    with create_app().app_context():
        {"tables": _tables, "emails": _emails, "job": _job}[sys.argv[1]](*sys.argv[2:])
