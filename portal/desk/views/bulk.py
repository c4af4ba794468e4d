"""Do something with many cases of the desk: give them to a person, write to their innovators."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.desk import forms
from portal.desk.policy import can_set_capacity
from portal.desk.queries import queues as queries
from portal.desk.queries import templates as kept
from portal.desk.rules import PLACEHOLDERS, STARTERS, MessageText, fill
from portal.desk.services import cases as services
from portal.desk.services import messages
from portal.desk.views import blueprint
from portal.errors import Forbidden
from portal.support import policy
from portal.support.models import Engagement
from portal.support.rules.interactions import hours_words
from portal.support.views.outcomes import BOTH
from portal.support.views.steps import Answer
from portal.web.access import removes
from portal.web.addresses import as_id


@blueprint.route("/support/assign", methods=BOTH)
def assign_many() -> Answer:
    """Give the cases ticked on the desk to one person, whose load is shown."""
    by, found = _staff(), _ticked()
    form = forms.AssignForm(found, queries.loads(by.hin_id, today()))
    if form.validate_on_submit():
        chosen = [one for one in found if one.id in form.engagements.data]
        with form.refusals():
            changed = services.assign_many(
                engagements=chosen, versions=form.versions, lead_id=form.lead.data, by=by
            )
            count = len(changed)
            db.session.commit()
            flash(f"{count} of {len(chosen)} were given to another person.", "success")
            return redirect(url_for("desk.desk"))
    if form.is_outdated:
        form.show_versions(_ticked())
    page = render_template("desk/assign.html", form=form, found=found)
    return page, form.status


@blueprint.route("/support/message", methods=BOTH)
def message_many() -> Answer:
    """Write to the innovators of the cases ticked on the desk: write, look at each, send."""
    by, found = _staff(), _ticked()
    form = forms.MessageForm(found)
    if not form.is_submitted():
        _prefill(form, by)
    if form.validate_on_submit():
        chosen = [one for one in found if one.id in form.engagements.data]
        with form.refusals():
            messages.check(form.words)
            if request.form.get("then") == "send":
                return _sent(chosen, form.words, by)
            if request.form.get("then") != "write":
                filled = [(one, fill(form.words, one)) for one in chosen]
                return render_template("desk/message_preview.html", form=form, filled=filled)
    page = render_template(
        "desk/message.html",
        form=form,
        found=found,
        starters=STARTERS,
        templates=kept.templates(by),
        placeholders=PLACEHOLDERS,
        asked=request.args.get("template", ""),
    )
    return page, form.status


def _prefill(form: forms.MessageForm, by: Actor) -> None:
    """Offer the words of the template that the address names."""
    words = kept.words_of(by, request.args.get("template", ""))
    form.subject.data, form.body.data = words.subject, words.body


def _sent(chosen: list[Engagement], words: MessageText, by: Actor) -> Response:
    sent = messages.send(engagements=chosen, words=words, by=by)
    count = len(sent)
    db.session.commit()
    flash(f"{count} message{'' if count == 1 else 's'} sent.", "success")
    return redirect(url_for("desk.desk"))


def _ticked() -> list[Engagement]:
    """Return the cases that the desk, or the form itself, names; other HINs' are left out."""
    asked = request.values.getlist("case", type=as_id) or request.values.getlist(
        "engagements", type=int
    )
    return list(queries.chosen(current_actor(), asked))


def _staff() -> Actor:
    actor = current_actor()
    if not policy.can_log(actor):
        raise Forbidden("Only staff of a network work on its desk.")
    return actor


# Templates


@blueprint.get("/support/templates")
def templates() -> str:
    """Show the network's templates, and those that every network finds there."""
    by = _staff()
    return render_template("desk/templates.html", templates=kept.templates(by), starters=STARTERS)


@blueprint.route("/support/templates/add", methods=BOTH)
def add_template() -> Answer:
    """Keep words to be used again."""
    by = _staff()
    form = forms.TemplateForm()
    if form.validate_on_submit():
        with form.refusals():
            messages.save_template(name=form.name.data, words=form.words, by=by)
            return _kept("The template is saved.")
    return render_template("desk/template.html", form=form, template=None), form.status


@blueprint.route("/support/templates/<int:template_id>", methods=BOTH)
def edit_template(template_id: int) -> Answer:
    """Change a template of one's own network."""
    by = _staff()
    template = kept.template_for(by, template_id)
    form = forms.TemplateForm(template)
    if form.validate_on_submit():
        with form.refusals():
            messages.save_template(
                name=form.name.data,
                words=form.words,
                template=template,
                version=form.version.data,
                by=by,
            )
            return _kept("The template is saved.")
    return render_template("desk/template.html", form=form, template=template), form.status


@blueprint.post("/support/templates/<int:template_id>/delete")
@removes("desk.templates")
def delete_template(template_id: int) -> Response:
    """Take a template away."""
    by = _staff()
    messages.delete_template(template=kept.template_for(by, template_id), by=by)
    return _kept("The template is deleted.")


def _kept(words: str) -> Response:
    db.session.commit()
    flash(words, "success")
    return redirect(url_for("desk.templates"))


# Capacity


@blueprint.route("/support/capacity", methods=BOTH)
def capacity() -> Answer:
    """Show how much everybody of the network leads, and say what is a full load."""
    by = _staff()
    loads = queries.loads(by.hin_id, today())
    may = [(one.person.id, one.person.name) for one in loads if can_set_capacity(by, one.person.id)]
    form = forms.CapacityForm(may)
    if form.validate_on_submit():
        with form.refusals():
            services.set_capacity(
                user_id=form.person.data,
                cases=form.cases.data,
                valid_from=form.valid_from.data,
                by=by,
            )
            db.session.commit()
            flash("The full load is set.", "success")
            return redirect(url_for("desk.capacity"))
    page = render_template("desk/capacity.html", form=form, loads=loads, hours_words=hours_words)
    return page, form.status
