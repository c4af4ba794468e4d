"""What ideas tell people, and their audit lines.

No email says what somebody wrote: emails outlive permissions, so they lead to the page.
"""

from collections.abc import Iterable
from typing import Any

from portal.accounts.models import Actor, User
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.community.models import Campaign, Idea
from portal.community.queries import authors_of, following_people, running_people
from portal.notifications.outbox import tell
from portal.threads.outbox import tell_of_message


def note(action: str, row: Idea | Campaign, summary: str, *, by: Actor) -> None:
    """Put one line on the trail of an idea or a campaign."""
    audit.note(row, action, summary, by=by, audience=Audience.PRIVATE)


def tell_running(template: str, idea: Idea, *, by: Actor, **words: Any) -> None:
    """Tell those who run the campaign, but not who did it."""
    _tell(running_people(idea.campaign), template, idea, by=by, **words)


def tell_authors(template: str, idea: Idea, *, by: Actor, **words: Any) -> None:
    """Tell its authors, but not who did it."""
    _tell(authors_of(idea), template, idea, by=by, **words)


def tell_concerned(template: str, idea: Idea, *, by: Actor) -> None:
    """Tell its authors and whoever follows it, each once, but not who did it."""
    _tell((*authors_of(idea), *following_people(idea)), template, idea, by=by)


def tell_people(people: Iterable[User], template: str, idea: Idea, **words: Any) -> None:
    """Tell these people."""
    _tell(people, template, idea, **words)


def tell_message(idea: Idea, *, by: Actor) -> None:
    """Tell whoever follows an idea that somebody commented."""
    tell_of_message(
        following_people(idea),
        "community/emails/message.txt",
        url=f"/ideas/{idea.id}#comments",
        by=by,
        idea=idea,
    )


def tell_guest(person: User, campaign: Campaign) -> None:
    """Tell somebody with an account that they may take part."""
    tell(
        [person],
        "community/emails/invited.txt",
        url=f"/ideas/campaigns/{campaign.id}",
        campaign=campaign,
    )


def _tell(people: Iterable[User], template: str, idea: Idea, **words: Any) -> None:
    tell(
        people,
        f"community/emails/{template}.txt",
        url=f"/ideas/{idea.id}",
        idea=idea,
        campaign=idea.campaign,
        **words,
    )
