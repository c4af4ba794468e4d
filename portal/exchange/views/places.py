"""The places of the national directory where something was done: added and taken away."""

from flask import url_for

from portal.accounts.session import current_actor
from portal.exchange.forms.content import MoveForm, PlaceForm
from portal.exchange.queries import content as queries
from portal.exchange.serialise.content import work_address
from portal.exchange.services import places as services
from portal.exchange.views import blueprint
from portal.exchange.views.steps import WORK, show, writer
from portal.reference.queries.sites import site as place_of
from portal.reference.queries.sites import site_by_code
from portal.web.access import removes
from portal.web.steps import BOTH, Answer, done, refused

WAITS = " The change waits until a second person publishes it."


@blueprint.route(f"{WORK}/places", methods=BOTH)
def add_place(item_id: int) -> Answer:
    """Link an item to a place."""
    actor, found = writer(), queries.edited_for(current_actor(), item_id)
    form = PlaceForm(data={"version": found.version})
    form.site.suggest = url_for("innovations.suggest_places")
    if form.is_submitted_and_valid():
        with form.refusals():
            site, version = site_by_code(form.site.data), form.version.data or 0
            services.add_place(item=found, version=version, site=site, by=actor)
            words = f"{site.name} is added." + (WAITS if found.pending else "")
            return done(words, work_address(found))
    return show(form, "Add a place", "Add it", back=(work_address(found), found.title))


@blueprint.post(f"{WORK}/places/<int:site_id>/remove")
@removes("exchange.work")
def remove_place(item_id: int, site_id: int) -> Answer:
    """Take a place away."""
    actor, found = writer(), queries.edited_for(current_actor(), item_id)
    form, site = MoveForm(), place_of(site_id)
    if form.is_submitted_and_valid():
        with form.refusals():
            version = form.version.data or 0
            services.remove_place(item=found, version=version, site=site, by=actor)
            words = f"{site.name} is taken away." + (WAITS if found.pending else "")
            return done(words, work_address(found))
    return refused(form, work_address(found))
