"""Who is told about matches."""

from portal.challenges.queries import leads_of_hin_for
from portal.matching.models import UnmetNeed
from portal.notifications.outbox import tell


def tell_unmet(unmet: UnmetNeed) -> None:
    """Tell the leads of the HIN in whose area the challenge is that nothing fits it."""
    tell(
        leads_of_hin_for(unmet.challenge),
        "matching/emails/unmet.txt",
        url="/matching/unmet-needs",
        unmet=unmet,
    )
