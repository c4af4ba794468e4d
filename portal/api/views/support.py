"""Engagements and interactions: who supports what, and what was done."""

from typing import Any

from flask import request

from portal.accounts.models.tokens import TokenScope
from portal.accounts.session import current_actor
from portal.api.forms.arguments import InteractionsArguments, Marked, NewInteraction, OfRecord
from portal.api.queries import records as queries
from portal.api.serialise import rows
from portal.api.serialise.schemas import Engagements, Interactions
from portal.api.services.once import log_once
from portal.api.views.lists import Args, next_of, part_of
from portal.api.views.start import operation
from portal.db import db
from portal.support.models import Engagement, InteractionShare
from portal.support.services.interactions import InteractionDetails


@operation("/engagements", Engagements, asks=OfRecord, tag="Support")
def engagement_list(args: Args) -> dict[str, Any]:
    """List engagements

    Networks' work with innovations: every one for HIN and national staff, those with their own
    innovations for innovators.
    """
    found = queries.engagements(current_actor(), args.get("innovation"))
    part = part_of(found, Engagement.id, args)
    return {"items": [rows.engagement(one) for one in part.items], "next": next_of(part)}


@operation("/interactions", Interactions, asks=InteractionsArguments, tag="Support")
def interaction_list(args: Args) -> dict[str, Any]:
    """List interactions

    As the pages of records show them to you: your network's own, and those of others that are not
    private; for innovators those with their own innovations. One row for each innovation.
    """
    actor = current_actor()
    found = queries.interactions(actor, args.get("innovation"), args.get("logged_since"))
    part = part_of(found, InteractionShare.id, args)
    return {"items": [rows.interaction(one) for one in part.items], "next": next_of(part)}


@operation(
    "/interactions",
    Interactions,
    sends=NewInteraction,
    marks=Marked,
    method="POST",
    status=201,
    scope=TokenScope.INTERACTIONS,
    tag="Support",
)
def log_interaction(sent: Args, headers: Args) -> dict[str, Any]:
    """Log an interaction

    With one innovation or several that your network supports; answers with its rows. With an
    Idempotency-Key of your own, the same sent again within 30 days is logged once.
    """
    actor = current_actor()
    details = InteractionDetails(
        kind=sent["kind"],
        on=sent["on"],
        minutes=sent["minutes"],
        kind_ids=queries.support_kind_ids(sent["support_kinds"]),
        note=sent["note"],
        next_step=sent["next_step"],
        next_on=sent["next_on"],
        is_private=sent["is_private"],
        title=sent["title"],
        people=[name for name in sent["people"] if name],
        organisations=[name for name in sent["organisations"] if name],
    )
    logged = log_once(
        engagements=queries.engagements_with(actor, sent["innovations"]),
        details=details,
        by=actor,
        key=headers["key"],
        content=request.get_data(),
    )
    db.session.commit()
    found = queries.shares_of(actor, logged)
    return {"items": [rows.interaction(one) for one in found], "next": None}
