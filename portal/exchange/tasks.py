"""Jobs of the Exchange: which items are like which, how many visitors the day before had, and which
links lead nowhere."""

from flask import current_app

from portal.calling import call
from portal.clock import now, today
from portal.db import db
from portal.exchange.queries import following
from portal.exchange.serialise import asking
from portal.exchange.services.following import tell_of
from portal.exchange.services.links import check_due, gather
from portal.exchange.services.publishing import RELATE, TELL_FOLLOWERS
from portal.exchange.services.relating import relate
from portal.exchange.services.visits import close_days
from portal.jobs import Progress, task


@task(RELATE, schedule="40 3")
def relate_all(_progress: Progress) -> None:
    """Compare all published items; safe to run twice."""
    relate()
    db.session.commit()


@task("exchange.close_days", schedule="10 0")
def close_visits(_progress: Progress) -> None:
    """Keep the numbers of days that are over, and delete marks and salts; safe to run twice."""
    close_days(today())
    db.session.commit()


@task(TELL_FOLLOWERS, schedule="35 *")
def tell_followers(_progress: Progress) -> None:
    """Tell who follows what is new; hourly, because an item may be published from a moment to come.

    One item is one transaction: a worker killed in between has told everybody of it once, or
    nobody.
    """
    questions = asking.questions(following.every_question())
    for item_id in following.untold(now()):
        tell_of(item_id, questions)
        db.session.commit()


AGENT = {"user-agent": "innovation-portal-links/1", "accept": "*/*"}
NO_HEAD = frozenset({405, 501})
"""Answers of sites that know no HEAD."""


@task("exchange.check_links", schedule="25 *")
def check_links(_progress: Progress) -> None:
    """Call the links whose turn it is, one of each host; nothing where the setting is off."""
    if not current_app.config["LINK_CHECKS"]:
        return
    gather(now())
    db.session.commit()
    check_due(now(), call_address)


def call_address(url: str) -> tuple[int | None, str]:
    """Call an address of the open internet, without reading what it holds."""
    code, said = call("HEAD", url, AGENT)
    return call("GET", url, AGENT) if code in NO_HEAD else (code, said)
