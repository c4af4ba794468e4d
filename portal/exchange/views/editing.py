"""Writing content: the list of staff, starting, editing, results and pictures."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db, id_from
from portal.exchange import policy
from portal.exchange.forms.content import (
    ContentForm,
    KindForm,
    MoveForm,
    PictureForm,
    ResultForm,
    form_of,
)
from portal.exchange.models import ContentItem, ContentKind, ContentResult, ContentState
from portal.exchange.queries import about
from portal.exchange.queries import content as queries
from portal.exchange.queries.naming import with_names
from portal.exchange.queries.places import sites_by_id
from portal.exchange.rules.content import held_words, missing
from portal.exchange.rules.kinds import kind_of
from portal.exchange.rules.writing import differences, snapshot, written_last
from portal.exchange.serialise.content import WORK as LISTING
from portal.exchange.serialise.content import address, work_address
from portal.exchange.services import writing
from portal.exchange.views import blueprint
from portal.exchange.views.steps import WORK, show, writer
from portal.reference.queries import hins
from portal.web.access import removes
from portal.web.filters import Filter, Filters, Option
from portal.web.steps import BOTH, Answer, done, refused


def _filters() -> Filters:
    return Filters(
        url_for("exchange.desk"),
        request.args,
        [
            Filter("state", "State", [Option(one.value, one.label) for one in ContentState]),
            Filter("kind", "Kind", [Option(one.value, one.label) for one in ContentKind]),
            Filter("due", "Review", [Option("yes", "Due")]),
        ],
    )


@blueprint.get("/exchange/items")
def desk() -> str:
    """List what staff work on."""
    writer()
    filters = _filters()
    found = LISTING.on_page(db.session, _narrowed(filters), filters)
    return render_template("exchange/desk.html", found=found, filters=filters)


@blueprint.get("/exchange/items.<any(csv, xlsx):kind>")
def desk_file(kind: str) -> Response:
    """Give the same list as a file."""
    writer()
    filters = _filters()
    return LISTING.file(kind, db.session, _narrowed(filters), filters)


def _narrowed(filters: Filters) -> queries.Items:
    found = queries.in_work()
    if filters["state"]:
        states = [ContentState(one) for one in filters["state"]]
        found = found.where(ContentItem.state.in_(states))
    if filters["kind"]:
        found = found.where(ContentItem.kind.in_([ContentKind(one) for one in filters["kind"]]))
    if filters["due"]:
        is_out = ContentItem.state == ContentState.PUBLISHED
        found = found.where(is_out, ContentItem.review_on <= today())
    return found


@blueprint.route("/exchange/new", methods=BOTH)
def choose_kind() -> Answer:
    """Ask what is to be written."""
    writer()
    form = KindForm()
    if form.is_submitted_and_valid():
        return redirect(url_for("exchange.new", kind=form.kind.data.value))
    back = (url_for("exchange.desk"), "Items of the Exchange")
    return show(form, "Write for the Exchange", "Continue", back=back)


NEW = f"/exchange/new/<any({', '.join(repr(kind.value) for kind in ContentKind)}):kind>"


@blueprint.route(NEW, methods=BOTH)
def new(kind: str) -> Answer:
    """Start an item of a kind."""
    actor, chosen = writer(), ContentKind(kind)
    form = _offered(form_of(chosen, None, actor.hin_id))
    if form.is_submitted_and_valid():
        with form.refusals():
            written = form.written(chosen)
            made = writing.start(kind=chosen, written=written, by=actor)
            return done("It is kept as a draft.", work_address(made))
    return _page(form, chosen, f"New: {chosen.label.lower()}", url_for("exchange.choose_kind"))


def _offered(form: ContentForm) -> ContentForm:
    form.offer(
        networks=hins(),
        systems=queries.systems(held=form.ics_id.object_data),
        terms=queries.topics(held=form.topics.object_data or ()),
        programmes=about.programmes(),
        own=current_actor().hin_id,
    )
    return form


def _page(form: ContentForm, kind: ContentKind, heading: str, back: str) -> Answer:
    page = render_template(
        "exchange/edit.html", form=form, kind=kind, asked=kind_of(kind), heading=heading, back=back
    )
    return page, form.status


@blueprint.route(f"{WORK}/edit", methods=BOTH)
def edit(item_id: int) -> Answer:
    """Change what an item says."""
    actor, found = writer(), queries.edited_for(current_actor(), item_id)
    form = _offered(form_of(found.kind, found, actor.hin_id))
    if form.is_submitted_and_valid():
        with form.refusals():
            writing.save(
                item=found,
                version=form.version.data or 0,
                written=form.written(found.kind, written_last(found).site_ids),
                by=actor,
            )
            return done(_saved(found), work_address(found))
    return _page(form, found.kind, f"Change “{found.title}”", work_address(found))


def _saved(item: ContentItem) -> str:
    if item.pending:
        return "The change waits until a second person publishes it."
    return "It is saved."


@blueprint.get(WORK)
def work(item_id: int) -> str:
    """Show how far an item is, what is missing, and what can be done with it."""
    actor, found = writer(), queries.item_for(current_actor(), item_id)
    now_said, then_said = with_names(snapshot(found), {**snapshot(found), **found.pending})
    return render_template(
        "exchange/work.html",
        item=found,
        form=MoveForm(obj=found),
        asked=kind_of(found.kind),
        missing=missing(found),
        held=list(held_words(found)),
        changed=differences(found, now_said, then_said) if found.pending else [],
        places=sites_by_id(written_last(found).site_ids),
        moves=policy.moves(actor, found),
        may_edit=policy.can_edit(actor, found),
        is_second=policy.can_publish(actor, found),
        versions=queries.versions_of(found.id),
        address=address,
        today=today(),
    )


@blueprint.get(f"{WORK}/versions")
def versions(item_id: int) -> str:
    """Show what changed from one version to another."""
    writer()
    found = queries.item_for(current_actor(), item_id)
    rows = queries.versions_of(found.id)
    numbers = {one.number: one for one in rows}
    after = numbers.get(id_from(request.args.get("to", "")) or 0) or rows[0]
    before = numbers.get(after.number - 1)
    said = with_names(before.content if before else {}, after.content)
    return render_template(
        "exchange/versions.html",
        item=found,
        after=after,
        before=before,
        rows=differences(found, *said),
    )


@blueprint.route(f"{WORK}/results", methods=BOTH)
def add_result(item_id: int) -> Answer:
    """Add a number that a case study claims."""
    actor, found = writer(), queries.edited_for(current_actor(), item_id)
    form = ResultForm(data={"version": found.version})
    if form.is_submitted_and_valid():
        with form.refusals():
            result = ContentResult(
                what=form.what.data,
                value=form.value,
                unit=form.unit.data,
                period=form.period.data,
                method=form.method.data,
            )
            version = form.version.data or 0
            writing.add_result(item=found, version=version, result=result, by=actor)
            return done("The result is added.", work_address(found))
    return show(form, "Add a result", "Add it", back=(work_address(found), found.title))


@blueprint.post(f"{WORK}/results/<int:result_id>/remove")
@removes("exchange.work")
def remove_result(item_id: int, result_id: int) -> Answer:
    """Take a result away."""
    actor, found = writer(), queries.edited_for(current_actor(), item_id)
    form = MoveForm()
    result = queries.result_for(found, result_id)
    if form.is_submitted_and_valid():
        with form.refusals():
            writing.remove_result(result=result, version=form.version.data or 0, by=actor)
            return done("The result is taken away.", work_address(found))
    return refused(form, work_address(found))


@blueprint.route(f"{WORK}/pictures", methods=BOTH)
def add_picture(item_id: int) -> Answer:
    """Add a picture."""
    actor, found = writer(), queries.edited_for(current_actor(), item_id)
    form = PictureForm(data={"version": found.version})
    if form.is_submitted_and_valid():
        with form.refusals():
            writing.add_picture(
                item=found,
                version=form.version.data or 0,
                file=form.file.sent,
                alt=form.alt.data,
                credit=form.credit.data,
                consent=form.consent.data,
                by=actor,
            )
            return done("The picture is added.", work_address(found))
    return show(form, "Add a picture", "Add it", back=(work_address(found), found.title))


@blueprint.post(f"{WORK}/pictures/<int:picture_id>/remove")
@removes("exchange.work")
def remove_picture(item_id: int, picture_id: int) -> Answer:
    """Take a picture away."""
    actor, found = writer(), queries.edited_for(current_actor(), item_id)
    form, picture = MoveForm(), queries.picture_of(found, picture_id)
    if form.is_submitted_and_valid():
        with form.refusals():
            writing.remove_picture(picture=picture, version=form.version.data or 0, by=actor)
            return done("The picture is taken away.", work_address(found))
    return refused(form, work_address(found))
