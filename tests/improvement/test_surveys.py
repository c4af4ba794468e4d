"""Surveys of places: begun and closed by a network, answered by link, shown without few people."""

import re
from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.clock import clock_at, now, today
from portal.db import Base, db
from portal.errors import Conflict, Forbidden, Invalid
from portal.figures.rules import Period, RowsQuery
from portal.improvement.models import SiteSurvey, SurveyCount, SurveyedPlace, SurveyWords
from portal.improvement.queries.figure_counts import count, rows_behind
from portal.improvement.queries.surveys import counts_of, place_asked, responses_of, words_said
from portal.improvement.rules.figures import SURVEYED
from portal.improvement.rules.survey_templates import ASSESSMENT, CULTURE, TEMPLATES
from portal.improvement.rules.surveys import said_at, said_everywhere
from portal.improvement.serialise.surveys import key_of, place_behind
from portal.improvement.services import surveys
from portal.programmes.rules.numbers import disclosed
from portal.reference.models import Site, SiteKind
from portal.reference.rules import Quarter
from tests.accounts.test_used_once import at_once, house
from tests.cast import Cast, Person
from tests.improvement import makers
from tests.makers import put
from tests.pages import PageClient, opened

__all__ = ["house"]
As = Callable[[Person], PageClient]


def site(code: str = "A10001", name: str = "Rowan House") -> Site:
    return put(Site(code=code, name=name, kind=SiteKind.CARE_HOME))


def link(place: SurveyedPlace) -> str:
    return f"/improvement/answer/{key_of(place.id)}"


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=list(TEMPLATES))
def test_templates_are_whole(template: object) -> None:
    codes = [one.code for one in template.questions]  # type: ignore[attr-defined]
    assert len(codes) == len(set(codes))
    assert max(len(one.short) for one in template.questions) <= 26  # type: ignore[attr-defined]
    assert 0 < template.good < len(template.answers)  # type: ignore[attr-defined]
    assert "patient" not in template.open_question.lower()  # type: ignore[attr-defined]


def test_a_lead_holds_a_survey_of_the_places_of_its_teams(
    session: Session, cast: Cast, as_: As
) -> None:
    diagram = makers.diagram(by=cast.national)
    makers.team(of=diagram.programme, by=cast.hin, site=site())
    session.commit()
    lead, path = as_(cast.hin), "/improvement/surveys/new"
    sent = {
        "template": CULTURE.code,
        "programme": diagram.programme_id,
        "name": "Is it safe here?",
        "asks_teams": "yes",
        **makers.day("closes_on", today() + timedelta(days=9)),
    }
    assert "Enter what the survey is called" in lead.post(path, data={**sent, "name": ""}).text
    past = makers.day("closes_on", today() - timedelta(days=1))
    assert "must be today or in the future" in lead.post(path, data={**sent, **past}).text
    page = lead.get(lead.post(path, data=sent).location).text
    assert "Rowan House" in page
    assert "0 of 1 places answered" in page
    (answer,) = re.findall(r'href="(/improvement/answer/[^"]+)"', page)
    assert "Is it safe here?" in as_(cast.national).get("/improvement/surveys").text
    other = as_(cast.other_hin).get("/improvement/surveys").text
    assert "Is it safe here?" in other
    assert answer not in other
    assert as_(cast.ics).post(path, data=sent).status_code == 403


def test_whoever_opens_the_link_answers_without_an_account(
    session: Session, cast: Cast, client: PageClient, as_: As
) -> None:
    survey = makers.survey(of=makers.programme(by=cast.national), by=cast.hin)
    place = makers.asked(survey, site(), by=cast.hin)
    session.commit()
    assert "Rowan House" in client.get(link(place)).text
    assert "Answer at least one question" in client.post(link(place), data={}).text
    words = {"speak": "3", "open_words": "Two more at night"}
    refused = client.post(link(place), data=words).text
    assert "Tick that they may be quoted" in refused
    assert "Two more at night" in refused
    number = {**words, "may_quote": "y", "open_words": "Ask 943 476 5919"}
    assert "must not contain an NHS number" in client.post(link(place), data=number).text
    assert responses_of(survey.id) == {}
    sent = client.post(link(place), data={**words, "may_quote": "y"})
    assert "Your answer is counted" in client.get(sent.location).text
    assert client.post(link(place), data={"speak": "0"}).status_code == 302
    assert responses_of(survey.id) == {place.id: 2}
    assert counts_of(survey.id)[place.id] == {("speak", 3): 1, ("speak", 0): 1}
    (said,) = session.scalars(select(SurveyWords)).all()
    assert (said.words, said.place_id) == ("Two more at night", None)
    assert words_said(survey) == ()  # two people: nobody reads it yet
    assert client.get("/improvement/answer/nobodys").status_code == 404
    page = as_(cast.hin).get(f"/improvement/surveys/{survey.id}").text
    assert "1 to 7 people answered" in page
    assert "Two more at night" not in page


