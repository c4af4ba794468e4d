"""The support directory as it comes with the product, one network's own word in it, and to whom
innovations are pointed."""

from portal.accounts.models import Actor
from portal.demo.rules.diary import Diary
from portal.demo.rules.draw import pick
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.support.models import Engagement
from portal.support.queries.directory import directory
from portal.support.services import directory as services
from portal.support.services.directory import HelpDetails

PARTNERS = ("NICE", "MHRA", "NIHR", "NHSSC", "INNOVATE-UK")
WORDS = {
    "NICE": "Ask which evidence they would want to see before you design the next study.",
    "MHRA": "Ask whether it is a medical device, and of which class.",
    "NIHR": "Ask which call for product development opens next, and whether you may apply.",
    "NHSSC": "Ask under which framework it would be bought, and when that opens.",
    "INNOVATE-UK": "Ask an adviser whether the next competition fits where you are.",
}


def write(today: Diary, people: People) -> None:
    """Load the directory, and let the lead of the network of the sign-in say its own part anew."""
    with happening(today, 300):
        services.load()
    lead = people.by_key["hin"]
    with happening(today, 30):
        _say(lead)


def _say(lead: Actor) -> None:
    [own] = [one for one in directory() if one.hin_id == lead.hin_id]
    said = HelpDetails(
        name=own.name,
        takes_on=f"{own.takes_on}. This year above all frailty, and digital care at home "
        "(demonstration)",
        not_for="Medicines before their first study in people (demonstration)",
        refer=own.refer,
        link=own.link,
    )
    services.change(entry=own, said=said, version=own.version, by=lead)


def partner_of(key: str) -> tuple[int, str]:
    """Return a national partner, always the same for a key, and what to ask there."""
    code = pick(f"{key}:partner", PARTNERS)
    return next(one.id for one in directory() if one.code == code), WORDS[code]


def point(engagement: Engagement, key: str, by: Actor) -> None:
    """Point an innovation to a national partner."""
    entry, words = partner_of(key)
    services.point(engagement=engagement, entry_ids=[entry], words=words, by=by)
