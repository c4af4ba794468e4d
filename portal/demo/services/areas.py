"""What stands on the pages of integrated care systems: the published facts, and one system's own
word for some of them."""

from portal.accounts.models import Actor
from portal.clock import partial_date
from portal.demo.rules.diary import Diary
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.exchange.models.areas import FactKind
from portal.exchange.queries.areas import area_called, facts_of
from portal.exchange.rules.areas import FactText
from portal.exchange.services import areas as services
from portal.exchange.services.areas_loading import load

OWN = "QWU"
"""The system whose lead says something anew: most visitors who look as an ICS sign in there."""


def write(there: Places, everybody: People) -> None:
    """Load what sources say, and let the lead of one system say some of it in its own words."""
    with happening(Diary(there.today, "areas"), 40):
        load()
        _say(everybody.of[there.place(OWN).id][0])


def _say(lead: Actor) -> None:
    ics = area_called(OWN)
    strategy, *_ = (one for one in facts_of(ics) if one.kind is FactKind.STRATEGY)
    said = FactText(
        words="Integrated care strategy (demonstration)",
        state="Renewed",
        begins=partial_date("2026-04"),
        ends=partial_date("2031"),
    )
    services.change(fact=strategy, said=said, version=strategy.version, by=lead)
    services.add(
        ics=ics,
        kind=FactKind.PRIORITY,
        said=FactText(words="Fewer falls in care homes (demonstration)"),
        by=lead,
    )
