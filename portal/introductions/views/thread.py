"""Write in the thread, mark it as read, and take away a file that came with it."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Forbidden
from portal.introductions import queries
from portal.introductions.models import THREADS
from portal.introductions.queries import listing
from portal.introductions.services import writing
from portal.introductions.views import blueprint
from portal.introductions.views.show import PAGE, message_form, page
from portal.threads import services as threads
from portal.threads.forms import newest_shown
from portal.web.downloads import file_response
from portal.web.limits import limiter


@blueprint.post(f"{PAGE}/messages")
@limiter.limit("30 per minute")
def write(introduction_id: int) -> Response | tuple[str, int]:
    """Write a message, with a file if need be."""
    actor = current_actor()
    seen = queries.introduction_for(actor, introduction_id)
    form = message_form(actor, seen)
    if form is None:
        raise Forbidden("You may not write in this introduction now.")
    if form.is_submitted_and_valid():
        with form.refusals():
            writing.write(
                introduction=seen.introduction,
                circle=form.chosen,
                body=form.body.data,
                file=form.file.sent,
                by=actor,
            )
            db.session.commit()
            flash("Your message is sent.", "success")
            return _back(introduction_id)
    return page(actor, seen, form), form.status


@blueprint.post(f"{PAGE}/read")
def mark_read(introduction_id: int) -> Response:
    """Mark the thread as read up to the newest message that the page showed."""
    actor = current_actor()
    seen = queries.introduction_for(actor, introduction_id)
    threads.mark_read(
        THREADS, thread_id=seen.introduction.id, message_id=newest_shown(request.form), by=actor
    )
    db.session.commit()
    return _back(introduction_id)


@blueprint.get(f"{PAGE}/files/<int:attachment_id>")
def attachment(introduction_id: int, attachment_id: int) -> Response:
    """Give a file of a message that the person reads, always to be saved, never shown."""
    actor = current_actor()
    seen = queries.introduction_for(actor, introduction_id)
    return file_response(listing.attachment_for(actor, seen.introduction, attachment_id))


def _back(introduction_id: int) -> Response:
    address = url_for("introductions.show", introduction_id=introduction_id, _anchor="messages")
    return redirect(address)
