"""What the pages of adoption share: who may open them, and the list at hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.adoption import policy
from portal.adoption.models import EligibleList
from portal.adoption.queries import lists
from portal.adoption.queries.spread import Narrowing, Spread, labels, spread_of
from portal.adoption.serialise.asked import SitesQuery
from portal.errors import Forbidden
from portal.reference.models import Ics
from portal.reference.queries import icss

Answer = Response | tuple[str, int] | str
BOTH = ["GET", "POST"]
LIST = "/adoption/lists/<int:list_id>"


def reader() -> Actor:
    """Return the person who asks; raises Forbidden for who may not read adoption."""
    actor = current_actor()
    if not policy.can_read(actor):
        raise Forbidden("Adoption is shown to staff of networks, ICSs and the national team.")
    return actor


def curator() -> Actor:
    """Return the person who asks; raises Forbidden for who may not curate lists."""
    actor = current_actor()
    if not policy.can_curate(actor):
        raise Forbidden("Only the national team makes and changes lists of places.")
    return actor


@dataclass(frozen=True, slots=True)
class Topic:
    """The list at hand, and what the address asks of it."""

    eligible: EligibleList
    names: dict[int, str]
    asked: SitesQuery
    labels: dict[str, str]
    actor: Actor


@dataclass(frozen=True, slots=True)
class Case(Topic):
    """The same with all that is known of its places."""

    spread: Spread
    narrowing: Narrowing
    icss: Sequence[Ics]


def topic_for(list_id: int) -> Topic:
    """Return the list that a page is about, and what it is asked; raises NotFound, Forbidden."""
    actor = reader()
    eligible = lists.list_for(actor, list_id)
    asked = SitesQuery.of(request.args)
    return Topic(eligible, names_of(eligible, asked), asked, labels(), actor)


def case_for(list_id: int) -> Case:
    """Return what a page about the spread over a list needs; raises NotFound, Forbidden."""
    return case_of(topic_for(list_id))


def case_of(topic: Topic) -> Case:
    """Return the same of a list that was opened."""
    asked, names = topic.asked, topic.names
    spread = spread_of(topic.eligible, list(names))
    systems = icss(asked.on)
    cohort = lists.cohort_sites(asked.cohort) if asked.cohort else None
    narrowing = asked.narrowing(spread.areas.hins, systems, cohort)
    return Case(topic.eligible, names, asked, topic.labels, topic.actor, spread, narrowing, systems)


def names_of(eligible: EligibleList, asked: SitesQuery) -> dict[int, str]:
    """Return the products that a list is about, by their numbers, as on the day."""
    if eligible.innovation is not None:
        return {eligible.innovation.id: eligible.innovation.name}
    group = lists.group(eligible.group_id or 0)
    return {one.id: one.name for one in lists.members_on(group, asked.on)}
