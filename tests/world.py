"""One of everything that a route can name, for the table of access.

A path in `access.csv` names rows by these keys: `/innovations/{draft}`. `innovator` of the cast
owns the innovations, `ics` states the challenges, `hin` is the HIN that engages.
"""

from portal.challenges.models import ChallengeState, Readers
from portal.db import db
from portal.innovations.models import Life, Sharing
from tests import makers
from tests.cast import Cast


def build(cast: Cast) -> dict[str, object]:
    """Make the rows; returns what each key of a path stands for."""
    owner = cast.innovator
    innovation = {
        "draft": makers.innovation("Drafted", of=owner, life=Life.DRAFT),
        "hins": makers.innovation("Shared with HINs", of=owner, sharing=Sharing.HINS),
        "icss": makers.innovation("Shared with ICSs", of=owner, sharing=Sharing.HINS_AND_ICSS),
        "public": makers.innovation("Public", of=owner, sharing=Sharing.PUBLIC),
        "archived": makers.innovation("Archived", of=owner, life=Life.ARCHIVED),
    }
    makers.evidence("What was found", of=innovation["hins"])
    challenge = {
        "unposted": makers.challenge("Unposted", of=cast.ics, state=ChallengeState.DRAFT),
        "nhs": makers.challenge("For the NHS", of=cast.ics, readers=Readers.NHS),
        "open_to_all": makers.challenge("For industry", of=cast.ics, readers=Readers.PUBLIC),
    }
    db.session.commit()
    return {name: row.id for name, row in (innovation | challenge).items()}
