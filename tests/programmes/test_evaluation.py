"""Evaluation programmes: interventions mapped to priorities, syntheses with state and result."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import today
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid, Outdated
from portal.programmes.models import (
    Intervention,
    Programme,
    ProgrammeKind,
    Synthesis,
    SynthesisResult,
    SynthesisState,
)
from portal.programmes.queries.evaluation import by_priority, numbers_of
from portal.programmes.services import evaluation
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.programmes import makers
from tests.statements import Statements

As = Callable[[Person], PageClient]


@pytest.fixture
def programme(session: Session, cast: Cast) -> Programme:
    """A public programme of evaluations."""
    return makers.programme(
        "Insights", by=cast.national, is_public=True, kind=ProgrammeKind.EVALUATION
    )


def test_interventions_are_counted_by_priority_and_by_what_is_done(
    programme: Programme, cast: Cast
) -> None:
    remote, staff = (
        evaluation.add_priority(programme=programme, name=name, by=cast.national.actor)
        for name in ("Remote care", "Staff")
    )
    both = makers.intervention(of=programme, by=cast.hin, priorities=[remote, staff])
    makers.intervention("Phone first", of=programme, by=cast.other_hin, priorities=[remote])
    makers.intervention("Unmapped", of=programme, by=cast.national)
    for title in ("First", "Second"):
        one = makers.synthesis(title, of=both, by=cast.hin)
        evaluation.save_synthesis(
            intervention=both,
            synthesis=one,
            version=1,
            title=title,
            state=SynthesisState.DONE,
            result=SynthesisResult.PROMISING,
            done_on=today(),
            by=cast.hin.actor,
        )
    assert by_priority(programme.id) == [("Remote care", 2, 1), ("Staff", 1, 1)]
    assert numbers_of(programme.id) == (3, 2)


def test_what_is_done_has_a_result_and_its_day(programme: Programme, cast: Cast) -> None:
    row = makers.synthesis(of=makers.intervention(of=programme, by=cast.hin), by=cast.hin)
    change = {"intervention": row.intervention, "synthesis": row, "title": "What is known"}
    done = {**change, "state": SynthesisState.DONE, "by": cast.hin.actor}
    with pytest.raises(Invalid, match="what the evidence says"):
        evaluation.save_synthesis(**done, version=1)
    with pytest.raises(Invalid, match="the day"):
        evaluation.save_synthesis(**done, version=1, result=SynthesisResult.WORKS)
    evaluation.save_synthesis(**done, version=1, result=SynthesisResult.WORKS, done_on=today())
    with pytest.raises(Outdated):
        evaluation.save_synthesis(**done, version=1, result=SynthesisResult.WORKS, done_on=today())
    stopped = {**change, "state": SynthesisState.STOPPED, "by": cast.national.actor}
    evaluation.save_synthesis(**stopped, version=row.version, result=SynthesisResult.WORKS)
    assert row.result is row.done_on is None, "only what is done says something"


def test_a_network_changes_what_it_found_alone(programme: Programme, cast: Cast) -> None:
    row = makers.intervention(of=programme, by=cast.hin)
    other = makers.intervention("Phone first", of=programme, by=cast.other_hin)
    with pytest.raises(Forbidden):
        makers.intervention(of=programme, by=cast.other_hin, intervention=row, version=1)
    with pytest.raises(Forbidden):
        makers.synthesis(of=row, by=cast.other_hin)
    with pytest.raises(Forbidden):
        evaluation.add_priority(programme=programme, name="Staff", by=cast.hin.actor)
    with pytest.raises(Conflict):
        makers.intervention(of=programme, by=cast.other_hin)
    with pytest.raises(Conflict):
        makers.intervention(of=programme, by=cast.other_hin, intervention=other, version=1)
    assert other.name == "Phone first"


def test_it_is_all_done_on_pages(programme: Programme, cast: Cast, as_: As) -> None:
    path = f"/programmes/{programme.id}/evaluation"
    nation, network = as_(cast.national), as_(cast.hin)
    assert nation.post(f"{path}/priorities/new", data={"name": "Remote care"}).status_code == 302
    priority = db.session.scalar(select(evaluation.EvaluationPriority.id))
    sent = {"version": 0, "name": "Virtual wards", "priorities": priority, "source": "A review"}
    assert network.post(f"{path}/interventions/new", data=sent).status_code == 302
    row = db.session.scalars(select(Intervention)).one()
    assert [one.name for one in row.priorities] == ["Remote care"]
    said = {"version": 0, "title": "What is known", "state": "done", "result": "works"}
    to = f"{path}/interventions/{row.id}/syntheses/new"
    assert "Enter the day" in network.post(to, data=said).get_data(as_text=True)
    day = today()
    when = {"done_on-day": day.day, "done_on-month": day.month, "done_on-year": day.year}
    assert network.post(to, data={**said, **when}).status_code == 302
    assert db.session.scalars(select(Synthesis)).one().result is SynthesisResult.WORKS
    counted = Statements(db.engine)
    with counted.at_most(20):
        page = as_(cast.innovator).get(path).get_data(as_text=True)
    counted.stop()
    assert "1 intervention and 1 synthesis that is done" in " ".join(page.split())
    assert "evidence that it works" in page
    assert "Add an intervention" not in page
    fits = network.get(f"{path}?synthesis=planned").get_data(as_text=True)
    assert "Nothing fits" in fits
    file = network.get(f"{path}/download.csv").get_data(as_text=True)
    assert "What is known: evidence that it works" in file
