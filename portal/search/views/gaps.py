"""What people looked for in vain: told by them, read and answered by HIN and national staff."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.challenges.models import Challenge
from portal.challenges.policy import can_see
from portal.db import db
from portal.search import queries, serialise
from portal.search.forms import AnswerForm, GapForm, TurnForm
from portal.search.models import GapState, SearchGap
from portal.search.queries import gaps
from portal.search.services import gaps as services
from portal.search.views import blueprint
from portal.web.access import public
from portal.web.filters import Filters
from portal.web.limits import limiter
from portal.web.paging import page_number, paginate

MAX_TITLE_LENGTH = 120


@blueprint.route("/search/gap", methods=["GET", "POST"])
@public
@limiter.limit("10 per hour", methods=["POST"])
def report_gap() -> str | tuple[str, int] | Response:
    """Ask what somebody looked for and did not find."""
    actor, choices = current_actor(), queries.choices()
    filters = serialise.filters_of(choices)
    form = GapForm()
    if form.is_submitted_and_valid():
        missed = serialise.looked_for(filters)
        services.report(missed=missed, note=form.note.data or "", by=actor)
        db.session.commit()
        flash("Thank you. Health Innovation Network staff will read what you wrote.", "success")
        return redirect(filters.url_with(saved=None, since=None))
    said = serialise.sentence(serialise.wanted_of(filters), 2, choices).partition(" ")[2]
    return render_template("search/gap_form.html", form=form, sentence=said), form.status


@blueprint.get("/search/gaps")
def gap_list() -> str:
    """List what people of the reader's region, or of no known one, looked for in vain."""
    actor = gaps.require_reader(current_actor())
    asked = request.args.get("state", "")
    state = GapState(asked) if asked in set(GapState) else GapState.OPEN
    return render_template(
        "search/gaps.html",
        page=paginate(db.session, gaps.listed(actor, state), page=page_number(request.args)),
        filters=Filters(request.path, request.args, keep=("state",)),
        counts=gaps.counts(actor),
        state=state,
        states=GapState,
    )


@blueprint.get("/search/gaps/<int:gap_id>")
def gap(gap_id: int) -> str:
    """One search that found nothing useful, and what became of it."""
    found = gaps.gap_for(current_actor(), gap_id)
    return _page(found, *_forms(found))


def _forms(found: SearchGap) -> tuple[AnswerForm, TurnForm]:
    title = (found.words or found.note.partition("\n")[0])[:MAX_TITLE_LENGTH]
    return (
        AnswerForm(data={"version": found.version}),
        TurnForm(prefix="turn", data={"version": found.version, "title": title}),
    )


def _page(found: SearchGap, answer: AnswerForm, turn: TurnForm) -> str:
    return render_template(
        "search/gap.html",
        gap=found,
        challenge=_challenge_of(found),
        answer=answer,
        turn=turn,
        form=turn if turn.problems else answer,
        states=GapState,
    )


def _challenge_of(found: SearchGap) -> Challenge | None:
    """The challenge it became, if the reader may see that: a draft is its organisation's own."""
    challenge = found.challenge
    return challenge if challenge and can_see(current_actor(), challenge) else None


@blueprint.post("/search/gaps/<int:gap_id>/answer")
def answer_gap(gap_id: int) -> str | tuple[str, int] | Response:
    """Answer whoever looked in vain."""
    actor = current_actor()
    found = gaps.gap_for(actor, gap_id)
    answer, turn = _forms(found)
    if answer.is_submitted_and_valid():
        with answer.refusals():
            version, text = answer.version.data or -1, answer.answer.data or ""
            services.answer(gap=found, text=text, version=version, by=actor)
            db.session.commit()
            flash("The answer is kept.", "success")
            return redirect(url_for("search.gap", gap_id=gap_id))
    return _page(found, answer, turn), answer.status


@blueprint.post("/search/gaps/<int:gap_id>/challenge")
def turn_gap(gap_id: int) -> str | tuple[str, int] | Response:
    """Draft a challenge from a gap, and go on writing it."""
    actor = current_actor()
    found = gaps.gap_for(actor, gap_id)
    answer, turn = _forms(found)
    if turn.is_submitted_and_valid():
        with turn.refusals():
            challenge = services.turn_into_challenge(
                gap=found,
                title=turn.title.data or "",
                terms=queries.terms_of(_filters_of(found)),
                version=turn.version.data or -1,
                by=actor,
            )
            db.session.commit()
            flash("The challenge is drafted. Write the rest, then open it.", "success")
            return redirect(url_for("challenges.edit", challenge_id=challenge.id))
    return _page(found, answer, turn), turn.status


def _filters_of(found: SearchGap) -> dict[str, tuple[str, ...]]:
    return serialise.filters_of(queries.choices(), found.asked).chosen


def gap_of_challenge(challenge: Challenge) -> SearchGap | None:
    """Return the gap from which a challenge was written, if the reader may handle it."""
    return gaps.of_challenge(current_actor(), challenge.id)


blueprint.add_app_template_global(gap_of_challenge)
