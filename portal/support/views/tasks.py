"""Threads: the list, one thread each, tasks done or declined."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden
from portal.innovations.queries import innovation_for
from portal.support import policy, queries, rules
from portal.support.forms import tasks as forms
from portal.support.models import THREADS, Engagement, Task
from portal.support.queries import tasks as found
from portal.support.services import tasks as services
from portal.support.views import blueprint
from portal.support.views.outcomes import BOTH
from portal.support.views.steps import RECORD, Answer, show
from portal.threads import queries as threads
from portal.threads.forms import newest_shown
from portal.web.downloads import file_response
from portal.web.filters import Filters
from portal.web.forms import PortalForm
from portal.web.limits import limiter
from portal.web.paging import page_number, paginate

PAGE = "/support/tasks/<int:task_id>"


@blueprint.get("/support/tasks")
def tasks() -> str:
    """List the threads that the person may read: open ones, or those that ended."""
    actor = current_actor()
    if not (actor.is_hin or actor.is_innovator):
        raise Forbidden(
            "Tasks and messages are between innovators and the networks that help them."
        )
    is_open = request.args.get("show") != "ended"
    stmt = found.tasks(actor, is_open=is_open)
    page = paginate(db.session, stmt, page=page_number(request.args))
    return render_template(
        "support/tasks.html",
        page=page,
        is_open=is_open,
        filters=Filters(path=request.path, args=request.args, filters=(), keep=("show",)),
        rules=rules,
        today=today(),
        actor=actor,
    )


@blueprint.get("/support/matters")
@blueprint.get("/support/matters/<int:task_id>")
def moved_task(task_id: int | None = None) -> Response:
    """Lead the addresses of before, which emails and bookmarks hold, to those of today."""
    if task_id is None:
        return redirect(url_for("support.tasks", show=request.args.get("show")), 301)
    return redirect(url_for("support.task", task_id=task_id), 301)


@blueprint.route(f"{RECORD}/tasks/add", methods=BOTH)
def open_task(innovation_id: int) -> Answer:
    """Open a thread with the network that helps, or with the innovator."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    engagement = _engagement(innovation_id)
    form = forms.TaskForm()
    if form.validate_on_submit():
        with form.refusals():
            task = services.open_task(
                engagement=engagement,
                title=form.title.data,
                body=form.body.data,
                assignee=form.chosen,
                due_on=form.due_on.data,
                file=form.file.sent,
                by=actor,
            )
            return _done(task, "It is sent. Those who follow it have been told.")
    return show(
        form, innovation, "step", heading="Write a message or ask for something", act="Send"
    )


@blueprint.get(PAGE)
def task(task_id: int) -> Answer:
    """Show one thread with its thread."""
    return _page(found.task_for(current_actor(), task_id), forms.WriteForm())


@blueprint.post(f"{PAGE}/messages")
@limiter.limit("30 per minute")
def write_in_task(task_id: int) -> Answer:
    """Write one message more."""
    actor = current_actor()
    one = found.task_for(actor, task_id)
    form = forms.WriteForm()
    if form.validate_on_submit():
        with form.refusals():
            services.write(task=one, body=form.body.data, file=form.file.sent, by=actor)
            return _done(one, "Your message is sent.")
    return _page(one, form)


@blueprint.route(f"{PAGE}/end", methods=BOTH)
def end_task(task_id: int) -> Answer:
    """Say that it is done, or declined."""
    actor = current_actor()
    one = found.task_for(actor, task_id)
    form = forms.EndForm(data={"version": one.version})
    if form.validate_on_submit():
        with form.refusals():
            services.end(
                task=one,
                version=form.version.data,
                state=form.state.data,
                words=form.words.data,
                by=actor,
            )
            return _done(one, "It is ended. Those who follow it have been told.")
    innovation = one.engagement.innovation
    return show(form, innovation, "step", heading="End it", act="Save")


@blueprint.post(f"{PAGE}/read")
def read_task(task_id: int) -> Response:
    """Mark it as read up to the newest message that the page showed."""
    actor = current_actor()
    one = found.task_for(actor, task_id)
    services.mark_read(task=one, message_id=newest_shown(request.form), by=actor)
    return _done(one, "It is marked as read.")


@blueprint.post(f"{PAGE}/follow")
def follow_task(task_id: int) -> Response:
    """Follow it, or follow it no longer."""
    actor = current_actor()
    one = found.task_for(actor, task_id)
    is_following = request.form.get("follow") == "yes"
    services.follow(task=one, is_following=is_following, by=actor)
    return _done(one, "You follow it." if is_following else "You do not follow it any more.")


@blueprint.get(f"{PAGE}/files/<int:file_id>")
def task_file(task_id: int, file_id: int) -> Response:
    """Give a file of a message, always to be saved."""
    one = found.task_for(current_actor(), task_id)
    return file_response(threads.file_for(THREADS, one.id, file_id))


def _engagement(innovation_id: int) -> Engagement:
    """Return whose thread it is to be: one's own network's, or the one that the innovator names
    (`?network=`), the first that helps where they name none."""
    actor = current_actor()
    live = [e for e in queries.engagements(innovation_id) if e.state in rules.LIVE]
    mine = [e for e in live if policy.can_read_task(actor, e)]
    named = [e for e in mine if str(e.id) == request.args.get("network")]
    chosen = next(iter(named or mine), None)
    if chosen is None:
        raise Forbidden("Only the network that works with it and the innovator's side write here.")
    return chosen


def _page(one: Task, form: PortalForm) -> Answer:
    actor = current_actor()
    page = render_template(
        "support/task.html",
        task=one,
        innovation=one.engagement.innovation,
        thread=threads.thread(THREADS, one.id, actor),
        followers=found.followers(one),
        form=form,
        rules=rules,
        today=today(),
    )
    return page, form.status


def _done(one: Task, words: str) -> Response:
    task_id = one.id
    db.session.commit()
    flash(words, "success")
    return redirect(url_for("support.task", task_id=task_id))
