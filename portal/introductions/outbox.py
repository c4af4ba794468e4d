"""What introductions tell people, and their audit lines.

No message carries anybody's name or address: emails outlive permissions, so they lead to the page,
which shows each reader what they may read at that moment.
"""

from collections.abc import Iterable
from typing import Any

from portal.accounts.models import SYSTEM, Actor, User
from portal.accounts.queries.acting import leads_of_hins
from portal.audit import services
from portal.audit.models import Audience
from portal.innovations.queries.people import own_people
from portal.introductions import queries, rules
from portal.introductions.models import Circle, Introduction
from portal.notifications.outbox import tell
from portal.threads.outbox import tell_of_message


def note(
    action: str,
    introduction: Introduction,
    summary: str,
    *,
    by: Actor,
    changes: dict[str, list[Any]] | None = None,
) -> None:
    """Put one line on the introduction's audit trail. It is not on the record's: that has readers
    who may not know of the introduction."""
    services.note(introduction, action, summary, by=by, changes=changes, audience=Audience.HIN)


def tell_ics(template: str, introduction: Introduction, **words: Any) -> None:
    """Tell who asked, or the leads of their ICS."""
    _tell(queries.asking_people(introduction), template, introduction, **words)


def tell_hins(template: str, introduction: Introduction, **words: Any) -> None:
    """Tell who took it or, while nobody did, the leads of every HIN concerned."""
    hin_ids = queries.concerned_hin_ids(introduction)
    _tell(queries.hin_people(introduction, hin_ids), template, introduction, **words)


def tell_other_hins(template: str, introduction: Introduction, **words: Any) -> None:
    """Tell the leads of the HINs concerned besides the one that took it, so that they need not."""
    others = queries.concerned_hin_ids(introduction) - {introduction.broker_hin_id}
    _tell(leads_of_hins(others), template, introduction, **words)


def tell_innovator(template: str, introduction: Introduction, **words: Any) -> None:
    """Tell the innovation's people."""
    _tell(_innovators(introduction), template, introduction, **words)


def _innovators(introduction: Introduction) -> list[User]:
    """Return the innovation's people, who know of it only after a HIN accepted."""
    if introduction.brokered_at is None:
        raise ValueError("the innovator is told nothing before a network accepted")
    return own_people(introduction.innovation, besides=SYSTEM)


def tell_circle(introduction: Introduction, circle: Circle, by: Actor) -> None:
    """Tell those who read a message that it is there."""
    hin_ids = queries.concerned_hin_ids(introduction)
    people = list(queries.hin_people(introduction, hin_ids))
    if circle is not Circle.ANSWERING:
        people += queries.asking_people(introduction)
    if circle is not Circle.ASKING:
        people += _innovators(introduction)
    tell_of_message(
        people,
        "introductions/emails/message.txt",
        url=f"/introductions/{introduction.id}",
        by=by,
        introduction=introduction,
    )


def _tell(people: Iterable[User], template: str, introduction: Introduction, **words: Any) -> None:
    tell(
        people,
        f"introductions/emails/{template}.txt",
        url=f"/introductions/{introduction.id}",
        introduction=introduction,
        rules=rules,
        **words,
    )