def test_nothing_is_shown_before_it_is_closed_and_nothing_of_few_after(
    session: Session, cast: Cast, client: PageClient, as_: As
) -> None:
    survey = makers.survey(of=makers.programme(by=cast.national), by=cast.hin)
    first = makers.asked(survey, site(), by=cast.hin)
    second = makers.asked(survey, site("A10002", "Alder House"), by=cast.hin)
    makers.answered(first, 9)
    makers.answered(first, 8, answer=1)
    makers.answered(second, 3, answer=4, words="More light", may_quote=True)
    session.commit()
    lead, path = as_(cast.hin), f"/improvement/surveys/{survey.id}"
    assert "What was said" not in (page := lead.get(path).text).replace("What was said is", "")
    assert "about 15 people" in page
    assert lead.get(f"{path}/answers.csv").status_code == 404
    assert as_(cast.other_hin).post(f"{path}/close").status_code == 403
    assert lead.post(f"{path}/close").status_code == 302
    page = lead.get(path).text
    assert "10 of 20 (50%)" in page  # together: 12 of 20, rounded
    assert "10 of 15 (67%)" in page  # Rowan House: 9 of 17
    assert "“More light”" in page
    other = as_(cast.other_hin).get(path).text
    assert "10 of 20 (50%)" in other
    assert "Rowan House" not in other
    assert "More light" not in other
    mine, theirs = lead.get(f"{path}/answers.csv").text, as_(cast.ics).get(f"{path}/answers.csv")
    assert "Alder House,A10002,1 to 7" in mine
    assert "Rowan House" not in theirs.text
    assert "takes no more answers" in client.get(link(first)).text
    assert lead.post(f"{path}/close").status_code == 409
    with pytest.raises(Conflict):
        makers.answered(first)


def test_no_place_of_few_follows_from_all_places_together() -> None:
    few = [{("speak", 3): 7}] * 4
    together = said_everywhere(CULTURE, few)[0]
    assert together.share is not None
    assert together.share.part != disclosed(28)  # 30 could only be four times 7
    assert said_at(CULTURE, few[0])[0].words == "Not shown"
    assert said_everywhere(CULTURE, [{}])[0].words == "Not shown"


def test_a_place_answers_an_assessment_once_for_itself(
    session: Session, cast: Cast, client: PageClient, as_: As
) -> None:
    programme = makers.programme(by=cast.national)
    survey = makers.survey(of=programme, by=cast.hin, template=ASSESSMENT)
    place = makers.asked(survey, site(), by=cast.hin)
    makers.asked(survey, site("A10002", "Alder House"), by=cast.hin)
    session.commit()
    page = client.post(link(place), data={"signs": "3"}).text
    assert "Select how far" in page
    given = {one.code: "3" for one in ASSESSMENT.questions}
    told = {**given, "open_words": "A second thermometer", "may_quote": "y"}
    tab = opened(client.get(link(place)).text)
    assert client.post(link(place), data=told).status_code == 302
    assert "has answered" in client.get(link(place)).text
    other = {**given, "signs": "0", "open_words": "From a second tab", "opened": tab}
    second = client.post(link(place), data=other)
    assert second.status_code == 409
    entered, stands = second.text.split("What Rowan House answered")
    assert "From a second tab" in entered
    assert ASSESSMENT.answers[0] in entered
    assert "A second thermometer" in stands
    assert ASSESSMENT.answers[0] not in stands
    with pytest.raises(Conflict, match="answered already"):
        makers.answered(place)
    lead, path = as_(cast.hin), f"/improvement/surveys/{survey.id}"
    assert "Let it answer again" in lead.get(path).text
    assert lead.post(f"{path}/places/{place.id}/again").status_code == 302
    assert responses_of(survey.id) == {}
    assert client.post(link(place), data=told).status_code == 302
    lead.post(f"{path}/close")
    page = lead.get(path).text
    assert "9 of 9 answers of places are “everywhere”" in page
    assert "“A second thermometer”, Rowan House" in page


