"""What an ICS cannot see: asking the innovator to share it, and asking the HIN to look."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.innovations.services.requests import ask_to_share as ask
from portal.matching.forms import AnswerEnquiryForm, EnquiryForm
from portal.matching.queries import challenge_with_matches_for
from portal.matching.queries import enquiries as queries
from portal.matching.queries.judging import suggestion_to_judge_for
from portal.matching.services import enquiries as services
from portal.matching.views import blueprint
from portal.matching.views.lists import here
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_date
from portal.text import clean
from portal.web.filters import Filters
from portal.web.paging import page_number, paginate

Answer = str | tuple[str, int] | Response


@blueprint.post("/challenges/<int:challenge_id>/matches/<int:innovation_id>/ask-to-share")
def ask_to_share(challenge_id: int, innovation_id: int) -> Response:
    """Ask the owner of a match that ICSs cannot see to share it."""
    actor = current_actor()
    challenge = challenge_with_matches_for(actor, challenge_id)
    found = suggestion_to_judge_for(actor, challenge, innovation_id)
    ask(innovation=found.innovation, by=actor)
    db.session.commit()
    flash(f"The owner of {found.innovation.name} is asked to share it with ICSs.", "success")
    return redirect(url_for("matching.matches", challenge_id=challenge_id, **here()))


@blueprint.route("/challenges/<int:challenge_id>/ask-hin", methods=["GET", "POST"])
def ask_hin(challenge_id: int) -> Answer:
    """Ask the HIN to look among what is not shared yet, for a challenge."""
    actor = current_actor()
    challenge = queries.challenge_to_ask_about_for(actor, challenge_id)
    form = EnquiryForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.ask_hin(challenge=challenge, note=form.note.data or "", by=actor)
            db.session.commit()
            flash(SENT, "success")
            return redirect(url_for("matching.matches", challenge_id=challenge_id))
    return _form(form, about=challenge.title, challenge=challenge), form.status


@blueprint.route("/matching/ask-hin", methods=["GET", "POST"])
def ask_hin_of_search() -> Answer:
    """Ask the same for a search: `?q=` holds its words."""
    actor = queries.require_asker(current_actor())
    words = clean(request.args.get("q", ""))[: services.MAX_WORDS]
    form = EnquiryForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.ask_hin(words=words, note=form.note.data or "", by=actor)
            db.session.commit()
            flash(SENT, "success")
            return redirect(url_for("matching.enquiries"))
    return _form(form, about=words), form.status


SENT = "Your Health Innovation Network has your question. You get the answer in your messages."


def _form(form: EnquiryForm, **about: object) -> str:
    return render_template(
        "matching/ask_hin.html",
        form=form,
        due=due_date(DeadlineKind.REPLY, today()).due_on,
        hin=queries.hin_of(current_actor()),
        **about,
    )


@blueprint.get("/matching/enquiries")
def enquiries() -> str:
    """List what ICSs asked of the reader's HIN, or what the reader's ICS asked."""
    actor = current_actor()
    state = "answered" if request.args.get("state") == "answered" else "open"
    found = queries.enquiries_for(actor, is_open=state == "open")
    return render_template(
        "matching/enquiries.html",
        page=paginate(db.session, found, page=page_number(request.args)),
        filters=Filters(request.path, request.args, keep=("state",)),
        state=state,
        today=today(),
        may_answer=queries.can_answer(actor),
    )


@blueprint.route("/matching/enquiries/<int:enquiry_id>", methods=["GET", "POST"])
def enquiry(enquiry_id: int) -> Answer:
    """One question to a HIN, with its answer or the form for it."""
    actor = current_actor()
    found = queries.enquiry_for(actor, enquiry_id)
    if request.method == "POST":
        queries.require_answerer(actor)
    form = AnswerEnquiryForm(obj=found)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.answer(
                enquiry=found,
                text=form.answer.data or "",
                version=form.version.data or -1,
                by=actor,
            )
            db.session.commit()
            flash("The answer is sent.", "success")
            return redirect(url_for("matching.enquiry", enquiry_id=enquiry_id))
    page = render_template(
        "matching/enquiry.html",
        form=form,
        enquiry=found,
        today=today(),
        may_answer=queries.can_answer(actor) and found.answered_at is None,
    )
    return page, form.status
