"""Following a part of the Exchange: by message for who is signed in, by feed for everybody."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.challenges.queries.following import followed_by as challenges_followed_by
from portal.db import db
from portal.errors import Invalid
from portal.exchange.queries import content as queries
from portal.exchange.queries.following import followed_by
from portal.exchange.serialise.asking import filters_of, in_words
from portal.exchange.services import following as services
from portal.exchange.views import blueprint
from portal.figures.views.strangers import for_strangers
from portal.notifications.outbox import full_address
from portal.web.access import public, removes
from portal.web.addresses import as_id
from portal.web.filters import Filters

PATH = "/exchange/follow"


@blueprint.get(PATH)
@public
@for_strangers
def follow() -> str:
    """Show what can be followed, the address of its feed, and what the reader follows."""
    actor, options = current_actor(), queries.options()
    filters = filters_of(options, path=PATH)
    mine = followed_by(actor.user_id) if actor.is_signed_in else []
    read = [(row, filters_of(options, row.asked)) for row in mine]
    return render_template(
        "exchange/follow.html",
        filters=filters,
        words=in_words(filters),
        feed=_feed_of(filters),
        is_followed=any(row.asked == filters.query_string for row in mine),
        mine=[(row, in_words(one), one.query_string == row.asked) for row, one in read],
        challenges=challenges_followed_by(actor) if actor.is_signed_in else [],
        by_one=[one for one in filters.filters if one.name != "hin"],
        canonical=full_address(PATH),
        is_signed_in=actor.is_signed_in,
    )


def _feed_of(filters: Filters) -> str:
    """Return the address of the feed: the one that stays, where one thing was chosen."""
    pairs = [(name, value) for name, values in filters.state.items() for value in values]
    if len(pairs) == 1 and pairs[0][0] in {"kind", "topic", "ics"}:
        name, code = pairs[0]
        return full_address(url_for("exchange.atom_of", by=name, code=code))
    return full_address(f"{url_for('exchange.atom')}?{filters.query_string}".rstrip("?"))


@blueprint.post(f"{PATH}/add")
def add_following() -> Response:
    """Be told of what is new in the list of the address."""
    filters = filters_of(queries.options(), path=PATH)
    try:
        services.follow(asked=filters.query_string, by=current_actor())
    except Invalid as refusal:
        flash(str(refusal), "warning")
        return redirect(filters.url_with())
    db.session.commit()
    flash(f"You are told of what is new: {in_words(filters)}.", "success")
    return redirect(url_for("exchange.follow"))


@blueprint.post(f"{PATH}/stop")
@removes("exchange.follow")
def stop_following() -> Response:
    """Be told of a list no more."""
    following_id = request.form.get("following", type=as_id) or 0
    services.stop(following_id=following_id, by=current_actor())
    db.session.commit()
    flash("You are told of it no more.", "success")
    return redirect(url_for("exchange.follow"))
