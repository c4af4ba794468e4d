"""Matters: the list, one thread each, tasks done or declined."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden
from portal.innovations.queries import innovation_for
from portal.support import policy, queries, rules
from portal.support.forms import matters as forms
from portal.support.models import Engagement, Matter
from portal.support.queries import matters as found
from portal.support.services import matters as services
from portal.support.views import blueprint
from portal.support.views.outcomes import BOTH
from portal.support.views.steps import RECORD, Answer, show
from portal.web.downloads import file_response
from portal.web.filters import Filters
from portal.web.forms import PortalForm
from portal.web.limits import limiter
from portal.web.paging import page_number, paginate

PAGE = "/support/matters/<int:matter_id>"


@blueprint.get("/support/matters")
def matters() -> str:
    """List the matters that the person may read: open ones, or those that ended."""
    actor = current_actor()
    if not (actor.is_hin or actor.is_innovator):
        raise Forbidden("Matters are between innovators and the networks that help them.")
    is_open = request.args.get("show") != "ended"
    stmt = found.matters(actor, is_open=is_open)
    page = paginate(db.session, stmt, page=page_number(request.args))
    return render_template(
        "support/matters.html",
        page=page,
        is_open=is_open,
        filters=Filters(path=request.path, args=request.args, filters=(), keep=("show",)),
        rules=rules,
        today=today(),
        actor=actor,
    )


@blueprint.route(f"{RECORD}/matters/add", methods=BOTH)
def open_matter(innovation_id: int) -> Answer:
    """Open a matter with the network that helps, or with the innovator."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    engagement = _engagement(innovation_id)
    form = forms.MatterForm()
    if form.validate_on_submit():
        with form.refusals():
            matter = services.open_matter(
                engagement=engagement,
                title=form.title.data,
                body=form.body.data,
                doer=form.chosen,
                due_on=form.due_on.data,
                file=form.sent,
                by=actor,
            )
            return _done(matter, "It is sent. Those who follow it have been told.")
    return show(form, innovation, "step", heading="Write about a matter", act="Send")


@blueprint.get(PAGE)
def matter(matter_id: int) -> Answer:
    """Show one matter with its thread."""
    return _page(found.matter_for(current_actor(), matter_id), forms.MessageForm())


@blueprint.post(f"{PAGE}/messages")
@limiter.limit("30 per minute")
def write_in_matter(matter_id: int) -> Answer:
    """Write one message more."""
    actor = current_actor()
    one = found.matter_for(actor, matter_id)
    form = forms.MessageForm()
    if form.validate_on_submit():
        with form.refusals():
            services.write(matter=one, body=form.body.data, file=form.sent, by=actor)
            return _done(one, "Your message is sent.")
    return _page(one, form)


@blueprint.route(f"{PAGE}/end", methods=BOTH)
def end_matter(matter_id: int) -> Answer:
    """Say that it is done, or declined."""
    actor = current_actor()
    one = found.matter_for(actor, matter_id)
    form = forms.EndForm(data={"version": one.version})
    if form.validate_on_submit():
        with form.refusals():
            services.end(
                matter=one,
                version=form.version.data,
                state=form.state.data,
                words=form.words.data,
                by=actor,
            )
            return _done(one, "It is ended. Those who follow it have been told.")
    innovation = one.engagement.innovation
    return show(form, innovation, "step", heading="End the matter", act="Save")


@blueprint.post(f"{PAGE}/read")
def read_matter(matter_id: int) -> Response:
    """Mark it as read up to its newest message."""
    actor = current_actor()
    one = found.matter_for(actor, matter_id)
    messages = found.thread(one)
    services.mark_read(matter=one, message_id=messages[-1].id if messages else 0, by=actor)
    return _done(one, "It is marked as read.")


@blueprint.post(f"{PAGE}/follow")
def follow_matter(matter_id: int) -> Response:
    """Follow it, or follow it no longer."""
    actor = current_actor()
    one = found.matter_for(actor, matter_id)
    is_following = request.form.get("follow") == "yes"
    services.follow(matter=one, is_following=is_following, by=actor)
    return _done(one, "You follow it." if is_following else "You do not follow it any more.")


@blueprint.get(f"{PAGE}/files/<int:file_id>")
def matter_file(matter_id: int, file_id: int) -> Response:
    """Give a file of a message, always to be saved."""
    one = found.matter_for(current_actor(), matter_id)
    return file_response(found.file_for(one, file_id), room=services.ROOM)


def _engagement(innovation_id: int) -> Engagement:
    """Return whose matter it is to be: one's own network's, or the one that the innovator names
    (`?network=`), the first that helps where they name none."""
    actor = current_actor()
    live = [e for e in queries.engagements(innovation_id) if e.state in rules.LIVE]
    mine = [e for e in live if policy.can_read_matter(actor, e)]
    named = [e for e in mine if str(e.id) == request.args.get("network")]
    chosen = next(iter(named or mine), None)
    if chosen is None:
        raise Forbidden("Only the network that works with it and the innovator's side write here.")
    return chosen


def _page(one: Matter, form: PortalForm) -> Answer:
    actor = current_actor()
    known = found.reader(one, actor.user_id)
    page = render_template(
        "support/matter.html",
        matter=one,
        innovation=one.engagement.innovation,
        messages=found.thread(one),
        read_up_to=known.read_up_to if known else 0,
        is_following=known is not None and known.is_following,
        followers=found.followers(one),
        form=form,
        actor=actor,
        rules=rules,
        today=today(),
    )
    return page, form.status


def _done(one: Matter, words: str) -> Response:
    matter_id = one.id
    db.session.commit()
    flash(words, "success")
    return redirect(url_for("support.matter", matter_id=matter_id))
