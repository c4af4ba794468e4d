"""Let ICSs judge what was matched with their challenges, and say where nothing fits."""

from datetime import date

from portal.accounts.models import Actor
from portal.accounts.session import actor_of
from portal.challenges.models import Challenge, Readers
from portal.challenges.queries import leads_of_hin_for, supporter_ids
from portal.clock import today
from portal.db import db
from portal.demo import queries
from portal.demo.rules import words
from portal.demo.rules.diary import Diary
from portal.demo.rules.draw import chance, pick
from portal.demo.services.happening import happening
from portal.matching.models import Rejection, Suggestion
from portal.matching.queries import suggestions
from portal.matching.rules import WORTH_TELLING, strength
from portal.matching.services import judging
from portal.notifications.outbox import without_emails

JUDGED = 5
"""So many of the first suggestions are judged."""
OF_100 = 75
"""So many of a hundred are judged at all."""
LIKED = 1
"""From this grade on, a pair is shortlisted."""
REASONS = (Rejection.OTHER_PROBLEM, Rejection.OTHER_PROBLEM, Rejection.OTHER_SETTING)
"""Nothing is said against a product: what goes badly is never told of a real one."""
UNMET, CLOSED = 5, 2
"""Of so many challenges nothing fits; so many of these were closed since."""


def write() -> None:
    """Judge what the demo's challenges were matched with, once and in one transaction."""
    try:
        if not queries.is_judged():
            with without_emails():
                _write(queries.open_challenges(), today())
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def _write(challenges: list[Challenge], day: date) -> None:
    grades, missed = queries.grades(), 0
    for challenge in challenges:
        diary = Diary(day, f"{challenge.external_key}:judged")
        for organisation_id in sorted({challenge.organisation_id} | supporter_ids(challenge.id)):
            by = _somebody(organisation_id, f"{challenge.external_key}:judged")
            found = suggestions(by, challenge).proven[:JUDGED]
            with happening(diary, _days_ago(challenge, day, 5)):
                _judge(challenge, found, grades, by)
            is_own = organisation_id == challenge.organisation_id
            if is_own and missed < UNMET and _nothing(found):
                missed += 1
                _say_none_fits(challenge, by, diary, is_closed=missed <= CLOSED)


def _days_ago(challenge: Challenge, day: date, later: int) -> int:
    """Return how many days ago it was so many days after the challenge opened; at least 1."""
    opened = challenge.opened_at.date() if challenge.opened_at else day
    return max(1, (day - opened).days - later)


def _somebody(organisation_id: int, key: str) -> Actor:
    return actor_of(*pick(key, queries.acting_for(organisation_id)))


def _nothing(found: list[Suggestion]) -> bool:
    """Whether nothing has more than a little in common."""
    return all(row.reasons["likeness"] < WORTH_TELLING for row in found)


def _judge(
    challenge: Challenge,
    found: list[Suggestion],
    grades: dict[tuple[str, str], int],
    by: Actor,
) -> None:
    for row in found:
        keys = (challenge.external_key or "", row.innovation.external_key or "")
        key = f"{by.organisation_id}:{':'.join(keys)}"
        if not chance(key, OF_100):
            continue
        if grades.get(keys, 0) >= LIKED or strength(row.reasons["likeness"]).colour == "green":
            judging.shortlist(suggestion=row, by=by)
        else:
            reason = pick(key, REASONS)
            judging.reject(suggestion=row, reason=reason, note=pick(key, words.REJECTED), by=by)


def _say_none_fits(challenge: Challenge, by: Actor, diary: Diary, *, is_closed: bool) -> None:
    key = f"{challenge.external_key}:unmet"
    with happening(diary, _days_ago(challenge, diary.today, 8)):
        unmet = judging.say_none_fits(challenge=challenge, note=pick(key, words.UNMET), by=by)
        if by.is_ics and not is_closed and challenge.readers is Readers.PUBLIC:
            judging.publish_unmet(unmet=unmet, words=unmet.note, by=by)
    leads = leads_of_hin_for(challenge)
    if is_closed and leads:
        hin = actor_of(leads[0], leads[0].memberships[0])
        with happening(diary, _days_ago(challenge, diary.today, 30)):
            judging.close_unmet(unmet=unmet, note=pick(key, words.UNMET_CLOSED), by=hin)
