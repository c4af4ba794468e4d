"""Suggested levels: how often people chose them, and what each rule is worth."""

from collections.abc import Sequence

from flask import render_template, request, url_for

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Forbidden
from portal.figures.policy import can_see_figures
from portal.reference.models import Hin
from portal.reference.queries import hins
from portal.support.queries import levels as queries
from portal.support.rules import LEVELS
from portal.support.rules.levels import HINT_WORDS, Agreement, agreement
from portal.support.views import blueprint
from portal.web.filters import Filters
from portal.web.paging import page_number, paginate


@blueprint.get("/support/levels")
def levels() -> str:
    """Count suggested against chosen: for a HIN its own and the nation's, for the nation all."""
    actor = _reader()
    found, networks = queries.agreements(), hins()
    network = _network(actor, networks)
    parts: list[tuple[Hin | None, str, Agreement]] = [(None, "England", found[None])]
    if network:
        own = found.get(network.id, agreement([]))
        parts.insert(0, (network, network.name, own))
    return render_template(
        "support/levels.html",
        parts=parts,
        levels=LEVELS,
        words=HINT_WORDS,
        networks=networks if actor.is_national else [],
        network=network,
        actor=actor,
    )


@blueprint.get("/support/levels/decisions")
def level_decisions() -> str:
    """List the decisions behind a count: a HIN its own, the national team every HIN's."""
    actor = _reader()
    network = _network(actor, hins())
    suggested, chosen = (_level(name) for name in ("suggested", "chosen"))
    rows = queries.choices(network.id if network else None, suggested, chosen)
    return render_template(
        "support/level_decisions.html",
        page=paginate(db.session, rows, page=page_number(request.args)),
        filters=Filters(
            url_for("support.level_decisions"),
            request.args,
            keep=("suggested", "chosen", "network"),
        ),
        suggested=suggested,
        chosen=chosen,
        name=network.name if network else "England",
        words=HINT_WORDS,
    )


def _reader() -> Actor:
    actor = current_actor()
    if not can_see_figures(actor):
        raise Forbidden("Suggested levels are for staff of the networks and the national team.")
    return actor


def _network(actor: Actor, networks: Sequence[Hin]) -> Hin | None:
    """Return the HIN whose detail is shown: one's own, or the one that the nation asks for."""
    asked = request.args.get("network")
    for hin in networks:
        if hin.id == actor.hin_id if actor.is_hin else hin.code == asked:
            return hin
    if actor.is_hin:
        raise Forbidden("Your network has no decisions.")
    return None


def _level(name: str) -> int | None:
    asked = request.args.get(name, "")
    return int(asked) if asked in {str(level) for level in LEVELS} else None
