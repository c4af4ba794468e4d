"""The improvement page of a programme: its aim, its diagram, sites, teams, engagement, cycles."""

from flask import render_template

from portal.accounts.session import current_actor
from portal.clock import today
from portal.figures.views.strangers import for_strangers
from portal.improvement import policy
from portal.improvement.charts import shares as charts
from portal.improvement.charts.cards import cards_of
from portal.improvement.queries.diagrams import diagram_of, measures_of, records_of, states_of
from portal.improvement.queries.engagement import engaged_in, kinds, networks
from portal.improvement.queries.lessons import newest_lessons
from portal.improvement.queries.measures import measures_of as measures_over_time
from portal.improvement.queries.programmes import parts_of_all
from portal.improvement.queries.spread import spread_of_nodes
from portal.improvement.queries.teams import cycles_of, stayed, taking_part, teams_on
from portal.improvement.rules.drawing import drawings
from portal.improvement.rules.outline import nodes, outline
from portal.improvement.rules.teams import decisions
from portal.improvement.views import blueprint
from portal.programmes.models import Programme
from portal.programmes.queries import programme_for
from portal.programmes.queries.aims import states_of as aims_of
from portal.reference.rules import Quarter
from portal.web.access import public

LESSONS = 3


@blueprint.get("/improvement/programmes/<int:programme_id>")
@public
@for_strangers
def programme(programme_id: int) -> str:
    """Show how a programme improves care; who tests and who is engaged is for staff and ICSs."""
    actor, on = current_actor(), today()
    found = programme_for(actor, programme_id)
    diagram = diagram_of(found.id)
    aims = outline(states_of(diagram.id), on) if diagram else []
    branches = nodes(aims)
    records = records_of(diagram.id, on, actor) if diagram else {}
    reads = policy.can_read(actor)
    return render_template(
        "improvement/programme.html",
        programme=found,
        diagram=diagram,
        aims=aims,
        states=[one for one in aims_of(found.id, on) if not one.aim.replaced_by_id],
        pictures=drawings(aims),
        primary=[one for one in branches if one.depth == 1],
        measures=measures_of(diagram.id, on) if diagram else {},
        stages=charts.stages(spread := spread_of_nodes(branches, records, on)),
        spread_rows=spread,
        reads=reads,
        may_begin=policy.can_edit_diagram(actor, found),
        may_recruit=policy.can_recruit(actor),
        may_write=policy.can_write(actor),
        on=on,
        quarter=Quarter.of(on),
        **(_for_staff(found) if reads else {}),
    )


def _for_staff(found: Programme) -> dict[str, object]:
    """Return what is for people of networks and ICSs: of the programme and all its parts."""
    on = today()
    ids = parts_of_all()[found.id]
    quarter = Quarter.of(on)
    teams = teams_on(on, programme_ids=ids)
    cycles = cycles_of(programme_ids=ids)
    return {
        "cards": cards_of(measures_over_time(current_actor(), ids), current_actor()),
        "teams": taking_part(teams),
        "stayed": stayed(teams),
        "participation": charts.participation(stayed(teams)),
        "cycles": cycles,
        "decided": decisions(cycles),
        "engaged": engaged_in(quarter, kinds(ids)),
        "networks": networks(ids),
        "lessons": newest_lessons(LESSONS, programme_ids=ids),
    }
