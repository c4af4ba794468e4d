"""Who reads a company's return, who answers and who checks it; who keeps estimates. Pure."""

from datetime import date

from portal.accounts.models import Actor
from portal.impact.models import CompanyReturn, ImpactEvent, ReturnState
from portal.impact.rules.totals import ANSWERED

WRITABLE = frozenset({ReturnState.ASKED, ReturnState.BEGUN, ReturnState.ASKED_BACK})
"""States in which an answer may still be written."""


def is_companys(actor: Actor, row: CompanyReturn) -> bool:
    """Whether the actor acts for the company that is asked."""
    return actor.is_innovator and actor.organisation_id == row.organisation_id


def is_networks(actor: Actor, row: CompanyReturn) -> bool:
    """Whether the actor acts for a network that supported the company in the year."""
    return actor.is_hin and any(one.hin_id == actor.hin_id for one in row.networks)


def can_see(actor: Actor, row: CompanyReturn, on: date) -> bool:
    """Whether the actor may read a return: the national team, networks that supported the company,
    and its own people once the campaign is open. Its twin in SQL is `queries.returns.visible_to`.
    """
    if is_companys(actor, row):
        return row.campaign.opens_on <= on
    return actor.is_national or is_networks(actor, row)


def can_be_answered(row: CompanyReturn, on: date) -> bool:
    """Whether anybody may answer on a day: the campaign is open, and no answer stands."""
    return row.campaign.is_open(on) and row.state in WRITABLE


def can_answer(actor: Actor, row: CompanyReturn, on: date) -> bool:
    """Whether the actor may answer: the company's people, or a network that wrote it down."""
    is_theirs = is_companys(actor, row) or is_networks(actor, row)
    return is_theirs and can_be_answered(row, on)


def can_check(actor: Actor, row: CompanyReturn) -> bool:
    """Whether the actor may accept the answer or ask back: a network of the company."""
    return is_networks(actor, row) and row.state is ReturnState.HANDED_IN


def can_ask_back(actor: Actor, row: CompanyReturn, on: date) -> bool:
    """Whether the actor may ask the company again: while it can still answer."""
    return is_networks(actor, row) and row.state in ANSWERED and row.campaign.is_open(on)


def can_keep(actor: Actor, row: CompanyReturn) -> bool:
    """Whether the actor may send the link to somebody and note investment that was heard of."""
    return is_networks(actor, row)


def reads_list(actor: Actor) -> bool:
    """Whether the actor reads the list of returns: networks their own, the national team all."""
    return actor.is_staff


def can_set_up(actor: Actor) -> bool:
    """Whether the actor sets campaigns up and keeps estimates: the national team."""
    return actor.is_national


def can_tell(actor: Actor, hin_id: int | None) -> bool:
    """Whether the actor may enter what a network (None: all together) did: its own staff, and the
    national team."""
    return actor.is_national or (actor.is_hin and hin_id is not None and actor.hin_id == hin_id)


def can_withdraw(actor: Actor, event: ImpactEvent) -> bool:
    """Whether the actor may withdraw an entry."""
    return can_tell(actor, event.hin_id)
