"""Open rounds, apply for a site, decide, and say what was spent and what came of it."""

from datetime import date

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import add_new, db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.programmes.models import ApplicationState, FundApplication, FundRound, Programme
from portal.programmes.policy import can_edit, can_write_for
from portal.programmes.rules.funds import can_be_changed
from portal.text import is_called


def open_round(
    *, programme: Programme, name: str, opens_on: date, closes_on: date, by: Actor
) -> FundRound:
    """Open a round between two days. Raises Forbidden but for the national team, Invalid for days
    that run backwards, Conflict for a name that the programme has."""
    if not can_edit(by):
        raise Forbidden("The national team opens rounds.")
    if closes_on < opens_on:
        raise Invalid("The last day must be on or after the first", field="closes_on")
    row = FundRound(
        programme_id=programme.id,
        name=name,
        opens_on=opens_on,
        closes_on=closes_on,
        at=now(),
        by_id=by.user_id,
    )
    same = select(FundRound.name).where(FundRound.programme_id == programme.id)
    if is_called(name, db.session.scalars(same)) or not add_new(row):
        raise Conflict("The programme has a round of this name already.")
    audit.note(programme, "round_opened", f"opened the round “{name}”", by=by)
    return row


def apply_for(
    *, fund_round: FundRound, site: str, theme: str, asked: int, by: Actor, words: str = ""
) -> FundApplication:
    """Apply for a site of one's own network. Raises Forbidden for others, Invalid outside the days
    of the round."""
    if by.hin_id is None or not can_write_for(by, by.hin_id):
        raise Forbidden("Sites apply through their network.")
    if not fund_round.opens_on <= today() <= fund_round.closes_on:
        raise Invalid("The round is not open")
    row = FundApplication(
        round=fund_round,
        hin_id=by.hin_id,
        site=site,
        theme=theme,
        asked=asked,
        words=words,
        at=now(),
        by_id=by.user_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.note(fund_round.programme, "fund_applied", f"applied for {site}", by=by)
    return row


def change_application(
    *,
    application: FundApplication,
    version: int,
    site: str,
    theme: str,
    asked: int,
    by: Actor,
    words: str = "",
) -> None:
    """Change what is applied for while the round is open. Raises Forbidden for other networks,
    Conflict when the round is over or it was decided, Outdated."""
    if not can_write_for(by, application.hin_id):
        raise Forbidden("A network changes the applications of its own sites.")
    lock(application, seen=version)
    if not can_be_changed(application, today()):
        raise Conflict("It was decided, or the round is over: it cannot be changed any more.")
    application.site, application.theme = site, theme
    application.asked, application.words = asked, words
    db.session.flush()
    audit.note(
        application.round.programme, "fund_changed", f"changed the application of {site}", by=by
    )


def decide(
    *, application: FundApplication, version: int, awarded: int | None, why: str, by: Actor
) -> None:
    """Award pounds, or (None) refuse. Raises Forbidden but for the national team, Invalid for more
    than was asked and for a refusal without why, Conflict when it was decided, Outdated."""
    if not can_edit(by):
        raise Forbidden("The national team decides.")
    if awarded is None and not why:
        raise Invalid("Enter why it is refused", field="why")
    if awarded is not None and not 0 < awarded <= application.asked:
        raise Invalid(f"The award must be between £1 and £{application.asked:,}", field="awarded")
    lock(application, seen=version)
    if application.state is not ApplicationState.APPLIED:
        raise Conflict("It was decided already.")
    won = awarded is not None
    application.state = ApplicationState.AWARDED if won else ApplicationState.REFUSED
    application.awarded, application.decided_on, application.decided_why = awarded, today(), why
    db.session.flush()
    said = f"awarded £{awarded:,} to {application.site}" if won else f"refused {application.site}"
    audit.note(application.round.programme, "fund_decided", said, by=by)


def report_spend(
    *, application: FundApplication, version: int, spent: int, outcome: str, by: Actor
) -> None:
    """Say what of an award was spent and what came of it. Raises Forbidden for other networks,
    Invalid for what was not awarded and for more than that, Outdated."""
    if not can_write_for(by, application.hin_id):
        raise Forbidden("A network reports what its own sites spent.")
    if application.state is not ApplicationState.AWARDED:
        raise Invalid("Only awards are spent")
    if spent > (application.awarded or 0):
        raise Invalid(f"It cannot be more than £{application.awarded:,}", field="spent")
    lock(application, seen=version)
    application.spent, application.outcome = spent, outcome
    db.session.flush()
    said = f"reported £{spent:,} spent at {application.site}"
    audit.note(application.round.programme, "fund_spent", said, by=by)
