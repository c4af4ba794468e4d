"""On the card of an innovation: at how many places it is in use, and at how many of one's own."""

from flask import g, url_for

from portal.accounts.models import Actor
from portal.adoption.queries.places import InUse, in_use_of
from portal.challenges.models import Challenge
from portal.db import db
from portal.innovations.models import Innovation
from portal.web.cards import CardLink
from portal.web.format import plural


def link(actor: Actor, innovation: Innovation, _challenge: Challenge | None) -> CardLink | None:
    """Return "In use at 14 places, 2 in your area" for ICS staff; nothing where nobody uses
    it. The card above names the places already."""
    if not actor.is_ics:
        return None
    found = _in_use(innovation, actor.ics_id)
    if not found.everywhere:
        return None
    return CardLink(
        _words(found),
        url_for("adoption.record", innovation_id=innovation.id),
        about=f", {innovation.name}",
    )


def _words(found: InUse) -> str:
    here = f"{found.here:,}" if found.here else "none"
    return f"In use at {plural(found.everywhere, 'place')}, {here} in your area"


def _in_use(innovation: Innovation, ics_id: int | None) -> InUse:
    """Read once for all the innovations that the page has loaded."""
    known: dict[int, InUse] = g.setdefault("adoption_in_use", {})
    if innovation.id not in known:
        ids = {row.id for row in db.session if isinstance(row, Innovation)} | {innovation.id}
        found = in_use_of(sorted(ids), ics_id)
        known.update({number: found.get(number, InUse(0, 0)) for number in ids})
    return known[innovation.id]
