"""Match in the worker: one challenge, one innovation, or everything every night.

Reading and scoring hold no lock; what was found is then written in one short transaction, so that
a worker killed at any moment leaves the old suggestions whole.
"""

from flask import current_app

from portal.accounts.policy import can_sign_in
from portal.accounts.session import actor_of
from portal.clock import today
from portal.db import db, reading
from portal.jobs import Progress, task
from portal.matching.engine import ENGINE_VERSION, Need
from portal.matching.indexing import (
    AffectedList,
    Matchers,
    Needs,
    concerned,
    forget,
    keep_words,
    matchers,
    needs_to_match,
    placed,
)
from portal.matching.models import HinEnquiry
from portal.matching.queries.enquiries import to_remind
from portal.matching.queries.news import (
    organisations_to_tell,
    readers_to_tell,
    untold_matches,
)
from portal.matching.queries.to_match import is_refresh_due, matched_by
from portal.matching.rules import is_day_of_news
from portal.matching.services import ask_for_refresh, enquiries, place, relate, store
from portal.matching.services import news as services


@task("matching.challenge")
def match_challenge(progress: Progress, challenge_id: int) -> None:
    """Match one challenge with the innovations that each readership may see."""
    needs, solutions = _read()
    for need in needs.every:
        if need.id == challenge_id:
            _match(need, needs, solutions)


@task("matching.innovation")
def match_innovation(progress: Progress, innovation_id: int) -> None:
    """Match again every challenge on whose lists a changed innovation stands, or would stand.

    Where everything is matched soon, or many innovations wait, it is left to that.
    """
    if is_refresh_due():
        ask_for_refresh()
        return
    needs, solutions = _read()
    found, unmatched = _concerned(needs, solutions, innovation_id)
    for number, need in enumerate(unmatched, start=1):
        _match(need, needs, solutions)
        progress(number, len(unmatched) + len(found), "Matching with challenges")
    for start in range(0, len(found), LISTS_AT_ONCE):
        _place(found[start : start + LISTS_AT_ONCE], solutions, innovation_id)
        done = min(start + LISTS_AT_ONCE, len(found)) + len(unmatched)
        progress(done, len(unmatched) + len(found), "Matching with challenges")
        db.session.commit()


LISTS_AT_ONCE = 50
"""So many lists are written in one transaction."""


def _concerned(
    needs: Needs, solutions: Matchers, innovation_id: int
) -> tuple[list[AffectedList], list[Need]]:
    """Return the lists that a record concerns, and the challenges that have none of this engine
    yet."""
    with reading():
        known = matched_by(ENGINE_VERSION)
        found = concerned(needs, solutions, innovation_id)
        db.session.rollback()
    unmatched = {one.question.need.id for one in found} - known
    return (
        [one for one in found if one.question.need.id in known],
        [need for need in needs.every if need.id in unmatched],
    )


def _place(lists: list[AffectedList], solutions: Matchers, innovation_id: int) -> None:
    """Make some lists again, then write them in one transaction."""
    made = [(one, placed(solutions, innovation_id, one)) for one in lists]
    for one, again in made:
        place(
            challenge_id=int(one.question.need.id),
            whom=one.whom,
            standing=one.standing,
            again=again,
        )
    db.session.commit()


@task("matching.refresh", schedule="30 2")
def refresh(progress: Progress) -> None:
    """Match every challenge again: what lapsed, what moved a little, what was missed."""
    forget()
    needs, solutions = _read()
    for number, need in enumerate(needs.every, start=1):
        _match(need, needs, solutions)
        progress(number, len(needs.every), "Matching challenges")
        db.session.commit()


@task("matching.remind", schedule="5 6")
def remind_of_enquiries(progress: Progress) -> None:
    """Remind HINs of what ICSs asked, each in its own transaction: run twice, it says nothing
    twice."""
    waiting = to_remind(today())
    for number, (enquiry_id, kind) in enumerate(waiting, start=1):
        enquiries.remind(db.session.get_one(HinEnquiry, enquiry_id), kind)
        db.session.commit()
        progress(number, len(waiting), "Reminding of answers to ICSs")


@task("matching.news", schedule="45 6")
def tell_news(progress: Progress) -> None:
    """On Mondays, tell every ICS which of its matches are new.

    One organisation is one transaction: a worker killed in between has told each one once or not
    at all, and the job run again goes on with the rest.
    """
    waiting = organisations_to_tell() if is_day_of_news(today()) else []
    for number, organisation_id in enumerate(waiting, start=1):
        for membership in readers_to_tell(organisation_id):
            person = membership.user
            if can_sign_in(person, production=current_app.config["PRODUCTION"]):
                actor = actor_of(person, membership)
                services.tell_news(person=person, suggestions=untold_matches(actor))
        services.note_told(organisation_id=organisation_id)
        db.session.commit()
        progress(number, len(waiting), "Telling ICSs what is new")


def _match(need: Need, needs: Needs, solutions: Matchers) -> None:
    """Find everything for one challenge, then write it in one transaction."""
    found, alike = solutions.match(need), needs.similar(need)
    store(challenge_id=int(need.id), by_readership=found)
    relate(challenge_id=int(need.id), pairings=alike, is_open=need.id in needs.open_ids)
    db.session.commit()


def _read() -> tuple[Needs, Matchers]:
    """Read the challenges to match and the records, in a transaction that only reads."""
    db.session.commit()
    with reading():
        found = needs_to_match(), matchers()
        db.session.rollback()
    keep_words(found[1].catalogue, found[1].asked.open)
    db.session.commit()
    return found
