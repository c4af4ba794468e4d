"""Set a programme up: its facts, products and resources; name a network's lead person."""

from portal.accounts.queries.acting import staff
from portal.accounts.session import current_actor
from portal.db import id_from
from portal.errors import Forbidden
from portal.innovations.queries import innovation_for
from portal.programmes import policy, queries
from portal.programmes.forms import programmes as forms
from portal.programmes.models import Programme
from portal.programmes.services import programmes as services
from portal.programmes.views import blueprint
from portal.programmes.views.steps import ONE, done, edited, show, written
from portal.reference.models import Vocabulary
from portal.reference.queries import hins, terms
from portal.web.steps import BOTH, Answer


@blueprint.route("/programmes/new", methods=BOTH)
def add() -> Answer:
    """Add a programme."""
    if not policy.can_edit(current_actor()):
        raise Forbidden("The national team sets programmes up.")
    return _edit(None, "Add a programme")


@blueprint.route(f"{ONE}/edit", methods=BOTH)
def edit(programme_id: int) -> Answer:
    """Change a programme."""
    return _edit(edited(programme_id), "Change the programme")


def _edit(programme: Programme | None, heading: str) -> Answer:
    actor = current_actor()
    form = forms.ProgrammeForm(programme)
    held = [term.code for term in programme.settings] if programme else []
    settings = {term.id: term for term in terms(Vocabulary.CARE_SETTING, held=held)}
    form.offer(queries.all_visible(actor), hins(), list(settings.values()))
    if form.is_submitted_and_valid():
        with form.refusals():
            saved = services.save_programme(
                programme=programme,
                settings=[settings[term_id] for term_id in form.settings.data or ()],
                by=actor,
                version=form.version.data or 0,
                **form.values,
            )
            return done(saved, "The programme is saved.")
    return show(form, programme, heading, "Save")


@blueprint.route(f"{ONE}/products/new", methods=BOTH)
def add_product(programme_id: int) -> Answer:
    """Add a product."""
    programme, form = edited(programme_id), forms.ProductForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.add_product(
                programme=programme,
                name=form.name.data,
                role=form.role.data,
                innovation_id=_record(form),
                supplier=form.supplier.data or "",
                from_on=form.from_on.data,
                to_on=form.to_on.data,
                note=form.note.data or "",
                by=current_actor(),
            )
            return done(programme, "The product is added.")
    return show(form, programme, "Add a product", "Add")


def _record(form: forms.ProductForm) -> int | None:
    """Return the record that was named; one that the person may not see is not found."""
    number = id_from(form.innovation.data or "")
    return innovation_for(current_actor(), number).id if number else None


@blueprint.route(f"{ONE}/resources/new", methods=BOTH)
def add_resource(programme_id: int) -> Answer:
    """Add a toolkit or another resource."""
    programme, form = written(programme_id), forms.ResourceForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.add_resource(
                programme=programme,
                title=form.title.data,
                maker=form.maker.data or "",
                link=form.link.data or "",
                note=form.note.data or "",
                by=current_actor(),
            )
            return done(programme, "The resource is added.")
    return show(form, programme, "Add a resource", "Add")


@blueprint.route(f"{ONE}/lead", methods=BOTH)
def lead(programme_id: int) -> Answer:
    """Name the lead person of one's own network."""
    actor = current_actor()
    programme = queries.programme_for(actor, programme_id)
    if actor.hin_id is None or not policy.can_write_for(actor, actor.hin_id):
        raise Forbidden("A network names its own lead person.")
    standing = queries.lead_in(programme.id, actor.hin_id)
    shown = {"user_id": standing.user_id, "seen": standing.id} if standing else {"seen": ""}
    form = forms.LeadForm(data=shown)
    form.offer(staff(actor.hin_id))
    if form.is_submitted_and_valid():
        with form.refusals():
            services.set_lead(
                programme=programme,
                hin_id=actor.hin_id,
                user_id=form.user_id.data,
                seen=id_from(str(form.seen.data or "")),
                by=actor,
            )
            return done(programme, "The lead person of your network is set.")
    return show(form, programme, "Lead person in your network", "Save")
