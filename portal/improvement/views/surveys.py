"""Surveys that a network holds at places: begun, asked, closed, read."""

from collections.abc import Sequence

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import id_from
from portal.errors import Conflict, Forbidden, NotFound
from portal.improvement import policy
from portal.improvement.charts import surveys as charts
from portal.improvement.forms import surveys as forms
from portal.improvement.models import SiteSurvey, SurveyedPlace
from portal.improvement.queries.programmes import parts_of_all, safety_programmes
from portal.improvement.queries.surveys import (
    counts_of,
    place_asked,
    places_of,
    responses_of,
    survey_for,
    template_of,
    words_said,
)
from portal.improvement.queries.surveys import surveys as found_surveys
from portal.improvement.rules.survey_templates import TEMPLATES
from portal.improvement.rules.surveys import QuestionResult, people_words, said_at, said_everywhere
from portal.improvement.serialise.surveys import HEADER, key_of, survey_rows
from portal.improvement.services import surveys as services
from portal.improvement.views import blueprint
from portal.improvement.views.steps import reader, show
from portal.programmes.queries import programme_for
from portal.reference.queries.sites import site_by_code
from portal.web.downloads import list_file
from portal.web.paging import cut, page_number
from portal.web.steps import BOTH, Answer, done

SURVEY = "/improvement/surveys/<int:survey_id>"
PER_PAGE = 20


@blueprint.get("/improvement/surveys")
def surveys() -> str:
    """List the surveys, the newest first."""
    actor = reader()
    programme_id = id_from(request.args.get("programme", ""))
    ids = parts_of_all().get(programme_id) if programme_id else None
    return render_template(
        "improvement/surveys/index.html",
        page=cut(found_surveys(programme_ids=ids), page_number(request.args), PER_PAGE),
        programme_id=programme_id,
        programmes=safety_programmes(actor),
        may_begin=policy.can_recruit(actor),
        day=today(),
    )


@blueprint.route("/improvement/surveys/new", methods=BOTH)
def begin_survey() -> Answer:
    """Begin a survey of one's own network."""
    actor = reader()
    if not policy.can_recruit(actor):
        raise Forbidden("People of a network hold surveys.")
    form = forms.SurveyForm(data={"programme": id_from(request.args.get("programme", ""))})
    form.programme.choices = [(one.id, one.name) for one in safety_programmes(actor)]
    if form.is_submitted_and_valid():
        with form.refusals():
            survey = services.begin_survey(
                programme=programme_for(actor, form.programme.data),
                template=TEMPLATES[form.template.data],
                name=form.name.data,
                closes_on=form.closes_on.data,
                asks_teams=form.asks_teams.data,
                by=actor,
            )
            return done("The survey is open.", _address(survey))
    back = (url_for("improvement.surveys"), "Back to surveys")
    return show(form, "Begin a survey", "Begin", back=back)


def _address(survey: SiteSurvey) -> str:
    return url_for("improvement.survey", survey_id=survey.id)


@blueprint.get(SURVEY)
def survey(survey_id: int) -> str:
    """Show a survey: while it is open who is asked, by their links; then what they said."""
    actor = reader()
    found = survey_for(actor, survey_id)
    template, is_open = template_of(found), found.is_open_on(today())
    places, responses = _places(found), responses_of(found.id)
    said = _together(found)
    named = [one for one in places if responses.get(one.id)] if not is_open else []
    counts = counts_of(found.id) if named else {}
    return render_template(
        "improvement/surveys/show.html",
        survey=found,
        template=template,
        is_open=is_open,
        places=places,
        answered=sum(one.is_answered for one in places_of(found.id)),
        asked=len(places_of(found.id)),
        responses={one.id: people_words(responses.get(one.id, 0), template) for one in places},
        everybody=people_words(sum(responses.values()), template),
        key_of=key_of,
        said=said,
        agreed=charts.agreed(template, said) if template.asks_people else None,
        progress=None if template.asks_people else charts.progress(template, said),
        by_place=[(one, said_at(template, counts.get(one.id, {}))) for one in named],
        words=words_said(found) if named else (),
        may_hold=policy.can_hold_survey(actor, found),
    )


def _places(found: SiteSurvey) -> Sequence[SurveyedPlace]:
    """Return the places that the reader may see by name."""
    return places_of(found.id) if policy.can_read_places(current_actor(), found) else ()


def _together(found: SiteSurvey) -> list[QuestionResult]:
    """Return what was said at all places together; nothing while the survey is open."""
    if found.is_open_on(today()):
        return []
    return said_everywhere(template_of(found), list(counts_of(found.id).values()))


@blueprint.get(f"{SURVEY}/answers.<any(csv, xlsx):kind>")
def survey_file(survey_id: int, kind: str) -> Response:
    """Return what was said as a file, once the survey is closed."""
    found = survey_for(reader(), survey_id)
    if found.is_open_on(today()):
        raise NotFound("What was said is shown when the survey is closed.")
    responses = responses_of(found.id)
    rows = survey_rows(
        template_of(found), _together(found), _places(found), counts_of(found.id), responses
    )
    return list_file(f"survey-{found.id}", kind, HEADER, rows, {"Survey": found.name})


def _held(survey_id: int) -> SiteSurvey:
    actor = reader()
    found = survey_for(actor, survey_id)
    if not policy.can_hold_survey(actor, found):
        raise Forbidden("The network that holds a survey changes it.")
    if not found.is_open_on(today()):
        raise Conflict(services.CLOSED)
    return found


@blueprint.route(f"{SURVEY}/places/new", methods=BOTH)
def ask_place(survey_id: int) -> Answer:
    """Ask one more place."""
    found, form = _held(survey_id), forms.PlaceForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.ask_place(survey=found, site=site_by_code(form.site.data), by=current_actor())
            return done("The place is asked: give it its link.", _address(found))
    back = (_address(found), "Back to the survey")
    return show(form, "Ask a place", "Ask", back=back)


@blueprint.route(f"{SURVEY}/end", methods=BOTH)
def move_end(survey_id: int) -> Answer:
    """Move the last day."""
    found = _held(survey_id)
    form = forms.EndForm(obj=found)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.move_end(
                survey=found,
                version=form.version.data or 0,
                closes_on=form.closes_on.data,
                by=current_actor(),
            )
            return done("The last day is moved.", _address(found))
    back = (_address(found), "Back to the survey")
    return show(form, "Move the last day", "Save", back=back)


@blueprint.post(f"{SURVEY}/close")
def close_survey(survey_id: int) -> Answer:
    """Close a survey for good."""
    found = _held(survey_id)
    services.close_survey(survey=found, by=current_actor())
    return done("The survey is closed: this is what was said.", _address(found))


@blueprint.post(f"{SURVEY}/places/<int:place_id>/again")
def ask_again(survey_id: int, place_id: int) -> Answer:
    """Let a place that answered for itself answer anew."""
    found, place = _held(survey_id), place_asked(place_id)
    if place is None or place.survey_id != found.id or template_of(found).asks_people:
        raise NotFound("There is no such place in this survey.")
    services.ask_again(place=place, by=current_actor())
    return done("The place can answer again, by the same link.", _address(found))
