"""What the national team announces in the demonstration."""

from datetime import timedelta

from portal.demo.rules.diary import Diary
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.pages.models import Audience, Place
from portal.pages.services import AnnouncementDetails, announce


def write(there: Places, everybody: People) -> None:
    """Announce a training that is to come, to who supports innovations."""
    said = AnnouncementDetails(
        title="Training: the support directory (demonstration)",
        words="In two weeks we show how to point innovations to others who can help, and what the "
        "figure of it counts. Bring a case of your own.",
        place=Place.HOME,
        audience=Audience.STAFF,
        from_on=there.today - timedelta(days=2),
        until_on=there.today + timedelta(days=14),
    )
    with happening(Diary(there.today, "announcing"), 3):
        announce(said=said, by=everybody.by_key["national"])
