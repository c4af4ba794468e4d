"""A driver shows its measures over time, and a measure leads back to its driver."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.errors import Conflict, Forbidden
from portal.improvement.models import Diagram, ImprovementMeasure, Node
from portal.improvement.queries.joining import charts_of
from portal.improvement.services import joining
from portal.improvement.services.copying import copy_diagram
from tests.cast import Cast, Person
from tests.improvement import makers, plotting
from tests.pages import PageClient

As = Callable[[Person], PageClient]
Joined = tuple[Diagram, Node, ImprovementMeasure]


@pytest.fixture
def joined(session: Session, cast: Cast) -> Joined:
    """A public diagram with a change idea, of which a measure of every network tells."""
    of = makers.programme(by=cast.national, is_public=True)
    shown = makers.diagram(by=cast.national, of=of)
    idea = makers.node("Huddle", into=shown, by=cast.national, idea=True)
    measure = plotting.measure(of=of, by=cast.national)
    plotting.counted([(30, 40)] * 6 + [(40, 40)] * 8, of=measure, by=cast.hin)
    joining.join(node=idea, measure=measure, by=cast.national.actor)
    return shown, idea, measure


def test_a_driver_shows_its_chart_and_the_chart_leads_back(
    joined: Joined, cast: Cast, as_: As
) -> None:
    shown, idea, measure = joined
    node = f"/improvement/drivers/{idea.id}"
    browser = as_(cast.hin)
    assert "No longer" in as_(cast.national).get(f"/improvement/measures/{measure.id}").text
    page = browser.get(node).text
    assert f"chart-{measure.id}" in page
    assert "100%" in page
    assert "Special cause: improving" in page
    for of in (f"diagrams/{shown.id}", f"programmes/{shown.programme_id}"):
        assert "Special cause: improving" in browser.get(f"/improvement/{of}").text, of
    assert "1 improving" in browser.get("/improvement").text
    back = browser.get(f"/improvement/measures/{measure.id}").text
    assert f'<a href="{node}">Huddle</a>' in back


def test_whoever_reads_no_charts_sees_none(joined: Joined, client: PageClient) -> None:
    shown, idea, measure = joined
    of = (f"drivers/{idea.id}", f"diagrams/{shown.id}", f"programmes/{shown.programme_id}")
    for address in of:
        page = client.get(f"/improvement/{address}")
        assert page.status_code == 200
        assert measure.name not in page.text
        assert "special cause" not in page.text.lower()


def test_cycles_stand_on_the_chart_of_their_own_network(
    joined: Joined, cast: Cast, as_: As
) -> None:
    shown, idea, measure = joined
    team = makers.team(of=shown.programme, by=cast.hin, node=idea)
    cycle = makers.cycle(of=team, about=idea, by=cast.hin)
    address = f"/improvement/measures/{measure.id}?place="
    page = as_(cast.ics).get(f"{address}HI-WM").text
    assert f"/improvement/teams/{team.id}/cycles/{cycle.id}" in page
    assert "Marked on the chart" in page
    for place in ("HI-MAN", "england"):
        assert "Marked on the chart" not in as_(cast.ics).get(f"{address}{place}").text


def test_a_measure_is_chosen_defined_and_let_go(joined: Joined, cast: Cast, as_: As) -> None:
    shown, idea, _ = joined
    own = plotting.measure("Our own count", of=shown.programme, by=cast.hin)
    browser, node = as_(cast.hin), f"/improvement/drivers/{idea.id}"
    offered = browser.get(f"{node}/charts/new").text
    assert "Our own count" in offered
    assert f"/improvement/measures/new?driver={idea.id}" in offered
    assert "Magnesium" not in offered
    browser.post(f"{node}/charts/new", data={"measure": str(own.id)})
    assert [one.name for one in charts_of([idea.id])[idea.id]][-1] == "Our own count"
    page = browser.post(f"{node}/charts/{own.id}/remove", follow_redirects=True)
    assert "It tells of it no longer" in page.text
    assert len(charts_of([idea.id])[idea.id]) == 1


def test_a_measure_defined_for_a_driver_tells_of_it(joined: Joined, cast: Cast, as_: As) -> None:
    _, idea, _ = joined
    data = plotting.DEFINITION | {"programme": str(idea.diagram.programme_id)}
    page = as_(cast.national).post(f"/improvement/measures/new?driver={idea.id}", data=data)
    assert page.status_code == 302, page.text
    assert "Huddles held" in [one.name for one in charts_of([idea.id])[idea.id]]


def test_another_network_and_a_second_time_are_refused(joined: Joined, cast: Cast) -> None:
    _, idea, measure = joined
    with pytest.raises(Conflict):
        joining.join(node=idea, measure=measure, by=cast.national.actor)
    for person in (cast.hin, cast.ics, cast.innovator):
        with pytest.raises(Forbidden):
            joining.join(node=idea, measure=measure, by=person.actor)


def test_a_copy_keeps_the_measures_that_its_network_may_count(joined: Joined, cast: Cast) -> None:
    shown, idea, measure = joined
    theirs = plotting.measure("Theirs", of=shown.programme, by=cast.other_hin)
    joining.join(node=idea, measure=theirs, by=cast.other_hin.actor)
    copy = copy_diagram(diagram=shown, name="Here", by=cast.hin.actor)
    found = charts_of([makers.leaf(copy.id)])
    assert [one.id for one in found[makers.leaf(copy.id)]] == [measure.id]
