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
class Case:
    """The list at hand, what is known of its places, and what the address asks."""

    eligible: EligibleList
    names: dict[int, str]
    spread: Spread
    asked: SitesQuery
    narrowing: Narrowing
    icss: Sequence[Ics]
    labels: dict[str, str]
    actor: Actor


def case_for(list_id: int) -> Case:
    """Return what a page about the spread over a list needs; raises NotFound, Forbidden."""
    actor = reader()
    eligible = lists.list_for(actor, list_id)
    asked = SitesQuery.of(request.args)
    names = names_of(eligible, asked)
    spread = spread_of(eligible, list(names))
    systems = icss(asked.on)
    cohort = lists.cohort_sites(asked.cohort) if asked.cohort else None
    narrowing = asked.narrowing(spread, {one.code: one for one in systems}, cohort)
    return Case(eligible, names, spread, asked, narrowing, systems, labels(), actor)


def names_of(eligible: EligibleList, asked: SitesQuery) -> dict[int, str]:
    """Return the products that a list is about, by their numbers, as on the day."""
    if eligible.innovation is not None:
        return {eligible.innovation.id: eligible.innovation.name}
    group = lists.group(eligible.group_id or 0)
    return {one.id: one.name for one in lists.members_on(group, asked.on)}
