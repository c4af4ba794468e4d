"""The front page of the service: the Exchange for strangers, their home for who is signed in."""

from flask import current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import ANONYMOUS
from portal.accounts.session import current_actor
from portal.challenges.queries.calls import closing_soon
from portal.exchange.queries.front import counters, newly_proven, shown
from portal.exchange.serialise.structured import site
from portal.exchange.views import blueprint
from portal.exchange.views.content import shown_with
from portal.figures.views.strangers import for_strangers
from portal.notifications.outbox import full_address
from portal.web.access import public

HOME = "home.home"
"""The dashboards of the roles; they lie in a higher room."""


@blueprint.get("/")
@public
@for_strangers
def start() -> Response | str:
    """Show strangers what is here and new; take people who are signed in to their home page."""
    if current_actor().is_signed_in and HOME in current_app.view_functions:
        return redirect(url_for(HOME))
    return render_template(
        "exchange/start.html",
        calls=closing_soon(ANONYMOUS),
        proven=newly_proven(),
        counters=counters(),
        structured=site(),
        canonical=full_address("/"),
        **shown(),
        **shown_with(),
    )
