"""Set aims, replace them, rate them otherwise than the rule."""

from portal.accounts.session import current_actor
from portal.errors import Conflict
from portal.programmes.forms import aims as forms
from portal.programmes.queries.aims import aim_for
from portal.programmes.queries.measuring import measures, measures_used
from portal.programmes.services import aims as services
from portal.programmes.views import blueprint
from portal.programmes.views.steps import ONE, done, edited, show
from portal.web.steps import BOTH, Answer


@blueprint.route(f"{ONE}/aims/new", methods=BOTH)
def set_aim(programme_id: int) -> Answer:
    """Give a programme an aim."""
    programme, known = edited(programme_id), measures()
    form = forms.AimForm(known, measures_used(programme.id))
    if form.is_submitted_and_valid():
        with form.refusals():
            services.set_aim(programme=programme, by=current_actor(), **form.values(known))
            return done(programme, "The aim is set.")
    return show(form, programme, "Set an aim", "Save")


@blueprint.route(f"{ONE}/aims/<int:aim_id>/replace", methods=BOTH)
def replace_aim(programme_id: int, aim_id: int) -> Answer:
    """Replace an aim; the old one stays."""
    programme, known = edited(programme_id), measures()
    aim = aim_for(programme.id, aim_id)
    if aim.replaced_by_id is not None:
        raise Conflict("This aim was replaced already.")
    form = forms.AimForm(known, measures_used(programme.id), replaces=aim)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.replace_aim(
                aim=aim,
                version=form.version.data or 0,
                why=form.why.data or "",
                by=current_actor(),
                **form.values(known),
            )
            return done(programme, "The aim is replaced. The former stays on the page.")
    return show(form, programme, "Replace the aim", "Replace", before=aim.words)


@blueprint.route(f"{ONE}/aims/<int:aim_id>/rating", methods=BOTH)
def rate_aim(programme_id: int, aim_id: int) -> Answer:
    """Rate an aim otherwise than the rule does, with why."""
    programme = edited(programme_id)
    aim = aim_for(programme.id, aim_id)
    form = forms.RatingForm(obj=aim)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.override_rating(
                aim=aim,
                version=form.version.data or 0,
                rating=form.chosen,
                why=form.why.data,
                by=current_actor(),
            )
            return done(programme, "The rating is set.")
    return show(form, programme, "Rate the aim", "Save", before=aim.words)
