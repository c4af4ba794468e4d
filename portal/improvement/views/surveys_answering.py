"""Answer a survey by the link of a place, without an account: nobody who answers is kept."""

from flask import redirect, render_template, request, url_for

from portal.clock import today
from portal.db import db
from portal.improvement.forms.surveys import form_for
from portal.improvement.models import SurveyedPlace
from portal.improvement.queries.surveys import (
    counts_of,
    place_asked,
    template_of,
    words_at,
)
from portal.improvement.rules.surveys import answer_given
from portal.improvement.serialise.surveys import place_behind
from portal.improvement.services.surveys import take_answer
from portal.improvement.views import blueprint
from portal.web.access import public
from portal.web.kept import texts_sent
from portal.web.limits import limiter
from portal.web.steps import BOTH, Answer

BY_ADDRESS = "300 per hour"
"""A hospital may share one network address, and a whole ward answers on one day."""


@blueprint.route("/improvement/answer/<key>", methods=BOTH)
@limiter.limit(BY_ADDRESS, methods=["POST"])
@public
def answer_survey(key: str) -> Answer:
    """Ask what the survey asks of whoever opens the link; a GET changes nothing."""
    place = place_asked(place_behind(key))
    if place is None:
        return _dead()
    template = template_of(place.survey)
    form = form_for(template)
    is_over = not place.survey.is_open_on(today())
    if is_over or (place.is_answered and not template.asks_people):
        return _ended(place, is_over=is_over)
    if form.is_submitted_and_valid():
        with form.refusals():
            take_answer(
                place=place,
                answers=form.answers,
                words=form.open_words.data or "",
                may_quote=bool(form.may_quote.data),
            )
            db.session.commit()
            return redirect(url_for("improvement.survey_answered", key=key))
    page = render_template(
        "improvement/surveys/answer.html", form=form, place=place, template=template
    )
    return page, form.status


def _ended(place: SurveyedPlace, *, is_over: bool) -> Answer:
    """Say why the link takes no answer, what the place said, and what was entered just now."""
    stands: list[tuple[str, str]] = []
    if not is_over:
        template, counts = template_of(place.survey), counts_of(place.survey_id)
        stands = answer_given(template, counts.get(place.id, {}))
        stands += [(template.open_question, words) for words in words_at(place)]
    texts = texts_sent() if request.method == "POST" else []
    page = render_template(
        "improvement/surveys/ended.html", place=place, is_over=is_over, stands=stands, texts=texts
    )
    return page, 409 if texts else 200


def _dead() -> Answer:
    return render_template("improvement/surveys/ended.html", place=None), 404


@blueprint.get("/improvement/answer/<key>/thanks")
@public
def survey_answered(key: str) -> Answer:
    """Thank whoever answered, and say what happens next."""
    place = place_asked(place_behind(key))
    return render_template("improvement/surveys/thanks.html", place=place) if place else _dead()
