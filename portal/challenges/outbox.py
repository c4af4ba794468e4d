"""Who is told about a challenge."""

from portal.challenges.models import Challenge
from portal.challenges.queries import leads_of_hin_for
from portal.notifications.outbox import tell


def tell_opened(challenge: Challenge) -> None:
    """Tell the leads of the HIN in whose area the challenge was opened."""
    tell(
        leads_of_hin_for(challenge),
        "challenges/emails/opened.txt",
        url=f"/challenges/{challenge.id}",
        challenge=challenge,
    )