def test_only_who_holds_it_changes_it_and_only_while_it_is_open(
    session: Session, cast: Cast
) -> None:
    survey = makers.survey(of=makers.programme(by=cast.national), by=cast.hin)
    place = makers.asked(survey, site(), by=cast.hin)
    by, later = cast.hin.actor, today() + timedelta(days=30)
    with pytest.raises(Forbidden):
        surveys.ask_place(survey=survey, site=place.site, by=cast.other_hin.actor)
    with pytest.raises(Invalid, match="stays as it is"):
        surveys.ask_again(place=place, by=by)
    before = today() - timedelta(days=1)
    with pytest.raises(Invalid, match="in the future"):
        surveys.move_end(survey=survey, version=survey.version, closes_on=before, by=by)
    surveys.move_end(survey=survey, version=survey.version, closes_on=later, by=by)
    with pytest.raises(Conflict):
        surveys.move_end(survey=survey, version=1, closes_on=later, by=by)
    with clock_at(now() + timedelta(days=31)), pytest.raises(Conflict, match="closed"):
        surveys.move_end(survey=survey, version=survey.version, closes_on=later, by=by)
    with pytest.raises(Forbidden):
        makers.survey(of=survey.programme, by=cast.national)


def test_places_that_answered_are_a_figure_with_their_rows(session: Session, cast: Cast) -> None:
    programme = makers.programme(by=cast.national)
    home = site()
    for name in ("Spring", "Autumn"):
        place = makers.asked(makers.survey(of=programme, by=cast.hin, name=name), home, by=cast.hin)
        makers.answered(place, 2)
    makers.asked(makers.survey(of=programme, by=cast.hin), site("A1", "Silent"), by=cast.hin)
    period = Period(Quarter.of(today()), today(), None)
    found = {
        (one.hin_id, one.group): one.value for one in count(period) if one.code == SURVEYED.code
    }
    assert found[None, CULTURE.code] == found[cast.hin.actor.hin_id, CULTURE.code] == 1
    rows = rows_behind(RowsQuery(SURVEYED, period, None, "")).rows
    assert [row[0] for row in rows] == ["Rowan House", "Rowan House"]


def test_no_column_says_who_answered(app: Flask) -> None:
    tables = [
        table for table in Base.metadata.sorted_tables if table.name.startswith("site_survey_")
    ]
    keys = {key.column.table.name for table in tables for key in table.foreign_keys}
    assert keys == {"site_survey", "site_survey_place", "site"}


def test_of_many_who_answer_at_once_each_is_counted_and_a_place_once(house: Flask) -> None:
    with house.app_context():
        cast = Cast()
        programme = makers.programme(by=cast.national)
        home = site()
        ids = [
            makers.asked(
                makers.survey(of=programme, by=cast.hin, template=one), home, by=cast.hin
            ).id
            for one in (CULTURE, ASSESSMENT)
        ]
        db.session.commit()
        survey_id, by = db.session.get_one(SurveyedPlace, ids[0]).survey_id, cast.hin.actor

    def answering(place_id: int) -> Callable[[], object]:
        def answer() -> object:
            place = place_asked(place_id)
            assert place is not None
            makers.answered(place)
            db.session.commit()
            return True

        return answer

    got = at_once(house, *[answering(ids[0]) for _ in range(4)])
    assert got == [True] * 4
    got = at_once(house, *[answering(ids[1]) for _ in range(4)])
    assert sum(isinstance(one, Conflict) for one in got) == 3, got
    with house.app_context():
        people = [
            db.session.scalar(
                select(func.sum(SurveyCount.people)).where(
                    SurveyCount.place_id == number, SurveyCount.question == code
                )
            )
            for number, code in ((ids[0], "speak"), (ids[1], "signs"))
        ]
        assert people == [4, 1]
        assert place_behind(key_of(ids[0])) == ids[0]

    closed = Event()

    def close() -> object:
        surveys.close_survey(survey=db.session.get_one(SiteSurvey, survey_id), by=by)
        closed.set()  # and its transaction goes on for a moment
        return True

    def answer_late() -> object:
        assert closed.wait(30)
        place = place_asked(ids[0])
        assert place is not None
        makers.answered(place)
        return True

    done, late = at_once(house, close, answer_late)
    assert done is True
    assert isinstance(late, Conflict), "one more answer would tell itself by the difference"
