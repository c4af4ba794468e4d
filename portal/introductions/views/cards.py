"""The link on the card of an innovation: ask for an introduction, or how the one asked for goes."""

from flask import g, url_for

from portal.accounts.models import Actor
from portal.challenges.models import Challenge
from portal.innovations.models import Innovation, RecordStatus
from portal.introductions import queries, rules
from portal.introductions.models import Introduction
from portal.web.cards import CardLink
from portal.web.format import lower_first


def link(actor: Actor, innovation: Innovation, challenge: Challenge | None) -> CardLink | None:
    """Return what ICS staff may follow; nothing for others and for what is not on the pipeline.

    Cards of lists may not look up each row's people: the page that asks looks exactly.
    """
    if not actor.is_ics or innovation.status is not RecordStatus.SUBMITTED:
        return None
    under_way = _under_way(actor).get(innovation.id)
    if under_way is None:
        return _ask(innovation, challenge)
    return CardLink(
        lower_first(rules.words(under_way)),
        url_for("introductions.show", introduction_id=under_way.id),
        about=f", introduction to {innovation.name}",
        before="You asked for an introduction:",
    )


def _ask(innovation: Innovation, challenge: Challenge | None) -> CardLink:
    page = url_for(
        "introductions.ask",
        innovation=innovation.id,
        challenge=challenge.id if challenge else None,
    )
    return CardLink("Ask for an introduction", page, about=f" to {innovation.name}")


def _under_way(actor: Actor) -> dict[int, Introduction]:
    """Return what the reader's ICS has under way, by innovation: read once for all cards."""
    if "introductions_under_way" not in g:
        g.introductions_under_way = queries.under_way(actor)
    found: dict[int, Introduction] = g.introductions_under_way
    return found
