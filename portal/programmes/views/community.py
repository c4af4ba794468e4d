"""The community of practice of a programme: events and who came, resources, a thread."""

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden
from portal.figures.views.strangers import for_strangers
from portal.programmes import policy, queries
from portal.programmes.forms.community import CommunityMessageForm, EventForm, held_by
from portal.programmes.models import THREADS, Programme, ProgrammeEvent
from portal.programmes.queries import community as found
from portal.programmes.rules.community import reached
from portal.programmes.serialise.together import events_listing
from portal.programmes.services import community as services
from portal.programmes.views import blueprint
from portal.programmes.views.steps import ONE, done, show, written
from portal.threads import queries as threads
from portal.threads.forms import newest_shown
from portal.web.access import public
from portal.web.downloads import file_response
from portal.web.filters import Filters
from portal.web.limits import limiter
from portal.web.steps import BOTH, Answer

COMMUNITY = f"{ONE}/community"
PAGE = "programmes.community"


def _page(programme: Programme, form: CommunityMessageForm) -> str:
    actor = current_actor()
    talks = policy.can_talk(actor)
    filters = Filters(url_for(PAGE, programme_id=programme.id), request.args, [])
    listing = events_listing(programme, today())
    return render_template(
        "programmes/community.html",
        programme=programme,
        found=listing.on_page(db.session, found.events(programme.id), filters),
        reached=reached(found.events_of(programme.id), today()),
        may_add=policy.can_write(actor),
        may_change=lambda one: policy.can_change_of(actor, one.hin_id),
        thread=threads.thread(THREADS, programme.id, actor) if talks else None,
        form=form if talks else None,
    )


@blueprint.get(COMMUNITY)
@public
@for_strangers
def community(programme_id: int) -> str:
    """Show events and how many came, resources, and to who takes part the thread."""
    programme = queries.programme_for(current_actor(), programme_id)
    return _page(programme, CommunityMessageForm())


@blueprint.get(f"{COMMUNITY}/download.csv", defaults={"kind": "csv"})
@blueprint.get(f"{COMMUNITY}/download.xlsx", defaults={"kind": "xlsx"})
@public
def download_events(programme_id: int, kind: str) -> Response:
    """Return every event as a file."""
    programme = queries.programme_for(current_actor(), programme_id)
    filters = Filters(request.path, request.args, [])
    listing = events_listing(programme, today())
    return listing.file(kind, db.session, found.events(programme.id), filters)


def _event(programme: Programme, row: ProgrammeEvent | None) -> Answer:
    form = EventForm(data=held_by(row))
    if form.is_submitted_and_valid():
        with form.refusals():
            services.save_event(
                programme=programme,
                event=row,
                version=form.version.data or 0,
                kind=form.kind.data,
                title=form.title.data,
                on=form.on.data,
                link=form.link.data or "",
                words=form.words.data or "",
                attended=form.attended.data,
                by=current_actor(),
            )
            return done(programme, "The event is saved.", PAGE)
    return show(form, programme, "Change an event" if row else "Add an event", "Save")


@blueprint.route(f"{COMMUNITY}/events/new", methods=BOTH)
def add_event(programme_id: int) -> Answer:
    """Add an event of one's network or of the programme."""
    return _event(written(programme_id), None)


@blueprint.route(f"{COMMUNITY}/events/<int:event_id>", methods=BOTH)
def edit_event(programme_id: int, event_id: int) -> Answer:
    """Change an event, or say how many came."""
    programme = written(programme_id)
    row = found.event_for(programme.id, event_id)
    if not policy.can_change_of(current_actor(), row.hin_id):
        raise Forbidden("A network changes its own events; the national team changes all.")
    return _event(programme, row)


def _talking(programme_id: int) -> Programme:
    actor = current_actor()
    programme = queries.programme_for(actor, programme_id)
    if not policy.can_talk(actor):
        raise Forbidden("People of networks, ICSs and the national team talk here.")
    return programme


@blueprint.post(f"{COMMUNITY}/messages")
@limiter.limit("30 per minute")
def write_to_community(programme_id: int) -> Answer:
    """Write to the community."""
    programme, form = _talking(programme_id), CommunityMessageForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            words, sent = form.body.data, form.file.sent
            services.write(programme=programme, body=words, file=sent, by=current_actor())
            return done(programme, "Your message is in the thread.", PAGE)
    return _page(programme, form), form.status


@blueprint.post(f"{COMMUNITY}/messages/read")
def read_community(programme_id: int) -> AnyResponse:
    """Mark what was written as read, up to the newest message that the page showed."""
    programme = _talking(programme_id)
    message_id = newest_shown(request.form)
    services.mark_read(programme=programme, message_id=message_id, by=current_actor())
    db.session.commit()
    return redirect(url_for(PAGE, programme_id=programme_id, _anchor="messages"))


@blueprint.post(f"{COMMUNITY}/follow")
def follow_community(programme_id: int) -> AnyResponse:
    """Be told of each message."""
    return _followed(programme_id, is_following=True, words="You are told of every message.")


@blueprint.post(f"{COMMUNITY}/unfollow")
def unfollow_community(programme_id: int) -> AnyResponse:
    """Be told no more."""
    return _followed(programme_id, is_following=False, words="You are told of messages no more.")


def _followed(programme_id: int, *, is_following: bool, words: str) -> AnyResponse:
    programme = _talking(programme_id)
    services.follow(programme=programme, is_following=is_following, by=current_actor())
    db.session.commit()
    flash(words, "success")
    return redirect(url_for(PAGE, programme_id=programme_id, _anchor="messages"))


@blueprint.get(f"{COMMUNITY}/files/<int:file_id>")
def community_file(programme_id: int, file_id: int) -> Response:
    """Give a file of a message, always to be saved."""
    programme = _talking(programme_id)
    return file_response(threads.file_for(THREADS, programme.id, file_id))
