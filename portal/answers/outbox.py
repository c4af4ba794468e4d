"""What answers tell people, and their audit lines.

No message carries anybody's name or what an answer says: emails outlive permissions, so they lead
to the page, which shows each reader what they may read at that moment.
"""

from collections.abc import Iterable
from typing import Any

from portal.accounts.models import SYSTEM, Actor, User
from portal.answers.models import Answer, AnswerAssessor
from portal.answers.queries import hin_people, stating_people
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.innovations.queries.people import own_people
from portal.notifications.outbox import tell
from portal.threads.outbox import tell_of_message


def note(action: str, answer: Answer, summary: str, *, by: Actor) -> None:
    """Put one line on the answer's trail. It is on neither the record's nor the challenge's: those
    have readers who may not know of the answer."""
    audit.note(answer, action, summary, by=by, audience=Audience.PRIVATE)


def tell_innovator(template: str, answer: Answer, *, by: Actor = SYSTEM, **words: Any) -> None:
    """Tell the record's people."""
    _tell(own_people(answer.innovation, besides=by), template, answer, **words)


def tell_stating(template: str, answer: Answer, **words: Any) -> None:
    """Tell those who state the challenge."""
    _tell(stating_people(answer), template, answer, **words)


def tell_hin(template: str, answer: Answer, **words: Any) -> None:
    """Tell the HIN that reads it first."""
    _tell(hin_people(answer), template, answer, **words)


def tell_message(answer: Answer, *, is_innovators: bool, by: Actor) -> None:
    """Tell the other side that somebody wrote; a colleague of who wrote finds it on the page."""
    people = stating_people(answer) if is_innovators else own_people(answer.innovation, besides=by)
    tell_of_message(
        people,
        "answers/emails/message.txt",
        url=f"/answers/{answer.id}#messages",
        by=by,
        answer=answer,
    )


def tell_asked(assessor: AnswerAssessor) -> None:
    """Tell somebody that they are asked to assess the answers to a challenge."""
    tell(
        [assessor.user],
        "answers/emails/assess.txt",
        url=f"/challenges/{assessor.challenge_id}/answers/declare",
        challenge=assessor.challenge,
    )


def _tell(people: Iterable[User], template: str, answer: Answer, **words: Any) -> None:
    tell(
        people,
        f"answers/emails/{template}.txt",
        url=f"/answers/{answer.id}",
        answer=answer,
        challenge=answer.challenge,
        innovation=answer.innovation,
        **words,
    )
