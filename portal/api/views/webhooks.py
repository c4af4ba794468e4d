"""One's own webhooks: make, try, look at what was sent, delete."""

from flask import Blueprint, current_app, flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from portal.accounts import queries as accounts
from portal.accounts.session import asks_proof, current_actor
from portal.api.forms.webhooks import WebhookForm
from portal.api.models import WebhookEvent
from portal.api.outbox import DELIVER
from portal.api.queries import webhooks as queries
from portal.api.rules.webhooks import key_of
from portal.api.services import webhooks as services
from portal.db import db
from portal.jobs import enqueue
from portal.web import steps
from portal.web.access import removes
from portal.web.forms import PortalForm
from portal.web.keys import has_older_keys
from portal.web.limits import limiter
from portal.web.steps import BOTH, Answer, done

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks", template_folder="../templates")
MADE = "webhook_made"
"""Where in the cookie stands of which webhook the key is still to be shown."""


@blueprint.get("")
def index() -> str:
    """List one's webhooks."""
    rows = queries.own_webhooks(current_actor())
    return render_template("api/webhooks.html", webhooks=rows, events=WebhookEvent)


@blueprint.route("/new", methods=["GET", "POST"])
@asks_proof
def make() -> str | tuple[str, int] | Response:
    """Make a webhook that hears what one may see as one acts now; show its key once."""
    actor = current_actor()
    membership = accounts.own_membership(actor, actor.membership_id or 0)
    form = WebhookForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            webhook = services.make_webhook(
                membership=membership,
                url=form.url.data or "",
                events=form.events.data or [],
                by=actor,
                may_be_private=current_app.config["WEBHOOKS_PRIVATE"],
            )
            db.session.commit()
            session[MADE] = webhook.id
            return redirect(url_for("webhooks.show", webhook_id=webhook.id))
    return render_template("api/webhook_new.html", form=form, membership=membership), form.status


@blueprint.get("/<int:webhook_id>")
def show(webhook_id: int) -> str:
    """Show what was sent last to an address, and what came of it; of a new one its key, once."""
    webhook = queries.webhook_for(current_actor(), webhook_id)
    if session.pop(MADE, None) == webhook.id:
        key = key_of(webhook.salt, current_app.config["SECRET_KEY"])
        return render_template("api/webhook_made.html", webhook=webhook, key=key)
    sent = queries.last_messages(webhook)
    return render_template(
        "api/webhook.html",
        webhook=webhook,
        messages=sent,
        events=WebhookEvent,
        has_new_key=has_older_keys(),
    )


@blueprint.post("/<int:webhook_id>/key")
@asks_proof
def take_key(webhook_id: int) -> Response:
    """Show the key anew, once, while messages are signed with the older one, too."""
    actor = current_actor()
    webhook = queries.webhook_for(actor, webhook_id)
    if has_older_keys():
        services.take_key(webhook=webhook, by=actor)
        db.session.commit()
        session[MADE] = webhook.id
    else:
        flash("The key of this webhook has not changed.")
    return redirect(url_for("webhooks.show", webhook_id=webhook.id))


@blueprint.post("/<int:webhook_id>/test")
@limiter.limit("20 per hour")
def test(webhook_id: int) -> Response:
    """Send a message that only tries the address."""
    webhook = queries.webhook_for(current_actor(), webhook_id)
    services.write_test(webhook=webhook)
    enqueue(DELIVER, key=DELIVER)
    db.session.commit()
    flash("A test is on its way. Load this page again to see what came of it.", "success")
    return redirect(url_for("webhooks.show", webhook_id=webhook_id))


@blueprint.post("/<int:webhook_id>/start")
def start(webhook_id: int) -> Response:
    """Send again to an address that was switched off."""
    services.start_again(webhook=queries.webhook_for(current_actor(), webhook_id))
    db.session.commit()
    flash("The webhook is on again.", "success")
    return redirect(url_for("webhooks.show", webhook_id=webhook_id))


@blueprint.route("/<int:webhook_id>/delete", methods=BOTH)
@removes("webhooks.index")
def delete(webhook_id: int) -> Answer:
    """Ask whether nothing is to be sent there any more, and forget the webhook."""
    actor, form = current_actor(), PortalForm()
    webhook = queries.webhook_for(actor, webhook_id)
    if form.is_submitted_and_valid():
        services.delete_webhook(webhook=webhook, by=actor)
        return done("The webhook has been deleted.", url_for("webhooks.index"))
    return steps.show(
        form,
        "Delete this webhook?",
        "Delete the webhook",
        back=(url_for("webhooks.show", webhook_id=webhook.id), "Back to the webhook"),
        section="Webhooks",
        before=f"Nothing is sent to {webhook.url} any more, and what was sent is forgotten. "
        "A webhook that is made anew has another key.",
    )
