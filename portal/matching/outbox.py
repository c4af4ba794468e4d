"""Who is told about matches."""

from collections.abc import Sequence

from portal.accounts.models import Actor, User
from portal.accounts.queries.acting import leads, responsible_at
from portal.challenges.queries import leads_of_hin_for
from portal.clock import today
from portal.innovations.queries.people import responsible_for
from portal.matching.models import ChallengeOutcome, HinEnquiry, Suggestion, UnmetNeed
from portal.matching.rules import MOST_TOLD, strength
from portal.notifications.outbox import tell
from portal.wording import is_overdue


def tell_news(person: User, suggestions: Sequence[Suggestion]) -> None:
    """Tell one person which matches are new, the best by name."""
    tell(
        [person],
        "matching/emails/news.txt",
        url="/home",
        best=[(row, strength(row.reasons["likeness"])) for row in suggestions[:MOST_TOLD]],
        more=max(len(suggestions) - MOST_TOLD, 0),
    )


def tell_enquiry(enquiry: HinEnquiry, *, by: Actor) -> None:
    """Tell the leads of the HIN that was asked."""
    tell(
        leads(enquiry.hin_id),
        "matching/emails/enquiry.txt",
        url=f"/matching/enquiries/{enquiry.id}",
        enquiry=enquiry,
        by=by,
    )


def tell_enquiry_due(enquiry: HinEnquiry) -> None:
    """Remind the leads of the HIN that was asked of the day by which the answer is due."""
    tell(
        leads(enquiry.hin_id),
        "matching/emails/enquiry_due.txt",
        url=f"/matching/enquiries/{enquiry.id}",
        enquiry=enquiry,
        is_late=is_overdue(enquiry.due_on, today()),
    )


def tell_enquiry_answered(enquiry: HinEnquiry) -> None:
    """Tell who asked or, when they have left, who leads the organisation that asked."""
    tell(
        responsible_at(enquiry.asked_by_id, enquiry.organisation_id),
        "matching/emails/enquiry_answered.txt",
        url=f"/matching/enquiries/{enquiry.id}",
        enquiry=enquiry,
    )


def tell_outcome(told: ChallengeOutcome, *, by: Actor) -> None:
    """Tell the people of a record that an organisation says it uses it or tries it out; not for
    which challenge, which they may not be able to read."""
    tell(
        responsible_for(told.innovation),
        "matching/emails/outcome.txt",
        url=f"/innovations/{told.innovation_id}/use",
        innovation=told.innovation,
        use=told.use,
        by=by,
    )


def tell_unmet(unmet: UnmetNeed) -> None:
    """Tell the leads of the HIN in whose area the challenge is that nothing fits it."""
    tell(
        leads_of_hin_for(unmet.challenge),
        "matching/emails/unmet.txt",
        url="/matching/unmet-needs",
        unmet=unmet,
    )
